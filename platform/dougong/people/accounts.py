"""What is done about how users sign in, by themselves or by administrators: sessions ended, tokens made and revoked, second factors taken away.

Each deed and its row in the audit log are one transaction; every process hears of it.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from uuid import UUID

from dougong.audit.record import From, Subject, record
from dougong.errors import RequestInvalid
from dougong.model.app_model import ORGANIZATION
from dougong.people.api_tokens import make_token, revoke_token, scope_issues
from dougong.people.errors import NotAService, PersonUnknown
from dougong.people.messages import MESSAGES
from dougong.people.networks import SITE, Networks, holder_of_role, holder_of_user, is_within, lists_for, read_address
from dougong.people.notices import notify, notify_token
from dougong.people.persons import Person, read_person
from dougong.people.rules import Rules, Whom, clear_networks, keep_networks, keep_rules, read_rules
from dougong.people.second_factor import remove_second_factor
from dougong.people.session_list import revoke_session
from dougong.people.sessions import end_sessions_of
from dougong.permissions.actor import SYSTEM_ID, Actor
from dougong.sites import Site
from engines.values.issue import issue


@dataclass(frozen=True, slots=True)
class By:
    """Who does it, and from which address."""

    actor: Actor
    address: str = ""


@dataclass(frozen=True, slots=True)
class NewToken:
    """An API token that was just made; the token is shown this once."""

    id: UUID
    token: str


async def known_person(site: Site, user_id: UUID) -> Person:
    """Return the user with this id; raises PersonUnknown where there is none who may act."""
    person = await read_person(site, user_id)
    if person is None:
        raise PersonUnknown
    return person


async def issue_token(site: Site, by: By, person: Person, name: str, scopes: Sequence[str], days: int) -> NewToken:
    """Make an API token: one's own, or one of a service account. Raises RequestInvalid for scopes there are not, NotAService."""
    if not person.is_service and by.actor.id != person.actor.id and not by.actor.is_system:
        raise NotAService
    issues = await scope_issues(site, scopes, "/scopes")
    if issues:
        raise RequestInvalid(issues)
    async with site.pool.acquire() as connection, connection.transaction():
        token, token_id = await make_token(connection, person.actor.id, by.actor.id, name, scopes, days)
        details = {"name": name, "scopes": " ".join(scopes), "days": days, "token": token_id}
        await record(connection, "make-token", by.actor, _subject(person.actor.id, person.email), details, From(by.address))
        # Programs read no mail: who made theirs is told.
        reader = by.actor.id if person.is_service else person.actor.id
        if reader != SYSTEM_ID:
            await notify_token(connection, site.settings, reader, by.actor.id, name, person.actor.name)
    return NewToken(token_id, token)


async def take_token(site: Site, by: By, person: Person, token_id: UUID) -> None:
    """Revoke an API token of a user; raises TokenUnknown."""
    async with site.pool.acquire() as connection, connection.transaction():
        token = await revoke_token(connection, token_id, person.actor.id)
        details = {"name": token.name, "token": token.id}
        await record(connection, "revoke-token", by.actor, _subject(person.actor.id, person.email), details, From(by.address))


async def end_one_session(site: Site, by: By, person: Person, session_id: UUID) -> None:
    """End a session of a user; raises SessionUnknown."""
    async with site.pool.acquire() as connection, connection.transaction():
        await revoke_session(connection, person.actor.id, session_id)
        subject = _subject(person.actor.id, person.email)
        await record(connection, "end-session", by.actor, subject, {"which": "one", "session": session_id}, From(by.address))


async def end_sessions(site: Site, by: By, person: Person, but: bytes = b"") -> None:
    """End all sessions of a user, but for one where its digest is given."""
    async with site.pool.acquire() as connection, connection.transaction():
        await end_sessions_of(connection, person.actor.id, but)
        details = {"which": "others" if but else "all"}
        await record(connection, "end-session", by.actor, _subject(person.actor.id, person.email), details, From(by.address))


async def reset_second_factor(site: Site, by: By, person: Person) -> None:
    """Take a user's second factor away, as when the phone and the recovery codes are lost; their sessions end. Raises SecondFactorMissing."""
    async with site.pool.acquire() as connection, connection.transaction():
        await remove_second_factor(connection, person.actor.id)
        await notify(connection, site.settings, "second-factor-changed", person.actor.id, by.actor.id)
        await end_sessions_of(connection, person.actor.id)
        await record(connection, "remove-second-factor", by.actor, _subject(person.actor.id, person.email), origin=From(by.address))


async def set_networks(site: Site, by: By, person: Person, networks: Networks) -> None:
    """Replace the networks from which a user may come; raises RequestInvalid where that would lock out whoever does it."""
    async with site.pool.acquire() as connection, connection.transaction():
        await connection.fetch("SELECT FROM dougong.sign_in_rule FOR UPDATE")
        holder = holder_of_user(person.actor.id)
        _see_to_the_way_back(await read_rules(connection), {holder: networks}, by)
        await keep_networks(connection, {holder: networks})
        details = {"networks": " ".join(map(str, networks))}
        await record(connection, "change-networks", by.actor, _subject(person.actor.id, person.email), details, From(by.address))


async def set_rules(site: Site, by: By, revision: int, whom: Whom, networks: Networks, roles: Mapping[str, Networks]) -> None:
    """Replace the site's rules of sign-in; lists of users stay. roles: lists by the full key of a role; those not named have none.

    Raises RulesConflict, and RequestInvalid where the new rules would lock out whoever makes them.
    """
    async with site.pool.acquire() as connection, connection.transaction():
        await connection.fetch("SELECT FROM dougong.sign_in_rule FOR UPDATE")
        before = await read_rules(connection)
        gone = {holder: () for holder in before.networks if holder.startswith(holder_of_role(""))}
        lists: dict[str, Networks] = {**gone, SITE: networks, **{holder_of_role(key): listed for key, listed in roles.items()}}
        _see_to_the_way_back(before, lists, by)
        await keep_rules(connection, revision, whom, lists)
        details = {
            "second_factor": [before.second_factor, whom],
            "networks": {holder: [[*map(str, before.networks.get(holder, ()))], [*map(str, listed)]] for holder, listed in lists.items()},
        }
        await record(connection, "change-sign-in-rules", by.actor, details=details, origin=From(by.address))


async def remove_all_networks(site: Site, by: By) -> int:
    """Remove every list of networks, of the site, of roles and of users; return how many there were."""
    async with site.pool.acquire() as connection, connection.transaction():
        before = await read_rules(connection)
        count = await clear_networks(connection)
        details = {"networks": {holder: [[*map(str, listed)], []] for holder, listed in before.networks.items()}}
        await record(connection, "change-sign-in-rules", by.actor, details=details, origin=From(by.address))
    return count


def _see_to_the_way_back(before: Rules, changed: Mapping[str, Networks], by: By) -> None:
    """Raise RequestInvalid where whoever changes lists could come no more from where they are now."""
    lists = lists_for({**before.networks, **changed}, by.actor.id, by.actor.roles)
    if not is_within(by.address, lists):
        shown = read_address(by.address) or by.address
        raise RequestInvalid((issue(MESSAGES, "access-networks-lock-out", "/networks", None, address=shown),))


def _subject(user_id: UUID, email: str) -> Subject:
    return Subject(ORGANIZATION, "user", user_id, email)
