"""The SQL of functions over people and circumstances: parameters and subqueries of the context; what it lacks has no SQL."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

from sqlalchemy import Text, and_, any_, case, cast, func, not_
from sqlalchemy.dialects.postgresql import array
from sqlalchemy.sql.elements import Grouping

from engines.expression.safe import is_safe
from engines.expression.sql_choice import equal
from engines.expression.sql_context import Column
from engines.expression.sql_once import once
from engines.expression.sql_parts import number, sql_type, text, typed_null
from engines.expression.tree import TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.values.value_types import TEXT

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler


def _user_field(compiler: SqlCompiler, node: TypedCall) -> Column:
    path, read = node.args[1], compiler.context.user_field
    found = read(path) if read is not None and isinstance(path, TypedPath) else None
    if found is None:
        raise compiler.refuse(node.args[0])
    return found


def _old(compiler: SqlCompiler, node: TypedCall) -> Column:
    path, read = node.args[0], compiler.context.old
    assert isinstance(path, TypedPath)
    if read is None or path.many:
        raise compiler.refuse(node)
    found = read(path.names)
    return found if path.type.of is None else func.coalesce(found, _nothing(path), type_=sql_type(path.type))


def _old_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    path, read = node.args[0], compiler.context.old_error
    assert isinstance(path, TypedPath)
    if read is None or path.many:
        raise compiler.refuse(node)
    return read(path.names)


def _nothing(node: TypedTree) -> Column:
    return cast(array([]), sql_type(node.type))


def _changed(compiler: SqlCompiler, node: TypedCall) -> Column:
    new, old = node.args
    assert isinstance(old, TypedCall)
    if new.type.of is None:
        return Grouping(not_(equal(compiler, new, replace(old, may_be_blank=True))))
    kind = sql_type(new.type)
    sides: list[Column] = [func.coalesce(compiler.value(new), _nothing(new), type_=kind), compiler.value(old)]
    if new.type.of.name in ("text", "option"):
        sides = [func.array_replace(side, text(""), typed_null(TEXT), type_=kind) for side in sides]
    return compiler.unless_failed(node.args, sides[0] != sides[1])


def _among(compiler: SqlCompiler, node: TypedCall, name: Column, names: Column | None) -> Column:
    if names is None:
        raise compiler.refuse(node)
    # The name is NULL for an error alone, and NULL is in no empty array: that would be FALSE.
    return once(lambda name: case((name.is_not(None), name == any_(names))), name)


def _manager_of(compiler: SqlCompiler, node: TypedCall, user: Column, level: Column) -> Column:
    people = compiler.context.people
    if people is None:
        raise compiler.refuse(node)
    found = people.manager_of(user, func.trunc(func.least(level, number(100))))
    return found if is_safe(node.name, node.args) else case((level >= number(1), found))


def _manager_error(compiler: SqlCompiler, node: TypedCall, user: Column, level: Column) -> Column:
    return case((and_(user.is_not(None), level < number(1)), text("VALUE")))


def _leader_of(compiler: SqlCompiler, node: TypedCall, department: Column) -> Column:
    if compiler.context.people is None:
        raise compiler.refuse(node)
    return compiler.context.people.leader_of(department)


def _path_of(compiler: SqlCompiler, node: TypedCall, department: Column) -> Column:
    if compiler.context.people is None:
        raise compiler.refuse(node)
    return compiler.context.people.path_of(department)


def _in_my_department(compiler: SqlCompiler, node: TypedCall) -> Column:
    whose, of, below = node.args
    assert isinstance(of, TypedLiteral)
    assert isinstance(below, TypedLiteral)
    if compiler.context.people is None:
        raise compiler.refuse(node)
    return compiler.context.people.in_mine(compiler.value(whose), str(of.value), bool(below.value))


def _reports_to_me(compiler: SqlCompiler, node: TypedCall, user: Column) -> Column:
    if compiler.context.people is None:
        raise compiler.refuse(node)
    return compiler.context.people.led_by_me(user)


def _shared_with_me(compiler: SqlCompiler, node: TypedCall) -> Column:
    record, action = node.args
    assert isinstance(action, TypedLiteral)
    if compiler.context.people is None:
        raise compiler.refuse(node)
    return compiler.context.people.shared_with_me(compiler.value(record), str(action.value))


def _flow_state(compiler: SqlCompiler, node: TypedCall) -> Column:
    if compiler.context.flow_state is None:
        raise compiler.refuse(node)
    return compiler.context.flow_state


PEOPLE_VALUES: Mapping[str, Callable[..., Column]] = {
    "CURRENTUSER": lambda compiler, node: compiler.context.user,
    "HASROLE": lambda compiler, node, role: _among(compiler, node, role, compiler.context.roles),
    "INDEPARTMENT": lambda compiler, node, name: _among(compiler, node, name, compiler.context.departments),
    "MANAGEROF": _manager_of,
    "LEADEROF": _leader_of,
    "REPORTSTOME": _reports_to_me,
    "DEPTPATH": _path_of,
    "FLOWSTATE": _flow_state,
    "RECORDID": lambda compiler, node, value: value,
    "record_text": lambda compiler, node, value: cast(value, Text()),
}
PEOPLE_ERRORS: Mapping[str, Callable[..., Column]] = {"MANAGEROF": _manager_error}
PEOPLE_SPECIAL: Mapping[str, Callable[[SqlCompiler, TypedCall], Column]] = {
    "user_field": _user_field,
    "OLD": _old,
    "CHANGED": _changed,
    "INMYDEPARTMENT": _in_my_department,
    "SHAREDWITHME": _shared_with_me,
}
PEOPLE_SPECIAL_ERRORS: Mapping[str, Callable[[SqlCompiler, TypedCall], Column | None]] = {"OLD": _old_error}
