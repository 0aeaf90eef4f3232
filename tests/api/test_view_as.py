"""An administrator looks as another user: the answers are theirs, nothing can be changed, and the audit log tells of it."""

from __future__ import annotations

import httpx
import pytest

from tests.api.browser import Browser, problem_of
from tests.workshop import RECORDS, Document, Shop, browser_of

ORDERS = f"{RECORDS}/order"


def viewing(shop: Shop, who: str, as_: str) -> Browser:
    """Return the browser of somebody that asks as another user."""
    browser = browser_of(shop.app, shop.tickets[who])
    browser.headers["X-View-As"] = shop.tickets[as_].user_id if as_ in shop.tickets else as_
    return browser


async def audited(shop: Shop, deed: str) -> list[Document]:
    """Return the rows of the audit log with a deed, the latest first."""
    answer = await shop.admin.get(f"/api/audit?deed={deed}")
    assert answer.status_code == 200, answer.text
    return list(answer.json()["entries"])


async def test_the_answers_are_those_of_the_user(shop: Shop) -> None:
    mine, theirs = await shop.order("worker"), await shop.order("other")
    seen = viewing(shop, "admin", "worker")
    for path in (f"{ORDERS}?limit=200", f"{ORDERS}/{mine['id']}", "/api/apps", "/api/apps/workshop/model", "/api/apps/workshop/openapi.json"):
        theirs_answer, answer = await shop.worker.get(path), await seen.get(path)
        assert (answer.status_code, answer.content) == (theirs_answer.status_code, theirs_answer.content), path
    problem_of(await seen.get(f"{ORDERS}/{theirs['id']}"), 404, "record-not-found")
    session = (await seen.get("/api/session")).json()
    assert (session["user"]["name"], session["may"]) == ("worker", [])
    assert (await shop.admin.get("/api/session")).json()["user"]["name"] != "worker"


async def test_pictures_and_downloads_go_out_as_the_user(shop: Shop) -> None:
    """The browser asks for them without our header: their address says as whom."""
    mine, theirs = await shop.order("worker"), await shop.order("other")
    worker, reader = shop.tickets["worker"].user_id, shop.tickets["other"].user_id
    one = await shop.admin.get(f"{ORDERS}/{mine['id']}?view_as={worker}")
    assert (one.status_code, one.content) == (200, (await shop.worker.get(f"{ORDERS}/{mine['id']}")).content)
    problem_of(await shop.admin.get(f"{ORDERS}/{theirs['id']}?view_as={worker}"), 404, "record-not-found")
    listed = await shop.admin.get(f"{ORDERS}/export?format=csv&fields=id&view_as={worker}")
    assert listed.status_code == 200 and mine["id"] in listed.text and theirs["id"] not in listed.text
    files = {"file": ("a.txt", b"of the administrator")}
    made = (await shop.admin.client.post("/api/files", files=files, headers={"x-csrf-token": shop.admin.csrf_token})).json()
    assert (await shop.admin.get(f"/api/files/{made['id']}/a.txt")).status_code == 200
    problem_of(await shop.admin.get(f"/api/files/{made['id']}/a.txt?view_as={reader}&save=true"), 404, "file-not-found")
    problem_of(await shop.admin.get(f"{ORDERS}?view_as={reader}", sec_fetch_site="cross-site"), 403, "access-viewing-only")
    problem_of(await shop.worker.get(f"{ORDERS}?view_as={reader}"), 403, "access-administrator-required")


async def test_nothing_can_be_changed(shop: Shop) -> None:
    mine = await shop.order("worker")
    seen = viewing(shop, "admin", "worker")
    before = await shop.counts()
    for method, path, body in (
        ("POST", ORDERS, {"maker": mine["maker"], "lines": []}), ("PATCH", f"{ORDERS}/{mine['id']}", {"remark": "x"}), ("DELETE", f"{ORDERS}/{mine['id']}", None),
        ("POST", f"{ORDERS}/{mine['id']}/reveal/remark", None), ("PATCH", "/api/session", {"language": "en"}), ("DELETE", "/api/session", None),
        ("GET", "/api/account/sessions", None), ("POST", "/api/account/tokens", {"name": "x", "scopes": ["read"], "days": 1}),
    ):  # fmt: skip
        problem_of(await seen.ask(method, path, body), 403, "access-viewing-only")
    after = await shop.counts()
    assert {name: n for name, n in after.items() if name != "dougong.audit"} == {name: n for name, n in before.items() if name != "dougong.audit"}
    assert (await shop.worker.get(f"{ORDERS}/{mine['id']}")).json()["revision"] == mine["revision"]


@pytest.mark.parametrize(("who", "target", "status", "code"), [
    ("manager", "worker", 403, "access-administrator-required"),
    ("worker", "admin", 403, "access-administrator-required"),
    ("admin", "nobody", 404, "access-user-not-found"),
    ("admin", "01900000-0000-7000-8000-000000000000", 404, "access-user-not-found"),
])  # fmt: skip
async def test_only_administrators_look_as_people_there_are(shop: Shop, who: str, target: str, status: int, code: str) -> None:
    problem_of(await viewing(shop, who, target).get(ORDERS), status, code)


async def test_no_token_looks_as_somebody(shop: Shop) -> None:
    await shop.sign_in_again("admin")
    made = await shop.admin.post("/api/account/tokens", {"name": "looks", "scopes": ["read"], "days": 1})
    assert made.status_code == 201, made.text
    headers = {"authorization": f"Bearer {made.json()['token']}", "x-view-as": shop.tickets["worker"].user_id}
    async with httpx.AsyncClient(transport=httpx.ASGITransport(app=shop.app), base_url="http://dougong.test", headers=headers) as client:
        problem_of(await client.get(ORDERS), 403, "access-token-refused")


async def test_the_audit_log_tells_of_it_once_for_each_user(shop: Shop) -> None:
    before = len(await audited(shop, "view-as"))
    seen = viewing(shop, "admin", "reader")
    for _ in range(3):
        assert (await seen.get(ORDERS)).status_code == 200
    found = await audited(shop, "view-as")
    assert len(found) == before + 1
    admin, reader = shop.tickets["admin"].user_id, shop.tickets["reader"].user_id
    assert (found[0]["actor"], found[0]["view_as"], found[0]["subject"]) == (admin, reader, "reader@workshop.example.com")
    assert found[0]["sentence"]


async def test_what_is_read_as_somebody_is_the_deed_of_who_looks(shop: Shop) -> None:
    """An export of the audit log as another administrator is written down with both names."""
    made = await shop.admin.post("/api/apps/organization/records/user", {
        "name": "second", "email": "second@workshop.example.com",
        "roles": [{"role": str(await shop.database.fetchval("SELECT id FROM app_organization.role WHERE key = 'organization.administrator'"))}],
    })  # fmt: skip
    assert made.status_code == 201, made.text
    seen = viewing(shop, "admin", made.json()["id"])
    assert (await seen.get("/api/audit/export?format=csv")).status_code == 200
    row = (await audited(shop, "export-audit"))[0]
    assert (row["actor"], row["view_as"]) == (shop.tickets["admin"].user_id, made.json()["id"])
