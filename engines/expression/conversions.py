"""Takes a typed node and the type it should have, gives the node with the conversion written out as a call."""

from __future__ import annotations

from dataclasses import replace
from uuid import UUID

from engines.expression.tree import TypedCall, TypedLiteral, TypedTree
from engines.values.value_types import (
    ANY,
    DATETIME,
    TEXT,
    AnyRecord,
    ValueType,
    any_record_of,
    entities_of,
    list_of,
    record_of,
)

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
    if wanted.name == "record" and given.name == "record":
        return node if _may_be(given, wanted) else None
    if wanted.name == "record" and isinstance(node, TypedLiteral) and given.name == "text":
        return _record_literal(node, wanted)
    if wanted.of is not None and given.of is not None:
        if given.of.name == "blank" and wanted.of.name != "any":
            return _blank_list(node, wanted)
        return node if wanted.of.name in ("any", given.of.name) else None
    if given.name == "any":
        return _choice_as(node, wanted)
    name = _SILENT.get((given.name, wanted.name))
    if name is None:
        return None
    return TypedCall(name, (node,), wanted, node.span, node.may_be_blank, node.may_fail)


# Which arguments of a call are what it may give; of SWITCH the last as well.
_GIVES = {
    "IF": slice(1, None), "IFS": slice(1, None, 2), "SWITCH": slice(2, None, 2), "CHOOSE": slice(1, None), "IFERROR": slice(None),
    "IFBLANK": slice(None),
}  # fmt: skip


def _given_by(node: TypedTree) -> list[int]:
    """Return the places of the arguments of a call that are what it may give; none of a call that does not choose."""
    if not isinstance(node, TypedCall) or node.name not in _GIVES:
        return []
    places = list(range(len(node.args)))
    return places[_GIVES[node.name]] + (places[-1:] if node.name == "SWITCH" else [])


def _plain(branch: TypedTree) -> TypedTree:
    """Return a branch of a choice as it was before it was marked as one of several types."""
    return branch.args[0] if isinstance(branch, TypedCall) and branch.name == "to_any" else branch


def _is_empty_text(node: TypedTree) -> bool:
    return isinstance(node, TypedLiteral) and node.value == ""


def is_blank_literal(node: TypedTree) -> bool:
    """Tell whether a node is a blank or an empty text that is written out."""
    return isinstance(node, TypedLiteral) and (node.value is None or node.value == "")


def _choice_as(node: TypedTree, wanted: ValueType) -> TypedTree | None:
    """Return a choice of values of several types with each of them in one type, None where one cannot have it.

    An empty text that is written out is a blank, so that `IF(n = 0, "", a / n)` may stand for a number.
    """
    places = _given_by(node)
    if not places:
        return None
    assert isinstance(node, TypedCall)
    args = list(node.args)
    for place in places:
        branch = _plain(args[place])
        is_blank = is_blank_literal(branch) and not (wanted.name == "text" and _is_empty_text(branch))
        fitting = TypedLiteral(None, wanted, branch.span) if is_blank else convert(branch, wanted)
        if fitting is None:
            return None
        args[place] = fitting
    last_alone = node.name == "IFBLANK"
    blank = node.name == "IFS" or any(args[place].may_be_blank for place in (places[-1:] if last_alone else places))
    return replace(node, args=tuple(args), type=wanted, may_be_blank=blank)


def beside(node: TypedTree, other: ValueType) -> TypedTree:
    """Return what stands beside a value to be equal to it: an empty text beside what is no text is a blank."""
    is_blank = _is_empty_text(node) and other.name not in ("text", "option", "any", "list", "blank")
    return TypedLiteral(None, ValueType("blank"), node.span) if is_blank else node


def settled(node: TypedTree) -> TypedTree:
    """Return a choice whose only texts are empty ones in the type of its other values, any other node as it is."""
    if node.type.name != "any":
        return node
    kinds = _kinds(node)
    wanted = None if kinds is None else common(kinds)
    return node if wanted is None or wanted.name in ("any", "blank") else _choice_as(node, wanted) or node


def _kinds(node: TypedTree) -> list[ValueType] | None:
    """Return the types of what a choice may give, but for empty texts; None where they are not known."""
    if node.type.name != "any":
        return [] if _is_empty_text(node) else [node.type]
    if isinstance(node, TypedLiteral):
        return []
    within = [_kinds(_plain(node.args[place])) for place in _given_by(node)] if isinstance(node, TypedCall) else []
    if not within or None in within:
        return None
    return [kind for kinds in within if kinds for kind in kinds]


def _blank_list(node: TypedTree, wanted: ValueType) -> TypedTree:
    """Return a list of nothing but blanks as a list of another type."""
    assert wanted.of is not None
    if isinstance(node, TypedCall) and node.name == "list":
        return replace(node, args=tuple([convert(arg, wanted.of) or arg for arg in node.args]), type=wanted)
    if isinstance(node, TypedCall) and node.name == "map":
        rows, value = node.args
        return replace(node, args=(rows, convert(value, wanted.of) or value), type=wanted)
    return replace(node, type=wanted)


def _may_be(given: ValueType, wanted: ValueType) -> bool:
    """Tell whether a record of one type may stand for one of another; one of several entities stands for nothing else."""
    among, accepted = entities_of(given), entities_of(wanted)
    if among or accepted:
        return bool(among) and set(among) <= set(accepted)
    return None in (wanted.entity, given.entity)


def _record_literal(node: TypedLiteral, wanted: ValueType) -> TypedTree | None:
    """Return a text that is the id of a record as that record; of one of several entities the key goes before the id."""
    among = entities_of(wanted)
    entity, _, written = str(node.value).rpartition("/")
    if bool(among) != bool(entity) or (among and entity not in among):
        return None
    try:
        return replace(node, value=AnyRecord(entity, UUID(written)) if among else UUID(written), type=wanted)
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
        among = (entities_of(one), entities_of(other))
        if all(among):
            return any_record_of(dict.fromkeys((*among[0], *among[1])))
        return ANY if any(among) else record_of(None)
    if one.of is not None and other.of is not None:
        return list_of(common([one.of, other.of]))
    return ANY


def comparable(left: TypedTree, right: TypedTree) -> tuple[TypedTree, TypedTree]:
    """Return both sides of a comparison in the type they have in common, as they are when there is none."""
    left, right = beside(left, right.type), beside(right, left.type)
    if left.type == right.type:
        return left, right
    if left.type.name == "record" or right.type.name == "record":
        wanted = left.type if left.type.name == "record" else right.type
    else:
        wanted = common([left.type, right.type])
    return convert(left, wanted) or left, convert(right, wanted) or right
