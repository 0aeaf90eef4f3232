"""Two versions of an app in, what differs between them out: grouped by kind of element, each property as it was and as it is, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, NamedTuple

from dougong.model.app_model import AppModel
from dougong.model.diff import ChangeNote, How, Kind, Part, diff
from dougong.model.element_words import Labels, dicts, key_of
from dougong.model.naming import Naming
from dougong.model.property_kinds import Place, place_at
from dougong.model.property_words import words_of
from dougong.model.value_words import value_words

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PropertyChange:
    """One property that differs, what it was and what it is in words; None for nothing."""

    name: Labels
    before: Labels | None
    after: Labels | None


@dataclass(frozen=True, slots=True)
class Change:
    """One difference. group: the list of the document the element is in at last: `entities`, `forms`, …, empty for the app itself."""

    pointer: str
    group: str
    kind: Kind
    how: How
    text: Labels
    properties: tuple[PropertyChange, ...]


class _Side(NamedTuple):
    naming: Naming
    place: Place


def compare(before: Document, after: Document, organization: AppModel | None) -> tuple[Change, ...]:
    """Return what leads from one version to the other, in the order of the documents."""
    old, new = Naming(before, organization), Naming(after, organization)
    return tuple(_change(note, old, new) for note in diff(before, after, None if organization is None else organization.document))


def _change(note: ChangeNote, old: Naming, new: Naming) -> Change:
    way = note.pointer.split("/")[1:]
    was, now = (_Side(naming, place_at(naming.document, note.pointer, one or {}, naming.named)) for naming, one in ((old, note.old), (new, note.new)))
    properties = tuple(_property(part, was, now) for part in note.parts)
    text = _policy(note, old if note.new is None else new) if way[0] == "policies" and len(way) > 1 else note.text
    return Change(note.pointer, way[0] if len(way) > 1 else "", note.kind, note.how, text, properties)


def _policy(note: ChangeNote, naming: Naming) -> Labels:
    """Return what is said of a policy, which has no name, with its role and entity for its key."""
    key = note.pointer.split("/")[2]
    policy = next((one for one in dicts(naming.document.get("policies")) if key_of(one) == key), {})
    role, entity = naming.element("roles", str(policy.get("role"))), naming.entity(str(policy.get("entity")))
    return {language: text.replace(f"“{key}”", f"“{role[language]} · {entity[language]}”", 1) for language, text in note.text.items()}


def _property(part: Part, was: "_Side", now: "_Side") -> PropertyChange:
    before, after = (value_words(*side, part.name, value) for side, value in ((was, part.before), (now, part.after)))
    return PropertyChange(_name(now.place.name, part.name), before, after)


def _name(of: str, path: str) -> Labels:
    words = [words_of(name, inside) for inside, name in pairwise([of, *path.split(".")])]
    return {language: " › ".join(word[language] for word in words) for language in ("zh-CN", "en")}
