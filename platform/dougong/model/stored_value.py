"""A value of a draft and its pointer in, the same with the expressions in it as they are stored out: keys in the place of labels.

Only the entities that the expressions name are looked at, so what is wrong elsewhere in the draft is in nobody's way.
"""

from collections.abc import Mapping
from typing import Any

from dougong.model.app_model import AppModel
from dougong.model.commands import Document, Json, Pointer, element_of
from dougong.model.definition import AppDefinition
from dougong.model.parse import parse_definition
from dougong.model.resolve_expressions import FieldTypes
from dougong.model.resolve_fields import resolve_fields
from dougong.model.stored_form import PARTS, Rewrite
from engines.expression.canonical import canonical
from engines.expression.check import text_to_typed

_NEEDED = ("key", "to", "entity", "rows")
"""What of the elements around a value says whose record an expression is about."""

_OF_ENTITY = ("key", "kind", "name", "title", "fields", "states", "decision")


def stored_value(document: Document, pointer: Pointer, value: Json, organization: AppModel | None) -> Json:
    """Return the value as it is stored; one whose shape is wrong, or an expression that cannot be read, stays as it is.

    document: where the value will be; what is at the pointer in it now does not matter.
    """
    texts: list[tuple[str, str]] = []

    def note(owner: str, text: object) -> object:
        if isinstance(owner, str) and isinstance(text, str):
            texts.append((owner, text))
        return text

    part, *path = pointer.split("/")[1:]
    if part not in PARTS or not _rewritten(document, part, path, value, note) or not texts:
        return value
    types = _types(document, texts, organization)
    if types is None:
        return value

    def rewrite(owner: str, text: object) -> object:
        entity = types.entity(owner) if isinstance(owner, str) else None
        if entity is None or not isinstance(text, str):
            return text
        return canonical(text, text_to_typed(text, types.scope(entity)).named)

    found = _rewritten(document, part, path, value, rewrite)
    return found[0] if found else value


def _rewritten(document: Document, part: str, path: list[str], value: Json, rewrite: Rewrite) -> tuple[Json] | None:
    """Return the value after a rewrite in a document of nothing but the way to it; None where its shape is wrong."""
    elements = _way(document.get(part), path, value)
    try:
        found: Any = [PARTS[part](element, rewrite) for element in elements]
        for segment in path:
            found = found[0] if isinstance(found, list) else found[segment]
    except (AttributeError, KeyError, IndexError, TypeError):  # a draft may hold anything
        return None
    return (found,)


def _way(here: Json, path: list[str], value: Json) -> Json:
    if not path:
        return value
    segment, *rest = path
    if isinstance(here, list):
        return [_way(element_of(here, segment), rest, value)]
    if not isinstance(here, Mapping):
        return {segment: _way(None, rest, value)}
    return {**{name: here[name] for name in _NEEDED if name in here}, segment: _way(here.get(segment), rest, value)}


def _types(document: Document, texts: list[tuple[str, str]], organization: AppModel | None) -> FieldTypes | None:
    entities = {e["key"]: e for e in _dicts(document.get("entities")) if isinstance(e.get("key"), str)}
    said = " ".join(text for _, text in texts).casefold()
    start = {owner.partition(".")[0] for owner, _ in texts}
    if "@" in said:
        start |= {key for key, entity in entities.items() if _is_named(entity, said)}
    near = _reach(entities, start, said)
    definition = _parsed(document, [entities[key] for key in entities if key in near])
    if definition is None:
        return None
    resolved, _ = resolve_fields(definition, {}, organization)
    return FieldTypes(resolved, organization)


def _parsed(document: Document, entities: list[Mapping[str, Any]]) -> AppDefinition | None:
    """Return what can be read of a document of these entities alone: one whose shape is wrong is left out."""
    around = {name: value for name, value in document.items() if name not in PARTS and not isinstance(value, list)}
    kept = [{name: entity[name] for name in _OF_ENTITY if name in entity} for entity in entities]
    for _ in range(2):
        found = parse_definition({**around, "languages": ["zh-CN", "en"], "entities": kept})
        if isinstance(found, AppDefinition):
            return found
        wrong = {issue.pointer.split("/")[2] for issue in found if issue.pointer.startswith("/entities/")}
        around = {name: around[name] for name in ("format", "key", "version", "name") if name in around}
        kept = [entity for entity in kept if entity["key"] not in wrong]
    return None


def _reach(entities: Mapping[str, Mapping[str, Any]], start: set[str], said: str) -> set[str]:
    """Return the entities that texts lead to: along references they name, or back along ways they name."""
    ways: dict[str, set[str]] = {}
    for key, entity in entities.items():
        for field in _dicts(entity.get("fields")):
            for one in (field, *_dicts(field.get("fields"))):
                to = one.get("to")
                back = one.get("inverse")
                for target in to if isinstance(to, list) else [to]:
                    if isinstance(target, str) and _is_named(one, said):
                        ways.setdefault(key, set()).add(target)
                    if isinstance(target, str) and isinstance(back, Mapping) and _is_named(back, said):
                        ways.setdefault(target, set()).add(key)
    found, edge = set(start), set(start)
    while edge:
        edge = {target for key in edge for target in ways.get(key, ())} - found
        found |= edge
    return found


def _is_named(element: Mapping[str, Any], said: str) -> bool:
    """Say whether the key or a label of an element occurs in a text; that it means something else there does no harm."""
    labels = element.get("name")
    words = [element.get("key"), *(labels.values() if isinstance(labels, Mapping) else ())]
    return any(isinstance(word, str) and word != "" and word.casefold() in said for word in words)


def _dicts(value: object) -> list[Mapping[str, Any]]:
    return [one for one in value if isinstance(one, Mapping)] if isinstance(value, list) else []
