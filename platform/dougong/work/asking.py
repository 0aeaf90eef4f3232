"""A record being saved in; what its defaults and rules ask of whole entities out, as far as the actor may read, in one SELECT."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any
from uuid import UUID

from sqlalchemy import bindparam, null, select

from dougong.store.read import actor_context, sources
from dougong.store.save import Values
from dougong.store.statement import Statement, compile_statement
from dougong.work.unit import Unit
from engines.dataset.rows import Rows
from engines.entity.compute import ComputePlan, Found, compute
from engines.entity.entity import Formula
from engines.entity.rules import scope_of_rule
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
    asking = [formula for _, formula in plan.own.defaults if formula.queries] if before is None else []
    if asking:
        record = compute(plan, None, sent, found, context)
        context = await answered(unit, plan, ((formula, record) for formula in asking), context)
    return compute(plan, before, sent, found, context)


async def judged(unit: Unit, plan: ComputePlan, record: Values, found: Found, context: EvalContext) -> EvalContext:
    """Return the context in which the rules judge a record: with the answers to what they ask."""
    asking = [rule for rule in plan.entity.rules if rule.check.queries]
    scopes = ((rule.check, scope_of_rule(plan.entity, rule, record, found)) for rule in asking)
    return await answered(unit, plan, scopes, context) if asking else context


async def answered(
    unit: Unit, plan: ComputePlan, asked: Iterable[tuple[Formula, Mapping[str, Value]]], context: EvalContext
) -> EvalContext:
    """Return a context with the answers to what formulas ask about their records."""
    answers: dict[str, Value] = dict(context.answers)
    for formula, record in asked:
        answers.update(await _answers(unit, _asking(unit, plan, formula), record, context))
    return replace(context, answers=answers)


def _asking(unit: Unit, plan: ComputePlan, formula: Formula) -> Asking:
    site, model, actor = unit.site, unit.model, unit.actor
    shape = (model, "asking", plan.entity.key, formula.text, actor.is_system, actor.roles)
    asking: Asking | None = site.compiled.get(shape)
    if asking is None:
        paths = list(dict.fromkeys(path for _, query in formula.queries for path in record_paths(query)))
        names = {path.names: f"asked_{place}" for place, path in enumerate(paths)}
        statement = _statement(unit, plan, formula.queries, paths, names)
        asking = Asking(formula.queries, statement, {names[path.names]: compile_python(path) for path in paths})
        site.keep(shape, asking)
    return asking


def _statement(
    unit: Unit, plan: ComputePlan, queries: Sequence[tuple[str, TypedTree]], paths: Sequence[TypedPath], names: Mapping[Keys, str]
) -> Statement:
    kinds = {path.names: path.type for path in paths}
    rows = Rows(plan.entity, sources(unit.site, unit.model, unit.actor), actor_context(unit.site, unit.model, unit.actor))

    def given(keys: Keys) -> Any:  # noqa: ANN401 – a column
        return bindparam(names[keys], type_=sql_type(kinds[keys]))

    columns = []
    for _, query in queries:
        value, error = rows.asked(query, given)
        columns += [value, null() if error is None else error]
    return compile_statement(select(*[column.label(f"c{place}") for place, column in enumerate(columns)]))


async def _answers(unit: Unit, asking: Asking, record: Mapping[str, Value], context: EvalContext) -> dict[str, Value]:
    now = unit.change_set.at
    values: dict[str, Any] = {"now": now, "today": now.date(), "user": unit.actor.id}
    for name, read in asking.readers.items():
        value = read(record, context)
        if isinstance(value, ErrorValue):
            # What is asked about an error is that error.
            return dict.fromkeys((name for name, _ in asking.queries), value)
        values[name] = value["id"] if isinstance(value, Mapping) else value
    row = (await unit.executor.fetch(asking.statement.sql, *asking.statement.arguments(values)))[0]
    return {
        name: ErrorValue(row[2 * place + 1]) if row[2 * place + 1] is not None else _value(row[2 * place], query)
        for place, (name, query) in enumerate(asking.queries)
    }


def _value(found: Any, query: TypedTree) -> Value:  # noqa: ANN401 – as asyncpg gives it
    if query.type.name == "any":
        return read_any(found)
    return UUID(bytes=found.bytes) if isinstance(found, UUID) else found
