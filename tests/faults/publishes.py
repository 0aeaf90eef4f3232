"""A stage of a publish and a victim in; kill -9 there: the publish finishes or is undone by itself, no write is lost, values are right."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import httpx

from dougong.publishing.stages import HALT, Stage
from tests.faults.house import House
from tests.workshop import Document, element, entity, package, with_fields

RECORDS = "/api/apps/killed/records/thing"


def first() -> Document:
    """Return the app before: a text that is a number, and rows."""
    rows = element("rows", "lines", fields=[element("n", "number")])
    return package("killed", entity("thing", "name", element("name", "text"), element("size", "text"), element("price", "money"), rows))


def second(number: int) -> Document:
    """Return the app after: another kind, computed fields, an index, a unique constraint."""
    return with_fields(
        first(), "thing", element("size", "number", scale=0), element("half", "money", formula=f"ROUND(price / 2, 2) + {number}"),
        element("sum", "number", formula="SUM(rows.n) + size"), element("price", "money", indexed=True), element("name", "text", unique=True),
    )  # fmt: skip


@asynccontextmanager
async def opened_house(home: Path) -> AsyncIterator[House]:
    """Give a running site to which every table is large, with the app and some records."""
    found = House(home, environment={"DOUGONG_LARGE_ROWS": "0"})
    found.start()
    try:
        await found.is_up()
        await found.sign_in()
        async with found.client() as admin:
            answer = await admin.post("/api/apps", json={"package": first(), "demo": False})
            assert answer.status_code == 201, answer.text
            records = [
                {"name": f"n{number}", "size": str(number), "price": str(number), "rows": [{"n": "1"}, {"n": "2"}]} for number in range(30)
            ]
            for values in records:
                answer = await admin.post(RECORDS, json=values)
                assert answer.status_code == 201, answer.text
        yield found
    finally:
        found.close()


async def publish(admin: httpx.AsyncClient, document: Document) -> httpx.Response:
    """Keep a document as the draft and publish it."""
    draft = (await admin.get("/api/apps/killed/draft")).json()
    kept = await admin.put("/api/apps/killed/draft", json={"revision": draft["revision"], "document": document})
    assert kept.status_code == 200, kept.text
    return await admin.post("/api/apps/killed/versions", json={"revision": kept.json()["revision"], "note": "killed"})


async def ended(admin: httpx.AsyncClient) -> dict[str, Any] | None:
    """Return the last publish when it is over, None where none was begun."""
    while True:
        found = (await admin.get("/api/apps/killed/publishes")).json()["publishes"]
        if not found or found[0]["ended_at"] is not None:
            return dict(found[0]) if found else None
        await asyncio.sleep(0.01)


async def kill_at(house: House, stage: Stage, victim: str, number: int) -> None:
    """Publish, kill whoever is named when the stage is reached, start again, and look at every record; then go back to the first version."""
    halted, made = house.folder / "halted", f"made at {stage} {number}"
    house.environment[HALT] = f"{stage}:{halted}"
    await house.kill("server")
    house.start()
    await house.is_up()
    async with house.client() as admin:
        last = await ended(admin)
        request = asyncio.create_task(publish(admin, second(number)))
        while not halted.exists():
            await asyncio.sleep(0.01)
        written = None
        if stage not in ("prepare", "switched", "finish"):
            assert (await request).status_code == 202
            written = await admin.post(RECORDS, json={"name": made, "size": "7", "price": "9", "rows": [{"n": "4"}]})
            assert written.status_code == 201, written.text
        await house.kill(victim)
        await asyncio.gather(request, return_exceptions=True)
    del house.environment[HALT]
    halted.unlink()
    await house.mend(victim)
    async with house.client() as admin:
        over = await ended(admin)
        if over == last:
            assert stage == "prepare"
            assert (await publish(admin, second(number))).status_code == 202
            over = await ended(admin)
        assert over is not None
        assert over["state"] == "done", over
        records = (await admin.get(f"{RECORDS}?limit=100")).json()["records"]
        assert len(records) == len({record["name"] for record in records}) >= 30
        for record in records:
            rows = 4 if record["name"].startswith("made") else 3
            assert record["half"] == f"{float(record['price']) / 2 + number:g}", (stage, record)
            assert float(record["sum"]) == rows + float(record["size"]), (stage, record)
        if written is not None:
            assert [record["size"] for record in records if record["name"] == made] == ["7"]
        assert (await publish(admin, first())).status_code == 202
        back = await ended(admin)
        assert back is not None
        assert back["state"] == "done", back
