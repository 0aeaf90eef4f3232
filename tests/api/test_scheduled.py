"""A publish at a time asks, when it is due, whether whoever planned it may still publish; others see why it failed."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from datetime import UTC, datetime, timedelta

import pytest

from tests.workshop import Document, Shop, workshop

APP = "/api/apps/workshop"


@pytest.fixture
async def manager(shop: Shop) -> AsyncIterator[str]:
    """Return the path of the record of somebody who may publish, and give them back what a test takes away."""
    path = f"/api/apps/organization/records/user/{shop.tickets['manager'].user_id}"
    before = (await shop.admin.get(path)).json()
    yield path
    roles = [{"role": row["role"]} for row in before["roles"]]
    assert (await shop.admin.ask("PATCH", path, {"active": True, "roles": roles})).status_code == 200
    await shop.sign_in_again("manager")


async def scheduled(shop: Shop, icon: str) -> Document:
    """Have the manager plan a publish for tomorrow and return it."""
    revision = (await shop.manager.get(f"{APP}/draft")).json()["revision"]
    kept = await shop.manager.ask("PUT", f"{APP}/draft", {"revision": revision, "document": {**workshop(), "icon": icon}})
    due = (datetime.now(UTC) + timedelta(days=1)).isoformat()
    answer = await shop.manager.post(f"{APP}/versions", {"revision": kept.json()["revision"], "note": "", "due_at": due})
    assert answer.status_code == 202, answer.text
    return dict(answer.json()["publish"])


async def due(shop: Shop, publish: Document) -> Document:
    """Let a publish be due and return what became of it."""
    await shop.database.execute("UPDATE dougong.pgqueuer SET execute_after = now() WHERE entrypoint = 'publish'")
    while True:
        found = (await shop.admin.get(f"{APP}/publishes/{publish['id']}")).json()
        if found["ended_at"] is not None:
            return dict(found)
        await asyncio.sleep(0)


@pytest.mark.parametrize(
    ("change", "code", "zh", "en"),
    [
        ({"roles": []}, "publish-author-denied", "“manager”预定了此次发布，但到时已没有", "manager, who scheduled this, may not publish"),
        ({"active": False}, "publish-author-gone", "“manager”的账号到时已停用", "The account of manager, who scheduled this, was closed"),
    ],
)
async def test_who_may_not_publish_any_more_does_not(shop: Shop, manager: str, change: Document, code: str, zh: str, en: str) -> None:
    active = (await shop.admin.get(f"{APP}/export")).json()
    publish = await scheduled(shop, f"not-{code}")
    assert (await shop.admin.ask("PATCH", manager, change)).status_code == 200
    failed = await due(shop, publish)
    assert (failed["state"], failed["version"], failed["author"], [one["code"] for one in failed["issues"]]) == ("failed", None, "manager", [code])
    message = failed["issues"][0]["message"]
    assert zh in message["zh-CN"] and en in message["en"]
    assert (await shop.admin.get(f"{APP}/export")).json() == active
    assert (await shop.admin.get(f"{APP}/draft")).json()["document"]["icon"] == f"not-{code}"
    assert (await shop.admin.get(f"{APP}/publishes")).json()["publishes"][0]["id"] == publish["id"]


async def test_who_has_the_right_again_by_then_publishes(shop: Shop, manager: str) -> None:
    before = (await shop.admin.get(manager)).json()
    publish = await scheduled(shop, "clock")
    for roles in ([], [{"role": row["role"]} for row in before["roles"]]):
        assert (await shop.admin.ask("PATCH", manager, {"roles": roles})).status_code == 200
    done = await due(shop, publish)
    assert (done["state"], done["author"]) == ("done", "manager")
    assert (await shop.admin.get(f"{APP}/export")).json()["icon"] == "clock"
