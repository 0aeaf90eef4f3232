"""Suite `apps`: what a large app costs: to resolve it, to compare two versions of it, to switch to a new version while people work, to keep ten.

What is done by hand beside it: to read the same JSON into pydantic types, and to walk through both documents for the places that differ.
"""

from __future__ import annotations

import asyncio
import gc
import threading
import time
from collections.abc import Callable, Iterator
from copy import deepcopy
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import Any

import orjson
import uvloop

from dougong.app import GC_THRESHOLDS, renew_inactive
from dougong.model.app_model import AppModel
from dougong.model.compare import compare
from dougong.model.definition import AppDefinition
from dougong.model.resolve import resolve
from dougong.open_site import open_site
from dougong.packages.library import read_package
from dougong.settings import read_settings
from tests.bench.large_app import Document, large_app
from tests.bench.servers import Server, SignedIn, dougong

TIMES = 5
APPS = 10
_BEAT_S = 0.001

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Apps:
    """Medians. resolve_s: document to model; parse_s: the same JSON to pydantic types by hand. compare_s, walk_s: two versions.

    blocked_s: how long at most the event loop of a process stood still while a new version became its own; switch_s: how long that
    took; longest_s: the longest request for a page of the app meanwhile, of so many requests. memory_mb: of a server with ten.
    """

    resolve_s: float
    parse_s: float
    compare_s: float
    walk_s: float
    blocked_s: float
    switch_s: float
    longest_s: float
    requests: int
    memory_mb: float

    @property
    def resolve_ratio(self) -> float:
        """How many times as long it takes to resolve as to read."""
        return self.resolve_s / self.parse_s

    @property
    def compare_ratio(self) -> float:
        """How many times as long it takes to compare in words as to walk."""
        return self.compare_s / self.walk_s


def measure_apps(data: Path, folder: Path, dsn: str, session: SignedIn, step: Step) -> Apps:
    """Resolve and compare here, then publish on one server while another, and a site in this process, follow."""
    step("resolve and compare")
    # As in a server: what is there for good is not looked at again by the garbage collector.
    gc.collect()
    gc.freeze()
    gc.set_threshold(*GC_THRESHOLDS)
    document = large_app()
    changed = later_version(document)
    organization, _ = resolve(read_package("organization"))
    text = orjson.dumps(document)
    resolve_s = _median(lambda: _model(document, organization))
    parse_s = _median(lambda: AppDefinition.model_validate(orjson.loads(text)))
    compare_s = _median(lambda: compare(document, changed, organization))
    walk_s = _median(lambda: list(_walk("", document, changed)))
    with dougong(data, folder) as publisher:
        for number in range(APPS):
            step(f"install large app {number + 1} of {APPS}")
            publisher.ask("POST", "/api/apps", {"package": large_app(_key(number))}, session.headers).json()
        with dougong(data, folder) as reader:
            for number in range(APPS):
                reader.ask("GET", _page(_key(number)), headers=session.headers).json()
            memory_mb = reader.memory_mb()
            step("publish a new version of a large app")
            blocked_s, switch_s, asked = uvloop.run(_switch(publisher, reader, dsn, session))
    return Apps(resolve_s, parse_s, compare_s, walk_s, blocked_s, switch_s, max(asked), len(asked), memory_mb)


def later_version(document: Document) -> Document:
    """Return a document in which every entity has changed a little: labels, a field more, one gone, a rule, the order of a form."""
    changed = deepcopy(document)
    for entity in changed["entities"]:
        entity["fields"][1]["name"] = {"zh-CN": "新名称", "en": "New label"}
        gone = next(field["key"] for field in entity["fields"] if field["key"] in ("phone", "address", "place"))
        entity["fields"] = [field for field in entity["fields"] if field["key"] != gone]
        entity["fields"].append({"key": "extra", "kind": "text", "name": {"zh-CN": "附加", "en": "Extra"}})
        entity["rules"][0]["message"] = {"zh-CN": "新提示", "en": "New message"}
        entity["rules"][0]["check"] += " OR FALSE"
        form = next(form for form in changed["forms"] if form["entity"] == entity["key"])
        for section in form["nodes"]:
            section["nodes"] = [node for node in section["nodes"] if node["field"] != gone][::-1]
        for view in changed["views"]:
            if view["entity"] == entity["key"]:
                view["columns"] = [column for column in view["columns"] if column["key"] != gone][:6]
    return changed


