"""The SQL of calls between texts and lists, and of tests whether a value is a number or a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import DateTime, Integer, Numeric, Text, and_, case, cast, false, func, select
from sqlalchemy.dialects.postgresql import ARRAY, aggregate_order_by, array

from engines.expression.failure import MAX_LIST, MAX_TEXT
from engines.expression.sql_context import Column
from engines.expression.sql_date import DATE_VALUES
from engines.expression.sql_list import args_error
from engines.expression.sql_once import once
from engines.expression.sql_parts import integer, number, sql_type, text
from engines.expression.sql_text import TEXT_VALUES
from engines.expression.tree import TypedCall, TypedTree

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_TEXTS = ARRAY(Text())
_EMPTY = text("")


def _any_text(compiler: SqlCompiler, node: TypedTree, value: Column) -> Column:
    """Return the text of a value of mixed types, which travels as JSON with the name of its type."""

    def made(kind: Column, written: Column) -> Column:
        moment = cast(written, DateTime(timezone=True))
        return case(
            (kind == text("number"), cast(func.trim_scale(cast(written, Numeric())), Text())),
            (kind == text("bool"), func.upper(written, type_=Text())),
            (kind == text("datetime"), DATE_VALUES["datetime_text"](compiler, node, moment)),
            else_=written,
        )

    return once(made, *[func.jsonb_extract_path_text(value, text(place), type_=Text()) for place in "01"])


_WRITERS: Mapping[str, Callable[..., Column]] = {
    "number": TEXT_VALUES["number_text"],
    "bool": TEXT_VALUES["bool_text"],
    "date": DATE_VALUES["date_text"],
    "datetime": DATE_VALUES["datetime_text"],
    "text": lambda compiler, node, value: value,
    "option": lambda compiler, node, value: value,
    "blank": lambda compiler, node, value: value,
    "any": _any_text,
}


def text_of(compiler: SqlCompiler, node: TypedTree, value: Column) -> Column:
    """Return the text of a value, or of an element, of a node."""
    kind = node.type.of if node.type.of is not None else node.type
    writer = _WRITERS.get(kind.name)
    if writer is None:
        raise compiler.refuse(node)
    return writer(compiler, node, value)


def _texts(compiler: SqlCompiler, node: TypedTree) -> Column:
    """Return an array of the texts of a value or of all values of a list, '' for a blank; errors are looked after elsewhere."""
    if node.type.of is None:
        value = text_of(compiler, node, compiler.value(node))
        return array([func.coalesce(cast(value, Text()), _EMPTY)], type_=Text())
    rows = func.unnest(compiler.value(node)).table_valued("item", with_ordinality="place", name="items").render_derived()
    item: Column = rows.c.item
    item.type = sql_type(node.type.of)
    written = func.coalesce(text_of(compiler, node, item), _EMPTY, type_=Text())
    joined = func.array_agg(aggregate_order_by(written, rows.c.place), type_=_TEXTS)
    return func.coalesce(select(joined).select_from(rows).scalar_subquery(), cast(array([]), _TEXTS), type_=_TEXTS)


def _joined(texts: Column, separator: Column) -> Column:
    """Return texts with a separator between them, NULL where they would grow beyond all measure."""

    def made(texts: Column, separator: Column) -> Column:
        rows = func.unnest(texts).table_valued("item", name="items").render_derived()
        size = select(func.coalesce(func.sum(func.char_length(rows.c.item)), integer(0))).select_from(rows).scalar_subquery()
        count = func.cardinality(texts, type_=Integer())
        between = cast(func.greatest(count - integer(1), integer(0)), Numeric()) * func.char_length(separator)
        fits = and_(size + between <= number(MAX_TEXT), count <= integer(MAX_LIST))
        return case((fits, func.array_to_string(texts, separator, type_=Text())))

    return once(made, texts, separator)


def _filled(texts: Column) -> Column:
    return func.array_remove(texts, _EMPTY, type_=_TEXTS)


def _join(compiler: SqlCompiler, node: TypedCall) -> Column:
    if node.args[0].type.of is None:
        return compiler.unless_failed(node.args, _EMPTY)
    texts = _filled(_texts(compiler, node.args[0]))
    return compiler.unless_failed(node.args, _joined(texts, compiler.value(node.args[1])))


def _textjoin(compiler: SqlCompiler, node: TypedCall) -> Column:
    separator, skip, *values = node.args
    texts = _texts(compiler, values[0])
    for value in values[1:]:
        texts = func.array_cat(texts, _texts(compiler, value), type_=_TEXTS)
    kept = once(lambda texts, skip: case((skip, _filled(texts)), else_=texts), texts, compiler.value(skip))
    return compiler.unless_failed(node.args, _joined(kept, compiler.value(separator)))


def _split(compiler: SqlCompiler, node: TypedCall, value: Column, separator: Column) -> Column:
    def made(value: Column, separator: Column) -> Column:
        parts = func.string_to_array(value, func.nullif(separator, _EMPTY), type_=_TEXTS)
        removed = func.char_length(func.replace(value, separator, _EMPTY))
        length = func.char_length(value, type_=Integer())
        count = case((separator == _EMPTY, length), else_=(length - removed) / func.nullif(func.char_length(separator), integer(0)) + integer(1))
        return case((count <= integer(MAX_LIST), parts))

    result = once(made, value, separator)
    result.type = _TEXTS
    return result


def _is(*kinds: str) -> Callable[[SqlCompiler, TypedCall], Column]:
    def build(compiler: SqlCompiler, node: TypedCall) -> Column:
        (value,) = node.args
        found: Column
        if value.type.name == "any":
            given = func.jsonb_extract_path_text(compiler.value(value), text("0"), type_=Text())
            held = func.jsonb_extract_path_text(compiler.value(value), text("1"), type_=Text())
            found = func.coalesce(and_(given.in_([text(kind) for kind in kinds]), held != _EMPTY), false())
        elif value.type.name not in kinds:
            found = false()
        elif value.type.name == "number":
            found = compiler.value(value).is_not(None)
        else:
            found = func.coalesce(compiler.value(value) != _EMPTY, false())
        return compiler.unless_failed((value,), found)

    return build


TEXT_LIST_VALUES: Mapping[str, Callable[[SqlCompiler, TypedCall], Column]] = {
    "JOIN": _join,
    "TEXTJOIN": _textjoin,
    "ISNUMBER": _is("number"),
    "ISTEXT": _is("text", "option"),
}
TEXT_LIST_ERRORS: Mapping[str, Callable[[SqlCompiler, TypedCall], Column | None]] = {
    "JOIN": args_error,
    "TEXTJOIN": args_error,
    "ISNUMBER": args_error,
    "ISTEXT": args_error,
}
SPLIT_VALUES: Mapping[str, Callable[..., Column]] = {"SPLIT": _split}
