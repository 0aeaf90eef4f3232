"""The Python forms of calls that compute only what is needed: choices, tests, comparisons and stand-ins for blanks."""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from decimal import DecimalException
from typing import Any
from uuid import UUID

from engines.expression.failure import Environment, EvalContext, Failure, Given
from engines.expression.python_path import Closure, CompileNode, number_reader
from engines.expression.tree import TypedCall, TypedPath
from engines.values.decimals import ZERO
from engines.values.value_types import ErrorValue, Value

Make = Callable[[TypedCall, int, CompileNode], Closure | None]


def is_blank(value: Value) -> bool:
    """Tell whether a value is blank: None, an empty text, an empty list."""
    return value is None or (not value and isinstance(value, str | list | tuple))


def same(left: Given, right: Given) -> bool:
    """Tell whether two values are equal; a blank equals a blank only, records are told apart by id."""
    # Texts and ids first: to ask whether a value is a mapping costs as much as the rest.
    if left.__class__ is str and right.__class__ is str:
        return left == right
    if isinstance(left, UUID) and isinstance(right, UUID):
        return left == right
    if is_blank(left):
        return is_blank(right)
    if isinstance(left, Mapping):
        left = left["id"]
    if isinstance(right, Mapping):
        right = right["id"]
    return bool(left == right)


def _args(node: TypedCall, depth: int, compile_node: CompileNode) -> list[Closure]:
    return [compile_node(arg, depth) for arg in node.args]


def _if(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    condition, then, otherwise = _args(node, depth, compile_node)
    return lambda env, context: then(env, context) if condition(env, context) else otherwise(env, context)


def _ifs(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    args = _args(node, depth, compile_node)
    pairs = list(zip(args[::2], args[1::2], strict=True))

    def run(env: Environment, context: EvalContext) -> Value:
        for condition, value in pairs:
            if condition(env, context):
                return value(env, context)
        return None

    return run


def _switch(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    subject, *rest = _args(node, depth, compile_node)
    otherwise = rest.pop()
    pairs = list(zip(rest[::2], rest[1::2], strict=True))

    def run(env: Environment, context: EvalContext) -> Value:
        value = subject(env, context)
        for case, result in pairs:
            if same(value, case(env, context)):
                return result(env, context)
        return otherwise(env, context)

    return run


def _choose(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    which, *values = _args(node, depth, compile_node)

    def run(env: Environment, context: EvalContext) -> Value:
        place = int(which(env, context))
        if not 1 <= place <= len(values):
            raise Failure("VALUE")
        return values[place - 1](env, context)

    return run


def exclusive_or(*conditions: bool) -> bool:
    """Tell whether an odd number of conditions hold."""
    return sum(conditions) % 2 == 1


def _and(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    args = _args(node, depth, compile_node)
    if len(args) == 2:
        left, right = args
        return lambda env, context: left(env, context) and right(env, context)
    return lambda env, context: all(arg(env, context) for arg in args)


def _or(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    args = _args(node, depth, compile_node)
    if len(args) == 2:
        left, right = args
        return lambda env, context: left(env, context) or right(env, context)
    return lambda env, context: any(arg(env, context) for arg in args)


def _not(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    (condition,) = _args(node, depth, compile_node)
    return lambda env, context: not condition(env, context)


def _iferror(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    value, instead = _args(node, depth, compile_node)

    def run(env: Environment, context: EvalContext) -> Value:
        try:
            found = value(env, context)
        except (Failure, DecimalException):
            return instead(env, context)
        return instead(env, context) if _holds_error(found) else found

    return run


def _iserror(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    (value,) = _args(node, depth, compile_node)

    def run(env: Environment, context: EvalContext) -> Value:
        try:
            return _holds_error(value(env, context))
        except (Failure, DecimalException):
            return True

    return run


def _holds_error(value: Value) -> bool:
    return isinstance(value, list) and any(part.__class__ is ErrorValue for part in value)


def _ifblank(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    *firsts, last = _args(node, depth, compile_node)

    def run(env: Environment, context: EvalContext) -> Value:
        for arg in firsts:
            value = arg(env, context)
            if not is_blank(value):
                return value
        return last(env, context)

    return run


def _isblank(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    (value,) = _args(node, depth, compile_node)
    return lambda env, context: is_blank(value(env, context))


def _between(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    value, low, high = _args(node, depth, compile_node)

    def run(env: Environment, context: EvalContext) -> bool:
        found, least, most = value(env, context), low(env, context), high(env, context)
        return found is not None and least is not None and most is not None and least <= found <= most

    return run


def _in(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    value, *candidates = _args(node, depth, compile_node)

    def run(env: Environment, context: EvalContext) -> bool:
        wanted = value(env, context)
        found = False
        for candidate in candidates:
            given = candidate(env, context)
            if isinstance(given, list | tuple):
                for part in given:
                    if part.__class__ is ErrorValue:
                        raise Failure(part.code)
                    found = found or same(wanted, part)
            else:
                found = found or same(wanted, given)
        return found

    return run


def _equal(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    left, right = _args(node, depth, compile_node)
    kinds = {arg.type.name for arg in node.args}
    if kinds <= {"number", "bool", "date", "datetime"}:
        return lambda env, context: left(env, context) == right(env, context)
    return lambda env, context: same(left(env, context), right(env, context))


def _unequal(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    equal = _equal(node, depth, compile_node)
    return lambda env, context: not equal(env, context)


def _ordered(compare: Callable[[Any, Any], Any]) -> Make:
    def make(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
        left, right = _args(node, depth, compile_node)
        if not any(arg.may_be_blank for arg in node.args):
            return lambda env, context: compare(left(env, context), right(env, context))

        def run(env: Environment, context: EvalContext) -> bool:
            one, other = left(env, context), right(env, context)
            return one is not None and other is not None and compare(one, other)

        return run

    return make


def _stand_in(instead: Value) -> Make:
    def make(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
        value = compile_node(node.args[0], depth)

        def run(env: Environment, context: EvalContext) -> Value:
            found = value(env, context)
            return instead if found is None else found

        return run

    return make


def _or_zero(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure | None:
    value = node.args[0]
    if isinstance(value, TypedPath):
        return number_reader(value, depth)
    return _stand_in(ZERO)(node, depth, compile_node)


def _same(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    return compile_node(node.args[0], depth)


CHOICES: Mapping[str, Make] = {
    "IF": _if,
    "IFS": _ifs,
    "SWITCH": _switch,
    "CHOOSE": _choose,
    "and": _and,
    "or": _or,
    "not": _not,
    "IFERROR": _iferror,
    "ISERROR": _iserror,
    "IFBLANK": _ifblank,
    "ISBLANK": _isblank,
    "BETWEEN": _between,
    "IN": _in,
    "eq": _equal,
    "ne": _unequal,
    "lt": _ordered(operator.lt),
    "le": _ordered(operator.le),
    "gt": _ordered(operator.gt),
    "ge": _ordered(operator.ge),
    "or_zero": _or_zero,
    "or_empty": _stand_in(""),
    "or_false": _stand_in(False),
    "to_any": _same,
}
