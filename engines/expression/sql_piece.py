"""The SQL of functions over pieces and single characters of texts; NULL as soon as an argument is, and never an error of the server."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import Integer, Numeric, Text, and_, case, cast, func, literal_column, or_, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by

from engines.expression.failure import MAX_TEXT
from engines.expression.pattern_postgres import postgres_pattern
from engines.expression.sql_context import Column
from engines.expression.sql_once import once
from engines.expression.sql_parts import integer, literal_number, number, text, typed_null
from engines.expression.sql_text import cased, find, too_small, whole_number
from engines.expression.tree import TypedCall, TypedLiteral
from engines.values.value_types import TEXT

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_EMPTY = text("")


def _cut(value: Column, count: Column) -> Column:
    """Return the start of a text."""
    return func.left(value, count, type_=Text())


def _from(value: Column, first: Column) -> Column:
    """Return a text from a position on."""
    return func.substr(value, first, type_=Text())


def _length(value: Column) -> Column:
    return func.char_length(value, type_=Integer())


def _with(one: Column, other: Column) -> Column:
    return one.op("||", return_type=Text())(other)


def _search(compiler: SqlCompiler, node: TypedCall, piece: Column, value: Column, start: Column) -> Column:
    lower = cased("lower")
    return find(compiler, node, lower(compiler, node, piece), lower(compiler, node, value), start)


def _replace(compiler: SqlCompiler, node: TypedCall, value: Column, start: Column, count: Column, new: Column) -> Column:
    def made(value: Column, first: Column, count: Column, new: Column) -> Column:
        return _with(_with(_cut(value, first - integer(1)), new), _from(value, first + count))

    first = once(lambda start: whole_number(node.args[1], start, 1), start)
    taken = once(lambda count: whole_number(node.args[2], count, 0), count)
    return once(made, value, first, taken, new)


def _start_and_count_error(
    compiler: SqlCompiler, node: TypedCall, value: Column, start: Column, count: Column, new: Column
) -> Column:
    return case((start < number(1), text("VALUE")), (count < number(0), text("VALUE")))


def _repeated_length(value: Column, count: Column) -> Column:
    return cast(func.char_length(value), Numeric()) * func.trunc(count, type_=Numeric())


def _repeat(compiler: SqlCompiler, node: TypedCall, value: Column, count: Column) -> Column:
    def made(value: Column, count: Column) -> Column:
        times = cast(func.trunc(func.least(count, number(MAX_TEXT))), Integer())
        fits = and_(count >= number(0), _repeated_length(value, count) <= number(MAX_TEXT))
        return case((fits, func.repeat(value, times, type_=Text())))

    return once(made, value, count)


def _repeat_error(compiler: SqlCompiler, node: TypedCall, value: Column, count: Column) -> Column:
    def made(value: Column, count: Column) -> Column:
        too_long = _repeated_length(value, count) > number(MAX_TEXT)
        return case((count < number(0), text("VALUE")), (too_long, text("LIMIT")))

    return once(made, value, count)


def _beside(is_before: bool) -> Callable[..., Column]:
    """Return what makes the part before, or after, an occurrence of a piece."""

    def first(value: Column, piece: Column) -> Column:
        place = func.strpos(value, piece, type_=Integer())
        found = _cut(value, place - integer(1)) if is_before else _from(value, place + _length(piece))
        return case((piece == _EMPTY, case((value.is_not(None), _EMPTY)) if is_before else value), (place > integer(0), found))

    def any_one(value: Column, piece: Column, which: Column) -> Column:
        turned = which < number(0)
        # LEAST passes over a NULL, which here is an error.
        reached = case((which.is_not(None), cast(func.trunc(func.least(func.abs(which), number(MAX_TEXT + 1))), Integer())))
        # Counting from the end is counting from the start of the text read backwards.
        text_read = case((turned, func.reverse(value, type_=Text())), else_=value)
        piece_read = case((turned, func.reverse(piece, type_=Text())), else_=piece)

        def parted(turned: Column, value: Column, piece: Column, count: Column) -> Column:
            pieces = func.string_to_array(value, func.nullif(piece, _EMPTY), type_=ARRAY(Text()))
            start = func.array_to_string(pieces[integer(1) : count], piece, type_=Text())
            rest = func.array_to_string(pieces[count + integer(1) : integer(MAX_TEXT + 1)], piece, type_=Text())
            straight, backwards = (start, rest) if is_before else (rest, start)
            found = case((turned, func.reverse(backwards, type_=Text())), else_=straight)
            whole = case((turned, func.reverse(value, type_=Text())), else_=value)
            is_nothing = turned != (literal_column("true") if is_before else literal_column("false"))
            return case(
                (or_(value.is_(None), piece.is_(None), count.is_(None), count < integer(1)), typed_null(TEXT)),
                (piece == _EMPTY, case((is_nothing, _EMPTY), else_=whole)),
                (func.cardinality(pieces) > count, found),
            )

        return once(parted, turned, text_read, piece_read, reached)

    def build(compiler: SqlCompiler, node: TypedCall, value: Column, piece: Column, which: Column) -> Column:
        if literal_number(node.args[2]) == 1:
            return once(first, value, piece)
        return once(any_one, value, piece, which)

    return build


def _occurrence_error(compiler: SqlCompiler, node: TypedCall, value: Column, piece: Column, which: Column) -> Column:
    return case((func.abs(which) < number(1), text("VALUE")))


def _pad(name: str) -> Callable[..., Column]:
    def build(compiler: SqlCompiler, node: TypedCall, value: Column, count: Column, pad: Column) -> Column:
        def made(value: Column, count: Column, pad: Column) -> Column:
            wanted = cast(func.trunc(func.least(count, number(MAX_TEXT))), Integer())
            fits = and_(count >= number(0), or_(count < number(MAX_TEXT + 1), pad == _EMPTY), value.is_not(None))
            filled: Column = getattr(func, name)(value, func.greatest(wanted, _length(value)), pad, type_=Text())
            return case((fits, filled))

        return once(made, value, count, pad)

    return build


def _pad_error(compiler: SqlCompiler, node: TypedCall, value: Column, count: Column, pad: Column) -> Column:
    too_long = and_(count >= number(MAX_TEXT + 1), pad != _EMPTY)
    return case((count < number(0), text("VALUE")), (too_long, text("LIMIT")))


def _mask(compiler: SqlCompiler, node: TypedCall, value: Column, head: Column, tail: Column) -> Column:
    def made(value: Column, first: Column, last: Column) -> Column:
        hidden = _length(value) - first - last
        masked = _with(_with(_cut(value, first), func.repeat(text("*"), hidden, type_=Text())), func.right(value, last, type_=Text()))
        return case((hidden <= integer(0), value), (hidden > integer(0), masked))

    first = once(lambda head: whole_number(node.args[1], head, 0), head)
    last = once(lambda tail: whole_number(node.args[2], tail, 0), tail)
    return once(made, value, first, last)


def _mask_error(compiler: SqlCompiler, node: TypedCall, value: Column, head: Column, tail: Column) -> Column:
    return case((head < number(0), text("VALUE")), (tail < number(0), text("VALUE")))


def _clean(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    controls = text(r"[\u0001-\u001f\u007f-\u009f]")
    return func.regexp_replace(value.collate("C"), controls, _EMPTY, text("g"), type_=Text())


def _proper(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    lower, upper = cased("lower"), cased("upper")
    letters = compiler.literal(TypedLiteral(postgres_pattern(r"\p{L}", None), TEXT))

    def made(value: Column) -> Column:
        characters = func.unnest(func.string_to_array(value, literal_column("NULL"), type_=ARRAY(Text())))
        rows = characters.table_valued("letter", with_ordinality="place", name="letters").render_derived()
        letter: Column = rows.c.letter
        letter.type = Text()
        place: Column = rows.c.place
        small, capital = lower(compiler, node, letter), upper(compiler, node, letter)
        is_letter: Column = letter.collate("C").op("~", is_comparison=True)(letters)
        each = select(
            small.label("small"), capital.label("capital"), place.label("place"), func.lag(is_letter).over(order_by=place).label("inside")
        ).select_from(rows)
        drawn = each.subquery("drawn")
        written = case((drawn.c.inside, drawn.c.small), else_=drawn.c.capital)
        joined = func.string_agg(written, aggregate_order_by(_EMPTY, drawn.c.place), type_=Text())
        made = select(joined).select_from(drawn).scalar_subquery()
        return case((value.is_not(None), func.coalesce(made, _EMPTY, type_=Text())))

    return once(made, value)


def _char(compiler: SqlCompiler, node: TypedCall, code: Column) -> Column:
    most = 255 if node.name == "CHAR" else 0x10FFFF

    def made(code: Column) -> Column:
        return case((_is_code(code, most), func.chr(cast(func.trunc(code), Integer()), type_=Text())))

    return once(made, code)


def _is_code(code: Column, most: int) -> Column:
    within = and_(code >= number(1), code < number(most + 1))
    return within if most == 255 else and_(within, or_(code < number(0xD800), code >= number(0xE000)))


def _char_error(compiler: SqlCompiler, node: TypedCall, code: Column) -> Column:
    most = 255 if node.name == "CHAR" else 0x10FFFF
    return once(lambda code: case((and_(code.is_not(None), ~_is_code(code, most)), text("VALUE"))), code)


def _code(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    return once(lambda value: case((value != _EMPTY, cast(func.ascii(value), Numeric()))), value)


def _code_error(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    return case((value == _EMPTY, text("VALUE")))


PIECE_VALUES: Mapping[str, Callable[..., Column]] = {
    "SEARCH": _search,
    "REPLACE": _replace,
    "REPT": _repeat,
    "TEXTBEFORE": _beside(True),
    "TEXTAFTER": _beside(False),
    "PADLEFT": _pad("lpad"),
    "PADRIGHT": _pad("rpad"),
    "MASK": _mask,
    "CLEAN": _clean,
    "PROPER": _proper,
    "EXACT": lambda compiler, node, one, other: one == other,
    "CHAR": _char,
    "UNICHAR": _char,
    "CODE": _code,
    "UNICODE": _code,
}
PIECE_ERRORS: Mapping[str, Callable[..., Column]] = {
    "SEARCH": too_small(2, 1),
    "REPLACE": _start_and_count_error,
    "REPT": _repeat_error,
    "TEXTBEFORE": _occurrence_error,
    "TEXTAFTER": _occurrence_error,
    "PADLEFT": _pad_error,
    "PADRIGHT": _pad_error,
    "MASK": _mask_error,
    "CHAR": _char_error,
    "UNICHAR": _char_error,
    "CODE": _code_error,
    "UNICODE": _code_error,
}
