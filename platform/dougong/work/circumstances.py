"""What the formulas of an entity ask about people: the unit in, the context of their evaluation out, read once for a request."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import bindparam, select
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.store.people_sql import PeopleSql
from dougong.store.read import actor_context
from dougong.store.statement import Statement, compile_statement
from dougong.work.structure import read_structure
from dougong.work.unit import Unit
from engines.entity.compute import ComputePlan, judging
from engines.expression.failure import EvalContext
from engines.expression.references import calls_in
from engines.expression.tree import TypedPath, TypedTree

_OF_STRUCTURE = frozenset({"MANAGEROF", "LEADEROF", "DEPTPATH"})


@dataclass(frozen=True, slots=True)
class Asked:
    """What the formulas of an entity ask: functions by name, paths from the user on, and the statement that answers those."""

    names: frozenset[str]
    paths: tuple[TypedPath, ...]
    statement: Statement | None


async def context_of(unit: Unit, plan: ComputePlan) -> EvalContext:
    """Return what the defaults and rules of an entity may know, the record before the change left out."""
    return await _context(unit, _asked(unit, plan))


async def context_of_tree(unit: Unit, tree: TypedTree) -> EvalContext:
    """Return the same for one formula that belongs to no entity yet."""
    return await _context(unit, _look_through(unit, (tree,)))


async def _context(unit: Unit, asked: Asked) -> EvalContext:
    context = unit.context
    if "HASROLE" in asked.names:
        context = replace(context, roles=unit.actor.roles_in(unit.model.app))
    if asked.statement is not None:
        row = (await unit.executor.fetch(asked.statement.sql, *asked.statement.arguments(_given(unit))))[0]
        fields = {path.names: _value(row[place], path) for place, path in enumerate(asked.paths)}
        context = replace(context, user_fields=fields, departments=frozenset(row["departments"]))
    if asked.names & _OF_STRUCTURE:
        context = replace(context, people=await read_structure(unit.executor, unit.model.organization or unit.model))
    return context


def _given(unit: Unit) -> Mapping[str, Any]:
    now = unit.change_set.at
    return {"now": now, "today": now.date(), "user": unit.actor.id}


def _value(found: Any, path: TypedPath) -> Any:  # noqa: ANN401 – as asyncpg gives it
    if path.type.of is not None:
        return list(found or ())
    return found


def _asked(unit: Unit, plan: ComputePlan) -> Asked:
    shape = (unit.model, "asked", plan.entity.key, unit.actor.rights)
    asked: Asked | None = unit.site.compiled.get(shape)
    if asked is None:
        asked = _look_through(unit, _trees(plan))
        unit.site.keep(shape, asked)
    return asked


def _look_through(unit: Unit, trees: Iterable[TypedTree]) -> Asked:
    calls = [call for tree in trees for call in calls_in(tree)]
    names = frozenset(call.name for call in calls)
    found = [call.args[1] for call in calls if call.name == "user_field"]
    paths = tuple(dict.fromkeys(path for path in found if isinstance(path, TypedPath)))
    if not paths and "INDEPARTMENT" not in names:
        return Asked(names, (), None)
    context = actor_context(unit.site, unit.model, unit.actor)
    assert context.user_field is not None
    columns = [context.user_field(path) for path in paths]
    user = bindparam("user", type_=SQL_UUID())
    departments = PeopleSql(unit.model.organization or unit.model).departments_of(user)
    made = select(*[column.label(f"f{place}") for place, column in enumerate(columns) if column is not None], departments.label("departments"))
    return Asked(names, paths, compile_statement(made))


def _trees(plan: ComputePlan) -> Iterator[TypedTree]:
    for entity in (plan.entity, *plan.lines.values()):
        for formula in judging(entity):
            yield formula.tree
        for field in entity.fields.values():
            if field.default is not None:
                yield field.default.tree

