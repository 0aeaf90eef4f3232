"""The bodies and answers of the calls for change sets, as they are in JSON."""

from typing import Any, Literal

from pydantic import BaseModel, Field


class ChangeCount(BaseModel):
    """How many records of an entity a change set changed by one action."""

    entity: str
    action: str
    count: int


class ChangeSetEntry(BaseModel):
    """A change set: who made it, by which channel, when, and what it changed as far as the reader may know."""

    id: str
    actor: str
    actor_title: str | None
    channel: str
    at: str
    counts: list[ChangeCount]


class ChangeSetsAnswer(BaseModel):
    """A page of change sets, the newest first; `next` is the `before` of the page after it."""

    change_sets: list[ChangeSetEntry]
    next: str | None


class UndoingEntry(BaseModel):
    """What undoing does to a record: `restore`, `revert` its values, `trash` it, or `none`.

    kept: fields that keep their value as they were changed since. errors: what refused it.
    """

    entity: str
    id: str
    title: str
    deed: Literal["restore", "revert", "trash", "none"]
    is_changed_since: bool
    is_gone: bool
    kept: list[str]
    errors: list[dict[str, Any]] = Field(default_factory=list)


class ChangeSetAnswer(ChangeSetEntry):
    """A change set with the records undoing would touch, a page of them; `next` is the `after` of the page after it."""

    record_count: int
    records: list[UndoingEntry]
    next: int | None


class UndoBody(BaseModel):
    """What happens to what was changed since: it is skipped, everything is refused, or it is overwritten."""

    changed_since: Literal["skip", "refuse", "overwrite"] = "skip"


class UndoAnswer(BaseModel):
    """The change set that undoing made, how many records it changed, and those it left as they are, whole or in part; at most 200."""

    change_set: str
    undone: int
    left_count: int
    left: list[UndoingEntry]
