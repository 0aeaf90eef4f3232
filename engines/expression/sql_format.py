"""The SQL of TEXT with a format that is written out, and of VALUE; digits are cut out of the number's own text, however many."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from sqlalchemy import DateTime, Integer, Numeric, Text, and_, case, cast, extract, func

from engines.expression.not_in_sql import not_in_sql
from engines.expression.python_format import MOST_DIGITS, PLAIN_SIGNS, WIDE_SIGNS, WRITTEN_NUMBER
from engines.expression.sql_context import Column, NotPushable
from engines.expression.sql_date import wall_clock
from engines.expression.sql_once import once
from engines.expression.sql_parts import first_of, integer, number, text
from engines.expression.sql_text_list import text_of
from engines.expression.text_format import WEEKDAYS, Part, Section, read_format
from engines.expression.tree import TypedCall, TypedLiteral
from engines.values.value_types import TEXT

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_EMPTY = text("")
_LIMIT = number(Decimal(10) ** 38)
_CODES = {
    "yyyy": "YYYY", "yy": "YY", "m": "FMMM", "mm": "MM", "d": "FMDD", "dd": "DD", "h": "FMHH24", "hh": "HH24", "i": "FMHH12",
    "ii": "HH12", "n": "FMMI", "nn": "MI", "s": "FMSS", "ss": "SS", "am": "AM",
}  # fmt: skip


def _with(parts: list[Column]) -> Column:
    made = parts[0]
    for part in parts[1:]:
        made = made.op("||", return_type=Text())(part)
    return made


def _given(compiler: SqlCompiler, value: str) -> Column:
    return compiler.literal(TypedLiteral(value, TEXT))


def _text(compiler: SqlCompiler, node: TypedCall) -> Column:
    value, written = node.args
    if value.type.name == "blank":
        return compiler.unless_failed((value,), _EMPTY)
    refused = not_in_sql(node)
    if refused is not None or not isinstance(written, TypedLiteral):
        raise compiler.refuse(node) if refused is None else NotPushable(refused)
    found = read_format(str(written.value))
    column = compiler.value(value)
    if found.is_plain or value.type.name in ("text", "option", "bool"):
        made = text_of(compiler, value, column)
    elif value.type.name == "number":
        made = once(lambda value: _number(compiler, value, found.sections), column)
    else:
        clock = wall_clock(compiler, column) if value.type.name == "datetime" else cast(column, DateTime(timezone=False))
        made = once(lambda clock: _moment(compiler, clock, found.moment), clock)
    return compiler.unless_failed((value,), func.coalesce(made, _EMPTY, type_=Text()))


def _text_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    return first_of([compiler.error(arg) for arg in node.args])


def _number(compiler: SqlCompiler, value: Column, sections: tuple[Section, ...]) -> Column:
    written = [_section(compiler, value, section, place == 0) for place, section in enumerate(sections)]
    if len(written) == 1:
        return written[0]
    choices = [(value < number(0), written[1])]
    if len(written) == 3:
        choices.append((value == number(0), written[2]))
    return case(*choices, (value.is_not(None), written[0]))


def _section(compiler: SqlCompiler, value: Column, section: Section, is_signed: bool) -> Column:
    """Return a number as one section writes it, with a minus where the section stands for negative numbers as well."""

    def made(value: Column, rounded: Column, whole: Column, decimals: Column) -> Column:
        parts = [_part(compiler, part, whole, decimals, section.most) for part in section.parts] or [_EMPTY]
        if is_signed:
            parts.insert(0, case((and_(value < number(0), rounded != number(0)), text("-")), else_=_EMPTY))
        return case((rounded.is_not(None), _with(parts)))

    def digits(value: Column, rounded: Column, written: Column) -> Column:
        whole = func.ltrim(func.split_part(written, text("."), integer(1)), text("0"), type_=Text())
        if section.digits:
            whole = func.lpad(whole, func.greatest(func.char_length(whole), integer(section.digits)), text("0"), type_=Text())
        if section.is_grouped:
            # The groups count from the right, so the digits are read backwards.
            grouped = func.regexp_replace(func.reverse(whole), text("([0-9]{3})(?=[0-9])"), text(r"\1,"), text("g"))
            whole = func.reverse(grouped, type_=Text())
        all_decimals = func.split_part(written, text("."), integer(2), type_=Text())
        kept = func.left(all_decimals, integer(section.least), type_=Text())
        rest = func.rtrim(func.substr(all_decimals, integer(section.least + 1)), text("0"), type_=Text())
        return once(made, value, rounded, whole, _with([kept, rest]))

    moved = func.abs(value, type_=Numeric()) * number(Decimal(1).scaleb(section.shift))
    rounded = func.round(moved, integer(section.most), type_=Numeric())
    return once(lambda value, rounded: once(digits, value, rounded, cast(rounded, Text())), value, rounded)


def _part(compiler: SqlCompiler, part: Part, whole: Column, decimals: Column, most: int) -> Column:
    if part.kind == "text":
        return _given(compiler, part.text)
    if part.kind == "point":
        return case((decimals != _EMPTY, text(".")), else_=_EMPTY) if most else text(".")
    if part.kind == "decimals":
        first = part.start or 0
        return func.substr(decimals, integer(first + 1), integer(part.end - first), type_=Text())
    length = func.char_length(whole, type_=Integer())
    if part.start is None:
        return func.left(whole, func.greatest(length - integer(part.end), integer(0)), type_=Text()) if part.end else whole
    first_digit = func.greatest(length - integer(part.start), integer(0), type_=Integer())
    behind = func.greatest(length - integer(part.end), integer(0), type_=Integer())
    return func.substr(whole, first_digit + integer(1), behind - first_digit, type_=Text())


def _moment(compiler: SqlCompiler, clock: Column, parts: tuple[Part, ...]) -> Column:
    made: list[Column] = []
    for part in parts:
        if part.kind == "text":
            made.append(_given(compiler, part.text))
        elif part.kind in ("ddd", "dddd"):
            day = func.substr(text(WEEKDAYS), cast(extract("isodow", clock), Integer()), integer(1), type_=Text())
            made += [text("周" if part.kind == "ddd" else "星期"), day]
        else:
            made.append(func.to_char(clock, text(_CODES[part.kind]), type_=Text()))
    return case((clock.is_not(None), _with(made)))


def _read(value: Column, make: Callable[[Column, Column, Column], Column]) -> Column:
    """Return what is made of the number a text writes: its signs, its digits without all else, and the number if it is one."""
    plain = func.btrim(func.translate(value, text(WIDE_SIGNS), text(PLAIN_SIGNS)), text(" "), type_=Text())

    def read(plain: Column) -> Column:
        is_number: Column = plain.collate("C").op("~", is_comparison=True)(text(WRITTEN_NUMBER))
        digits = func.regexp_replace(func.regexp_replace(plain, text("[eE].*"), _EMPTY), text("[^0-9]"), _EMPTY, text("g"))
        fits = func.char_length(digits, type_=Integer()) <= integer(MOST_DIGITS)
        bare = func.regexp_replace(plain, text("[¥$, %]"), _EMPTY, text("g"), type_=Text())
        hundredth = case((func.right(plain, integer(1)) == text("%"), number(Decimal("0.01"))), else_=number(1))
        made = case((and_(is_number, fits), cast(bare, Numeric()) * hundredth))
        return once(lambda is_number, fits, made: make(is_number, fits, made), is_number, fits, made)

    return once(read, plain)


def _value(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    return _read(value, lambda is_number, fits, made: case((func.abs(made) < _LIMIT, made)))


def _value_error(compiler: SqlCompiler, node: TypedCall, value: Column) -> Column:
    def error(is_number: Column, fits: Column, made: Column) -> Column:
        return case(
            (~is_number, text("VALUE")), (~fits, text("LIMIT")), (func.abs(made) >= _LIMIT, text("LIMIT"))
        )

    return _read(value, error)


FORMAT_VALUES: Mapping[str, Callable[[SqlCompiler, TypedCall], Column]] = {"TEXT": _text}
FORMAT_ERRORS: Mapping[str, Callable[[Any, TypedCall], Column | None]] = {"TEXT": _text_error}
NUMBER_OF_TEXT: Mapping[str, Callable[..., Column]] = {"VALUE": _value}
NUMBER_OF_TEXT_ERRORS: Mapping[str, Callable[..., Column]] = {"VALUE": _value_error}
