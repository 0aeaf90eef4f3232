"""The typing rules of functions between texts, lists and formats; patterns and formats that are written out are read here."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import TYPE_CHECKING

from engines.expression.conversions import convert, stand_in
from engines.expression.function import Function
from engines.expression.messages import format_words, found_words, type_words
from engines.expression.pattern import BadPattern, read_pattern
from engines.expression.replacement import BadReplacement, read_replacement
from engines.expression.rule import Rule, argument_words, condition_of
from engines.expression.text_format import BadFormat, read_format
from engines.expression.tree import Call, TypedCall, TypedLiteral, TypedTree
from engines.values.value_types import BOOL, NUMBER, TEXT, list_of

if TYPE_CHECKING:
    from engines.expression.check import Checker

_WRITABLE = ("number", "text", "option", "bool", "date", "datetime", "any", "blank")


def _writable(checker: Checker, node: TypedTree, row: Function, argument: str) -> TypedTree:
    """Note a value, or a list of such, that has no text."""
    element = node.type.of if node.type.of is not None else node.type
    if element.name not in _WRITABLE:
        words = {"wanted": type_words(TEXT), "given": type_words(element)}
        checker.note("expression-type", node.span, name=row.name, argument=argument_words(argument), **words)
    return node


def _text_of(checker: Checker, tree: Call, row: Function, place: int) -> TypedTree:
    """Return an argument that is a text; a blank counts as an empty one."""
    fitting = checker.fit(checker.node(tree.args[place]), TEXT, row, row.takes[place].name)
    if isinstance(fitting, TypedLiteral) and fitting.value is None:
        return TypedLiteral("", TEXT, fitting.span)
    return stand_in(fitting)


def _join(checker: Checker, tree: Call, row: Function) -> TypedTree:
    values = _writable(checker, checker.node(tree.args[0]), row, "list")
    if values.type.of is None and values.type.name != "blank":
        words = {"wanted": type_words(list_of(TEXT)), "given": type_words(values.type)}
        checker.note("expression-type", values.span, name=row.name, argument=argument_words("list"), **words)
    args = (convert(values, list_of(TEXT)) or values, _text_of(checker, tree, row, 1))
    return TypedCall(row.name, args, row.returns, tree.span, False, any(arg.may_fail for arg in args))


def _textjoin(checker: Checker, tree: Call, row: Function) -> TypedTree:
    args = [_text_of(checker, tree, row, 0), condition_of(checker, tree.args[1], row)]
    for given in tree.args[2:]:
        value = _writable(checker, checker.node(given), row, "value")
        args.append(value if value.type.of is not None else convert(value, TEXT) or value)
    return TypedCall(row.name, tuple(args), row.returns, tree.span, False, any(arg.may_fail for arg in args))


def _text(checker: Checker, tree: Call, row: Function) -> TypedTree:
    value = checker.node(tree.args[0])
    if value.type.of is not None:
        words = {"wanted": type_words(TEXT), "given": type_words(value.type)}
        checker.note("expression-type", value.span, name=row.name, argument=argument_words("value"), **words)
    else:
        _writable(checker, value, row, "value")
    written = _text_of(checker, tree, row, 1)
    is_written = isinstance(written, TypedLiteral)
    if isinstance(written, TypedLiteral):
        _note_format(checker, row, value, written)
    elif value.type.name == "any":
        _note_mixed(checker, row, value)
    args = (value, written)
    fails = value.may_fail or written.may_fail or not is_written
    return TypedCall(row.name, args, row.returns, tree.span, False, fails)


def _note_format(checker: Checker, row: Function, value: TypedTree, written: TypedLiteral) -> None:
    """Note a written format that means nothing, or nothing for such a value."""
    argument = argument_words("format")
    try:
        found = read_format(str(written.value))
    except BadFormat:
        checker.note("expression-bad-format", written.span, name=row.name, argument=argument, found=found_words(str(written.value)))
        return
    if value.type.name == "any" and not found.is_plain:
        _note_mixed(checker, row, value)
    is_number, is_moment = value.type.name == "number", value.type.name in ("date", "datetime")
    if not found.is_plain and ((is_number and not found.sections) or (is_moment and not found.moment)):
        words = {"kind": format_words(is_number), "given": type_words(value.type)}
        checker.note("expression-format-kind", written.span, name=row.name, argument=argument, **words)


def _note_mixed(checker: Checker, row: Function, value: TypedTree) -> None:
    """Note a value of mixed types where a format is to write it: a date in it could not be told from a text."""
    words = {"wanted": type_words(NUMBER), "given": type_words(value.type)}
    checker.note("expression-type", value.span, name=row.name, argument=argument_words("value"), **words)


def _kind_test(checker: Checker, tree: Call, row: Function) -> TypedTree:
    value = checker.node(tree.args[0])
    return TypedCall(row.name, (value,), BOOL, tree.span, False, value.may_fail)


def _regex(checker: Checker, tree: Call, row: Function) -> TypedTree:
    call = checker.by_row(row, tree)
    if not isinstance(call, TypedCall):
        return call
    pattern = call.args[1]
    if not isinstance(pattern, TypedLiteral) or not isinstance(pattern.value, str):
        return call
    argument = argument_words("pattern")
    try:
        groups = read_pattern(pattern.value).groups
    except BadPattern:
        checker.note("expression-bad-pattern", pattern.span, name=row.name, argument=argument, found=found_words(pattern.value))
        return call
    last = call.args[-1]
    if isinstance(last, TypedLiteral) and not _group_fits(row.name, last, groups):
        argument = argument_words(row.takes[2].name)
        checker.note("expression-no-group", last.span, name=row.name, argument=argument, groups=groups)
    return call


def _group_fits(name: str, last: TypedLiteral, groups: int) -> bool:
    """Tell whether a written group, or the groups in a written replacement, are there."""
    if name == "REGEXEXTRACT" and isinstance(last.value, Decimal):
        return 0 <= int(last.value) <= groups
    if name == "REGEXREPLACE" and isinstance(last.value, str):
        try:
            read_replacement(last.value, groups)
        except BadReplacement:
            return False
    return True


TEXT_RULES: Mapping[str, Rule] = {
    "JOIN": _join, "TEXTJOIN": _textjoin, "TEXT": _text, "ISNUMBER": _kind_test, "ISTEXT": _kind_test, "REGEXMATCH": _regex,
    "REGEXEXTRACT": _regex, "REGEXREPLACE": _regex,
}  # fmt: skip
