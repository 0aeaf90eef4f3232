"""OpenID Connect: a provider in, where to send the browser out; then the code it brings back in, whom the provider vouches for out.

Code flow with PKCE, state and nonce. A sign-in that has begun is a row that is taken away by the first who comes back with its state,
and only from the browser that began it. Every request goes through `outgoing`.
Source: OpenID Connect Core 1.0, Discovery 1.0; RFC 6749, 7636, 9207, 9700.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, quote_plus, urlsplit
from uuid import UUID

from dougong.outgoing.resolve import may_be_plain
from dougong.people import told as telling
from dougong.people.outside import Vouched
from dougong.people.provider_errors import ProviderAnswerRefused, ProviderRefused, ProviderSignInLost
from dougong.people.providers import Provider, read_provider
from dougong.people.tokens import digest, new_token
from dougong.people.told import KEPT_S, ask
from dougong.settings import public_url
from dougong.sites import Site

if TYPE_CHECKING:
    from dougong.outgoing.fetch import Outgoing

VALID = timedelta(minutes=10)
LEEWAY_S = 60
ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures with a key pair alone: `none`, or one with the client's secret, would let others than the provider sign."""
_FACTORS = frozenset(("mfa", "otp", "hwk", "swk", "sc", "pop"))

_BEGIN = """
INSERT INTO dougong.oidc_sign_in (state_hash, browser_hash, provider, nonce, verifier, next, expires_at) VALUES ($1, $2, $3, $4, $5, $6, now() + $7::interval)
"""
_TAKE = """
DELETE FROM dougong.oidc_sign_in WHERE state_hash = $1 AND browser_hash = $2 AND provider = $3 AND expires_at > now() RETURNING nonce, verifier, next
"""
_CAME_BY = """
SELECT known.provider FROM dougong.outside_identity AS known JOIN dougong.sign_in_provider AS kept ON kept.key = known.provider AND kept.kind = 'oidc'
WHERE known.user_id = $1 ORDER BY known.used_at DESC LIMIT 1
"""


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in that has begun: where to send the browser, and what it must bring back in a cookie."""

    url: str
    browser_token: str


@dataclass(frozen=True, slots=True)
class Returned:
    """What a browser came back with: whom the provider vouches for, and where they wanted to go."""

    vouched: Vouched
    next: str


def outgoing(site: Site) -> Outgoing:
    """Return how this site calls providers."""
    from dougong.outgoing.fetch import Outgoing

    return Outgoing(site.settings.outgoing_hosts)


def return_address(site: Site, key: str) -> str:
    """Return the address a provider sends the browser back to, as it must be registered there."""
    return f"{public_url(site.settings)}/api/oidc/{key}/return"


async def discover(site: Site, provider: Provider, oldest_s: float = KEPT_S) -> Mapping[str, Any]:
    """Return what a provider says of itself, said some minutes ago at most; raises ProviderAnswerRefused, OutgoingRefused or OutgoingFailed."""
    issuer = provider.oidc.issuer
    _require_safe(site, issuer)
    found = await ask(site, outgoing(site), issuer.rstrip("/") + "/.well-known/openid-configuration", "discovery", oldest_s)
    if found.get("issuer") != issuer:
        raise ProviderAnswerRefused(reason=f"issuer: {_shown(found.get('issuer'))}")
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        if not isinstance(found.get(name), str):
            raise ProviderAnswerRefused(reason=f"{name} is missing")
        _require_safe(site, found[name])
    methods = found.get("code_challenge_methods_supported")
    if isinstance(methods, list) and "S256" not in methods:
        raise ProviderAnswerRefused(reason="code_challenge_methods_supported: no S256")
    return found


async def begin(site: Site, provider: Provider, next_place: str) -> Begun:
    """Begin a sign-in and return where to send the browser."""
    from authlib.common.urls import add_params_to_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    found = await discover(site, provider)
    state, nonce, verifier, browser_token = (new_token() for _ in range(4))
    await site.pool.execute(
        _BEGIN, digest(state.encode()), digest(browser_token.encode()), provider.key, nonce, verifier, next_place, VALID
    )
    asked = {
        "response_type": "code", "client_id": provider.oidc.client_id, "redirect_uri": return_address(site, provider.key),
        "scope": provider.oidc.scopes, "state": state, "nonce": nonce, "code_challenge": create_s256_code_challenge(verifier),
        "code_challenge_method": "S256",
    }  # fmt: skip
    return Begun(str(add_params_to_uri(found["authorization_endpoint"], list(asked.items()))), browser_token)


async def finish(site: Site, provider: Provider, brought: Mapping[str, str], browser_token: str) -> Returned:
    """Return whom a provider vouches for to a browser that came back.

    brought: the parameters of its address. Raises ProviderSignInLost when this browser has begun no such sign-in or it is over,
    ProviderRefused when the provider let nobody in, ProviderAnswerRefused when what it says cannot be believed.
    """
    row = await site.pool.fetchrow(
        _TAKE, digest(brought.get("state", "").encode()), digest(browser_token.encode()), provider.key
    )
    if row is None:
        raise ProviderSignInLost
    if "error" in brought:
        raise ProviderRefused(provider=provider.name, reason=_shown(brought.get("error_description") or brought["error"]))
    if brought.get("iss", provider.oidc.issuer) != provider.oidc.issuer:
        raise ProviderAnswerRefused(reason=f"iss: {_shown(brought['iss'])}")
    found = await discover(site, provider)
    tokens = await _exchange(site, provider, found["token_endpoint"], brought.get("code", ""), row["verifier"])
    claims = await _read_id_token(site, provider, found["jwks_uri"], tokens, row["nonce"])
    about = {**claims, **await _userinfo(site, found, tokens, claims)} if "email" not in claims else claims
    return Returned(_vouched(provider, claims, about), row["next"])


async def _exchange(site: Site, provider: Provider, endpoint: str, code: str, verifier: str) -> Mapping[str, Any]:
    options = provider.oidc
    form = {"grant_type": "authorization_code", "code": code, "redirect_uri": return_address(site, provider.key), "code_verifier": verifier}
    headers = {}
    if options.client_auth == "basic":
        pair = f"{quote_plus(options.client_id)}:{quote_plus(provider.secret)}"
        headers["authorization"] = "Basic " + b64encode(pair.encode()).decode()
    else:
        form["client_id"] = options.client_id
        if options.client_auth == "post":
            form["client_secret"] = provider.secret
    answer = await outgoing(site).post_form(endpoint, form, headers)
    found = answer.json() if answer.status in (200, 400, 401) else {}
    if answer.status != 200:
        raise ProviderAnswerRefused(reason=f"token: HTTP {answer.status} {_shown(found.get('error', ''))}".rstrip())
    if not isinstance(found.get("id_token"), str):
        raise ProviderAnswerRefused(reason="id_token is missing")
    return found


async def _read_id_token(site: Site, provider: Provider, jwks_uri: str, tokens: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
    """Return what the signed token says; keys that do not fit are asked for again, for a provider may have changed them just now."""
    told = await ask(site, outgoing(site), jwks_uri, "jwks")
    try:
        return _claims(provider, told, tokens, nonce)
    except ProviderAnswerRefused:
        again = await ask(site, outgoing(site), jwks_uri, "jwks", telling.FRESH_S)
        if again is told:
            raise
        return _claims(provider, again, tokens, nonce)


def _claims(provider: Provider, told: Mapping[str, Any], tokens: Mapping[str, Any], nonce: str) -> Mapping[str, Any]:
    from authlib.oidc.core import CodeIDToken
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    options = {
        "iss": {"essential": True, "value": provider.oidc.issuer}, "aud": {"essential": True, "value": provider.oidc.client_id},
        "sub": {"essential": True}, "exp": {"essential": True}, "iat": {"essential": True},
    }  # fmt: skip
    access_token = tokens.get("access_token")
    params = {"nonce": nonce, "client_id": provider.oidc.client_id, "access_token": access_token if isinstance(access_token, str) else None}
    try:
        keys = KeySet.import_key_set({"keys": [key for key in told.get("keys", []) if _may_sign(key)]})
        token = jwt.decode(tokens["id_token"], keys, algorithms=list(ALGORITHMS))
        CodeIDToken(token.claims, token.header, options, params).validate(leeway=LEEWAY_S)
    except (JoseError, ValueError, TypeError, KeyError, AttributeError) as wrong:
        raise ProviderAnswerRefused(reason=f"id_token: {_shown(getattr(wrong, 'description', '') or str(wrong) or type(wrong).__name__)}") from None
    if not isinstance(token.claims["sub"], str) or not token.claims["sub"]:
        raise ProviderAnswerRefused(reason="id_token: sub")
    claims: Mapping[str, Any] = token.claims
    return claims


def _may_sign(key: object) -> bool:
    """Whether a key can check signatures here: one of a pair, and not for encrypting."""
    return isinstance(key, dict) and key.get("kty") in ("RSA", "EC", "OKP") and key.get("use", "sig") == "sig"


async def _userinfo(site: Site, found: Mapping[str, Any], tokens: Mapping[str, Any], claims: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what the provider tells of the person besides, nothing where it tells nothing, or of somebody else."""
    endpoint = found.get("userinfo_endpoint")
    if not isinstance(endpoint, str) or not isinstance(tokens.get("access_token"), str):
        return {}
    _require_safe(site, endpoint)
    answer = await outgoing(site).get(endpoint, {"authorization": f"Bearer {tokens['access_token']}"})
    told = answer.json() if answer.status == 200 else {}
    return {name: told[name] for name in ("email", "email_verified", "name", "locale") if name in told} if told.get("sub") == claims["sub"] else {}


