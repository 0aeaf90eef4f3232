"""Takes the text of an expression, gives its tokens and issues; skips what it cannot read and never raises."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import NamedTuple

from engines.expression.messages import MESSAGES
from engines.expression.tree import MAX_LENGTH, MAX_NODES
from engines.values.issue import Fix, Issue, issue


class Token(NamedTuple):
    """A piece of text: its kind, the text it stands for, and where it lies.

    kind: "number", "text", "date", "name", "braced" (a name in braces), "sign", or "end".
    """

    kind: str
    text: str
    start: int
    end: int


# Chinese keyboards write these; outside texts they mean the same as the ASCII sign.
_NARROW = str.maketrans("（），［］｛｝＋－＊／％＝＜＞！＆＾．＃｜＠", "(),[]{}+-*/%=<>!&^.#|@")

_TOKEN = re.compile(
    r"""\s*(?:
        (?P<comment>//[^\n]* | /\*.*?\*/)
      | (?P<name>[^\W\d]\w*)
      | (?P<number>(?:[0-9]+(?:\.[0-9]+)?|\.[0-9]+)(?:[eE][+-]?[0-9]+)?)
      | (?P<text>"(?:[^"]|"")*" | '(?:[^']|'')*' | [“”](?:[^“”"]|"")*[“”"] | ‘[^‘’]*’)
      | (?P<braced>[{｛][^{}｛｝\n]*[}｝])
      | (?P<date>[#＃][^#＃\n]*[#＃])
      | (?P<sign><>|<=|>=|==|!=|&&|\|\||(?!/\*)[-+*/%^&=<>!(),.\[\]@]
               |＜＞|＜＝|＞＝|＝＝|！＝|＆＆|｜｜|[－＋＊／％＾＆＝＜＞！（），．［］＠])
    )""",
    re.VERBOSE | re.DOTALL,
)
_MOST_TOKENS = MAX_NODES * 6
_MOST_ISSUES = 20


def read_tokens(text: str) -> tuple[list[Token], list[Issue]]:
    """Return the tokens of a text, the last of kind "end", and what could not be read.

    >>> [token.text for token in read_tokens("ROUND(数量 * 2,5)")[0]]
    ['ROUND', '(', '数量', '*', '2', ',', '5', ')', '']
    """
    tokens: list[Token] = []
    issues: list[Issue] = []
    if len(text) > MAX_LENGTH:
        issues.append(issue(MESSAGES, "expression-too-long", span=(MAX_LENGTH, len(text)), most=MAX_LENGTH))
        return [Token("end", "", 0, 0)], issues
    position, length, match_at, append = 0, len(text.rstrip()), _TOKEN.match, tokens.append
    make = tuple.__new__  # half of what a token costs to make by its name
    while position < length:
        match = match_at(text, position)
        if match is None:
            start = position + len(text[position:]) - len(text[position:].lstrip())
            position = _unreadable(text, start, issues)
            if len(issues) > _MOST_ISSUES:
                break
            continue
        kind = match.lastgroup or ""
        start, position = match.span(kind)
        if kind == "name" or kind == "number":
            append(make(Token, (kind, text[start:position], start, position)))
        elif kind == "sign":
            raw = text[start:position]
            append(make(Token, (kind, raw if raw.isascii() else raw.translate(_NARROW), start, position)))
        elif kind != "comment":
            append(_token(kind, text[start:position], start, position))
        if len(tokens) > _MOST_TOKENS:
            issues.append(issue(MESSAGES, "expression-too-large", span=(start, length), most=MAX_NODES))
            return [Token("end", "", 0, 0)], issues
    append(Token("end", "", len(text), len(text)))
    return tokens, issues


def _token(kind: str, raw: str, start: int, end: int) -> Token:
    body = raw[1:-1]
    if kind == "text":
        return Token(kind, body.replace('""', '"') if raw[0] in '"“”' else body.replace("''", "'"), start, end)
    return Token(kind, body.strip(), start, end)


# What begins a token -> the code of the issue when it does not end, and what would end it.
_UNCLOSED = {
    '"': ("expression-unclosed-text", '"'),
    "'": ("expression-unclosed-text", "'"),
    "“": ("expression-unclosed-text", "”"),
    "”": ("expression-unclosed-text", "”"),
    "‘": ("expression-unclosed-text", "’"),
    "{": ("expression-unclosed-name", "}"),
    "｛": ("expression-unclosed-name", "}"),
    "#": ("expression-unclosed-date", "#"),
    "＃": ("expression-unclosed-date", "#"),
}


def _unclosed(text: str, position: int, code: str, closer: str) -> Issue:
    length = len(text)
    return replace(issue(MESSAGES, code, span=(position, length)), fixes=(Fix((length, length), closer),))


def _unreadable(text: str, position: int, issues: list[Issue]) -> int:
    """Note what stands at a position where no token begins; return where to go on."""
    character = text[position]
    if text.startswith("/*", position):
        issues.append(_unclosed(text, position, "expression-unclosed-comment", "*/"))
        return len(text)
    if character in _UNCLOSED:
        issues.append(_unclosed(text, position, *_UNCLOSED[character]))
        return len(text)
    end = position + 1
    while end < len(text) and text[end] == character:
        end += 1
    issues.append(issue(MESSAGES, "expression-bad-character", span=(position, end), found=character))
    return end
