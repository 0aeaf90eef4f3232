"""The commands `dougong app …`: packages in, apps installed, published, listed, and out again as packages."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from uuid import UUID

    from dougong.permissions.actor import Actor
    from dougong.sites import Site

app = typer.Typer(help="Apps: install, publish, export, list.", no_args_is_help=True)

As = Annotated[str, typer.Option("--as", help="E-mail of the user who does it; without it the first administrator.")]


@app.command()
def install(
    package: Annotated[str, typer.Argument(help="Key of a package of the library, or a file or folder.")],
    demo: Annotated[bool, typer.Option(help="With the demo data of the package; demo users get passwords.")] = False,
    user: As = "",
) -> None:
    """Install a package as an app."""
    import asyncio

    asyncio.run(_install(package, demo, user))


@app.command()
def export(
    app_key: Annotated[str, typer.Argument(metavar="APP")],
    file: Annotated[Path | None, typer.Argument(help="Where to write it; without it to standard output.")] = None,
) -> None:
    """Write an app as a package document."""
    import asyncio

    text = asyncio.run(_export(app_key))
    if file is None:
        typer.echo(text, nl=False)
    else:
        file.write_text(text, encoding="utf-8")


@app.command("list")
def list_apps() -> None:
    """List the installed apps with their versions."""
    import asyncio

    asyncio.run(_list())


@app.command()
def publish(
    app_key: Annotated[str, typer.Argument(metavar="APP")],
    file: Annotated[Path | None, typer.Argument(help="A document to publish; without it the draft.")] = None,
    note: Annotated[str, typer.Option(help="What to remember about this version.")] = "",
    user: As = "",
) -> None:
    """Publish a new version of an app."""
    import asyncio

    asyncio.run(_publish(app_key, file, note, user))


@app.command()
def verify(
    app_key: Annotated[str, typer.Argument(metavar="APP")],
    repair: Annotated[bool, typer.Option(help="Put right what differs, and keep it in history; numbers are only told.")] = False,
) -> None:
    """Compute every saved value and add up every ledger anew, look for gaps in gapless numbers; the exit code is 1 if anything is wrong."""
    import asyncio

    raise typer.Exit(1 if asyncio.run(_verify(app_key, repair)) else 0)


async def _install(package: str, demo: bool, user: str) -> None:
    from dougong.first_start import make_passwords, told
    from dougong.open_site import open_site
    from dougong.packages.install import install as install_package
    from dougong.packages.library import read_package
    from dougong.packages.package_file import read_package_file
    from dougong.people.passwords import Passwords
    from dougong.people.persons import read_user_ids
    from dougong.settings import read_settings

    settings = read_settings(os.environ)
    path = Path(package)
    is_key = path.name == package and path.suffix not in (".json", ".zip") and not path.exists()
    document = read_package(package) if is_key else read_package_file(path, settings.package_mb).document
    async with open_site(settings) as opened:
        site = opened.site
        known = set(await read_user_ids(site))
        model = await install_package(site, await _actor(site, user), document, demo)
        typer.echo(f"{model.app} {model.version}")
        made = await make_passwords(site, Passwords(), set(await read_user_ids(site)) - known)
        for line in told(made):
            typer.echo(line)


async def _export(app_key: str) -> str:
    from dougong.open_site import open_site
    from dougong.packages.export import export as export_app
    from dougong.packages.package_file import package_text
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        return package_text(await export_app(opened.site, app_key))


async def _list() -> None:
    from dougong.open_site import open_site
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        for model in await opened.site.apps():
            names = " / ".join(model.definition.name.values())
            typer.echo(f"{model.app:<24} {model.version:>4}  {names}")


async def _publish(app_key: str, file: Path | None, note: str, user: str) -> None:
    from dougong.open_site import open_site
    from dougong.packages.package_file import read_package_file
    from dougong.publishing.publish import publish as publish_document
    from dougong.publishing.publish import publish_draft
    from dougong.registry.drafts import read_draft
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        actor = await _actor(site, user)
        if file:
            published = await publish_document(site, actor, app_key, read_package_file(file, site.settings.package_mb).document, note)
        else:
            published = await publish_draft(site, actor, app_key, (await read_draft(site, app_key)).revision, note)
        version = published.version
        if published.under_way is not None:
            version = await _follow(site, opened.dsn, published.under_way)
        typer.echo(f"{app_key} {version}")


async def _follow(site: Site, dsn: str, publish_id: UUID) -> int:
    """Go on with a publish that takes its time, or look on while a worker does, and return the version it became."""
    import asyncio

    from dougong.publishing.carry import carry
    from dougong.publishing.under_way import read_under_way
    from dougong.registry.errors import DefinitionInvalid
    from engines.values.issue import Issue

    carried = asyncio.create_task(carry(site, dsn, publish_id))
    shown = ""
    while (row := await read_under_way(site.pool, publish_id)).ended_at is None:
        words = f"{row.state} {row.stage} {row.done}/{row.total}"
        if words != shown:
            typer.echo(words, err=True)
            shown = words
        if carried.done() and carried.result() is None:
            carried = asyncio.create_task(carry(site, dsn, publish_id))
        await asyncio.sleep(0.5)
    await carried
    if row.state != "done" or row.version is None:
        problems = (row.problem or {}).get("issues", ())
        raise DefinitionInvalid(tuple(Issue(one["code"], one["message"], one["pointer"]) for one in problems))
    return row.version


async def _verify(app_key: str, is_repairing: bool) -> bool:
    """Return whether anything was wrong, having told it; of each computed field the first records are named."""
    from dougong.open_site import open_site
    from dougong.settings import read_settings
    from dougong.store.counters import verify_numbers
    from dougong.store.sums import wrong_sums
    from dougong.store.verify import differences
    from dougong.work.mending import Mended, mend

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        model = await site.app(app_key)
        mended = await mend(site, app_key) if is_repairing else None
        async with site.pool.acquire() as connection:
            if mended is None:
                computed = [found async for found in differences(connection, site, model)]
                mended = Mended(tuple(computed), tuple(await wrong_sums(connection, site, model)))
            numbers = await verify_numbers(connection, model)
    for found in mended.computed:
        typer.echo(f"{found.entity}.{found.field}: {found.count}")
        for wrong in found.records[:10]:
            typer.echo(f"  {wrong.id}: {wrong.saved} → {wrong.computed}")
    for one in mended.sums:
        told = "; ".join(f"{name} {was} → {now}" for (name, was), (_, now) in zip(one.saved, one.computed, strict=True) if was != now)
        typer.echo(f"{one.entity} {', '.join(str(value) for _, value in one.key)}: {told}")
    for row in numbers:
        typer.echo(f"{row['entity']}.{row['field']} {row['scope']} {row['period']}: {row['first']}–{row['n']}, {row['found']} / {row['given']}")
    is_wrong = bool(mended.computed or mended.sums or numbers)
    if not is_wrong:
        typer.echo("✓")
    return is_wrong


async def _actor(site: Site, email: str) -> Actor:
    """Return the user with this e-mail, or the first administrator; raises UserNotFound."""
    from dougong.people.errors import UserNotFound
    from dougong.people.persons import find_person

    person = await find_person(site, email or site.settings.admin_email)
    if person is None:
        raise UserNotFound(email=email or site.settings.admin_email)
    return person.actor
