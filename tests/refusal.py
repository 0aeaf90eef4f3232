"""What a refusal must be: asked in both languages, with its code, place and words, and nothing written."""

from __future__ import annotations

from typing import Any

from tests.api.browser import Browser, problem_of
from tests.workshop import Shop

Place = tuple[str, str]
"""The code of an item of `errors` and its pointer, or the name of the parameter."""


async def refused(
    shop: Shop, browser: Browser, method: str, path: str, body: object, status: int, code: str, *places: Place,
    zh: str = "", en: str = "", **headers: str,
) -> dict[str, Any]:  # fmt: skip
    """Send a request that must be refused, in Chinese and in English; return the English problem.

    zh, en: words that the details say. Tables have as many rows before as after.
    """
    before = await shop.counts()
    problems = {}
    for language, words in (("zh-CN", zh), ("en", en)):
        answer = await browser.ask(method, path, body, accept_language=language, **headers)
        problem = problems[language] = problem_of(answer, status, code)
        assert answer.headers["content-language"] == language
        found = [(item["code"], item.get("pointer", item.get("parameter"))) for item in problem.get("errors", [])]
        assert sorted(found) == sorted(places), problem
        details = [item["detail"] for item in problem.get("errors", [])] or [problem["detail"]]
        assert any(words in detail for detail in details), details
        for item in problem.get("errors", []):
            assert item.get("field", "") == named(item.get("pointer", ""))
    texts = {language: [problem["title"], problem["detail"]] for language, problem in problems.items()}
    assert texts["zh-CN"] != texts["en"]
    assert await shop.counts() == before
    return problems["en"]


def named(pointer: str) -> str:
    """Return a pointer as a form names the place: `/lines/2/quantity` as `lines[2].quantity`."""
    words = ""
    for part in (part.replace("~1", "/").replace("~0", "~") for part in pointer.split("/")[1:]):
        words += f"[{part}]" if part.isdigit() else f".{part}" if words else part
    return words
