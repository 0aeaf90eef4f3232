"""The commands `dougong audit-log …`: rows of the log out, to the screen or a file, and whether it is whole."""

from __future__ import annotations

import os
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dougong.audit.read import Filter

audit_log = typer.Typer(help="The audit log: list, export, verify.", no_args_is_help=True)

Deed = Annotated[list[str] | None, typer.Option(help="Only this deed; may be said several times.")]
Who = Annotated[str, typer.Option(help="Only what the user with this e-mail did.")]
Text = Annotated[str, typer.Option(help="Only rows with this text in who or what.")]
Since = Annotated[datetime | None, typer.Option(help="Only rows from this time on, in the site's time zone.")]
Until = Annotated[datetime | None, typer.Option(help="Only rows up to this time, in the site's time zone.")]
Language = Annotated[str, typer.Option(help="zh-CN or en; without it the language of the environment.")]

FAULTS = {
    "changed": {"zh-CN": "第 {row} 行被修改过", "en": "row {row} was changed"},
    "missing": {"zh-CN": "第 {row} 行被取走了", "en": "row {row} was taken out"},
    "seal-missing": {"zh-CN": "缺少第 {row} 个封签", "en": "seal {row} was taken out"},
    "slipped-in": {"zh-CN": "第 {row} 行是绕过封签塞进来的", "en": "row {row} was slipped in"},
    "cut-off": {"zh-CN": "链条中没有您保存的第 {row} 个封签：末尾被截断或重做过", "en": "the seal {row} you kept is not in the chain: its end was cut off or made anew"},
}


@audit_log.command("list")
def list_rows(
    deed: Deed = None,
    who: Who = "",
    text: Text = "",
    since: Since = None,
    until: Until = None,
    limit: Annotated[int, typer.Option(min=1, max=10_000, help="How many rows, the latest first.")] = 50,
    language: Language = "",
) -> None:
    """List rows, the latest first."""
    import asyncio

    asyncio.run(_list(deed, who, text, since, until, limit, language))


@audit_log.command()
def export(
    file: Annotated[Path, typer.Argument(help="The file to write: its name ends in .csv, .xlsx or .jsonl.")],
    deed: Deed = None,
    who: Who = "",
    text: Text = "",
    since: Since = None,
    until: Until = None,
    language: Language = "",
) -> None:
    """Write rows to a file, the latest first; the log then tells of it."""
    import asyncio

    from dougong.sheets.audit_log import FORMS

    if file.suffix[1:] not in FORMS:
        raise typer.BadParameter(f"one of {', '.join(f'.{form}' for form in FORMS)}", param_hint="file")
    asyncio.run(_export(file, deed, who, text, since, until, language))


@audit_log.command()
def verify(
    seal: Annotated[str, typer.Option(help="A seal that was kept, to see that nothing up to it was cut off.")] = "",
    language: Language = "",
) -> None:
    """Compute the chain anew and say what does not fit, and the seal to keep; the exit code is 1 where something does not."""
    import asyncio

    asyncio.run(_verify(seal, language))


async def _list(deed: list[str] | None, who: str, text: str, since: datetime | None, until: datetime | None, limit: int, language: str) -> None:
    from dougong.audit.read import read_rows
    from dougong.audit.words import sentence_of
    from dougong.open_site import open_site
    from dougong.settings import read_settings
    from dougong.sheets.audit_log import names_in
    from dougong.speech import spoken

    speech = spoken(language)
    async with open_site(read_settings(os.environ)) as opened:
        site = opened.site
        names = await names_in(site, speech)
        for entry in await read_rows(site.pool, await _filter(opened.site, deed, who, text, since, until), limit):
            at = entry.at.astimezone(site.zone)
            typer.echo(f"{entry.id:>8}  {at:%Y-%m-%d %H:%M:%S}  {entry.actor_name:<16} {entry.deed:<20} {sentence_of(entry, names, speech)}")


async def _export(
    file: Path, deed: list[str] | None, who: str, text: str, since: datetime | None, until: datetime | None, language: str
) -> None:
    from dougong.open_site import open_site
    from dougong.permissions.actor import SYSTEM
    from dougong.settings import read_settings
    from dougong.sheets.audit_log import export_log
    from dougong.speech import spoken

    async with open_site(read_settings(os.environ)) as opened:
        wanted = await _filter(opened.site, deed, who, text, since, until)
        pieces = await export_log(opened.site, SYSTEM, wanted, file.suffix[1:], spoken(language))
        with file.open("wb") as out:
            async for piece in pieces:
                out.write(piece)


async def _verify(text: str, language: str) -> None:
    from dougong.audit.chain import read_seal
    from dougong.audit.chain import verify as look
    from dougong.open_site import open_site
    from dougong.settings import read_settings
    from dougong.speech import spoken

    speech = spoken(language)
    expected = read_seal(text) if text else None
    async with open_site(read_settings(os.environ)) as opened:
        verdict = await look(opened.site.pool, expected)
    for fault in verdict.faults:
        typer.echo(FAULTS[fault.kind][speech].format(row=fault.row))
    typer.echo(str(verdict.seal))
    raise typer.Exit(1 if verdict.faults else 0)


async def _filter(site: object, deed: list[str] | None, who: str, text: str, since: datetime | None, until: datetime | None) -> Filter:
    from dougong.audit.read import Filter
    from dougong.people.errors import UserNotFound
    from dougong.people.persons import find_user
    from dougong.sites import Site

    assert isinstance(site, Site)
    actor = await find_user(site, who) if who else None
    if who and actor is None:
        raise UserNotFound(email=who)
    moments = [moment if moment is None or moment.tzinfo else moment.replace(tzinfo=site.zone) for moment in (since, until)]
    return Filter(tuple(deed or ()), actor, text=text, since=moments[0], until=moments[1])
