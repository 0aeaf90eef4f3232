"""Takes the beginning of a word and names it may become, gives how well they fit: the lower the better, None not at all."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterable

from engines.values.value_types import ValueType

# A label in, how it sounds out: its first letters and the whole of it ("数量" -> "sl", "shuliang").
Sounds = Callable[[str], tuple[str, ...]]

_WORD_START = re.compile(r"[\s_\-/（(·]+")
_ASCII_LETTERS = re.compile(r"[a-z]+")


def match_rank(word: str, names: Iterable[str], docs: Iterable[str], sounds: Sounds | None = None) -> int | None:
    """Return how well a word fits one of the names: 0 it is the name, 1 it begins so, up to 6 only the description tells of it.

    >>> match_rank("Total", ["total"], []), match_rank("数", ["quantity", "数量"], []), match_rank("zz", ["quantity"], [])
    (0, 1, None)
    >>> match_rank("sl", ["数量"], [], lambda label: ("sl", "shuliang"))
    3
    """
    wanted = fold(word).strip()
    if not wanted:
        return 0
    best: int | None = None
    for name in names:
        rank = _name_rank(wanted, fold(name), name, sounds)
        if rank is not None and (best is None or rank < best):
            best = rank
    if best is None and not wanted.isascii() and any(wanted in fold(doc) for doc in docs):
        return 6
    return best


def _name_rank(wanted: str, folded: str, name: str, sounds: Sounds | None) -> int | None:
    if folded.startswith(wanted):
        return 0 if folded == wanted else 1
    if wanted in folded:
        return 2 if any(part.startswith(wanted) for part in _WORD_START.split(folded)) else 4
    if sounds is not None and not name.isascii() and _ASCII_LETTERS.fullmatch(wanted):
        for sound in sounds(name):
            if sound.startswith(wanted):
                return 3
            if len(wanted) > 1 and wanted in sound:
                return 5
    return None


def fold(text: str) -> str:
    """Return a text as it is compared: small letters, full-width ones narrow."""
    return text.lower() if text.isascii() else unicodedata.normalize("NFKC", text).casefold()


def type_rank(given: ValueType | None, wanted: ValueType | None) -> int:
    """Return how well a type fits: 0 it does, 1 a field of it may, 2 it does not.

    >>> type_rank(ValueType("date"), ValueType("number")), type_rank(ValueType("number"), ValueType("number"))
    (2, 0)
    """
    if wanted is None or given is None or given.name in (wanted.name, "any"):
        return 0
    if wanted.name == "text" and given.name in ("option", "number"):
        return 0
    return 1 if given.name in ("record", "list") else 2
