"""A document in, what uses each of its entities, fields, options, views, forms and roles out: an index, made once per document.

Formulas, rules and filters count with everything they name; a form with the fields it shows, a menu with its views. Seeds count
as one user each entity. What the app uses of the organization is found under the organization's pointers with its name before them.
"""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.element_words import Labels, dicts, key_of
from dougong.model.naming import Met, Naming, organization_key
from dougong.model.place_words import place_words
from dougong.model.property_kinds import Place, keys_owner, kind_of, owner_of, places
from engines.entity.entity import FILES
from engines.entity.field_kinds import FIELD_KINDS

_TOLD_APART = ("period_lock", "decision", "states")
_STANDS_FOR = ("key", "field", "view")
_SEEDS = ("seed", "demo")


@dataclass(frozen=True, slots=True)
class Use:
    """One place that uses something: its pointer, property included, and what it is called."""

    pointer: str
    text: Labels


Uses = Mapping[str, tuple[str, ...]]
"""Pointers of what uses each element, by the element's pointer: `/entities/order/fields/total`, `organization:/entities/user`."""


def index_uses(document: Mapping[str, Any], organization: AppModel | None) -> Uses:
    """Return the index of a document, each user in the order of the document."""
    naming = Naming(document, organization)
    pointers = _Pointers(document, naming)
    found: dict[str, dict[str, None]] = {}
    for place in places(document):
        for path, value in _properties(place):
            at = _at(place, path)
            for used in _used(naming, pointers, place, path, value):
                if used != place.pointer:
                    found.setdefault(used, {})[at] = None
    return {used: tuple(ats) for used, ats in found.items()}


def used_by(document: Mapping[str, Any], uses: Uses, pointer: str) -> tuple[Use, ...]:
    """Return what uses an element or one of its parts from outside it, each place once.

    An entity is used by what uses its fields; a field of rows by what uses their options.
    """
    inside = f"{pointer}/"
    found: dict[str, None] = {}
    for used, ats in uses.items():
        if used == pointer or used.startswith(inside):
            found |= dict.fromkeys(at for at in ats if not at.startswith(inside))
    return tuple(Use(at, place_words(document, at)) for at in found)


class _Pointers:
    """Pointers of what expressions and properties name."""

    def __init__(self, document: Mapping[str, Any], naming: Naming) -> None:
        self._naming = naming
        self._is_organization = document.get("key") == ORGANIZATION
        self._states = {
            key_of(entity): str(states.get("key", ""))
            for entity in dicts(document.get("entities"))
            if isinstance(states := entity.get("states"), Mapping)
        }
        self._inverses = {
            (str(field.get("to", "")), str(back.get("key", ""))): place.pointer
            for place in places(document)
            if place.name == "fields" and isinstance(back := (field := place.element).get("inverse"), Mapping)
        }

    def entity(self, key: str) -> str:
        other = organization_key(key)
        if other is not None and self._is_organization:
            return f"/entities/{other}"
        if other is not None:
            return f"{ORGANIZATION}:/entities/{other}"
        owner, _, rows = key.partition(".")
        return f"/entities/{owner}/fields/{rows}" if rows else f"/entities/{owner}"

    def field(self, entity: str, key: str) -> str:
        """Return the pointer of a field; of a way back that of the reference it belongs to, of the states' field that of the states."""
        back = self._inverses.get((entity, key))
        if back is not None:
            return back
        if self._states.get(entity) == key:
            return f"{self.entity(entity)}/states"
        return f"{self.entity(entity)}/fields/{key}"

    def option(self, entity: str, field: str, key: str) -> str:
        at = self.field(entity, field)
        return f"{at}/states/{key}" if at.endswith("/states") else f"{at}/options/{key}"

    def path(self, entity: str, path: str) -> Iterator[str]:
        """Give every field on a path from an entity on."""
        here = entity
        for key in path.split("."):
            if not here:
                return
            yield self.field(here, key)
            types = self._naming.types
            kind = None if types is None else (types.of(here) or {}).get(key)
            here = "" if kind is None else (kind.of or kind).entity or ""

    def met(self, mets: Iterable[Met]) -> Iterator[str]:
        for one in mets:
            if one.field is None:
                yield self.entity(one.entity)
            elif one.option is None:
                yield self.field(one.entity, one.field)
            else:
                yield self.option(one.entity, one.field, one.option)


def _at(place: Place, path: str) -> str:
    """Return the pointer of a user: the property, or the element where that is all it stands for; of seeds their list."""
    if place.name in _SEEDS:
        return f"/{place.name}"
    return place.pointer if path in _STANDS_FOR else f"{place.pointer}/{path.replace('.', '/')}"


def _properties(place: Place) -> Iterator[tuple[str, Any]]:
    for name, value in place.element.items():
        if name in _TOLD_APART and isinstance(value, Mapping):
            yield from ((f"{name}.{inner}", part) for inner, part in value.items() if not (isinstance(part, list) and dicts(part)))
        else:
            yield str(name), value


def _used(naming: Naming, pointers: _Pointers, place: Place, path: str, value: Any) -> Iterator[str]:  # noqa: ANN401 – any JSON
    """Give the pointers of what a property names."""
    kind = kind_of(place, path, value)
    match kind:
        case "expression":
            target = key_of(place.element) if place.name == "fields" and path in ("default", "formula") else None
            yield from pointers.met(naming.met(owner_of(place, path), value, target))
        case "expressions":
            to, owner = keys_owner(place, path), owner_of(place, path)
            for key, text in value.items():
                yield pointers.field(to, key)
                yield from pointers.met(naming.met(owner, str(text), key if to == owner else None))
        case "values":
            yield from (pointers.field(place.entity, key) for key in value)
        case "copy":
            yield from pointers.path(place.entity, value)
        case "fields" | "period":
            of = owner_of(place, path) if kind == "period" else place.entity
            for one in [value] if isinstance(value, str) else value:
                yield from pointers.path(of, one)
        case "entities":
            yield from (pointers.entity(one) for one in ([value] if isinstance(value, str) else value))
        case "states":
            yield from (pointers.option(place.entity, place.states, one) for one in ([value] if isinstance(value, str) else value))
        case "kind" if place.name == "fields" and value in FIELD_KINDS and FIELD_KINDS[value].to not in (None, FILES):
            yield pointers.entity(str(FIELD_KINDS[value].to))
        case "role" | "view" | "form":
            yield f"/{kind}s/{value}"
        case "roles":
            yield from (f"/roles/{one}" for one in value)
        case _:
            return
