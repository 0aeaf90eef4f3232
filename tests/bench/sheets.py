"""Suite `sheets`: a file of 500,000 rows and 12 columns is checked and imported, and a list of a million records is exported."""

from __future__ import annotations

import asyncio
import http.client
import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import asyncpg
import psutil
import xlsxwriter

from tests.bench.servers import Server, SignedIn
from tests.workshop import element, entity, package

ROWS = 500_000
RECORDS = 1_000_000
SUPPLIERS = 1000
IMPORT_S, IMPORT_MB, EXPORT_MB = 300.0, 400.0, 250.0
_LOOK_S = 0.05

_COLUMNS = "code, name, price, stock, made_on, fresh, grade, supplier, remark, weight, origin, batch"

Step = Callable[[str], None]


@dataclass(frozen=True, slots=True)
class Sheets:
    """Seconds of reading, checking and writing an import; most memory of the server with the processes it starts; the same of an export."""

    read_s: float
    check_s: float
    write_s: float
    import_mb: float
    reader_mb: float
    export_s: float
    export_mb: float
    writer_mb: float


def measure_sheets(server: Server, session: SignedIn, dsn: str, folder: Path, step: Step) -> Sheets:
    """Install an app, import a file into it, fill it up by SQL, and export all of it."""
    server.ask("POST", "/api/apps", {"package": _package(), "demo": False}, session.headers).json()
    asyncio.run(_fill(dsn, f"INSERT INTO app_sheets.supplier (id, revision, created_at, created_by, updated_at, updated_by, name)"
                           f" SELECT uuidv7(), 1, now(), '{session.user}', now(), '{session.user}', 'S' || lpad(n::text, 4, '0') FROM generate_series(0, {SUPPLIERS - 1}) n"))  # fmt: skip
    path = folder / "big.xlsx"
    step("sheets: writing a file")
    write_file(path, ROWS)
    with watched(server) as most:
        step("sheets: reading")
        made = _upload(server, session, path)
        read_s = _until(server, session, made, ("mapping",))
        step("sheets: checking")
        check_s = _act(server, session, made, "check", ("checked",))
        step("sheets: writing")
        write_s = _act(server, session, made, "run", ("done",))
        import_mb, reader_mb = most()
    step("sheets: a million records")
    asyncio.run(_fill(dsn, f"INSERT INTO app_sheets.goods (id, revision, created_at, created_by, updated_at, updated_by, {_COLUMNS})"
                           f" SELECT uuidv7(), 1, now(), '{session.user}', now(), '{session.user}', 'X' || n, {_COLUMNS.partition(', ')[2]}"
                           f" FROM generate_series(1, {RECORDS - ROWS}) n, (SELECT * FROM app_sheets.goods LIMIT 1) g"))  # fmt: skip
    step("sheets: exporting")
    with watched(server) as most:
        began = time.perf_counter()
        size = _download(server, session)
        export_s = time.perf_counter() - began
        export_mb, writer_mb = most()
    assert size > RECORDS
    return Sheets(read_s, check_s, write_s, import_mb, reader_mb, export_s, export_mb, writer_mb)


@contextmanager
def watched(server: Server) -> Iterator[Callable[[], tuple[float, float]]]:
    """Look at the memory of a server all the time: what it gives is the most of the server, and the most of all it started."""
    most = [0.0, 0.0]
    is_over = threading.Event()

    def look() -> None:
        process = psutil.Process(server.process.pid)
        while not is_over.wait(_LOOK_S):
            try:
                most[0] = max(most[0], process.memory_info().rss / 1e6)
                own = [c for c in process.children(recursive=True) if "postgres" not in c.name()]
                most[1] = max(most[1], sum(child.memory_info().rss for child in own) / 1e6)
            except psutil.Error:
                continue

    thread = threading.Thread(target=look, daemon=True)
    thread.start()
    try:
        yield lambda: (most[0], most[1])
    finally:
        is_over.set()
        thread.join()


