"""Public links by HTTP: forms to fill and records to read without an account, and everything that bounds them."""

from __future__ import annotations

import asyncio
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

import asyncpg
import httpx
import pytest
from alembic import command
from alembic.config import Config
from sqlalchemy import Connection
from sqlalchemy.ext.asyncio import create_async_engine
from sqlalchemy.pool import NullPool

from dougong.database.migrate import migrate
from dougong.shipped import migrations
from tests.api.browser import Browser, open_browser, problem_of
from tests.workshop import RECORDS, Document, Shop

LINKS = "/api/public-links"


@dataclass
class Guest:
    """Somebody without an account who was given a link."""

    browser: Browser
    token: str
    given: str = ""

    async def ask(self, method: str, path: str, body: object = None, **headers: str) -> httpx.Response:
        """Send what a page of the link sends."""
        sent = {"x_link_token": self.token, **({"x_link_pass": self.given} if self.given else {}), **headers}
        return await self.browser.ask(method, path, body, **sent)

    async def open(self, **body: str) -> httpx.Response:
        """Open the link."""
        return await self.ask("POST", "/api/public/open", body)

    async def send(self, values: Document | bytes, **headers: str) -> httpx.Response:
        """Send the form."""
        return await self.ask("POST", "/api/public/records", values, **headers)

    async def look_up(self, entity: str, **query: str) -> httpx.Response:
        """Look for what a reference may point to."""
        return await self.ask("GET", f"/api/public/records/{entity}?{httpx.QueryParams(query)}")


async def made(shop: Shop, who: str, **body: object) -> tuple[Guest, Document]:
    """Return a visitor with a new link, and the link."""
    answer = await getattr(shop, who).post(LINKS, {"app": "workshop", "name": "link", **body})
    assert answer.status_code == 201, answer.text
    url = answer.json()["url"]
    assert url.partition("#")[0].endswith("/open")
    return Guest(open_browser(shop.app, f"198.51.100.{shop.made % 200}"), url.partition("#")[2]), answer.json()["link"]


async def of_gauges(shop: Shop, **body: object) -> tuple[Guest, Document]:
    """Return a visitor with a new link to fill in gauges, from an address of their own."""
    shop.made += 1
    return await made(shop, "manager", kind="fill", entity="gauge", **body)


async def deeds(shop: Shop, deed: str) -> list[Document]:
    return [dict(row) for row in await shop.database.fetch("SELECT * FROM dougong.audit WHERE deed = $1 ORDER BY id", deed)]


async def test_a_visitor_fills_in_a_form_and_sees_nothing_else(shop: Shop) -> None:
    hidden = await shop.create("gauge", name="not for visitors")
    guest, link = await of_gauges(shop)
    opened = (await guest.open()).json()
    assert (opened["kind"], opened["entity"], opened["record"], opened["pass"]) == ("fill", "gauge", None, None)
    assert [entity["key"] for entity in opened["model"]["entities"]] == ["gauge"]
    assert "maker" not in {field["key"] for field in opened["model"]["entities"][0]["fields"]}, "a reference nobody let visitors choose is not in the form"
    answer = await guest.send({"name": "from outside", "n": "1.5", "c": "x"})
    assert (answer.status_code, answer.json()) == (201, {"can_again": True})
    assert "set-cookie" not in answer.headers
    (record,) = [one for one in (await shop.manager.get(f"{RECORDS}/gauge?limit=200")).json()["records"] if one["name"] == "from outside"]
    record = (await shop.manager.get(f"{RECORDS}/gauge/{record['id']}")).json()
    assert record["created_by"] == shop.tickets["manager"].user_id
    (change,) = (await shop.manager.get(f"{RECORDS}/gauge/{record['id']}/history")).json()["changes"]
    assert change["channel"] == "link"
    for path in (f"{RECORDS}/gauge", f"{RECORDS}/gauge/{hidden['id']}", "/api/apps", "/api/apps/workshop/model", "/api/search?text=visitors"):
        assert (await guest.ask("GET", path)).status_code == 401, path
    assert (await guest.look_up("maker")).status_code == (await guest.look_up("gauge")).status_code == 404
    (entry,) = [one for one in (await shop.manager.get(f"{LINKS}?app=workshop&entity=gauge")).json()["links"] if one["id"] == link["id"]]
    assert (entry["uses"], entry["state"], entry["created_by_name"]) == (1, "open", "manager")


