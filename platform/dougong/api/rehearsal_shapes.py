"""What a rehearsal of a publish answers: sizes, steps with their locks, and what it would do to the records there are."""

from typing import Literal

from pydantic import BaseModel

from dougong.api.shapes import IssueAnswer, Label


class SizeEntry(BaseModel):
    """A table that is concerned. rows: about how many; bytes: with its indexes; large: what concerns it goes on in the background."""

    entity: str
    name: Label
    rows: int
    bytes: int
    large: bool


class StepEntry(BaseModel):
    """A statement, its lock, who waits meanwhile, how many records it goes through, and about how many seconds it takes."""

    sql: str
    lock: str
    waits: Literal["nobody", "writers", "everybody"]
    rows: int
    seconds: float


class ExampleEntry(BaseModel):
    """A value of one record before and after, null for a blank."""

    record: str
    before: str | None
    after: str | None


class FindingEntry(BaseModel):
    """What was found about records of one entity.

    kind: `computed` values that would be others, a `rule` that records break, values that are `lost` to another kind. looked: how many
    records were looked at, all there are where it is whole. count: how many of them it concerns. records, examples: the first of them.
    """

    kind: Literal["computed", "rule", "lost"]
    pointer: str
    name: Label
    looked: int
    whole: bool
    count: int
    records: list[str]
    examples: list[ExampleEntry]


class UnseenEntry(BaseModel):
    """A computed field or a rule of which nothing is told, for one record reads more others than are tried."""

    pointer: str
    name: Label


class RehearsalAnswer(BaseModel):
    """What publishing the draft would do to the data there is. problems: what would stop it. seconds: about how long it would take."""

    revision: int
    issues: list[IssueAnswer]
    problems: list[IssueAnswer]
    warnings: list[IssueAnswer]
    is_long: bool
    sizes: list[SizeEntry]
    steps: list[StepEntry]
    findings: list[FindingEntry]
    unseen: list[UnseenEntry]
    seconds: float
