"""Endpoints with which administrators see to how people sign in: a user's sessions, tokens and second factor, and the site's rules."""

from collections.abc import Sequence
from uuid import UUID

from fastapi import APIRouter

from dougong.api.account_shapes import (
    NetworksBody,
    PersonAccountAnswer,
    RoleNetworks,
    SignInRulesAnswer,
    SignInRulesBody,
    TokenBody,
    TokenMadeAnswer,
    factor_answer,
    session_entry,
    token_entry,
)
from dougong.api.asked import AskedAddress, AskedAdministrator, AskedHouse
from dougong.api.house import House
from dougong.errors import RequestInvalid
from dougong.people.accounts import (
    By,
    end_one_session,
    end_sessions,
    issue_token,
    known_person,
    reset_second_factor,
    set_networks,
    set_rules,
    take_token,
)
from dougong.people.api_tokens import read_tokens
from dougong.people.credentials import read_password_hash
from dougong.people.messages import MESSAGES
from dougong.people.networks import SITE, Networks, holder_of_role, holder_of_user, read_networks
from dougong.people.own_account import prove
from dougong.people.persons import find_role
from dougong.people.rules import read_rules
from dougong.people.second_factor import read_second_factor
from dougong.people.session_list import read_sessions
from engines.values.issue import Issue, issue

routes = APIRouter()


@routes.get("/api/people/{user_id}/account", operation_id="read_person_account")
async def read(user_id: UUID, session: AskedAdministrator, house: AskedHouse) -> PersonAccountAnswer:
    """Return how a user signs in: sessions, API tokens, second factor and allowed networks, for administrators alone."""
    person = await known_person(house.site, user_id)
    pool = house.site.pool
    rules = await read_rules(pool)
    return PersonAccountAnswer(
        id=user_id,
        name=person.actor.name,
        email=person.email,
        is_service=person.is_service,
        has_password=await read_password_hash(pool, user_id) is not None,
        second_factor=factor_answer(await read_second_factor(pool, user_id)),
        networks=[str(one) for one in rules.networks.get(holder_of_user(user_id), ())],
        sessions=[session_entry(one, session.id) for one in await read_sessions(pool, user_id)],
        tokens=[token_entry(one) for one in await read_tokens(pool, user_id)],
    )


@routes.delete("/api/people/{user_id}/sessions", operation_id="end_person_sessions", status_code=204)
async def end_all(user_id: UUID, session: AskedAdministrator, house: AskedHouse, address: AskedAddress) -> None:
    """End all sessions of a user, for administrators alone."""
    await end_sessions(house.site, By(session.actor, address), await known_person(house.site, user_id))
    house.sessions.forget(f"user:{user_id}")


@routes.delete("/api/people/{user_id}/sessions/{session_id}", operation_id="end_person_session", status_code=204)
async def end_one(user_id: UUID, session_id: UUID, session: AskedAdministrator, house: AskedHouse, address: AskedAddress) -> None:
    """End one session of a user, for administrators alone."""
    await end_one_session(house.site, By(session.actor, address), await known_person(house.site, user_id), session_id)
    house.sessions.forget(f"user:{user_id}")


@routes.delete("/api/people/{user_id}/second-factor", operation_id="reset_second_factor", status_code=204)
async def reset(user_id: UUID, session: AskedAdministrator, house: AskedHouse, address: AskedAddress) -> None:
    """Take away the second factor of a user who has lost it, whose sessions all end; for administrators alone."""
    await reset_second_factor(house.site, By(session.actor, address), await known_person(house.site, user_id))
    house.sessions.forget(f"user:{user_id}")


@routes.post("/api/people/{user_id}/tokens", operation_id="make_person_token", status_code=201)
async def make(user_id: UUID, body: TokenBody, session: AskedAdministrator, house: AskedHouse, address: AskedAddress) -> TokenMadeAnswer:
    """Make an API token for a service account, shown this once; for administrators alone, whose password is asked for. People make their own."""
    await prove(house.site, house.passwords, session, body.password, address)
    person = await known_person(house.site, user_id)
    made = await issue_token(house.site, By(session.actor, address), person, body.name, body.scopes, body.days)
    return TokenMadeAnswer(id=made.id, token=made.token)


@routes.delete("/api/people/{user_id}/tokens/{token_id}", operation_id="revoke_person_token", status_code=204)
async def revoke(user_id: UUID, token_id: UUID, session: AskedAdministrator, house: AskedHouse, address: AskedAddress) -> None:
    """End an API token of a user in every process, for administrators alone."""
    await take_token(house.site, By(session.actor, address), await known_person(house.site, user_id), token_id)
    house.sessions.forget(f"user:{user_id}")


@routes.put("/api/people/{user_id}/networks", operation_id="set_person_networks", status_code=204)
async def allow(user_id: UUID, body: NetworksBody, session: AskedAdministrator, house: AskedHouse, address: AskedAddress) -> None:
    """Set from which networks a user may come, in place of the lists of the site and of roles; none for those. For administrators alone."""
    person = await known_person(house.site, user_id)
    networks, issues = read_networks(body.networks, "/networks")
    if issues:
        raise RequestInvalid(issues)
    await set_networks(house.site, By(session.actor, address), person, networks)
    house.sessions.forget("all")


@routes.get("/api/sign-in-rules", operation_id="read_sign_in_rules")
async def rules(session: AskedAdministrator, house: AskedHouse, address: AskedAddress) -> SignInRulesAnswer:
    """Return the rules of sign-in, for administrators alone: who needs a second factor, and the networks of the site and of roles."""
    return await _rules(house, address)


@routes.put("/api/sign-in-rules", operation_id="save_sign_in_rules")
async def save_rules(body: SignInRulesBody, session: AskedAdministrator, house: AskedHouse, address: AskedAddress) -> SignInRulesAnswer:
    """Replace the rules of sign-in, for administrators alone; refused where somebody else has changed them since, or where they would lock out whoever makes them."""
    networks, issues = read_networks(body.networks, "/networks")
    roles, wrong = await _role_lists(house, body.roles)
    if issues or wrong:
        raise RequestInvalid((*issues, *wrong))
    await set_rules(house.site, By(session.actor, address), body.revision, body.second_factor, networks, roles)
    house.sessions.forget("all")
    return await _rules(house, address)


async def _rules(house: House, address: str) -> SignInRulesAnswer:
    kept = await read_rules(house.site.pool)
    prefix = holder_of_role("")
    roles = {holder.removeprefix(prefix): networks for holder, networks in sorted(kept.networks.items()) if holder.startswith(prefix)}
    return SignInRulesAnswer(
        revision=kept.revision,
        second_factor=kept.second_factor,
        networks=[str(one) for one in kept.networks.get(SITE, ())],
        roles=[RoleNetworks(role=key, networks=[str(one) for one in networks]) for key, networks in roles.items()],
        address=address,
    )


async def _role_lists(house: House, sent: Sequence[RoleNetworks]) -> tuple[dict[str, Networks], list[Issue]]:
    lists: dict[str, Networks] = {}
    issues: list[Issue] = []
    for place, one in enumerate(sent):
        networks, wrong = read_networks(one.networks, f"/roles/{place}/networks")
        issues += wrong
        if await find_role(house.site, one.role) is None:
            issues.append(issue(MESSAGES, "access-role-unknown", f"/roles/{place}/role", None, text=one.role))
        lists[one.role] = networks
    return lists, issues
