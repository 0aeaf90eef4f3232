"""A decision table and the values of its inputs in; the rows that match, in their order, and what the table answers, out.

The rows are those the actor may read; what decides is what stands for DECIDE in a formula, in one SELECT.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import ColumnElement, Integer, bindparam, cast, func, null, select

from dougong.model.app_model import AppModel
from dougong.model.resolve_expressions import scope_of
from dougong.permissions.access import seen_by
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.errors import DecidesNothing, DecisionInvalid, EntityNotFound
from dougong.store.messages import MESSAGES
from dougong.store.page_request import PageRequest
from dougong.store.read import moment, read_page, readable_entity, rows_for
from dougong.store.statement import Statement, compile_statement
from engines.entity.entity import Entity
from engines.expression.check import Checker
from engines.expression.decision import Decision
from engines.expression.rules_decide import Table
from engines.expression.sql_parts import sql_type
from engines.expression.tree import Call, Literal, Path
from engines.values.issue import Issue, issue
from engines.values.json_values import value_from_json, value_to_json
from engines.values.value_types import DATE, ValueType

MOST_ROWS = 100
"""So many of the rows that match are told."""
_DAY = "day"


@dataclass(frozen=True, slots=True, eq=False)
class _Deciding:
    """The statement that decides: its columns are the ids of the rows, their number, the value and the error of each output."""

    statement: Statement
    inputs: Mapping[str, tuple[str, ValueType]]
    outputs: tuple[str, ...]


async def decide(site: Site, model: AppModel, actor: Actor, entity_key: str, inputs: Mapping[str, object], day: object) -> bytes:
    """Return, as JSON, `date`, `answers` by output, the number of rows that match (`total`) and the first of them (`records`).

    inputs: JSON values by the key of an input; what is not given is blank. day: a date as text, None for today.
    Raises EntityNotFound, ActionDenied, DecidesNothing, and DecisionInvalid with an issue for each wrong input.
    """
    access = readable_entity(site, model, actor, entity_key)
    entity = access.seen
    if entity.parent is not None:
        raise EntityNotFound(entity=entity_key)
    if entity.decision is None:
        raise DecidesNothing(entity_zh=entity.name["zh-CN"], entity_en=entity.name["en"])
    shape = (model, "decide", entity_key, actor.rights)
    deciding: _Deciding | None = site.compiled.get(shape)
    if deciding is None:
        deciding = _made(site, model, actor, entity, entity.decision)
        site.keep(shape, deciding)
    values = moment(site, actor)
    given, asked = _read(deciding, inputs, day)
    values |= given
    values[_DAY] = asked or values["today"]
    row = await site.pool.fetchrow(deciding.statement.sql, *deciding.statement.arguments(values))
    assert row is not None
    ids = [str(found) for found in row["ids"] or ()]
    answers = {}
    for place, key in enumerate(deciding.outputs):
        error = row[f"e{place}"]
        answers[key] = {"error": error} if error is not None else {"value": value_to_json(row[f"v{place}"])}
    records = await _records(site, model, actor, entity_key, ids)
    told = {"date": values[_DAY].isoformat() if entity.decision.is_dated else None, "answers": answers, "total": row["total"], "records": records}
    return orjson.dumps(told)


def _made(site: Site, model: AppModel, actor: Actor, entity: Entity, decision: Decision) -> _Deciding:
    scope = scope_of(seen_by(site, model, actor), entity)
    kinds = {one.key: (scope.names[one.fields[0]].of or scope.names[one.fields[0]]) for one in decision.inputs}
    names = {key: f"input_{place}" for place, key in enumerate(kinds)}
    asked: dict[str, ValueType] = {names[key]: kind for key, kind in kinds.items()} | {_DAY: DATE}
    checker = Checker(replace(scope, names=asked, labels={}, roots={}, entity=None))
    rows = checker.node(Call("entity", (Literal(entity.key),)))
    given = [checker.node(Path((name,))) for name in ([*names.values(), _DAY] if decision.is_dated else names.values())]
    table = Table(checker, rows, decision, (0, 0))
    matching = table.matching(given)
    trees = {key: table.answer(key, given) for key in decision.outputs}
    assert not checker.issues
    query = rows_for(site, model, actor, entity)

    def value_of(keys: tuple[str, ...]) -> ColumnElement[Any]:
        kind = sql_type(asked[keys[0]])
        return cast(bindparam(keys[0], type_=kind), kind)

    ids, _ = query.asked(matching, value_of)
    columns = [ids.label("ids"), func.coalesce(func.cardinality(ids), cast(0, Integer())).label("total")]
    for place, tree in enumerate(trees.values()):
        value, error = query.asked(tree, value_of)
        columns += [value.label(f"v{place}"), (null() if error is None else error).label(f"e{place}")]
    statement = compile_statement(select(*columns))
    inputs = {key: (names[key], kind) for key, kind in kinds.items()}
    return _Deciding(statement, inputs, decision.outputs)


def _read(deciding: _Deciding, inputs: Mapping[str, object], day: object) -> tuple[dict[str, Any], date | None]:
    issues = [issue(MESSAGES, "request-input-unknown", f"/inputs/{key}", None, name=key) for key in inputs if key not in deciding.inputs]
    values: dict[str, Any] = {}
    for key, (name, kind) in deciding.inputs.items():
        value = value_from_json(inputs.get(key), kind, f"/inputs/{key}")
        if isinstance(value, Issue):
            issues.append(value)
        values[name] = value
    asked = value_from_json(day, DATE, "/date")
    if isinstance(asked, Issue):
        issues.append(asked)
    if issues:
        raise DecisionInvalid(tuple(issues))
    return values, asked if isinstance(asked, date) else None


async def _records(site: Site, model: AppModel, actor: Actor, entity_key: str, ids: list[str]) -> list[Any]:
    """Return the first of the rows that match, in their order."""
    shown = [str(UUID(found)) for found in ids[:MOST_ROWS]]
    if not shown:
        return []
    listed = ", ".join(f'"{found}"' for found in shown)
    page = orjson.loads(await read_page(site, model, actor, entity_key, PageRequest(filter=f"IN(id, {listed})", limit=MOST_ROWS)))
    by_id = {record["id"]: record for record in page["records"]}
    return [by_id[found] for found in shown if found in by_id]
