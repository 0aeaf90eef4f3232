"""The job that reads a file: parts of an upload in, a staging table of its cells and a guess at what they mean out."""

import asyncio
import sys
import tempfile
from collections.abc import AsyncIterator, Mapping, Sequence
from os import environ, pathsep
from typing import Any
from uuid import UUID

import orjson

from dougong.errors import PlatformError
from dougong.jobs.job import Job, JobCancelled
from dougong.model.app_model import AppModel
from dougong.permissions.access import access_for, seen_by
from dougong.permissions.actor import Actor
from dougong.sheets.cells import cell_text
from dougong.sheets.errors import ImportEmpty, ImportTooLong, ImportUnreadable, ImportUnsafe
from dougong.sheets.guess import guess_by, guess_columns, guess_entity, guess_header, headers_of
from dougong.sheets.imports import Import, actor_of, drop_staging, read_import, settle
from dougong.sites import Site

SECONDS = 300
"""Most seconds of computing that reading a file may take."""

HELD_BYTES = 60_000_000
"""A sheet with more bytes than this is read row by row, a smaller one whole."""

SAMPLES = 5
_LOOKED_AT = 200
_PIECE = 1 << 17


async def read_file(site: Site, job: Job) -> None:
    """Stage the cells of an import's file, and guess what they mean."""
    found = await read_import(site, UUID(job.payload["import"]), "", None)
    try:
        actor = await actor_of(site, found)
        model = await site.app(found.app)
        said = await _stage(site, found)
        await job.report(1, 1)
        mapping, described = await _guess(site, model, actor, found, said)
        await settle(site, found.id, "mapping", found=described, mapping=mapping, counts={})
    except JobCancelled:
        await drop_staging(site, found)
        await settle(site, found.id, "cancelled")
        raise
    except PlatformError as refused:
        await drop_staging(site, found)
        await site.pool.execute("DELETE FROM dougong.import_part WHERE import = $1", found.id)
        await settle(site, found.id, "failed", refused)


async def first_rows(site: Site, found: Import, after: int = 0, count: int = _LOOKED_AT) -> list[tuple[int, list[Any]]]:
    """Return rows of a staged sheet with their numbers."""
    rows = await site.pool.fetch(f"SELECT row, cells FROM {found.table('raw')} WHERE row > $1 ORDER BY row LIMIT $2", after, count)
    return [(row["row"], orjson.loads(row["cells"])) for row in rows]


def describe(rows: Sequence[tuple[int, list[Any]]], header_row: int) -> list[dict[str, Any]]:
    """Return the columns of a sheet: header and first values of each."""
    width = max((len(cells) for _, cells in rows), default=0)
    header = next((cells for number, cells in rows if number == header_row), [])
    body = [cells for number, cells in rows if number > header_row]
    columns = []
    for at, text in enumerate(headers_of(header, width)):
        values = [cells[at] for cells in body if at < len(cells) and cells[at] is not None]
        columns.append({"column": at, "header": text, "samples": [cell_text(value)[:80] for value in values[:SAMPLES]], "filled": len(values)})
    return columns


async def _stage(site: Site, found: Import) -> dict[str, Any]:
    """Have the file read by a program of its own, and copy its rows into a table as they come."""
    settings = site.settings
    with tempfile.NamedTemporaryFile(prefix="dougong-import-") as file:
        await _write(site, found, file)
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "dougong.sheets.read_sheet", file.name, str(found.mapping.get("sheet", "")), str(settings.import_rows),
            str(settings.import_memory_mb), str(SECONDS), str(HELD_BYTES),
            stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL, env={**environ, "PYTHONPATH": pathsep.join(sys.path)},
            limit=1 << 22,
        )  # fmt: skip
        assert process.stdout is not None
        refused: list[dict[str, Any]] = []
        try:
            said = orjson.loads(await process.stdout.readline() or b'{"refused": "died"}')
            if "refused" not in said:
                rows = await _copy(site, found, process.stdout, refused)
            if await process.wait() != 0:
                raise ImportUnsafe
        finally:
            if process.returncode is None:
                process.kill()
                await process.wait()
    _tell(said if "refused" in said else refused[0] if refused else {})
    if rows == 0:
        raise ImportEmpty
    return {**said, "rows": rows}


