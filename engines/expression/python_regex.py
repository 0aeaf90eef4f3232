"""The Python forms of functions over regular expressions, in time linear in the text: RE2 does the matching."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from decimal import Decimal
from functools import lru_cache
from typing import Any

import re2

from engines.expression.failure import MAX_TEXT, Environment, EvalContext, Failure
from engines.expression.pattern import BadPattern, read_pattern
from engines.expression.python_path import Closure, CompileNode
from engines.expression.replacement import BadReplacement, read_replacement
from engines.expression.tree import TypedCall, TypedLiteral, TypedTree

Make = Callable[[TypedCall, int, CompileNode], Closure | None]
_MEMORY = 16 << 20


@dataclass(frozen=True, slots=True)
class Matcher:
    """A compiled pattern and how many groups it has."""

    search: Callable[[str], Any]
    all: Callable[[str], Any]
    groups: int


@lru_cache(maxsize=256)
def matcher(text: str) -> Matcher:
    """Return what finds a pattern in texts; raises `Failure` for a pattern that is none."""
    options = re2.Options()
    options.log_errors = False
    options.max_mem = _MEMORY
    try:
        pattern = read_pattern(text)
        made = re2.compile(pattern.written, options=options)
    except (BadPattern, re2.error):
        raise Failure("VALUE") from None
    return Matcher(made.search, made.finditer, pattern.groups)


def matches(text: str, pattern: Matcher) -> bool:
    """Tell whether a part of a text matches."""
    return pattern.search(_whole(text)) is not None


def extract(text: str, pattern: Matcher, group: Decimal) -> str | None:
    """Return the first part of a text that matches, or what a group of it holds; None without one."""
    number = int(group)
    if not 0 <= number <= pattern.groups:
        raise Failure("VALUE")
    found = pattern.search(_whole(text))
    return None if found is None else found[number]


def replace(text: str, pattern: Matcher, new: str) -> str:
    """Return a text with each part that matches replaced."""
    try:
        pieces = read_replacement(new, pattern.groups)
    except BadReplacement:
        raise Failure("VALUE") from None
    made: list[str] = []
    end = length = 0
    nothing_at = -1
    for found in pattern.all(_whole(text)):
        if found.start() == found.end():
            # RE2's bindings give a match of nothing twice when they had to go on to reach it.
            if found.start() == nothing_at:
                continue
            nothing_at = found.start()
        for piece in (text[end : found.start()], *[_piece(found, piece) for piece in pieces]):
            made.append(piece)
            length += len(piece)
        if length > MAX_TEXT:
            raise Failure("LIMIT")
        end = found.end()
    made.append(text[end:])
    if length + len(made[-1]) > MAX_TEXT:
        raise Failure("LIMIT")
    return "".join(made)


def _piece(found: Any, piece: str | int) -> str:  # noqa: ANN401 (a match of RE2)
    return piece if isinstance(piece, str) else found[piece] or ""


def _whole(text: str) -> str:
    """Return a text, refuse one with half a character, which has no bytes."""
    if not text.isascii():
        try:
            text.encode()
        except UnicodeEncodeError:
            raise Failure("VALUE") from None
    return text


def _pattern(node: TypedTree, depth: int, compile_node: CompileNode) -> Closure:
    """Return what gives the compiled pattern: made once when it is written out."""
    if isinstance(node, TypedLiteral) and isinstance(node.value, str):
        known = matcher(node.value)
        return lambda env, context: known
    given = compile_node(node, depth)
    return lambda env, context: matcher(given(env, context))


def _with_pattern(function: Callable[..., Any]) -> Make:
    def make(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
        text, pattern = compile_node(node.args[0], depth), _pattern(node.args[1], depth, compile_node)
        rest = [compile_node(arg, depth) for arg in node.args[2:]]

        def run(env: Environment, context: EvalContext) -> Any:  # noqa: ANN401 (any value)
            return function(text(env, context), pattern(env, context), *[arg(env, context) for arg in rest])

        return run

    return make


REGEXES: Mapping[str, Make] = {
    "REGEXMATCH": _with_pattern(matches),
    "REGEXEXTRACT": _with_pattern(extract),
    "REGEXREPLACE": _with_pattern(replace),
}
