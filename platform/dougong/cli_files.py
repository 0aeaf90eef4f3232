"""The command `dougong files collect`: removes files that nothing refers to, and says how many."""

from __future__ import annotations

import os
from typing import Annotated

import typer

files = typer.Typer(help="Uploaded files: collect.", no_args_is_help=True)


@files.callback()
def _files() -> None:
    """Make `collect` a command of its own."""


@files.command()
def collect(
    hours: Annotated[int, typer.Option(min=0, max=87_600, help="How many hours a file may lie unused before it goes.")] = 24,
) -> None:
    """Remove files that no record and no history refers to; the server does so every day by itself."""
    import asyncio

    asyncio.run(_collect(hours))


async def _collect(hours: int) -> None:
    from datetime import timedelta

    from dougong.files.collect import collect_files
    from dougong.files.contents import Contents
    from dougong.open_site import open_site
    from dougong.settings import read_settings

    settings = read_settings(os.environ)
    async with open_site(settings) as opened:
        found = await collect_files(opened.site.pool, Contents(settings), timedelta(hours=hours))
        typer.echo(f"{found.files} files, {found.contents} contents, {found.size / 2**20:,.1f} MiB")
