"""A conflict of a merge in, where it is and what each side has there, in words people read, out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import orjson

from dougong.model.diff import diff
from dougong.model.merge import Conflict, Document, Merge
from dougong.model.place_words import place_words

Labels = Mapping[str, str]

_LANGUAGES = ("zh-CN", "en")
_JOINT = {"zh-CN": "、", "en": ", "}
_NOTHING: Labels = {"zh-CN": "（无）", "en": "(nothing)"}
_REMOVED: Labels = {"zh-CN": "已删除", "en": "removed"}
_THERE: Labels = {"zh-CN": "已有", "en": "there"}
_CHANGED: Labels = {"zh-CN": "已修改：", "en": "changed: "}
_OF_LANGUAGE: Mapping[str, Labels] = {
    "zh-CN": {"zh-CN": "（中文）", "en": " (Chinese)"},
    "en": {"zh-CN": "（英文）", "en": " (English)"},
}
_MORE: Labels = {"zh-CN": "…", "en": "…"}
_ORDER: Labels = {"zh-CN": "顺序", "en": "order"}
_SECTION: Labels = {"zh-CN": "所在分组", "en": "section it is in"}
_TRUTH: Mapping[bool, Labels] = {True: {"zh-CN": "是", "en": "yes"}, False: {"zh-CN": "否", "en": "no"}}
_TOLD_CHANGES = 8
"""Changes of an element that are told one by one."""


@dataclass(frozen=True, slots=True)
class ConflictWords:
    """Where a conflict is, and what was there and is there on each side."""

    place: Labels
    base: Labels
    ours: Labels
    theirs: Labels


def conflict_words(found: Merge, conflict: Conflict) -> ConflictWords:
    """Return a conflict of a merge in words."""
    values = {"base": conflict.base, "ours": conflict.ours, "theirs": conflict.theirs}
    documents = {"base": found.base, "ours": found.ours, "theirs": found.theirs}
    if conflict.cause in ("removed", "used"):
        told = {side: _element(found.base, documents[side], conflict, value) for side, value in values.items()}
        there = next(documents[side] for side, value in values.items() if value is not None)
        return ConflictWords(place_words(there, conflict.pointer), **told)
    if conflict.cause == "order":
        told = {side: _in_order(documents[side], conflict.pointer, value or ()) for side, value in values.items()}
        place = place_words(found.ours, conflict.pointer.rpartition("/")[0])
        return ConflictWords({language: f"{place[language]}{_colon(language)}{_ORDER[language]}" for language in _LANGUAGES}, **told)
    element, _, name = conflict.pointer.rpartition("/")
    if name == "in":
        form = element.split("/nodes/")[0]
        told = {side: _section(documents[side], form, value) for side, value in values.items()}
        place = place_words(found.ours, element)
        return ConflictWords({language: f"{place[language]}{_colon(language)}{_SECTION[language]}" for language in _LANGUAGES}, **told)
    place = place_words(found.ours, conflict.pointer)
    if conflict.is_label and name in _OF_LANGUAGE:
        place = {language: place[language] + _OF_LANGUAGE[name][language] for language in _LANGUAGES}
    return ConflictWords(place, **{side: _value(value) for side, value in values.items()})


def _colon(language: str) -> str:
    return "：" if language == "zh-CN" else ": "


def _element(base: Document, document: Document, conflict: Conflict, value: Any) -> Labels:  # noqa: ANN401 – any JSON
    """Return what became of an element that one side removed: gone, as it was, or with which changes."""
    if value is None:
        return _REMOVED if conflict.base is not None else _NOTHING
    if value == conflict.base:
        return _THERE
    at = conflict.pointer
    notes = [note.text for note in diff(base, document) if note.pointer == at or note.pointer.startswith(f"{at}/")]
    told = [*notes[:_TOLD_CHANGES], *([_MORE] if len(notes) > _TOLD_CHANGES else [])]
    return {language: _CHANGED[language] + "; ".join(note[language] for note in told) for language in _LANGUAGES} if told else _THERE


def _in_order(document: Document, pointer: str, keys: Any) -> Labels:  # noqa: ANN401 – keys of a list
    words = [place_words(document, f"{pointer}/{key}") for key in keys]
    return {language: _JOINT[language].join(_last(word[language]) for word in words) for language in _LANGUAGES} if words else _NOTHING


def _section(document: Document, form: str, key: str | None) -> Labels:
    if not key:
        return _NOTHING
    words = place_words(document, f"{form}/nodes/{key}")
    return {language: _last(words[language]) for language in _LANGUAGES}


def _last(words: str) -> str:
    """Return what an element itself is called, of the words for its place.

    >>> _last("Entity “Item” › field “Price”")
    'Price'
    """
    quoted = words.rpartition("“")[2]
    return quoted.rpartition("”")[0] or words


def _value(value: Any) -> Labels:  # noqa: ANN401 – any JSON
    if value is None:
        return _NOTHING
    if isinstance(value, bool):
        return _TRUTH[value]
    if isinstance(value, Mapping) and value and all(isinstance(text, str) for text in value.values()):
        return {language: value.get(language) or "; ".join(value.values()) for language in _LANGUAGES}
    if isinstance(value, list) and all(isinstance(one, str | int) for one in value):
        return {language: _JOINT[language].join(str(one) for one in value) or _NOTHING[language] for language in _LANGUAGES}
    text = str(value) if isinstance(value, str | int) else orjson.dumps(value).decode()
    return dict.fromkeys(_LANGUAGES, text or _NOTHING["en"])
