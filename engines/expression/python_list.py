"""The Python forms of calls over lists: line items row by row, and what is made of all their values."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from decimal import Decimal
from typing import Any

from engines.expression.failure import MAX_LIST, MOST_SECONDS, Environment, EvalContext, Failure, Given
from engines.expression.python_path import Closure, CompileNode, row_of
from engines.expression.tree import TypedCall, TypedTree
from engines.values.decimals import EXACT, ZERO, quotient
from engines.values.value_types import ErrorValue, Value

Make = Callable[[TypedCall, int, CompileNode], Closure | None]


def _list(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    args = [compile_node(arg, depth) for arg in node.args]
    return lambda env, context: [arg(env, context) for arg in args]


def _rows(value: Given) -> Given:
    if value is None:
        return ()
    if len(value) > MAX_LIST:
        raise Failure("LIMIT")
    return value


def rows_in(node: TypedCall) -> Callable[[Given, EvalContext], Iterable[Given]]:
    """Return what gives the rows of a list one by one; where each is looked at with lists of its own, it ends after a second.

    A list in a list is gone over as often as the outer one has rows: a hundred thousand times a hundred thousand.
    """
    return _paced if _has_list(node.args[1]) else lambda value, context: _rows(value)


def _paced(value: Given, context: EvalContext) -> Iterator[Given]:
    clock = context.clock
    until = 0.0 if clock is None else clock() + MOST_SECONDS
    for row in _rows(value):
        if clock is not None and clock() > until:
            raise Failure("LIMIT")
        yield row


def _has_list(node: TypedTree) -> bool:
    return node.type.of is not None or (isinstance(node, TypedCall) and any(_has_list(arg) for arg in node.args))


def _filter(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    rows, condition = compile_node(node.args[0], depth), compile_node(node.args[1], depth + 1)
    each = rows_in(node)
    return lambda env, context: [row for row in each(rows(env, context), context) if condition((env, row_of(row)), context)]


def _map(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    rows, value = compile_node(node.args[0], depth), compile_node(node.args[1], depth + 1)
    each = rows_in(node)
    if node.args[1].type.of is None:
        return lambda env, context: [value((env, row_of(row)), context) for row in each(rows(env, context), context)]

    def run(env: Environment, context: EvalContext) -> list[Value]:
        found = [part for row in each(rows(env, context), context) for part in value((env, row_of(row)), context) or ()]
        return _rows(found)  # type: ignore[no-any-return]

    return run


def _field(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    record, value = compile_node(node.args[0], depth), compile_node(node.args[1], depth + 1)

    def run(env: Environment, context: EvalContext) -> Value:
        found = record(env, context)
        if found is None:
            return None
        if not isinstance(found, Mapping):
            raise Failure("REF")
        return value((env, found), context)

    if node.type.of is not None:
        return lambda env, context: run(env, context) or []
    return run


def _values(node: TypedCall, depth: int, compile_node: CompileNode) -> Callable[[Any, EvalContext], Iterator[Any]]:
    """Return what gives all values of the arguments, lists spread out, blanks left out, an error raised."""
    args = [compile_node(arg, depth) for arg in node.args]

    def values(env: Environment, context: EvalContext) -> Iterator[Any]:
        for arg in args:
            found = arg(env, context)
            parts = found if found.__class__ is list or found.__class__ is tuple else (found,)
            for part in parts:
                if part.__class__ is ErrorValue:
                    raise Failure(part.code)
                # Comparing a number with a text costs more than adding it.
                if part.__class__ is Decimal or (part is not None and part != ""):
                    yield part

    return values


def _sum(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    values = _values(node, depth, compile_node)
    add = EXACT.add

    def run(env: Environment, context: EvalContext) -> Decimal:
        total = ZERO
        for value in values(env, context):
            total = add(total, value)
        return total

    return run


def _count(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    values = _values(node, depth, compile_node)
    return lambda env, context: Decimal(sum(1 for _ in values(env, context)))


def _average(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    values = _values(node, depth, compile_node)

    def run(env: Environment, context: EvalContext) -> Decimal | None:
        total, count = ZERO, 0
        for value in values(env, context):
            total = EXACT.add(total, value)
            count += 1
        return quotient(total, Decimal(count)) if count else None

    return run


def _extreme(choose: Callable[..., Any]) -> Make:
    def make(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
        values = _values(node, depth, compile_node)
        return lambda env, context: choose(values(env, context), default=None)

    return make


LISTS: Mapping[str, Make] = {
    "list": _list,
    "filter": _filter,
    "map": _map,
    "field": _field,
    "SUM": _sum,
    "COUNT": _count,
    "AVERAGE": _average,
    "MIN": _extreme(min),
    "MAX": _extreme(max),
}
