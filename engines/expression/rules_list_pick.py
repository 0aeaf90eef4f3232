"""The typing rules of what takes rows or values out of lists: one of them, some of them, all in another order."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engines.expression.conversions import common
from engines.expression.function import Function
from engines.expression.messages import type_words
from engines.expression.rule import Rule, argument_words, note_choice
from engines.expression.rules_list import element_of, filtered, given_list, is_rows
from engines.expression.rules_list_make import note_value, number_of, ordered
from engines.expression.tree import Call, Literal, TypedCall, TypedLiteral, TypedTree
from engines.values.value_types import BLANK, TEXT, list_of

if TYPE_CHECKING:
    from engines.expression.check import Checker

MODES = ("first", "last", "only")


def _pick(checker: Checker, tree: Call, row: Function) -> TypedTree:
    values = given_list(checker, tree.args[0], row)
    rest = tuple([number_of(checker, arg, row, "which") for arg in tree.args[1:]])
    return checker.build(row, (values, *rest), element_of(values), tree.span)


def _lookup(checker: Checker, tree: Call, row: Function) -> TypedTree:
    found = filtered(checker, tree.args[0], tree.args[1], row, tree.span)
    if found is None:
        return checker.blank(tree.span)
    rest, mode = list(tree.args[2:]), "first"
    # The record itself, one of a mode: LOOKUP(list, condition, "last") as well as LOOKUP(list, condition, NULL, "last").
    if rest and isinstance(rest[-1], Literal) and (len(rest) == 2 or rest[-1].value in MODES):
        mode = str(rest[-1].value)
        rest.pop()
    if mode not in MODES or len(rest) == 2:
        note_choice(checker, row, "mode", MODES, mode, tree.args[-1].span)
        mode = "first"
    fails = found.may_fail or mode == "only"
    record = TypedCall(row.name, (found, TypedLiteral(mode, TEXT, tree.span)), element_of(found), tree.span, True, fails)
    if not rest or (isinstance(rest[0], Literal) and rest[0].value is None):
        return record
    value = checker.in_row_of(found, rest[0])
    return TypedCall("field", (record, value), value.type, tree.span, True, fails or value.may_fail)


def _sort(checker: Checker, tree: Call, row: Function) -> TypedTree:
    values = given_list(checker, tree.args[0], row)
    rest = list(tree.args[1:])
    key: TypedTree = checker.blank(tree.span)
    if is_rows(values) or (rest and checker.is_of_rows(values, rest[0])):
        if not rest:
            checker.note("expression-argument-missing", tree.span, name=row.name, argument=argument_words("key"))
            return checker.blank(tree.span)
        key = checker.in_row_of(values, rest.pop(0))
        ordered(checker, tree, row, key.type)
    else:
        ordered(checker, tree, row, element_of(values))
        # Values are sorted by themselves: what would be the key is the order, or left blank.
        if len(rest) == 2:
            given = checker.node(rest.pop(0))
            if given.type != BLANK:
                words = {"wanted": type_words(BLANK), "given": type_words(given.type)}
                checker.note("expression-type", given.span, name=row.name, argument=argument_words("key"), **words)
    order = number_of(checker, rest[0], row, "order") if rest else checker.by_default(row.takes[2], tree.span)
    return checker.build(row, (values, key, order), values.type, tree.span)


def _same_list(checker: Checker, tree: Call, row: Function) -> TypedTree:
    values = given_list(checker, tree.args[0], row)
    return checker.build(row, (values,), values.type, tree.span)


def _slice(checker: Checker, tree: Call, row: Function) -> TypedTree:
    values = given_list(checker, tree.args[0], row)
    places = [number_of(checker, arg, row, name) for arg, name in zip(tree.args[1:], ("start", "count"), strict=False)]
    return checker.build(row, (values, *places), values.type, tree.span)


def _set(checker: Checker, tree: Call, row: Function) -> TypedTree:
    lists = [given_list(checker, arg, row) for arg in tree.args]
    element = common([element_of(values) for values in lists])
    if element.name in ("any", "list") or _differs(lists):
        note_value(checker, tree, row, element_of(lists[0]), element)
    return checker.build(row, tuple(lists), list_of(element), tree.span)


def _differs(lists: list[TypedTree]) -> bool:
    """Tell whether lists hold dates and times: a list is not converted value by value."""
    return {"date", "datetime"} <= {element_of(values).name for values in lists}


PICK_RULES: Mapping[str, Rule] = {
    "FIRST": _pick, "LAST": _pick, "NTH": _pick, "LOOKUP": _lookup, "SORT": _sort, "UNIQUE": _same_list, "REVERSE": _same_list,
    "SLICE": _slice, "UNION": _set, "INTERSECT": _set, "EXCEPT": _set,
}  # fmt: skip
