"""The command `dougong app audit`: an app in, every value that somebody was told who may not know it out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

if TYPE_CHECKING:
    from collections.abc import Mapping

    from dougong.leaks.audit import Report

FEWEST = 2
"""Of fewer records of an entity nobody would see some and not others."""


def audit(
    app_key: Annotated[str, typer.Argument(metavar="APP", help="An installed app, or one of those that come with Dougong.")] = "",
    file: Annotated[Path | None, typer.Option(help="A package or an app document in place of it.")] = None,
    records: Annotated[int, typer.Option(min=FEWEST, max=40, help="How many records of each entity are made.")] = 9,
    people: Annotated[list[str] | None, typer.Option("--role", help="Only who has this role; again for more.")] = None,
) -> None:
    """Try out on a database of its own whether an app tells anybody what they may not know; the exit code is 1 if it does.

    The database is thrown away afterwards; nothing of the site is touched but that the app's document is read.
    """
    import asyncio

    report = asyncio.run(_audit(app_key, file, records, tuple(people or ())))
    for leak in report.leaks:
        typer.echo(f"✗ {leak}")
    for words in report.failed:
        typer.echo(f"✗ {words}")
    for words in report.unproven:
        typer.echo(f"? {words}")
    typer.echo(f"{report.requests} / {report.hidden} / {len(report.leaks)}")
    if report.is_clean:
        typer.echo("✓")
    raise typer.Exit(0 if report.is_clean else 1)


async def _audit(app_key: str, file: Path | None, records: int, people: tuple[str, ...]) -> Report:
    import os
    import tempfile
    from dataclasses import replace

    from dougong.database.embedded import running
    from dougong.leaks.audit import audit as audit_stage
    from dougong.leaks.stage import open_stage
    from dougong.logs import configure_logs
    from dougong.settings import read_settings

    settings = read_settings(os.environ)
    package = await _document(app_key, file)
    configure_logs("error")
    with tempfile.TemporaryDirectory(prefix="dougong-") as name:
        folder = Path(name)
        folder.chmod(0o755)
        with running(folder / "postgres", {"fsync": "off"}) as dsn:
            async with open_stage(replace(settings, database_url=dsn, data_dir=folder / "data", files=""), package, records) as stage:
                return await audit_stage(stage, people)


async def _document(app_key: str, file: Path | None) -> Mapping[str, Any]:
    """Return what is to be audited: of an installed app the active version as a package."""
    import os

    from dougong.open_site import open_site
    from dougong.packages.library import shipped_packages
    from dougong.packages.package_file import read_package_file
    from dougong.settings import read_settings

    settings = read_settings(os.environ)
    if file is not None:
        return read_package_file(file, settings.package_mb).document
    shipped = shipped_packages()
    if app_key in shipped:
        return shipped[app_key]
    async with open_site(settings) as opened:
        model = await opened.site.app(app_key)
        return model.definition.model_dump(mode="json", by_alias=True, exclude_none=True)