async def test_what_is_not_in_the_form_cannot_be_sent_along(shop: Shop) -> None:
    maker = await shop.create("maker", name="a maker nobody names")
    guest, _ = await of_gauges(shop)
    for key, value in (("maker", maker["id"]), ("created_by", shop.tickets["other"].user_id), ("created_at", "2020-01-01T00:00:00Z"), ("deleted_at", None), ("nothing", 1)):
        answer = await guest.send({"name": "mine", key: value})
        assert answer.status_code == 422, (key, answer.text)
    problem_of(await guest.send(b"[]"), 422, "record-invalid")
    problem_of(await guest.send({"n": "many"}), 422, "record-invalid")


async def test_references_are_chosen_where_the_maker_lets_visitors(shop: Shop) -> None:
    shown = await shop.create("maker", name="shown maker", city="secret city", active=True)
    idle = await shop.create("maker", name="idle maker", active=False)
    thing = await shop.create("thing", name="a thing", price="2")
    problem = problem_of(await shop.manager.post(LINKS, {"app": "workshop", "entity": "order", "kind": "fill", "name": "orders"}), 422, "record-invalid")
    assert {item["code"] for item in problem["errors"]} == {"access-public-link-required"}, "a form that nobody could send is not opened"
    wrong = {"app": "workshop", "entity": "order", "kind": "fill", "name": "orders", "lookups": ["maker", "lines.thing", "remark"]}
    problem = problem_of(await shop.manager.post(LINKS, wrong), 422, "record-invalid")
    assert [(item["code"], item["pointer"]) for item in problem["errors"]] == [("access-public-link-lookup", "/lookups/2")]
    guest, _ = await made(shop, "manager", kind="fill", entity="order", lookups=["maker", "lines.thing"])
    opened = await guest.open()
    fields = {field["key"]: field for field in opened.json()["model"]["entities"][0]["fields"]}
    assert fields["maker"]["where"] == "active"
    assert not {"memo", "reviewer"} & fields.keys()
    found = await guest.look_up("maker", filter="active", search="maker")
    names = [one["name"] for one in found.json()["records"]]
    assert "shown maker" in names
    assert "idle maker" not in names
    assert "secret city" not in found.text
    for query in ({"filter": ""}, {"filter": "city = \"secret city\""}, {"filter": "NOT active"}):
        assert (await guest.look_up("maker", **query)).status_code == 404, query
    assert (await guest.look_up("note")).status_code == 404
    rows = [{"thing": thing["id"], "quantity": "2", "price": "3"}]
    assert (await guest.send({"maker": shown["id"], "lines": rows})).status_code == 201
    problem_of(await guest.send({"maker": idle["id"], "lines": rows}), 422, "record-invalid")
    problem_of(await guest.send({"maker": shown["id"], "lines": rows, "memo": (await shop.create("note", name="x"))["id"]}), 422, "record-invalid")


async def test_of_twenty_at_a_time_as_many_are_saved_as_may_be(shop: Shop) -> None:
    guest, link = await of_gauges(shop, most_uses=5)
    answers = await asyncio.gather(*(guest.send({"name": f"race {link['id']}"}) for _ in range(20)))
    assert sorted(answer.status_code for answer in answers) == [201] * 5 + [410] * 15
    assert {answer.json()["code"] for answer in answers if answer.status_code == 410} == {"access-public-link-used-up"}
    assert await shop.database.fetchval("SELECT count(*) FROM app_workshop.gauge WHERE name = $1", f"race {link['id']}") == 5
    problem_of(await guest.open(), 410, "access-public-link-used-up")
    once, _ = await of_gauges(shop, most_uses=1)
    assert (await once.send({"n": "nothing"})).status_code == 422, "what is refused is no use"
    key = {"idempotency_key": "mine"}
    assert (await once.send({"name": "sent once"}, **key)).json() == {"can_again": False}
    assert (await once.send({"name": "sent once"}, **key)).status_code == 201, "an answer that was lost is asked for again"
    assert await shop.database.fetchval("SELECT count(*) FROM app_workshop.gauge WHERE name = 'sent once'") == 1


