"""A token imports within its scopes: what came otherwise is not its own to see, and what it brings finds and writes no more than they let it."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from tests.api.browser import Browser, problem_of
from tests.api.test_tokens import make, program
from tests.sheets import IMPORTS, RECORDS, act, change, create, install, issues, upload, xlsx
from tests.workshop import Shop, Template, open_shop

GOODS = ["编码", "品名"]


@pytest.fixture(scope="module")
async def shop(shop_dsn: str, template: Template) -> AsyncIterator[Shop]:
    """Return a site with the store."""
    async with open_shop(shop_dsn, template) as opened:
        await install(opened.admin)
        yield opened


async def token(shop: Shop, *scopes: str) -> Browser:
    """Return a program with a token of the administrator's."""
    return program(shop.app, await make(shop.admin, *scopes))


async def test_an_import_of_a_session_is_no_tokens(shop: Shop) -> None:
    made = await upload(shop.admin, xlsx(GOODS, ["T1", "secret sample"]), entity="goods")
    for scopes in (("store.lot.read",), ("store.read",), ("write",)):
        asking = await token(shop, *scopes)
        assert (await asking.get(IMPORTS)).json()["imports"] == []
        for path in ("", "/issues", "/issues.xlsx"):
            problem_of(await asking.get(f"{IMPORTS}/{made['id']}{path}"), 404, "import-not-found")
        for method, path in (("POST", "/check"), ("POST", "/run"), ("POST", "/cancel"), ("POST", "/entity"), ("PATCH", ""), ("DELETE", "")):
            answer = await asking.ask(method, f"{IMPORTS}/{made['id']}{path}", {"name": "x"} if path == "/entity" else {})
            assert answer.status_code in (403, 404) and "secret sample" not in answer.text, (method, path, answer.text)
    assert [one["id"] for one in (await shop.admin.get(IMPORTS)).json()["imports"]] == [made["id"]]


async def test_a_tokens_import_finds_and_writes_within_its_scopes(shop: Shop) -> None:
    await create(shop.admin, "supplier", name="hidden maker", code="H")
    sheet = xlsx(["编码", "品名", "供应商"], ["T2", "bolt", "hidden maker"])
    narrow, wide = await token(shop, "store.goods.write"), await token(shop, "store.goods.write", "store.supplier.read")
    refused = await change(narrow, await upload(narrow, sheet, entity="goods"), mode="create")
    checked = await act(narrow, refused, "check")
    assert [code for _, code in await issues(narrow, checked)] == ["import-reference-missing"]
    assert [one["id"] for one in (await narrow.get(IMPORTS)).json()["imports"]] == [refused["id"]]
    again = await act(shop.admin, checked, "check")
    assert [code for _, code in await issues(shop.admin, again)] == ["import-reference-missing"], "whoever has it checked"
    made = await upload(wide, sheet, entity="goods")
    problem_of(await narrow.get(f"{IMPORTS}/{made['id']}"), 404, "import-not-found")
    done = await act(wide, await act(wide, made, "check"), "run")
    assert (done["state"], done["written"]) == ("done", 1), done
    assert [one["name"] for one in (await shop.admin.get(f"{RECORDS}/goods")).json()["records"]] == ["bolt"]
