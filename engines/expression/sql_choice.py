"""The SQL of comparisons, choices, tests and stand-ins for blanks: what must tell a blank from an error."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING

from sqlalchemy import UUID, Case, Numeric, and_, bindparam, case, false, func, not_, null, or_, true
from sqlalchemy.sql.elements import Grouping

from engines.expression.conversions import comparable
from engines.expression.safe import is_safe
from engines.expression.sql_any import filled_any
from engines.expression.sql_context import Column
from engines.expression.sql_parts import first_of, number, sql_type, text, typed_null
from engines.expression.tree import TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.values.value_types import BOOL, TEXT, AnyRecord

if TYPE_CHECKING:
    from engines.expression.sql import SqlCompiler

_TEXTS = ("text", "option")


def _stand_in(instead: Callable[[], Column]) -> Callable[[SqlCompiler, TypedCall], Column]:
    def value(compiler: SqlCompiler, node: TypedCall) -> Column:
        (arg,) = node.args
        return compiler.unless_failed(node.args, func.coalesce(compiler.value(arg), instead()))

    return value


def is_blank(compiler: SqlCompiler, node: TypedTree) -> Column:
    """Return whether a node is blank, never NULL; what it is for an error does not matter."""
    if node.type.of is not None or compiler.is_row(node):
        return compiler.list_is_empty(node)
    value = compiler.value(node)
    if node.type.name in _TEXTS:
        return or_(value.is_(None), value == text(""))
    return (filled_any(value) if node.type.name == "any" else value).is_(None)


def equal(compiler: SqlCompiler, left: TypedTree, right: TypedTree, two_valued: bool = True) -> Column:
    """Return whether two nodes are equal, NULL where one is an error.

    Without `two_valued`, what is FALSE may be NULL: a plain `=` that an index answers.
    """
    if _is_null(right):
        return compiler.unless_failed((left,), is_blank(compiler, left))
    if _is_null(left):
        return compiler.unless_failed((right,), is_blank(compiler, right))
    if any(isinstance(node, TypedLiteral) and isinstance(node.value, AnyRecord) for node in (left, right)):
        plain = _is_record(compiler, left, right)
        if plain is not None:
            return func.coalesce(plain, false()) if two_valued else plain
    one, other = compiler.value(left), compiler.value(right)
    blank = [node.may_be_blank for node in (left, right)]
    is_text = left.type.name in _TEXTS or right.type.name in _TEXTS
    if is_text and any(blank) and not (_is_written(left) or _is_written(right)):
        # An empty text is a blank, so that a blank equals it.
        one = func.coalesce(one, text("")) if blank[0] else one
        other = func.coalesce(other, text("")) if blank[1] else other
        return compiler.unless_failed((left, right), one == other)
    if not any(blank):
        return one == other
    if all(blank):
        return compiler.unless_failed((left, right), one.is_not_distinct_from(other))
    plain = one == other
    return compiler.unless_failed((left, right), func.coalesce(plain, false())) if two_valued else plain


def _is_record(compiler: SqlCompiler, left: TypedTree, right: TypedTree) -> Column | None:
    """Return whether a field is a certain record of one of several entities, by its two columns, which an index has; None for no field."""
    path, literal = (right, left) if isinstance(left, TypedLiteral) else (left, right)
    if not isinstance(path, TypedPath) or path.many or not isinstance(literal, TypedLiteral) or not isinstance(literal.value, AnyRecord):
        return None
    column = compiler.levels[path.row].column
    entity = column((*path.names, "entity")) == bindparam(None, literal.value.entity, type_=sql_type(TEXT), unique=True)
    return and_(entity, column((*path.names, "id")) == bindparam(None, literal.value.id, type_=UUID(), unique=True))


def _is_null(node: TypedTree) -> bool:
    if isinstance(node, TypedLiteral):
        return node.value is None or node.value == ""
    return node.type.name == "blank" and not node.may_fail


def _is_written(node: TypedTree) -> bool:
    return isinstance(node, TypedLiteral)


def _eq(compiler: SqlCompiler, node: TypedCall) -> Column:
    left, right = node.args
    return equal(compiler, left, right)


def _eq_condition(compiler: SqlCompiler, node: TypedCall) -> Column:
    left, right = node.args
    return equal(compiler, left, right, two_valued=False)


def _negated(value: Column) -> Column:
    """Return NOT in parentheses: without them `NOT a IS NULL` would be read as `NOT (a IS NULL)`."""
    return Grouping(not_(value))


def _ne(compiler: SqlCompiler, node: TypedCall) -> Column:
    left, right = node.args
    return _negated(equal(compiler, left, right))


_ORDER: Mapping[str, Callable[[Column, Column], Column]] = {
    "lt": lambda left, right: left < right,
    "le": lambda left, right: left <= right,
    "gt": lambda left, right: left > right,
    "ge": lambda left, right: left >= right,
}


def _sides(compiler: SqlCompiler, nodes: tuple[TypedTree, ...]) -> list[Column]:
    """Return the values of the sides of a comparison, texts in code-point order.

    All but the first are in parentheses: BETWEEN takes no COLLATE, NOT or OR without them.
    """
    first, *others = [compiler.value(node) for node in nodes]
    if any(node.type.name in _TEXTS for node in nodes):
        others = [value.collate("C") for value in others]
    return [first, *(Grouping(value) for value in others)]


def _order_condition(compiler: SqlCompiler, node: TypedCall) -> Column:
    left, right = _sides(compiler, node.args)
    return _ORDER[node.name](left, right)


def _order(compiler: SqlCompiler, node: TypedCall) -> Column:
    plain = _order_condition(compiler, node)
    if not any(arg.may_be_blank for arg in node.args):
        return plain
    return compiler.unless_failed(node.args, func.coalesce(plain, false()))


def _between_condition(compiler: SqlCompiler, node: TypedCall) -> Column:
    value, low, high = _sides(compiler, node.args)
    return value.between(low, high)


def _between(compiler: SqlCompiler, node: TypedCall) -> Column:
    plain = func.coalesce(_between_condition(compiler, node), false())
    return compiler.unless_failed(node.args, plain)


def _decided(compiler: SqlCompiler, condition: TypedTree, then: Column, otherwise: Column) -> Column:
    """Return one of two values by a condition that is never blank; NULL where the condition is an error."""
    value = compiler.value(condition)
    if condition.may_fail:
        return Case((true(), then), (false(), otherwise), value=value)
    return case((value, then), else_=otherwise)


def _if(compiler: SqlCompiler, node: TypedCall) -> Column:
    condition, then, otherwise = node.args
    return _decided(compiler, condition, compiler.value(then), compiler.value(otherwise))


def _if_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    condition, then, otherwise = node.args
    return _branch_error(compiler, condition, compiler.error(then), compiler.error(otherwise))


def _branch_error(
    compiler: SqlCompiler, condition: TypedTree, then: Column | None, otherwise: Column | None
) -> Column | None:
    if then is None and otherwise is None:
        return compiler.error(condition)
    nothing = typed_null(TEXT)
    branch = case((compiler.value(condition), nothing if then is None else then), else_=nothing if otherwise is None else otherwise)
    return first_of([compiler.error(condition), branch])


def _ifs(compiler: SqlCompiler, node: TypedCall) -> Column:
    result = typed_null(node.type)
    for condition, value in reversed(list(zip(node.args[::2], node.args[1::2], strict=True))):
        result = _decided(compiler, condition, compiler.value(value), result)
    return result


def _ifs_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    result: Column | None = None
    for condition, value in reversed(list(zip(node.args[::2], node.args[1::2], strict=True))):
        result = _branch_error(compiler, condition, compiler.error(value), result)
    return result


def switch_pairs(node: TypedCall) -> list[tuple[TypedTree, TypedTree]]:
    """Return the cases of a SWITCH as conditions, each with its result, the last one first."""
    subject = node.args[0]
    pairs: list[tuple[TypedTree, TypedTree]] = []
    for given, result in zip(node.args[1:-1:2], node.args[2:-1:2], strict=True):
        left, right = comparable(subject, given)
        condition = TypedCall("eq", (left, right), BOOL, may_fail=left.may_fail or right.may_fail)
        pairs.insert(0, (condition, result))
    return pairs


def _switch(compiler: SqlCompiler, node: TypedCall) -> Column:
    value = compiler.value(node.args[-1])
    for condition, result in switch_pairs(node):
        value = _decided(compiler, condition, compiler.value(result), value)
    return value


def _switch_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    error = compiler.error(node.args[-1])
    for condition, result in switch_pairs(node):
        error = _branch_error(compiler, condition, compiler.error(result), error)
    return error


def _choose(compiler: SqlCompiler, node: TypedCall) -> Column:
    which, *values = node.args
    places = [(number(place), compiler.value(value)) for place, value in enumerate(values, 1)]
    return Case(*places, value=func.trunc(compiler.value(which), type_=Numeric()))


def _choose_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    which, *values = node.args
    errors = [compiler.error(value) for value in values]
    own: Column | None = None
    if not is_safe(node.name, node.args) or any(error is not None for error in errors):
        nothing = typed_null(TEXT)
        places = [(number(place), nothing if error is None else error) for place, error in enumerate(errors, 1)]
        own = Case(*places, value=func.trunc(compiler.value(which), type_=Numeric()), else_=text("VALUE"))
    # Where the position is an error, that is the error.
    return first_of([compiler.error(which), own])


def _xor(compiler: SqlCompiler, node: TypedCall) -> Column:
    result, *others = [compiler.value(arg) for arg in node.args]
    for condition in others:
        result = Grouping(result) != Grouping(condition)
    return result


def _and(compiler: SqlCompiler, node: TypedCall) -> Column:
    result = compiler.value(node.args[-1])
    for arg in reversed(node.args[:-1]):
        if arg.may_fail:
            result = _decided(compiler, arg, result, false())
        else:
            result = and_(compiler.value(arg), result)
    return result


def _or(compiler: SqlCompiler, node: TypedCall) -> Column:
    result = compiler.value(node.args[-1])
    for arg in reversed(node.args[:-1]):
        if arg.may_fail:
            result = _decided(compiler, arg, true(), result)
        else:
            result = or_(compiler.value(arg), result)
    return result


def _and_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    error = compiler.error(node.args[-1])
    for arg in reversed(node.args[:-1]):
        error = _branch_error(compiler, arg, error, None)
    return error


def _or_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    error = compiler.error(node.args[-1])
    for arg in reversed(node.args[:-1]):
        error = _branch_error(compiler, arg, None, error)
    return error


def _not(compiler: SqlCompiler, node: TypedCall) -> Column:
    return _negated(compiler.value(node.args[0]))


def _iferror(compiler: SqlCompiler, node: TypedCall) -> Column:
    value, instead = node.args
    if _tells(value):
        return func.coalesce(compiler.value(value), compiler.value(instead))
    error = compiler.error(value)
    if error is None:
        return compiler.value(value)
    return case((error.is_(None), compiler.value(value)), else_=compiler.value(instead))


def _iferror_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    value, instead = node.args
    other = compiler.error(instead)
    if other is not None and _tells(value):
        return case((compiler.value(value).is_(None), other), else_=null())
    error = compiler.error(value)
    if error is None or other is None:
        return None
    return case((error.is_not(None), other), else_=null())


def _tells(node: TypedTree) -> bool:
    """Tell whether a NULL of a node can only be an error: its own, or a limit that was met, which no code tells of."""
    return isinstance(node, TypedCall) and node.type.of is None and not node.may_be_blank


def _iserror(compiler: SqlCompiler, node: TypedCall) -> Column:
    if _tells(node.args[0]):
        return compiler.value(node.args[0]).is_(None)
    error = compiler.error(node.args[0])
    return false() if error is None else error.is_not(None)


def _no_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    return None


def _ifblank(compiler: SqlCompiler, node: TypedCall) -> Column:
    result = compiler.value(node.args[-1])
    for arg in reversed(node.args[:-1]):
        value = compiler.value(arg)
        if arg.type.of is not None:
            result = compiler.unless_failed((arg,), case((compiler.list_is_empty(arg), result), else_=value))
            continue
        if arg.type.name == "any":
            value = filled_any(value)
        elif arg.type.name in _TEXTS:
            value = func.nullif(value, text(""))
        result = compiler.unless_failed((arg,), func.coalesce(value, result))
    return result


def _ifblank_error(compiler: SqlCompiler, node: TypedCall) -> Column | None:
    error = compiler.error(node.args[-1])
    for arg in reversed(node.args[:-1]):
        if error is not None:
            error = case((is_blank(compiler, arg), error), else_=null())
        error = first_of([compiler.error(arg), error])
    return error


def _isblank(compiler: SqlCompiler, node: TypedCall) -> Column:
    return compiler.unless_failed(node.args, is_blank(compiler, node.args[0]))


CHOICE_VALUES: Mapping[str, Callable[[SqlCompiler, TypedCall], Column]] = {
    "or_zero": _stand_in(lambda: number(0)),
    "or_empty": _stand_in(lambda: text("")),
    "or_false": _stand_in(false),
    "eq": _eq,
    "ne": _ne,
    "lt": _order,
    "le": _order,
    "gt": _order,
    "ge": _order,
    "BETWEEN": _between,
    "IF": _if,
    "IFS": _ifs,
    "SWITCH": _switch,
    "CHOOSE": _choose,
    "XOR": _xor,
    "and": _and,
    "or": _or,
    "not": _not,
    "IFERROR": _iferror,
    "ISERROR": _iserror,
    "IFBLANK": _ifblank,
    "ISBLANK": _isblank,
}
CHOICE_ERRORS: Mapping[str, Callable[[SqlCompiler, TypedCall], Column | None]] = {
    "IF": _if_error,
    "IFS": _ifs_error,
    "SWITCH": _switch_error,
    "CHOOSE": _choose_error,
    "and": _and_error,
    "or": _or_error,
    "IFERROR": _iferror_error,
    "ISERROR": _no_error,
    "IFBLANK": _ifblank_error,
}
CONDITIONS: Mapping[str, Callable[[SqlCompiler, TypedCall], Column]] = {
    "eq": _eq_condition,
    "lt": _order_condition,
    "le": _order_condition,
    "gt": _order_condition,
    "ge": _order_condition,
    "BETWEEN": _between_condition,
}
