"""Takes a typed tree, gives a function of a record and a context, built once of closures; knows no clock and no database."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import ROUND_DOWN, ROUND_HALF_EVEN, ROUND_HALF_UP, ROUND_UP, Decimal, DecimalException
from typing import Any

from engines.expression.failure import Environment, EvalContext, Failure
from engines.expression.functions import FUNCTIONS
from engines.expression.python_allocate import ALLOCATE_FUNCTIONS
from engines.expression.python_china import CHINA_FUNCTIONS
from engines.expression.python_chinese_number import CHINESE_NUMBER_FUNCTIONS
from engines.expression.python_choice import CHOICES, exclusive_or
from engines.expression.python_date import DATE_FUNCTIONS
from engines.expression.python_finance import FINANCE_FUNCTIONS
from engines.expression.python_format import FORMAT_FUNCTIONS, FORMATS
from engines.expression.python_list import LISTS
from engines.expression.python_list_make import MAKE_FUNCTIONS
from engines.expression.python_list_pick import IN_CONTEXT_PICKS, PICK_FUNCTIONS, PICKS
from engines.expression.python_moment import MOMENT_FUNCTIONS
from engines.expression.python_number import NUMBER_FUNCTIONS, in_limits, places_of, rounded
from engines.expression.python_path import Closure, CompileNode, path_closure
from engines.expression.python_people import PEOPLE_CALLS, PEOPLE_FUNCTIONS, PEOPLE_IN_CONTEXT
from engines.expression.python_piece import PIECE_FUNCTIONS
from engines.expression.python_pinyin import PINYIN_FUNCTIONS
from engines.expression.python_power import POWER_FUNCTIONS
from engines.expression.python_random import RANDOM_FUNCTIONS
from engines.expression.python_rate import RATE_FUNCTIONS
from engines.expression.python_regex import REGEXES
from engines.expression.python_span import SPAN_FUNCTIONS
from engines.expression.python_text import TEXT_FUNCTIONS
from engines.expression.python_text_list import TEXT_LIST_FUNCTIONS, TEXT_LISTS
from engines.expression.python_whole import WHOLE_FUNCTIONS
from engines.expression.python_workday import CALENDAR_FUNCTIONS, WORKDAY_FUNCTIONS
from engines.expression.tree import TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.values.decimals import WIDE, ZERO, step
from engines.values.value_types import ErrorValue, Value

Evaluate = Callable[[Mapping[str, Value], EvalContext], Value]


def compile_python(tree: TypedTree) -> Evaluate:
    """Return the function that evaluates a tree; an error comes back as an `ErrorValue`.

    The record maps field keys to values: a reference to a mapping of its fields (or a UUID when no field of it is
    read), lines to a list of mappings. A missing key is a blank.

    >>> from datetime import UTC, datetime
    >>> from engines.expression.check import text_to_typed
    >>> from engines.expression.scope import Scope
    >>> from engines.values.value_types import NUMBER
    >>> scope = Scope({"quantity": NUMBER, "price": NUMBER}, {}.get)
    >>> amount = compile_python(text_to_typed("ROUND(quantity * price, 2)", scope).tree)
    >>> amount({"quantity": Decimal(3), "price": Decimal("12.345")}, EvalContext(datetime.now(UTC), UTC))
    Decimal('37.04')
    """
    run = closure(tree, 0)

    def evaluate(record: Mapping[str, Value], context: EvalContext) -> Value:
        try:
            return run(record, context)
        except Failure as failure:
            return ErrorValue(failure.code)
        except DecimalException:
            return ErrorValue("LIMIT")

    return evaluate


def closure(node: TypedTree, depth: int) -> Closure:
    """Return the closure of a node that lies inside `depth` rows."""
    if isinstance(node, TypedLiteral):
        value = node.value
        return lambda env, context: value
    if isinstance(node, TypedPath):
        return path_closure(node, depth)
    special = SPECIAL.get(node.name)
    if special is not None:
        made = special(node, depth, closure)
        if made is not None:
            return made
    args = tuple([closure(arg, depth) for arg in node.args])
    if FUNCTIONS[node.name].null != "kept" and any(arg.may_be_blank for arg in node.args):
        return _blank_passes(node.name, args)
    plain = PLAIN.get(node.name)
    if plain is not None:
        return _apply(plain, args)
    return _apply_in_context(IN_CONTEXT[node.name], args)


def _apply(function: Callable[..., Any], args: tuple[Closure, ...]) -> Closure:
    """Return a closure that calls a function of values; the usual numbers of arguments have a form of their own."""
    if len(args) == 1:
        (only,) = args
        return lambda env, context: function(only(env, context))
    if len(args) == 2:
        first, second = args
        return lambda env, context: function(first(env, context), second(env, context))
    return lambda env, context: function(*[arg(env, context) for arg in args])


def _apply_in_context(function: Callable[..., Any], args: tuple[Closure, ...]) -> Closure:
    return lambda env, context: function(context, *[arg(env, context) for arg in args])


def _blank_passes(name: str, args: tuple[Closure, ...]) -> Closure:
    """Return a closure that is blank when any argument is."""
    plain, in_context = PLAIN.get(name), IN_CONTEXT.get(name)

    def run(env: Environment, context: EvalContext) -> Value:
        values = [arg(env, context) for arg in args]
        if None in values:
            return None
        if plain is not None:
            return plain(*values)
        assert in_context is not None
        return in_context(context, *values)

    return run


def _round(mode: str) -> Callable[[TypedCall, int, CompileNode], Closure | None]:
    """Return the special form of rounding to places that are written out: the unit is made once."""

    def make(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure | None:
        places = node.args[1]
        if not isinstance(places, TypedLiteral) or not isinstance(places.value, Decimal):
            return None
        value, count = compile_node(node.args[0], depth), places_of(places.value)
        unit = step(count)
        if count < 0:
            return lambda env, context: rounded(value(env, context), count, mode)

        def run(env: Environment, context: EvalContext) -> Value:
            number = value(env, context).quantize(unit, mode, WIDE)
            return in_limits(number) if number else ZERO

        return run

    return make


def _neg(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure | None:
    value = node.args[0]
    if isinstance(value, TypedLiteral) and isinstance(value.value, Decimal):
        turned = value.value.copy_negate() if value.value else ZERO
        return lambda env, context: turned
    return None


# Functions of values alone.
PLAIN: Mapping[str, Callable[..., Any]] = {
    **NUMBER_FUNCTIONS,
    **TEXT_FUNCTIONS,
    **PIECE_FUNCTIONS,
    **TEXT_LIST_FUNCTIONS,
    **FORMAT_FUNCTIONS,
    **POWER_FUNCTIONS,
    **WHOLE_FUNCTIONS,
    **FINANCE_FUNCTIONS,
    **RATE_FUNCTIONS,
    **ALLOCATE_FUNCTIONS,
    **SPAN_FUNCTIONS,
    **WORKDAY_FUNCTIONS,
    **MAKE_FUNCTIONS,
    **PICK_FUNCTIONS,
    **CHINA_FUNCTIONS,
    **CHINESE_NUMBER_FUNCTIONS,
    **PINYIN_FUNCTIONS,
    **PEOPLE_FUNCTIONS,
    "XOR": exclusive_or,
}
# Functions that are given the context before their values.
IN_CONTEXT: Mapping[str, Callable[..., Any]] = {
    **DATE_FUNCTIONS,
    **MOMENT_FUNCTIONS,
    **CALENDAR_FUNCTIONS,
    **RANDOM_FUNCTIONS,
    **PEOPLE_IN_CONTEXT,
    **IN_CONTEXT_PICKS,
}

# Calls that do not simply compute all arguments and then the answer.
SPECIAL: Mapping[str, Callable[[TypedCall, int, CompileNode], Closure | None]] = {
    **CHOICES,
    **LISTS,
    **TEXT_LISTS,
    **FORMATS,
    **REGEXES,
    **PICKS,
    **PEOPLE_CALLS,
    "ROUND": _round(ROUND_HALF_UP),
    "ROUNDUP": _round(ROUND_UP),
    "ROUNDDOWN": _round(ROUND_DOWN),
    "TRUNC": _round(ROUND_DOWN),
    "ROUNDBANKER": _round(ROUND_HALF_EVEN),
    "neg": _neg,
}
PYTHON_NAMES = frozenset(PLAIN) | frozenset(IN_CONTEXT) | frozenset(SPECIAL)

__all__ = ["PYTHON_NAMES", "EvalContext", "Evaluate", "compile_python"]
