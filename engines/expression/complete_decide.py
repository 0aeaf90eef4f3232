"""Takes a call of DECIDE that is being written, gives its arguments as the table it asks names them, and the outputs to choose from."""

from __future__ import annotations

from dataclasses import replace

from engines.expression.check import Checker
from engines.expression.decision import Decision
from engines.expression.function import Arg, Function
from engines.expression.names import Frame
from engines.expression.rule import argument_words
from engines.expression.rules_decide import decision_of
from engines.expression.tree import TypedTree
from engines.values.value_types import DATE


def arguments_of(row: Function, checker: Checker, rows: TypedTree | None) -> Function:
    """Return the row of DECIDE with an argument for each input of the table, and the day of one whose rows hold for a time."""
    decision = None if rows is None else decision_of(checker, rows)
    if decision is None or rows is None:
        return row
    names = checker.frame_of((rows.type.of or rows.type).entity).names
    inputs = [Arg(one.key, names[one.fields[0]].of or names[one.fields[0]], label=one.name) for one in decision.inputs]
    dates = [Arg("date", DATE, optional=True, label=argument_words("date"))] if decision.is_dated else []
    return replace(row, takes=(*row.takes[:2], *inputs, *dates), repeats=0)


def outputs_of(checker: Checker, rows: TypedTree | None) -> tuple[Frame, Decision] | None:
    """Return the fields of a table with what it decides, None where there is no table."""
    decision = None if rows is None else decision_of(checker, rows)
    return None if decision is None or rows is None else (checker.frame_of((rows.type.of or rows.type).entity), decision)
