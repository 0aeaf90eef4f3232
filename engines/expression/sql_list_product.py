"""The SQL of the product of an array: groups of sixteen, five times over, for PostgreSQL has no such aggregate."""

from __future__ import annotations

from typing import Any

from sqlalchemy import ColumnElement, Numeric
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

_GROUP = 16
# 16 to the fifth is more than a list may have elements.
_ROUNDS = 5
_FACTORS = " * ".join(f"coalesce(g[{place}], 1)" for place in range(1, _GROUP + 1))
# What has left the limits stays NaN whatever it is multiplied by, so that nothing overflows on the way.
_PRODUCT = f"CASE WHEN abs({_FACTORS}) < 1e38 AND scale({_FACTORS}) <= 1000 THEN trim_scale({_FACTORS}) ELSE 'NaN' END"


class Product(FunctionElement[Any]):
    """The exact product of an array of numerics, NULL for an array that is NULL and beyond the limits."""

    inherit_cache = True
    type = Numeric()


@compiles(Product)
def _product_text(element: Product, compiler: SQLCompiler, **options: object) -> str:
    for option in ("add_to_result_map", "within_columns_clause"):
        options.pop(option, None)
    (values,) = element.clauses
    made = f"SELECT v, i - 1 AS i FROM unnest({compiler.process(values, **options)}) WITH ORDINALITY AS u(v, i)"
    for _ in range(_ROUNDS):
        groups = f"SELECT array_agg(v) AS g, i / {_GROUP} AS i FROM ({made}) AS r GROUP BY i / {_GROUP}"
        made = f"SELECT p AS v, i FROM ({groups}) AS s, LATERAL (SELECT {_PRODUCT} AS p) AS t"
    return f"(SELECT nullif(v, 'NaN') FROM ({made}) AS product)"


def product_of(values: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return the product of an array."""
    return Product(values)
