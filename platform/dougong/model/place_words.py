"""A pointer into a document in, what lies there in words people read out; and the same of what commands do."""

from collections.abc import Mapping, Sequence
from typing import Any

from dougong.model.commands import (
    Command,
    Document,
    Insert,
    Json,
    Move,
    Pointer,
    Remove,
    SetValue,
    element_at,
    element_of,
    find,
)
from dougong.model.element_words import WORDS, Labels
from dougong.model.property_words import words_of

_DONE: Mapping[type, Labels] = {
    Insert: {"zh-CN": "添加", "en": "Added"},
    Remove: {"zh-CN": "删除", "en": "Removed"},
    Move: {"zh-CN": "移动", "en": "Moved"},
    SetValue: {"zh-CN": "修改", "en": "Changed"},
}
_RENAMED: Labels = {"zh-CN": "改键", "en": "Changed the key of"}
_MORE: Labels = {"zh-CN": "等 {count} 处", "en": "and {count} more"}
_LANGUAGES = ("zh-CN", "en")
_HOLDERS = frozenset({"states", "decision"})
"""Properties that are objects with lists of their own; `states` is such a list as well."""


def place_words(document: Document, pointer: Pointer, element: Mapping[str, Any] | None = None) -> Labels:
    """Return what a pointer names: elements by their labels, keys where there are none, a property at the end.

    element: what is to be found at the pointer where it is not in the document.

    >>> place_words({"entities": [{"key": "card", "name": {"en": "Card"}}]}, "/entities/card/title")["en"]
    'Entity “Card”: title field'
    >>> place_words({"entities": [{"key": "card", "states": {"key": "phase", "start": "raw"}}]}, "/entities/card/states/start")["en"]
    'Entity “card”: first state'
    """
    trail: list[Labels] = []
    properties: list[Labels] = []
    part, of, here = "", "", document
    fields: Any = []
    segments = pointer.split("/")[1:]
    for place, segment in enumerate(segments):
        if isinstance(here, list):
            is_last = place == len(segments) - 1
            here = element_of(here, segment) or (element if is_last and element else {"key": segment})
            trail.append(_title(part, here, fields))
            properties, of = [], part
            fields = _fields_of(document, here) or fields
        else:
            part, here = segment, here.get(segment, {}) if isinstance(here, Mapping) else {}
            if not isinstance(here, list) and segment not in (*_LANGUAGES, "states"):
                properties.append(words_of(segment, of))
            of = segment if isinstance(here, Mapping) and segment not in _LANGUAGES else of
    if isinstance(here, list) and segments:
        properties.append(words_of(part, of) if trail else WORDS.get(part, words_of(part)))
    return {language: _written(trail, properties, language) for language in _LANGUAGES}


def gesture_words(before: Document, after: Document, commands: Sequence[Command]) -> Labels:
    """Return what a group of commands did, by its first command and the number of elements it reached beside."""
    first = commands[0]
    at = element_at(first)
    match first:
        case Remove() if len(commands) > 1 and isinstance(commands[1], Insert) and commands[1].to == first.origin:
            verb, words = _RENAMED, place_words(before, at, first.element)
            key = commands[1].element["key"]
            words = {language: f"{text} → {key}" for language, text in words.items()}
            others = {element_pointer(element_at(one)) for one in commands[2:]} - {at, element_at(commands[1])}
        case Insert():
            verb, words = _DONE[Insert], place_words(after, at, first.element)
            others = {element_pointer(element_at(one)) for one in commands[1:]} - {at}
        case _:
            verb, words = _DONE[type(first)], place_words(before, at)
            others = {element_pointer(element_at(one)) for one in commands[1:]} - {element_pointer(at)}
    said = {"zh-CN": f"{verb['zh-CN']}：{words['zh-CN']}", "en": f"{verb['en']}: {words['en']}"}
    if not others:
        return said
    more = {language: text.format(count=len(others) + (language == "zh-CN")) for language, text in _MORE.items()}
    return {"zh-CN": f"{said['zh-CN']}{more['zh-CN']}", "en": f"{said['en']} {more['en']}"}


def element_pointer(pointer: Pointer) -> Pointer:
    """Return the pointer of the element a property belongs to, the empty one where that is the app itself.

    >>> element_pointer("/entities/card/fields/a/name/en"), element_pointer("/icon")
    ('/entities/card/fields/a', '')
    """
    found, path, segments = "", "", pointer.split("/")[1:]
    while len(segments) > 1 and segments[0] in (*WORDS, *_HOLDERS):
        length = 1 if segments[0] in _HOLDERS and segments[1] in WORDS else 2
        path += "".join(f"/{segment}" for segment in segments[:length])
        found = path if length == 2 else found
        segments = segments[length:]
    return found


def _title(part: str, element: Mapping[str, Any], fields: Json) -> Labels:
    word = WORDS.get(part, {"zh-CN": part, "en": part})
    key = str(element.get("field") or element.get("view") or element.get("key"))
    own = element.get("name", element.get("message"))
    if not isinstance(own, Mapping) or not own:
        shown = element_of(fields, key) if part in ("nodes", "columns", "sort", "levels") and isinstance(fields, list) else None
        own = shown.get("name", {}) if shown is not None else {}
    labels = {name: text for name, text in own.items() if isinstance(text, str) and text} if isinstance(own, Mapping) else {}
    name = {language: labels.get(language) or next(iter(labels.values()), key) for language in _LANGUAGES}
    return {"zh-CN": f"{word['zh-CN']}“{name['zh-CN']}”", "en": f"{word['en']} “{name['en']}”"}


def _fields_of(document: Document, element: Mapping[str, Any]) -> Json:
    """Return the fields that the parts of a form or a list speak of."""
    entity = element.get("entity")
    found = find(document, f"/entities/{entity}/fields") if isinstance(entity, str) and "/" not in entity else None
    return found if isinstance(found, list) else None


def _written(trail: list[Labels], properties: list[Labels], language: str) -> str:
    text = " › ".join(part[language] for part in trail) or {"zh-CN": "应用", "en": "app"}[language]
    text = text[:1].upper() + text[1:]
    if not properties:
        return text
    return f"{text}{'：' if language == 'zh-CN' else ': '}{properties[-1][language]}"