def _vouched(provider: Provider, claims: Mapping[str, Any], about: Mapping[str, Any]) -> Vouched:
    amr = claims.get("amr")
    factors = {one for one in amr if isinstance(one, str)} if isinstance(amr, list) else set()
    has_factor = provider.oidc.second_factor == "always" or (provider.oidc.second_factor == "amr" and bool(factors & _FACTORS))
    return Vouched(
        provider=provider,
        issuer=provider.oidc.issuer,
        subject=claims["sub"],
        email=_text(about.get("email")).strip().lower(),
        is_verified=about.get("email_verified") is True,
        name=_text(about.get("name")),
        language="zh_cn" if _text(about.get("locale")).lower().startswith("zh") or not about.get("locale") else "en",
        has_second_factor=has_factor,
    )


async def sign_out_address(site: Site, user_id: UUID) -> str | None:
    """Return where a user signs out of the provider they came by last, None where that is not wanted or the provider cannot."""
    from authlib.common.urls import add_params_to_uri

    key = await site.pool.fetchval(_CAME_BY, user_id)
    provider = None if key is None else await read_provider(site, key, "oidc")
    if provider is None or not provider.oidc.signs_out:
        return None
    endpoint = (await discover(site, provider)).get("end_session_endpoint")
    if not isinstance(endpoint, str):
        return None
    _require_safe(site, endpoint)
    asked = {"client_id": provider.oidc.client_id, "post_logout_redirect_uri": public_url(site.settings) + "/sign-in"}
    return str(add_params_to_uri(endpoint, list(asked.items())))


def _require_safe(site: Site, url: str) -> None:
    """Raise ProviderAnswerRefused for an address without TLS, unless the operator trusts the network to its host."""
    parts = urlsplit(url)
    if parts.scheme != "https" and not may_be_plain(parts.hostname or "", site.settings.outgoing_hosts):
        raise ProviderAnswerRefused(reason=f"{quote(url[:200], safe=':/')}: not https")


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _shown(value: object) -> str:
    """Return what somebody else's server said, short and in one line."""
    return " ".join(str(value).split())[:200]
