"""The SQL of functions over texts; NULL as soon as an argument is, and never an error of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Integer, Numeric, Text, and_, case, cast, func, not_
from sqlalchemy.dialects.postgresql import ARRAY

from engines.expression.failure import MAX_TEXT
from engines.expression.sql_context import Column
from engines.expression.sql_once import once
from engines.expression.sql_parts import integer, literal_number, number, text
from engines.expression.tree import TypedCall, TypedLiteral, TypedTree

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler


def whole_number(node: TypedTree, value: Column, least: int) -> Column:
    """Return a count or position as an integer, NULL below the least it may be."""
    written = literal_number(node)
    if written is not None and written >= least:
        return integer(min(int(written), MAX_TEXT + 1))
    bounded = cast(func.trunc(func.least(value, number(MAX_TEXT + 1))), Integer())
    return case((value >= number(least), bounded))


def too_small(place: int, least: int) -> Callable[..., Column]:
    """Return what makes the error of a count or position that is too small."""
    return lambda compiler, node, *args: case((args[place] < number(least), text("VALUE")))


def _joined(compiler: SqlCompiler, node: TypedCall, *texts: Column) -> Column:
    result = texts[0]
    for following in texts[1:]:
        result = result.op("||", return_type=Text())(following)
    return result


def _left(compiler: SqlCompiler, node: TypedCall, value: Column, count: Column) -> Column:
    return func.left(value, once(lambda count: whole_number(node.args[1], count, 0), count), type_=Text())


def _right(compiler: SqlCompiler, node: TypedCall, value: Column, count: Column) -> Column:
    return func.right(value, once(lambda count: whole_number(node.args[1], count, 0), count), type_=Text())


def _middle(compiler: SqlCompiler, node: TypedCall, value: Column, start: Column, count: Column) -> Column:
    first = once(lambda start: whole_number(node.args[1], start, 1), start)
    taken = once(lambda count: whole_number(node.args[2], count, 0), count)
    return func.substr(value, first, taken, type_=Text())


def _middle_error(compiler: SqlCompiler, node: TypedCall, value: Column, start: Column, count: Column) -> Column:
    return case((start < number(1), text("VALUE")), (count < number(0), text("VALUE")))


def _trim(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    return func.btrim(func.regexp_replace(value, text(" +"), text(" "), text("g")), text(" "), type_=Text())


def cased(name: str) -> Callable[..., Column]:
    """Return what makes a text in capitals or in small letters."""
    def build(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
        changed: Column = getattr(func, name)(value.collate(compiler.context.case_collation), type_=Text())
        return changed.collate("C")

    return build


def _substitute(
    compiler: SqlCompiler, node: TypedCall, value: Column, old: Column, new: Column, which: Column | None = None
) -> Column:
    if which is None:
        return _all_replaced(node, value, old, new)

    def made(value: Column, old: Column, new: Column, count: Column) -> Column:
        pieces = func.string_to_array(value, func.nullif(old, text("")), type_=ARRAY(Text()))
        before = func.array_to_string(pieces[integer(1) : count], old, type_=Text())
        after = func.array_to_string(pieces[count + integer(1) : integer(MAX_TEXT + 1)], old, type_=Text())
        changed: Column = before.op("||", return_type=Text())(new).op("||", return_type=Text())(after)
        kept = case((and_(old != text(""), func.cardinality(pieces) > count), changed), else_=value)
        return case((and_(count.is_not(None), new.is_not(None), old.is_not(None)), kept))

    count = once(lambda which: whole_number(node.args[3], which, 1), which)
    return once(made, value, old, new, count)


def _all_replaced(node: TypedCall, value: Column, old: Column, new: Column) -> Column:
    """Return a text with every piece replaced, NULL where it would grow beyond all measure."""
    written = [arg.value for arg in node.args[1:3] if isinstance(arg, TypedLiteral) and isinstance(arg.value, str)]
    if len(written) == 2 and len(written[0]) >= len(written[1]):
        return func.replace(value, old, new, type_=Text())

    def made(value: Column, old: Column, new: Column) -> Column:
        length, piece = func.char_length(value, type_=Integer()), func.nullif(func.char_length(old), integer(0), type_=Integer())
        count = cast((length - func.char_length(func.replace(value, old, text("")))) / piece, Numeric())
        longer = count * (func.char_length(new, type_=Integer()) - piece)
        return case((func.coalesce(length + longer, number(0)) <= number(MAX_TEXT), func.replace(value, old, new, type_=Text())))

    return once(made, value, old, new)


def _ends(compiler: SqlCompiler, node: TypedCall, value: Column, piece: Column) -> Column:
    return once(lambda piece: func.right(value, func.char_length(piece), type_=Text()) == piece, piece)


def find(compiler: SqlCompiler, node: TypedCall, piece: Column, value: Column, start: Column) -> Column:
    """Return where a piece first occurs."""
    if literal_number(node.args[2]) == 1:
        return cast(func.nullif(func.strpos(value, piece), integer(0)), Numeric())

    def made(piece: Column, value: Column, first: Column) -> Column:
        found = func.strpos(func.substr(value, first), piece, type_=Integer())
        within = and_(found > integer(0), first <= func.char_length(value) + integer(1))
        return case((within, cast(found + first - integer(1), Numeric())))

    return once(made, piece, value, once(lambda start: whole_number(node.args[2], start, 1), start))


TEXT_VALUES: Mapping[str, Callable[..., Column]] = {
    "concat": _joined,
    "CONCAT": _joined,
    "LEFT": _left,
    "RIGHT": _right,
    "MID": _middle,
    "LEN": lambda compiler, node, value: cast(func.char_length(value), Numeric()),
    "TRIM": _trim,
    "UPPER": cased("upper"),
    "LOWER": cased("lower"),
    "SUBSTITUTE": _substitute,
    "CONTAINS": lambda compiler, node, value, piece: func.strpos(value, piece, type_=Integer()) > integer(0),
    "STARTSWITH": lambda compiler, node, value, piece: func.starts_with(value, piece),
    "ENDSWITH": _ends,
    "FIND": find,
    "number_text": lambda compiler, node, value: cast(func.trim_scale(value), Text()),
    "bool_text": lambda compiler, node, value: once(lambda value: case((value, text("TRUE")), (not_(value), text("FALSE"))), value),
}
TEXT_ERRORS: Mapping[str, Callable[..., Column]] = {
    "LEFT": too_small(1, 0),
    "RIGHT": too_small(1, 0),
    "MID": _middle_error,
    "FIND": too_small(2, 1),
    "SUBSTITUTE": too_small(3, 1),
}
