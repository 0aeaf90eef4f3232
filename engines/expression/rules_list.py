"""The typing rules of lists, their rows and the fields of records, and what the rules of functions over lists share."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

from engines.expression.conversions import convert, stand_in
from engines.expression.function import Function
from engines.expression.messages import suggestion_words, type_words
from engines.expression.names import near
from engines.expression.rule import SIGNS, Rule, alike
from engines.expression.rules_people import user_field
from engines.expression.tree import Call, Literal, Path, Span, Tree, TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.values.issue import Fix
from engines.values.value_types import ANY, BLANK, BOOL, TEXT, ValueType, list_of, record_of

if TYPE_CHECKING:
    from engines.expression.check import Checker


def _list(checker: Checker, tree: Call, row: Function) -> TypedTree:
    items, wanted = alike(checker, [checker.node(arg) for arg in tree.args])
    return TypedCall(row.name, tuple(items), list_of(wanted), tree.span, False, any(item.may_fail for item in items))


def is_rows(node: TypedTree) -> bool:
    """Tell whether a node is a list of records."""
    return node.type.of is not None and node.type.of.name == "record"


def element_of(node: TypedTree) -> ValueType:
    """Return the type of the values of a list, or of what is no list."""
    return node.type.of if node.type.of is not None else node.type


def given_list(checker: Checker, tree: Tree, row: Function) -> TypedTree:
    """Return an argument that must be a list; a blank is an empty one."""
    node = checker.node(tree)
    if node.type.of is None and node.type.name != "blank":
        checker.fit(node, list_of(ANY), row, "list")
        node = checker.blank(node.span)
    return node if node.type.of is not None else TypedLiteral(None, list_of(BLANK), node.span)


def rows_of(checker: Checker, tree: Tree) -> TypedTree | None:
    """Return a list of records, or note that something else stands there."""
    node = checker.node(tree)
    if is_rows(node) or node.type == list_of(BLANK):
        return node
    if node.type.name == "blank":
        return convert(node, list_of(BLANK))
    checker.note("expression-not-a-list", node.span, given=type_words(node.type))
    return None


def filtered(checker: Checker, rows_tree: Tree, condition_tree: Tree, row: Function, span: Span) -> TypedTree | None:
    """Return the rows for which a condition holds."""
    rows = rows_of(checker, rows_tree)
    if rows is None:
        return None
    condition = stand_in(checker.fit(checker.in_row_of(rows, condition_tree), BOOL, row, "condition"))
    return TypedCall("filter", (rows, condition), rows.type, span, False, rows.may_fail or condition.may_fail)


def _filter(checker: Checker, tree: Call, row: Function) -> TypedTree:
    return filtered(checker, tree.args[0], tree.args[1], row, tree.span) or checker.blank(tree.span)


def _map(checker: Checker, tree: Call, row: Function) -> TypedTree:
    rows = rows_of(checker, tree.args[0])
    return checker.blank(tree.span) if rows is None else mapped(rows, checker.in_row_of(rows, tree.args[1]), tree.span)


def _entity(checker: Checker, tree: Call, row: Function) -> TypedTree:
    return whole_entity(checker, tree, ())[0]


def whole_entity(checker: Checker, tree: Call, names: tuple[str, ...]) -> tuple[TypedTree, int]:
    """Return all records of an entity, and how many names behind it belong to its key: `@organization.user`."""
    literal, wholes = tree.args[0], checker.scope.wholes
    assert isinstance(literal, Literal)
    name = str(literal.value)
    if name not in wholes and names and f"{name}.{names[0]}" in wholes:
        return _all_of(f"{name}.{names[0]}", tree.span), 1
    found = [name] if name in wholes else [key for key, labels in wholes.items() if name in labels]
    if len(found) == 1:
        checker.met.append((literal.span, found[0], None, 0, None))
        return _all_of(found[0], tree.span), 0
    if found:
        checker.note("expression-ambiguous-entity", tree.span, name=name, candidates=", ".join(found))
    else:
        known = {known: (key,) for key, labels in wholes.items() for known in (key, *labels)}
        nearest = near(name, [], {}, known)
        fixes = [Fix(literal.span, known[found][0]) for found in nearest]
        words = suggestion_words(nearest)
        checker.note_with(fixes, "expression-unknown-entity", tree.span, name=name, suggestion=words)
    return checker.blank(tree.span), 0


def _all_of(key: str, span: Span) -> TypedTree:
    return TypedCall("entity", (TypedLiteral(key, TEXT, span),), list_of(record_of(key)), span)


def _field(checker: Checker, tree: Call, row: Function) -> TypedTree:
    names: list[str] = []
    places: list[Span] = []
    base: Tree = tree
    while isinstance(base, Call) and base.name == "field":
        literal = base.args[1]
        assert isinstance(literal, Literal)
        names.insert(0, str(literal.value))
        places.insert(0, literal.span)
        base = base.args[0]
    if isinstance(base, Call) and base.name == "entity":
        node, used = whole_entity(checker, base, tuple(names))
        del names[:used], places[:used]
        if not names:
            return node
    else:
        node = checker.node(base)
    element = node.type.of if node.type.of is not None else node.type
    if element.name != "record" and node.type != list_of(BLANK):
        if node.type.name != "blank":
            checker.note("expression-not-a-record", tree.span, owner=SIGNS.get("filter"), type=type_words(node.type))
        return checker.blank(tree.span)
    if not isinstance(path := checker.in_row_of(node, Path(tuple(names), tree.span, tuple(places))), TypedPath):
        return checker.blank(tree.span)
    if isinstance(node, TypedCall) and node.name == "CURRENTUSER":
        return user_field(node, path, tree.span)
    if node.type.of is not None:
        return mapped(node, path, tree.span)
    return TypedCall(row.name, (node, path), path.type, tree.span, True, node.may_fail or path.may_fail)


def mapped(rows: TypedTree, value: TypedTree, span: Span) -> TypedTree:
    """Return the list of a value for each row."""
    element = value.type.of if value.type.of is not None else value.type
    return TypedCall("map", (rows, value), list_of(element), span, False, rows.may_fail or value.may_fail)


LIST_RULES: Mapping[str, Rule] = {"list": _list, "filter": _filter, "map": _map, "field": _field, "entity": _entity}
