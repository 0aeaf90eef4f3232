"""Takes a file of vectors, gives each with its typed tree, or with the error value that checking already answers."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from dougong.errors import PlatformError
from engines.expression.check import text_to_typed
from engines.expression.tree import TypedTree
from engines.expression.vectors import Vector, read_vector, refusal
from engines.values.value_types import Value


@dataclass(frozen=True, slots=True)
class Skipped:
    """No answer, and rightly so: the back end need not compute it."""

    reason: str


@dataclass(frozen=True, slots=True)
class Trouble:
    """No answer where there should be one."""

    reason: str


Answer = Value | Skipped | Trouble


@dataclass(frozen=True, slots=True)
class Question:
    """A vector to be asked. tree: None when checking has answered it already, with `answer`."""

    vector: Vector
    tree: TypedTree | None
    answer: Answer = None


class VectorsUnreadable(PlatformError):
    """A file of vectors cannot be read, or one of its lines is no vector: path, line and reason say which."""

    code = "package-vectors-unreadable"
    title = {"zh-CN": "文件中没有可读的向量", "en": "The file holds no readable vectors"}
    status = 422
    sentence = {"zh-CN": "{path} 第 {line} 行：{reason}", "en": "{path}, line {line}: {reason}"}


# What is wrong with the text of a formula, where a spreadsheet would show an error in the cell.
_NO_ERROR_VALUE = ("expression-unknown-", "expression-ambiguous-", "expression-expected-", "expression-unclosed-")


def read_questions(path: Path, tier: int | None = None) -> tuple[Question, ...]:
    """Return what a file asks, of one tier alone when it is named.

    Raises `VectorsUnreadable`.
    """
    try:
        lines = path.read_text("utf-8").splitlines()
    except (OSError, UnicodeDecodeError) as problem:
        raise VectorsUnreadable(path=path, line=1, reason=problem) from problem
    questions = []
    for number, line in enumerate(lines, 1):
        if not line.strip():
            continue
        try:
            vector = read_vector(line)
        except (ValueError, KeyError, TypeError, AttributeError, ArithmeticError) as problem:
            raise VectorsUnreadable(path=path, line=number, reason=f"{type(problem).__name__}: {problem}") from problem
        if tier is None or vector.tier == tier:
            questions.append(ask(vector))
    return tuple(questions)


def ask(vector: Vector) -> Question:
    """Return the question of a vector: what a checker refuses for its types is the error VALUE, for its size LIMIT."""
    checked = text_to_typed(vector.text, vector.scope)
    if checked.tree is not None:
        return Question(vector, checked.tree)
    if any(issue.code.startswith(_NO_ERROR_VALUE) for issue in checked.issues):
        return Question(vector, None, Trouble("; ".join(issue.message["en"] for issue in checked.issues)))
    return Question(vector, None, refusal(checked.issues))
