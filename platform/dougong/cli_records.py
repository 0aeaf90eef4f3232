"""The commands `dougong records …`: a spreadsheet in as records, with what is wrong in it by cell; a list out as a file."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from uuid import UUID

    from dougong.permissions.actor import Actor
    from dougong.sheets.imports import Import
    from dougong.sites import Site

records = typer.Typer(help="Records: import a spreadsheet, export a list.", no_args_is_help=True)

As = Annotated[str, typer.Option("--as", help="E-mail of the user who does it; without it the first administrator.")]
_PIECE = 1 << 20
_SHOWN = 50
_LOOK_S = 0.2


class Mode(str, Enum):  # noqa: UP042 – typer shows the values
    """What is done with the rows."""

    create = "create"
    update = "update"
    upsert = "upsert"


@records.command("import")
def import_file(
    app_key: Annotated[str, typer.Argument(metavar="APP")],
    entity: Annotated[str, typer.Argument(help="Key of the entity whose records the file holds.")],
    file: Annotated[Path, typer.Argument(help="An XLSX or CSV file; columns are found by their headers.")],
    mode: Annotated[Mode, typer.Option(help="Make new records, change those there are, or both.")] = Mode.create,
    by: Annotated[str, typer.Option(help="Fields that tell records apart, separated by commas.")] = "",
    skip: Annotated[bool, typer.Option("--skip", help="Import the good rows where others are wrong.")] = False,
    confirm: Annotated[bool, typer.Option("--confirm-warnings", help="Import although rules warn of some records.")] = False,
    dry: Annotated[bool, typer.Option("--dry", help="Check the file alone; nothing is written.")] = False,
    user: As = "",
) -> None:
    """Import a spreadsheet. Errors and warnings are told by cell, and nothing is written while there are errors or unconfirmed warnings."""
    import asyncio

    changed: dict[str, Any] = {"mode": mode.value, "errors": "skip" if skip else "none"}
    if by:
        changed["by"] = [key.strip() for key in by.split(",")]
    if not asyncio.run(_import(app_key, entity, file, changed, confirm, dry, user)):
        raise typer.Exit(1)


@records.command("export")
def export_list(
    app_key: Annotated[str, typer.Argument(metavar="APP")],
    entity: Annotated[str, typer.Argument(help="Key of the entity.")],
    file: Annotated[Path, typer.Argument(help="Where to write it; its ending says the format, .xlsx or .csv.")],
    condition: Annotated[str, typer.Option("--filter", help="An expression; the records for which it is true.")] = "",
    sort: Annotated[str, typer.Option(help="Fields to sort by, as in lists: -date,number.")] = "",
    fields: Annotated[str, typer.Option(help="Fields and paths to write, separated by commas; without it all fields.")] = "",
    user: As = "",
) -> None:
    """Write the records of an entity as a file."""
    import asyncio

    asyncio.run(_export(app_key, entity, file, condition, sort, tuple(key.strip() for key in fields.split(",") if key.strip()), user))


async def _import(app_key: str, entity: str, file: Path, changed: dict[str, Any], confirm: bool, dry: bool, user: str) -> bool:
    import asyncio

    from dougong.app import job_handlers
    from dougong.jobs.worker import work_for_ever
    from dougong.open_site import open_site
    from dougong.settings import read_settings
    from dougong.sheets.imports import begin, begin_writing, keep_mapping, receive
    from dougong.sheets.remap import remapped
    from dougong.store.read import known_access

    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        actor = await _actor(site, user)
        model = await site.app(app_key)
        known_access(site, model, actor, entity)
        worker = asyncio.create_task(work_for_ever(opened.dsn, site.pool, job_handlers(site, opened.dsn)))
        try:
            import_id = await receive(site, actor, app_key, actor.language, file.name, {"entity": entity}, _pieces(file))
            found = await _settled(site, import_id)
            if found.state == "mapping":
                await keep_mapping(site, found, await remapped(site, model, actor, found, changed))
                found = await _settled(site, import_id)
                await begin(site, found, "checking", ("mapping",))
                found = await _settled(site, import_id)
            is_good = await _tell(site, found, actor.language)
            if found.state == "checked" and not dry and (is_good or changed["errors"] == "skip"):
                await begin_writing(site, found, confirm)
                found = await _settled(site, import_id)
                typer.echo(f"{found.done} records, change set {found.change_set}")
                return found.state == "done"
            return is_good
        finally:
            worker.cancel()
            await asyncio.wait([worker])


async def _pieces(file: Path) -> AsyncIterator[bytes]:
    with file.open("rb") as opened:
        while piece := opened.read(_PIECE):
            yield piece


async def _settled(site: Site, import_id: UUID) -> Import:
    import asyncio

    from dougong.sheets.imports import BUSY, read_import

    while True:
        found = await read_import(site, import_id, "", None)
        if found.state not in BUSY:
            return found
        await asyncio.sleep(_LOOK_S)


async def _tell(site: Site, found: Import, language: str) -> bool:
    """Say what was found, and whether it is right."""
    from dougong.sheets.write_sheet import letters_of

    speech = language if language in ("zh-CN", "en") else "en"
    if found.refusal is not None:
        typer.echo(found.refusal["message"][speech], err=True)
        return False
    rows = await site.pool.fetch(
        "SELECT row, col, message->>$2 AS said FROM dougong.import_issue WHERE import = $1 ORDER BY row, col LIMIT $3", found.id, speech, _SHOWN
    )
    for row in rows:
        typer.echo(f"{letters_of(row['col']) if row['col'] >= 0 else ''}{row['row']}: {row['said']}", err=True)
    counts = found.counts
    typer.echo(f"{counts['rows']} rows, {counts['records']} records, {counts['wrong']} wrong, {counts['errors']} errors, {counts['warnings']} warnings")
    return not counts["errors"]


async def _export(app_key: str, entity: str, file: Path, condition: str, sort: str, fields: tuple[str, ...], user: str) -> None:
    from contextlib import aclosing

    from dougong.open_site import open_site
    from dougong.settings import read_settings
    from dougong.sheets.columns import label_of, list_columns
    from dougong.sheets.export import CONTENT_TYPES, sheet_name, write_file
    from dougong.store.page_request import PageRequest
    from dougong.store.read_all import read_all, whole_query

    form = file.suffix.lstrip(".").lower()
    if form not in CONTENT_TYPES:
        raise typer.BadParameter(f"the file should end in {' or '.join('.' + name for name in CONTENT_TYPES)}")
    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        actor = await _actor(site, user)
        model = await site.app(app_key)
        request = PageRequest(filter=condition, sort=sort, fields=fields)
        query = whole_query(site, model, actor, entity, request)
        columns = list_columns(model, query, fields, actor.language, str(site.zone))
        name = sheet_name(label_of(query.entity.name, actor.language))
        with file.open("wb") as out:
            async with (
                aclosing(read_all(site, model, actor, query, request)) as batches,
                aclosing(write_file(form, name, columns, batches)) as pieces,
            ):
                async for piece in pieces:
                    out.write(piece)


async def _actor(site: Site, email: str) -> Actor:
    """Return the user with this e-mail, or the first administrator; raises UserNotFound."""
    from dougong.people.errors import UserNotFound
    from dougong.people.persons import find_person

    person = await find_person(site, email or site.settings.admin_email)
    if person is None:
        raise UserNotFound(email=email or site.settings.admin_email)
    return person.actor
