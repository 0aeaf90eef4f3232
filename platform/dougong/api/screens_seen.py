"""Forms and views of an app in, the same without what somebody does not see out: inputs, columns, and whole views that filter by it."""

from collections.abc import Mapping
from typing import Any

from dougong.model.app_model import AppModel
from dougong.model.definition import FormDefinition, ViewDefinition
from dougong.model.resolve_expressions import scope_of
from engines.dataset.paths import path_of
from engines.entity.entity import Entity
from engines.expression.check import text_to_typed

Json = dict[str, Any]


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
