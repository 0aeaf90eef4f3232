"""Takes a typed call, tells why it has no SQL though its function has: a pattern or format not written out, rows as they were before a change."""

from __future__ import annotations

from decimal import Decimal

from engines.expression.messages import MESSAGES, PLACES
from engines.expression.pattern import read_pattern
from engines.expression.pattern_postgres import Untranslatable, postgres_pattern
from engines.expression.replacement import read_replacement
from engines.expression.rule import argument_words
from engines.expression.tree import TypedCall, TypedLiteral, TypedPath
from engines.values.issue import Issue, issue

_MOST_GROUPS = 9


def not_in_sql(node: TypedCall) -> Issue | None:
    """Return what is wrong with a call in SQL, None when it can be compiled."""
    if node.name == "TEXT" and not isinstance(node.args[1], TypedLiteral):
        argument = argument_words("format")
        return issue(MESSAGES, "expression-format-in-sql", span=node.span, name=node.name, argument=argument)
    if node.name == "OLD" and isinstance(node.args[0], TypedPath) and node.args[0].many:
        return issue(MESSAGES, "expression-not-here", span=node.span, name=node.name, place=PLACES["sql"])
    if node.name.startswith("REGEX"):
        try:
            pattern_in_sql(node)
        except Untranslatable:
            return issue(MESSAGES, "expression-pattern-in-sql", span=node.span, name=node.name)
    return None


def pattern_in_sql(node: TypedCall) -> str:
    """Return the pattern of a call in PostgreSQL's words; raises `Untranslatable`."""
    if node.name == "REGEXMATCH":
        return postgres_pattern(_written(node, 1), None)
    if node.name == "REGEXREPLACE":
        groups = {piece for piece in pieces_of(node) if isinstance(piece, int) and piece}
        if len(groups) > _MOST_GROUPS:
            raise Untranslatable
        return postgres_pattern(_written(node, 1), tuple(sorted(groups)))
    group = node.args[2]
    if not isinstance(group, TypedLiteral) or not isinstance(group.value, Decimal):
        raise Untranslatable
    number = int(group.value)
    return postgres_pattern(_written(node, 1), (number,) if number else ())


def pieces_of(node: TypedCall) -> tuple[str | int, ...]:
    """Return the pieces of a written replacement; raises `Untranslatable`."""
    return read_replacement(_written(node, 2), read_pattern(_written(node, 1)).groups)


def _written(node: TypedCall, place: int) -> str:
    found = node.args[place]
    if not isinstance(found, TypedLiteral) or not isinstance(found.value, str):
        raise Untranslatable
    return found.value
