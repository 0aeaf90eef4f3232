"""Keys proposed from labels: a label in any language in, a key that is free and allowed out; never looks anything up."""

import re
import unicodedata
from collections.abc import Collection
from functools import lru_cache

from engines.entity.entity import RESERVED_KEYS
from engines.expression.python_pinyin import syllables

LONGEST = 40
_NO_LETTERS = "field"


def suggest_key(label: str, taken: Collection[str] = (), prefix: str = "") -> str:
    """Return a key for a label: Chinese by its pinyin, everything else by its ASCII letters and digits.

    taken: keys of the siblings. prefix: what the key must begin with, such as `x_`. A key that is taken or reserved gets
    a number; one that would be longer than 40 characters is cut, at a word where that leaves enough.

    >>> suggest_key("Unit price (net)", {"unit_price_net"})
    'unit_price_net_2'
    >>> suggest_key("销售订单")
    'xiao_shou_ding_dan'
    >>> suggest_key("created at")
    'created_at_2'
    """
    words = re.findall(r"[a-z0-9]+", _in_latin(label.casefold()))
    stem = "_".join(words) or _NO_LETTERS
    if not prefix and not stem[0].isalpha():
        stem = f"{_NO_LETTERS}_{stem}"
    number = 1
    while True:
        ending = "" if number == 1 else f"_{number}"
        key = prefix + _cut(stem, LONGEST - len(prefix) - len(ending)) + ending
        if key not in taken and key not in RESERVED_KEYS:
            return key
        number += 1


@lru_cache(maxsize=4096)
def sounds_of(label: str) -> tuple[str, ...]:
    """Return how a label is typed in Latin letters: the first letters of its syllables, and all of them.

    >>> sounds_of("数量"), sounds_of("单价 (元)")
    (('sl', 'shuliang'), ('djy', 'danjiayuan'))
    """
    words = re.findall(r"[a-z0-9]+", _in_latin(label.casefold()))
    return ("".join(word[0] for word in words), "".join(words))


def _cut(stem: str, length: int) -> str:
    if len(stem) <= length:
        return stem
    whole_words = stem[: length + 1].rpartition("_")[0]
    return whole_words if len(whole_words) >= length // 2 else stem[:length].rstrip("_")


def _in_latin(label: str) -> str:
    """Return the label with every Chinese word as pinyin syllables between blanks, accents of other letters dropped."""
    if label.isascii():
        return label
    spelt = " ".join([part for part, _ in syllables(unicodedata.normalize("NFKC", label))])
    return "".join(letter for letter in unicodedata.normalize("NFKD", spelt) if not unicodedata.combining(letter))
