"""Makes hostile texts out of good ones and asks the language about each: a count and a seed in, what went wrong out.

    python -m tests.engines.expression.fuzz 1000000 7      a million texts from seed 7; the suite asks fewer
"""

from __future__ import annotations

import random
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass, field

from engines.expression.check import text_to_typed
from engines.expression.evaluate import compile_python
from engines.expression.functions import FUNCTION_NAMES
from engines.expression.parse import parse
from engines.expression.vectors import Vector, read_vectors
from engines.expression.write import write

PIECES = (
    "(", ")", "[", "]", "{", "}", ",", ".", "..", "%", "^", "&", "&&", "||", "!", "=", "==", "<>", "<=", "'", '"', '""', "#", "//", "/*", "*/",
    "（", "）", "，", "“", "”", "‘", "’", "＋", "＝", "。", "；", "：", "￥", "@", "@line", "\u202e", "\u200f", "\u2066", "\ufeff", "\u00a0",
    "\x00", "\ud800", "\udfff", "\n", "\r", "\t", " ", "é", "e\u0301", "ﬁ", "İ", "ß", "😀", "👨‍👩‍👧", "数量", "1e999", "1e-999", "0" * 60, "9" * 60,
    "1.", ".5", ".", "#2024-02-30#", "#99999-01-01#", "#0000-01-01#", "NULL", "TRUE", "NOT", "AND", "OR", "parent", "parent.", "lines[", "lines",
    "xs", "a", "b", "s", "day", "at", "{a}", "(" * 60, "[" * 60, "-" * 60, "NOT " * 60, "IF(" * 60, "1+" * 60, *FUNCTION_NAMES,
)  # fmt: skip


@dataclass(slots=True)
class Found:
    """What a run has met. slowest: seconds and text of the text that took longest."""

    asked: int = 0
    understood: int = 0
    slowest: tuple[float, str] = (0.0, "")
    faults: list[str] = field(default_factory=list)


def questions(count: int, chance: random.Random) -> Iterator[tuple[str, Vector]]:
    """Give so many texts, each with the vector it comes from: pieces are lost, doubled, exchanged, and strewn with what is foreign."""
    seeds = read_vectors()
    pieces = [vector.text for vector in seeds]
    for _ in range(count):
        vector = chance.choice(seeds)
        text = vector.text
        for _ in range(chance.choice((1, 1, 1, 2, 3, 6))):
            text = _changed(text, pieces, chance)
        yield text[:3_000], vector


def _changed(text: str, others: list[str], chance: random.Random) -> str:
    start, end = sorted((chance.randint(0, len(text)), chance.randint(0, len(text))))
    match chance.randrange(6):
        case 0:
            return text[:start] + text[end:]
        case 1:
            return text[:end] + text[start:]
        case 2:
            return text[:start] + chance.choice(others) + text[start:]
        case 3:
            return text[:start] + chr(chance.randrange(0x110000)) + text[start:]
    return text[:start] + chance.choice(PIECES) + text[start:]


def fuzz(count: int, seed: int) -> Found:
    """Return what asking so many texts has met: a fault is an exception, a wrong span, a tree that is not written back alike."""
    found = Found()
    for text, vector in questions(count, random.Random(seed)):
        began = time.perf_counter()
        try:
            fault = _fault(text, vector, found)
        except Exception as problem:  # noqa: BLE001 (whatever it is, it is a fault)
            fault = f"{type(problem).__name__}: {problem}"
        took = time.perf_counter() - began
        found.asked += 1
        if took > found.slowest[0]:
            found.slowest = (took, text)
        if fault:
            found.faults.append(f"{text!r}: {fault}")
    return found


def _fault(text: str, vector: Vector, found: Found) -> str:
    checked = text_to_typed(text, vector.scope)
    if (checked.tree is None) != bool(checked.issues):
        return "neither a tree nor an issue, or both"
    for issue in checked.issues:
        start, end = issue.span or (0, 0)
        if not 0 <= start <= end <= len(text):
            return f"the span {issue.span} of {issue.code} lies outside"
    if checked.tree is None:
        return ""
    found.understood += 1
    tree = parse(text).tree
    assert tree is not None
    if parse(write(tree)).tree != tree:
        return f"written back as {write(tree)!r}"
    compile_python(checked.tree)(vector.record, vector.context)
    return ""


def main() -> None:
    """Run as the command line says; the exit code is 1 when there is a fault."""
    count, seed = (int(word) for word in (sys.argv[1:] + ["100000", "1"][len(sys.argv) - 1 :])[:2])
    found = fuzz(count, seed)
    for fault in found.faults[:50]:
        print(fault)
    seconds, slowest = found.slowest
    print(f"{found.asked} asked, {found.understood} understood, {len(found.faults)} faults; slowest {1e3 * seconds:.1f} ms: {slowest[:200]!r}")
    sys.exit(1 if found.faults else 0)


if __name__ == "__main__":
    main()
