"""Takes half-written text and a position, says what stands there: the word, the open brackets, what lies before; never raises."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Literal as OneOf

from engines.expression.tokens import Token, read_tokens
from engines.expression.tree import MAX_DEPTH, Span

# value: an expression begins here. operator: one has just ended. member: a name behind a dot. whole: the name of an entity
# behind @. text: inside quotes.
PlaceKind = OneOf["value", "operator", "member", "whole", "text", "nothing"]

_COMPARING = frozenset({"=", "==", "<>", "!="})
_REST_OF_WORD = re.compile(r"\w*")
_REST_OF_BRACES = re.compile(r"[^{}｛｝\n]*[}｝]")
_REST_OF_TEXT = re.compile(r"\w*[\"'“”’]?")


@dataclass(slots=True)
class Bracket:
    """A bracket that is open at the position; the first stands for the whole text.

    name: of the function in capitals, for "call". base: the text that is filtered, for "filter".
    starts: where each argument begins. compared: the text on the left of the `=` that stands right before.
    """

    kind: OneOf["whole", "call", "group", "list", "filter"]
    start: int
    name: str = ""
    base: Span | None = None
    starts: list[int] = field(default_factory=list)
    operand: int | None = None
    compared: Span | None = None
    is_member: bool = False
    is_whole: bool = False


@dataclass(frozen=True, slots=True)
class Place:
    """Where a position lies in a text.

    word: what is written of the name, up to the position. span: what a completed name takes the place of.
    before: the value before the position: the one a dot follows, or the one an operator could follow.
    """

    kind: PlaceKind
    word: str
    span: Span
    brackets: tuple[Bracket, ...]
    before: Span | None = None


def read_place(text: str, position: int) -> Place:
    """Return what stands at a position of a text.

    >>> read_place("ROUND(pri * 2", 9).word, read_place("lines[a = 1].", 13).kind
    ('pri', 'member')
    """
    position = min(max(position, 0), len(text))
    # A letter put at the position is part of a name exactly where a name can be written.
    tokens, issues = read_tokens(text[:position] + "x")
    tokens = tokens[:-1]
    nothing = Place("nothing", "", (position, position), ())
    unclosed = next((found for found in issues if found.code.startswith("expression-unclosed")), None)
    if unclosed is not None and unclosed.span is not None:
        start = unclosed.span[0]
        brackets, before = _walk(tokens)
        quotes = {"expression-unclosed-text": ("text", _REST_OF_TEXT), "expression-unclosed-name": (None, _REST_OF_BRACES)}
        if unclosed.code not in quotes or len(brackets) > MAX_DEPTH:
            return nothing
        kind, rest = quotes[unclosed.code]
        match = rest.match(text, position)
        span = (start, match.end() if match is not None else position)
        found_kind: PlaceKind = "text" if kind == "text" else _kind(brackets[-1], before)
        return Place(found_kind, text[start + 1 : position].lstrip(), span, brackets, before)
    if not tokens or tokens[-1].kind != "name" or tokens[-1].end != position + 1:
        return nothing
    *earlier, last = tokens
    if earlier and earlier[-1].kind == "number" and earlier[-1].end == last.start:
        return nothing
    brackets, before = _walk(earlier)
    if len(brackets) > MAX_DEPTH:
        return nothing
    rest_of_word = _REST_OF_WORD.match(text, position)
    end = rest_of_word.end() if rest_of_word is not None else position
    return Place(_kind(brackets[-1], before), last.text[:-1], (last.start, end), brackets, before)


def _kind(bracket: Bracket, before: Span | None) -> PlaceKind:
    if bracket.is_member:
        return "member"
    if bracket.is_whole:
        return "whole"
    return "value" if before is None else "operator"


def _walk(tokens: list[Token]) -> tuple[tuple[Bracket, ...], Span | None]:
    """Return the brackets that are open behind tokens, and where the value lies that has just ended there."""
    stack = [Bracket("whole", 0, starts=[0])]
    end: int | None = None
    previous = Token("end", "", 0, 0)
    for token in tokens:
        top = stack[-1]
        if token.kind == "sign":
            end = _sign(stack, token, previous, end)
        elif token.kind == "name" and not (top.is_member or top.is_whole) and token.text.upper() in ("AND", "OR", "NOT"):
            # A word between two values; as the name of a function it becomes one at its bracket.
            top.operand, top.compared, end = None, None, None
        else:
            if not (top.is_member or top.is_whole):
                top.operand = token.start
            top.is_member, top.is_whole, end = False, False, token.end
        previous = token
    top = stack[-1]
    return tuple(stack), None if end is None or top.operand is None else (top.operand, end)


def _sign(stack: list[Bracket], token: Token, previous: Token, end: int | None) -> int | None:
    """Take a sign into account; return where the value ends that has just ended with it."""
    top, sign = stack[-1], token.text
    if sign in "([":
        stack.append(_opened(top, token, previous, end))
        return None
    if sign in ")]":
        kinds = ("call", "group") if sign == ")" else ("list", "filter")
        if any(bracket.kind in kinds for bracket in stack):
            while stack.pop().kind not in kinds:
                pass
            return token.end
        return None
    if sign == ".":
        top.is_member = end is not None
        return end
    if sign == "@":
        top.operand, top.is_member, top.is_whole = token.start, False, True
        return None
    if sign == "%" and end is not None:
        return token.end
    top.is_member = top.is_whole = False
    if sign == ",":
        top.starts.append(token.end)
    top.compared = (top.operand, end) if sign in _COMPARING and end is not None and top.operand is not None else None
    top.operand = None
    return None


def _opened(top: Bracket, token: Token, previous: Token, end: int | None) -> Bracket:
    is_word = previous.kind == "name" and previous.text.upper() in ("AND", "OR", "NOT") and previous.end == token.start
    if token.text == "(" and previous.kind == "name" and (is_word or (end == previous.end and top.operand == previous.start)):
        top.operand = previous.start
        return Bracket("call", token.start, previous.text.upper(), starts=[token.end])
    if token.text == "[" and end is not None and top.operand is not None:
        return Bracket("filter", token.start, base=(top.operand, end), starts=[token.end])
    top.operand = token.start
    return Bracket("group" if token.text == "(" else "list", token.start, starts=[token.end])
