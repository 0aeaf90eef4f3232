"""Rows of a decision table as they will be in; a refusal where one would match what another matches, on the same day, out.

Who writes such a table holds a lock of its own on it until the transaction ends, so that two who write at once see each other's rows.
"""

from collections.abc import Callable, Mapping, Sequence

import orjson

from dougong.store.errors import RecordInvalid
from dougong.store.names import quoted, table_name
from dougong.store.save import Values
from dougong.store.save_sql import columns_of
from dougong.store.titles import read_names
from dougong.work.unit import Unit
from engines.entity.entity import Entity
from engines.entity.messages import MESSAGES
from engines.expression.decision import Decision, Input
from engines.values.issue import Issue, issue

_OVERLAPS = 7021
"""The space of the locks on tables, beside those of others."""
_MOST = 1000


async def refuse_overlaps(unit: Unit, entity: Entity, records: Sequence[Values], at: int | None) -> None:
    """Raise RecordInvalid with an issue for each row that another row overlaps: one that is there, or one before it in the request."""
    decision = entity.decision
    if decision is None or not decision.refuses_overlap or not records:
        return
    await unit.executor.fetch("SELECT pg_advisory_xact_lock($1, hashtext($2))", _OVERLAPS, entity.full_key)
    keys = dict.fromkeys([*(key for one in decision.inputs for key in one.fields), *(key for key in (decision.first, decision.last) if key is not None)])
    given = [{"place": place, **{key: record.get(key) for key in keys}} for place, record in enumerate(records)]
    own = [str(record["id"]) for record in records]
    rows = await unit.executor.fetch(_sql(entity, decision, list(keys)), orjson.dumps(given, default=str).decode(), own)
    if not rows:
        return
    names = await read_names(unit.executor, unit.site, unit.model, unit.actor, entity.key, [row["id"] for row in rows if row["id"] is not None])
    issues = [_overlap(decision, names.get(str(row["id"])), at, row["place"]) for row in rows]
    raise RecordInvalid(tuple(issues))


def _overlap(decision: Decision, title: str | None, at: int | None, offset: int) -> Issue:
    """Return the issue at the field people would change first: where a range begins, else the first that is compared."""
    ranges = [one for one in decision.inputs if one.match == "range"]
    key = (ranges or decision.inputs)[0].fields[0]
    pointer = f"/{key}" if at is None else f"/{at + offset}/{key}"
    told = {"zh-CN": f"“{title}”", "en": f"“{title}”"} if title else {"zh-CN": "另一行", "en": "another row"}
    return issue(MESSAGES, "record-rows-overlap", pointer, None, row=told)


def _sql(entity: Entity, decision: Decision, keys: Sequence[str]) -> str:
    """Return the statement that finds, for each row that is given, one that overlaps it."""
    columns = {column.key: column for column in columns_of(entity)}
    listed = ", ".join(f"{quoted(key)} {columns[key].type}" for key in keys)
    there = ", ".join(f"t.{quoted(columns[key].name)} AS {quoted(key)}" for key in keys)
    mine = ", ".join(f"x.{quoted(key)}" for key in keys)
    conditions = [_MEETING[one.match](one) for one in decision.inputs]
    conditions.append(_in_time(decision.first, decision.last))
    return (
        f"WITH x AS MATERIALIZED (SELECT * FROM json_to_recordset($1::json) AS x(place integer, {listed})),"
        f" y AS (SELECT NULL::integer AS place, t.id, {there} FROM {table_name(entity)} AS t"
        f" WHERE t.deleted_at IS NULL AND t.id <> ALL($2::uuid[]) UNION ALL SELECT x.place, NULL::uuid, {mine} FROM x)"
        f" SELECT DISTINCT ON (x.place) x.place, y.id FROM x JOIN y ON (y.place IS NULL OR y.place < x.place) AND {' AND '.join(conditions)}"
        f" ORDER BY x.place, y.place NULLS FIRST LIMIT {_MOST}"
    )


def _either_blank(key: str, condition: str) -> str:
    return f"(x.{quoted(key)} IS NULL OR y.{quoted(key)} IS NULL OR {condition})"


def _eq(one: Input) -> str:
    key = one.fields[0]
    return _either_blank(key, f"x.{quoted(key)} = y.{quoted(key)}")


def _prefix(one: Input) -> str:
    key = one.fields[0]
    return _either_blank(key, f"starts_with(x.{quoted(key)}, y.{quoted(key)}) OR starts_with(y.{quoted(key)}, x.{quoted(key)})")


def _in(one: Input) -> str:
    """Return the condition for a list of options; one that is empty takes any."""
    key = one.fields[0]
    return _either_blank(key, f"cardinality(x.{quoted(key)}) = 0 OR cardinality(y.{quoted(key)}) = 0 OR x.{quoted(key)} && y.{quoted(key)}")


def _range(one: Input) -> str:
    return _before_end("<", one.start, one.end)


def _in_time(first: str | None, last: str | None) -> str:
    return _before_end("<=", first, last)


def _before_end(sign: str, start: str | None, end: str | None) -> str:
    """Return the condition that each of two stretches begins before the other ends; what is open has no end."""
    if start is None or end is None:
        return "true"
    low, high = quoted(start), quoted(end)
    pairs = (("x", "y"), ("y", "x"))
    return " AND ".join(f"(coalesce({one}.{low} {sign} {other}.{high}, true))" for one, other in pairs)


_MEETING: Mapping[str, Callable[[Input], str]] = {"eq": _eq, "range": _range, "prefix": _prefix, "in": _in}
"""When two rows can match the same value, by how an input is matched; a text may hold any two pieces at once."""
