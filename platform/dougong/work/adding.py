"""Guarded changes that only add in; what one statement made of them, out, or None where it takes more, or something is short.

Which changes these are follows from the model: records of an entity that stand alone and are judged by what PostgreSQL can work out.
"""

from collections.abc import Sequence

import orjson

from dougong.permissions.access import Access
from dougong.store.guarded_sql import guarded_sql
from dougong.store.read import sql_context
from dougong.store.save import Saved, common_arguments
from dougong.work.guarded_input import Row
from dougong.work.last_administrator import USERS
from dougong.work.request import GuardedUpdate
from dougong.work.shortage import Amounts
from dougong.work.unit import Unit
from engines.entity.entity import Rule
from engines.values.decimals import number_text


async def add_at_once(unit: Unit, access: Access, guards: Sequence[Rule], change: GuardedUpdate, rows: Sequence[Row]) -> list[Saved] | None:
    """Return the answers to guarded changes of one entity in their order, made by one statement; None where nothing was done.

    guards: the condition of the request. change: the first of them, which is like all others in its mode.
    """
    targets = _targets(change, rows)
    if targets is None or not _stands_alone(unit, access) or not access.writes.get("update", {}).keys().isdisjoint(targets[0][0].add):
        return None
    adds, by = tuple(targets[0][0].add), tuple(name for name, _ in targets[0][0].key)
    sql = _statement(unit, access, guards, change, adds, by)
    if not sql:
        return None
    asked = []
    for place, target in enumerate(targets):
        found = dict(target[0].key) if by else {"id": target[0].id}
        asked.append({"__place": place, **found, **{f"{name}__add": sum(row.add[name] for row in target) for name in adds}})
    arguments = [*common_arguments(unit.model, unit.change_set), orjson.dumps(asked, default=str).decode()]
    key = unit.change_set.key
    if key is not None:
        answers = [(row, place) for place, target in enumerate(targets) for row in target]
        listed = [{"number": row.place, "place": place, "granted": _granted(row.add)} for row, place in answers]
        arguments += [key.text, key.request_hash, orjson.dumps(listed).decode()]
    saved = {row["place"]: Saved(row["id"], row["revision"], row["record"]) for row in await unit.executor.fetch(sql, *arguments)}
    if not saved:
        return None
    made = {row.place: answer_of(row.add, saved[place]) for place, target in enumerate(targets) for row in target}
    return [made[row.place] for row in rows]


def answer_of(granted: Amounts, record: Saved) -> Saved:
    """Return what a guarded change is answered with: what it was granted, and its record."""
    answer = {"id": str(record.id), "revision": record.revision, "granted": _granted(granted), "record": orjson.Fragment(record.json)}
    return Saved(record.id, record.revision, orjson.dumps(answer))


def _granted(amounts: Amounts) -> dict[str, str]:
    return {name: number_text(amount) for name, amount in amounts.items()}


def _targets(change: GuardedUpdate, rows: Sequence[Row]) -> list[list[Row]] | None:
    """Return the changes of each record; None where they set something, make records, differ in what they add to, or come to nothing.

    Where each is granted what those before it have left, one record must have one change.
    """
    first = rows[0]
    names, by = tuple(first.add), tuple(name for name, _ in first.key)
    targets: dict[object, list[Row]] = {}
    for row in rows:
        if change.is_create or row.put or not names or tuple(row.add) != names or tuple(name for name, _ in row.key) != by:
            return None
        targets.setdefault(row.id or row.key, []).append(row)
    comes_to_nothing = any(not any(sum(row.add[name] for row in target) for name in names) for target in targets.values())
    return None if comes_to_nothing or (change.is_partial and len(targets) < len(rows)) else list(targets.values())


def _stands_alone(unit: Unit, access: Access) -> bool:
    """Whether whoever asks may change every record of the entity, and nothing but its own fields has to do with a change of one."""
    entity, model = access.entity, unit.model
    plan = model.plans[entity.key]
    is_whole = access.rows.get("read") is None and access.rows.get("update") is None
    is_simple = entity.kind == "record" and not (entity.states or entity.line_fields or entity.link_fields or plan.own.conditional)
    return is_whole and is_simple and entity.full_key != USERS and not model.graph.climbs.get(entity.key)


def _statement(
    unit: Unit, access: Access, guards: Sequence[Rule], change: GuardedUpdate, adds: Sequence[str], by: Sequence[str]
) -> str:
    """Return the statement, kept for each shape of changes; an empty text where there is none."""
    has_key = unit.change_set.key is not None
    shape = (unit.model, "adding", access.entity.key, adds, by, change.guard, has_key)
    sql: str | None = unit.site.compiled.get(shape)
    if sql is None:
        plan = unit.model.plans[access.entity.key]
        sql = guarded_sql(sql_context(unit.site), plan, adds, guards, by, has_key) or ""
        unit.site.keep(shape, sql)
    return sql
