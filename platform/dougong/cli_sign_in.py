"""Commands `dougong user …` about how users sign in: API tokens, lost second factors, and the way back when nobody may come any more."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import TYPE_CHECKING, Annotated
from uuid import UUID

import typer

from dougong.cli_user import user

if TYPE_CHECKING:
    from dougong.people.persons import Person
    from dougong.sites import Site

Email = Annotated[str, typer.Argument(help="E-mail of the user.")]


@user.command()
def tokens(email: Email) -> None:
    """List the API tokens of a user: id, name, scopes, until when, last used."""
    import asyncio

    asyncio.run(_tokens(email))


@user.command()
def make_token(
    email: Email,
    name: Annotated[str, typer.Argument(help="What the token is for.")],
    scope: Annotated[list[str], typer.Option(help="What it may be used for, such as read, crm.write or crm.order.read; may be repeated.")],
    days: Annotated[int, typer.Option(min=1, max=1830, help="After how many days it ends.")] = 90,
) -> None:
    """Make an API token for a user and print it; it is shown this once."""
    import asyncio

    asyncio.run(_make_token(email, name, scope, days))


@user.command()
def revoke_token(token_id: Annotated[UUID, typer.Argument(help="Id of the token, as `dougong user tokens` shows it.")]) -> None:
    """End an API token, in every process of the server."""
    import asyncio

    asyncio.run(_revoke_token(token_id))


@user.command()
def reset_second_factor(email: Email) -> None:
    """Take away the second factor of a user who has lost the phone and the recovery codes; their sessions end."""
    import asyncio

    asyncio.run(_reset_second_factor(email))


@user.command()
def end_sessions(email: Email) -> None:
    """End all sessions of a user, in every process of the server."""
    import asyncio

    asyncio.run(_end_sessions(email))


@user.command()
def clear_networks() -> None:
    """Remove every list of allowed networks: the site's, those of roles and those of users."""
    import asyncio

    asyncio.run(_clear_networks())


@asynccontextmanager
async def _person(email: str) -> AsyncIterator[tuple[Site, Person]]:
    from dougong.open_site import open_site
    from dougong.people.errors import UserNotFound
    from dougong.people.persons import find_person
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        person = await find_person(opened.site, email)
        if person is None:
            raise UserNotFound(email=email)
        yield opened.site, person


async def _tokens(email: str) -> None:
    from dougong.people.api_tokens import read_tokens

    async with _person(email) as (site, person):
        for token in await read_tokens(site.pool, person.actor.id):
            used = f"{token.used_at:%Y-%m-%d %H:%M} {token.used_from}" if token.used_at else "-"
            typer.echo(f"{token.id}  {token.expires_at:%Y-%m-%d}  {used:<34} {token.name}  {' '.join(token.scopes)}")


async def _make_token(email: str, name: str, scopes: list[str], days: int) -> None:
    from dougong.people.accounts import By, issue_token
    from dougong.permissions.actor import SYSTEM

    async with _person(email) as (site, person):
        typer.echo((await issue_token(site, By(SYSTEM), person, name, scopes, days)).token)


async def _revoke_token(token_id: UUID) -> None:
    from dougong.open_site import open_site
    from dougong.people.accounts import By, known_person, take_token
    from dougong.people.api_tokens import read_owner
    from dougong.permissions.actor import SYSTEM
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        person = await known_person(opened.site, await read_owner(opened.site.pool, token_id))
        await take_token(opened.site, By(SYSTEM), person, token_id)


async def _reset_second_factor(email: str) -> None:
    from dougong.people.accounts import By, reset_second_factor
    from dougong.permissions.actor import SYSTEM

    async with _person(email) as (site, person):
        await reset_second_factor(site, By(SYSTEM), person)


async def _end_sessions(email: str) -> None:
    from dougong.people.accounts import By, end_sessions
    from dougong.permissions.actor import SYSTEM

    async with _person(email) as (site, person):
        await end_sessions(site, By(SYSTEM), person)


async def _clear_networks() -> None:
    from dougong.open_site import open_site
    from dougong.people.accounts import By, remove_all_networks
    from dougong.permissions.actor import SYSTEM
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        typer.echo(await remove_all_networks(opened.site, By(SYSTEM)))
