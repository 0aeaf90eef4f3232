"""Takes a tree, gives its text with as few brackets as it needs; parsing the text gives the same tree."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import date, datetime
from decimal import Decimal

from engines.expression.tree import Call, Literal, Path, Tree
from engines.values.decimals import number_text
from engines.values.value_types import Value

# name -> (sign, how tightly it binds), as in the parser.
_BINARY: Mapping[str, tuple[str, int]] = {
    "or": ("OR", 1), "and": ("AND", 2), "eq": ("=", 4), "ne": ("<>", 4), "lt": ("<", 4), "le": ("<=", 4),
    "gt": (">", 4), "ge": (">=", 4), "concat": ("&", 5), "add": ("+", 6), "sub": ("-", 6), "mul": ("*", 7),
    "div": ("/", 7), "pow": ("^", 8),
}  # fmt: skip
_COMPARISON, _UNARY, _POSTFIX = 4, 9, 10
_SPELLED = {"and": "AND", "or": "OR", "not": "NOT", "pow": "POWER", "filter": "FILTER", "map": "MAP"}
_WORDS = frozenset({"TRUE", "FALSE", "NULL", "AND", "OR", "NOT"})
_NAME = re.compile(r"[^\W\d]\w*")


def write(tree: Tree) -> str:
    """Return the text of a tree.

    >>> from engines.expression.parse import parse
    >>> write(parse("round((a+b)*{单价 (元)},2)").tree)
    'ROUND((a + b) * {单价 (元)}, 2)'
    """
    return _text(tree)[0]


def _text(tree: Tree) -> tuple[str, int]:
    """Return the text of a tree and how tightly its outermost operator binds."""
    if isinstance(tree, Literal):
        return write_value(tree.value), _POSTFIX
    if isinstance(tree, Path):
        first, *rest = tree.names
        return ".".join((write_name(first, is_first=True), *(write_name(name) for name in rest))), _POSTFIX
    return _call(tree)


def _call(tree: Call) -> tuple[str, int]:
    name, args = tree.name, tree.args
    if name in _BINARY and len(args) == 2:
        sign, power = _BINARY[name]
        left = _bracketed(args[0], power + 1 if power == _COMPARISON else power)
        return f"{left} {sign} {_bracketed(args[1], power + 1)}", power
    if name == "neg":
        return "-" + _bracketed(args[0], _UNARY), _UNARY
    if name == "percent":
        return _bracketed(args[0], _POSTFIX) + "%", _POSTFIX
    if name == "list":
        return f"[{_listed(args)}]", _POSTFIX
    if name == "filter" and len(args) == 2:
        return f"{_bracketed(args[0], _POSTFIX)}[{write(args[1])}]", _POSTFIX
    if name == "entity" and isinstance(args[0], Literal):
        return "@" + write_name(str(args[0].value)), _POSTFIX
    if name == "field" and isinstance(args[1], Literal):
        return f"{_bracketed(args[0], _POSTFIX)}.{write_name(str(args[1].value))}", _POSTFIX
    return f"{_SPELLED.get(name, name)}({_listed(args)})", _POSTFIX


def _listed(args: tuple[Tree, ...]) -> str:
    return ", ".join(write(arg) for arg in args)


def _bracketed(tree: Tree, least: int) -> str:
    text, power = _text(tree)
    return text if power >= least else f"({text})"


def write_name(name: str, is_first: bool = False) -> str:
    """Return a name as it is written: in braces unless it is an identifier, and none of the words where a path begins.

    >>> write_name("数量"), write_name("Unit price"), write_name("not", is_first=True)
    ('数量', '{Unit price}', '{not}')
    """
    is_word = is_first and name.upper() in _WORDS
    return name if _NAME.fullmatch(name) and not is_word else "{" + name + "}"


def write_value(value: Value) -> str:
    """Return a value as it is written in a text.

    >>> write_value(Decimal("1E+3")), write_value(date(2024, 2, 29)), write_value("北京")
    ('1000', '#2024-02-29#', '"北京"')
    """
    if value is None:
        return "NULL"
    if isinstance(value, bool):
        return "TRUE" if value else "FALSE"
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, datetime):
        return f"#{value.isoformat(' ', 'seconds')}#"
    if isinstance(value, date):
        return f"#{value.isoformat()}#"
    return '"' + str(value).replace('"', '""') + '"'
