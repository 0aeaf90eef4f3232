"""Asks all back ends as many made-up formulas as there is time for: seconds and a seed in, each difference and a count out.

    python -m tests.conformance.explore 120 7      two minutes from seed 7; what it finds becomes a vector and is mended
"""

from __future__ import annotations

import asyncio
import random
import sys
import tempfile
import time
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any

import asyncpg

from dougong.conformance.browser_answers import Browser
from dougong.conformance.python_answers import python_answers
from dougong.conformance.question import Answer, Question, Trouble
from dougong.conformance.report import written
from dougong.conformance.sql_answers import sql_answers
from dougong.database.embedded import running
from dougong.database.pool import connect
from engines.expression.check import cannot_run
from engines.expression.tree import TypedTree
from engines.values.value_types import ErrorValue, Value
from tests.conformance.typed_formulas import FIELDS, agree, formula, vector

TEXTS = (None, "a", "abc", "中文😀", " x ", "12", "a-b", "ABC", "é", "İß", "2024-01-31", "1,234.5", "-5%", "x@y.cn", "13800138000",
         "11010519491231002X", "91350100M000100Y43", "a\nb", "  ")  # fmt: skip
NUMBERS = (None, Decimal(0), Decimal(1), Decimal(-1), Decimal("0.5"), Decimal("-7.25"), Decimal(100), Decimal(3), Decimal("12345.678"))
EACH = 3


class Luck(random.Random):
    """Plain chance."""

    def one_of(self, choices: Any) -> Any:  # noqa: ANN401 (whatever stands there)
        """Return one of several things."""
        return self.choice(tuple(choices))

    def number(self, least: int, most: int) -> int:
        """Return a whole number from one to another."""
        return self.randint(least, most)

    def amount(self) -> Decimal | None:
        """Return a number or a blank, half of them ones that are easily got wrong."""
        return self.choice(NUMBERS) if self.random() < 0.5 else Decimal(self.randint(-(10**9), 10**9)) / 1000

    def day(self) -> date | None:
        """Return a day of our times or a blank."""
        return None if self.random() < 0.2 else date(1990, 1, 1) + timedelta(days=self.randrange(25_000))

    def moment(self) -> datetime | None:
        """Return a time of our times or a blank."""
        return None if self.random() < 0.2 else datetime(1992, 1, 1, tzinfo=UTC) + timedelta(seconds=self.randrange(2 * 10**9))

    def few(self, make: Any) -> list[Any]:  # noqa: ANN401 (makes anything)
        """Return a short list."""
        return [make() for _ in range(self.randrange(4))]

    def text(self) -> str | None:
        """Return a text or a blank."""
        return self.choice(TEXTS)

    def record(self) -> dict[str, Value]:
        """Return a record of the formulas' scope."""
        return {
            "a": self.amount(), "b": self.amount(), "r": self.choice([self.amount(), ErrorValue("NUM")]), "s": self.text(), "t": self.text(),
            "ok": self.choice([None, True, False]), "day": self.day(), "until": self.day(), "at": self.moment(),
            "xs": self.few(self.amount), "tags": self.few(self.text), "days": self.few(self.day),
            "lines": self.few(lambda: {"q": self.amount(), "p": self.amount(), "name": self.text(), "due": self.day()}),
        }  # fmt: skip


async def explore(seconds: float, seed: int, dsn: str, browser: Browser) -> int:
    """Print each difference between back ends; return how many there were."""
    luck, until, asked, differing = Luck(seed), time.monotonic() + seconds, 0, 0
    connection = await connect(dsn)
    while time.monotonic() < until:
        text, tree = formula(luck)
        questions = [Question(vector(text, luck.record(), place), tree) for place in range(EACH)]
        asked += EACH
        expected = python_answers(questions)
        for place, found in {"browser": _ask_browser(questions, browser), "sql": await _ask_sql(questions, tree, connection)}.items():
            told = _difference(questions, tree, expected, found, limits=place == "browser")
            if told:
                differing += 1
                print(f"{place}: {told}", flush=True)
    await connection.close()
    print(f"{asked} questions, {differing} differences")
    return differing


def _ask_browser(questions: list[Question], browser: Browser) -> dict[str, Answer]:
    return {question.vector.id: browser.answer(question) for question in questions}


async def _ask_sql(questions: list[Question], tree: TypedTree, connection: asyncpg.Connection[asyncpg.Record]) -> dict[str, Answer]:
    if cannot_run(tree, "sql"):
        return {}
    passing = connection.transaction()
    await passing.start()
    try:
        return await sql_answers(questions, connection)
    finally:
        await passing.rollback()


def _difference(
    questions: list[Question], tree: TypedTree, expected: dict[str, Answer], found: dict[str, Answer], limits: bool
) -> str:
    """Return the first difference in words; a limit that Python met on the way counts only where limits are looked at."""
    for question in questions:
        wanted = expected[question.vector.id]
        if question.vector.id not in found or (wanted == ErrorValue("LIMIT") and not limits):
            continue
        answer = found[question.vector.id]
        if isinstance(answer, Trouble) or not agree(answer, wanted, tree):
            used = {name: question.vector.record[name] for name in FIELDS if name in question.vector.text}
            other = answer.reason if isinstance(answer, Trouble) else written(answer)
            return f"{question.vector.text}\n    Python {written(wanted)}, here {other}\n    {used}"
    return ""


def main() -> None:
    """Run as the command line says; the exit code is 1 when there is a difference."""
    seconds, seed = (int(word) for word in (sys.argv[1:] + ["60", "1"][len(sys.argv) - 1 :])[:2])
    with tempfile.TemporaryDirectory(prefix="dougong-") as name, Browser() as browser:
        Path(name).chmod(0o755)
        with running(Path(name), {"fsync": "off", "full_page_writes": "off"}) as dsn:
            sys.exit(1 if asyncio.run(explore(seconds, seed, dsn, browser)) else 0)


if __name__ == "__main__":
    main()
