"""Shapes of what is sent and answered about public links."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AwareDatetime, BaseModel, Field, StringConstraints

from dougong.api.shapes import Body, Label

Name = Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
LinkPassword = Annotated[str, StringConstraints(min_length=8, max_length=200)]
MostUses = Annotated[int, Field(ge=1, le=1_000_000)]
PartKey = Annotated[str, StringConstraints(max_length=100)]


class MakePublicLinkBody(Body):
    """What a link opens and within which bounds. record: for `read`; form: which one, null for all fields; lookups: references a visitor may choose."""

    kind: Literal["fill", "read"]
    app: PartKey
    entity: PartKey
    record: UUID | None = None
    form: PartKey | None = None
    lookups: Annotated[list[PartKey], Field(max_length=50)] = []
    name: Name
    password: LinkPassword | None = None
    expires_at: AwareDatetime | None = None
    most_uses: MostUses | None = None


class ChangePublicLinkBody(Body):
    """What is to be different; what is not sent stays. A password, an end and a limit are taken away by null."""

    name: Name | None = None
    password: LinkPassword | None = None
    expires_at: AwareDatetime | None = None
    most_uses: MostUses | None = None
    is_paused: bool | None = None


class PublicLinkEntry(BaseModel):
    """A public link as who looks after it sees it; its token is told once, when it is made. state: whether it can be used now, or why not."""

    id: UUID
    kind: Literal["fill", "read"]
    app: str
    app_name: Label
    entity: str
    entity_name: Label
    record: UUID | None
    form: str | None
    lookups: list[str]
    name: str
    has_password: bool
    expires_at: datetime | None
    most_uses: int | None
    uses: int
    used_at: datetime | None
    is_paused: bool
    state: Literal["open", "paused", "over", "used-up", "stopped"]
    created_at: datetime
    created_by: UUID
    created_by_name: str


class PublicLinksAnswer(BaseModel):
    """Public links, the newest first."""

    links: list[PublicLinkEntry]


class MadePublicLinkAnswer(BaseModel):
    """A link that was made, and its address, which nobody can be told again."""

    link: PublicLinkEntry
    url: str


class OpenPublicLinkBody(Body):
    """The password of a link, where it has one."""

    password: Annotated[str, StringConstraints(max_length=200)] | None = None


class OpenedAnswer(BaseModel):
    """What a visitor finds. pass: to be sent along from here on, where the link has a password. model: of the form; record: of a link that reads one."""

    kind: Literal["fill", "read"]
    entity: str
    form: str | None
    model: dict[str, Any]
    record: dict[str, Any] | None = None
    pass_: Annotated[str | None, Field(serialization_alias="pass")] = None


class SentAnswer(BaseModel):
    """What was sent is saved. can_again: whether the link can be filled in once more."""

    can_again: bool
