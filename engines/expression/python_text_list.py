"""The Python forms of calls between texts and lists, and of tests whether a value is a number or a text."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from engines.expression.failure import MAX_LIST, MAX_TEXT, Environment, EvalContext, Failure, Given
from engines.expression.python_date import datetime_text
from engines.expression.python_path import Closure, CompileNode
from engines.expression.python_text import bool_text
from engines.expression.tree import TypedCall, TypedTree
from engines.values.decimals import number_text
from engines.values.value_types import ErrorValue

Make = Callable[[TypedCall, int, CompileNode], Closure | None]


def value_text(value: Given, context: EvalContext) -> str:
    """Return the text of a value of any kind; a blank is an empty one, a list or a record has none."""
    if value.__class__ is str:
        return value
    if value is None:
        return ""
    if value.__class__ is Decimal:
        return number_text(value)
    if value.__class__ is bool:
        return bool_text(value)
    if isinstance(value, datetime):
        return datetime_text(context, value)
    if isinstance(value, date):
        return value.isoformat()
    raise Failure("VALUE")


def split(text: str, separator: str) -> list[str]:
    """Return the parts between separators, each character for an empty one, nothing of nothing."""
    if not text:
        return []
    count = text.count(separator) + 1 if separator else len(text)
    if count > MAX_LIST:
        raise Failure("LIMIT")
    return text.split(separator) if separator else list(text)


def _texts(nodes: tuple[TypedTree, ...], depth: int, compile_node: CompileNode) -> Closure:
    """Return what gives the texts of all values of nodes, lists spread out."""
    closures = [(compile_node(node, depth), node.type.of is not None) for node in nodes]

    def run(env: Environment, context: EvalContext) -> list[str]:
        found: list[str] = []
        for closure, is_list in closures:
            value = closure(env, context)
            for part in value or () if is_list else (value,):
                if part.__class__ is ErrorValue:
                    raise Failure(part.code)
                found.append(value_text(part, context))
        if len(found) > MAX_LIST:
            raise Failure("LIMIT")
        return found

    return run


def _joined(texts: list[str], separator: str) -> str:
    if sum(map(len, texts)) + max(0, len(texts) - 1) * len(separator) > MAX_TEXT:
        raise Failure("LIMIT")
    return separator.join(texts)


def _join(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    texts, separator = _texts(node.args[:1], depth, compile_node), compile_node(node.args[1], depth)

    def run(env: Environment, context: EvalContext) -> str:
        return _joined([text for text in texts(env, context) if text], separator(env, context))

    return run


def _textjoin(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    separator, skip = compile_node(node.args[0], depth), compile_node(node.args[1], depth)
    texts = _texts(node.args[2:], depth, compile_node)

    def run(env: Environment, context: EvalContext) -> str:
        between, skips = separator(env, context), skip(env, context)
        found = texts(env, context)
        return _joined([text for text in found if text] if skips else found, between)

    return run


def _is(holds: Callable[[Any], bool]) -> Make:
    def make(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
        value = compile_node(node.args[0], depth)
        return lambda env, context: holds(value(env, context))

    return make


TEXT_LISTS: Mapping[str, Make] = {
    "JOIN": _join,
    "TEXTJOIN": _textjoin,
    "ISNUMBER": _is(lambda value: value.__class__ is Decimal),
    "ISTEXT": _is(lambda value: value.__class__ is str and value != ""),
}
TEXT_LIST_FUNCTIONS: Mapping[str, Callable[..., object]] = {"SPLIT": split}
