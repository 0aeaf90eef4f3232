"""Puts the parts together: settings in, the ASGI application of a running site out; `dougong serve` and tests start here."""

from __future__ import annotations

import asyncio
import gc
import os
import shlex
import sys
from collections.abc import AsyncIterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from functools import partial
from pathlib import Path
from uuid import UUID

import asyncpg
import structlog
from starlette.types import ASGIApp, Receive, Scope, Send

from dougong.api.dispatch import build_dispatch
from dougong.api.house import House
from dougong.api.web_files import WebFiles
from dougong.audit.chain import seal_rows
from dougong.database.listening import listen
from dougong.errors import PlatformError
from dougong.files.collect import collect_files
from dougong.files.contents import Contents
from dougong.first_start import first_start
from dougong.jobs.job import JobHandlers, remove_finished
from dougong.jobs.outbox import Connection, Notice, deliver_for_ever
from dougong.jobs.worker import work_for_ever
from dougong.logs import configure_logs
from dougong.mail.post import JOB as MAIL
from dougong.mail.post import remove_old_mail
from dougong.model.app_model import ORGANIZATION
from dougong.open_site import OpenedSite, open_site
from dougong.people.expiry import EVERY_S, remove_expired
from dougong.people.mailing import RESET_JOB, answer_reset, send_mail
from dougong.people.notices import notify_email_changes
from dougong.people.passwords import Passwords
from dougong.people.rules import CHANNEL as SESSION_CHANNEL
from dougong.people.sessions import Sessions, announce_changes
from dougong.people.token_reminders import remind_of_tokens
from dougong.publishing.carry import go_on, resume
from dougong.publishing.late_indexes import TEXT_INDEXES, build_text_indexes
from dougong.publishing.under_way import PUBLISHES
from dougong.registry.versions import CHANNEL as VERSION_CHANNEL
from dougong.renew_organization import renew_organization
from dougong.sealing import SecretKeyMissing
from dougong.settings import Settings, read_settings
from dougong.sheets.check import check
from dougong.sheets.imports import CHECK, READ, WRITE, remove_old
from dougong.sheets.take_in import read_file
from dougong.sheets.write import write
from dougong.shipped import web
from dougong.sites import CALENDAR_CHANNEL, Site
from dougong.store.empty_trash import empty_trash
from dougong.store.history_months import tend_months
from dougong.work.repeats import remove_expired_keys

_COMPARE_S = 30.0
GC_THRESHOLDS = (20_000, 20, 100)
"""How often the garbage collector of a server looks around."""

_HINT = f"  What is wrong with the set-up and how to mend it: {shlex.quote(str(Path(sys.executable).with_name('dougong')))} doctor"


def create_app() -> ASGIApp:
    """Return the application of the environment's settings; it opens and closes its site in the lifespan of the server."""
    settings = read_settings(os.environ)
    configure_logs(settings.log_level)
    opened: list[ASGIApp] = []

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] == "lifespan":
            await _live(settings, opened, receive, send)
        else:
            await opened[0](scope, receive, send)

    return app


@asynccontextmanager
async def open_application(settings: Settings) -> AsyncIterator[ASGIApp]:
    """Open a site for as long as the block lasts, and give its application: database, tables, people, first contents."""
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(open_site(settings))
        site, dsn = opened.site, opened.dsn
        passwords = Passwords()
        stack.callback(passwords.close)
        await tend_months(site.pool, settings.history_months)
        await first_start(site, passwords, dsn)
        await renew_organization(site, dsn)
        await _seal_again(site)
        house = House(site, Sessions(site), passwords, Contents(settings))
        work = (
            _listen(dsn, house),
            _compare(site),
            _tidy(house),
            deliver_for_ever(site.pool, {"records-changed": partial(_announce, settings)}),
            *([work_for_ever(dsn, site.pool, job_handlers(site, dsn))] if settings.has_worker else []),
        )
        if settings.has_worker:
            await resume(site)
        for background in work:
            stack.push_async_callback(_end, asyncio.create_task(background))
        dispatch = build_dispatch(house, WebFiles(web()))
        # What is alive now stays for good: the garbage collector need not look at it again with every full round.
        gc.collect()
        gc.freeze()
        # A request for 10,000 changes makes a million values: rounds among them would cost a third of its time.
        gc.set_threshold(*GC_THRESHOLDS)
        gc.enable()
        yield dispatch


def job_handlers(site: Site, dsn: str) -> JobHandlers:
    """Return who does jobs of each kind."""
    return {
        READ: partial(read_file, site), CHECK: partial(check, site), WRITE: partial(write, site),
        MAIL: partial(send_mail, site), RESET_JOB: partial(answer_reset, site),
        TEXT_INDEXES: partial(build_text_indexes, site, dsn), PUBLISHES: partial(go_on, site, dsn),
    }  # fmt: skip


