"""An element of a document and the name of a property in, what the property holds out: an expression, keys of fields, a role, a plain value.

Everything that reads a document without resolving it goes by this table: what differs in words, and what uses what.
"""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal

from dougong.model.element_words import dicts, key_of
from engines.entity.field_kinds import FIELD_KINDS

Element = Mapping[str, Any]
PropertyKind = Literal[
    "expression", "expressions", "copy", "fields", "period", "entities", "states", "role", "roles", "view", "form", "kind", "order", "place", "values", "option", "seed",
    "plain",
]


Named = Callable[[list[Any], str], Element | None]
"""A list of elements and a key in, the element out."""


@dataclass(frozen=True, slots=True)
class Place:
    """Where properties stand: the list their element is in, the element, and the entity whose fields they speak of.

    pointer: of the element. states: the field that keeps the states of the entity. siblings: the elements of the list.
    """

    pointer: str
    name: str
    element: Element
    entity: str
    states: str = ""
    siblings: Sequence[Element] = ()


def places(document: Mapping[str, Any]) -> Iterator[Place]:
    """Give every element of a document; what is no element is passed over."""
    return _places("", document, "", "")


def place_at(document: Mapping[str, Any], pointer: str, element: Element, named: Named) -> Place:
    """Return where a pointer leads in a document that may lack what it leads to; the element is given. named: finds elements by their key."""
    entity, states, name, path = "", "", "", ""
    here: Any = document
    siblings: Sequence[Element] = ()
    of = ""
    for part in pointer.split("/")[1:]:
        path = f"{path}/{part}"
        if isinstance(here, list):
            is_last = path == pointer
            siblings = dicts(here) if is_last else ()
            one = named(here, part) or (element if is_last else {"key": part})
            states = _states(name, one, states)
            of, entity = _of(entity, name, one), inside(entity, name, one)
            here = one
        else:
            here, name = here.get(part) if isinstance(here, Mapping) else None, part
    if isinstance(here, list):
        return Place(pointer, name, element, entity, states, dicts(here))
    return Place(pointer, name, element, of or entity, states, siblings)


def kind_of(place: Place, path: str, value: object) -> PropertyKind:
    """Return what a property holds, `plain` where it has not the shape of what it should hold. path: `period_lock.closed` inside another."""
    name = path.rpartition(".")[2]
    found: PropertyKind = _IN_LIST.get((place.name, path)) or _ANYWHERE.get(name) or "plain"
    if name in ("min", "max") and place.element.get("kind") in ("date", "datetime"):
        found = "expression"
    if found in ("fields", "period", "entities", "states", "order", "roles"):
        return found if isinstance(value, str) or _is_texts(value) or (found == "order" and value is None) else "plain"
    if found in ("expressions", "values"):
        return found if isinstance(value, Mapping) else "plain"
    return found if isinstance(value, str) else "plain"


def owner_of(place: Place, path: str) -> str:
    """Return the entity whose records an expression, or keys of fields, of a property speak of."""
    element = place.element
    if path == "where" and place.name == "fields":
        kind = FIELD_KINDS.get(str(element.get("kind")))
        return str(element.get("to") or (kind.to if kind is not None else None) or "")
    if path == "where" and place.name == "unique":
        rows = {str(one).partition(".")[0] for one in element.get("fields", ()) if "." in str(one)}
        return f"{place.entity}.{min(rows)}" if rows else place.entity
    if path == "guard" and place.name == "projections":
        return str(element.get("entity", ""))
    if path.startswith("period_lock."):
        lock = element.get("period_lock")
        return str(lock.get("entity", "")) if isinstance(lock, Mapping) and path != "period_lock.date" else place.entity
    if path in ("by", "add") and place.name == "projections" and element.get("rows"):
        return f"{place.entity}.{element['rows']}"
    return place.entity


def keys_owner(place: Place, path: str) -> str:
    """Return the entity whose fields are the keys of a property that gives each an expression."""
    return str(place.element.get("entity", "")) if place.name == "projections" else owner_of(place, path)


_ANYWHERE: Mapping[str, PropertyKind] = {
    "formula": "expression", "default": "expression", "check": "expression", "when": "expression", "required_when": "expression",
    "filter": "expression", "where": "expression", "guard": "expression", "closed": "expression", "copy": "copy", "kind": "kind", "role": "role", "offered_to": "roles", "owner": "fields",
    "view": "view", "form": "form", "title": "fields", "search": "fields", "at": "fields", "per": "fields", "currency_field": "fields",
    "unit_field": "fields", "negates": "fields", "field": "fields", "date": "fields", "outputs": "fields", "entity": "entities", "to": "entities",
    "order": "order", "by": "expressions", "add": "expressions", "set": "expressions", "place": "place",
}  # fmt: skip
_IN_LIST: Mapping[tuple[str, str], PropertyKind] = {
    ("unique", "fields"): "fields", ("transitions", "from"): "states", ("transitions", "to"): "states", ("states", "start"): "states",
    ("entities", "states.start"): "states", ("inputs", "from"): "fields", ("inputs", "to"): "fields", ("sort", "order"): "plain",
    ("columns", "key"): "fields", ("levels", "key"): "fields", ("sort", "key"): "fields", ("seed", "by"): "seed", ("demo", "by"): "seed", ("options", "parent"): "option", ("seed", "values"): "values",
    ("demo", "values"): "values", ("entities", "period_lock.first"): "period", ("entities", "period_lock.last"): "period",
    ("entities", "period_lock.same"): "fields", ("projections", "rows"): "fields", ("views", "kind"): "plain", ("nodes", "kind"): "plain",
    ("entities", "kind"): "plain", ("decision", "order"): "fields", ("decision", "first"): "fields", ("decision", "last"): "fields",
    ("entities", "decision.order"): "fields", ("entities", "decision.first"): "fields", ("entities", "decision.last"): "fields",
}  # fmt: skip


_OF_ENTITY = ("forms", "views", "policies", "seed", "demo")


def _places(pointer: str, node: Mapping[str, Any], entity: str, states: str) -> Iterator[Place]:
    for name, value in node.items():
        if isinstance(value, list):
            some = dicts(value)
            for element in some:
                at = f"{pointer}/{name}/{key_of(element)}"
                kept = _states(name, element, states)
                yield Place(at, name, element, _of(entity, name, element), kept, some)
                yield from _places(at, element, inside(entity, name, element), kept)
        elif name in ("states", "decision") and isinstance(value, dict):
            yield from _places(f"{pointer}/{name}", value, entity, states)


def _of(entity: str, name: str, element: Element) -> str:
    """Return the entity whose fields the properties of an element speak of; its parts may speak of others."""
    return inside(entity, name, element) if name == "entities" or name in _OF_ENTITY else entity


def inside(entity: str, name: str, element: Element) -> str:
    """Return the entity whose fields the parts of an element of a list speak of: its own, a form's, that of the rows of a lines field."""
    if name == "entities":
        return key_of(element)
    if name in _OF_ENTITY:
        return str(element.get("entity", ""))
    if name == "fields" and isinstance(element.get("fields"), list):
        return f"{entity}.{key_of(element)}"
    return f"{entity}.{element['field']}" if name == "nodes" and "field" in element else entity


def _states(name: str, element: Element, states: str) -> str:
    if name != "entities":
        return states
    found = element.get("states")
    return str(found.get("key", "")) if isinstance(found, Mapping) else ""


def _is_texts(value: object) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)
