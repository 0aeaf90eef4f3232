"""The last part of a check: records in, saved by the one write path in transactions that are rolled back, what refuses them or warns out."""

from collections.abc import Sequence
from typing import Any

from dougong.jobs.job import Job
from dougong.permissions.actor import Actor
from dougong.sheets import staging_sql
from dougong.sheets.faults import Fault, Faults
from dougong.sheets.imports import Import
from dougong.sheets.plan import Plan
from dougong.sheets.write_chunk import next_records, try_chunk
from dougong.sites import Site
from engines.values.issue import Issue


async def rehearse(site: Site, job: Job, found: Import, plan: Plan, actor: Actor, faults: Faults, total: int, records: int) -> None:
    """Carry out the writing of all records that are right so far, chunk by chunk, without keeping any of it."""
    last, done = 0, 0
    while True:
        rows = await next_records(site, found, plan, last)
        if not rows:
            break
        tried = await try_chunk(site, found, plan, actor, rows)
        async with site.pool.acquire() as connection, connection.transaction():
            await faults.add(connection, *await placed_in_sheet(connection, found, plan, rows, tried.refused))
            await faults.warn(connection, (await placed_in_sheet(connection, found, plan, rows, tried.warned))[0])
        last, done = rows[-1]["rec"], done + len(rows)
        await job.report(total + 2 * total * done // max(records, 1), 3 * total)


async def placed_in_sheet(
    connection: Any,  # noqa: ANN401
    found: Import,
    plan: Plan,
    rows: Sequence[Any],
    refused: dict[int, list[Issue]],
) -> tuple[list[Fault], list[int]]:
    """Return what refused records as errors of cells: `/3/lines/1/quantity` is in the second row of the fourth record."""
    listed: list[Fault] = []
    columns = {target.key: target.column for target in plan.targets}
    for number, issues in refused.items():
        record = rows[number]["rec"]
        for one in issues:
            parts = one.pointer.split("/")[2:]
            row, key = record, parts[0] if parts else ""
            if key in plan.lines and len(parts) > 1 and parts[1].isdigit():
                line_rows = [r["row"] for r in await connection.fetch(staging_sql.line_rows_sql(found, plan, key), record)]
                row = line_rows[int(parts[1])] if int(parts[1]) < len(line_rows) else record
                key = f"{key}.{parts[2]}" if len(parts) > 2 else key
            listed.append((row, columns.get(key, -1), one))
    return listed, [rows[number]["rec"] for number in refused]
