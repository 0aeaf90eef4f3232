"""Takes a written pattern, gives it in PostgreSQL's words, or refuses it where the answer could be another one; makes no SQL."""

from __future__ import annotations

from functools import lru_cache

from engines.expression.pattern import Assertion, Choice, Group, Node, OneOf, Repeat, Sequence, read_pattern
from engines.expression.pattern_paths import TooMany, has_one_reading, preference
from engines.expression.pattern_sets import ranges_of

_MOST_REPEATS = 255
_MOST_SIZE = 300
_MOST_RANGES = 2000
_ASSERTIONS = {
    "start": r"\A", "end": r"\Z", "line_start": r"(?:\A|(?<=\u000a))", "line_end": r"(?:\Z|(?=\u000a))", "word": r"\y", "not_word": r"\Y",
}  # fmt: skip


class Untranslatable(Exception):
    """Raised where PostgreSQL would read a pattern differently, or what it needs is not written out."""


@lru_cache(maxsize=256)
def postgres_pattern(pattern: str, groups: tuple[int, ...] | None) -> str:
    """Return a pattern in PostgreSQL's words.

    groups: those that are asked for, in their order; None when all that counts is whether there is a match.
    """
    tree = read_pattern(pattern).tree
    if tree.size > _MOST_SIZE:
        raise Untranslatable
    written = _written(tree, frozenset(groups or ()))
    if sum(len(part) for part in written) > 12 * _MOST_RANGES:
        raise Untranslatable
    whole = "".join(written)
    if groups is None:
        return whole
    if _has_loose_repeats(tree, frozenset(groups), False):
        raise Untranslatable
    try:
        preferred = preference(tree)
        if preferred is None or (groups and not has_one_reading(tree, frozenset(groups))):
            raise Untranslatable
    except TooMany:
        raise Untranslatable from None
    return f"(?:{whole}){{1,1}}" + ("" if preferred == "longest" else "?")


def _written(node: Node, groups: frozenset[int]) -> list[str]:
    """Return the words of a node; lazy signs are left out, as PostgreSQL is told for the whole which match to take."""
    if isinstance(node, OneOf):
        return [_set(node)]
    if isinstance(node, Assertion):
        return [_ASSERTIONS[node.kind]]
    if isinstance(node, Sequence):
        return [word for part in node.parts for word in _written(part, groups)]
    if isinstance(node, Choice):
        words = ["(?:"]
        for part in node.parts:
            words += [*_written(part, groups), "|"]
        return [*words[:-1], ")"]
    if isinstance(node, Group):
        return ["(" if node.number in groups else "(?:", *_written(node.part, groups), ")"]
    if max(node.least, node.most or 0) > _MOST_REPEATS:
        raise Untranslatable
    most = "" if node.most is None else str(node.most)
    return ["(?:", *_written(node.part, groups), f"){{{node.least},{most}}}"]


def _set(node: OneOf) -> str:
    ranges = ranges_of(node.written)
    if not ranges or len(ranges) > _MOST_RANGES:
        raise Untranslatable
    if len(ranges) == 1 and ranges[0][0] == ranges[0][1]:
        return _character(ranges[0][0])
    return "[" + "".join([_character(low) if low == high else f"{_character(low)}-{_character(high)}" for low, high in ranges]) + "]"


def _character(code: int) -> str:
    return f"\\u{code:04x}" if code < 0x10000 else f"\\U{code:08x}"


def _has_loose_repeats(node: Node, groups: frozenset[int], is_repeated: bool) -> bool:
    """Tell whether a group that is asked for is repeated, or something repeated can be nothing: there engines differ."""
    if isinstance(node, Group):
        return (is_repeated and node.number in groups) or _has_loose_repeats(node.part, groups, is_repeated)
    if isinstance(node, Sequence | Choice):
        return any(_has_loose_repeats(part, groups, is_repeated) for part in node.parts)
    if isinstance(node, Repeat):
        return _can_be_nothing(node.part) or _has_loose_repeats(node.part, groups, True)
    return False


def _can_be_nothing(node: Node) -> bool:
    if isinstance(node, OneOf):
        return False
    if isinstance(node, Sequence):
        return all(_can_be_nothing(part) for part in node.parts)
    if isinstance(node, Choice):
        return any(_can_be_nothing(part) for part in node.parts)
    if isinstance(node, Repeat):
        return node.least == 0 or _can_be_nothing(node.part)
    return isinstance(node, Assertion) or _can_be_nothing(node.part)
