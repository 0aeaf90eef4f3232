"""The command `dougong trash empty`: records that have been in the trash for long are gone for good."""

from __future__ import annotations

import os
from typing import Annotated

import typer

trash = typer.Typer(help="Deleted records: how long they can come back.", no_args_is_help=True)


@trash.callback()
def _trash() -> None:
    """Keep `empty` a command of its own."""


@trash.command()
def empty(
    days: Annotated[int, typer.Option(min=1, max=36500, help="How many days they must have been in the trash.")],
) -> None:
    """Remove records for good that have been in the trash for so many days, but for those others point to; history stays."""
    import asyncio

    asyncio.run(_empty(days))


async def _empty(days: int) -> None:
    from dougong.open_site import open_site
    from dougong.settings import read_settings
    from dougong.store.empty_trash import empty_trash

    async with open_site(read_settings(os.environ)) as opened:
        for entity, count in (await empty_trash(opened.site, days)).items():
            typer.echo(f"{count:>10,}  {entity}")
