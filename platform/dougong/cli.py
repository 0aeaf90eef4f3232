"""The command `dougong`: words in, a server, a finding or an exit code out; the work itself is done by the parts it calls.

Each command imports what it needs when it runs, so help and completion answer at once.
"""

from __future__ import annotations

import gc
import os
import signal
import sys
from typing import TYPE_CHECKING, Annotated

import typer

import dougong.cli_sign_in
import dougong.cli_upgrade
import dougong.cli_versions  # noqa: F401 – they add their commands to those of users and of apps
from dougong.cli_access import access
from dougong.cli_app import app
from dougong.cli_audit import audit_log
from dougong.cli_audit_app import audit as audit_app
from dougong.cli_calendar import calendar
from dougong.cli_files import files
from dougong.cli_history import history
from dougong.cli_packages import packages
from dougong.cli_records import records
from dougong.cli_trash import trash
from dougong.cli_user import user
from dougong.cli_vectors import vectors
from dougong.speech import spoken

if TYPE_CHECKING:
    from dougong.settings import Settings

cli = typer.Typer(name="dougong", help="Dougong: apps of forms, flows and reports on one data platform.",
                  no_args_is_help=True, pretty_exceptions_enable=False)
database = typer.Typer(help="The embedded PostgreSQL.", no_args_is_help=True)
app.add_typer(packages)
app.add_typer(access)
app.command("audit")(audit_app)
cli.add_typer(app, name="app")
cli.add_typer(records, name="records")
cli.add_typer(user, name="user")
cli.add_typer(audit_log, name="audit-log")
cli.add_typer(calendar, name="calendar")
cli.add_typer(files, name="files")
cli.add_typer(history, name="history")
cli.add_typer(trash, name="trash")
cli.add_typer(database, name="database")
cli.add_typer(vectors, name="vectors")

Language = Annotated[str, typer.Option(help="zh-CN or en; without it the language of the environment.")]

KEEPS_OPEN_S = 75
"""How long a connection nobody uses stays open: longer than a proxy keeps its own, usually 60 s, so that none is closed on a request that is on its way."""


@cli.command()
def serve(
    host: Annotated[str, typer.Option(help="Goes over DOUGONG_HOST.")] = "",
    port: Annotated[int, typer.Option(help="Goes over DOUGONG_PORT.")] = 0,
    workers: Annotated[int, typer.Option(help="Goes over DOUGONG_WORKERS.")] = 0,
) -> None:
    """Serve the web pages and the API until stopped; the embedded database stops with the last process that uses it."""
    from importlib import import_module
    from threading import Thread

    import uvicorn

    from dougong.database.address import database_in_use
    from dougong.listening_place import see_that_it_is_free

    for variable, given in {"DOUGONG_HOST": host, "DOUGONG_PORT": port, "DOUGONG_WORKERS": workers}.items():
        if given:
            os.environ[variable] = str(given)  # the server's processes read them from here
    settings = _settings()
    see_that_it_is_free(settings)
    _stop_in_order()
    early = Thread(target=import_module, args=("dougong.app",))
    if settings.workers == 1:
        gc.disable()  # what is brought in stays: to look for garbage among it takes a sixth of its time; the application goes on looking
        early.start()  # while the database starts: a third of a second less
    try:
        with database_in_use(settings):
            uvicorn.run(
                "dougong.app:create_app", factory=True, host=settings.host, port=settings.port, workers=settings.workers,
                loop="uvloop", http="httptools", ws="none", lifespan="on", access_log=False, log_level=settings.log_level,
                server_header=False, timeout_graceful_shutdown=10, timeout_keep_alive=KEEPS_OPEN_S,
                forwarded_allow_ips=settings.trusted_proxies,
            )
    finally:
        if early.ident:
            early.join()  # an import that is cut short by the end of the program says so at length


@cli.command()
def worker() -> None:
    """Do jobs, such as imports, until stopped; for servers that run with DOUGONG_HAS_WORKER=false, or besides them."""
    import asyncio
    import contextlib

    from dougong.app import open_worker
    from dougong.logs import configure_logs

    async def work() -> None:
        async with open_worker(settings):
            await asyncio.Event().wait()

    settings = _settings()
    configure_logs(settings.log_level)
    _stop_in_order()
    with contextlib.suppress(KeyboardInterrupt):
        asyncio.run(work())


@cli.command()
def doctor(language: Language = "") -> None:
    """Say what is wrong with the set-up and how to mend it; the exit code is 1 if anything is in the way of running."""
    import asyncio

    from dougong.doctor import examine
    from dougong.doctor_findings import Level

    speech = spoken(language)
    marks = {Level.GOOD: typer.style("✓", fg="green"), Level.NOTE: typer.style("!", fg="yellow"),
             Level.WRONG: typer.style("✗", fg="red")}
    findings = asyncio.run(examine(os.environ))
    for finding in findings:
        typer.echo(f"{marks[finding.level]} {finding.text(speech)}")
        if finding.mend(speech):
            typer.echo(f"  → {finding.mend(speech)}")
    raise typer.Exit(1 if any(finding.level is Level.WRONG for finding in findings) else 0)


@cli.command()
def migrate() -> None:
    """Bring the system tables to the version of this program; every start of the server does so too."""
    import asyncio

    from dougong.database.address import database_in_use
    from dougong.database.migrate import head_revision
    from dougong.database.migrate import migrate as bring_to_head

    with database_in_use(_settings()) as dsn:
        was_behind = asyncio.run(bring_to_head(dsn))
    typer.echo(f"{'brought to' if was_behind else 'already at'} {head_revision()}")


@cli.command()
def version() -> None:
    """Print the version of this program."""
    from importlib.metadata import version as installed_version

    typer.echo(installed_version("dougong"))


@database.command()
def address() -> None:
    """Print the address of the database, for psql and other programs; an embedded server is started and left running."""
    from dougong.database.address import database_address

    typer.echo(database_address(_settings()))


@database.command()
def stop() -> None:
    """Stop the embedded server of the data folder if it runs."""
    from dougong.database.address import embedded_home
    from dougong.database.embedded import stop as stop_server

    stop_server(embedded_home(_settings()))


def main() -> None:
    """Run the command line; what stops a command is told in the language of the environment, without a traceback."""
    from dougong.errors import PlatformError

    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(errors="replace")  # type: ignore[union-attr]  # a terminal that knows no Chinese still shows the rest
    try:
        cli()
    except PlatformError as stopped:
        speech = spoken()
        typer.echo(stopped.detail(speech), err=True)
        found = (f"{issue.pointer or '/'}: {issue.message[speech]} ({issue.code})" for issue in stopped.issues)
        for line in (*stopped.notes, *found):
            typer.echo(f"  {line}", err=True)
        sys.exit(1)


def _stop_in_order() -> None:
    """Let SIGTERM, and a terminal that is closed, end the program as Ctrl-C does: what it holds is given back."""
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    if sys.platform != "win32" and signal.getsignal(signal.SIGHUP) is signal.SIG_DFL:  # under nohup it stays ignored
        signal.signal(signal.SIGHUP, lambda *_: os.kill(os.getpid(), signal.SIGTERM))


def _settings() -> Settings:
    from dougong.settings import read_settings

    return read_settings(os.environ)


if __name__ == "__main__":
    main()
