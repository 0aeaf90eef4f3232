"""An expression being written in, what it means and what stands against its use out; the draft itself is not resolved."""

from collections.abc import Callable, Iterator, Mapping
from typing import Literal

from dougong.model.messages import MESSAGES
from dougong.model.reach import unreachable
from dougong.model.resolve_expressions import TYPE_NAMES, fits, unanswered
from engines.expression.check import Checked, cannot_run, text_to_typed
from engines.expression.entity_queries import whole_entities
from engines.expression.function import Function
from engines.expression.functions import FUNCTIONS
from engines.expression.references import references
from engines.expression.scope import Scope
from engines.expression.tree import TypedCall, TypedPath, TypedTree
from engines.values.issue import Issue, issue
from engines.values.value_types import BOOL, ValueType, type_text

Use = Literal["formula", "default", "rule", "where", "filter", "condition"]
"""What an expression is written for: `where` chooses records of a reference, `filter` rows of a list."""

_CONDITIONS = ("rule", "where", "filter", "condition")
_PLACE: Mapping[str, Literal["sql", "browser"]] = {"where": "sql", "filter": "sql", "condition": "browser"}
_HOPS = {"default": 0, "rule": 1}


def check_expression(text: str, scope: Scope, use: Use | None = None, wanted: ValueType | None = None) -> Checked:
    """Return the typed tree of an expression, or everything that is wrong with it where it is to be used.

    wanted: the type its answer must have; for a condition that is known.
    """
    checked = text_to_typed(text, scope)
    if checked.tree is None:
        return checked
    issues = (*_type_issues(checked.tree, BOOL if use in _CONDITIONS else wanted), *_use_issues(checked.tree, scope, use))
    return Checked(None, issues, checked.met) if issues else checked


def allowed_in(use: Use | None) -> Callable[[Function], bool]:
    """Return the test whether a function may be called where an expression is used."""
    place = None if use is None else _PLACE.get(use)
    return lambda row: (place is None or place in row.runs_in) and (use != "formula" or row.steady)


def is_asked(use: Use) -> bool:
    """Whether expressions of a use are turned into queries."""
    return _PLACE.get(use) == "sql"


def _type_issues(tree: TypedTree, wanted: ValueType | None) -> Iterator[Issue]:
    if wanted is not None and not fits(tree.type, wanted):
        words = {type_: TYPE_NAMES.get(kind.name, type_text(kind)) for type_, kind in (("wanted", wanted), ("found", tree.type))}
        yield issue(MESSAGES, "definition-formula-type", "", None, **words)


def _use_issues(tree: TypedTree, scope: Scope, use: Use | None) -> Iterator[Issue]:
    if use is None:
        return
    if use in _PLACE:
        yield from cannot_run(tree, _PLACE[use])
    if use == "formula":
        for node in _nodes(tree):
            if isinstance(node, TypedCall) and node.name == "entity":
                yield issue(MESSAGES, "definition-formula-entity", "", node.span, name=", ".join(whole_entities(node)))
            elif isinstance(node, TypedCall) and not FUNCTIONS[node.name].steady:
                yield issue(MESSAGES, "definition-formula-volatile", "", node.span, name=node.name)
    if use in ("default", "rule"):
        yield from unanswered(tree, "")
    if use in _HOPS:
        for path in unreachable(references(tree), scope, _HOPS[use]):
            spans = [node.span for node in _nodes(tree) if isinstance(node, TypedPath) and path[-len(node.names) :] == node.names]
            yield issue(MESSAGES, "definition-formula-path", "", spans[0] if spans else None, path=".".join(path))


def _nodes(tree: TypedTree) -> Iterator[TypedTree]:
    waiting = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, TypedCall):
            waiting.extend(reversed(node.args))
