"""Takes a typed tree and columns, gives a SQLAlchemy expression for PostgreSQL; never touches a connection.

A value is NULL when it is blank and when it is an error; `error` tells the two apart wherever they may both occur.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace

from sqlalchemy import and_, bindparam, case, false, null, or_, true

from engines.expression.messages import MESSAGES, PLACES
from engines.expression.safe import is_safe
from engines.expression.sql_allocate import ALLOCATE_ERRORS, ALLOCATE_VALUES
from engines.expression.sql_any import ANY_VALUES
from engines.expression.sql_china import CHINA_VALUES
from engines.expression.sql_choice import CHOICE_ERRORS, CHOICE_VALUES, CONDITIONS
from engines.expression.sql_context import Column, Keys, NotPushable, SqlContext
from engines.expression.sql_date import DATE_ERRORS, DATE_VALUES
from engines.expression.sql_finance import FINANCE_ERRORS, FINANCE_VALUES
from engines.expression.sql_format import FORMAT_ERRORS, FORMAT_VALUES, NUMBER_OF_TEXT, NUMBER_OF_TEXT_ERRORS
from engines.expression.sql_list import (
    LIST_ERRORS,
    LIST_SOURCES,
    LIST_VALUES,
    cast_to,
    element_of,
    list_error,
    list_is_empty,
    list_value,
    nothing,
    path_source,
    record_source,
    unnested,
)
from engines.expression.sql_list_choice import CHOICE_SOURCES
from engines.expression.sql_list_make import MAKE_ERRORS, MAKE_VALUES
from engines.expression.sql_list_pick import PICK_ERRORS, PICK_SOURCES, PICK_VALUES
from engines.expression.sql_list_source import Source
from engines.expression.sql_moment import MOMENT_ERRORS, MOMENT_VALUES
from engines.expression.sql_number import NUMBER_ERRORS, NUMBER_VALUES
from engines.expression.sql_parts import Level, first_of, limited, sql_type, text, typed_null
from engines.expression.sql_people import PEOPLE_ERRORS, PEOPLE_SPECIAL, PEOPLE_SPECIAL_ERRORS, PEOPLE_VALUES
from engines.expression.sql_piece import PIECE_ERRORS, PIECE_VALUES
from engines.expression.sql_power import POWER_ERRORS, POWER_VALUES
from engines.expression.sql_regex import REGEX_ERRORS, REGEX_VALUES
from engines.expression.sql_span import SPAN_ERRORS, SPAN_VALUES
from engines.expression.sql_text import TEXT_ERRORS, TEXT_VALUES
from engines.expression.sql_text_list import SPLIT_VALUES, TEXT_LIST_ERRORS, TEXT_LIST_VALUES
from engines.expression.sql_whole import WHOLE_ERRORS, WHOLE_VALUES
from engines.expression.sql_workday import WORKDAY_ERRORS, WORKDAY_VALUES
from engines.expression.tree import MAX_NODES, TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.values.issue import issue
from engines.values.value_types import BOOL, AnyRecord

_MOST_PARTS = 5_000


def compile_sql(tree: TypedTree, column: Callable[[Keys], Column], context: SqlContext) -> Column:
    """Return the value of a tree as SQL: NULL for a blank and for an error."""
    return SqlCompiler(column, context).value(tree)


def compile_error(tree: TypedTree, column: Callable[[Keys], Column], context: SqlContext) -> Column | None:
    """Return the error code of a tree as SQL, NULL where it has a value or is blank; None when it cannot fail."""
    return SqlCompiler(column, context).error(tree)


def compile_result(tree: TypedTree, column: Callable[[Keys], Column], context: SqlContext) -> tuple[Column, Column | None]:
    """Return the value of a whole formula and its error code, the limits of the language kept: what lies beyond is LIMIT.

    Inside a formula limits are not looked at, so that plain SQL stays plain. What is neither blank nor an error of its own and yet
    NULL has met a limit on its way.
    """
    compiler = SqlCompiler(column, context)
    value, error = compiler.value(tree), compiler.error(tree)
    kept, beyond = limited(value, tree.type)
    if not tree.may_be_blank and not isinstance(tree, TypedLiteral):
        beyond = value.is_(None) if beyond is None else or_(value.is_(None), beyond)
    return kept, error if beyond is None else first_of([error, case((beyond, text("LIMIT")))])


def compile_condition(tree: TypedTree, column: Callable[[Keys], Column], context: SqlContext) -> Column:
    """Return a condition for a WHERE: true exactly where the tree is TRUE, so never where it is an error.

    What is FALSE in the language may be NULL here, which leaves indexes usable.
    """
    return SqlCompiler(column, context).condition(tree)


class SqlCompiler:
    """Compiles one tree; `levels` are the record and the rows around the node being compiled."""

    __slots__ = ("context", "levels", "name_count", "part_count")

    def __init__(self, column: Callable[[Keys], Column], context: SqlContext) -> None:
        """Begin at the record whose columns are given."""
        self.context = context
        self.levels = [Level(column, context.rows, context.error)]
        self.part_count = 0
        self.name_count = 0

    def value(self, node: TypedTree) -> Column:
        """Return the value of a node, NULL when it is blank or an error."""
        self.count(node)
        if isinstance(node, TypedLiteral):
            return self.literal(node)
        if isinstance(node, TypedPath):
            return self.path(node)
        special = SPECIAL_VALUES.get(node.name)
        if special is not None:
            return special(self, node)
        build = STRICT_VALUES.get(node.name)
        if build is None:
            raise self.refuse(node)
        return build(self, node, *[self.value(arg) for arg in node.args])

    def error(self, node: TypedTree) -> Column | None:
        """Return the error code of a node, NULL when it has none; None when it cannot have one."""
        if not node.may_fail or isinstance(node, TypedLiteral):
            return None
        self.count(node)
        if isinstance(node, TypedPath):
            level = self.levels[node.row]
            if node.many:
                return list_error(self, node)
            if level.error is None:
                raise self.refuse(node)
            return level.error(node.names)
        special = SPECIAL_ERRORS.get(node.name)
        if special is not None:
            return special(self, node)
        own = OWN_ERRORS.get(node.name)
        errors = [self.error(arg) for arg in node.args]
        if own is not None and not is_safe(node.name, node.args):
            errors.append(own(self, node, *[self.value(arg) for arg in node.args]))
        return first_of(errors)

    def source(self, node: TypedTree) -> Source:
        """Return the rows of a list, or of a record the one it is."""
        self.count(node)
        if isinstance(node, TypedPath):
            return path_source(self, node)
        build = SOURCES.get(node.name) if isinstance(node, TypedCall) else None
        if build is not None:
            return build(self, node)  # type: ignore[arg-type]
        if node.type.of is None:
            if isinstance(node, TypedLiteral) and node.value is None:
                return nothing()
            return record_source(self, node)
        return replace(unnested(cast_to(self.value(node), node.type), element_of(node)), failed=self.error(node))

    def is_row(self, node: TypedTree) -> bool:
        """Tell whether a node is one row of a list, or none."""
        return isinstance(node, TypedCall) and node.type.name == "record" and node.name in SOURCES

    def name_part(self) -> str:
        """Return a name for a part of the query that no other part of this tree has."""
        self.name_count += 1
        return f"list_{self.name_count}"

    def literal(self, node: TypedLiteral) -> Column:
        """Return a literal as a bind parameter."""
        if node.value is None:
            return typed_null(node.type)
        if isinstance(node.value, bool):
            return true() if node.value else false()
        value = str(node.value) if isinstance(node.value, AnyRecord) else node.value
        return bindparam(None, value, type_=sql_type(node.type), unique=True)

    def path(self, node: TypedPath) -> Column:
        """Return the column of a path."""
        if node.many:
            return list_value(self, node)
        if node.type.name == "blank":
            return typed_null(node.type)
        column = self.levels[node.row].column(node.names)
        # A list of which nothing is known is one of texts in the database.
        return column if node.type.of is None else cast_to(column, node.type)

    def condition(self, node: TypedTree) -> Column:
        """Return SQL that is true exactly where a node is TRUE."""
        if isinstance(node, TypedCall):
            if node.name == "or_false":
                return self.condition(node.args[0])
            if node.name == "and":
                return and_(*[self.condition(arg) for arg in node.args])
            if node.name == "or" and not any(arg.may_fail for arg in node.args[:-1]):
                return or_(*[self.condition(arg) for arg in node.args])
            special = CONDITIONS.get(node.name)
            if special is not None:
                return special(self, node)
        return typed_null(BOOL) if node.type.name == "blank" else self.value(node)

    def list_is_empty(self, node: TypedTree) -> Column:
        """Return whether a list has no rows."""
        return list_is_empty(self, node)

    def unless_failed(self, nodes: tuple[TypedTree, ...], value: Column) -> Column:
        """Return a value that is NULL where one of the nodes is an error."""
        failed = first_of([self.error(node) if node.type.of is None else list_error(self, node) for node in nodes])
        return value if failed is None else case((failed.is_(None), value), else_=null())

    def count(self, node: TypedTree) -> None:
        """Count a part; a tree whose SQL grows beyond all measure is refused."""
        self.part_count += 1
        if self.part_count > _MOST_PARTS:
            raise NotPushable(issue(MESSAGES, "expression-too-large", span=node.span, most=MAX_NODES))

    def refuse(self, node: TypedTree) -> NotPushable:
        """Return the exception that says a node has no SQL form."""
        name = node.name if isinstance(node, TypedCall) else "/".join(getattr(node, "names", ("",)))
        return NotPushable(issue(MESSAGES, "expression-not-here", span=node.span, name=name, place=PLACES["sql"]))


# Calls that are NULL as soon as an argument is, given the SQL of their arguments.
STRICT_VALUES: Mapping[str, Callable[..., Column]] = {
    **NUMBER_VALUES,
    **TEXT_VALUES,
    **PIECE_VALUES,
    **SPLIT_VALUES,
    **NUMBER_OF_TEXT,
    **DATE_VALUES,
    **ANY_VALUES,
    **POWER_VALUES,
    **WHOLE_VALUES,
    **FINANCE_VALUES,
    **MOMENT_VALUES,
    **SPAN_VALUES,
    **CHINA_VALUES,
    **PEOPLE_VALUES,
}
# The errors of their own that such calls can make.
OWN_ERRORS: Mapping[str, Callable[..., Column]] = {
    **NUMBER_ERRORS,
    **TEXT_ERRORS,
    **PIECE_ERRORS,
    **NUMBER_OF_TEXT_ERRORS,
    **DATE_ERRORS,
    **POWER_ERRORS,
    **WHOLE_ERRORS,
    **FINANCE_ERRORS,
    **MOMENT_ERRORS,
    **SPAN_ERRORS,
    **PEOPLE_ERRORS,
}
# Calls that look at their arguments themselves.
SPECIAL_VALUES: Mapping[str, Callable[[SqlCompiler, TypedCall], Column]] = {
    **CHOICE_VALUES,
    **LIST_VALUES,
    **MAKE_VALUES,
    **PICK_VALUES,
    **TEXT_LIST_VALUES,
    **FORMAT_VALUES,
    **REGEX_VALUES,
    **ALLOCATE_VALUES,
    **WORKDAY_VALUES,
    **PEOPLE_SPECIAL,
}
SPECIAL_ERRORS: Mapping[str, Callable[[SqlCompiler, TypedCall], Column | None]] = {
    **CHOICE_ERRORS,
    **LIST_ERRORS,
    **MAKE_ERRORS,
    **PICK_ERRORS,
    **TEXT_LIST_ERRORS,
    **FORMAT_ERRORS,
    **REGEX_ERRORS,
    **ALLOCATE_ERRORS,
    **WORKDAY_ERRORS,
    **PEOPLE_SPECIAL_ERRORS,
}
# Calls that are rows of their own making; what any other list-valued call answers is an array, whose elements are the rows.
SOURCES: Mapping[str, Callable[[SqlCompiler, TypedCall], Source]] = {**LIST_SOURCES, **PICK_SOURCES, **CHOICE_SOURCES}
SQL_NAMES = frozenset(STRICT_VALUES) | frozenset(SPECIAL_VALUES)
