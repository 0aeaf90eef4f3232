"""Whether records may go to the trash: live records that point to them refuse it, named as far as whoever asks may read them."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from typing import Any
from uuid import UUID

from sqlalchemy import ARRAY, bindparam, column, distinct, func, select, text
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.errors import PlatformError
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.permissions.access import access_for, seen_by
from dougong.store.errors import RecordReferenced
from dougong.store.names import link_table, quoted, table_name
from dougong.store.read import moment, rows_for
from dougong.store.statement import Statement, compile_statement
from dougong.work.refusals import refuse
from dougong.work.unit import Unit
from engines.entity.entity import Entity, Field


async def refuse_referenced(unit: Unit, entity: Entity, ids: Sequence[UUID]) -> None:
    """Refuse those of these to which records outside the trash point; other apps point to the organization alone.

    Raises RecordReferenced, AppBroken where an app cannot be asked because it does not run.
    """
    site, model = unit.site, unit.model
    keys = await site.app_keys(unit.executor) if model.app == ORGANIZATION else ()
    refused: dict[UUID, PlatformError] = {}
    told: dict[UUID, PlatformError] = {}
    for app in [await site.app(key, unit.executor) for key in keys] or [model]:
        for pointing, field in _pointing(app, entity):
            rows = await unit.executor.fetch(f"SELECT DISTINCT target FROM ({_pairs_sql(app, pointing, field, '$1')}) AS p", list(ids))
            found = [row["target"] for row in rows]
            refused |= {target: RecordReferenced(by_zh="有其他记录", by_en="other records") for target in found}
            told = await _told(unit, app, pointing, field, [target for target in found if target not in told]) | told
    refused |= told
    refuse({place: refused[one] for place, one in enumerate(ids) if one in refused}, len(ids))


async def _told(unit: Unit, app: AppModel, pointing: Entity, field: Field, targets: Sequence[UUID]) -> dict[UUID, PlatformError]:
    """Return the refusal of each record to which others point that the actor may read, and that show them so: with what they are and how many."""
    owner = pointing if pointing.parent is None else app.entities[pointing.parent]
    access = access_for(unit.site, app, unit.actor, owner.key)
    shown = seen_by(unit.site, app, unit.actor).entities[pointing.key].fields.get(field.key)
    if not targets or "read" not in access.rows or shown is None or shown.shown_when is not None:
        return {}
    shape = (app, "pointing", pointing.key, field.key, field.to, unit.actor.rights)
    statement: Statement | None = unit.site.compiled.get(shape)
    if statement is None:
        rows, condition = rows_for(unit.site, app, unit.actor, access.seen), access.rows["read"]
        where = [] if condition is None else [rows.policy(condition.tree)]
        ids: Any = bindparam("ids", type_=ARRAY(SQL_UUID()))
        pairs = text(_pairs_sql(app, pointing, field, "CAST(:ids AS uuid[])")).bindparams(ids).columns(column("target", SQL_UUID()), column("record", SQL_UUID())).subquery("p")
        counted = select(pairs.c.target, func.count(distinct(rows.root.c.id)).label("count"))
        joined = rows.source.join(pairs, pairs.c.record == rows.root.c.id)
        statement = compile_statement(counted.select_from(joined).where(*where).group_by(pairs.c.target))
        unit.site.keep(shape, statement)
    counts = await unit.executor.fetch(statement.sql, *statement.arguments(moment(unit.site, unit.actor) | {"ids": list(targets)}))
    zh, en = (_label(owner, language) for language in ("zh-CN", "en"))
    return {row["target"]: RecordReferenced(by_zh=f"有 {row['count']} 条“{zh}”", by_en=f"“{en}” ({row['count']})") for row in counts}


def _pointing(app: AppModel, entity: Entity) -> Iterator[tuple[Entity, Field]]:
    for other in app.entities.values():
        for field in (*other.reference_fields, *other.link_fields):
            if field.target is not None and app.entity(field.target).full_key == entity.full_key:
                yield other, field
        for field in other.any_fields:
            for to in field.any_of:
                if app.entity(to).full_key == entity.full_key:
                    yield other, replace(field, to=to)


def _pairs_sql(app: AppModel, pointing: Entity, field: Field, ids: str) -> str:
    """Return the query of each record that is pointed to, `target`, with the live ones that point to it, `record`; ids: those that are asked for.

    A record that points to one that goes with it is no reason to keep that one. Of a reference to any, `to` tells which of its entities is asked for.
    """
    owner = pointing if pointing.parent is None else app.entities[pointing.parent]
    if field.link_table is not None:
        rows = "" if pointing.parent is None else f" JOIN {table_name(pointing)} AS p ON p.id = k.record"
        record = "k.record" if pointing.parent is None else "p.parent"
        target, source = "k.target", f"{link_table(pointing, field)} AS k{rows} JOIN {table_name(owner)} AS o ON o.id = {record}"
    elif pointing.parent is None:
        target, source = f"o.{quoted(field.column or '')}", f"{table_name(owner)} AS o"
    else:
        target, source = f"p.{quoted(field.column or '')}", f"{table_name(pointing)} AS p JOIN {table_name(owner)} AS o ON o.id = p.parent"
    table = "o" if pointing.parent is None else "p"
    of_it = f" AND {table}.{quoted(field.entity_column)} = '{field.to}'" if field.entity_column is not None else ""
    return f"SELECT {target} AS target, o.id AS record FROM {source} WHERE {target} = ANY({ids}){of_it} AND o.deleted_at IS NULL AND o.id <> ALL({ids})"


def _label(entity: Entity, language: str) -> str:
    return entity.name.get(language) or next(iter(entity.name.values()))
