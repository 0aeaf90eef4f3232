"""The typing rule of DECIDE: it puts filters, sorts, look-ups and aggregates over the rows of the table in its place."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import TYPE_CHECKING

from engines.expression.conversions import comparable, convert, stand_in
from engines.expression.decision import Decision, Input
from engines.expression.function import Function
from engines.expression.functions import FUNCTIONS
from engines.expression.messages import type_words
from engines.expression.names import candidates
from engines.expression.rule import Rule, argument_words
from engines.expression.rules_choice import candidate_of
from engines.expression.rules_list import is_rows, mapped
from engines.expression.tree import Call, Literal, Path, Span, Tree, TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.expression.write import write_name
from engines.values.issue import Fix
from engines.values.value_types import BLANK, BOOL, DATE, NUMBER, TEXT, ValueType

if TYPE_CHECKING:
    from engines.expression.check import Checker


def _decide(checker: Checker, tree: Call, row: Function) -> TypedTree:
    rows = checker.node(tree.args[0])
    decision = decision_of(checker, rows)
    if decision is None and rows.type != BLANK:
        checker.note("expression-not-a-decision", tree.args[0].span)
    table = None if decision is None else Table(checker, rows, decision, tree.span)
    output = None if table is None else _output(checker, tree.args[1], table)
    given = [checker.node(arg) for arg in tree.args[2:]]
    inputs = None if table is None else _inputs(checker, table, given, tree)
    if table is None or output is None or inputs is None:
        return checker.blank(tree.span)
    return table.answer(output, inputs)


def decision_of(checker: Checker, rows: TypedTree) -> Decision | None:
    """Return how a list of rows decides, None where they are those of no decision table."""
    entity = rows.type.of.entity if rows.type.of is not None and is_rows(rows) else None
    return None if entity is None else checker.scope.decisions(entity)


def _output(checker: Checker, tree: Tree, table: Table) -> str | None:
    """Return the key of the output that is asked for, or note that something else stands there."""
    name, outputs = None, table.decision.outputs
    if isinstance(tree, Path) and len(tree.names) == 1:
        name = tree.names[0]
    found = [key for key in candidates(table.frame, name, checker.scope.labels) if key in outputs] if name is not None else []
    if len(found) == 1:
        checker.met.append((tree.span, found[0], table.frame.entity, 0, True))
        return found[0]
    written = str(tree.value) if isinstance(tree, Literal) else name
    near = [key for key in outputs if key == written] or outputs
    fixes = [Fix(tree.span, write_name(key, is_first=True)) for key in near]
    checker.note_with(fixes, "expression-decision-output", tree.span, outputs=", ".join(outputs))
    return None


def _inputs(checker: Checker, table: Table, given: list[TypedTree], tree: Call) -> list[TypedTree] | None:
    """Return the value of each input and, of a dated table, the day; note what is missing, too much or of another type."""
    decision, noted = table.decision, len(checker.issues)
    inputs = decision.inputs
    most = len(inputs) + (1 if decision.is_dated else 0)
    if len(given) < len(inputs):
        checker.note("expression-argument-missing", tree.span, name=tree.name, argument=inputs[len(given)].name)
        return None
    if len(given) > most:
        span = (tree.args[most + 2].span[0], tree.args[-1].span[1])
        checker.note("expression-argument-surplus", span, name=tree.name, most=most + 2, given=len(tree.args))
        return None
    if decision.is_dated and len(given) == len(inputs):
        given = [*given, checker.call(Call("TODAY", (), tree.span))]
    wanted = [*((one.name, table.type_of(one)) for one in inputs), *([(argument_words("date"), DATE)] if decision.is_dated else [])]
    fitting = [_fit(checker, tree, node, name, kind) for node, (name, kind) in zip(given, wanted, strict=True)]
    return fitting if len(checker.issues) == noted else None


def _fit(checker: Checker, tree: Call, node: TypedTree, name: Mapping[str, str], wanted: ValueType) -> TypedTree:
    fitting = convert(node, wanted)
    if fitting is None:
        words = {"wanted": type_words(wanted), "given": type_words(node.type)}
        checker.note("expression-type", node.span, name=tree.name, argument=name, **words)
    return fitting or node


class Table:
    """The rows of a decision table in a formula; makes the trees that find those that match and what comes of them."""

    def __init__(self, checker: Checker, rows: TypedTree, decision: Decision, span: Span) -> None:
        """Stand in the rows; `depth` is the number of a row of the table among the records around it."""
        self.checker, self.rows, self.decision, self.span = checker, rows, decision, span
        self.depth = len(checker.frames)
        self.frame = checker.frame_of((rows.type.of or rows.type).entity)

    def type_of(self, one: Input) -> ValueType:
        """Return the type of the values of an input."""
        kind = self.frame.names[one.fields[0]]
        return kind.of or kind

    def field(self, key: str) -> TypedTree:
        """Return a field of a row."""
        return self.checker.walk(self.frame, self.depth, key, (), self.span)

    def make(self, name: str, *args: TypedTree, returns: ValueType = BOOL) -> TypedTree:
        """Return a call of a function whose arguments have the types it takes."""
        return self.checker.build(FUNCTIONS[name], args, returns, self.span)

    def compare(self, name: str, left: TypedTree, right: TypedTree) -> TypedTree:
        """Return a comparison."""
        return self.make(name, *comparable(left, right))

    def any_or(self, key: str, condition: TypedTree) -> TypedTree:
        """Return a condition that a row which is blank in a field meets in any case."""
        return self.make("or", self.make("ISBLANK", self.field(key)), condition)

    def matching(self, given: Sequence[TypedTree]) -> TypedTree:
        """Return the rows that match the inputs, in the order in which they count."""
        decision, values = self.decision, [_sunk(node, self.depth) for node in given]
        conditions = [part for one, value in zip(decision.inputs, values, strict=False) for part in _MATCHING[one.match](self, one, value)]
        if decision.first is not None:
            conditions.append(self.any_or(decision.first, self.compare("le", self.field(decision.first), values[-1])))
        if decision.last is not None:
            conditions.append(self.any_or(decision.last, self.compare("le", values[-1], self.field(decision.last))))
        condition = stand_in(conditions[0] if len(conditions) == 1 else self.make("and", *conditions))
        fails = self.rows.may_fail or condition.may_fail
        return self.sorted(TypedCall("filter", (self.rows, condition), self.rows.type, self.span, False, fails))

    def sorted(self, rows: TypedTree) -> TypedTree:
        """Return rows in the order in which they count: by their number, else those that say most and begin last."""
        keys: list[tuple[TypedTree, int]] = []
        if self.decision.order is not None:
            keys = [(self.field(self.decision.order), 1)]
        else:
            keys = [(self.field(self.decision.first), -1)] if self.decision.first is not None else []
            keys.append((self._weight(), -1))
        for key, order in keys:
            way = TypedLiteral(Decimal(1), NUMBER, self.span)
            turned = way if order > 0 else TypedCall("neg", (way,), NUMBER, self.span)
            rows = self.make("SORT", rows, key, turned, returns=rows.type)
        return rows

    def _weight(self) -> TypedTree:
        """Return how much a row says: more for each input that is filled, and of as many for those that come first."""
        count = len(self.decision.inputs)
        parts = []
        for place, one in enumerate(self.decision.inputs):
            blank = [self.make("ISBLANK", self.field(key)) for key in one.fields]
            is_blank = blank[0] if len(blank) == 1 else self.make("and", *blank)
            weight = TypedLiteral(Decimal(2**count + 2 ** (count - 1 - place)), NUMBER, self.span)
            parts.append(TypedCall("IF", (is_blank, TypedLiteral(Decimal(0), NUMBER, self.span), weight), NUMBER, self.span))
        whole = parts[0]
        for part in parts[1:]:
            whole = TypedCall("add", (whole, part), NUMBER, self.span)
        return whole

    def answer(self, output: str, given: Sequence[TypedTree]) -> TypedTree:
        """Return what the table answers of one of its outputs."""
        return _ANSWERS[self.decision.policy](self, self.matching(given), output, given)

    def one(self, rows: TypedTree, output: str, mode: str) -> TypedTree:
        """Return the output of one row."""
        fails = rows.may_fail or mode == "only"
        kind = rows.type.of or rows.type
        record = TypedCall("LOOKUP", (rows, TypedLiteral(mode, TEXT, self.span)), kind, self.span, True, fails)
        value = self.field(output)
        return TypedCall("field", (record, value), value.type, self.span, True, fails or value.may_fail)

    def aggregate(self, name: str, rows: TypedTree, value: TypedTree) -> TypedTree:
        """Return what an aggregate makes of a value of each row."""
        values = mapped(rows, value, self.span)
        return TypedCall(name, (values,), value.type, self.span, FUNCTIONS[name].blank, values.may_fail)

    def bands(self, rows: TypedTree, output: str, given: Sequence[TypedTree]) -> TypedTree:
        """Return the part of a number that lies in each band times the rate of the band, summed up."""
        place, band = next((place, one) for place, one in enumerate(self.decision.inputs) if self.is_banded(one))
        assert band.start is not None and band.end is not None
        ends = (_sunk(given[place], self.depth), self.field(band.end))
        upper = TypedCall("MIN", ends, NUMBER, self.span, True, any(end.may_fail for end in ends))
        part = self.make("sub", upper, self.field(band.start), returns=NUMBER)
        return self.aggregate("SUM", rows, self.make("mul", part, self.field(output), returns=NUMBER))

    def is_banded(self, one: Input) -> bool:
        """Tell whether the bands of an input are what a number is divided into."""
        return self.decision.policy == "cumulative" and one.match == "range" and self.type_of(one) == NUMBER


def _sunk(node: TypedTree, depth: int) -> TypedTree:
    """Return a node in each row of a list as it was outside: its own rows stand one deeper."""
    if isinstance(node, TypedPath):
        return replace(node, row=node.row + 1) if node.row >= depth else node
    if isinstance(node, TypedCall) and node.name != "user_field":
        return replace(node, args=tuple([_sunk(arg, depth) for arg in node.args]))
    return node


def _eq(table: Table, one: Input, value: TypedTree) -> list[TypedTree]:
    key = one.fields[0]
    return [table.any_or(key, table.compare("eq", table.field(key), value))]


def _range(table: Table, one: Input, value: TypedTree) -> list[TypedTree]:
    if table.is_banded(one):
        # Every band that begins below the number has a part of it; without a beginning it begins at 0.
        return [table.compare("lt", stand_in(table.field(one.start or "")), value)]
    found = []
    if one.start is not None:
        found.append(table.any_or(one.start, table.compare("le", table.field(one.start), value)))
    if one.end is not None:
        found.append(table.any_or(one.end, table.compare("lt", value, table.field(one.end))))
    return found


def _in(table: Table, one: Input, value: TypedTree) -> list[TypedTree]:
    key = one.fields[0]
    listed = candidate_of(table.checker, value, table.field(key), FUNCTIONS["IN"])
    return [table.any_or(key, table.make("IN", value, listed))]


def _piece(name: str) -> Callable[[Table, Input, TypedTree], list[TypedTree]]:
    def build(table: Table, one: Input, value: TypedTree) -> list[TypedTree]:
        key = one.fields[0]
        return [table.any_or(key, table.make(name, value, table.field(key)))]

    return build


_MATCHING: Mapping[str, Callable[[Table, Input, TypedTree], list[TypedTree]]] = {
    "eq": _eq, "range": _range, "in": _in, "prefix": _piece("STARTSWITH"), "contains": _piece("CONTAINS"),
}  # fmt: skip
_ANSWERS: Mapping[str, Callable[[Table, TypedTree, str, Sequence[TypedTree]], TypedTree]] = {
    "first": lambda table, rows, output, given: table.one(rows, output, "first"),
    "only": lambda table, rows, output, given: table.one(rows, output, "only"),
    "all": lambda table, rows, output, given: mapped(rows, table.field(output), table.span),
    "sum": lambda table, rows, output, given: table.aggregate("SUM", rows, table.field(output)),
    "max": lambda table, rows, output, given: table.aggregate("MAX", rows, table.field(output)),
    "min": lambda table, rows, output, given: table.aggregate("MIN", rows, table.field(output)),
    "cumulative": Table.bands,
}

DECIDE_RULES: Mapping[str, Rule] = {"DECIDE": _decide}
