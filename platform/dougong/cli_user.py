"""The commands `dougong user …`: for whoever can reach the server's console and nobody else."""

from __future__ import annotations

import os
from typing import Annotated

import typer

user = typer.Typer(help="Users: one-time links, list.", no_args_is_help=True)


@user.command()
def link(email: Annotated[str, typer.Argument(help="E-mail of the user.")]) -> None:
    """Print a one-time link with which a user sets their password and signs in."""
    import asyncio

    asyncio.run(_link(email))


@user.command()
def invite(
    emails: Annotated[list[str] | None, typer.Argument(help="E-mails of users.", metavar="EMAIL")] = None,
    everybody: Annotated[bool, typer.Option("--all", help="All active users without a password who have not been invited yet.")] = False,
    acting_as: Annotated[str, typer.Option("--as", help="Act as the user with this e-mail; without it as the first administrator.")] = "",
) -> None:
    """Invite users by mail to set their password; without mail settings print their one-time links."""
    import asyncio

    asyncio.run(_invite(emails or [], everybody, acting_as))


@user.command("list")
def list_users() -> None:
    """List the users who may sign in, with their roles."""
    import asyncio

    asyncio.run(_list())


async def _link(email: str) -> None:
    from dougong.open_site import open_site
    from dougong.people.errors import UserNotFound
    from dougong.people.links import create_link, link_url
    from dougong.people.persons import find_person
    from dougong.settings import public_url, read_settings

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        person = await find_person(site, email)
        if person is None:
            raise UserNotFound(email=email)
        typer.echo(link_url(public_url(site.settings), await create_link(site.pool, person.actor.id)))


async def _invite(emails: list[str], everybody: bool, acting_as: str) -> None:
    from dougong.audit.record import INSIDE
    from dougong.mail.smtp import is_set_up
    from dougong.open_site import open_site
    from dougong.people.errors import UserNotFound
    from dougong.people.invitations import MOST_AT_ONCE, By, invite, read_invitees
    from dougong.people.persons import acting, find_person
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        actor = await acting(site, acting_as)
        ids = []
        for email in emails:
            person = await find_person(site, email)
            if person is None:
                raise UserNotFound(email=email)
            ids.append(person.actor.id)
        if everybody:
            ids += [one.id for one in await read_invitees(site.pool) if one.invited_at is None and one.mail_state != "waiting"]
        for start in range(0, len(ids), MOST_AT_ONCE):
            by: By = "mail" if is_set_up(site.settings) else "link"
            for one in await invite(site, actor, ids[start : start + MOST_AT_ONCE], by, INSIDE):
                typer.echo(f"{one.person.email}  {one.link}".rstrip())


async def _list() -> None:
    from dougong.open_site import open_site
    from dougong.people.persons import read_person, read_user_ids
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        for user_id in await read_user_ids(opened.site):
            person = await read_person(opened.site, user_id)
            if person is not None:
                typer.echo(f"{person.email:<32} {person.actor.name}  {' '.join(sorted(person.actor.roles))}")
