"""The SQL of choices between records and between lists of them: the rows of each branch where it is the one chosen."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from sqlalchemy import and_, exists, literal_column, not_, true

from engines.expression.sql_choice import switch_pairs
from engines.expression.sql_context import Column
from engines.expression.sql_list import element_of, unnested
from engines.expression.sql_list_pick import together
from engines.expression.sql_list_source import Source, one_at_least
from engines.expression.tree import TypedCall, TypedTree

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

Branches = list[tuple[Column, TypedTree]]


def _first_that_holds(compiler: SqlCompiler, pairs: list[tuple[TypedTree, TypedTree]], otherwise: TypedTree | None) -> Branches:
    found: Branches = []
    rest: list[Column] = []
    for condition, result in pairs:
        holds = compiler.value(condition).is_(true())
        found.append((and_(*rest, holds), result))
        rest.append(not_(holds))
    return found if otherwise is None else [*found, (and_(*rest), otherwise)]


def _if(compiler: SqlCompiler, node: TypedCall) -> Branches:
    condition, then, otherwise = node.args
    return _first_that_holds(compiler, [(condition, then)], otherwise)


def _ifs(compiler: SqlCompiler, node: TypedCall) -> Branches:
    return _first_that_holds(compiler, list(zip(node.args[::2], node.args[1::2], strict=True)), None)


def _switch(compiler: SqlCompiler, node: TypedCall) -> Branches:
    return _first_that_holds(compiler, list(reversed(switch_pairs(node))), node.args[-1])


def _ifblank(compiler: SqlCompiler, node: TypedCall) -> Branches:
    found: Branches = []
    rest: list[Column] = []
    for arg in node.args:
        found.append((and_(true(), *rest), arg))
        rest.append(not_(exists(compiler.source(arg).rows(literal_column("1")).scalar_subquery())))
    return found


def _iferror(compiler: SqlCompiler, node: TypedCall) -> Branches:
    value, instead = node.args
    error = compiler.error(value)
    if error is None:
        return [(true(), value)]
    return [(error.is_(None), value), (error.is_not(None), instead)]


def _chosen(branches: Callable[[SqlCompiler, TypedCall], Branches]) -> Callable[[SqlCompiler, TypedCall], Source]:
    def build(compiler: SqlCompiler, node: TypedCall) -> Source:
        if element_of(node).name != "record":
            return replace(unnested(compiler.value(node), element_of(node)), failed=compiler.error(node))
        sources = []
        for condition, branch in branches(compiler, node):
            rows = compiler.source(branch)
            sources.append(replace(rows, where=(*rows.where, condition)))
        return together(compiler, sources, compiler.error(node))

    return build


def _written(compiler: SqlCompiler, node: TypedCall) -> Source:
    """Return a list that is written out."""
    if element_of(node).name == "record":
        return together(compiler, [one_at_least(compiler.source(arg)) for arg in node.args], compiler.error(node))
    return replace(unnested(compiler.value(node), element_of(node)), failed=compiler.error(node))


CHOICE_SOURCES: Mapping[str, Callable[[Any, TypedCall], Source]] = {
    "IF": _chosen(_if),
    "IFS": _chosen(_ifs),
    "SWITCH": _chosen(_switch),
    "IFBLANK": _chosen(_ifblank),
    "IFERROR": _chosen(_iferror),
    "list": _written,
}
