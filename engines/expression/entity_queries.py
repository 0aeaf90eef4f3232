"""Takes a typed tree, gives the parts that ask whole entities, each as a query of its own, and the tree in which their answers stand for them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from engines.expression.references import IN_ROWS, calls_in
from engines.expression.tree import TypedCall, TypedLiteral, TypedPath, TypedTree


@dataclass(frozen=True, slots=True)
class Split:
    """A tree without its questions to whole entities.

    rest: the tree; a field of the name of a query holds its answer. queries: what is asked, by name; each gives one value and
    reads of the record only fields. is_whole: no question is left in the rest.
    """

    rest: TypedTree
    queries: tuple[tuple[str, TypedTree], ...]
    is_whole: bool


def split(tree: TypedTree, text: str) -> Split:
    """Return the questions of a tree, named after its text.

    A question is the smallest part around an entity that gives one value: an aggregate, or a field of what was looked up.
    """
    if not asks_entities(tree):
        return Split(tree, (), True)
    queries: list[tuple[str, TypedTree]] = []

    def walk(node: TypedTree, depth: int) -> TypedTree:
        if not isinstance(node, TypedCall) or not asks_entities(node):
            return node
        before = len(queries)
        inside = depth + 1 if node.name in IN_ROWS else depth
        args = tuple([walk(arg, inside if place == 1 else depth) for place, arg in enumerate(node.args)])
        rest = replace(node, args=args)
        is_value = node.type.of is None and (node.type.name != "record" or node is tree)
        if not is_value or not asks_entities(rest) or any(0 < path.row <= depth for path in _paths(node)):
            return rest
        # What it asks inside is asked with it.
        del queries[before:]
        name = f"@{before}:{text}"
        queries.append((name, _raised(node, depth)))
        return TypedPath((name,), node.type, node.span, may_fail=node.may_fail)

    rest = walk(tree, 0)
    return Split(rest, tuple(queries), not asks_entities(rest))


def asks_entities(tree: TypedTree) -> bool:
    """Tell whether a tree asks a whole entity."""
    return any(call.name == "entity" for call in calls_in(tree))


def whole_entities(tree: TypedTree) -> list[str]:
    """Return the names of the entities whose records are asked as a whole: `@customer`."""
    return sorted({str(call.args[0].value) for call in calls_in(tree) if call.name == "entity" and isinstance(call.args[0], TypedLiteral)})


def record_paths(tree: TypedTree) -> tuple[TypedPath, ...]:
    """Return what a query reads of the record itself, each once."""
    return tuple(dict.fromkeys(path for path in _paths(tree) if path.row == 0))


def _paths(node: TypedTree) -> Iterator[TypedPath]:
    waiting = [node]
    while waiting:
        found = waiting.pop()
        if isinstance(found, TypedPath):
            yield found
        elif isinstance(found, TypedCall) and found.name != "user_field":
            waiting.extend(found.args)


def _raised(node: TypedTree, depth: int) -> TypedTree:
    """Return a node that stood inside so many rows as one that stands in none."""
    if isinstance(node, TypedPath):
        return replace(node, row=node.row - depth) if node.row else node
    if isinstance(node, TypedCall):
        return replace(node, args=tuple([_raised(arg, depth) for arg in node.args]))
    return node
