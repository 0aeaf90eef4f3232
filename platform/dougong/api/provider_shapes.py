"""Shapes of what is sent and answered about providers that vouch for people."""

from typing import Annotated, Any, Literal

from pydantic import BaseModel, Field, StringConstraints

from dougong.api.shapes import Body, Email

ProviderKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=40)]


class ProviderBody(Body):
    """A provider as an administrator sets it: `revision` 0 makes a new one; without `secret` the one there is stays."""

    revision: Annotated[int, Field(ge=0, le=2**31 - 1)]
    kind: Literal["oidc", "ldap"]
    name: Annotated[str, StringConstraints(min_length=1, max_length=100, strip_whitespace=True)]
    is_active: bool
    options: dict[str, Any]
    secret: Annotated[str, StringConstraints(max_length=2000)] | None = None


class ProviderEntry(BaseModel):
    """A provider as it is shown to administrators: whether it has a secret, never which. return_address: to be registered with the provider."""

    key: str
    kind: Literal["oidc", "ldap"]
    name: str
    is_active: bool
    options: dict[str, Any]
    has_secret: bool
    revision: int
    return_address: str


class ProvidersAnswer(BaseModel):
    """All providers, and whether this server has what LDAP needs."""

    providers: list[ProviderEntry]
    has_ldap: bool


class TryBody(Body):
    """What to try a directory with: an e-mail or name as somebody would type it."""

    login: Email = ""


class TryAnswer(BaseModel):
    """What a provider said when it was tried: name and value of each."""

    found: dict[str, str]


class SignOutAnswer(BaseModel):
    """Where to sign out of the provider too; null where that is not wanted."""

    address: str | None


class SignInProvider(BaseModel):
    """A provider the sign-in page offers."""

    key: str
    name: str


class SignInOptionsAnswer(BaseModel):
    """How one can sign in: providers to go to, and whether a new password can be asked for by mail."""

    providers: list[SignInProvider]
    can_reset: bool
