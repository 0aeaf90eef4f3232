"""The commands `dougong history …`: the months of history there are out, months older than is kept dropped."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from dougong.store.history_months import HistoryMonth

history = typer.Typer(help="What changed: the months that are kept, and how much room they take.", no_args_is_help=True)


@history.command("list")
def list_months() -> None:
    """List the months of history, each with about how many changes are in it and how much room it takes."""
    import asyncio

    asyncio.run(_list())


@history.command()
def drop(
    keep: Annotated[int, typer.Option(min=1, max=1200, help="How many months before this one stay.")],
) -> None:
    """Drop the months of history that lie more than so many months back; what records are now stays as it is."""
    import asyncio

    asyncio.run(_drop(keep))


async def _list() -> None:
    from dougong.open_site import open_site
    from dougong.settings import read_settings
    from dougong.store.history_months import read_months

    async with open_site(read_settings(os.environ)) as opened:
        for month in await read_months(opened.site.pool):
            typer.echo(_line(month))


async def _drop(keep: int) -> None:
    from dougong.open_site import open_site
    from dougong.settings import read_settings
    from dougong.store.history_months import tend_months

    async with open_site(read_settings(os.environ)) as opened:
        for month in await tend_months(opened.site.pool, keep):
            typer.echo(f"dropped {_line(month)}")


def _line(month: HistoryMonth) -> str:
    return f"{month.first:%Y-%m}  {month.rows:>12,} changes  {month.size_bytes / 2**20:>10,.1f} MiB"
