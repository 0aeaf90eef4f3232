"""The bodies and answers of upgrades, as pydantic types."""

from datetime import datetime
from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints, WrapValidator

from dougong.api.shapes import Body, ChangeEntry, Document, IssueAnswer, Label, Revision, one_place
from dougong.model.definition_element import Key, Version

Side = Literal["ours", "theirs"]
Rule = Literal["ours", "theirs", "labels"]
Pointer = Annotated[str, StringConstraints(max_length=500)]


class UpgradeBody(Body):
    """A package to upgrade to: the key of one in the library with its version, the newest without, or a whole document.

    choices: a side for conflicts by their pointers. rule: the side of all other conflicts; `labels` leaves words to the app.
    """

    package: Annotated[Key | Document, WrapValidator(one_place)]
    version: Version | None = None
    choices: Annotated[dict[Pointer, Side], Field(max_length=10_000)] = {}
    rule: Rule | None = None


class UpgradeApplyBody(UpgradeBody):
    """An upgrade to put into the draft; `revision` is the draft's it was planned on."""

    revision: Revision


class PackageStandEntry(BaseModel):
    """A package an app is made of. newest: a newer version there is. draft_version: the one the draft upgrades it to.

    leaves: whether the draft takes it out. required_by: packages of the app that require it, for which it stays.
    """

    package: str
    name: Label
    version: str
    hash: str
    installed_at: datetime
    newest: str | None
    draft_version: str | None
    leaves: bool
    required_by: list[str]


class PackageStandsAnswer(BaseModel):
    """The packages an app is made of, and the revision its draft has."""

    packages: list[PackageStandEntry]
    revision: int


class MovedEntry(BaseModel):
    """A package that gets another version; none before where it is new."""

    package: str
    before: str | None
    after: str | None


class MergedEntry(BaseModel):
    """A difference that merges by itself: of the new version (`theirs`) or the app's own (`ours`)."""

    side: Side
    change: ChangeEntry


class UserEntry(BaseModel):
    """What uses an element, and where that comes from."""

    pointer: str
    text: Label
    origin: Label


class ConflictEntry(BaseModel):
    """A place both sides changed, each in words and as it is in the document; `chosen` says whose it is to be.

    used_by: of an element of a package that is taken out, what stays and uses it.
    """

    pointer: str
    cause: Literal["changed", "removed", "used", "order"]
    place: Label
    base: Label
    ours: Label
    theirs: Label
    base_value: Any
    ours_value: Any
    theirs_value: Any
    chosen: Side | None
    used_by: list[UserEntry]


class SeedEntry(BaseModel):
    """A record of the package: made, given its new values, left as somebody edited or deleted it, or left out for what it points to is deleted."""

    part: Literal["seed", "demo"]
    entity: str
    key: str
    text: Label
    fate: Literal["new", "renewed", "kept", "deleted", "unmet"]


class UpgradePlanAnswer(BaseModel):
    """What an upgrade would do. changes, issues, warnings: of publishing it. is_draft_changed: the draft has changes of its own."""

    revision: int
    is_draft_changed: bool
    packages: list[MovedEntry]
    merged: list[MergedEntry]
    conflicts: list[ConflictEntry]
    changes: list[ChangeEntry]
    issues: list[IssueAnswer]
    warnings: list[IssueAnswer]
    seed: list[SeedEntry]


class RemovalBody(Body):
    """A package to take out of an app. choices: for elements by their pointers, `ours` to keep and `theirs` to take out; rule: for all others."""

    package: Key
    choices: Annotated[dict[Pointer, Side], Field(max_length=10_000)] = {}
    rule: Rule | None = None


class RemovalApplyBody(RemovalBody):
    """A package to be taken out in the draft; `revision` is the draft's it was planned on."""

    revision: Revision


class LeavingRecordEntry(BaseModel):
    """A record the package brought: `retired` with its table, which keeps it; or `stays`, because its table does."""

    part: Literal["seed", "demo"]
    entity: str
    key: str
    title: str
    text: Label
    fate: Literal["retired", "stays"]


class RemovalPlanAnswer(UpgradePlanAnswer):
    """What taking a package out would do, told as of an upgrade; `merged` says what goes. records: those the package brought."""

    records: list[LeavingRecordEntry]


class UpgradedAnswer(BaseModel):
    """The revision of the draft the upgrade has become."""

    revision: int


class ProvenanceEntry(BaseModel):
    """Where an element comes from: a package of a version, changed here or not; no package where it was added here."""

    package: str | None
    version: str | None
    changed: bool
    text: Label


class PackageName(BaseModel):
    """A package an app is made of."""

    name: Label
    version: str


class OriginEntry(BaseModel):
    """An element as its package has it. values: what it says itself, without the elements in it."""

    package: str
    values: dict[str, Any]


class OriginsAnswer(BaseModel):
    """What packages say of elements, by their pointer; and the packages by their key. An element that is not there was made here."""

    packages: dict[str, PackageName]
    elements: dict[str, OriginEntry]


class ProvenanceAnswer(BaseModel):
    """Where every element of the draft comes from, by its pointer."""

    elements: dict[str, ProvenanceEntry]
