"""The job that checks an import: staged cells and a mapping in, converted values, found records and every error out; nothing is written."""

from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, Text, and_, cast, false, func, literal_column, select, union_all

from dougong.errors import PlatformError
from dougong.jobs.job import Job, JobCancelled
from dougong.model.app_model import AppModel
from dougong.permissions.actor import Actor
from dougong.sheets import staging_sql
from dougong.sheets.convert import convert
from dougong.sheets.errors import ImportUnreadable
from dougong.sheets.faults import Faults
from dougong.sheets.imports import CHECKED, Import, actor_of, drop_staging, read_import, settle
from dougong.sheets.messages import MESSAGES
from dougong.sheets.plan import Plan, Target, read_plan
from dougong.sheets.rehearse import rehearse
from dougong.sites import Site
from dougong.store.errors import RecordInvalid
from dougong.store.read import actor_context, moment, sources
from dougong.store.statement import compile_statement
from engines.dataset.rows import Rows
from engines.dataset.sql import live
from engines.entity.entity import Entity, Field
from engines.values.issue import issue


async def check(site: Site, job: Job) -> None:
    """Check the whole file of an import, cell by cell, then as a set, then as the records it would become."""
    found = await read_import(site, UUID(job.payload["import"]), "", None)
    try:
        actor = await actor_of(site, found)
        await _check(site, job, found, actor)
    except JobCancelled:
        await settle(site, found.id, "mapping")
        raise
    except PlatformError as refused:
        await settle(site, found.id, "mapping", refused)


async def plan_of(site: Site, model: AppModel, actor: Actor, found: Import) -> Plan:
    """Return the plan of an import on the active model; raises RecordInvalid where the model has changed under it."""
    plan, issues = read_plan(site, model, actor, found.mapping, len(found.found["columns"]), found.found["last_row"])
    if plan is None:
        raise RecordInvalid(tuple(issues))
    return plan


async def _check(site: Site, job: Job, found: Import, actor: Actor) -> None:
    model = await site.app(found.app)
    plan = await plan_of(site, model, actor, found)
    total = await site.pool.fetchval(f"SELECT count(*) FROM {found.table('raw')} WHERE row > $1", plan.header_row)
    if total == 0:
        raise ImportUnreadable(reason="0")
    faults = Faults(site, found)
    await faults.clear()
    await drop_staging(site, found, CHECKED)
    for statement in staging_sql.make_ready(found, plan):
        await site.pool.execute(statement)
    records = await convert(site, job, found, plan, faults, total)
    async with site.pool.acquire() as connection, connection.transaction():
        await connection.execute("SET LOCAL statement_timeout = 0")
        for statement in staging_sql.index_ready(found):
            await connection.execute(statement)
        for number, target in enumerate(plan.targets):
            if target.to is not None or target.among:
                await _find_records(site, model, actor, found, plan, number, target, connection, faults)
        await _find_keys(site, model, actor, found, plan, connection, faults)
    await rehearse(site, job, found, plan, actor, faults, total, records)
    bad = await site.pool.fetchval(f"SELECT count(*) FROM {found.table('bad')}")
    there = await site.pool.fetchval(f"SELECT count(*) FROM {found.table('matches')} WHERE n > 0")
    counts = {"rows": total, "records": records, "wrong": bad, "errors": faults.count, "warnings": faults.warnings, "there": there, "written": 0, "kept_errors": faults.count}
    await settle(site, found.id, "checked", counts=counts, done=0, chunk=0)


async def _find_records(
    site: Site, model: AppModel, actor: Actor, found: Import, plan: Plan, number: int, target: Target, connection: Any, faults: Faults  # noqa: ANN401
) -> None:
    """Find the records that the texts of a column mean, among those the actor may read."""
    ways = [("", target.to, target.match)] if target.to is not None else []
    ways += [(f"{key}:", entity, entity.fields[entity.title]) for key, entity in target.among.items()]
    statement = compile_statement(union_all(*(_words(site, model, actor, number, *way) for number, way in enumerate(ways))))
    await connection.execute(staging_sql.refs_sql(found, number, target, statement.sql), *statement.arguments(moment(site, actor)))
    wrong = await connection.fetch(staging_sql.wrong_refs_sql(found, number, target))
    listed = []
    for row in wrong:
        key, _, title = row["text"].partition(":") if target.to is None else ("", "", row["text"])
        to = target.to or target.among[key]
        match = target.match if target.to is not None else to.fields[to.title]
        parts = {"value": title[:100], "entity": to.name, "match": match.name if match else "id", "count": row["n"]}
        code = "import-reference-missing" if row["n"] == 0 else "import-reference-ambiguous"
        listed.append((row["row"], target.column, issue(MESSAGES, code, "", None, **parts)))
    await faults.add(connection, listed, await _records_of(connection, found, [row["row"] for row in wrong]))


