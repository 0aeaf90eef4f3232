"""Takes the format of a number, date or time as people write it, gives its parts; writes no value and knows no back end.

`0` and `#` stand for digits, `,` for thousands, `%` for hundredths, `;` parts what is positive, negative and zero;
`yyyy yy mm m dd d ddd dddd hh h mm ss AM/PM` for dates and times, where m after hours or before seconds means minutes.
What stands in quotes or behind a backslash, and any sign without a meaning, is written as it is.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

MAX_FORMAT = 255
WEEKDAYS = "一二三四五六日"
_TOKENS = re.compile(r'"[^"]*"|\\.|[aA][mM]/[pP][mM]|[yY]+|[mM]+|[dD]+|[hH]+|[sS]+|.', re.DOTALL)
_MOMENTS = {
    "y": "yy", "yy": "yy", "yyy": "yyyy", "yyyy": "yyyy", "m": "m", "mm": "mm", "d": "d", "dd": "dd", "ddd": "ddd", "dddd": "dddd",
    "h": "h", "hh": "hh", "s": "s", "ss": "ss", "am/pm": "am",
}  # fmt: skip
_MEANINGLESS = set("[]*_?@")


class BadFormat(Exception):
    """Raised for a format that means nothing."""


@dataclass(frozen=True, slots=True)
class Part:
    """One part of what is written.

    kind: "text" (`text` itself); "whole" (digits before the point, those from `start` to `end` counted from the right, all further
    ones when start is None); "point" (only when decimals follow, or the format has none); "decimals" (from `start` to `end`,
    counted from the point); or a code of a date or time: yyyy yy m mm d dd ddd dddd h hh (of 24), i ii (of 12), n nn (minutes) s
    ss am.
    """

    kind: str
    text: str = ""
    start: int | None = None
    end: int = 0


@dataclass(frozen=True, slots=True)
class Section:
    """How a number is written: its value times 10^shift, rounded to `most` decimals of which `least` are always shown."""

    parts: tuple[Part, ...]
    shift: int
    digits: int
    least: int
    most: int
    is_grouped: bool


@dataclass(frozen=True, slots=True)
class Format:
    """A format: how it writes numbers (positive, negative, zero) and how dates and times; empty when it cannot.

    is_plain: it asks for nothing but the canonical text.
    """

    sections: tuple[Section, ...] = ()
    moment: tuple[Part, ...] = ()
    is_plain: bool = False


@lru_cache(maxsize=256)
def read_format(text: str) -> Format:
    """Return the parts of a format; raises `BadFormat`.

    >>> read_format("0.0#").sections[0].least, [part.kind for part in read_format("h:mm").moment]
    (1, ['h', 'text', 'nn'])
    """
    if text in ("", "@") or text.lower() == "general":
        return Format(is_plain=True)
    if len(text) > MAX_FORMAT:
        raise BadFormat
    tokens = _TOKENS.findall(text)
    if any(token in _MEANINGLESS or token in ('"', "\\") for token in tokens):
        raise BadFormat
    has_digits = any(token in ("0", "#") for token in tokens)
    has_moments = any(token.lower() in _MOMENTS or token[0] in "yYmMdDhHsS" for token in tokens)
    if has_digits and has_moments:
        raise BadFormat
    if has_moments:
        return Format((), _moment(tokens))
    sections = _sections(tokens)
    if has_digits or ";" in tokens:
        return Format(sections)
    return Format(sections, _moment(tokens))


def _literal(token: str) -> str:
    if token[0] == '"':
        return token[1:-1]
    return token[1:] if token[0] == "\\" and len(token) > 1 else token


def _moment(tokens: list[str]) -> tuple[Part, ...]:
    """Return the parts of a date or time."""
    names = [token.lower() if token.lower() in _MOMENTS else "" for token in tokens]
    codes = [_MOMENTS.get(name, "") for name in names]
    is_half = "am" in codes
    told = [place for place, code in enumerate(codes) if code and code != "am"]
    parts: list[Part] = []
    for place, (token, code) in enumerate(zip(tokens, codes, strict=True)):
        if not code:
            if token == ";" or (token.isascii() and token[0].isalpha() and token not in "tT"):
                raise BadFormat
            parts.append(Part("text", _literal(token)))
            continue
        if code[0] == "m":
            order = told.index(place)
            is_after_hours = order > 0 and codes[told[order - 1]][0] == "h"
            is_before_seconds = order + 1 < len(told) and codes[told[order + 1]][0] == "s"
            if is_after_hours or is_before_seconds:
                code = "n" * len(code)
        elif code[0] == "h" and is_half:
            code = "i" * len(code)
        parts.append(Part(code))
    return tuple(parts)


def _sections(tokens: list[str]) -> tuple[Section, ...]:
    parted: list[list[str]] = [[]]
    for token in tokens:
        if token == ";":
            parted.append([])
        else:
            parted[-1].append(token)
    if len(parted) > 3:
        raise BadFormat
    return tuple([_section(part) for part in parted])


def _section(tokens: list[str]) -> Section:
    """Return the parts of one section of a number's format."""
    whole = [token for token in _before_point(tokens) if token in ("0", "#")]
    decimals = [token for token in tokens[len(_before_point(tokens)) :] if token in ("0", "#")]
    parts: list[Part] = []
    shift = commas = seen = 0
    is_grouped = past_point = False
    for place, token in enumerate(tokens):
        if token in ("0", "#"):
            if commas and past_point:
                raise BadFormat
            is_grouped = is_grouped or commas > 0
            commas = 0
            seen += 1
            _add_digit(parts, past_point, seen, len(whole))
        elif token == ",":
            if not seen and not past_point:
                raise BadFormat
            commas += 1
        elif token == ".":
            if past_point:
                raise BadFormat
            shift, commas, seen, past_point = shift - 3 * commas, 0, 0, True
            if not whole:
                parts.append(Part("whole"))
            parts.append(Part("point"))
        elif token in "eE" and tokens[place - 1 : place] in (["0"], ["#"]) and tokens[place + 1 : place + 2] in (["+"], ["-"]):
            raise BadFormat
        else:
            shift += 2 if token == "%" else 0
            parts.append(Part("text", _literal(token)))
    if is_grouped and sum(1 for part in parts if part.kind == "whole") > 1:
        raise BadFormat
    digits = len(whole) - whole.index("0") if "0" in whole else 0
    least = len(decimals) - decimals[::-1].index("0") if "0" in decimals else 0
    return Section(tuple(parts), shift - 3 * commas, digits, least, len(decimals), is_grouped)


def _before_point(tokens: list[str]) -> list[str]:
    return tokens[: tokens.index(".")] if "." in tokens else tokens


def _add_digit(parts: list[Part], past_point: bool, number: int, of_whole: int) -> None:
    """Add the place of a digit: to the run of digits before it, or as a run of its own."""
    kind = "decimals" if past_point else "whole"
    last = parts[-1] if parts else None
    is_same_run = last is not None and last.kind == kind
    if past_point:
        start = last.start if last is not None and is_same_run else number - 1
        made = Part(kind, "", start, number)
    else:
        start = (last.start if last is not None and is_same_run else of_whole - number + 1) if number > 1 else None
        made = Part(kind, "", start, of_whole - number)
    if is_same_run:
        parts[-1] = made
    else:
        parts.append(made)
