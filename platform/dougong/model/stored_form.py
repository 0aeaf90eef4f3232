"""A document as an author sent it in, the same with every expression as it is stored out: keys in the place of labels."""

from collections.abc import Callable, Mapping
from typing import Any

from dougong.model.app_model import AppModel
from dougong.model.definition import AppDefinition
from dougong.model.parse import parse_definition
from dougong.model.resolve_expressions import FieldTypes
from dougong.model.resolve_fields import resolve_fields
from engines.expression.canonical import canonical
from engines.expression.check import text_to_typed

Node = Mapping[str, Any]
Rewrite = Callable[[str, object], object]


def stored_form(document: Mapping[str, Any], organization: AppModel | None) -> Mapping[str, Any]:
    """Return a document in which labels may change without an expression changing its meaning.

    A document whose shape is wrong is returned as it is, and so is an expression that cannot be read.
    """
    definition = parse_definition(document)
    if not isinstance(definition, AppDefinition):
        return document
    entities, _ = resolve_fields(definition, {}, organization)
    types = FieldTypes(entities, organization)

    def rewrite(owner: str, text: object) -> object:
        entity = types.entity(owner)
        if entity is None or not isinstance(text, str):
            return text
        return canonical(text, text_to_typed(text, types.scope(entity)).named)

    return {
        **document,
        **{name: [change(element, rewrite) for element in document[name]] for name, change in PARTS.items() if name in document},
    }


def _entity(entity: Node, rewrite: Rewrite) -> Node:
    key = entity.get("key", "")
    changed = dict(entity)
    if "fields" in entity:
        changed["fields"] = [_field(field, key, rewrite) for field in entity["fields"]]
    if entity.get("period_lock"):
        lock = entity["period_lock"]
        changed["period_lock"] = _with(lock, rewrite, lock.get("entity", ""), "closed")
    if "projections" in entity:
        changed["projections"] = [_projection(one, key, rewrite) for one in entity["projections"]]
    for name in ("rules", "guards"):
        if name in entity:
            changed[name] = [_with(rule, rewrite, key, "check") for rule in entity[name]]
    states = entity.get("states")
    if states:
        changed["states"] = {**states, "transitions": [_transition(one, rewrite, key) for one in states.get("transitions", [])]}
    return changed


def _field(field: Node, owner: str, rewrite: Rewrite) -> Node:
    changed = dict(_with(field, rewrite, owner, "formula", "default"))
    if "to" in field:
        changed = dict(_with(changed, rewrite, field["to"], "where"))
    if "fields" in field:
        changed["fields"] = [_field(inner, f"{owner}.{field['key']}", rewrite) for inner in field["fields"]]
    return changed


def _transition(transition: Node, rewrite: Rewrite, owner: str) -> Node:
    changed = dict(_with(transition, rewrite, owner, "when"))
    if "set" in transition:
        changed["set"] = {field: rewrite(owner, text) for field, text in transition["set"].items()}
    return changed


def _projection(projection: Node, owner: str, rewrite: Rewrite) -> Node:
    source = f"{owner}.{projection['rows']}" if projection.get("rows") else owner
    maps = {
        name: {key: rewrite(source, text) for key, text in projection[name].items()} for name in ("by", "add") if name in projection
    }
    return {**_with(projection, rewrite, projection.get("entity", ""), "guard"), **maps}


def _with(node: Node, rewrite: Rewrite, owner: str, *properties: str) -> Node:
    return {**node, **{name: rewrite(owner, node[name]) for name in properties if name in node}}



def _view(view: Node, rewrite: Rewrite) -> Node:
    return _with(view, rewrite, view.get("entity", ""), "filter")


PARTS: Mapping[str, Callable[[Node, Rewrite], Node]] = {"entities": _entity, "views": _view}
