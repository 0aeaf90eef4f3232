"""Somebody is made inactive, goes to the trash or has had their last day: what they were signed in with is over, also when they are back."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from datetime import UTC, datetime, timedelta
from uuid import UUID

import asyncpg
import pytest
from starlette.types import ASGIApp

from dougong.people.links import create_link
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.test_tokens import TOKENS, make, program

pytestmark = pytest.mark.anyio

USERS = "/api/apps/organization/records/user"
SETS = "/api/apps/organization/change-sets"
LEAVER, PASSWORD = "leaver@example.com", "no horse and no battery"


@pytest.fixture
async def leaver(app: ASGIApp, admin: Browser, site_dsn: str) -> Browser:
    """Return the browser of somebody no record points to, who has set a password with a link and so is signed in."""
    made = await admin.post(USERS, {"name": "Leaver", "email": LEAVER})
    assert made.status_code == 201, made.text
    connection = await asyncpg.connect(site_dsn)
    try:
        link = await create_link(connection, UUID(made.json()["id"]))
    finally:
        await connection.close()
    browser = open_browser(app)
    answer = await browser.post("/api/links/use", {"token": link, "password": PASSWORD})
    assert answer.status_code == 200, answer.text
    browser.csrf_token, browser.password = answer.json()["csrf_token"], PASSWORD
    return browser


async def patch(admin: Browser, user: str, **values: object) -> None:
    """Change somebody's record."""
    answer = await admin.ask("PATCH", f"{USERS}/{user}", values)
    assert answer.status_code == 200, answer.text


async def off_and_on(admin: Browser, user: str, dsn: str) -> None:
    await patch(admin, user, active=False)
    await patch(admin, user, active=True)


async def trash_and_restore(admin: Browser, user: str, dsn: str) -> None:
    revision = (await admin.get(f"{USERS}/{user}")).json()["revision"]
    assert (await admin.ask("DELETE", f"{USERS}/{user}", {"revision": revision})).status_code == 204
    restored = await admin.post(f"{USERS}/{user}/restore", {"revision": revision + 1})
    assert restored.status_code == 200, restored.text


async def off_and_undone(admin: Browser, user: str, dsn: str) -> None:
    body = {"changes": [{"action": "update", "id": user, "values": {"active": False}}]}
    answer = await admin.post(f"{USERS}/bulk", body)
    assert answer.status_code == 200, answer.text
    undone = await admin.post(f"{SETS}/{answer.json()['change_set']}/undo", {})
    assert undone.status_code == 200, undone.text


async def last_day_and_another(admin: Browser, user: str, dsn: str) -> None:
    """A day passes with nobody doing anything; what stands for that is written past the server."""
    today = datetime.now(UTC).date()
    connection = await asyncpg.connect(dsn)
    try:
        await connection.execute('UPDATE app_organization."user" SET left_on = $1 WHERE id = $2', today - timedelta(days=2), UUID(user))
    finally:
        await connection.close()
    await patch(admin, user, left_on=str(today + timedelta(days=30)))


@pytest.mark.parametrize("leave_and_return", [off_and_on, trash_and_restore, off_and_undone, last_day_and_another], ids=lambda way: way.__name__)
async def test_who_is_back_signs_in_again(
    app: ASGIApp, admin: Browser, leaver: Browser, site_dsn: str, leave_and_return: Callable[[Browser, str, str], Awaitable[None]]
) -> None:
    user = (await leaver.get("/api/session")).json()["user"]["id"]
    bot = program(app, await make(leaver, "read"))
    assert (await bot.get("/api/session")).status_code == 200
    await leave_and_return(admin, user, site_dsn)
    problem_of(await leaver.get("/api/session"), 401, "access-not-signed-in")
    problem_of(await bot.get("/api/session"), 401, "access-not-signed-in")
    again = open_browser(app)
    assert (await again.sign_in(LEAVER, PASSWORD)).status_code == 200
    assert (await again.get(TOKENS)).json()["tokens"] == []
    assert len((await again.get("/api/account/sessions")).json()["sessions"]) == 1


async def test_what_ended_stands_in_the_audit_log(admin: Browser, leaver: Browser) -> None:
    user = (await leaver.get("/api/session")).json()["user"]["id"]
    await make(leaver, "read")
    await patch(admin, user, active=False)

    async def last(count: int) -> list[Mapping[str, object]]:
        entries: list[Mapping[str, object]] = (await admin.get(f"/api/audit?limit={count}")).json()["entries"]
        return entries[::-1]

    entries = await last(3)
    assert [entry["deed"] for entry in entries] == ["change-organization", "end-session", "revoke-token"], entries
    assert [entry["subject"] for entry in entries[1:]] == [LEAVER, LEAVER]
    await patch(admin, user, active=True)
    assert [entry["deed"] for entry in await last(1)] == ["change-organization"], "nothing was left to end"


async def test_others_and_changes_that_let_somebody_stay_end_nothing(app: ASGIApp, admin: Browser, leaver: Browser) -> None:
    user = (await leaver.get("/api/session")).json()["user"]["id"]
    bot = program(app, await make(leaver, "read"))
    await patch(admin, user, name="Renamed", left_on=str(datetime.now(UTC).date() + timedelta(days=30)))
    for browser in (admin, leaver, bot):
        assert (await browser.get("/api/session")).status_code == 200
