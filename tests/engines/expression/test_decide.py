"""DECIDE: what decision tables answer in Python, what stands in its place, and what is said where it is written wrongly."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from dougong.model.resolve import resolve
from dougong.model.resolve_expressions import FieldTypes
from engines.expression.check import cannot_run, text_to_typed
from engines.expression.complete import complete
from engines.expression.evaluate import EvalContext, compile_python
from engines.expression.functions import FUNCTIONS
from engines.expression.references import functions_used
from engines.expression.scope import Scope
from engines.expression.tree_json import tree_from_json, tree_to_json
from engines.values.value_types import NUMBER, ErrorValue, Value
from tests.decisions import TABLES, Asked, questions, table_entities
from tests.workshop import element, entity, package

ZONE = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 23, 8, tzinfo=ZONE)
RECORD: Mapping[str, Value] = {"name": "A", "a": Decimal(1), "lines": [{"n": Decimal(2)}, {"n": Decimal(9)}]}


def _scope() -> Scope:
    lines = element("lines", "lines", fields=[element("n", "number")])
    asker = entity("asker", "name", element("name", "text"), element("a", "number"), lines)
    document = package("tables", asker, *table_entities())
    model, issues = resolve({**document, "requires": []})
    assert model is not None, issues
    return FieldTypes(dict(model.entities), model).scope(model.entities["asker"])


SCOPE = _scope()


def _value(raw: object, kind: str) -> Value:
    if raw is None or kind not in ("number", "date"):
        return raw
    return Decimal(str(raw)) if kind == "number" else date.fromisoformat(str(raw))


def _rows(key: str) -> list[Mapping[str, Value]]:
    table = TABLES[key]
    return [
        {"id": UUID(int=place), **{name: _value(row.get(name), kind) for name, kind in table["fields"].items()}}
        for place, row in enumerate(table["rows"], 1)
    ]


def _answer(text: str) -> Value:
    checked = text_to_typed(text, SCOPE)
    assert checked.tree is not None, checked.issues
    tree = tree_from_json(tree_to_json(checked.tree))
    return compile_python(tree)(RECORD, EvalContext(NOW, ZONE, entities=_rows))


@pytest.mark.parametrize("asked", questions(), ids=lambda asked: asked.text)
def test_python_answers_every_question(asked: Asked) -> None:
    found = _answer(asked.text)
    if asked.fails is not None:
        assert found == ErrorValue(asked.fails)
    else:
        assert found == (asked.listed if asked.listed is not None else _answer(asked.gives or "NULL"))


def test_inputs_are_read_outside_of_the_table_whatever_its_fields_are_called() -> None:
    assert _answer("MAP(lines, DECIDE(@banded, word, n))") == ["low", "low"]
    assert _answer("DECIDE(@banded, word, SUM(lines, n + a))") == "high"
    assert _answer("MAP(lines, DECIDE(@banded, word, SUM(parent.lines, n) - n))") == ["low", "low"]
    assert _answer('SUM(lines, n * DECIDE(@plain, most, name, "x"))') == Decimal(44)


def test_other_calls_stand_in_its_place() -> None:
    tree = text_to_typed('DECIDE(@plain, most, name, "x")', SCOPE).tree
    assert tree is not None
    assert functions_used(tree) <= FUNCTIONS.keys() - {"DECIDE"}
    assert cannot_run(tree, "browser") and not cannot_run(tree, "sql") and not cannot_run(tree, "python")
    assert tree.type == NUMBER and text_to_typed('DECIDE(@listed, word, "a")', SCOPE).tree.type.of is not None  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("text", "code", "said"),
    [
        ("DECIDE(@asker, a, 1)", "expression-not-a-decision", "@discount_limit"),
        ("DECIDE(lines, n, 1)", "expression-not-a-decision", "@discount_limit"),
        ('DECIDE(@plain, level, "A", "x")', "expression-decision-output", "most, word, until"),
        ('DECIDE(@plain, "most", "A", "x")', "expression-decision-output", "most, word, until"),
        ('DECIDE(@plain, most, "A")', "expression-argument-missing", "'kind'"),
        ('DECIDE(@plain, most, "A", "x", 1)', "expression-argument-surplus", "at most 4"),
        ('DECIDE(@dated, word, "A", #2026-01-01#, 1)', "expression-argument-surplus", "at most 4"),
        ('DECIDE(@banded, word, "A")', "expression-type", "needs a number for 'low'"),
        ('DECIDE(@dated, word, "A", 5)', "expression-type", "needs a date for 'date'"),
        ("DECIDE(@nothing, word, 1)", "expression-unknown-entity", "nothing"),
        ("DECIDE(@plain, most)", "expression-argument-missing", "'level'"),
        ("DECIDE(@plain)", "expression-argument-missing", "'output'"),
    ],
)
def test_what_is_wrong_is_said_of_the_argument(text: str, code: str, said: str) -> None:
    issues = text_to_typed(text, SCOPE).issues
    assert [found.code for found in issues] == [code]
    assert said in issues[0].message["en"]


def test_a_quoted_output_is_put_right() -> None:
    (issue,) = text_to_typed('DECIDE(@plain, "most", "A", "x")', SCOPE).issues
    assert [(fix.span, fix.insert) for fix in issue.fixes] == [((15, 21), "most")]


def test_labels_of_outputs_are_read_and_written_as_keys() -> None:
    checked = text_to_typed('DECIDE(@{plain（中）}, {most（中）}, name, "x")', SCOPE)
    assert checked.issues == ()
    assert [(name.key, name.entity) for name in checked.named] == [("plain", None), ("most", "plain"), ("name", "asker")]


def test_completion_names_outputs_and_inputs_of_the_table() -> None:
    def completed(text: str) -> tuple[list[str], list[str], int]:
        help_ = complete(text, len(text), SCOPE)
        assert help_.signature is not None
        return [one.insert for one in help_.completions], [arg.name for arg in help_.signature.row.takes], help_.signature.active

    found, arguments, active = completed("DECIDE(@dated, ")
    assert (found, arguments, active) == (["word"], ["list", "output", "level", "date"], 1)
    found, _, active = completed("DECIDE(@plain, most, na")
    assert (found[0], active) == ("name", 2) and "level" not in found
    found, arguments, _ = completed("DECIDE(@pl")
    assert "plain" in found and arguments == ["list", "output", "input"]
