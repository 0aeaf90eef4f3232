"""The commands `dougong app …` of installed apps: listed, published, verified; those of packages are beside."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from uuid import UUID

    from dougong.sites import Site

app = typer.Typer(help="Apps: install, publish, export, list.", no_args_is_help=True)

As = Annotated[str, typer.Option("--as", help="E-mail of the user who does it; without it the first administrator.")]


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
    from dougong.people.persons import acting
    from dougong.publishing.publish import publish as publish_document
    from dougong.publishing.publish import publish_draft
    from dougong.registry.drafts import read_draft
    from dougong.settings import read_settings

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        actor = await acting(site, user)
        if file:
            published = await publish_document(site, actor, app_key, read_package_file(file, site.settings.package_mb).document, note)
        else:
            published = await publish_draft(site, actor, app_key, (await read_draft(site, app_key)).revision, note)
        version = published.version
        if published.under_way is not None:
            version = await follow(site, opened.dsn, published.under_way)
        typer.echo(f"{app_key} {version}")


async def follow(site: Site, dsn: str, publish_id: UUID) -> int:
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
