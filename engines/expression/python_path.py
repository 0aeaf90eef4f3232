"""Takes a typed path, gives a closure that reads it from a record; a blank on the way gives a blank."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from engines.expression.failure import MAX_LIST, Environment, EvalContext, Failure, Given
from engines.expression.tree import TypedPath, TypedTree
from engines.values.decimals import ZERO
from engines.values.value_types import AnyRecord, ErrorValue, Value, name_among

Closure = Callable[[Environment, EvalContext], Any]
CompileNode = Callable[[TypedTree, int], Closure]


def path_closure(path: TypedPath, depth: int) -> Closure:
    """Return the closure that reads a path; inside rows it first finds the record or row the path starts at."""
    read = _many(path.names, path.many) if path.many else _one(path.names)
    if depth == 0:
        return read
    up = depth - path.row
    if path.row == 0:
        # The outermost record is the plain mapping at the end of the chain.
        if up == 1:
            return lambda env, context: read(env[0], context)
        return lambda env, context: read(_outer(env, up), context)
    if up == 0:
        return lambda env, context: read(env[1], context)
    return lambda env, context: read(_outer(env, up)[1], context)


def _outer(env: Environment, steps: int) -> Given:
    for _ in range(steps):
        env = env[0]
    return env


class _IdAlone(dict[str, Value]):
    """The fields of a record known by its id alone: there is no other to read."""

    def get(self, name: str, default: object = None) -> Value:
        if name == "id":
            return self[name]
        raise Failure("REF")


def row_of(row: Given) -> Given:
    """Return the fields of an element of a list of records: of a blank one there are none."""
    if row is None:
        return {}
    return _IdAlone(id=row) if row.__class__ is UUID else row


def _one(names: tuple[str, ...]) -> Closure:
    """Return the reader of a path that reaches one value."""
    if len(names) == 1:
        (name,) = names

        def read_field(env: Mapping[str, Value], context: EvalContext) -> Value:
            value = env.get(name)
            if value.__class__ is ErrorValue:
                raise Failure(value.code)
            return value

        return read_field

    def read_path(env: Mapping[str, Value], context: EvalContext) -> Value:
        value: Any = env
        for name in names:
            value = member(value, name)
            if value is None:
                return None
        return value

    return read_path


def _many(names: tuple[str, ...], many: int) -> Closure:
    """Return the reader of a path over lists: the values of all, one after the other."""
    if len(names) == 2 and many == 1:
        lines, field = names

        def read_column(env: Mapping[str, Value], context: EvalContext) -> list[Value]:
            rows: Any = env.get(lines)
            if rows.__class__ is list or rows.__class__ is tuple:
                if len(rows) > MAX_LIST:
                    raise Failure("LIMIT")
                values = [row.get(field) for row in rows]
                if not any(value.__class__ in _SPECIAL for value in values):
                    return values
            return _spread(env, names, many)

        return read_column
    return lambda env, context: _spread(env, names, many)


# What the values of a column are seldom: lists of their own, and errors.
_SPECIAL = frozenset({list, tuple, ErrorValue})


def _spread(env: Mapping[str, Value], names: tuple[str, ...], many: int) -> list[Value]:
    """Return the values at the end of a path; a blank has no rows, and behind the last list each row has its value."""
    values: list[Any] = [env]
    for place, name in enumerate(names, 1):
        reached = [None if value is None else member(value, name) for value in values]
        # Where others have a list, a blank is a list of nothing.
        counts_blanks = place > many and not any(part.__class__ is list or part.__class__ is tuple for part in reached)
        following: list[Any] = []
        for part in reached:
            if part.__class__ is list or part.__class__ is tuple:
                following.extend(part)
            elif part is not None or counts_blanks:
                following.append(part)
        if len(following) > MAX_LIST:
            raise Failure("LIMIT")
        values = following
    return values


def member(value: Given, name: str) -> Given:
    """Return a field of a record; a record known by its id alone has no fields to read."""
    if value.__class__ is UUID:
        if name == "id":
            return value
        raise Failure("REF")
    if value.__class__ is AnyRecord:
        return value.entity if name == "entity" else value.id if name == name_among(value.entity) else None
    reached = value.get(name)
    if reached.__class__ is ErrorValue:
        raise Failure(reached.code)
    return reached


def number_reader(path: TypedPath, depth: int) -> Closure:
    """Return the reader of a number in which a blank counts as 0, in one step where that is possible."""
    if depth == 0 and len(path.names) == 1:
        name = path.names[0]

        def read_number(env: Mapping[str, Value], context: EvalContext) -> Value:
            value = env.get(name)
            if value.__class__ is Decimal:
                return value
            if value is None:
                return ZERO
            if value.__class__ is ErrorValue:
                raise Failure(value.code)
            return value

        return read_number
    if depth == 1 and path.row == 1 and len(path.names) == 1:
        name = path.names[0]

        def read_row_number(env: tuple[Any, Mapping[str, Value]], context: EvalContext) -> Value:
            value = env[1].get(name)
            if value.__class__ is Decimal:
                return value
            if value is None:
                return ZERO
            if value.__class__ is ErrorValue:
                raise Failure(value.code)
            return value

        return read_row_number
    read = path_closure(path, depth)

    def read_other(env: Environment, context: EvalContext) -> Value:
        value = read(env, context)
        return ZERO if value is None else value

    return read_other
