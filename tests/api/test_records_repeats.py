"""Requests that come again: the same answer and one record, or a refusal; also when they come at once. And numbering."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any
from uuid import uuid4

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import RECORDS, Shop, Template, browser_of, element, entity, open_shop, package

ORDERS = f"{RECORDS}/order"
MAKERS = f"{RECORDS}/maker"


@pytest.fixture(scope="module")
async def order(shop: Shop) -> dict[str, Any]:
    """Return what makes a good order."""
    made = await shop.order()
    return {"maker": made["maker"], "lines": [{"thing": made["lines"][0]["thing"], "quantity": "1.0000"}], "remark": " again "}


async def test_idempotency_key(shop: Shop, order: dict[str, Any]) -> None:
    before = await shop.counts()
    first = await shop.manager.post(ORDERS, order, idempotency_key="k1")
    assert first.status_code == 201
    again = await shop.manager.post(ORDERS, order, idempotency_key="k1")
    assert (again.status_code, again.json()) == (200, first.json())
    assert again.headers["location"] == first.headers["location"] == f"{ORDERS}/{first.json()['id']}"
    after = await shop.counts()
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {'app_workshop."order"': 1, "app_workshop.order__lines": 1, "dougong.history": 1, "dougong.idempotency": 1,
                     "seen.notice": 1}  # fmt: skip
    other = {**order, "remark": "another"}
    await refused(shop, shop.manager, "POST", ORDERS, other, 409, "request-idempotency-key-reused", idempotency_key="k1")
    await refused(
        shop, shop.manager, "POST", MAKERS, {"name": "k1"}, 409, "request-idempotency-key-reused", idempotency_key="k1"
    )
    theirs = await shop.worker.post(ORDERS, order, idempotency_key="k1")
    assert theirs.status_code == 201
    assert theirs.json()["id"] != first.json()["id"]


async def test_idempotency_key_of_a_record_with_a_unique_value(shop: Shop) -> None:
    first = await shop.manager.post(MAKERS, {"name": "made once"}, idempotency_key="k2")
    again = await shop.manager.post(MAKERS, {"name": "made once"}, idempotency_key="k2")
    assert (first.status_code, again.status_code, again.json()) == (201, 200, first.json())
    await refused(
        shop, shop.manager, "POST", MAKERS, {"name": "made once", "city": "x"}, 409, "request-idempotency-key-reused",
        idempotency_key="k2",
    )  # fmt: skip


async def test_idempotency_key_still_answers_when_the_request_would_be_refused_now(shop: Shop) -> None:
    made = await shop.order()
    body = {"maker": made["maker"], "lines": []}
    first = await shop.manager.post(ORDERS, body, idempotency_key="k3")
    assert (await shop.manager.ask("PATCH", f"{MAKERS}/{made['maker']}", {"active": False})).status_code == 200
    again = await shop.manager.post(ORDERS, body, idempotency_key="k3")
    assert (again.status_code, again.json()) == (200, first.json())


async def test_idempotency_key_of_a_refused_request_is_free(shop: Shop) -> None:
    problem_of(await shop.manager.post(MAKERS, {"name": None}, idempotency_key="k4"), 422, "record-invalid")
    assert (await shop.manager.post(MAKERS, {"name": "mended"}, idempotency_key="k4")).status_code == 201


@pytest.mark.parametrize(("path", "body"), [(ORDERS, None), (MAKERS, {"name": "made once at once"})])
async def test_idempotency_key_at_once(
    shop: Shop, order: dict[str, Any], path: str, body: dict[str, Any] | None
) -> None:
    key = f"at once {path}"
    answers = await asyncio.gather(*(shop.manager.post(path, body or order, idempotency_key=key) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 9}, [answer.text for answer in answers]
    assert len({answer.json()["id"] for answer in answers}) == 1


async def test_idempotency_key_of_a_change(shop: Shop) -> None:
    made = await shop.order()
    path = f"{ORDERS}/{made['id']}"
    row = {"thing": made["lines"][0]["thing"], "quantity": "2"}
    body = {"revision": 1, "remark": "once", "lines": [*({"id": line["id"]} for line in made["lines"]), row]}
    before = await shop.counts()
    first = await shop.manager.ask("PATCH", path, body, idempotency_key="k5")
    assert (first.status_code, first.json()["revision"], len(first.json()["lines"])) == (200, 2, len(made["lines"]) + 1)
    after = await shop.counts()
    grown = {name: after[name] - before[name] for name in after if after[name] != before[name]}
    assert grown == {"app_workshop.order__lines": 1, "dougong.history": 1, "dougong.idempotency": 1, "seen.notice": 1}
    for others in ({}, {"remark": "changed since"}):
        if others:
            assert (await shop.manager.ask("PATCH", path, others)).status_code == 200
        again = await shop.manager.ask("PATCH", path, body, idempotency_key="k5")
        assert (again.status_code, again.json()) == (200, first.json())
    assert (await shop.manager.get(path)).json()["revision"] == 3
    reused = "request-idempotency-key-reused"
    for who, status, code in ((shop.manager, 409, reused), (shop.reader, 403, "access-denied")):
        await refused(shop, who, "PATCH", path, {**body, "remark": "other"}, status, code, idempotency_key="k5")
    late = {**body, "remark": "of another request"}
    clash = ("record-field-changed", "/remark")
    await refused(shop, shop.manager, "PATCH", path, late, 409, "record-revision-conflict", clash, idempotency_key="k6")


async def test_idempotency_key_of_a_change_without_a_revision(shop: Shop) -> None:
    path = f"{ORDERS}/{(await shop.order())['id']}"
    sent: dict[str, Any] = {"remark": "mine"}
    first = await shop.manager.ask("PATCH", path, sent, idempotency_key="k7")
    assert (await shop.manager.ask("PATCH", path, {"remark": "theirs"})).status_code == 200
    again = await shop.manager.ask("PATCH", path, sent, idempotency_key="k7")
    assert (again.status_code, again.json()) == (200, first.json())
    kept = (await shop.manager.get(path)).json()
    assert (kept["revision"], kept["remark"]) == (3, "theirs")


async def test_idempotency_key_of_a_change_at_once(shop: Shop) -> None:
    path = f"{ORDERS}/{(await shop.order())['id']}"
    body = {"revision": 1, "remark": "at once"}
    answers = await asyncio.gather(*(shop.manager.ask("PATCH", path, body, idempotency_key="k8") for _ in range(10)))
    assert {answer.status_code for answer in answers} == {200}, [answer.text for answer in answers]
    assert {answer.json()["revision"] for answer in answers} == {2}


async def test_idempotency_key_of_a_deletion(shop: Shop) -> None:
    one, two = await shop.order(), await shop.order()
    path = f"{ORDERS}/{one['id']}?revision=1"
    for _ in range(2):
        assert (await shop.manager.ask("DELETE", path, idempotency_key="k9")).status_code == 204
    await refused(shop, shop.manager, "DELETE", path, None, 404, "record-not-found")
    reused = "request-idempotency-key-reused"
    await refused(shop, shop.manager, "DELETE", f"{ORDERS}/{two['id']}?revision=1", None, 409, reused, idempotency_key="k9")


@pytest.mark.parametrize("method", ["POST", "PATCH", "DELETE"])
async def test_idempotency_key_that_is_too_long(shop: Shop, method: str) -> None:
    order = await shop.order()
    path = ORDERS if method == "POST" else f"{ORDERS}/{order['id']}"
    answer = await shop.manager.ask(method, path, None if method == "DELETE" else {}, idempotency_key="k" * 256)
    problem = problem_of(answer, 422, "request-invalid")
    assert [(item["parameter"], item["code"]) for item in problem["errors"]] == [("Idempotency-Key", "request-value-too-long")]
    assert (await shop.manager.post(ORDERS, {"maker": order["maker"], "lines": []}, idempotency_key=method.ljust(255, "k"))).status_code == 201


async def test_id_from_the_client(shop: Shop, order: dict[str, Any]) -> None:
    key = str(uuid4())
    first = await shop.worker.post(ORDERS, {"id": key, **order})
    assert (first.status_code, first.json()["id"]) == (201, key)
    before = await shop.counts()
    for body in (order, {**order, "lines": [{**order["lines"][0], "quantity": 1}], "remark": " again "}):
        again = await shop.worker.post(ORDERS, {"id": key, **body})
        assert (again.status_code, again.json()) == (200, first.json())
    assert await shop.counts() == before
    words = {"zh": f"标识为 {key} 的记录已存在", "en": f"A record with id {key} exists"}
    for who, body in (
        (shop.worker, {**order, "remark": "another"}),
        (shop.worker, {**order, "lines": []}),
        (shop.worker, {**order, "lines": [{**order["lines"][0], "quantity": "2"}]}),
        (shop.manager, order),
        (shop.other, order),
    ):
        await refused(shop, who, "POST", ORDERS, {"id": key, **body}, 409, "record-exists", **words)
    assert (await shop.worker.ask("PATCH", f"{ORDERS}/{key}", {"remark": "changed since"})).status_code == 200
    assert (await shop.worker.post(ORDERS, {"id": key, **order})).json()["id"] == key
    elsewhere = await shop.manager.post(MAKERS, {"id": key, "name": "same id in another entity"})
    assert elsewhere.status_code == 201


async def test_id_from_the_client_of_a_record_with_a_unique_value(shop: Shop) -> None:
    body = {"id": str(uuid4()), "name": "unique and retried"}
    answers = [await shop.manager.post(MAKERS, body) for _ in range(2)]
    assert [answer.status_code for answer in answers] == [201, 200]
    assert answers[0].json() == answers[1].json()


async def test_id_from_the_client_still_answers_when_the_request_would_be_refused_now(shop: Shop) -> None:
    made = await shop.order()
    body = {"id": str(uuid4()), "maker": made["maker"], "lines": []}
    first = await shop.manager.post(ORDERS, body)
    assert (await shop.manager.ask("PATCH", f"{MAKERS}/{made['maker']}", {"active": False})).status_code == 200
    again = await shop.manager.post(ORDERS, body)
    assert (again.status_code, again.json()) == (200, first.json())


async def test_id_from_the_client_at_once(shop: Shop, order: dict[str, Any]) -> None:
    body = {"id": str(uuid4()), **order}
    answers = await asyncio.gather(*(shop.manager.post(ORDERS, body) for _ in range(10)))
    assert Counter(answer.status_code for answer in answers) == {201: 1, 200: 9}
    assert len({answer.text for answer in answers}) == 1


async def test_numbers_are_unique_when_many_come_at_once(shop: Shop, order: dict[str, Any]) -> None:
    answers = await asyncio.gather(*(shop.manager.post(ORDERS, order) for _ in range(50)))
    assert {answer.status_code for answer in answers} == {201}
    numbers = [answer.json()["number"] for answer in answers]
    assert len(set(numbers)) == 50
    assert all(re.fullmatch(r"W-\d{8}-\d{4}", number) for number in numbers)


@pytest.fixture
async def elsewhere(shop: Shop, template: Template) -> AsyncIterator[list[Shop]]:
    """Return two servers of this site that never agree on what day it is."""
    async with (
        open_shop(shop.dsn, template, DOUGONG_TIME_ZONE="Etc/GMT+12") as west,
        open_shop(shop.dsn, template, DOUGONG_TIME_ZONE="Pacific/Kiritimati") as east,
    ):
        yield [west, east]


async def test_a_new_period_counts_from_one_also_when_many_begin_it(shop: Shop, elsewhere: list[Shop]) -> None:
    number = element("number", "sequence", pattern="W-{yyyyMMdd}-{0000}")
    assert (await shop.install(package("periods", entity("day", "number", number)))).status_code == 201
    prefixes = set()
    for server in elsewhere:
        answers = await asyncio.gather(*(server.admin.post("/api/apps/periods/records/day", {}) for _ in range(30)))
        assert {answer.status_code for answer in answers} == {201}, {answer.text[:300] for answer in answers}
        numbers = [answer.json()["number"] for answer in answers]
        assert sorted(int(number[-4:]) for number in numbers) == list(range(1, 31))
        prefixes |= {number[:-4] for number in numbers}
    assert len(prefixes) == 2


async def test_counter_without_a_period_and_with_text_around_it(shop: Shop) -> None:
    fields = [element("code", "sequence", pattern="甲%{00}/{yy}"), element("plain", "sequence", pattern="{0}")]
    answer = await shop.install(package("numbering", entity("ticket", "code", *fields)))
    assert answer.status_code == 201, answer.text
    path = "/api/apps/numbering/records/ticket"
    browser = browser_of(shop.app, shop.tickets["admin"])
    answers = await asyncio.gather(*(browser.post(path, {}) for _ in range(101)))
    assert {answer.status_code for answer in answers} == {201}, answers[0].text
    year = await shop.database.fetchval("SELECT to_char(now() AT TIME ZONE 'Asia/Shanghai', 'YY')")
    codes = {answer.json()["code"] for answer in answers}
    assert len(codes) == 101
    assert all(re.fullmatch(rf"甲%\d\d+/{year}", code) for code in codes)
    assert any(len(code) > len(f"甲%00/{year}") for code in codes)
    assert len({answer.json()["plain"] for answer in answers}) == 101
