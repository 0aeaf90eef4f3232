"""How a decision table is written is checked when it is published: what cannot decide is said where it stands."""

from __future__ import annotations

from typing import Any

import pytest

from dougong.model.resolve import resolve
from engines.expression.decision import MATCHES, POLICIES
from tests.decisions import TABLES
from tests.workshop import Document, element, entity, options, package

FIELDS = (
    element("name", "text"), element("low", "number"), element("high", "number"), element("day", "date"),
    element("tags", "choices", options=options("a")), element("rate", "number"), element("others", "references", to="table"), element("rank", "number"),
    element("sum", "number", formula="COUNT(@table)", virtual=True), element("lines", "lines", fields=[element("n", "number")]),
)  # fmt: skip
RANGE = {"key": "n", "match": "range", "from": "low", "to": "high"}
EQ = {"key": "name", "match": "eq", "field": "name"}


def issues_of(decision: Document | None, **others: Any) -> list[tuple[str, str]]:  # noqa: ANN401
    told = {} if decision is None else {"decision": decision}
    table = entity("table", "name", *FIELDS, **{"kind": "decision", **told, **others})
    _, issues = resolve({**package("tables", table), "requires": []})
    return [(found.code.removeprefix("definition-"), found.pointer.removeprefix("/entities/table/decision")) for found in issues]


def decision(*inputs: Document, **others: object) -> Document:
    return {"inputs": list(inputs), "outputs": ["rate"], "policy": "first", **others}


def test_what_is_right_has_no_issues() -> None:
    assert issues_of(decision(RANGE, EQ, order="rank", first="day")) == []
    assert issues_of(decision(RANGE, EQ, policy="cumulative", last="day")) == []
    assert issues_of(decision({"key": "x", "match": "range", "to": "high"}, {"key": "t", "match": "in", "field": "tags"}, policy="max", overlap="refuse")) == []


@pytest.mark.parametrize(
    ("wrong", "expected"),
    [
        (None, ("decision-missing", "")),
        (decision({"key": "x", "match": "eq", "field": "nothing"}), ("field-unknown", "/inputs/x/field")),
        (decision(EQ, EQ), ("key-taken", "/inputs/name")),
        (decision({"key": "x", "match": "eq", "field": "tags"}), ("decision-match", "/inputs/x/field")),
        (decision({"key": "x", "match": "in", "field": "name"}), ("decision-match", "/inputs/x/field")),
        (decision({"key": "x", "match": "prefix", "field": "low"}), ("decision-match", "/inputs/x/field")),
        (decision({"key": "x", "match": "contains", "field": "day"}), ("decision-match", "/inputs/x/field")),
        (decision({"key": "x", "match": "eq", "field": "sum"}), ("decision-match", "/inputs/x/field")),
        (decision({"key": "x", "match": "range", "from": "name", "to": "high"}), ("decision-match", "/inputs/x/from")),
        (decision({"key": "x", "match": "range", "from": "day", "to": "high"}), ("decision-kinds", "/inputs/x")),
        (decision({"key": "x", "match": "range"}), ("decision-ends", "/inputs/x")),
        (decision({"key": "x", "match": "range", "field": "low"}), ("decision-ends", "/inputs/x")),
        (decision({"key": "x", "match": "eq"}), ("decision-field", "/inputs/x")),
        (decision({"key": "x", "match": "eq", "field": "name", "to": "high"}), ("decision-field", "/inputs/x")),
        (decision(EQ, outputs=["nothing"]), ("field-unknown", "/outputs/nothing")),
        (decision(EQ, outputs=["lines"]), ("decision-output", "/outputs/lines")),
        (decision(EQ, outputs=["name"], policy="sum"), ("decision-output", "/outputs/name")),
        (decision(EQ, outputs=["day"], policy="sum"), ("decision-output", "/outputs/day")),
        (decision(EQ, outputs=["name"], policy="max"), ("decision-output", "/outputs/name")),
        (decision(EQ, outputs=["tags"], policy="all"), ("decision-output", "/outputs/tags")),
        (decision(RANGE, outputs=["name"], policy="cumulative"), ("decision-output", "/outputs/name")),
        (decision(EQ, policy="cumulative"), ("decision-bands", "/policy")),
        (decision({"key": "x", "match": "range", "from": "day"}, policy="cumulative"), ("decision-bands", "/policy")),
        (decision({"key": "x", "match": "range", "from": "low"}, policy="cumulative"), ("decision-bands", "/policy")),
        (decision(RANGE, {**RANGE, "key": "m"}, policy="cumulative"), ("decision-bands", "/policy")),
        (decision(EQ, first="rank"), ("decision-day", "/first")),
        (decision(EQ, last="nothing"), ("field-unknown", "/last")),
        (decision({"key": "x", "match": "contains", "field": "name"}, overlap="refuse"), ("decision-overlap", "/inputs/x/match")),
        (decision({"key": "x", "match": "in", "field": "others"}, overlap="refuse"), ("decision-overlap", "/inputs/x/match")),
        (decision(EQ, order="name"), ("decision-number", "/order")),
        (decision(EQ, order="rank", policy="sum"), ("decision-order", "/order")),
        (decision(), ("shape", "/inputs")),
        (decision(EQ, outputs=[]), ("shape", "/outputs")),
        (decision(EQ, policy="best"), ("shape", "/policy")),
    ],
)
def test_what_cannot_decide_is_said_where_it_stands(wrong: Document | None, expected: tuple[str, str]) -> None:
    assert issues_of(wrong) == [expected]


def test_only_entities_of_the_kind_decide() -> None:
    assert issues_of(decision(EQ), kind="record") == [("decision-only", "")]


def test_the_file_of_tables_asks_every_policy_and_every_match() -> None:
    assert {table["decision"]["policy"] for table in TABLES.values()} == POLICIES.keys()
    assert {one["match"] for table in TABLES.values() for one in table["decision"]["inputs"]} == MATCHES.keys()
