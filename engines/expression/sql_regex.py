"""The SQL of functions over regular expressions: a written pattern in PostgreSQL's words, refused where the answer could be another one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Numeric, Text, case, cast, func

from engines.expression.failure import MAX_TEXT
from engines.expression.not_in_sql import not_in_sql, pattern_in_sql, pieces_of
from engines.expression.sql_context import Column, NotPushable
from engines.expression.sql_once import once
from engines.expression.sql_parts import first_of, integer, number, text
from engines.expression.tree import TypedCall, TypedLiteral
from engines.values.value_types import TEXT

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

# What PostgreSQL may be asked to build before its length is looked at.
_MOST_BUILT = 50_000_000


def _given(compiler: SqlCompiler, value: str) -> Column:
    return compiler.literal(TypedLiteral(value, TEXT))


def _pattern(compiler: SqlCompiler, node: TypedCall) -> Column:
    """Return the pattern of a call in PostgreSQL's words; raises `NotPushable`."""
    refused = not_in_sql(node)
    if refused is not None:
        raise NotPushable(refused)
    return _given(compiler, pattern_in_sql(node))


def _match(compiler: SqlCompiler, node: TypedCall) -> Column:
    pattern = _pattern(compiler, node)
    return compiler.value(node.args[0]).collate("C").op("~", is_comparison=True)(pattern)


def _extract(compiler: SqlCompiler, node: TypedCall) -> Column:
    pattern = _pattern(compiler, node)
    # Of a pattern with one group `substring` gives what the group holds, else the whole match.
    return func.substring(compiler.value(node.args[0]).collate("C"), pattern, type_=Text())


def _replacement(piece: str | int, groups: list[int]) -> str:
    """Return a piece of a replacement in PostgreSQL's words."""
    if isinstance(piece, str):
        return piece.replace("\\", "\\\\")
    return f"\\{groups.index(piece) + 1}" if piece else "\\&"


def _replaced(compiler: SqlCompiler, node: TypedCall) -> Column:
    pattern, pieces = _pattern(compiler, node), pieces_of(node)
    # The groups that are asked for are the only ones there are, so their numbers are their places.
    groups = sorted({piece for piece in pieces if isinstance(piece, int) and piece})
    new = "".join([_replacement(piece, groups) for piece in pieces])
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