def write_file(path: Path, rows: int) -> None:
    """Write a file as Excel would: codes, texts, numbers, days, choices and references by title."""
    book = xlsxwriter.Workbook(str(path), {"constant_memory": True})
    sheet = book.add_worksheet("goods")
    day = book.add_format({"num_format": "yyyy-mm-dd"})
    sheet.write_row(0, 0, ["code", "name", "price", "stock", "made_on", "fresh", "grade", "supplier", "remark", "weight", "origin", "batch"])
    first = datetime(2020, 1, 1, tzinfo=UTC).replace(tzinfo=None)
    for n in range(1, rows + 1):
        sheet.write_string(n, 0, f"G{n:07d}")
        sheet.write_string(n, 1, f"部件 {n % 5000}")
        sheet.write_number(n, 2, round(n % 10_000 / 7, 2))
        sheet.write_number(n, 3, n % 1000 + 0.5)
        sheet.write_datetime(n, 4, first + timedelta(days=n % 2000), day)
        sheet.write_string(n, 5, "是" if n % 2 else "否")
        sheet.write_string(n, 6, "a" if n % 3 else "b")
        sheet.write_string(n, 7, f"S{n % SUPPLIERS:04d}")
        sheet.write_string(n, 8, f"remark {n}")
        sheet.write_number(n, 9, n / 1000)
        sheet.write_string(n, 10, "浙江杭州")
        sheet.write_number(n, 11, n // 100)
    book.close()


def _package() -> dict[str, Any]:
    options = [{"key": key, "name": {"zh-CN": key, "en": key}} for key in ("a", "b")]
    goods = entity(
        "goods", "name",
        element("code", "text", required=True, unique=True), element("name", "text", required=True), element("price", "money", min_="0"),
        element("stock", "number", scale=1), element("made_on", "date"), element("fresh", "boolean"), element("grade", "choice", options=options),
        element("supplier", "reference", to="supplier"), element("remark", "text"), element("weight", "number", scale=3),
        element("origin", "text"), element("batch", "number", scale=0),
    )  # fmt: skip
    return package("sheets", entity("supplier", "name", element("name", "text", required=True, indexed=True)), goods)


async def _fill(dsn: str, statement: str) -> None:
    database = await asyncpg.connect(dsn)
    try:
        await database.execute(statement)
        await database.execute("VACUUM ANALYZE")
    finally:
        await database.close()


def _upload(server: Server, session: SignedIn, path: Path) -> str:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=120)
    with path.open("rb") as file:
        connection.request("POST", "/api/apps/sheets/imports?name=big.xlsx&entity=goods", file, {**session.headers, "content-length": str(path.stat().st_size)})
        answer = json.loads(connection.getresponse().read())
    connection.close()
    return str(answer["id"])


def _act(server: Server, session: SignedIn, made: str, what: str, wanted: tuple[str, ...]) -> float:
    server.ask("POST", f"/api/apps/sheets/imports/{made}/{what}", None, session.headers).json()
    return _until(server, session, made, wanted)


def _until(server: Server, session: SignedIn, made: str, wanted: tuple[str, ...]) -> float:
    """Return how many seconds it takes until an import is in one of the states; any other end is a failure."""
    began = time.perf_counter()
    while True:
        found = server.ask("GET", f"/api/apps/sheets/imports/{made}?wait=10", None, session.headers).json()
        if found["state"] in wanted:
            assert not found["counts"]["errors"], found["counts"]
            return time.perf_counter() - began
        assert found["state"] in ("reading", "checking", "writing"), found


def _download(server: Server, session: SignedIn) -> int:
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=600)
    connection.request("GET", "/api/apps/sheets/records/goods/export?format=xlsx&sort=code", headers=dict(session.headers))
    answer = connection.getresponse()
    size = 0
    while piece := answer.read(1 << 16):
        size += len(piece)
    connection.close()
    return size
