"""A draft and what somebody did to an earlier state of it in, the changed draft or the elements where both meet out.

A gesture is a group of commands: all of them are carried out, or none. Places in lists are found anew, so only a value that is
not what it was, an element that is gone or a key that is taken stands in the way.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Any, Literal

from dougong.model.app_model import AppModel
from dougong.model.commands import (
    ABSENT,
    Command,
    Document,
    Insert,
    Json,
    Pointer,
    Reason,
    Refused,
    Remove,
    SetValue,
    adapt,
    apply,
    element_at,
    find,
    same,
)
from dougong.model.stored_value import stored_value

Hindrance = Reason | Literal["published"]
"""Why a gesture was not carried out; a key that was published meanwhile is fixed."""


@dataclass(frozen=True, slots=True)
class Meeting:
    """An element or property that has become something else than the gesture knew: what is there now, and what the gesture wanted."""

    pointer: Pointer
    reason: Hindrance
    theirs: Json
    mine: Json


@dataclass(frozen=True, slots=True)
class Done:
    """The changed draft, and the commands as they were carried out on it; none where nothing had to be changed."""

    document: Document
    commands: tuple[Command, ...]


def carry_out(document: Document, commands: Sequence[Command], organization: AppModel | None) -> Done | tuple[Meeting, ...]:
    """Return the draft after the gesture, or every element that stands in its way."""
    current, done = document, []
    meetings: dict[Pointer, Meeting] = {}
    for command in commands:
        ready = _ready(current, command, organization)
        applied = ready if isinstance(ready, Refused) else apply(current, ready)
        if isinstance(applied, Refused):
            meetings.setdefault(applied.pointer, _meeting(current, command, applied))
        elif applied is not current and not isinstance(ready, Refused):
            done.append(ready)
            current = applied
    return tuple(meetings.values()) if meetings else Done(current, tuple(done))


def renamed(commands: Sequence[Command], published: Document) -> tuple[Meeting, ...]:
    """Return the published elements to which a gesture would give another key: done so, it would take them and their data away."""
    found = []
    for removal, insertion in pairwise(commands):
        if isinstance(removal, Remove) and isinstance(insertion, Insert) and removal.origin.list == insertion.to.list:
            at = element_at(removal)
            if at != element_at(insertion) and find(published, at) is not ABSENT:
                found.append(Meeting(at, "published", removal.element, insertion.element))
    return tuple(found)


def _ready(document: Document, command: Command, organization: AppModel | None) -> Command | Refused:
    """Return the command with places as they are now and labels in its expressions as keys, in what it knew to be there as well."""
    match adapt(document, command):
        case SetValue(at, value, previous):
            present = find(document, at)
            if not same(present, previous):
                previous = stored_value(document, at, previous, organization)
            return SetValue(at, value if value is ABSENT else stored_value(document, at, value, organization), previous)
        case Insert(to, element) as ready:
            inserted = apply(document, ready)
            after = document if isinstance(inserted, Refused) else inserted
            return Insert(to, stored_value(after, element_at(ready), element, organization))
        case Remove(origin, element) as ready:
            present = find(document, element_at(ready))
            return ready if same(present, element) else Remove(origin, stored_value(document, element_at(ready), element, organization))
        case ready:
            return ready


def _meeting(document: Document, command: Command, refused: Refused) -> Meeting:
    mine: Any = ABSENT
    match command:
        case SetValue():
            mine = command.value
        case Insert():
            mine = command.element
    theirs = find(document, refused.pointer)
    return Meeting(refused.pointer, refused.reason, theirs, mine)


def touched(commands: Sequence[Command]) -> tuple[Pointer, ...]:
    """Return the elements and properties that commands are about."""
    found: dict[Pointer, None] = {}
    for command in commands:
        found[element_at(command)] = None
    return tuple(found)


def as_json(value: Json) -> Json:
    """Return a value for an answer, where no value is null."""
    return None if value is ABSENT else value
