"""The Python implementations of functions over texts; positions count code points from 1; errors are raised."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from decimal import Decimal

from engines.expression.failure import MAX_TEXT, Failure
from engines.values.decimals import number_text

_SPACES = re.compile(" +")


def concat(*texts: str) -> str:
    """Return texts one after the other."""
    return limited("".join(texts))


def limited(text: str) -> str:
    """Return a text, refuse one that is too long."""
    if len(text) > MAX_TEXT:
        raise Failure("LIMIT")
    return text


def count_of(number: Decimal) -> int:
    """Return how many characters a number asks for."""
    if number < 0:
        raise Failure("VALUE")
    return min(int(number), MAX_TEXT)


def position_of(number: Decimal) -> int:
    """Return a position, counted from 1."""
    if number < 1:
        raise Failure("VALUE")
    return min(int(number), MAX_TEXT + 1)


def left(text: str, count: Decimal) -> str:
    """Return so many characters from the start."""
    return text[: count_of(count)]


def right(text: str, count: Decimal) -> str:
    """Return so many characters from the end."""
    taken = count_of(count)
    return text[-taken:] if taken else ""


def middle(text: str, start: Decimal, count: Decimal) -> str:
    """Return so many characters from a position on."""
    first = position_of(start) - 1
    return text[first : first + count_of(count)]


def trim(text: str) -> str:
    """Return a text without spaces at both ends, runs inside made one."""
    return _SPACES.sub(" ", text).strip(" ")


def substitute(text: str, old: str, new: str, which: Decimal | None = None) -> str:
    """Return a text with one piece replaced, everywhere or at one occurrence."""
    number = None if which is None else position_of(which)
    if not old:
        return text
    if number is None:
        if len(text) + text.count(old) * (len(new) - len(old)) > MAX_TEXT:
            raise Failure("LIMIT")
        return text.replace(old, new)
    found = -len(old)
    for _ in range(number):
        found = text.find(old, found + len(old))
        if found < 0:
            return text
    return limited(text[:found] + new + text[found + len(old) :])


def find(piece: str, text: str, start: Decimal) -> Decimal | None:
    """Return where a piece first occurs at or after a position, None when it does not."""
    found = text.find(piece, position_of(start) - 1)
    return Decimal(found + 1) if found >= 0 else None


def length(text: str) -> Decimal:
    """Return how many characters a text has."""
    return Decimal(len(text))


def contains(text: str, piece: str) -> bool:
    """Tell whether a text holds a piece."""
    return piece in text


def upper(text: str) -> str:
    """Return a text in capitals, each character by itself: PostgreSQL makes of one character no two."""
    return text.upper() if text.isascii() else "".join(map(_capital, text))


def _capital(character: str) -> str:
    # Of ᾀ the full capital is two characters, the simple one is the title letter ᾈ; ß has none.
    found = (changed for changed in (character.upper(), character.title()) if len(changed) == 1)
    return next(found, character)


def lower(text: str) -> str:
    """Return a text in small letters, each character by itself."""
    if text.isascii():
        return text.lower()
    # İ alone becomes two characters, of which the simple small letter is the first.
    return "".join(character.lower()[0] for character in text)


def bool_text(value: bool) -> str:
    """Return TRUE or FALSE."""
    return "TRUE" if value else "FALSE"


TEXT_FUNCTIONS: Mapping[str, Callable[..., object]] = {
    "concat": concat,
    "CONCAT": concat,
    "LEFT": left,
    "RIGHT": right,
    "MID": middle,
    "LEN": length,
    "TRIM": trim,
    "UPPER": upper,
    "LOWER": lower,
    "SUBSTITUTE": substitute,
    "CONTAINS": contains,
    "STARTSWITH": str.startswith,
    "ENDSWITH": str.endswith,
    "FIND": find,
    "number_text": number_text,
    "bool_text": bool_text,
}