def relabelled(document: Document) -> Document:
    """Return a document with other words, whose tables are the same: what is measured with it is the switch, not the change of tables."""
    changed = deepcopy(document)
    for entity in changed["entities"]:
        entity["fields"][1]["name"] = {"zh-CN": "新名称", "en": "New label"}
        entity["rules"][0]["message"] = {"zh-CN": "新提示", "en": "New message"}
    return changed


def _key(number: int) -> str:
    return f"large_{number}"


def _page(app: str) -> str:
    return f"/api/apps/{app}/records/sales_paper_0"


def _model(document: Document, organization: AppModel | None) -> AppModel:
    model, issues = resolve(document, 1, None, organization)
    assert model is not None, issues
    return model


def _median(work: Callable[[], object]) -> float:
    taken = []
    for _ in range(TIMES):
        began = time.perf_counter()
        work()
        taken.append(time.perf_counter() - began)
    return median(taken)


def _walk(pointer: str, before: Any, after: Any) -> Iterator[str]:  # noqa: ANN401 – any JSON
    """Give the places that differ, elements of lists by their key: the least that has to be done to compare."""
    if before == after:
        return
    if isinstance(before, list) and isinstance(after, list):
        old, new = ({str(one.get("key")) if isinstance(one, dict) else str(one): one for one in some} for some in (before, after))
    elif isinstance(before, dict) and isinstance(after, dict):
        old, new = before, after
    else:
        yield pointer
        return
    for name in {**old, **new}:
        yield from _walk(f"{pointer}/{name}", old.get(name), new.get(name))


async def _switch(publisher: Server, reader: Server, dsn: str, session: SignedIn) -> tuple[float, float, list[float]]:
    """Publish, and return how long a loop stood still in the switch, how long that took, and how long each request at a server took."""
    settings = read_settings({"DATABASE_URL": dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_POOL_MAX": "2"})
    app = _key(0)
    answered: list[float] = []
    is_over = threading.Event()

    def ask() -> None:
        while not is_over.is_set():
            began = time.perf_counter()
            reader.ask("GET", _page(app), headers=session.headers).json()
            answered.append(time.perf_counter() - began)

    async with open_site(settings) as opened:
        await opened.site.app(app)
        asking = asyncio.create_task(asyncio.to_thread(ask))
        try:
            await asyncio.to_thread(_publish, publisher, app, session)
            late: list[float] = []
            beating = asyncio.create_task(_beat(late))
            await asyncio.sleep(10 * _BEAT_S)
            began = time.perf_counter()
            await renew_inactive(opened.site)
            switch_s = time.perf_counter() - began
            beating.cancel()
            await asyncio.wait([beating])
            assert (await opened.site.app(app)).version == 2
        finally:
            is_over.set()
            await asking
    return max(late), switch_s, answered


async def _beat(late: list[float]) -> None:
    """Note how much later than it should each beat comes, until cancelled."""
    while True:
        began = time.perf_counter()
        await asyncio.sleep(_BEAT_S)
        late.append(time.perf_counter() - began - _BEAT_S)


def _publish(server: Server, app: str, session: SignedIn) -> None:
    path = f"/api/apps/{app}"
    draft = server.ask("GET", f"{path}/draft", headers=session.headers).json()
    body = {"revision": draft["revision"], "document": relabelled(draft["document"])}
    saved = server.ask("PUT", f"{path}/draft", body, session.headers).json()
    server.ask("POST", f"{path}/versions", {"revision": saved["revision"], "note": "bench"}, session.headers).json()