async def test_a_password_is_asked_for_and_not_guessed(shop: Shop) -> None:
    guest, link = await of_gauges(shop, password="open sesame")
    assert link["has_password"] is True
    before = len(await deeds(shop, "refuse-public-link"))
    problem_of(await guest.open(), 401, "access-public-link-locked")
    problem_of(await guest.send({"name": "in by the window"}), 401, "access-public-link-locked")
    problem_of(await guest.open(password="open barley"), 401, "access-public-link-locked")
    refused = (await deeds(shop, "refuse-public-link"))[before:]
    assert [(row["subject"], row["actor"]) for row in refused] == [("link", None)]
    guest.given = (await guest.open(password="open sesame")).json()["pass"]
    assert (await guest.send({"name": "in by the door"})).status_code == 201
    for forged in ("99999999999999.0", guest.given[:-1] + ("0" if guest.given[-1] != "0" else "1"), "²." + guest.given):
        stranger = Guest(guest.browser, guest.token, forged.encode("ascii", "ignore").decode())
        problem_of(await stranger.send({"name": "forged"}), 401, "access-public-link-locked")
    assert (await shop.manager.ask("PATCH", f"{LINKS}/{link['id']}", {"password": "another word"})).status_code == 200
    problem_of(await guest.send({"name": "yesterday's pass"}), 401, "access-public-link-locked")
    for _ in range(9):
        assert (await guest.open(password="a guess of many")).status_code == 401
    busy = problem_of(await guest.open(password="another word"), 429, "access-too-many-attempts")
    assert busy["detail"]
    elsewhere = Guest(open_browser(shop.app, "192.0.2.77"), guest.token)
    assert (await elsewhere.open(password="another word")).status_code == 200, "one who guesses does not shut the door for all"
    assert "sesame" not in str(await shop.database.fetch("SELECT * FROM dougong.public_link"))


async def test_who_sends_too_often_shuts_the_form_for_themselves_alone(shop: Shop) -> None:
    guest, link = await of_gauges(shop)
    assert (await guest.send({"name": "the first"})).status_code == 201
    await shop.database.execute("UPDATE dougong.sign_in_attempt SET failures = 100 WHERE key LIKE $1", f"link send {link['id']} address:%")
    for _ in range(3):
        problem_of(await guest.send({"name": "again"}), 429, "access-public-link-too-often")
    assert await shop.database.fetchval("SELECT failures FROM dougong.sign_in_attempt WHERE key = $1", f"link send {link['id']}") == 1
    assert (await Guest(open_browser(shop.app, "192.0.2.78"), guest.token).send({"name": "elsewhere"})).status_code == 201


async def test_links_end_pause_and_are_taken_back(shop: Shop) -> None:
    guest, link = await of_gauges(shop)
    past = (datetime.now(UTC) - timedelta(minutes=1)).isoformat()
    problem_of(await shop.manager.post(LINKS, {"app": "workshop", "entity": "gauge", "kind": "fill", "name": "x", "expires_at": past}), 422, "request-invalid")
    await shop.database.execute("UPDATE dougong.public_link SET expires_at = now() - interval '1 second' WHERE id = $1", link["id"])
    problem_of(await guest.open(), 410, "access-public-link-over")
    problem_of(await guest.send({"name": "too late"}), 410, "access-public-link-over")
    changed = await shop.manager.ask("PATCH", f"{LINKS}/{link['id']}", {"expires_at": None, "is_paused": True})
    assert (changed.json()["expires_at"], changed.json()["state"]) == (None, "paused")
    problem_of(await guest.open(), 403, "access-public-link-paused")
    problem_of(await guest.send({"name": "paused"}), 403, "access-public-link-paused")
    assert (await shop.manager.ask("PATCH", f"{LINKS}/{link['id']}", {"is_paused": False})).json()["state"] == "open"
    assert (await guest.open()).status_code == 200
    for who in ("worker", "guest"):
        problem_of(await getattr(shop, who).ask("DELETE", f"{LINKS}/{link['id']}"), 404, "access-public-link-unknown")
        problem_of(await getattr(shop, who).ask("PATCH", f"{LINKS}/{link['id']}", {"is_paused": True}), 404, "access-public-link-unknown")
        assert link["id"] not in (await getattr(shop, who).get(LINKS)).text
    assert link["id"] in (await shop.admin.get(LINKS)).text, "administrators see all"
    assert (await shop.admin.ask("DELETE", f"{LINKS}/{link['id']}")).status_code == 204
    problem_of(await guest.open(), 404, "access-public-link-unknown")
    problem_of(await guest.send({"name": "gone"}), 404, "access-public-link-unknown")
    problem_of(await Guest(guest.browser, "no such token").open(), 404, "access-public-link-unknown")
    told = [(row["deed"], row["details"]) for deed in ("make-public-link", "change-public-link", "revoke-public-link") for row in await deeds(shop, deed)]
    assert {deed for deed, details in told if link["id"] in details} == {"make-public-link", "change-public-link", "revoke-public-link"}
    assert guest.token not in str(told)


