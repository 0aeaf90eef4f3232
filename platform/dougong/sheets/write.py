"""The job that writes an import: checked records in, one request and one transaction a chunk, all in one change set, out.

How far it is stands in the same transaction as the records, so that a crash neither loses nor doubles a chunk.
"""

from uuid import UUID

from dougong.errors import PlatformError
from dougong.jobs.job import Job, JobCancelled
from dougong.permissions.actor import Actor
from dougong.sheets.check import plan_of
from dougong.sheets.errors import ImportInterrupted, ImportNotFound, ImportNotNow
from dougong.sheets.faults import Faults
from dougong.sheets.imports import CHECKED, Import, actor_of, drop_staging, read_import, settle
from dougong.sheets.plan import Plan
from dougong.sheets.rehearse import placed_in_sheet
from dougong.sheets.write_chunk import next_records, write_chunk
from dougong.sites import Site
from dougong.store.errors import RecordInvalid


async def write(site: Site, job: Job) -> None:
    """Write the records of a checked import, from where an earlier try left off."""
    found = await read_import(site, UUID(job.payload["import"]), "", None)
    if found.state not in ("writing", "failed"):
        return
    try:
        actor = await actor_of(site, found)
        plan = await plan_of(site, await site.app(found.app), actor, found)
        await _write(site, job, found, plan, actor, job.payload.get("is_confirmed", False))
    except JobCancelled:
        await settle(site, found.id, "cancelled")
        raise
    except ImportNotNow:
        return  # another worker has taken it up
    except PlatformError as refused:
        await settle(site, found.id, "failed", refused)


async def _write(site: Site, job: Job, found: Import, plan: Plan, actor: Actor, is_confirmed: bool) -> None:
    total = found.counts["records"] - found.counts["wrong"]
    faults = Faults(site, found)
    last, done, chunk = await _progress(site, found)
    await job.report(done, total)
    while rows := await next_records(site, found, plan, last):
        refused = await write_chunk(site, found, plan, actor, rows, chunk, is_confirmed)
        if refused:
            async with site.pool.acquire() as connection, connection.transaction():
                await faults.add(connection, *await placed_in_sheet(connection, found, plan, rows, refused))
            if plan.errors == "none":
                raise RecordInvalid(tuple(one for issues in refused.values() for one in issues)[:20])
        last, done, chunk = await _progress(site, found)
        await job.report(done, total)
    # Tables without a log are emptied when PostgreSQL recovers: nothing left to write is not the same as all written.
    if done < total and not await site.pool.fetchval(f"SELECT EXISTS (SELECT FROM {found.table('ready')})"):
        raise ImportInterrupted(done=done)
    await site.pool.execute("DELETE FROM dougong.import_part WHERE import = $1", found.id)
    await settle(site, found.id, "done")
    await drop_staging(site, found, CHECKED if found.counts["errors"] or found.counts.get("warnings") else ("raw", *CHECKED))


async def _progress(site: Site, found: Import) -> tuple[int, int, int]:
    """Return the first row of the last record that was taken, how many are written, and the number of the next chunk."""
    row = await site.pool.fetchrow("SELECT (counts->>'last')::int AS last, done, chunk FROM dougong.import WHERE id = $1", found.id)
    if row is None:
        raise ImportNotFound
    return row["last"] or 0, row["done"], row["chunk"]
