"""What administrators say of a provider that vouches for people: JSON in, typed options out, with an issue for each that cannot be used.

Two kinds: `oidc`, an OpenID Connect provider the browser is sent to, and `ldap`, a directory that checks passwords typed here.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, TypeAdapter, ValidationError

from dougong.people.messages import MESSAGES
from engines.values.issue import Issue, issue

Short = Annotated[str, StringConstraints(max_length=500, strip_whitespace=True)]
Needed = Annotated[str, StringConstraints(min_length=1, max_length=500, strip_whitespace=True)]
RoleKey = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*$", max_length=81)]
Domain = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9-]+(\.[A-Za-z0-9-]+)+$", max_length=253), AfterValidator(str.lower)]
LOGIN = "{login}"


class Vouching(BaseModel):
    """What holds for both kinds.

    links: which e-mails of the provider join a user who is there already: none, those it says are verified, or all, where whoever runs it
    alone gives e-mails. creates: whether others become users at their first sign-in, with these roles, in these e-mail domains (any if none).
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    links: Literal["none", "verified", "all"] = "none"
    creates: bool = False
    domains: Annotated[tuple[Domain, ...], Field(max_length=50)] = ()
    roles: Annotated[tuple[RoleKey, ...], Field(max_length=50)] = ()


class OidcOptions(Vouching):
    """An OpenID Connect provider. second_factor: whether its sign-ins count as both steps: never, where `amr` says so, or always."""

    issuer: Needed
    client_id: Needed
    scopes: Short = "openid email profile"
    client_auth: Literal["basic", "post", "none"] = "basic"
    second_factor: Literal["never", "amr", "always"] = "never"
    signs_out: bool = False


class GroupRoles(BaseModel):
    """Members of a group (its distinguished name) have these roles."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    group: Needed
    roles: Annotated[tuple[RoleKey, ...], Field(max_length=50)]


class LdapOptions(Vouching):
    """An LDAP directory. filter: finds an entry by what was typed, `{login}`. ca: certificates (PEM) to trust besides the machine's."""

    host: Needed
    port: Annotated[int, Field(ge=1, le=65535)] = 636
    security: Literal["ldaps", "starttls", "none"] = "ldaps"
    ca: Annotated[str, StringConstraints(max_length=50_000)] = ""
    bind_dn: Short = ""
    base: Needed
    filter: Needed = f"(mail={LOGIN})"
    id_attribute: Needed = "entryUUID"
    email_attribute: Needed = "mail"
    name_attribute: Needed = "cn"
    group_attribute: Needed = "memberOf"
    group_roles: Annotated[tuple[GroupRoles, ...], Field(max_length=100)] = ()


Options = OidcOptions | LdapOptions
_KINDS: Mapping[str, TypeAdapter[Any]] = {"oidc": TypeAdapter(OidcOptions), "ldap": TypeAdapter(LdapOptions)}
_FILTER = re.compile(r"\(.+\)\Z", re.DOTALL)


def read_options(kind: str, options: Mapping[str, Any]) -> Options | tuple[Issue, ...]:
    """Return the options of a provider, or what is wrong with them."""
    try:
        found: Options = _KINDS[kind].validate_python(dict(options), strict=False)
    except ValidationError as wrong:
        return tuple(
            issue(MESSAGES, "access-provider-option", "/options/" + "/".join(map(str, one["loc"])), None, name=_name(one["loc"]))
            for one in wrong.errors(include_url=False)
        )
    return _troubles(found) or found


def _troubles(options: Options) -> tuple[Issue, ...]:
    found: list[Issue] = []
    if isinstance(options, OidcOptions):
        parts = urlsplit(options.issuer)
        if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
            found.append(issue(MESSAGES, "access-provider-issuer", "/options/issuer", None))
        if "openid" not in options.scopes.split():
            found.append(issue(MESSAGES, "access-provider-scopes", "/options/scopes", None))
    elif LOGIN not in options.filter or not _FILTER.match(options.filter) or options.filter.count("(") != options.filter.count(")"):
        found.append(issue(MESSAGES, "access-provider-filter", "/options/filter", None))
    return tuple(found)


def _name(place: tuple[int | str, ...]) -> str:
    return str(next((part for part in reversed(place) if isinstance(part, str)), place[-1] if place else "options"))