async def test_a_pause_is_not_lost_to_a_change_at_the_same_time(shop: Shop) -> None:
    """A password takes a while to hash: what others change of the link in between stays."""
    for _ in range(3):
        guest, link = await of_gauges(shop)
        path = f"{LINKS}/{link['id']}"
        answers = await asyncio.gather(shop.manager.ask("PATCH", path, {"password": "open sesame"}), shop.admin.ask("PATCH", path, {"is_paused": True}))
        assert [answer.status_code for answer in answers] == [200, 200]
        problem_of(await guest.open(), 403, "access-public-link-paused")
        (kept,) = [one for one in (await shop.manager.get(LINKS)).json()["links"] if one["id"] == link["id"]]
        assert (kept["is_paused"], kept["has_password"]) == (True, True)


async def test_a_link_that_reads_offers_nothing_to_choose(shop: Shop) -> None:
    """Whoever may share one record does not open all those it could point to."""
    order = await shop.order("worker")
    await grant_share(shop)
    body = {"app": "workshop", "kind": "read", "entity": "order", "record": order["id"], "name": "x", "lookups": ["maker", "lines.thing"]}
    problem = problem_of(await shop.worker.post(LINKS, body), 422, "record-invalid")
    told = [(item["code"], item["pointer"]) for item in problem["errors"]]
    assert told == [("access-public-link-lookup", "/lookups/0"), ("access-public-link-lookup", "/lookups/1")]
    kept = await shop.database.execute("SELECT FROM dougong.public_link WHERE kind = 'read' AND lookups <> '{}'")
    assert kept == "SELECT 0"


def _back_to(connection: Connection, revision: str) -> None:
    """Take the system tables back to a revision of before."""
    config = Config()
    config.set_main_option("script_location", str(migrations()))
    config.set_main_option("path_separator", "os")
    config.attributes["connection"] = connection
    command.downgrade(config, revision)


async def test_a_link_of_before_that_reads_and_offered_a_choice_reads_on_and_offers_none(shop: Shop) -> None:
    order, link = await shop.order("worker"), await of_gauges(shop)
    await grant_share(shop)
    guest, old = await made(shop, "worker", kind="read", entity="order", record=order["id"])
    engine = create_async_engine("postgresql+asyncpg://", async_creator=lambda: asyncpg.connect(shop.dsn), poolclass=NullPool)
    async with engine.begin() as opened:
        await opened.run_sync(_back_to, "0025")
    await shop.database.execute("UPDATE dougong.public_link SET lookups = '{maker}'")
    assert await migrate(shop.dsn) is True
    kept = {str(row["id"]): row["lookups"] for row in await shop.database.fetch("SELECT id, lookups FROM dougong.public_link")}
    assert (kept[old["id"]], kept[link[1]["id"]]) == ([], ["maker"]), "of a form the choice stays"
    answer = await guest.open()
    assert (answer.status_code, answer.json()["record"]["number"]) == (200, order["number"])
    assert (await guest.look_up("maker", filter="active")).status_code == 404
    listed = (await shop.worker.get(f"{LINKS}?app=workshop&entity=order&record={order['id']}")).json()["links"]
    assert [(one["state"], one["lookups"]) for one in listed if one["id"] == old["id"]] == [("open", [])]
    with pytest.raises(asyncpg.CheckViolationError):
        await shop.database.execute("UPDATE dougong.public_link SET lookups = '{maker}' WHERE id = $1", old["id"])