async def _copy(site: Site, found: Import, stdout: asyncio.StreamReader, refused: list[dict[str, Any]]) -> int:
    """Copy rows into the table `raw` and return their number; what stops the reader halfway comes among them."""

    async def rows() -> AsyncIterator[bytes]:
        rest = b""
        while piece := await stdout.read(_PIECE):
            text = rest + piece
            end = text.rfind(b"\n") + 1
            rest, whole = text[end:], text[:end]
            at = 0 if whole.startswith(b"{") else whole.find(b"\n{") + 1
            if whole.startswith(b"{") or at > 0:
                refused.append(orjson.loads(whole[at:].split(b"\n", 1)[0]))
                whole = whole[:at]
            if whole:
                yield whole

    raw = found.table("raw")
    schema, _, table = raw.partition(".")
    async with site.pool.acquire() as connection, connection.transaction():
        await connection.execute(f"DROP TABLE IF EXISTS {raw}")
        await connection.execute(f"CREATE UNLOGGED TABLE {raw} (row integer NOT NULL, cells text NOT NULL)")
        await connection.execute("SET LOCAL statement_timeout = 0")
        done = await connection.copy_to_table(table, schema_name=schema, columns=["row", "cells"], source=rows())
        await connection.execute(f"ALTER TABLE {raw} ADD PRIMARY KEY (row)")
    return int(done.split()[-1])


async def _write(site: Site, found: Import, file: Any) -> None:  # noqa: ANN401 – an open temporary file
    position = 0
    while True:
        part = await site.pool.fetchval("SELECT bytes FROM dougong.import_part WHERE import = $1 AND position = $2", found.id, position)
        if part is None:
            break
        file.write(part)
        position += 1
    file.flush()


def _tell(said: Mapping[str, Any]) -> None:
    """Raise what the reader refused the file for."""
    match said.get("refused"):
        case None:
            return
        case "rows":
            raise ImportTooLong(limit=said["limit"], what_zh="行", what_en="rows")
        case "columns":
            raise ImportTooLong(limit=said["limit"], what_zh="列", what_en="columns")
        case "bomb" | "memory" | "died":
            raise ImportUnsafe
        case "empty":
            raise ImportEmpty
        case "encoding":
            raise ImportUnreadable(reason="encoding")
    raise ImportUnreadable(reason=said.get("reason", ""))


async def _guess(site: Site, model: AppModel, actor: Actor, found: Import, said: Mapping[str, Any]) -> tuple[dict[str, Any], dict[str, Any]]:
    rows = await first_rows(site, found)
    header_row, seen = guess_header(rows), seen_by(site, model, actor)
    columns = describe(rows, header_row)
    headers = [column["header"] for column in columns]
    creatable = [key for key, entity in model.entities.items() if entity.parent is None and {"create", "import"} <= access_for(site, model, actor, key).rows.keys()]
    wanted = found.mapping.get("entity")
    entity_key = wanted if wanted in model.entities else guess_entity(seen, creatable, headers) or (creatable[0] if creatable else "")
    fields = guess_columns(seen, seen.entities[entity_key], headers) if entity_key else {}
    by = guess_by(seen.entities[entity_key], list(fields.values())) if entity_key else []
    mapping = {
        "entity": entity_key, "mode": "create", "by": by, "header_row": header_row, "blanks": "leave", "errors": "none", "dates": "ymd",
        "decimal": ".", "sheet": said.get("sheet", ""),
        "columns": [{"column": at, "field": fields.get(at, ""), "match": ""} for at in range(len(columns))],
    }  # fmt: skip
    last = await site.pool.fetchval(f"SELECT max(row) FROM {found.table('raw')}")
    return mapping, {**said, "last_row": last, "columns": columns, "merged": len(said.get("merged", ()))}

