"""The typing rules of financial functions that take numbers and lists of numbers alike."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engines.expression.conversions import stand_in
from engines.expression.function import Function
from engines.expression.rule import Rule
from engines.expression.rules_list_make import all_numbers
from engines.expression.tree import Call, TypedTree
from engines.values.value_types import NUMBER

if TYPE_CHECKING:
    from engines.expression.check import Checker


def _net_present_value(checker: Checker, tree: Call, row: Function) -> TypedTree:
    rate = stand_in(checker.fit(checker.node(tree.args[0]), NUMBER, row, "rate"))
    amounts = [checker.node(arg) for arg in tree.args[1:]]
    for amount in amounts:
        all_numbers(checker, amount, row)
    return checker.build(row, (rate, *amounts), NUMBER, tree.span)


FINANCE_RULES: Mapping[str, Rule] = {"NPV": _net_present_value}