def _words(site: Site, model: AppModel, actor: Actor, number: int, before: str, to: Entity, match: Field | None) -> Select[Any]:
    """Return the query of the records of an entity that the actor may read, `id`, and what a cell says to mean one, `word`."""
    rows, where = _readable(site, model, actor, to, f"t{number}")
    word = rows.root.c.id if match is None else rows.column((match.key,))
    if match is not None and match.value_type.name == "number":
        word = func.trim_scale(word)
    said = func.concat(literal_column(f"'{before}'"), cast(word, Text)) if before else cast(word, Text)
    return select(rows.root.c.id.label("id"), said.label("word")).select_from(rows.source).where(and_(*where))


def _keyed(site: Site, model: AppModel, actor: Actor, plan: Plan) -> Select[Any]:
    """Return the query of the records that the actor may read, `id`, and what tells them apart as far as they are shown it: `k0`, `k1`, …"""
    rows, where = _readable(site, model, actor, plan.entity, "t")
    keys = [rows.column((target.field.key,)).label(f"k{n}") for n, target in enumerate(plan.by)]
    return select(rows.root.c.id.label("id"), *keys).select_from(rows.source).where(and_(*where))


def _readable(site: Site, model: AppModel, actor: Actor, entity: Entity, name: str) -> tuple[Rows, list[ColumnElement[bool]]]:
    """Return the rows of an entity as the actor sees it, with the conditions on those they may read."""
    seen, key = sources(site, model, actor), entity.full_key if entity.app != model.app else entity.key
    rows, readable = Rows(seen.entity(key), seen, actor_context(site, model, actor), name), seen.readable(key)
    if readable is False:
        return rows, [false()]
    return rows, [live(rows), *([] if readable is None else [rows.policy(readable)])]


async def _find_keys(site: Site, model: AppModel, actor: Actor, found: Import, plan: Plan, connection: Any, faults: Faults) -> None:  # noqa: ANN401
    """Find which records rows are about, among those the actor may read, and keys that come twice or are taken."""
    if plan.by and plan.mode != "create":
        statement = compile_statement(_keyed(site, model, actor, plan))
        await connection.execute(staging_sql.matches_sql(found, plan, statement.sql), *statement.arguments(moment(site, actor)))
        rows = await connection.fetch(f"SELECT rec, n FROM {found.table('matches')} WHERE n > 1 OR (n = 0 AND $1)", plan.mode == "update")
        named = _names(plan.by)
        told = [
            (r["rec"], plan.by[0].column, issue(MESSAGES, "import-record-ambiguous" if r["n"] else "import-record-missing", names=named, count=r["n"]))
            for r in rows
        ]
        await faults.add(connection, told, [r["rec"] for r in rows])
    by_key = {target.key: target for target in plan.own}
    keys = {u.fields: tuple(by_key[key] for key in u.fields) for u in plan.entity.unique if _is_plain(u) and all(key in by_key for key in u.fields)}
    if plan.by:
        keys.setdefault(tuple(target.key for target in plan.by), plan.by)
    for fields, targets in keys.items():
        if any(target.field.links is not None or target.field.kind.column_type is None for target in targets):
            continue
        named = _names(targets)
        twice = await connection.fetch(staging_sql.twice_sql(found, plan, targets))
        listed = [(r["row"], targets[0].column, issue(MESSAGES, "import-row-twice", names=named, row=r["first"])) for r in twice]
        await faults.add(connection, listed, [r["row"] for r in twice])
        is_unique = any(u.fields == fields for u in plan.entity.unique)
        if is_unique and (plan.mode == "create" or fields != tuple(target.key for target in plan.by)):
            taken = await connection.fetch(staging_sql.taken_sql(found, plan, targets))
            listed = [(r["row"], targets[0].column, issue(MESSAGES, "import-record-exists", names=named)) for r in taken]
            await faults.add(connection, listed, [r["row"] for r in taken])


def _is_plain(unique: Any) -> bool:  # noqa: ANN401 – with a condition or without
    """Whether a constraint holds for all records; the others are found when the records are rehearsed."""
    return getattr(unique, "where", None) is None


def _names(key: Sequence[Target]) -> dict[str, str]:
    return {language: "、".join(t.field.name.get(language, t.key) for t in key) for language in ("zh-CN", "en")}


async def _records_of(connection: Any, found: Import, rows: Sequence[int]) -> list[int]:  # noqa: ANN401
    """Return the first rows of the records that rows belong to."""
    if not rows:
        return []
    listed = await connection.fetch(f"SELECT DISTINCT rec FROM {found.table('ready')} WHERE row = ANY($1::int[])", list(rows))
    return [row["rec"] for row in listed]
