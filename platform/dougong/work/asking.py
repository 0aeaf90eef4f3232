"""A record being saved in; what its defaults and rules ask of whole entities out, as far as the actor may read.

Each formula asks in one SELECT, a default of rows for all of them.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import Integer, bindparam, func, literal_column, null, select
from sqlalchemy.dialects.postgresql import ARRAY

from dougong.store.read import judging_rows
from dougong.store.save import Values
from dougong.store.statement import Statement, compile_statement
from dougong.work.unit import Unit
from engines.dataset.rows import Rows
from engines.entity.compute import ComputePlan, Found, compute
from engines.entity.entity import Entity, Formula
from engines.entity.scopes import scope_of
from engines.expression.entity_queries import record_paths
from engines.expression.evaluate import compile_python
from engines.expression.failure import EvalContext
from engines.expression.sql_any import read_any
from engines.expression.sql_context import Keys
from engines.expression.sql_parts import sql_type
from engines.expression.tree import TypedPath, TypedTree
from engines.values.value_types import ErrorValue, Value


@dataclass(frozen=True, slots=True, eq=False)
class Asking:
    """What a formula asks: its queries, the statement that answers them, and what gives its parameters out of a record."""

    queries: tuple[tuple[str, TypedTree], ...]
    statement: Statement
    readers: Mapping[str, Callable[[Mapping[str, Value], EvalContext], Value]]


async def computed(
    unit: Unit, plan: ComputePlan, before: Values | None, sent: Values, found: Found, context: EvalContext
) -> Values:
    """Return the whole record, the questions of its defaults answered by what it would be without them."""
    if before is None and plan.own.asking:
        record = compute(plan, None, sent, found, context)
        context = await answered(unit, plan.entity, ((formula, record) for _, formula in plan.own.asking), context)
    lines = [key for key in plan.asking if key in sent]
    if lines:
        record = compute(plan, before, sent, found, context)
        context = replace(context, row_answers=await _row_answers(unit, plan, lines, before or {}, sent, record, context))
    return compute(plan, before, sent, found, context)


async def judged(unit: Unit, plan: ComputePlan, record: Values, found: Found, context: EvalContext) -> EvalContext:
    """Return the context in which the rules judge a record: with the answers to what they ask."""
    if not plan.asking_rules:
        return context
    scopes = ((rule.check, scope_of(plan.entity, rule.check, record, found)) for rule in plan.asking_rules)
    return await answered(unit, plan.entity, scopes, context)


async def ask_for_defaults(unit: Unit, plan: ComputePlan, sents: Sequence[Values], found: Found, context: EvalContext) -> None:
    """Ask once for all new records what their defaults ask; `computed` then finds the answers in `unit.asked`."""
    if unit.asked is not None and plan.own.asking:
        records = [compute(plan, None, sent, found, context) for sent in sents]
        for _, formula in plan.own.asking:
            await _answers(unit, _asking(unit, plan.entity, formula), records, context)


async def ask_for_rules(unit: Unit, plan: ComputePlan, records: Sequence[Values], found: Found, context: EvalContext) -> None:
    """Ask once for all records what their rules ask; `judged` then finds the answers in `unit.asked`."""
    if unit.asked is not None:
        for rule in plan.asking_rules:
            scopes = [scope_of(plan.entity, rule.check, record, found) for record in records]
            await _answers(unit, _asking(unit, plan.entity, rule.check), scopes, context)


async def answered(
    unit: Unit, entity: Entity, asked: Iterable[tuple[Formula, Mapping[str, Value]]], context: EvalContext
) -> EvalContext:
    """Return a context with the answers to what formulas ask about their records."""
    answers: dict[str, Value] = dict(context.answers)
    for formula, record in asked:
        answers.update((await _answers(unit, _asking(unit, entity, formula), [record], context))[0])
    return replace(context, answers=answers)


async def answered_once(unit: Unit, rows: Rows, formula: Formula, record: Mapping[str, Value], context: EvalContext) -> EvalContext:
    """Return the same for a formula that is being written, as far as the rows show it: the statement that asks is not kept."""
    return replace(context, answers=(await _answers(unit, _made(rows, formula), [record], context))[0])


async def _row_answers(
    unit: Unit, plan: ComputePlan, lines: Sequence[str], before: Values, sent: Values, record: Values, context: EvalContext
) -> Mapping[UUID, Mapping[str, Value]]:
    """Return the answers about each row of some lines fields that is new and lacks what a default that asks would give."""
    answers: dict[UUID, dict[str, Value]] = {}
    for key in lines:
        there = {row["id"] for row in before.get(key, ())}
        fresh = [(given, row) for given, row in zip(sent[key] or (), record[key], strict=True) if row["id"] not in there]
        for field, formula in plan.rows[key].asking:
            rows = [{**row, "parent": record} for given, row in fresh if field.key not in given]
            if rows:
                found = await _answers(unit, _asking(unit, plan.lines[key], formula), rows, context)
                for row, answer in zip(rows, found, strict=True):
                    answers.setdefault(row["id"], {}).update(answer)
    return answers


def _asking(unit: Unit, entity: Entity, formula: Formula) -> Asking:
    site, model, actor = unit.site, unit.model, unit.actor
    shape = (model, "asking", entity.key, formula.text, actor.rights)
    asking: Asking | None = site.compiled.get(shape)
    if asking is None:
        asking = _made(judging_rows(site, model, actor, entity), formula)
        site.keep(shape, asking)
    return asking


def _made(rows: Rows, formula: Formula) -> Asking:
    paths = list(dict.fromkeys(path for _, query in formula.queries for path in record_paths(query)))
    names = {path.names: f"asked_{place}" for place, path in enumerate(paths)}
    statement = _statement(rows, formula.queries, paths, names)
    return Asking(formula.queries, statement, {names[path.names]: compile_python(path) for path in paths})


def _statement(rows: Rows, queries: Sequence[tuple[str, TypedTree]], paths: Sequence[TypedPath], names: Mapping[Keys, str]) -> Statement:
    """Return the statement that answers all queries about each of many records, in the order in which their values are given."""
    kinds = {path.names: sql_type(path.type) for path in paths}

    def given(keys: Keys) -> Any:  # noqa: ANN401 – a column
        # No column that SQLAlchemy knows to be of a table, which it would read again in each subquery.
        return literal_column(f"asked.{names[keys]}", kinds[keys])

    columns = []
    for _, query in queries:
        value, error = rows.asked(query, given)
        columns += [value, null() if error is None else error]
    lists = [bindparam("places", type_=ARRAY(Integer()))]
    lists += [bindparam(names[keys], type_=ARRAY(kind)) for keys, kind in kinds.items()]
    asked = func.unnest(*lists).table_valued("place", *names.values()).render_derived(name="asked")
    answers = [column.label(f"c{place}") for place, column in enumerate(columns)]
    return compile_statement(select(*answers).select_from(asked).order_by(asked.c.place))


async def _answers(unit: Unit, asking: Asking, records: Sequence[Mapping[str, Value]], context: EvalContext) -> list[dict[str, Value]]:
    """Return the answers about each of some records; of those that ask the same, one asks for all."""
    given = [_given(asking, record, context) for record in records]
    known = {} if unit.asked is None else unit.asked.setdefault(asking, {})
    questions = [values for values in dict.fromkeys(given) if isinstance(values, tuple) and values not in known]
    now = unit.change_set.at
    values: dict[str, Any] = {"now": now, "today": now.date(), "user": unit.actor.id, "places": list(range(len(questions)))}
    values |= {name: [question[place] for question in questions] for place, name in enumerate(asking.readers)}
    rows = await unit.executor.fetch(asking.statement.sql, *asking.statement.arguments(values)) if questions else []
    known.update((question, _read(asking, row)) for question, row in zip(questions, rows, strict=True))
    return [
        known[values] if isinstance(values, tuple) else dict.fromkeys((name for name, _ in asking.queries), values)
        for values in given
    ]


def _given(asking: Asking, record: Mapping[str, Value], context: EvalContext) -> tuple[Any, ...] | ErrorValue:
    """Return what is asked about a record; what is asked about an error is that error."""
    values = []
    for read in asking.readers.values():
        value = read(record, context)
        if isinstance(value, ErrorValue):
            return value
        values.append(value["id"] if isinstance(value, Mapping) else value)
    return tuple(values)


def _read(asking: Asking, row: Sequence[Any]) -> dict[str, Value]:
    return {
        name: ErrorValue(row[2 * place + 1]) if row[2 * place + 1] is not None else _value(row[2 * place], query)
        for place, (name, query) in enumerate(asking.queries)
    }


def _value(found: Any, query: TypedTree) -> Value:  # noqa: ANN401 – as asyncpg gives it
    if query.type.name == "any":
        return read_any(found)
    return UUID(bytes=found.bytes) if isinstance(found, UUID) else found
