"""The bodies and answers of the endpoints of versions, as pydantic types."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import BaseModel, Field, StringConstraints

from dougong.api.shapes import Body, Document, IssueAnswer, Label, Revision

VersionName = Annotated[str, StringConstraints(pattern=r"^(draft|active|[1-9][0-9]{0,8})$")]
"""A version by its number, the one in use, or the draft."""
Pointer = Annotated[str, StringConstraints(pattern=r"^(/[A-Za-z0-9_.:-]+)+$", max_length=500)]


class VersionEntry(BaseModel):
    """One published version of an app. changes: how much is different from the version before."""

    number: int
    note: str
    author: str
    published_at: datetime
    active: bool
    changes: int


class VersionsAnswer(BaseModel):
    """Versions of the app, the newest first; with `more`, there are older ones."""

    versions: list[VersionEntry]
    more: bool


class VersionAnswer(BaseModel):
    """A published version with its document."""

    number: int
    note: str
    author: str
    published_at: datetime
    active: bool
    document: Document


class CompareBody(Body):
    """A document to compare with a version."""

    version: VersionName = "active"
    document: Document


class PropertyEntry(BaseModel):
    """A property that differs: what it was and what it is, null for nothing."""

    name: Label
    before: Label | None
    after: Label | None


class DifferenceEntry(BaseModel):
    """One difference. kind: `renamed` is a label alone, `moved` an element in its list or to another, `ordered` many of one list."""

    pointer: str
    kind: Literal["added", "changed", "removed", "renamed", "moved", "ordered"]
    text: Label
    properties: list[PropertyEntry]


class DifferenceGroup(BaseModel):
    """The differences of one kind of element; `key` is its list in the document, empty for the app itself."""

    key: str
    name: Label
    changes: list[DifferenceEntry]


class CompareAnswer(BaseModel):
    """What leads from one version to another, by kind of element."""

    groups: list[DifferenceGroup]
    count: int


class RestoreBody(Body):
    """To go back to a version: the revision of the draft, which is discarded; a note; whether to go on without broken constraints."""

    revision: Revision
    note: Annotated[str, StringConstraints(max_length=2000)] = ""
    leave_out_broken: bool = False


class RestorePlanAnswer(CompareAnswer):
    """What going back would change, what stands in its way, what it means for values there are, and its SQL.

    left_out: unique constraints it goes on without. revision: of the draft; draft_changes: how much of it would be discarded.
    """

    issues: list[IssueAnswer]
    warnings: list[IssueAnswer]
    left_out: list[IssueAnswer]
    statements: list[str]
    is_long: bool
    revision: int
    draft_changes: int


class RetiredEntry(BaseModel):
    """What no version in use shows any more: a `column`, a table of `links`, or a `table` with all that belongs to it.

    name: what a purge names it by. version: the last one that had it. since: when it was retired. count: rows with a value. size: bytes.
    """

    name: str
    kind: Literal["column", "links", "table"]
    label: Label
    version: int
    since: datetime
    count: int
    size: int


class PurgedEntry(BaseModel):
    """What was purged. version: the last one that had it. count: rows that had a value."""

    name: str
    label: Label
    version: int
    count: int
    purged_by: str
    purged_at: datetime


class RetiredAnswer(BaseModel):
    """What is retired in an app, the longest retired first, and what was purged, the latest first."""

    retired: list[RetiredEntry]
    purged: list[PurgedEntry]


class PurgeBody(Body):
    """What to remove for good, by name, and the key of the app once more."""

    names: Annotated[list[Annotated[str, StringConstraints(max_length=130)]], Field(min_length=1, max_length=1000)]
    app: Annotated[str, StringConstraints(max_length=40)]


class UseEntry(BaseModel):
    """One place that uses something: the app it is in, its pointer there and what it is called."""

    app: str
    pointer: str
    text: Label


class UsesAnswer(BaseModel):
    """Everything that uses an element."""

    uses: list[UseEntry]


Before = Annotated[int | None, Field(ge=1, le=2**31 - 1)]
