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


@user.command("list")
def list_users() -> None:
    """List the users who may sign in, with their roles."""
    import asyncio

    asyncio.run(_list())


async def _link(email: str) -> None:
    from dougong.first_start import public_url
    from dougong.open_site import open_site
    from dougong.people.errors import UserNotFound
    from dougong.people.links import create_link, link_url
    from dougong.people.persons import find_person
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        person = await find_person(site, email)
        if person is None:
            raise UserNotFound(email=email)
        typer.echo(link_url(public_url(site.settings), await create_link(site.pool, person.actor.id)))


async def _list() -> None:
    from dougong.open_site import open_site
    from dougong.people.persons import read_person, read_user_ids
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        for user_id in await read_user_ids(opened.site):
            person = await read_person(opened.site, user_id)
            if person is not None:
                typer.echo(f"{person.email:<32} {person.actor.name}  {' '.join(sorted(person.actor.roles))}")
