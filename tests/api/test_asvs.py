"""What docs/security.md names and no other test shows: headers, tokens in addresses, values that are not the sender's to set, hostile numbers."""

from __future__ import annotations

import io
import re
import subprocess
import sys
import zipfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import asyncpg
import pyotp
import pytest
from starlette.types import ASGIApp

from dougong.people.second_factor import matching_step
from tests.api.browser import Browser, open_browser, problem_of
from tests.api.test_imports_files import row, written_by_hand
from tests.workshop import RECORDS, Shop

pytestmark = pytest.mark.anyio

PAGES = Path(__file__).resolve().parents[2] / "web_designer/src/app"
ORDERS = f"{RECORDS}/order"
SOMEBODY = "00000000-0000-7000-8000-0000000000aa"


async def test_data_is_kept_by_no_cache_and_is_never_a_page(shop: Shop) -> None:
    made = await shop.manager.post(f"{RECORDS}/maker", {"name": "<script>alert(1)</script>", "contact": "ねこ O'Hara"})
    guest = open_browser(shop.app)
    answers = {
        201: [made],
        200: [await shop.manager.get(path) for path in ("/api/session", "/api/account", ORDERS, f"{ORDERS}.lines", "/api/openapi.json")],
        401: [await guest.get(ORDERS), await guest.get("/api/session")],
        404: [await shop.manager.get(f"{ORDERS}/{SOMEBODY}"), await shop.manager.get("/api/nothing")],
        400: [await shop.manager.get(f"{ORDERS}?limit=x")],
        422: [await guest.post("/api/session", {})],
    }  # fmt: skip
    for status, group in answers.items():
        for answer in group:
            assert answer.status_code == status, answer.text
            assert answer.headers["content-type"] in ("application/json", "application/problem+json")
            assert answer.headers["cache-control"] == "no-store"
            assert answer.headers["x-content-type-options"] == "nosniff"
            assert answer.headers["content-security-policy"] == "default-src 'none'; frame-ancestors 'none'"
            assert "access-control-allow-origin" not in answer.headers
    model = await shop.manager.get("/api/apps/workshop/model")  # kept by its reader's browser, which asks each time whether it still holds
    assert model.headers["cache-control"] == "private, no-cache"
    assert (made.json()["name"], made.json()["contact"]) == ("<script>alert(1)</script>", "ねこ O'Hara")


async def test_a_session_in_the_address_is_nobodys(shop: Shop) -> None:
    token = shop.tickets["manager"].token
    assert (await shop.manager.get("/api/session")).status_code == 200
    for name in ("dougong_session", "session", "token", "access_token"):
        problem_of(await open_browser(shop.app).get(f"/api/session?{name}={token}"), 401, "access-not-signed-in")
    assert token not in (await shop.manager.get("/api/session")).text
    assert token not in (await shop.manager.get("/api/account/sessions")).text


async def test_what_is_not_the_senders_to_set_is_refused(shop: Shop) -> None:
    order = await shop.order()
    own = {"created_at": "2020-01-01T00:00:00Z", "created_by": SOMEBODY, "updated_by": SOMEBODY, "deleted_at": None, "total": "1", "app": "organization"}
    for method, path, body in (("POST", ORDERS, {"maker": order["maker"], "lines": []}), ("PATCH", f"{ORDERS}/{order['id']}", {})):
        problem = problem_of(await shop.manager.ask(method, path, {**body, **own}), 422, "record-invalid")
        assert {error["pointer"] for error in problem["errors"]} >= {f"/{name}" for name in own}
    problem_of(await shop.manager.ask("PATCH", "/api/session", {"language": "en", "roles": ["organization.administrator"]}), 422, "request-invalid")
    me = f"/api/apps/organization/records/user/{(await shop.worker.get('/api/session')).json()['user']['id']}"
    refused = await shop.worker.ask("PATCH", me, {"roles": []})
    assert refused.status_code in (403, 404), refused.text


async def test_a_parameter_comes_from_the_query_alone_and_the_last_one_counts(shop: Shop) -> None:
    await shop.order()
    await shop.order()
    assert len((await shop.manager.get(f"{ORDERS}?limit=1&limit=2")).json()["records"]) == 2
    assert len((await shop.manager.get(f"{ORDERS}?limit=2&limit=1")).json()["records"]) == 1
    assert len((await shop.manager.ask("GET", f"{ORDERS}?limit=1", b'{"limit":2}', limit="2")).json()["records"]) == 1


HUGE: list[Any] = [2**31, 2**63, 2**64, -(2**63) - 1, 10**40, "9" * 400, "1e9999", "NaN", "Infinity", "-0x10"]


