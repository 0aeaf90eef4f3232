"""The typing rules of what is made of lists: aggregates, ranks, tests of all rows, and pairs of lists."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engines.expression.conversions import common, convert, stand_in
from engines.expression.function import Function
from engines.expression.messages import type_words
from engines.expression.rule import Rule, argument_words
from engines.expression.rules_list import element_of, given_list, is_rows, mapped, rows_of
from engines.expression.tree import Call, Tree, TypedCall, TypedLiteral, TypedTree
from engines.values.value_types import BLANK, BOOL, NUMBER, ValueType, list_of

if TYPE_CHECKING:
    from engines.expression.check import Checker

_NUMBERS = frozenset({"SUM", "AVERAGE", "MEDIAN", "PRODUCT", "STDEV", "STDEVP", "VAR", "VARP"})
# One value that is there gives them an answer.
_OF_ONE = frozenset({"AVERAGE", "MIN", "MAX", "MEDIAN", "PRODUCT", "STDEVP", "VARP"})


def _aggregate(checker: Checker, tree: Call, row: Function) -> TypedTree:
    first = checker.node(tree.args[0])
    if first.type == BLANK and checker.is_of_rows(none := TypedLiteral(None, list_of(BLANK), first.span), tree.args[-1]):
        first = none
    if len(tree.args) == 2 and (is_rows(first) or checker.is_of_rows(first, tree.args[1])):
        args = [mapped(first, checker.in_row_of(first, tree.args[1]), tree.span)]
    else:
        args = [first, *(checker.node(arg) for arg in tree.args[1:])]
    wanted, noted = common([element_of(arg) for arg in args]), len(checker.issues)
    if row.name in _NUMBERS:
        for arg in args:
            all_numbers(checker, arg, row)
        wanted = NUMBER
    elif row.name == "COUNTDISTINCT":
        if wanted.name in ("any", "list"):
            note_value(checker, tree, row, element_of(args[0]), wanted)
    elif row.name != "COUNT":
        ordered(checker, tree, row, wanted)
    returns = NUMBER if row.name in ("COUNT", "COUNTDISTINCT") else wanted
    if row.name != "COUNT":
        args = [_of_type(arg, wanted) for arg in args]
        for arg in args if len(checker.issues) == noted else ():
            element = arg.type.of
            if element is not None and element.name not in (wanted.name, "blank", "text", "option"):
                note_value(checker, tree, row, wanted, element)
    # An empty text is a blank, which no type tells.
    is_text = wanted.name in ("text", "option")
    never_blank = row.name in _OF_ONE and not is_text and any(arg.type.of is None and not arg.may_be_blank for arg in args)
    blank = row.blank and not never_blank
    return TypedCall(row.name, tuple(args), returns, tree.span, blank, any(arg.may_fail for arg in args))


def _of_type(arg: TypedTree, wanted: ValueType) -> TypedTree:
    """Return an argument as a value, or as a list of values, of a type; one that cannot be so as it is."""
    if arg.type.of is None:
        return convert(arg, wanted) or arg
    return arg if arg.type.of.name == wanted.name else convert(arg, list_of(wanted)) or arg


def note_value(checker: Checker, tree: Tree, row: Function, wanted: ValueType, given: ValueType) -> None:
    """Note that values have another type than a function takes."""
    words = {"wanted": type_words(wanted), "given": type_words(given)}
    checker.note("expression-type", tree.span, name=row.name, argument=argument_words("value"), **words)


def ordered(checker: Checker, tree: Tree, row: Function, given: ValueType) -> None:
    """Note values that have no order."""
    if given.name in ("any", "record", "list"):
        note_value(checker, tree, row, NUMBER, given)


def all_numbers(checker: Checker, arg: TypedTree, row: Function) -> None:
    """Note an argument that holds no numbers."""
    element = element_of(arg)
    if element.name not in ("number", "blank"):
        words = {"wanted": type_words(NUMBER), "given": type_words(element)}
        checker.note("expression-type", arg.span, name=row.name, argument=argument_words("value"), **words)


def number_of(checker: Checker, tree: Tree, row: Function, argument: str) -> TypedTree:
    """Return an argument that must be a number; a blank one counts as 0."""
    return stand_in(checker.fit(checker.node(tree), NUMBER, row, argument))


def _placed(checker: Checker, tree: Call, row: Function) -> TypedTree:
    """Type LARGE, SMALL and PERCENTILE: a list, of line items a value for each row, and a number."""
    values = given_list(checker, tree.args[0], row)
    if len(tree.args) == 3 and (is_rows(values) or values.type == list_of(BLANK)):
        values = mapped(values, checker.in_row_of(values, tree.args[1]), tree.span)
    elif len(tree.args) == 3:
        span = tree.args[2].span
        checker.note("expression-argument-surplus", span, name=row.name, most=2, given=3)
    place = number_of(checker, tree.args[-1], row, row.takes[-1].name)
    if row.name == "PERCENTILE":
        all_numbers(checker, values, row)
    else:
        ordered(checker, tree, row, element_of(values))
    returns = NUMBER if row.name == "PERCENTILE" else element_of(values)
    return checker.build(row, (values, place), returns, tree.span)


def _rank(checker: Checker, tree: Call, row: Function) -> TypedTree:
    value, values = checker.node(tree.args[0]), given_list(checker, tree.args[1], row)
    wanted = common([value.type, element_of(values)])
    ordered(checker, tree, row, wanted)
    if len(tree.args) == 3:
        order = number_of(checker, tree.args[2], row, "order")
    else:
        order = checker.by_default(row.takes[2], tree.span)
    return checker.build(row, (convert(value, wanted) or value, convert(values, list_of(wanted)) or values, order), NUMBER, tree.span)


def _paired(checker: Checker, tree: Call, row: Function) -> TypedTree:
    """Type WAVG and SUMPRODUCT: lists of numbers side by side, or line items and a number of each row."""
    first = given_list(checker, tree.args[0], row)
    of_rows = is_rows(first) or any(checker.is_of_rows(first, arg) for arg in tree.args[1:])
    if of_rows:
        args = [mapped(first, checker.in_row_of(first, arg), tree.span) for arg in tree.args[1:]]
        least = 2 if row.name == "WAVG" else 1
        if len(args) < least:
            checker.note("expression-argument-missing", tree.span, name=row.name, argument=argument_words(row.takes[len(args) + 1].name))
            return checker.blank(tree.span)
    else:
        args = [first, *(given_list(checker, arg, row) for arg in tree.args[1:])]
        if row.name == "WAVG" and len(args) > 2:
            checker.note("expression-argument-surplus", tree.args[2].span, name=row.name, most=2, given=3)
    for arg in args:
        all_numbers(checker, arg, row)
    fails = row.name == "WAVG" or (len(args) > 1 and not of_rows) or any(arg.may_fail for arg in args)
    return TypedCall(row.name, tuple(args), NUMBER, tree.span, row.blank, fails)


def _test(checker: Checker, tree: Call, row: Function) -> TypedTree:
    rows = rows_of(checker, tree.args[0])
    if rows is None:
        return checker.blank(tree.span)
    condition = stand_in(checker.fit(checker.in_row_of(rows, tree.args[1]), BOOL, row, "condition"))
    return checker.build(row, (mapped(rows, condition, tree.span),), BOOL, tree.span)


def _indexof(checker: Checker, tree: Call, row: Function) -> TypedTree:
    values, value = given_list(checker, tree.args[0], row), checker.node(tree.args[1])
    wanted = element_of(values)
    fitting = convert(value, wanted) if wanted != BLANK else value
    if fitting is None or (common([value.type, wanted]).name == "any" and wanted.name != "record"):
        words = {"wanted": type_words(wanted), "given": type_words(value.type)}
        checker.note("expression-type", value.span, name=row.name, argument=argument_words("value"), **words)
        fitting = TypedLiteral(None, wanted, value.span)
    return checker.build(row, (values, fitting), NUMBER, tree.span)


MAKE_RULES: Mapping[str, Rule] = {
    **dict.fromkeys((*_NUMBERS, "COUNT", "COUNTDISTINCT", "MIN", "MAX", "MODE"), _aggregate),
    "LARGE": _placed, "SMALL": _placed, "PERCENTILE": _placed, "RANK": _rank, "WAVG": _paired, "SUMPRODUCT": _paired,
    "ANY": _test, "ALL": _test, "INDEXOF": _indexof,
}  # fmt: skip
