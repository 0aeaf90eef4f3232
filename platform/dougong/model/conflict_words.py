"""A conflict of a merge in, where it is and what each side has there, in words people read, out."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dougong.model.app_model import AppModel
from dougong.model.commands import find
from dougong.model.diff import diff
from dougong.model.merge import Conflict, Document, Merge
from dougong.model.naming import Naming
from dougong.model.place_words import element_pointer, place_words
from dougong.model.property_kinds import place_at
from dougong.model.value_words import value_words

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
_TOLD_CHANGES = 8
"""Changes of an element that are told one by one."""


@dataclass(frozen=True, slots=True)
class ConflictWords:
    """Where a conflict is, and what was there and is there on each side."""

    place: Labels
    base: Labels
    ours: Labels
    theirs: Labels


def namings_of(found: Merge, organization: AppModel | None) -> Mapping[str, Naming]:
    """Return the words of the three documents of a merge, for all its conflicts."""
    return {side: Naming(document, organization) for side, document in (("base", found.base), ("ours", found.ours), ("theirs", found.theirs))}


def conflict_words(found: Merge, namings: Mapping[str, Naming], conflict: Conflict) -> ConflictWords:
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
    return ConflictWords(place, **{side: _value(namings[side], conflict.pointer, value) for side, value in values.items()})


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


def _value(naming: Naming, pointer: str, value: Any) -> Labels:  # noqa: ANN401 – any JSON
    """Return what a property is on one side, in the words in which two versions are compared."""
    at = element_pointer(pointer)
    element = find(naming.document, at) if at else naming.document
    place = place_at(naming.document, at, element if isinstance(element, Mapping) else {}, naming.named)
    return value_words(naming, place, pointer[len(at) + 1 :].replace("/", "."), value) or _NOTHING
