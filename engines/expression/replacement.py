"""Takes what REGEXREPLACE puts in place of a match, gives its pieces: texts, and numbers of groups."""

from __future__ import annotations


class BadReplacement(Exception):
    """Raised for a group that the pattern does not have."""


def read_replacement(text: str, groups: int) -> tuple[str | int, ...]:
    """Return texts and numbers of groups: `$1` the first one, `$0` the whole match, `$$` a `$`; raises `BadReplacement`.

    A number goes on as long as there is such a group: of two groups, `$12` is the first one and a 2.

    >>> read_replacement("$1-$$ $12$", 2)
    (1, '-$ ', 1, '2$')
    """
    pieces: list[str | int] = []
    written = ""
    place = 0
    while place < len(text):
        following = text[place + 1 : place + 2]
        if text[place] != "$" or not (following == "$" or ("0" <= following <= "9")):
            written += text[place]
            place += 1
            continue
        if following == "$":
            written += "$"
            place += 2
            continue
        number = int(following)
        place += 2
        if number > groups:
            raise BadReplacement
        while "0" <= text[place : place + 1] <= "9" and number * 10 + int(text[place]) <= groups:
            number = number * 10 + int(text[place])
            place += 1
        if written:
            pieces.append(written)
            written = ""
        pieces.append(number)
    return (*pieces, written) if written else tuple(pieces)
