"""The bodies and answers of how people sign in: own account, users' accounts, API tokens, and the site's rules, as pydantic types."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from dougong.api.shapes import Body, Password, Revision
from dougong.people.api_tokens import ApiToken
from dougong.people.networks import MOST_NETWORKS
from dougong.people.second_factor import Enrolment, SecondFactor
from dougong.people.session_list import KnownSession

MOST_SCOPES = 50
LONGEST_DAYS = 1830
Text = Annotated[str, StringConstraints(max_length=100)]
NetworkTexts = Annotated[list[Text], Field(max_length=MOST_NETWORKS)]
Whom = Literal["nobody", "administrators", "everyone"]


class OwnPasswordBody(Body):
    """The present password of whoever is signed in, and the one to come."""

    current: Password
    password: Password


class ProofBody(Body):
    """The password of whoever is signed in, which proves that it is they; somebody without one sends nothing."""

    password: Password = ""


class TokenBody(ProofBody):
    """An API token to make: what it is for, what it may be used for, and for how many days; with the password of whoever makes it."""

    name: Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=100)]
    scopes: Annotated[list[Text], Field(min_length=1, max_length=MOST_SCOPES)]
    days: Annotated[int, Field(ge=1, le=LONGEST_DAYS)] = 90


class NetworksBody(Body):
    """Networks from which somebody may come, such as 192.0.2.0/24 or 2001:db8::/32; none for everywhere."""

    networks: NetworkTexts


class RoleNetworks(Body):
    """Networks from which people with a role, named by its full key, may come."""

    role: Text
    networks: NetworkTexts


class SignInRulesBody(Body):
    """The site's rules of sign-in; `revision` is the one they were made from. Roles that are not named have no list."""

    revision: Revision
    second_factor: Whom
    networks: NetworkTexts = []
    roles: Annotated[list[RoleNetworks], Field(max_length=500)] = []


class SignInRulesAnswer(BaseModel):
    """The site's rules of sign-in, and the address the question came from."""

    revision: int
    second_factor: Whom
    networks: list[str]
    roles: list[RoleNetworks]
    address: str


class SecondFactorAnswer(BaseModel):
    """A second factor in use: since when, and how many recovery codes are left."""

    since: datetime
    recovery_codes: int


class AccountAnswer(BaseModel):
    """How whoever is signed in signs in. second_factor_required: the site asks them for one."""

    has_password: bool
    second_factor: SecondFactorAnswer | None
    second_factor_required: bool


class EnrolmentAnswer(BaseModel):
    """What an authenticator needs, shown once: the secret, the same as an `otpauth:` address, and that as a QR code in SVG."""

    secret: str
    uri: str
    qr: str


class RecoveryCodesAnswer(BaseModel):
    """Recovery codes, shown once; each lets in once where the authenticator is not at hand."""

    recovery_codes: list[str]


class SessionEntry(BaseModel):
    """A sign-in that goes on. address: where it was last used from; seen_at is up to a minute old; is_this: the one that asks."""

    id: UUID
    method: str
    agent: str
    address: str
    created_at: datetime
    seen_at: datetime
    expires_at: datetime
    is_this: bool


class SessionsAnswer(BaseModel):
    """Sessions, the one used last first."""

    sessions: list[SessionEntry]


class TokenEntry(BaseModel):
    """An API token as it is listed; the token itself is not kept. used_at is up to a minute old."""

    id: UUID
    name: str
    scopes: list[str]
    created_at: datetime
    expires_at: datetime
    used_at: datetime | None
    used_from: str


class TokensAnswer(BaseModel):
    """API tokens, the newest first."""

    tokens: list[TokenEntry]


class TokenMadeAnswer(BaseModel):
    """A new API token, which is shown this once, for the header `Authorization: Bearer …`."""

    id: UUID
    token: str


class PersonAccountAnswer(BaseModel):
    """How a user signs in, as administrators see it."""

    id: UUID
    name: str
    email: str
    is_service: bool
    has_password: bool
    second_factor: SecondFactorAnswer | None
    networks: list[str]
    sessions: list[SessionEntry]
    tokens: list[TokenEntry]


def session_entry(known: KnownSession, this: UUID | None) -> SessionEntry:
    """Return a session as it is answered. this: the id of the one that asks."""
    return SessionEntry(
        id=known.id, method=known.method, agent=known.agent, address=known.address, created_at=known.created_at, seen_at=known.seen_at,
        expires_at=known.expires_at, is_this=known.id == this,
    )  # fmt: skip


def token_entry(token: ApiToken) -> TokenEntry:
    """Return an API token as it is answered."""
    return TokenEntry(
        id=token.id, name=token.name, scopes=list(token.scopes), created_at=token.created_at, expires_at=token.expires_at,
        used_at=token.used_at, used_from=token.used_from,
    )  # fmt: skip


def factor_answer(factor: SecondFactor | None) -> SecondFactorAnswer | None:
    """Return a second factor as it is answered."""
    return None if factor is None else SecondFactorAnswer(since=factor.since, recovery_codes=factor.recovery_codes)


def enrolment_answer(enrolment: Enrolment) -> EnrolmentAnswer:
    """Return what an authenticator needs as it is answered."""
    return EnrolmentAnswer(secret=enrolment.secret, uri=enrolment.uri, qr=enrolment.qr)
