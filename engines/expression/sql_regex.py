"""The SQL of functions over regular expressions: a written pattern in PostgreSQL's words, refused where the answer could be another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from functools import lru_cache
from typing import TYPE_CHECKING

from sqlalchemy import Numeric, Text, case, cast, func

from engines.expression.failure import MAX_TEXT
from engines.expression.messages import MESSAGES
from engines.expression.pattern import Assertion, Choice, Group, Node, OneOf, Repeat, Sequence, read_pattern
from engines.expression.pattern_paths import TooMany, has_one_reading, preference
from engines.expression.pattern_sets import ranges_of
from engines.expression.replacement import read_replacement
from engines.expression.sql_context import Column, NotPushable
from engines.expression.sql_once import once
from engines.expression.sql_parts import first_of, integer, number, text
from engines.expression.tree import TypedCall, TypedLiteral
from engines.values.issue import issue
from engines.values.value_types import TEXT

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_MOST_REPEATS = 255
_MOST_SIZE = 300
_MOST_RANGES = 2000
_MOST_GROUPS = 9
# What PostgreSQL may be asked to build before its length is looked at.
_MOST_BUILT = 50_000_000
_ASSERTIONS = {
    "start": r"\A", "end": r"\Z", "line_start": r"(?:\A|(?<=\u000a))", "line_end": r"(?:\Z|(?=\u000a))", "word": r"\y", "not_word": r"\Y",
}  # fmt: skip


class _Untranslatable(Exception):
    """Raised where PostgreSQL would read a pattern differently."""


@lru_cache(maxsize=256)
def postgres_pattern(pattern: str, groups: tuple[int, ...] | None) -> str:
    """Return a pattern in PostgreSQL's words.

    groups: those that are asked for, in their order; None when all that counts is whether there is a match.
    """
    tree = read_pattern(pattern).tree
    if tree.size > _MOST_SIZE:
        raise _Untranslatable
    written = _written(tree, frozenset(groups or ()))
    if sum(len(part) for part in written) > 12 * _MOST_RANGES:
        raise _Untranslatable
    whole = "".join(written)
    if groups is None:
        return whole
    if _has_loose_repeats(tree, frozenset(groups), False):
        raise _Untranslatable
    try:
        preferred = preference(tree)
        if preferred is None or (groups and not has_one_reading(tree, frozenset(groups))):
            raise _Untranslatable
    except TooMany:
        raise _Untranslatable from None
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
        raise _Untranslatable
    most = "" if node.most is None else str(node.most)
    return ["(?:", *_written(node.part, groups), f"){{{node.least},{most}}}"]


def _set(node: OneOf) -> str:
    ranges = ranges_of(node.written)
    if not ranges or len(ranges) > _MOST_RANGES:
        raise _Untranslatable
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


def _given(compiler: SqlCompiler, value: str) -> Column:
    return compiler.literal(TypedLiteral(value, TEXT))


def _pattern(compiler: SqlCompiler, node: TypedCall, groups: tuple[int, ...] | None) -> Column:
    """Return the pattern of a call in PostgreSQL's words; raises `NotPushable`."""
    try:
        return _given(compiler, postgres_pattern(_literal(node, 1), groups))
    except _Untranslatable:
        raise _refused(node) from None


def _literal(node: TypedCall, place: int) -> str:
    found = node.args[place]
    if not isinstance(found, TypedLiteral) or not isinstance(found.value, str):
        raise _Untranslatable
    return found.value


def _refused(node: TypedCall) -> NotPushable:
    return NotPushable(issue(MESSAGES, "expression-pattern-in-sql", span=node.span, name=node.name))


def _match(compiler: SqlCompiler, node: TypedCall) -> Column:
    pattern = _pattern(compiler, node, None)
    return compiler.value(node.args[0]).collate("C").op("~", is_comparison=True)(pattern)


def _extract(compiler: SqlCompiler, node: TypedCall) -> Column:
    group = node.args[2]
    if not isinstance(group, TypedLiteral) or not isinstance(group.value, Decimal):
        raise _refused(node)
    pattern = _pattern(compiler, node, (int(group.value),) if int(group.value) else ())
    # Of a pattern with one group `substring` gives what the group holds, else the whole match.
    return func.substring(compiler.value(node.args[0]).collate("C"), pattern, type_=Text())


def _replaced(compiler: SqlCompiler, node: TypedCall) -> Column:
    try:
        pieces = read_replacement(_literal(node, 2), read_pattern(_literal(node, 1)).groups)
    except _Untranslatable:
        raise _refused(node) from None
    groups = tuple(dict.fromkeys(piece for piece in pieces if isinstance(piece, int) and piece))
    if len(groups) > _MOST_GROUPS:
        raise _refused(node)
    # The groups that are asked for are the only ones there are, so their numbers are their places.
    numbers = {group: place + 1 for place, group in enumerate(sorted(groups))}
    new = "".join(
        [piece.replace("\\", "\\\\") if isinstance(piece, str) else f"\\{numbers[piece]}" if piece else "\\&" for piece in pieces]
    )
    pattern = _pattern(compiler, node, groups)
    literal = sum(len(piece) for piece in pieces if isinstance(piece, str))
    copies = sum(1 for piece in pieces if isinstance(piece, int)) + 1

    def made(value: Column) -> Column:
        length = cast(func.char_length(value), Numeric())
        replaced = func.regexp_replace(value.collate("C"), pattern, _given(compiler, new), text("g"), type_=Text())
        most = (length + number(1)) * number(literal) + length * number(copies)
        kept = once(lambda replaced: case((func.char_length(replaced) <= integer(MAX_TEXT), replaced)), replaced)
        return case((most <= number(_MOST_BUILT), kept))

    return once(made, compiler.value(node.args[0]))


def _args_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    return first_of([compiler.error(arg) for arg in node.args])


REGEX_VALUES: Mapping[str, Callable[[SqlCompiler, TypedCall], Column]] = {
    "REGEXMATCH": _match,
    "REGEXEXTRACT": _extract,
    "REGEXREPLACE": _replaced,
}
REGEX_ERRORS: Mapping[str, Callable[[SqlCompiler, TypedCall], Column | None]] = {name: _args_error for name in REGEX_VALUES}
