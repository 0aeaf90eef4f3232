"""Which passwords are refused: a password and who it is for in, issues out; length and what is guessed first, no rules of composition.

Follows NIST SP 800-63B, 5.1.1.2, with the length of OWASP ASVS 2.1.1: at least `MINIMUM_LENGTH` characters, every character allowed.
Refused are the commonest passwords, those that are repetitive or sequences, and those made of what the person and the site are called.
"""

import gzip
import re
from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path
from unicodedata import normalize

from dougong.people.messages import MESSAGES
from dougong.people.passwords import MINIMUM_LENGTH
from engines.values.issue import Issues, issue

_COMMON = Path(__file__).with_name("common_passwords.txt.gz")
_REPEATED = re.compile(r"(.{1,5}?)\1+")
_AROUND = re.compile(r"^[\W\d_]+|[\W\d_]+$")
_SHORTEST_OWN = 3
_STEPS = (-1, 1)


def password_issues(password: str, pointer: str, own: Iterable[str]) -> Issues:
    """Return what is wrong with a password, nothing if it will do.

    own: what its user and the site are called: names, e-mail, addresses.

    >>> own = ["Wang Xiaoming", "xiaoming.wang@example.com", "dougong"]
    >>> tried = ["short", "correct horse battery", "Password1234", "basketball2024!", "abcabcabcabc", "23456789abcd", "Xiaoming-Wang-1"]
    >>> [[one.code.removeprefix("access-password-") for one in password_issues(text, "/password", own)] for text in tried]
    [['too-short'], [], ['common'], ['common'], ['common'], [], ['personal']]
    """
    if len(password) < MINIMUM_LENGTH:
        return (issue(MESSAGES, "access-password-too-short", pointer, None, limit=MINIMUM_LENGTH),)
    lowered = normalize("NFKC", password).lower()
    if _is_made_of(lowered, own):
        return (issue(MESSAGES, "access-password-personal", pointer, None),)
    if _REPEATED.fullmatch(lowered) or _is_sequence(lowered) or _is_common(lowered):
        return (issue(MESSAGES, "access-password-common", pointer, None),)
    return ()


def _is_made_of(lowered: str, own: Iterable[str]) -> bool:
    """Say whether hardly anything is left of a password without words that name its user or the site."""
    words = {word for text in own for word in re.split(r"[\W_]+", normalize("NFKC", text).lower()) if len(word) >= _SHORTEST_OWN}
    words |= {text.lower() for text in own if text}
    left = lowered
    for word in sorted(words, key=len, reverse=True):
        left = left.replace(word, "")
    return len(left) < len(lowered) and sum(letter.isalpha() for letter in left) < _SHORTEST_OWN


def _is_sequence(lowered: str) -> bool:
    """Say whether each character follows the one before, or comes before it, as in 0123456789 and zyxwvutsrq."""
    return any(all(ord(after) - ord(before) == step for before, after in pairwise(lowered)) for step in _STEPS)


def _is_common(lowered: str) -> bool:
    """Say whether a password is one of the commonest, also with digits and marks before and after it.

    The list is read each time: passwords are set rarely, and kept it would take five megabytes of every process.
    """
    wanted = {lowered, _AROUND.sub("", lowered)}
    with gzip.open(_COMMON, "rt", encoding="utf-8") as lines:
        return any(line.rstrip("\n") in wanted for line in lines)
