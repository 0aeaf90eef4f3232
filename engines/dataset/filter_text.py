"""The column of a field that only filters read in, the text they see in its place out, as SQL."""

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import ColumnElement, Text, cast, func, literal

_PARTS = ("country", "province", "city", "district", "street", "postcode")


def _address(column: Any) -> ColumnElement[Any]:  # noqa: ANN401 – a column of JSON
    text: ColumnElement[Any] = func.nullif(func.concat(*(column[part].astext for part in _PARTS)), "", type_=Text())
    return text.collate("C")


def _location(column: Any) -> ColumnElement[Any]:  # noqa: ANN401 – a column of JSON
    text: ColumnElement[Any] = column["latitude"].astext + literal(", ") + column["longitude"].astext
    return text.collate("C")


def _words(column: Any) -> ColumnElement[Any]:  # noqa: ANN401 – a column of HTML
    text: ColumnElement[Any] = func.regexp_replace(column, "<[^>]*>", " ", "g", type_=Text())
    for written, meant in (("&nbsp;", " "), ("&lt;", "<"), ("&gt;", ">"), ("&amp;", "&")):
        text = func.replace(text, written, meant, type_=Text())
    return text.collate("C")


FILTER_TEXTS: Mapping[str, Callable[[Any], ColumnElement[Any]]] = {
    "address": _address, "location": _location, "json": lambda column: cast(column, Text).collate("C"), "rich_text": _words,
}  # fmt: skip
"""By field kind."""
