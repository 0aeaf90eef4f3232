"""What publishing is asked for and answers: the draft to publish, at once or at a time, and how far a publish that takes its time is."""

from datetime import datetime
from typing import Annotated, Literal

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from dougong.api.shapes import Body, Label, Revision


class PublishBody(Body):
    """The draft to publish by its revision, what to remember about it, and when; without a time at once."""

    revision: Revision
    note: Annotated[str, StringConstraints(max_length=2000)] = ""
    due_at: AwareDatetime | None = None


class PublishIssue(BaseModel):
    """Why a publish failed."""

    code: str
    message: Label
    pointer: str


class PublishEntry(BaseModel):
    """A publish that takes its time.

    state: `scheduled`, `filling` columns and indexes nobody uses yet, `finishing` when the version is in use already, and then what became
    of it. done, total: records filled in. stage: what it is at. version: what it is to be, or became.
    """

    id: str
    state: Literal["scheduled", "filling", "finishing", "done", "cancelled", "failed"]
    version: int | None
    note: str
    author: str
    created_at: datetime
    due_at: datetime | None
    ended_at: datetime | None
    stage: str
    done: int
    total: int
    cancelling: bool
    issues: Annotated[list[PublishIssue], Field(description="Why it failed, where the document or the records are the reason.")]
    reason: str | None


class PublishesAnswer(BaseModel):
    """Publishes of an app that took their time, the newest first."""

    publishes: list[PublishEntry]


class PublishedAnswer(BaseModel):
    """The number of the version that is active now; or none, and the publish that is under way."""

    version: int | None
    publish: PublishEntry | None = None
