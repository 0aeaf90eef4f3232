"""Shapes of what is sent and answered about mail, invitations and links."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from dougong.api.shapes import Body, Email, Password
from dougong.people.invitations import MOST_AT_ONCE

Token = Annotated[str, StringConstraints(max_length=200)]


class LinkBody(Body):
    """The token of a one-time link: what stands behind the # of its address."""

    token: Token


class UseLinkBody(LinkBody):
    """The token of a one-time link, and the password to be set."""

    password: Password


class LinkAnswer(BaseModel):
    """Whose one-time link it is."""

    name: str
    email: str


class ResetBody(Body):
    """The e-mail of somebody who forgot their password."""

    email: Email


class InviteBody(Body):
    """Users to invite; with `link` the answer holds their links, with `mail` they are mailed."""

    users: Annotated[list[UUID], Field(min_length=1, max_length=MOST_AT_ONCE)]
    by: Literal["mail", "link"]


class InvitedUser(BaseModel):
    """A user who was invited, and the link to hand to them; null where it goes by mail."""

    id: UUID
    name: str
    email: str
    link: str | None


class InvitedAnswer(BaseModel):
    """Those who were invited, in the order they were named."""

    invited: list[InvitedUser]


class Invitee(BaseModel):
    """An active user without a password. mail: what became of the latest invitation by mail, with the reason if it failed."""

    id: UUID
    name: str
    email: str
    invited_at: datetime | None
    mail: Literal["", "waiting", "sent", "failed"]
    reason: str


class InviteesAnswer(BaseModel):
    """Users who have no password yet, and whether they can be invited by mail."""

    can_mail: bool
    invitees: list[Invitee]


class MailEntry(BaseModel):
    """A mail and what became of it; tries: those that failed, reason: why the last one did."""

    id: UUID
    kind: str
    user: UUID
    email: str
    state: Literal["waiting", "sent", "failed"]
    tries: int
    reason: str
    created_at: datetime
    updated_at: datetime


class MailAnswer(BaseModel):
    """Whether this server can send mail and as whom, and the latest mails."""

    is_set_up: bool
    sender: str
    host: str
    mails: list[MailEntry]
