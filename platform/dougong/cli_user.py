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


@user.command("hand-over")
def hand_over_work(
    email: Annotated[str, typer.Argument(help="E-mail of the user whose work it was.")],
    to: Annotated[str, typer.Argument(help="E-mail of the user who takes it over.")],
    place: Annotated[list[str] | None, typer.Option(help="Only here, as crm.order.owner; may be said several times.")] = None,
    finished: Annotated[bool, typer.Option("--finished", help="Finished records too.")] = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what it would do.")] = False,
    acting_as: Annotated[str, typer.Option("--as", help="E-mail of the user to act as; without it the first administrator.")] = "",
) -> None:
    """Hand a user's records over to another: those not finished, wherever a field of any app points to them; each entity is a change set."""
    import asyncio

    asyncio.run(_hand_over(email, to, place, finished, dry_run, acting_as))


async def _hand_over(email: str, to: str, only: list[str] | None, finished: bool, dry_run: bool, acting_as: str) -> None:
    from dougong.audit.record import Subject, record
    from dougong.open_site import open_site
    from dougong.people.errors import UserNotFound
    from dougong.people.persons import acting, find_person, find_user
    from dougong.settings import read_settings
    from dougong.speech import spoken
    from dougong.work.hand_over import Wanted, hand_over, preview_hand_over

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        actor, user_id, taker = await acting(site, acting_as), await find_user(site, email), await find_person(site, to)
        if user_id is None or taker is None or taker.actor.id == user_id:
            raise UserNotFound(email=email if user_id is None else to)
        wanted = Wanted(user_id, not finished)
        found = [one for one in await preview_hand_over(site, actor, wanted) if one.count and (not only or one.place.key in only)]
        for one in found:
            typer.echo(f"{one.count:>8}  {one.place.key}")
        if dry_run or not found:
            return
        details = {"to": taker.actor.name, "to_id": str(taker.actor.id), "places": [one.place.key for one in found], "open_only": not finished}
        await record(site.pool, "hand-over", actor, Subject("organization", "user", user_id, email), details)
        for handed in await hand_over(site, actor, wanted, taker.actor.id, [one.place for one in found]):
            typer.echo(f"{handed.app}.{handed.entity}: {handed.changed} → {to}  {handed.change_set or ''}")
            for left in handed.left:
                typer.echo(f"  {left.title}: {'; '.join(one.message[spoken()] for one in left.issues)}")
