"""Takes one character of a pattern as RE2 writes it, gives the ranges of codes it stands for: RE2 itself is asked."""

from __future__ import annotations

import re
from bisect import bisect_right
from functools import cache, lru_cache

import re2

Ranges = tuple[tuple[int, int], ...]
LAST = 0x10FFFF
_WRITTEN = re.compile(r"\\x\{([0-9a-f]+)\}\Z")


@cache
def _all() -> str:
    return "".join(map(chr, [*range(1, 0xD800), *range(0xE000, LAST + 1)]))


@cache
def _letter_edges() -> tuple[int, ...]:
    return tuple([edge for low, high in ranges_of(r"\p{L}") for edge in (low, high + 1)])


def is_letter(code: int) -> bool:
    """Tell whether a code is that of a letter of any script.

    >>> is_letter(ord("中")), is_letter(ord("1"))
    (True, False)
    """
    return bisect_right(_letter_edges(), code) % 2 == 1


@lru_cache(maxsize=512)
def ranges_of(written: str) -> Ranges:
    """Return the codes of a character or set, in order; code 0, which no text of the database holds, is left out.

    >>> ranges_of("[a-c]"), ranges_of("(?i:k)")
    (((97, 99),), ((75, 75), (107, 107), (8490, 8490)))
    """
    single = _WRITTEN.match(written)
    if single is not None:
        code = int(single[1], 16)
        return ((code, code),) if code else ()
    options = re2.Options()
    options.log_errors = False
    options.max_mem = 64 << 20
    found = re2.compile(f"(?:{written})+", options=options).finditer(_all())
    return tuple([(ord(match[0][0]), ord(match[0][-1])) for match in found])
