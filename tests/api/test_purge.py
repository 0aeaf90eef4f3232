"""Retired data over HTTP: what is left behind is told with what it holds, goes for good when it is named, and comes back empty afterwards."""

from __future__ import annotations

from typing import Any

import pytest

from tests.api.browser import problem_of
from tests.api.test_roll_back import document, plan, restore, smaller
from tests.workshop import Shop, element, with_fields

pytestmark = pytest.mark.anyio

NAMES = {"card.n", "card.box", "card__tags", "card__lines", "card.sum", "card.level", "box"}


async def installed(shop: Shop, app: str) -> str:
    """Install an app with a card, publish it without most of its parts, and return the card's id."""
    assert (await shop.install(document(app))).status_code == 201
    records = f"/api/apps/{app}/records"
    box = (await shop.admin.post(f"{records}/box", {"name": "red"})).json()["id"]
    values = {"name": "a", "code": "x", "n": "7.5", "box": box, "tags": [box], "lines": [{"m": "2"}, {"m": "3"}], "level": "high"}
    card = (await shop.admin.post(f"{records}/card", values)).json()["id"]
    assert (await shop.admin.get(f"/api/apps/{app}/retired")).json() == {"retired": [], "purged": []}
    assert (await shop.publish(smaller(app))).status_code == 201
    return str(card)


async def retired(shop: Shop, app: str) -> dict[str, dict[str, Any]]:
    """Return what is retired, by name."""
    return {one["name"]: one for one in (await shop.admin.get(f"/api/apps/{app}/retired")).json()["retired"]}


async def age(shop: Shop, app: str) -> None:
    """Let everything that was published have been so for a while."""
    await shop.database.execute("UPDATE dougong.app_version SET published_at = published_at - interval '1 hour' WHERE app = $1", app)


async def purge(shop: Shop, app: str, *names: str, typed: str | None = None) -> Any:  # noqa: ANN401 – httpx's
    """Purge by name."""
    return await shop.admin.post(f"/api/apps/{app}/retired/purge", {"names": list(names), "app": app if typed is None else typed})


async def test_what_is_left_behind_is_told_with_what_it_holds(shop: Shop) -> None:
    await installed(shop, "left")
    found = await retired(shop, "left")
    assert found.keys() == NAMES
    assert {name: (one["kind"], one["count"], one["version"]) for name, one in found.items()} == {
        "card.n": ("column", 1, 1), "card.box": ("column", 1, 1), "card.sum": ("column", 1, 1), "card.level": ("column", 1, 1),
        "card__tags": ("links", 1, 1), "card__lines": ("table", 2, 1), "box": ("table", 1, 1),
    }  # fmt: skip
    assert found["card__lines"]["label"]["en"] == "card › lines"
    assert all(one["size"] > 0 for one in found.values())
    assert await restore(shop, "left", 1) == 3
    assert await retired(shop, "left") == {}
    assert (await shop.publish(with_fields(document("left"), "card", element("n", "text")))).status_code == 201
    assert {name: one["version"] for name, one in (await retired(shop, "left")).items()} == {"card.n": 3}


async def test_what_is_named_goes_for_good_and_comes_back_empty(shop: Shop) -> None:
    card = await installed(shop, "purged")
    await age(shop, "purged")
    answer = await purge(shop, "purged", "card.n", "card__lines", "box")
    assert answer.status_code == 200, answer.text
    assert {one["name"] for one in answer.json()["retired"]} == NAMES - {"card.n", "card__lines", "box"}
    assert {(one["name"], one["count"], one["version"]) for one in answer.json()["purged"]} == {("card.n", 1, 1), ("card__lines", 2, 1), ("box", 1, 1)}
    log = (await shop.admin.get("/api/audit?deed=purge&app=purged")).json()["entries"]
    assert {(row["details"]["name"], row["details"]["records"]) for row in log} == {("card.n", 1), ("card__lines", 2), ("box", 1)}
    there = "SELECT count(*) FROM information_schema.columns WHERE table_schema = 'app_purged' AND (table_name, column_name) IN (('card', 'n'), ('box', 'id'))"
    assert await shop.database.fetchval(there) == 0
    assert (await shop.admin.get(f"/api/apps/purged/records/card/{card}")).json()["code"] == "x"

    told = await plan(shop, "purged", 1)
    assert {issue["pointer"] for issue in told["warnings"] if issue["code"] == "definition-values-purged"} == {
        "/entities/card/fields/n", "/entities/card/fields/lines", "/entities/box",
    }  # fmt: skip
    assert await restore(shop, "purged", 1) == 3
    back = (await shop.admin.get(f"/api/apps/purged/records/card/{card}")).json()
    assert (back["n"], back["lines"], back["sum"], back["level"], back["code"]) == (None, [], "0", "high", "x")
    assert (await shop.admin.post("/api/apps/purged/records/card", {"name": "b", "n": "1", "lines": [{"m": "4"}]})).json()["sum"] == "4"


async def test_a_purge_that_is_not_meant_or_not_allowed_changes_nothing(shop: Shop) -> None:
    await installed(shop, "kept")
    fresh = problem_of(await purge(shop, "kept", "card.n"), 422, "purge-refused")
    assert [(error["code"], error["pointer"]) for error in fresh["errors"]] == [("purge-too-soon", "/names/0")]
    await age(shop, "kept")
    wrong = problem_of(await purge(shop, "kept", "card.name", "card.n", typed="Kept"), 422, "purge-refused")
    assert [(error["code"], error["pointer"]) for error in wrong["errors"]] == [("purge-name-unknown", "/names/0"), ("purge-app-key", "/app")]
    problem_of(await purge(shop, "kept"), 422, "request-invalid")
    problem_of(await shop.worker.get("/api/apps/workshop/retired"), 403, "access-act-denied")
    problem_of(await shop.worker.post("/api/apps/workshop/retired/purge", {"names": ["x"], "app": "workshop"}), 403, "access-act-denied")
    assert (await retired(shop, "kept")).keys() == NAMES
