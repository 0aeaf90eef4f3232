"""What somebody tries who means harm and is signed in: values that are not theirs to give, ids of others, questions that find things out."""

from __future__ import annotations

from uuid import uuid4

import httpx
import pytest

from tests.api.browser import problem_of
from tests.api.files_app import upload
from tests.refusal import refused
from tests.workshop import RECORDS, Shop

ORDERS = f"{RECORDS}/order"


@pytest.mark.parametrize("key", ["id", "created_by", "created_at", "updated_by", "updated_at", "revision", "deleted_at", "position", "parent"])
async def test_columns_of_the_platform_cannot_be_sent_along(shop: Shop, key: str) -> None:
    mine = await shop.order("worker")
    value = {"revision": 77, "position": 3, "created_by": shop.tickets["other"].user_id, "updated_by": shop.tickets["other"].user_id}.get(key, str(uuid4()))
    answer = await shop.worker.ask("PATCH", f"{ORDERS}/{mine['id']}", {key: value})
    assert answer.status_code in (200, 409, 422), answer.text
    now = (await shop.manager.get(f"{ORDERS}/{mine['id']}")).json()
    assert (now["id"], now["created_by"], now["created_at"]) == (mine["id"], mine["created_by"], mine["created_at"])
    made = await shop.worker.post(ORDERS, {"maker": mine["maker"], "lines": [], key: value})
    if made.status_code == 201:
        assert (made.json()["created_by"], made.json()["revision"]) == (shop.tickets["worker"].user_id, 1)


async def test_computed_and_read_only_fields_cannot_be_sent_along(shop: Shop) -> None:
    mine = await shop.order("worker")
    for values in ({"total": "1"}, {"rate": "9"}, {"number": "W-1"}, {"lines": [{"thing": mine["lines"][0]["thing"], "amount": "0.01"}]}):
        problem_of(await shop.worker.ask("PATCH", f"{ORDERS}/{mine['id']}", values), 422, "record-invalid")


async def test_rows_of_somebody_elses_record_cannot_be_moved_into_ones_own(shop: Shop) -> None:
    mine, theirs = await shop.order("worker"), await shop.order("other")
    stolen = theirs["lines"][0]
    answer = await shop.worker.ask("PATCH", f"{ORDERS}/{mine['id']}", {"lines": [{"id": stolen["id"], "note": "mine now"}]})
    assert answer.status_code in (409, 422), answer.text
    assert (await shop.manager.get(f"{ORDERS}/{theirs['id']}")).json()["lines"][0]["note"] is None
    assert (await shop.worker.get(f"{RECORDS}/order.lines/{stolen['id']}")).status_code == 404


async def test_ids_of_others_are_ids_of_nothing_by_every_way(shop: Shop) -> None:
    theirs, nothing = await shop.order("other"), str(uuid4())
    ways: tuple[tuple[str, str, object], ...] = (
        ("GET", "{id}", None), ("PATCH", "{id}", {"remark": "x"}), ("DELETE", "{id}", None), ("GET", "{id}/history", None), ("GET", "{id}?revision=1", None),
        ("GET", "{id}?at=2100-01-01T00:00:00Z", None), ("GET", "{id}/explain/total", None), ("POST", "{id}/restore", {}),
    )  # fmt: skip
    for method, path, body in ways:
        told = [await shop.worker.ask(method, f"{ORDERS}/{path.format(id=one)}", body) for one in (theirs["id"], nothing)]
        found = [(one.status_code, one.json()["code"], one.json()["detail"]) for one in told]
        assert found[0] == found[1], path
        assert found[0][0] == 404, (path, found)
    bulk = [(await shop.worker.post(f"{ORDERS}/bulk", {"changes": [{"action": "update", "id": one, "values": {"remark": "x"}}], "mode": "each"})).json() for one in (theirs["id"], nothing)]
    assert [one["results"][0]["errors"][0]["code"] for one in bulk] == ["record-not-found", "record-not-found"]


async def test_orders_of_what_is_hidden_tell_nothing(shop: Shop) -> None:
    note = await shop.create("note", "other", name="zzz hidden")
    order = await shop.order("worker")
    assert (await shop.manager.ask("PATCH", f"{ORDERS}/{order['id']}", {"memo": note["id"]})).status_code == 200
    bare = await shop.order("worker")
    for sort in ("memo.name", "-memo.name"):
        page = (await shop.worker.get(f"{ORDERS}?{httpx.QueryParams(sort=sort, limit='200')}")).json()["records"]
        places = {record["id"]: place for place, record in enumerate(page)}
        before = places[order["id"]] < places[bare["id"]]
        assert before is (sort == "memo.name"), "both are blank: the order is that of their ids"


async def test_what_is_hidden_is_in_no_piece_of_search(shop: Shop) -> None:
    await shop.create("note", "other", name="pomegranate in the cellar")
    for path in ("/api/search", "/api/apps/workshop/search"):
        assert (await shop.worker.get(f"{path}?text=pomegranate")).json()["hits"] == []
        assert len((await shop.manager.get(f"{path}?text=pomegranate")).json()["hits"]) == 1


async def test_an_unused_file_of_somebody_else_cannot_be_taken(shop: Shop) -> None:
    file = (await upload(shop.other, "draft.txt", b"a draft")).json()
    assert (await shop.other.get(f"/api/files/{file['id']}/draft.txt")).content == b"a draft"
    await refused(shop, shop.worker, "GET", f"/api/files/{file['id']}/draft.txt", None, 404, "file-not-found")


async def test_a_session_in_the_address_is_nobodys(shop: Shop) -> None:
    token = shop.tickets["worker"].token
    stranger = httpx.AsyncClient(transport=shop.worker.client._transport, base_url="http://dougong.test")
    async with stranger:
        for query in (f"dougong_session={token}", f"token={token}", f"access_token={token}", f"csrf_token={shop.tickets['worker'].csrf_token}"):
            problem_of(await stranger.get(f"{ORDERS}?{query}"), 401, "access-not-signed-in")


async def test_another_site_cannot_send_changes(shop: Shop) -> None:
    order = await shop.order("worker")
    for headers in ({"x-csrf-token": ""}, {"x-csrf-token": shop.tickets["other"].csrf_token}):
        answer = await shop.worker.client.patch(f"{ORDERS}/{order['id']}", json={"remark": "forged"}, headers={"origin": "https://evil.example", **headers})
        problem_of(answer, 403, "access-csrf-refused")
    assert (await shop.manager.get(f"{ORDERS}/{order['id']}")).json()["remark"] is None


async def test_a_repeat_tells_no_more_than_may_be_seen_now(shop: Shop) -> None:
    maker = await shop.create("maker", name=f"maker {uuid4().hex[:8]}")
    body = {"maker": maker["id"], "remark": "kumquat", "lines": []}
    made = await shop.worker.post(ORDERS, body, idempotency_key="attack-1")
    assert made.status_code == 201
    other = await shop.other.post(ORDERS, body, idempotency_key="attack-1")
    assert other.status_code != 200 or other.json()["id"] != made.json()["id"], "a key of somebody else answers nothing of theirs"
    assert (await shop.manager.ask("PATCH", f"{ORDERS}/{made.json()['id']}", {"remark": "durian"})).status_code == 200
    again = await shop.worker.post(ORDERS, body, idempotency_key="attack-1")
    assert again.status_code == 200 and "durian" not in again.text
