"""Takes SQL values and what is made of them, gives SQL in which each value is computed once; never touches a connection."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import BindParameter, ColumnElement, Null, literal_column
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.elements import ColumnClause
from sqlalchemy.sql.functions import FunctionElement
from sqlalchemy.types import TypeEngine

Column = ColumnElement[Any]


class Once(FunctionElement[Any]):
    """`(SELECT body FROM (SELECT a AS a1, b AS a2 OFFSET 0) AS once)`: the body names a1 and a2 as often as it likes.

    OFFSET 0 keeps PostgreSQL from writing the values into the body again.
    """

    inherit_cache = True


@compiles(Once)
def _once_text(element: Once, compiler: SQLCompiler, **options: object) -> str:
    for option in ("add_to_result_map", "within_columns_clause"):
        options.pop(option, None)
    *values, body = element.clauses
    inner = ", ".join(f"{compiler.process(value, **options)} AS a{place}" for place, value in enumerate(values))
    return f"(SELECT {compiler.process(body, **options)} FROM (SELECT {inner} OFFSET 0) AS once)"


def once(body: Callable[..., Column], *values: Column) -> Column:
    """Return `body(*values)` without computing a value twice, however often the body names it.

    Plain columns and parameters are named as they are, so that simple SQL stays simple.
    """
    if all(isinstance(value, ColumnClause | BindParameter | Null) or _is_column(value) for value in values):
        return body(*values)
    names = [literal_column(f"once.a{place}", value.type) for place, value in enumerate(values)]
    made = body(*names)
    element = Once(*values, made)
    element.type = made.type
    return element


class Given(FunctionElement[Any]):
    """`(SELECT body FROM (SELECT one AS a, other AS b OFFSET 0) AS given …)`: the body is written by hand and names its values."""

    inherit_cache = False

    def __init__(self, body: str, rest: str, values: Mapping[str, Column]) -> None:
        """Keep the text and the names of the values."""
        self.body = body
        self.rest = rest
        self.names = tuple(values)
        super().__init__(*values.values())


@compiles(Given)
def _given_text(element: Given, compiler: SQLCompiler, **options: object) -> str:
    for option in ("add_to_result_map", "within_columns_clause"):
        options.pop(option, None)
    values = [compiler.process(value, **options) for value in element.clauses]
    inner = ", ".join(f"{value} AS {name}" for name, value in zip(element.names, values, strict=True))
    return f"(SELECT {element.body} FROM (SELECT {inner} OFFSET 0) AS given{element.rest})"


def given(kind: TypeEngine[Any], body: str, rest: str = "", /, **values: Column) -> Column:
    """Return SQL written by hand over values, each computed once; `rest` is what follows in its FROM.

    Inside, the values are columns of `given`; nothing that a formula's author wrote may stand in the text.
    """
    element = Given(body, rest, values)
    element.type = kind
    return element


def _is_column(value: Column) -> bool:
    return value.__visit_name__ == "column"
