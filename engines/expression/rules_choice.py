"""The typing rules of calls that choose, test and compare."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engines.expression.conversions import beside, common, convert, stand_in
from engines.expression.function import Function
from engines.expression.functions import FUNCTIONS
from engines.expression.messages import type_words
from engines.expression.rule import Rule, alike, argument_words, condition_of
from engines.expression.safe import is_safe
from engines.expression.tree import Call, Span, TypedCall, TypedTree
from engines.values.value_types import BOOL, NUMBER, ValueType

if TYPE_CHECKING:
    from engines.expression.check import Checker


def _if(checker: Checker, tree: Call, row: Function) -> TypedTree:
    condition = condition_of(checker, tree.args[0], row)
    nodes = [checker.node(arg) for arg in tree.args[1:]]
    if len(nodes) == 1:
        nodes.append(checker.blank((tree.span[1], tree.span[1])))
    branches, wanted = alike(checker, nodes)
    return choice(row, [condition], branches, wanted, tree.span)


def _ifs(checker: Checker, tree: Call, row: Function) -> TypedTree:
    if len(tree.args) % 2:
        name = argument_words("value")
        checker.note("expression-argument-missing", tree.span, name=row.name, argument=name)
    conditions = [condition_of(checker, arg, row) for arg in tree.args[::2]]
    nodes = [checker.node(arg) for arg in tree.args[1::2]]
    branches, wanted = alike(checker, nodes)
    args = [part for pair in zip(conditions, branches, strict=False) for part in pair]
    fails = any(arg.may_fail for arg in args)
    return TypedCall(row.name, tuple(args), wanted, tree.span, True, fails)


def _switch(checker: Checker, tree: Call, row: Function) -> TypedTree:
    value = checker.node(tree.args[0])
    rest = tree.args[1:]
    cases = [beside(checker.node(arg), value.type) for arg in rest[: len(rest) // 2 * 2 : 2]]
    results = [checker.node(arg) for arg in rest[1::2]]
    results.append(checker.node(rest[-1]) if len(rest) % 2 else checker.blank((tree.span[1], tree.span[1])))
    matched, _ = alike(checker, [value, *cases])
    for case in cases:
        if common([value.type, case.type]).name in ("any", "list"):
            words = {"wanted": type_words(value.type), "given": type_words(case.type)}
            checker.note("expression-type", case.span, name=row.name, argument=argument_words("case"), **words)
    branches, wanted = alike(checker, results)
    args = [matched[0]]
    for case, result in zip(matched[1:], branches, strict=False):
        args += (case, result)
    args.append(branches[-1])
    blank, fails = any(part.may_be_blank for part in branches), any(arg.may_fail for arg in args)
    return TypedCall(row.name, tuple(args), wanted, tree.span, blank, fails)


def _choose(checker: Checker, tree: Call, row: Function) -> TypedTree:
    which = stand_in(checker.fit(checker.node(tree.args[0]), NUMBER, row, "position"))
    branches, wanted = alike(checker, [checker.node(arg) for arg in tree.args[1:]])
    args = (which, *branches)
    fails = any(arg.may_fail for arg in args) or not is_safe(row.name, args)
    return TypedCall(row.name, args, wanted, tree.span, any(branch.may_be_blank for branch in branches), fails)


def choice(
    row: Function, conditions: list[TypedTree], branches: list[TypedTree], wanted: ValueType, span: Span
) -> TypedTree:
    """Return a call that is one of its branches."""
    args = (*conditions, *branches)
    blank, fails = any(branch.may_be_blank for branch in branches), any(arg.may_fail for arg in args)
    return TypedCall(row.name, args, wanted, span, blank, fails)


def _iferror(checker: Checker, tree: Call, row: Function) -> TypedTree:
    branches, wanted = alike(checker, [checker.node(arg) for arg in tree.args])
    blank = any(branch.may_be_blank for branch in branches)
    return TypedCall(row.name, tuple(branches), wanted, tree.span, blank, branches[1].may_fail)


def _iserror(checker: Checker, tree: Call, row: Function) -> TypedTree:
    return TypedCall(row.name, (checker.node(tree.args[0]),), BOOL, tree.span)


def _ifblank(checker: Checker, tree: Call, row: Function) -> TypedTree:
    nodes = [checker.node(arg) for arg in tree.args]
    branches, wanted = alike(checker, nodes)
    blank, fails = branches[-1].may_be_blank, any(branch.may_fail for branch in branches)
    return TypedCall(row.name, tuple(branches), wanted, tree.span, blank, fails)


def _between(checker: Checker, tree: Call, row: Function) -> TypedTree:
    nodes = [checker.node(arg) for arg in tree.args]
    args, wanted = alike(checker, nodes)
    if wanted.name in ("any", "record", "list"):
        other = next((node for node in nodes[1:] if node.type != nodes[0].type), nodes[1])
        words = {"wanted": type_words(nodes[0].type), "given": type_words(other.type)}
        checker.note("expression-type", tree.span, name=row.name, argument=argument_words("low"), **words)
    return checker.build(row, tuple(args), BOOL, tree.span)


def _in(checker: Checker, tree: Call, row: Function) -> TypedTree:
    value = checker.node(tree.args[0])
    args = [value]
    for given in tree.args[1:]:
        candidate = beside(checker.node(given), value.type)
        args.append(candidate_of(checker, value, candidate, row))
    return checker.build(row, tuple(args), BOOL, tree.span)


def candidate_of(checker: Checker, value: TypedTree, candidate: TypedTree, row: Function) -> TypedTree:
    """Return what a value may equal: one of its type, or a list of such."""
    wanted = value.type
    element = candidate.type.of if candidate.type.of is not None else candidate.type
    if wanted.name == "blank" or element.name == "blank":
        return candidate
    if wanted.name == candidate.type.name == "record" and common([wanted, element]).name == "record":
        return candidate  # told apart by their ids, like both sides of =
    if candidate.type.of is None:
        fitting = convert(candidate, wanted) if common([wanted, element]).name != "any" or wanted.name == "record" else None
        if fitting is not None:
            return fitting
    elif common([wanted, element]).name not in ("any", "datetime") or wanted == element:
        return candidate
    words = {"wanted": type_words(wanted), "given": type_words(element)}
    checker.note("expression-type", candidate.span, name=row.name, argument=argument_words("candidate"), **words)
    return checker.blank(candidate.span)


def _contains(checker: Checker, tree: Call, row: Function) -> TypedTree:
    first, value = map(checker.node, tree.args)
    if first.type.of is None:
        return checker.of_nodes(row, (first, value), tree.span)
    if first.type.of.name == "record":
        value = convert(value, first.type.of) or value  # a text written out may be an id, as beside =
    return checker.build(FUNCTIONS["IN"], (value, candidate_of(checker, value, first, row)), BOOL, tree.span)


CHOICE_RULES: Mapping[str, Rule] = {
    "IF": _if, "IFS": _ifs, "SWITCH": _switch, "CHOOSE": _choose, "IFERROR": _iferror, "ISERROR": _iserror, "IFBLANK": _ifblank,
    "BETWEEN": _between, "IN": _in, "CONTAINS": _contains,
}  # fmt: skip
