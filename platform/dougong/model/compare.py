"""Two versions of an app in, what differs between them out: grouped by kind of element, each property as it was and as it is, in words."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, NamedTuple

from dougong.model.app_model import AppModel
from dougong.model.diff import ChangeNote, How, Kind, Part, diff
from dougong.model.element_words import Labels
from dougong.model.naming import Naming
from dougong.model.property_kinds import Place, place_at
from dougong.model.property_words import words_of
from dougong.model.value_words import value_words

Document = Mapping[str, Any]
_NAMES: Mapping[tuple[str, str], Labels] = {
    ("nodes", "place"): {"zh-CN": "位置", "en": "place"},
    ("items", "place"): {"zh-CN": "位置", "en": "place"},
    ("states", "start"): {"zh-CN": "起始状态", "en": "first state"},
    ("transitions", "to"): {"zh-CN": "目标状态", "en": "state it leads to"},
}
"""What properties are called in lists in which their name means something of its own."""


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
    return tuple(_change(note, old, new) for note in diff(before, after))


def _change(note: ChangeNote, old: Naming, new: Naming) -> Change:
    way = note.pointer.split("/")[1:]
    was, now = (_Side(naming, place_at(naming.document, note.pointer, one or {}, naming.named)) for naming, one in ((old, note.old), (new, note.new)))
    properties = tuple(_property(_said(note, part), was, now) for part in note.parts)
    text = _policy(note, old if note.new is None else new) if way[0] == "policies" else note.text
    return Change(note.pointer, way[0] if len(way) > 1 else "", note.kind, note.how, text, properties)


def _said(note: ChangeNote, part: Part) -> Part:
    """Return what a property of an element that stays says on both sides: what is not written is what it is by default."""
    default = _DEFAULTS.get((note.pointer.split("/")[-2:-1] or [""])[0] + "/" + part.name) if note.kind == "changed" else None
    return part if default is None else Part(part.name, part.before or default, part.after or default)


_DEFAULTS: Mapping[str, str] = {
    "rules/severity": "error", "policies/rows": "all", "fields/mode": "fast", "sort/order": "ascending", "entities/kind": "record",
}  # fmt: skip
"""What a property says where it is not written, by list and name."""


def _policy(note: ChangeNote, naming: Naming) -> Labels:
    """Return what is said of a policy, which has no name, with its role and entity for its key."""
    policy = note.new or note.old or {}
    role, entity = naming.element("roles", str(policy.get("role"))), naming.entity(str(policy.get("entity")))
    key = note.pointer.rpartition("/")[2]
    return {language: text.replace(f"“{key}”", f"“{role[language]} · {entity[language]}”", 1) for language, text in note.text.items()}


def _property(part: Part, was: "_Side", now: "_Side") -> PropertyChange:
    before, after = (value_words(*side, part.name, value) for side, value in ((was, part.before), (now, part.after)))
    return PropertyChange(_name(now.place.name, part.name), before, after)


def _name(of: str, path: str) -> Labels:
    words = [_NAMES.get((of, name)) or words_of(name) for name in path.split(".")]
    return {language: " › ".join(word[language] for word in words) for language in ("zh-CN", "en")}
