"""The starter over HTTP and the command line: installed with its demo data, used, published anew, exported as it was."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from dougong import shipped
from tests import warm
from tests.conftest import fresh_database
from tests.workshop import Template, element, open_shop, prepare, with_fields

PACKAGE = shipped.templates_library() / "trading_starter" / "package.json"
RECORDS = "/api/apps/trading_starter/records"


@pytest.fixture(scope="session")
def template(dsn: str) -> Iterator[Template]:
    """Return a database with the organization and its people, for copying alone."""
    with fresh_database(dsn) as address:
        yield asyncio.run(prepare(address))


@pytest.fixture
def site(dsn: str, template: Template) -> Iterator[str]:
    """Return the address of a copy of this test's own."""
    with fresh_database(dsn, template.dsn) as address:
        yield address


def dougong(dsn: str, *words: str) -> str:
    """Return what a command prints; it must succeed."""
    answer = run(dsn, *words)
    assert answer.returncode == 0, answer.stdout + answer.stderr
    return answer.stdout


def run(dsn: str, *words: str) -> subprocess.CompletedProcess[str]:
    """Run a command on a database."""
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path), "DATABASE_URL": dsn, "LANGUAGE": "en"}
    return warm.run(*words, environment=environment)


def test_installed_and_exported_by_command(site: str, tmp_path: Path) -> None:
    assert dougong(site, "app", "install", "trading_starter").splitlines()[0] == "trading_starter 1"
    file = tmp_path / "exported.json"
    dougong(site, "app", "export", "trading_starter", str(file))
    assert file.read_bytes() == PACKAGE.read_bytes()
    assert dougong(site, "app", "export", "trading_starter") == PACKAGE.read_text(encoding="utf-8")
    organization = shipped.templates_library() / "organization" / "package.json"
    assert dougong(site, "app", "export", "organization") == organization.read_text(encoding="utf-8")
    listed = dougong(site, "app", "list")
    assert "trading_starter" in listed
    assert "进销存" in listed
    again = run(site, "app", "install", "trading_starter")
    assert (again.returncode, again.stdout) == (1, "")
    assert "App trading_starter is installed already." in again.stderr
    document = orjson.loads(PACKAGE.read_bytes())
    file.write_bytes(orjson.dumps(with_fields(document, "partner", element("x_shelf", "text"))))
    assert dougong(site, "app", "publish", "trading_starter", str(file), "--note", "shelves").split() == ["trading_starter", "2"]
    file.write_bytes(orjson.dumps(with_fields(document, "partner", element("x_shelf", "hologram"))))
    refused = run(site, "app", "publish", "trading_starter", str(file))
    assert refused.returncode == 1
    assert "hologram" in refused.stderr
    assert "Traceback" not in refused.stderr


async def test_the_story_of_an_order(site: str, template: Template) -> None:
    async with open_shop(site, template) as shop:
        answer = await shop.admin.post("/api/apps", {"package": "trading_starter", "demo": True})
        assert (answer.status_code, answer.json()) == (201, {"key": "trading_starter", "version": 1})
        assert (await shop.admin.get("/api/apps/trading_starter/export")).json() == orjson.loads(PACKAGE.read_bytes())
        for kind, count in (("partner", 21), ("item", 32), ("sales_order", 40), ("purchase_order", 20), ("stock_movement", 30)):
            page = (await shop.admin.get(f"{RECORDS}/{kind}?total=exact&limit=1")).json()
            assert page["total"] == count, kind
        customer = (await shop.admin.get(f"{RECORDS}/partner?search=华东&limit=1")).json()["records"][0]
        items = (await shop.admin.get(f"{RECORDS}/item?sort=code&limit=2&filter=price > 0")).json()["records"]
        body: dict[str, Any] = {"customer": customer["id"], "lines": [
            {"item": items[0]["id"], "quantity": "3", "price": "0.1"}, {"item": items[1]["id"], "discount": "50"}]}  # fmt: skip
        made = (await shop.admin.post(f"{RECORDS}/sales_order", body)).json()
        assert (made["contact"], made["credit_limit"]) == (customer["contact"], customer["credit_limit"])
        assert (made["lines"][0]["amount"], made["lines"][1]["price"], made["total_quantity"]) == ("0.3", items[1]["price"], "4")
        above = {"state": "confirmed", "lines": [{"item": items[0]["id"], "quantity": "1000000", "price": "1"}]}
        refused = await shop.admin.ask("PATCH", f"{RECORDS}/sales_order/{made['id']}", above)
        assert [(e["code"], e["pointer"]) for e in refused.json()["errors"]] == [("record-rule-broken", "/state")]
        first = (await shop.admin.get(f"{RECORDS}/sales_order?sort=-date,-number&limit=1&search={made['number']}")).json()["records"]
        assert [record["id"] for record in first] == [made["id"]]
        document = orjson.loads(PACKAGE.read_bytes())
        assert (await shop.publish(with_fields(document, "sales_order", element("x_colour", "text")))).status_code == 201
        filled = await shop.admin.ask("PATCH", f"{RECORDS}/sales_order/{made['id']}", {"revision": 1, "x_colour": "红"})
        assert (filled.status_code, filled.json()["x_colour"], filled.json()["total"]) == (200, "红", made["total"])
