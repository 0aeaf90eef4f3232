"""Forms and views of an app in, the same without what somebody does not see out: inputs, columns, and whole views that filter by it."""

from collections.abc import Callable, Mapping
from typing import Any

from dougong.model.app_model import AppModel
from dougong.model.definition import FormDefinition, ViewDefinition
from dougong.model.resolve_expressions import scope_of
from engines.dataset.paths import path_of
from engines.entity.entity import ORGANIZATION, SYSTEM_TYPES, Entity, Formula
from engines.expression.check import text_to_typed

Json = dict[str, Any]
_USERS = ("created_by", "updated_by")


def known_paths(model: AppModel, entity: Entity) -> Callable[[Formula | None], bool]:
    """Return what says whether an expression over a record reads only what is there in an app as somebody sees it."""

    def is_known(formula: Formula | None) -> bool:
        return formula is None or all(_is_there(model, entity, path) for path in formula.reads)

    return is_known


def _is_there(model: AppModel, entity: Entity, path: tuple[str, ...]) -> bool:
    """Whether somebody sees every field on a path from an entity on."""
    here: Entity | None = entity
    for key in path:
        if here is None:
            return True  # one of several entities: what is behind it is looked at when it is read
        if key.startswith("@"):
            here = model.entity(key[1:])
            continue
        field, inverse = here.fields.get(key), here.inverses.get(key)
        if field is None and inverse is None and key not in SYSTEM_TYPES and not (key == "parent" and here.parent is not None):
            return False
        if field is not None and field.is_masked:
            return False
        to = None if field is None else field.lines or field.target
        if field is None:
            to = inverse.source if inverse is not None else here.parent if key == "parent" else f"{ORGANIZATION}.user" if key in _USERS else None
        here = None if to is None else model.entity(here.everywhere(to))
    return True


def view_seen(model: AppModel, view: ViewDefinition) -> Json | None:
    """Return a view with the columns that are there; None where it has none left or filters by what is not there."""
    entity = model.entities[view.entity]
    columns = [column for column in view.columns if path_of(entity, column.key, model.entity) is not None]
    if not columns or (view.filter and text_to_typed(view.filter, scope_of(model, entity, of_filters=True)).tree is None):
        return None
    sort = [one for one in view.sort if (path := path_of(entity, one.key, model.entity)) is not None and not path.is_list]
    shown = view.model_dump(exclude_none=True, exclude={"offered_to"})
    return {**shown, "columns": [one.model_dump(exclude_none=True) for one in columns], "sort": [one.model_dump(exclude_none=True) for one in sort]}


def form_seen(model: AppModel, form: FormDefinition) -> Json:
    """Return a form with the inputs whose fields are there; sections without any go."""
    entity = model.entities[form.entity]
    shown = form.model_dump(exclude_none=True, exclude={"offered_to"})
    nodes = [_node(model, entity, node) for node in shown["nodes"]]
    return {**shown, "nodes": [node for node in nodes if node is not None]}


def _node(model: AppModel, entity: Entity, node: Mapping[str, Any]) -> Json | None:
    if "nodes" in node:
        inner = [found for one in node["nodes"] if (found := _node(model, entity, one)) is not None]
        return {**node, "nodes": inner} if inner or not node["nodes"] else None
    field = entity.fields.get(node.get("field", ""))
    if node.get("kind") != "input":
        return dict(node)
    if field is None:
        return None
    if field.lines is None or "columns" not in node:
        return dict(node)
    rows = model.entities[field.lines].fields
    return {**node, "columns": [column for column in node["columns"] if column["key"] in rows]}
