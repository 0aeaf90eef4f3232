"""Takes a typed node and the type it should have, gives the node with the conversion written out as a call."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from engines.expression.tree import TypedCall, TypedLiteral, TypedTree
from engines.values.value_types import ANY, DATETIME, TEXT, ValueType, list_of, record_of

# What stands for a blank where a blank counts as something.
_STAND_INS = {"number": "or_zero", "text": "or_empty", "option": "or_empty", "bool": "or_false"}

# (given, wanted) -> the conversion that may be written out silently.
_SILENT = {
    ("number", "text"): "number_text",
    ("bool", "text"): "bool_text",
    ("date", "text"): "date_text",
    ("datetime", "text"): "datetime_text",
    ("datetime", "date"): "to_date",
    ("date", "datetime"): "midnight",
}


def convert(node: TypedTree, wanted: ValueType) -> TypedTree | None:
    """Return a node that has a type, itself when it has it already, None when it cannot have it."""
    given = node.type
    if given is wanted or given == wanted or wanted.name == "any":
        return node
    if given.name == "blank":
        return TypedLiteral(None, wanted, node.span)
    if wanted.name == "text" and given.name == "option" or wanted.name == "option" and given.name == "text":
        return node
    if wanted.name == "record" and given.name == "record" and None in (wanted.entity, given.entity):
        return node
    if wanted.name == "record" and isinstance(node, TypedLiteral) and given.name == "text":
        return _record_literal(node, wanted)
    if wanted.of is not None and given.of is not None:
        if given.of.name == "blank" and wanted.of.name != "any":
            return _blank_list(node, wanted)
        return node if wanted.of.name in ("any", given.of.name) else None
    name = _SILENT.get((given.name, wanted.name))
    if name is None:
        return None
    return TypedCall(name, (node,), wanted, node.span, node.may_be_blank, node.may_fail)


def _blank_list(node: TypedTree, wanted: ValueType) -> TypedTree:
    """Return a list of nothing but blanks as a list of another type."""
    assert wanted.of is not None
    if isinstance(node, TypedCall) and node.name == "list":
        return replace(node, args=tuple([convert(arg, wanted.of) or arg for arg in node.args]), type=wanted)
    return replace(node, type=wanted)


def _record_literal(node: TypedLiteral, wanted: ValueType) -> TypedTree | None:
    """Return a text that is the id of a record as that record."""
    try:
        return replace(node, value=UUID(str(node.value)), type=wanted)
    except ValueError:
        return None


def stand_in(node: TypedTree) -> TypedTree:
    """Return a node whose blank counts as 0, as an empty text or as FALSE; a node that is never blank as it is."""
    if not node.may_be_blank:
        return node
    name = _STAND_INS.get(node.type.name)
    if name is None:
        return node
    value_type = TEXT if name == "or_empty" else node.type
    return TypedCall(name, (node,), value_type, node.span, False, node.may_fail)


def common(types: list[ValueType]) -> ValueType:
    """Return the one type that values of several types can all have; ANY when they are of a mixed kind.

    >>> common([ValueType("date"), DATETIME]).name, common([TEXT, ValueType("number")]).name, common([ValueType("blank"), TEXT]).name
    ('datetime', 'any', 'text')
    """
    result: ValueType | None = None
    for value_type in types:
        if value_type.name == "blank" or value_type == result:
            continue
        result = value_type if result is None else _pair(result, value_type)
    return ValueType("blank") if result is None else result


def _pair(one: ValueType, other: ValueType) -> ValueType:
    names = {one.name, other.name}
    if names == {"date", "datetime"}:
        return DATETIME
    if names == {"text", "option"}:
        return TEXT
    if names == {"record"}:
        return record_of(None)
    if one.of is not None and other.of is not None:
        return list_of(common([one.of, other.of]))
    return ANY


def comparable(left: TypedTree, right: TypedTree) -> tuple[TypedTree, TypedTree]:
    """Return both sides of a comparison in the type they have in common, as they are when there is none."""
    if left.type == right.type:
        return left, right
    if left.type.name == "record" or right.type.name == "record":
        wanted = left.type if left.type.name == "record" else right.type
    else:
        wanted = common([left.type, right.type])
    return convert(left, wanted) or left, convert(right, wanted) or right
