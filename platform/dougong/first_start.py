"""The first start of a site: an empty database in, the organization, an administrator and the starter in it afterwards.

Every step looks whether it is done already, and the administrator's link comes last: a start that was broken off is taken
up by the next one. Of several processes that start at once one does it, the others wait for it.
"""

import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from secrets import choice
from uuid import UUID

from dougong.database.pool import connect
from dougong.model.app_model import ORGANIZATION
from dougong.packages.install import install
from dougong.packages.library import read_package
from dougong.people.credentials import read_users_without_password, write_password_hash
from dougong.people.links import create_link, link_url
from dougong.people.passwords import Passwords
from dougong.people.persons import Person, find_record, read_person, read_user_ids
from dougong.permissions.actor import SYSTEM
from dougong.settings import public_url
from dougong.sites import Site
from dougong.store.ids import seed_id
from dougong.work.perform import perform
from dougong.work.request import Create, Request

ADMINISTRATOR = seed_id(ORGANIZATION, "user", "administrator")
"""Id of the administrator the first start creates."""

_LOCK = 0x6669727374  # "first"
_LETTERS = "abcdefghjkmnpqrstuvwxyz23456789"

_IS_DONE = """
SELECT EXISTS (SELECT FROM dougong.credential WHERE user_id = $1) OR EXISTS (
    SELECT FROM dougong.sign_in_link WHERE user_id = $1 AND used_at IS NULL AND expires_at > now())
"""


@dataclass(frozen=True, slots=True)
class NewPassword:
    """A password made for a demo user; shown once, kept as a hash."""

    person: Person
    password: str


async def first_start(site: Site, passwords: Passwords, dsn: str) -> None:
    """Prepare an empty site and print how to get in; a site that is prepared costs one query."""
    if await site.pool.fetchval(_IS_DONE, ADMINISTRATOR):
        return
    connection = await connect(dsn)  # not from the pool: it is held while the steps below use the pool
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        if not await connection.fetchval(_IS_DONE, ADMINISTRATOR):
            await _prepare(site, passwords)
    finally:
        await connection.close()


async def _prepare(site: Site, passwords: Passwords) -> None:
    installed = set(await site.app_keys())
    if ORGANIZATION not in installed:
        await install(site, SYSTEM, read_package(ORGANIZATION), False)
    administrator = await read_person(site, ADMINISTRATOR) or await _create_administrator(site)
    made: list[NewPassword] = []
    starter = site.settings.starter
    if starter and starter not in installed:
        await install(site, administrator.actor, read_package(starter), True)
        made = await make_passwords(site, passwords, set(await read_user_ids(site)) - {ADMINISTRATOR})
    token = await create_link(site.pool, ADMINISTRATOR)
    print(_welcome(link_url(public_url(site.settings), token), administrator, made), file=sys.stdout, flush=True)


async def _create_administrator(site: Site) -> Person:
    role = await find_record(site, "role", "key", f"{ORGANIZATION}.administrator")
    values = {
        "name": "管理员",
        "email": site.settings.admin_email,
        "language": "zh_cn",
        "active": True,
        "roles": [{"role": role}],
    }
    await perform(site, Request(ORGANIZATION, SYSTEM, (Create("user", values, ADMINISTRATOR),), "first_start"))
    person = await read_person(site, ADMINISTRATOR)
    assert person is not None
    return person


async def make_passwords(site: Site, passwords: Passwords, user_ids: Iterable[UUID]) -> list[NewPassword]:
    """Give a password to those of the users who have none and may sign in, as those who came with demo data."""
    made = []
    for user_id in await read_users_without_password(site.pool, list(user_ids)):
        person = await read_person(site, user_id)
        if person is not None:
            password = "-".join("".join(choice(_LETTERS) for _ in range(4)) for _ in range(4))
            await write_password_hash(site.pool, user_id, await passwords.hash(password))
            made.append(NewPassword(person, password))
    return made


def told(made: Sequence[NewPassword]) -> list[str]:
    """Return the lines that show new passwords on a console, none if there are none."""
    if not made:
        return []
    title = "  演示用户（密码只显示这一次） Demo users (their passwords are shown this once):"
    return [title, *(f"    {one.person.email}  {one.password}  {one.person.actor.name}" for one in made), ""]


def _welcome(url: str, administrator: Person, made: Sequence[NewPassword]) -> str:
    lines = [
        "",
        f"  管理员 Administrator: {administrator.email}",
        "  打开此链接设置密码（7 天内有效，仅可使用一次） Open this link to set a password (once, within 7 days):",
        f"    {url}",
        "",
        *told(made),
    ]
    return "\n".join(lines)
