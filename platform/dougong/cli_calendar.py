"""The commands `dougong calendar …`: the listed days of a year out, announced days in."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Annotated

import typer

calendar = typer.Typer(help="The calendar of working days: show, import.", no_args_is_help=True)


@calendar.command()
def show(
    year: Annotated[int | None, typer.Argument(min=1900, max=2999, help="The year to show.")] = None,
) -> None:
    """Show the years with listed days; with a year its holidays and adjusted working days."""
    import asyncio

    asyncio.run(_show(year))


@calendar.command("import")
def import_years(
    file: Annotated[
        Path | None,
        typer.Argument(help="A file like the china.json that comes with the program; without it what the State Council has announced."),
    ] = None,
    replace: Annotated[bool, typer.Option("--replace", help="Replace years that have listed days.")] = False,
) -> None:
    """List announced days; a year that has listed days stays as it is unless it is to be replaced."""
    import asyncio

    asyncio.run(_import(file, replace))


async def _show(year: int | None) -> None:
    from dougong.open_site import open_site
    from dougong.settings import read_settings
    from dougong.workdays.days import read_year, read_years

    async with open_site(read_settings(os.environ)) as opened:
        if year is None:
            for known in await read_years(opened.site):
                typer.echo(f"{known.year}  {known.holidays:>3} holiday  {known.workdays:>3} workday  {known.source}")
            return
        for day in (await read_year(opened.site, year)).days:
            typer.echo(f"{day.day}  {day.kind:<8} {day.name}")


async def _import(file: Path | None, replace: bool) -> None:
    from dougong.open_site import open_site
    from dougong.permissions.actor import SYSTEM
    from dougong.settings import read_settings
    from dougong.workdays.announced import CHINA, read_announced
    from dougong.workdays.days import list_years

    years = read_announced(file or CHINA)
    async with open_site(read_settings(os.environ)) as opened:
        for year in await list_years(opened.site, SYSTEM, years.values(), replace):
            typer.echo(str(year))