async def test_one_record_is_read_and_no_other(shop: Shop) -> None:
    order, other = await shop.order("worker"), await shop.order("worker")
    await grant_share(shop)
    guest, _ = await made(shop, "worker", kind="read", entity="order", record=order["id"], most_uses=2)
    answer = await guest.open()
    record = answer.json()["record"]
    assert (record["number"], record["total"], len(record["lines"])) == (order["number"], order["total"], 2)
    assert record["maker__title"].startswith("maker ")
    assert not {"created_by", "created_by__title", "updated_by", "created_at"} & record.keys()
    assert other["id"] not in answer.text
    assert (await guest.send({"maker": order["maker"], "lines": []})).status_code == 404
    assert (await guest.look_up("maker", filter="active")).status_code == 404
    assert (await guest.open()).status_code == 200
    problem_of(await guest.open(), 410, "access-public-link-used-up")
    problem_of(await shop.other.post(LINKS, {"app": "workshop", "kind": "read", "entity": "order", "record": order["id"], "name": "x"}), 404, "record-not-found")
    problem_of(await shop.reader.post(LINKS, {"app": "workshop", "kind": "read", "entity": "order", "record": order["id"], "name": "x"}), 403, "access-denied")
    problem_of(await shop.worker.post(LINKS, {"app": "workshop", "kind": "fill", "entity": "order", "name": "x"}), 403, "access-public-link-denied")
    problem_of(await shop.guest.post(LINKS, {"app": "workshop", "kind": "fill", "entity": "order", "name": "x"}), 404, "app-not-found")


async def test_a_link_gives_no_more_than_its_maker_may_see_at_that_moment(shop: Shop) -> None:
    order = await shop.order("worker")
    await grant_share(shop)
    guest, link = await made(shop, "worker", kind="read", entity="order", record=order["id"])
    assert "contact" in (await guest.open()).json()["record"]
    await grant_share(shop, levels=[{"key": "contact", "level": "hidden"}, {"key": "lines.price", "level": "hidden"}])
    record = (await guest.open()).json()
    assert "contact" not in record["record"]
    assert "contact" not in {field["key"] for field in record["model"]["entities"][0]["fields"]}
    assert not {"amount", "price"} & record["record"]["lines"][0].keys(), "what is computed from what is hidden is hidden"
    assert "total" not in record["record"]
    await grant_share(shop, actions=["create", "read", "update", "delete"])
    problem_of(await guest.open(), 404, "access-public-link-unknown")
    (entry,) = [one for one in (await shop.worker.get(f"{LINKS}?record={order['id']}")).json()["links"] if one["id"] == link["id"]]
    assert entry["state"] == "stopped"
    await grant_share(shop)
    assert (await guest.open()).status_code == 200
    path = f"/api/apps/organization/records/user/{shop.tickets['worker'].user_id}"
    assert (await shop.admin.ask("PATCH", path, {"active": False})).status_code == 200
    problem_of(await guest.open(), 404, "access-public-link-unknown")
    assert (await shop.admin.ask("PATCH", path, {"active": True})).status_code == 200
    await shop.sign_in_again("worker")
    assert (await shop.manager.ask("DELETE", f"{RECORDS}/order/{order['id']}")).status_code == 204
    problem_of(await guest.open(), 404, "access-public-link-unknown")


async def test_the_token_is_in_no_address_and_no_log_and_cookies_do_not_count(shop: Shop, caplog: pytest.LogCaptureFixture) -> None:
    guest, _ = await of_gauges(shop)
    with caplog.at_level(logging.DEBUG):
        assert (await guest.open()).status_code == 200
        assert (await guest.send({"name": "quiet"})).status_code == 201
    assert guest.token not in caplog.text
    assert (await guest.browser.post(f"/api/public/open?token={guest.token}", {})).status_code == 404
    guest.browser.client.cookies.set("dougong_session", shop.tickets["manager"].token, domain="dougong.test")
    assert (await guest.browser.post("/api/public/open", {})).status_code == 404, "whoever is signed in is nobody else here"
    assert (await guest.send({"name": "no CSRF token is needed: no browser sends the header by itself"})).status_code == 201
    stored: list[Any] = await shop.database.fetch("SELECT * FROM dougong.public_link")
    assert guest.token not in str(stored)


async def grant_share(shop: Shop, **others: object) -> None:
    """Publish the workshop with a policy of workers for orders that lets them share their own."""
    draft = (await shop.manager.get("/api/apps/workshop/draft")).json()["document"]
    own = next(one for one in draft["policies"] if one["key"] == "worker_order")
    own.clear()
    own |= {"key": "worker_order", "role": "worker", "entity": "order", "actions": ["create", "read", "update", "delete", "share"], "rows": "own", **others}
    answer = await shop.publish(draft)
    assert answer.status_code in (200, 201), answer.text
