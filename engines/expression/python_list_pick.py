"""The Python forms of what takes elements out of lists: one of them, some of them, each once, all in another order."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from engines.expression.failure import MAX_LIST, Environment, EvalContext, Failure, Given
from engines.expression.python_choice import same
from engines.expression.python_list import rows_in
from engines.expression.python_list_make import elements, identity
from engines.expression.python_path import Closure, CompileNode, row_of
from engines.expression.tree import TypedCall
from engines.values.value_types import Value


def nth(given: Given, which: Decimal) -> Value:
    """Return the element at a place from 1, or from the end at a negative one; blank when there is none."""
    found, place = elements(given), int(which)
    if not 1 <= abs(place) <= len(found):
        return None
    return found[place - 1] if place > 0 else found[place]


def first(given: Given) -> Value:
    """Return the first element, blank when there is none."""
    found = elements(given)
    return found[0] if found else None


def last(given: Given) -> Value:
    """Return the last element, blank when there is none."""
    found = elements(given)
    return found[-1] if found else None


def looked_up(given: Given, mode: str) -> Value:
    """Return one of the rows that were found, by a mode."""
    found = elements(given)
    if mode == "only" and len(found) > 1:
        raise Failure("MULTI")
    if not found:
        return None
    return found[-1] if mode == "last" else found[0]


def part(given: Given, start: Decimal, count: Decimal | None = None) -> list[Value]:
    """Return so many elements from a place on, from the end at a negative one; without a count all that follow."""
    found, place = elements(given), int(start)
    if place == 0 or (count is not None and int(count) < 0):
        raise Failure("VALUE")
    begin = place - 1 if place > 0 else max(len(found) + place, 0)
    return list(found[begin:] if count is None else found[begin : begin + int(count)])


def index_of(given: Given, value: Given) -> Decimal | None:
    """Return the place of the first element that equals a value, blank when there is none."""
    for place, other in enumerate(elements(given), 1):
        if same(other, value):
            return Decimal(place)
    return None


def union(*given: Given) -> list[Value]:
    """Return what is in any list, each once, in the order in which it first comes."""
    known: dict[Any, Value] = {}
    for values in given:
        for value in elements(values):
            known.setdefault(identity(value), None if value == "" else value)
    if len(known) > MAX_LIST:
        raise Failure("LIMIT")
    return list(known.values())


def intersection(one: Given, other: Given) -> list[Value]:
    """Return what is in both lists, each once, in the order of the first."""
    known = {identity(value) for value in elements(other)}
    return [value for value in union(one) if identity(value) in known]


def difference(one: Given, other: Given) -> list[Value]:
    """Return what is in the first list alone, each once."""
    known = {identity(value) for value in elements(other)}
    return [value for value in union(one) if identity(value) not in known]


def _sort(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    """Return SORT: rows by a key, values by themselves; equal ones keep their order, blanks come last."""
    values, key, order = compile_node(node.args[0], depth), compile_node(node.args[1], depth + 1), compile_node(node.args[2], depth)
    of_rows = node.args[0].type.of is not None and node.args[0].type.of.name == "record"
    each = rows_in(node)

    def run(env: Environment, context: EvalContext) -> list[Value]:
        found = elements(values(env, context))
        keys = [key((env, row_of(row)), context) for row in each(found, context)] if of_rows else found
        is_descending = order(env, context) < 0
        pairs = [(sort_key, value) for sort_key, value in zip(keys, found, strict=True) if sort_key is not None and sort_key != ""]
        pairs.sort(key=lambda pair: pair[0], reverse=is_descending)
        blanks = [value for sort_key, value in zip(keys, found, strict=True) if sort_key is None or sort_key == ""]
        return [value for _, value in pairs] + blanks

    return run


def whole_entity(context: EvalContext, key: str) -> Given:
    """Return all records of an entity, as far as whoever asks may read them."""
    if context.entities is None:
        raise Failure("DENIED")
    return context.entities(key)


PICK_FUNCTIONS: Mapping[str, Callable[..., Any]] = {
    "FIRST": first,
    "LAST": last,
    "NTH": nth,
    "LOOKUP": looked_up,
    "SLICE": part,
    "REVERSE": lambda given: list(reversed(elements(given))),
    "UNIQUE": union,
    "UNION": union,
    "INTERSECT": intersection,
    "EXCEPT": difference,
    "INDEXOF": index_of,
}
IN_CONTEXT_PICKS: Mapping[str, Callable[..., Any]] = {"entity": whole_entity}
PICKS: Mapping[str, Callable[[TypedCall, int, CompileNode], Closure | None]] = {"SORT": _sort}