@asynccontextmanager
async def open_worker(settings: Settings) -> AsyncIterator[None]:
    """Do jobs for as long as the block lasts, in a process that serves nothing."""
    async with open_site(settings) as opened:
        await resume(opened.site)
        listening = asyncio.create_task(_follow(opened))
        worker = asyncio.create_task(work_for_ever(opened.dsn, opened.site.pool, job_handlers(opened.site, opened.dsn)))
        try:
            yield
        finally:
            await _end(worker)
            await _end(listening)


async def _follow(opened: OpenedSite) -> None:
    """Hear of publishes, as a worker keeps models too."""
    site = opened.site

    def connected() -> None:
        site.forget_all()
        site.forget_calendar()

    await listen(opened.dsn, {VERSION_CHANNEL: site.renew, CALENDAR_CHANNEL: lambda year: site.forget_calendar()}, connected)


async def _live(settings: Settings, opened: list[ASGIApp], receive: Receive, send: Send) -> None:
    """Speak the server's lifespan protocol; what stops the start is told in one line where it is no bug."""
    await receive()
    async with AsyncExitStack() as stack:
        try:
            opened.append(await stack.enter_async_context(open_application(settings)))
        except PlatformError as stopped:
            await send({"type": "lifespan.startup.failed", "message": f"{stopped}\n{_HINT}"})
            return
        await send({"type": "lifespan.startup.complete"})
        await receive()
    await send({"type": "lifespan.shutdown.complete"})


async def _listen(dsn: str, house: House) -> None:
    """Hear of publishes and of sessions from other processes; after a gap nothing kept is trusted."""

    def published(app: str) -> None:
        house.site.renew(app)
        house.sessions.forget("all")  # what roles may do is part of the model

    def connected() -> None:
        house.site.forget_all()
        house.site.forget_calendar()
        house.sessions.forget("all")

    heard = {
        VERSION_CHANNEL: published,
        SESSION_CHANNEL: house.sessions.forget,
        CALENDAR_CHANNEL: lambda year: house.site.forget_calendar(),
    }
    await listen(dsn, heard, connected, house.sessions.hear, house.sessions.hear_nothing)


async def _announce(settings: Settings, connection: Connection, notices: Sequence[Notice]) -> None:
    """Let every process forget sessions that rest on records which have changed, and tell users whose e-mail is another."""
    await notify_email_changes(connection, settings, notices)
    for notice in notices:
        if notice.app != ORGANIZATION:
            continue  # sessions rest on people and roles alone
        changes = [(notice.payload["entity"], UUID(record_id)) for record_id in notice.payload["ids"]]
        await announce_changes(connection, notice.app, changes)


async def renew_inactive(site: Site) -> None:
    """Renew kept models that are no longer active, as word of a publish may not have got through."""
    rows = await site.pool.fetch("SELECT key, active_version FROM dougong.app")
    active = {row["key"]: row["active_version"] for row in rows}
    for app, model in list(site.models.items()):
        if active.get(app) != model.version:
            site.renew(app)
    if site.renewal is not None:
        await site.renewal


async def _compare(site: Site) -> None:
    """Look for models that are no longer active now and then, and at the calendar anew: behind PgBouncer no notifications arrive.

    What was added to the audit log since is sealed on the same occasion.
    """
    while True:
        await asyncio.sleep(_COMPARE_S)
        site.forget_calendar()
        try:
            await seal_rows(site.pool)
            await renew_inactive(site)
        except (OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
            structlog.get_logger("dougong.app").warning("compare.failed", reason=str(trouble))


async def _seal_again(site: Site) -> None:
    """Seal secrets from before there were keys, and those of a key that has been replaced; without the key the site runs, and says so."""
    log = structlog.get_logger("dougong.app")
    try:
        count = await site.seals.seal_again(site.pool)
    except SecretKeyMissing as missing:
        log.error("secrets.key_missing", reason=str(missing))
    else:
        if count:
            log.info("secrets.sealed", count=count)


async def _tidy(house: House) -> None:
    """Remove what has run out, now and then."""
    while True:
        try:
            await remind_of_tokens(house.site)
            await remove_expired(house.site.pool)
            await remove_expired_keys(house.site)
            await tend_months(house.site.pool, house.site.settings.history_months)
            if house.site.settings.trash_days:
                await empty_trash(house.site, house.site.settings.trash_days)
            await remove_old(house.site)
            await remove_finished(house.site.pool)
            await remove_old_mail(house.site.pool)
            await collect_files(house.site.pool, house.contents)
        except (PlatformError, OSError, asyncpg.PostgresError, asyncpg.InterfaceError) as trouble:
            structlog.get_logger("dougong.app").warning("tidy.failed", reason=str(trouble))
        await asyncio.sleep(EVERY_S)


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])

