"""The command `dougong vectors expression`: each difference is printed, the counts close, the exit code says the same."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from dougong.cli import cli
from dougong.errors import PlatformError

BACKENDS = ("python", "sql", "browser")
LINES: list[dict[str, object]] = [
    {"id": "sum", "tier": 1, "group": "aggregate", "expr": "SUM(lines, quantity * price)",
     "env": {"lines": [{"quantity": 2, "price": 0.1}, {"quantity": None, "price": 3}]}, "expect": 0.2, "source": "hand"},
    {"id": "error", "tier": 1, "group": "grammar", "expr": "a / 0 + 5", "env": {"a": 3}, "expect": {"$error": "DIV0"}, "source": "hand"},
    {"id": "typed", "tier": 1, "group": "grammar", "expr": "\"3\" + 4", "env": {}, "expect": {"$error": "VALUE"}, "source": "hand"},
    {"id": "mixed", "tier": 1, "group": "logic", "expr": "IF(a > 1, #2024-02-29#, a)", "env": {"a": 3},
     "expect": {"$date": "2024-02-29"}, "source": "hand"},
    {"id": "stored", "tier": 1, "group": "grammar", "expr": "IFERROR(ratio, -1)", "env": {"ratio": {"$error": "NUM"}}, "expect": -1,
     "source": "hand"},
    {"id": "several", "tier": 1, "group": "aggregate", "expr": "COUNT(xs)", "env": {"xs": [1, "a", None, True]}, "expect": 3,
     "source": "hand"},
    {"id": "empty", "tier": 2, "group": "aggregate", "expr": "COUNT(lines.amount)", "env": {"lines": []}, "expect": 0, "source": "hand"},
]  # fmt: skip


@pytest.fixture
def run(dsn: str, tmp_path: Path) -> Callable[..., Result]:
    """Return what writes lines to a file and asks a back end about them."""

    def asked(lines: list[dict[str, object]] | str, *words: str) -> Result:
        file = tmp_path / "lines.jsonl"
        text = lines if isinstance(lines, str) else "\n".join(json.dumps(line, ensure_ascii=False) for line in lines)
        file.write_text(text + "\n", encoding="utf-8")
        return CliRunner().invoke(cli, ["vectors", "expression", str(file), *words], env={"DATABASE_URL": dsn})

    return asked


@pytest.mark.parametrize("backend", BACKENDS)
def test_right_answers_pass_and_wrong_ones_are_printed(run: Callable[..., Result], backend: str) -> None:
    passed = run(LINES, "--backend", backend)
    assert (passed.exit_code, passed.stdout) == (0, "7 passed, 0 failed, 0 skipped\n")
    wrong = run([*LINES, {**LINES[0], "id": "wrong", "expect": 0.3}], "--backend", backend)
    assert wrong.exit_code == 1
    assert wrong.stdout.endswith("wrong SUM(lines, quantity * price)\n    expected 0.3, got 0.2\n7 passed, 1 failed, 0 skipped\n")


def test_a_record_that_no_table_can_hold_leaves_the_others_asked(run: Callable[..., Result]) -> None:
    nested = {"id": "nested", "tier": 1, "group": "aggregate", "expr": "COUNT(xs)", "env": {"xs": [[1], [2]]}, "expect": 2, "source": "hand"}
    asked = run([nested, *LINES], "--backend", "sql")
    assert asked.exit_code == 1
    assert asked.stdout.startswith("nested COUNT(xs)\n")
    assert asked.stdout.endswith("\n7 passed, 1 failed, 0 skipped\n")


def test_a_tier_is_asked_alone(run: Callable[..., Result]) -> None:
    assert run(LINES, "--tier", "1").stdout == "6 passed, 0 failed, 0 skipped\n"
    assert run(LINES, "--tier", "2").stdout == "1 passed, 0 failed, 0 skipped\n"


def test_what_the_checker_does_not_know_fails(run: Callable[..., Result]) -> None:
    unknown = run([{**LINES[1], "expr": "NOSUCH(a)", "expect": {"$error": "VALUE"}}])
    assert unknown.exit_code == 1
    assert "There is no function" in unknown.stdout


@pytest.mark.parametrize("text", ["{", "[]", '{"id": "a"}'])
def test_a_line_that_is_no_vector_is_named(run: Callable[..., Result], text: str) -> None:
    result = run(text)
    assert isinstance(result.exception, PlatformError)
    assert result.exception.code == "package-vectors-unreadable"
    assert result.exception.parts["line"] == 1
