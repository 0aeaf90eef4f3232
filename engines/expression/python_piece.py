"""The Python implementations of functions over pieces and single characters of texts; errors are raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal
from urllib.parse import quote

from engines.expression.failure import MAX_TEXT, Failure
from engines.expression.pattern_sets import is_letter
from engines.expression.python_text import count_of, find, limited, lower, position_of, upper

_CONTROLS = re.compile("[\x00-\x1f\x7f-\x9f]")


def search(piece: str, text: str, start: Decimal) -> Decimal | None:
    """Return where a piece first occurs at or after a position, whatever its case; None when it does not."""
    return find(lower(piece), lower(text), start)


def replace(text: str, start: Decimal, count: Decimal, new: str) -> str:
    """Return a text with so many characters from a position on replaced."""
    first = position_of(start) - 1
    return limited(text[:first] + new + text[first + count_of(count) :])


def repeat(text: str, count: Decimal) -> str:
    """Return a text so many times over."""
    times = count_of(count)
    # The count is cut off above the limit, so the text must be looked at before it is.
    if len(text) * int(count) > MAX_TEXT:
        raise Failure("LIMIT")
    return text * times


def before(text: str, piece: str, which: Decimal) -> str | None:
    """Return what stands before an occurrence of a piece, None without one."""
    number = _occurrence(which)
    if not piece:
        return "" if number > 0 else text
    found = _found(text, piece, number)
    return None if found < 0 else text[:found]


def after(text: str, piece: str, which: Decimal) -> str | None:
    """Return what stands after an occurrence of a piece, None without one."""
    number = _occurrence(which)
    if not piece:
        return text if number > 0 else ""
    found = _found(text, piece, number)
    return None if found < 0 else text[found + len(piece) :]


def _occurrence(which: Decimal) -> int:
    number = max(-MAX_TEXT - 1, min(MAX_TEXT + 1, int(which)))
    if not number:
        raise Failure("VALUE")
    return number


def _found(text: str, piece: str, number: int) -> int:
    """Return where an occurrence begins, counted from the end when the number is negative; -1 without one."""
    if number > 0:
        found = -len(piece)
        for _ in range(number):
            found = text.find(piece, found + len(piece))
            if found < 0:
                break
        return found
    found = len(text)
    for _ in range(-number):
        found = text.rfind(piece, 0, found)
        if found < 0:
            break
    return found


def _filling(text: str, count: Decimal, pad: str) -> str:
    wanted = count_of(count)
    missing = wanted - len(text)
    if missing <= 0 or not pad:
        return ""
    if count >= MAX_TEXT + 1:
        raise Failure("LIMIT")
    return (pad * (missing // len(pad) + 1))[:missing]


def pad_left(text: str, count: Decimal, pad: str) -> str:
    """Return a text filled up at the start to so many characters."""
    return _filling(text, count, pad) + text


def pad_right(text: str, count: Decimal, pad: str) -> str:
    """Return a text filled up at the end to so many characters."""
    return text + _filling(text, count, pad)


def mask(text: str, head: Decimal, tail: Decimal) -> str:
    """Return a text with a star for each character but so many at both ends."""
    first, last = count_of(head), count_of(tail)
    hidden = len(text) - first - last
    if hidden <= 0:
        return text
    return text[:first] + "*" * hidden + text[len(text) - last :]


def clean(text: str) -> str:
    """Return a text without control characters."""
    return _CONTROLS.sub("", text)


def proper(text: str) -> str:
    """Return a text in which each letter that follows no letter is a capital and all others are small."""
    made: list[str] = []
    inside = False
    for character in text:
        made.append(lower(character) if inside else upper(character))
        inside = character.isalpha() if character.isascii() else is_letter(ord(character))
    return "".join(made)


def url_encoded(text: str) -> str:
    """Return a text as a part of a web address: all but letters, digits and - . _ ~ as the bytes of UTF-8."""
    try:
        return limited(quote(text, safe=""))
    except UnicodeEncodeError as half:
        raise Failure("VALUE") from half


def char(code: Decimal) -> str:
    """Return the character of a code from 1 to 255."""
    number = int(code)
    if not 1 <= number <= 255:
        raise Failure("VALUE")
    return chr(number)


def unicode_char(code: Decimal) -> str:
    """Return the character of a Unicode code; halves of characters are none."""
    number = int(code)
    if not 1 <= number <= 0x10FFFF or 0xD800 <= number <= 0xDFFF:
        raise Failure("VALUE")
    return chr(number)


def code_of(text: str) -> Decimal:
    """Return the code of the first character."""
    if not text:
        raise Failure("VALUE")
    return Decimal(ord(text[0]))


PIECE_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "SEARCH": search,
    "REPLACE": replace,
    "REPT": repeat,
    "TEXTBEFORE": before,
    "TEXTAFTER": after,
    "PADLEFT": pad_left,
    "PADRIGHT": pad_right,
    "MASK": mask,
    "CLEAN": clean,
    "PROPER": proper,
    "EXACT": lambda one, other: one == other,
    "URLENCODE": url_encoded,
    "CHAR": char,
    "UNICHAR": unicode_char,
    "CODE": code_of,
    "UNICODE": code_of,
}
