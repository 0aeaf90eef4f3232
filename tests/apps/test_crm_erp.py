"""The composing app: it installs from the packages it requires, and what it exports installs alone, equal to it."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator

import orjson
import pytest

from dougong import shipped
from dougong.packages.library import read_package
from tests.conftest import fresh_database
from tests.workshop import Shop, Template, open_shop, prepare


@pytest.fixture(scope="module")
def sites(dsn: str) -> Iterator[tuple[Template, str]]:
    """Return a site with people, and a copy of it."""
    with fresh_database(dsn) as first:
        template = asyncio.run(prepare(first))
        with fresh_database(dsn, first) as second:
            yield template, second


@pytest.fixture
async def shops(sites: tuple[Template, str]) -> AsyncIterator[tuple[Shop, Shop]]:
    """Return both sites, running."""
    template, second = sites
    async with open_shop(template.dsn, template) as one, open_shop(second, template) as two:
        yield one, two


async def test_installs_composes_exports_and_installs_again(shops: tuple[Shop, Shop]) -> None:
    first, second = shops
    listed = (await first.admin.get("/api/library")).json()["packages"]
    assert {package["key"]: package["installed"] for package in listed} == {
        "crm_erp": False, "organization": True, "trading_starter": False,
    }  # fmt: skip
    answer = await first.admin.post("/api/apps", {"package": "crm_erp", "demo": False})
    assert (answer.status_code, answer.json()) == (201, {"key": "crm_erp", "version": 1})
    exported = (await first.admin.get("/api/apps/crm_erp/export")).json()
    own = orjson.loads((shipped.apps() / "crm_erp_template.json").read_bytes())
    starter = read_package("trading_starter")
    assert (exported["key"], exported["name"], exported["version"]) == (own["key"], own["name"], own["version"])
    assert [required["package"] for required in exported["requires"]] == ["organization"]
    for name in ("entities", "forms", "views", "menus", "policies"):
        assert {e["key"] for e in exported[name]} >= {e["key"] for e in starter[name]}, name
    assert (await second.install(exported, demo=True)).status_code == 201
    assert (await second.admin.get("/api/apps/crm_erp/export")).json() == exported
    page = (await second.admin.get("/api/apps/crm_erp/records/sales_order?total=exact&limit=1")).json()
    assert page["total"] == 40
    roles = (await second.admin.get('/api/apps/organization/records/role?filter=app = "crm_erp"&sort=key')).json()["records"]
    expected = ("boss", "finance", "manager", "purchaser", "sales", "sales_manager", "warehouse")
    assert [role["key"] for role in roles] == [f"crm_erp.{key}" for key in expected]
    both = await second.admin.post("/api/apps", {"package": "trading_starter", "demo": False})
    assert both.status_code == 201, both.text
