"""The typing rules of functions for what is peculiar to China: choices that are written out must be known."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engines.expression.function import Function
from engines.expression.rows_china import FORMS, STYLES
from engines.expression.rule import Rule, note_choice
from engines.expression.tree import Call, TypedCall, TypedLiteral, TypedTree
from engines.values.value_types import DATE, NUMBER, TEXT

if TYPE_CHECKING:
    from engines.expression.check import Checker


def _choice(argument: str, choices: tuple[str, ...]) -> Rule:
    """Return the rule of a call whose second argument is one of several words."""

    def rule(checker: Checker, tree: Call, row: Function) -> TypedTree:
        value = checker.fit(checker.node(tree.args[0]), row.takes[0].type, row, row.takes[0].name)
        given: TypedTree = TypedLiteral(choices[0], TEXT, (tree.span[1], tree.span[1]))
        if len(tree.args) > 1:
            given = checker.fit(checker.node(tree.args[1]), TEXT, row, argument)
        if isinstance(given, TypedLiteral) and given.value is not None and given.value not in choices:
            note_choice(checker, row, argument, choices, given.value, given.span)
        return checker.build(row, (value, given), TEXT, tree.span)

    return rule


def _card_age(checker: Checker, tree: Call, row: Function) -> TypedTree:
    """Type IDCARDAGE: the day that is left out is today, written out as a call, so that the tree knows it is not steady."""
    card = checker.fit(checker.node(tree.args[0]), TEXT, row, "id_card")
    on: TypedTree = TypedCall("TODAY", (), DATE, tree.span)
    if len(tree.args) > 1:
        on = checker.fit(checker.node(tree.args[1]), DATE, row, "on")
    return checker.build(row, (card, on), NUMBER, tree.span)


CHINA_RULES: Mapping[str, Rule] = {
    "CNNUMBER": _choice("style", STYLES), "PINYIN": _choice("form", FORMS), "IDCARDAGE": _card_age,
}  # fmt: skip

