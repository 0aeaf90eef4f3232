"""Regular expressions mean the same to Python, PostgreSQL and the browser, or PostgreSQL refuses them; each takes linear time."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator

import asyncpg
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from dougong.conformance.browser_answers import Browser
from dougong.conformance.python_answers import python_answers
from dougong.conformance.question import Question
from engines.expression.check import text_to_typed
from engines.expression.pattern_postgres import Untranslatable, postgres_pattern
from engines.expression.python_regex import extract, matcher, matches, replace
from engines.values.decimals import ZERO
from tests.conformance.typed_formulas import SCOPE, vector

MADE = settings(max_examples=250, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
_LEAVES = (
    "a", "b", "ab", ".", "[ab]", "[^a]", r"\d", r"\w", r"\W", r"\s", "-", "中", "[a-c1]", "(?i:k)", "(?i:B)", "[[:alpha:]]", "é",
    r"\p{Han}", r"[\d_]", "(?s:.)", "😀",
)  # fmt: skip
_PLACES = ("^", "$", r"\b", r"\B", "(?m:^)", "(?m:$)", r"\A", r"\z")
_SIGNS = ("*", "+", "?", "{2}", "{1,2}", "{0,3}", "{2,}", "*?", "+?", "??", "{1,2}?")


def _larger(inner: st.SearchStrategy[str]) -> st.SearchStrategy[str]:
    return st.one_of(
        st.tuples(inner, inner).map("".join),
        st.tuples(inner, inner).map(lambda two: f"({two[0]}|{two[1]})"),
        st.tuples(inner, inner).map(lambda two: f"(?:{two[0]}|{two[1]})"),
        inner.map(lambda one: f"({one})"),
        st.tuples(inner, st.sampled_from(_SIGNS)).map(lambda two: f"(?:{two[0]}){two[1]}"),
        st.tuples(st.sampled_from(_PLACES), inner).map("".join),
    )


PATTERNS = st.recursive(st.sampled_from(_LEAVES), _larger, max_leaves=6)
TEXTS = st.lists(st.text("aabbc1_- \n中éKk\u212aB😀", max_size=8), min_size=1, max_size=4)


@pytest.fixture(scope="module")
def loop() -> Iterator[asyncio.Runner]:
    with asyncio.Runner() as runner:
        yield runner


@pytest.fixture(scope="module")
def connection(every_dsn: str, loop: asyncio.Runner) -> Iterator[asyncpg.Connection[asyncpg.Record]]:
    opened = loop.run(asyncpg.connect(every_dsn))
    yield opened
    loop.run(opened.close())


_ASK = """
    SELECT value COLLATE "C" ~ $2, substring(value COLLATE "C", $3), regexp_replace(value COLLATE "C", $3, '<\\&>', 'g')
    FROM unnest($1::text[]) WITH ORDINALITY AS given (value, place) ORDER BY place"""


@MADE
@given(PATTERNS, TEXTS)
def test_postgresql_finds_what_re2_finds(
    connection: asyncpg.Connection[asyncpg.Record], loop: asyncio.Runner, pattern: str, texts: list[str]
) -> None:
    found = matcher(pattern)
    try:
        whole = postgres_pattern(pattern, ())
    except Untranslatable:
        whole = None
    rows = loop.run(connection.fetch(_ASK, texts, postgres_pattern(pattern, None), whole))
    for text, (is_match, first, replaced) in zip(texts, rows, strict=True):
        assert is_match == matches(text, found), (pattern, text)
        if whole is not None:
            assert first == extract(text, found, ZERO), (pattern, text)
            assert replaced == replace(text, found, "<$0>"), (pattern, text)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with Browser() as running:
        yield running


@MADE
@given(st.one_of(PATTERNS, st.text("ab(|)[]{}*+?^$.\\\\dpLx1,-:i=<!", max_size=8)), TEXTS)
def test_the_browser_answers_as_python_does_whether_it_is_a_pattern_or_not(browser: Browser, pattern: str, texts: list[str]) -> None:
    formula = "REGEXREPLACE(s, t, '<$0>') & REGEXEXTRACT(s, t) & REGEXMATCH(s, t)"
    tree = text_to_typed(formula, SCOPE).tree
    asked = [Question(vector(formula, {"s": text, "t": pattern}, number), tree) for number, text in enumerate(texts)]
    wanted = python_answers(asked)
    for question in asked:
        assert browser.answer(question) == wanted[question.vector.id], question.vector.record


@pytest.mark.parametrize("pattern", ["^(a+)+$", "(a*)*b", "(?:a|aa|aaa)*b", "(?:(?:a?){31}){31}b", r"(?:\w{1,30}\s?){1,30}$"])
def test_no_pattern_takes_for_ever(pattern: str) -> None:
    """Whoever tries all ways needs more than a life for one of these; that it ends is what is asked."""
    matches("a" * 100_000 + "!", matcher(pattern))


def test_usual_patterns_are_understood_by_postgresql() -> None:
    usual = [r"^\d{4}-\d{2}$", r"\d+", r"[^0-9]", r"^1[3-9]\d{9}$", r"^[\w.]+@[\w.]+\.[a-z]{2,4}$", "[\\u4e00-\\u9fa5]+", "^(A|B)-", r"\s+"]
    for pattern in usual:
        assert postgres_pattern(pattern, ())
    assert postgres_pattern(r"(\d{3})\d{4}(\d{4})", (1, 2))
    assert postgres_pattern(r"(\w+)=(\w+)", (2,))
    assert re.fullmatch(r"\(\?:.*\)\{1,1\}\?", postgres_pattern("<.*?>", ()))