@pytest.mark.parametrize("number", HUGE, ids=[f"number-{place}" for place in range(len(HUGE))])
async def test_numbers_beyond_all_bounds_are_refused(shop: Shop, number: int | str) -> None:
    order = await shop.order()
    path = f"{ORDERS}/{order['id']}"
    row = {**order["lines"][0], "quantity": number}
    for answer in (
        await shop.manager.get(f"{ORDERS}?limit={number}"),
        await shop.manager.ask("PATCH", path, {"revision": number, "remark": "x"}),
        await shop.manager.ask("DELETE", f"{path}?revision={number}"),
        await shop.manager.ask("PATCH", path, {"lines": [{"id": row["id"], "quantity": "-" + str(number).strip("-")}]}),
        await shop.admin.ask("PUT", "/api/apps/workshop/draft", {"revision": number, "document": {}}),
    ):
        assert 400 <= answer.status_code < 500, answer.text
        assert answer.headers["content-type"] == "application/problem+json"
    assert (await shop.manager.get(path)).json()["revision"] == order["revision"]


async def test_the_character_zero_and_others_without_a_shape_break_nothing(shop: Shop) -> None:
    for path in (f"{ORDERS}?search=%00", f"{ORDERS}?filter=%00", f"{ORDERS}/%00", "/api/%00", f"{ORDERS}?search=%ff%fe"):
        answer = await shop.manager.get(path)
        assert 400 <= answer.status_code < 500, (path, answer.text)
    problem_of(await shop.manager.post("/api/keys", b'{"label": "a\\u0000b"}'), 400, "request-text-invalid")
    answer = await shop.manager.post(f"{RECORDS}/maker", b'{"name": "a\\u0000b"}')
    assert answer.status_code in (400, 422), answer.text
    made = await shop.manager.post(f"{RECORDS}/maker", {"name": "\u202e🦊 e\u0301 名\u200b"})
    assert made.json()["name"] == "\u202e🦊 \u00e9 名\u200b"  # in the form NFC


async def test_every_password_has_a_salt_of_its_own_in_argon2id(app: ASGIApp, site_dsn: str, admin: Browser, seller: Browser) -> None:
    connection = await asyncpg.connect(site_dsn)
    try:
        hashes = [row["password_hash"] for row in await connection.fetch("SELECT password_hash FROM dougong.credential")]
    finally:
        await connection.close()
    found = [re.fullmatch(r"\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([^$]{22})\$[^$]{43}", text) for text in hashes]
    assert len(found) >= 2 and all(found)
    assert all(int(one[1]) >= 15 * 1024 and int(one[2]) >= 2 and int(one[3]) >= 1 for one in found if one)
    assert len({one[4] for one in found if one}) == len(found)
    assert UUID((await admin.get("/api/session")).json()["user"]["id"])


@pytest.mark.parametrize("held", [0, 1 << 30], ids=["row by row", "at once"])
def test_a_sheet_that_asks_for_files_of_this_machine_gets_none(tmp_path: Path, held: int) -> None:
    """An external entity in each part of the workbook; the same file without them is read."""
    (tmp_path / "secret").write_text("kept-to-ourselves")
    calling = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{tmp_path}/secret">]>'
    for doctype, cell in (("", "harmless"), (calling, "&e;")):
        sheet = tmp_path / "sheet.xlsx"
        with zipfile.ZipFile(io.BytesIO(written_by_hand(row(1, "Name", "Code") + row(2, cell, "x")))) as given, zipfile.ZipFile(sheet, "w") as taken:
            for name in given.namelist():
                taken.writestr(name, given.read(name) if name.startswith(("[", "_")) else doctype.encode() + given.read(name))
        program = [sys.executable, "-m", "dougong.sheets.read_sheet", str(sheet), "", "1000", "1024", "60", str(held)]
        said = subprocess.run(program, capture_output=True, check=False).stdout
        assert (b"harmless" in said) is (cell == "harmless")
        assert b"kept-to-ourselves" not in said


def test_a_code_holds_for_a_step_before_and_after_alone() -> None:
    secret, now = "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ", datetime(2026, 1, 31, 12, 0, 10, tzinfo=UTC)
    clock = pyotp.TOTP(secret)
    found = [matching_step(secret, clock.generate_otp(int(now.timestamp()) // 30 + step), now) is not None for step in (-2, -1, 0, 1, 2)]
    assert found == [False, True, True, True, False]


def test_passwords_may_be_pasted_and_filled_in() -> None:
    """Every box for a password says which one it is, so that a password manager knows, and none listens to pasting or limits it."""
    boxes = [
        (path.name, box)
        for path in sorted([*PAGES.glob("auth/*.tsx"), *PAGES.glob("account/*.tsx")])
        for box in re.findall(r"<PasswordInput\b[^>]*?/>", path.read_text(encoding="utf-8"))
    ]
    assert len(boxes) >= 5
    boxes.append(("PasswordInput.tsx", 'autoComplete="new-password"' + (PAGES.parent / "shared/ui/PasswordInput.tsx").read_text(encoding="utf-8")))
    assert not any('type="password"' in path.read_text(encoding="utf-8") for path in PAGES.rglob("*.tsx"))
    for name, box in boxes:
        assert re.search(r'autoComplete=("(current|new)-password"|\{complete\})', box), name
        assert not re.search(r"onPaste|onCopy|maxLength|onBeforeInput", box), name
