"""The way in for whom a provider vouches: the user it means, made or given other roles where that is wanted, then the same door as everybody's."""

from dougong.api.house import House
from dougong.audit.record import From, Subject, record
from dougong.model.app_model import ORGANIZATION
from dougong.people.entry import HalfSignIn, SignIn, enter
from dougong.people.errors import NotSignedIn
from dougong.people.ldap import vouch
from dougong.people.outside import NewUser, Vouched, join, recognise, role_ids
from dougong.people.persons import Person, read_person
from dougong.people.provider_errors import OutsidePersonInactive
from dougong.people.roles import read_roles
from dougong.people.sessions import Caller
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site
from dougong.work.last_administrator import ADMINISTRATOR, LastAdministrator
from dougong.work.perform import perform
from dougong.work.request import Create, Request, Update


async def enter_vouched(house: House, vouched: Vouched, caller: Caller) -> SignIn | HalfSignIn:
    """Let in whom a provider vouches for; raises what `recognise` and `enter` do."""
    site, origin = house.site, From(caller.address)
    found = await recognise(site, vouched, origin)
    person = await _create(site, vouched, found, origin) if isinstance(found, NewUser) else await _with_roles(site, vouched, found, origin)
    house.sessions.forget(f"user:{person.actor.id}")
    method = f"{vouched.provider.kind}-two-step" if vouched.has_second_factor else vouched.provider.kind
    return await enter(site, person, caller, method)


async def enter_by_directory(house: House, login: str, password: str, caller: Caller) -> SignIn | HalfSignIn | None:
    """Let in whom a directory vouches for by what they typed; None where none does. Raises DirectoryUnavailable and what `enter_vouched` does."""
    vouched = await vouch(house.site, login, password)
    return None if vouched is None else await enter_vouched(house, vouched, caller)


async def _create(site: Site, vouched: Vouched, new: NewUser, origin: From) -> Person:
    """Make a user for somebody at their first sign-in."""
    roles = [{"role": str(role)} for role in await role_ids(site, new.roles)]
    values = {"name": new.name, "email": new.email, "language": new.language, "active": True, "roles": roles}
    outcome = await perform(site, Request(ORGANIZATION, SYSTEM, (Create("user", values),), "provider"))
    person = await read_person(site, outcome.records[0].id)
    if person is None:
        raise OutsidePersonInactive
    async with site.pool.acquire() as connection, connection.transaction():
        await join(connection, vouched, person, origin)
    return person


async def _with_roles(site: Site, vouched: Vouched, person: Person, origin: From) -> Person:
    """Give a user the roles their groups give there, and take those of them that their groups no longer do; other roles stay.

    Roles of positions and of groups of the organization are none of the user's own and never become so. The last administrator stays one.
    """
    given = await read_roles(site.pool, await site.app(ORGANIZATION), person.actor.id)
    own = frozenset(one.key for one in given if one.source == "user")
    wanted = (own - vouched.managed) | vouched.roles
    if wanted == own:
        return person
    try:
        await _write_roles(site, person, wanted)
    except LastAdministrator:
        about = Subject(ORGANIZATION, "user", person.actor.id, person.email)
        await record(site.pool, "keep-administrator", person.actor, about, {"provider": vouched.provider.key}, origin)
        if wanted | {ADMINISTRATOR} != own:
            await _write_roles(site, person, wanted | {ADMINISTRATOR})
    changed = await read_person(site, person.actor.id)
    if changed is None:
        raise NotSignedIn
    return changed


async def _write_roles(site: Site, person: Person, wanted: frozenset[str]) -> None:
    roles = [{"role": str(role)} for role in await role_ids(site, wanted)]
    await perform(site, Request(ORGANIZATION, SYSTEM, (Update("user", person.actor.id, {"roles": roles}),), "provider"))
