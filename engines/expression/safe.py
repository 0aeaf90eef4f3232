"""Takes a call and tells whether its own errors are ruled out by what is written: dividing by 2 cannot fail."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from decimal import Decimal

from engines.expression.rows_china import FORMS, STYLES
from engines.expression.rows_date import UNITS
from engines.expression.rows_moment import BASES, ISO_WEEKS, WEEK_TYPES, WEEKDAY_TYPES
from engines.expression.tree import TypedCall, TypedLiteral, TypedTree

Args = tuple[TypedTree, ...]


def is_safe(name: str, args: Args) -> bool:
    """Tell whether a call with these arguments cannot make an error of its own.

    >>> from engines.values.value_types import NUMBER
    >>> is_safe("div", (TypedLiteral(None, NUMBER), TypedLiteral(Decimal(2), NUMBER)))
    True
    """
    rule = _SAFE.get(name)
    return rule is not None and rule(args)


def _number(node: TypedTree) -> Decimal | None:
    value = node.value if isinstance(node, TypedLiteral) else None
    return value if isinstance(value, Decimal) else None


def written_whole(node: TypedTree) -> int | None:
    """Return a number that is written out, with or without a minus, cut towards zero."""
    sign = 1
    if isinstance(node, TypedCall) and node.name == "neg":
        sign, node = -1, node.args[0]
    value = _number(node)
    return None if value is None else sign * int(value)


def _at_least(place: int, least: int) -> Callable[[Args], bool]:
    def rule(args: Args) -> bool:
        number = _number(args[place])
        return number is not None and number >= least

    return rule


def _not_zero(args: Args) -> bool:
    return bool(_number(args[1]))


def _positive(args: Args) -> bool:
    number = _number(args[1])
    return number is not None and number > 0


def _power(args: Args) -> bool:
    base, exponent = _number(args[0]), _number(args[1])
    if base is not None and base > 0:
        return True
    return exponent is not None and exponent >= 0 and exponent == exponent.to_integral_value()


def _middle(args: Args) -> bool:
    return _at_least(1, 1)(args) and _at_least(2, 0)(args)


def _unit(place: int) -> Callable[[Args], bool]:
    return lambda args: isinstance(unit := args[place], TypedLiteral) and unit.value in UNITS


def _code(place: int, codes: Iterable[int]) -> Callable[[Args], bool]:
    known = frozenset(codes)

    def rule(args: Args) -> bool:
        number = _number(args[place])
        return number is not None and abs(number) < 100 and int(number) in known

    return rule


def _code_point(most: int) -> Callable[[Args], bool]:
    def rule(args: Args) -> bool:
        number = _number(args[0])
        return number is not None and 1 <= number <= most and not 0xD800 <= number < 0xE000

    return rule


def _chosen(args: Args) -> bool:
    number = _number(args[0])
    return number is not None and 1 <= int(number) < len(args)


def _small(least: int, most: int) -> Callable[[Args], bool]:
    """Return the rule of a call that cannot fail for written numbers from one to another."""

    def rule(args: Args) -> bool:
        number = _number(args[0])
        return number is not None and least <= number <= most

    return rule


def _few(place: int) -> Callable[[Args], bool]:
    """Return the rule of counts whose answer is too long for no text in use."""

    def rule(args: Args) -> bool:
        number = _number(args[place])
        return number is not None and 0 <= number <= _FEW

    return rule


def _first(args: Args) -> bool:
    return isinstance(args[0], TypedLiteral) and bool(args[0].value)


def _occurrence(args: Args) -> bool:
    number = _number(args[2])
    return number is not None and abs(number) >= 1


def _pattern(args: Args) -> bool:
    # The checker has read what is written out, groups and all.
    return all(isinstance(arg, TypedLiteral) and arg.value is not None for arg in args[1:])


# Lengths and times that no field of usual length makes too long; beyond, the answer is LIMIT as everywhere.
_FEW = 1000


def _all_positive(args: Args) -> bool:
    return all((number := _number(arg)) is not None and number >= 0 for arg in args)


def _bases(args: Args) -> bool:
    number, base = _number(args[0]), _number(args[1])
    return number is not None and base is not None and number > 0 and base > 0 and base != 1


def _above_0(args: Args) -> bool:
    number = _number(args[0])
    return number is not None and number > 0


_SAFE: Mapping[str, Callable[[Args], bool]] = {
    "div": _not_zero,
    "MOD": _not_zero,
    "pow": _power,
    "CEILING": _positive,
    "FLOOR": _positive,
    "SQRT": _at_least(0, 0),
    "QUOTIENT": _not_zero,
    "CHOOSE": _chosen,
    "FACT": _small(0, 33),
    "EXP": _small(-1000, 87),
    "GCD": _all_positive,
    "LCM": _all_positive,
    "LN": _above_0,
    "LOG10": _above_0,
    "LOG": _bases,
    "SLN": lambda args: bool(_number(args[2])),
    "LEFT": _at_least(1, 0),
    "RIGHT": _at_least(1, 0),
    "MID": _middle,
    "FIND": _at_least(2, 1),
    "SLICE": lambda args: written_whole(args[1]) not in (None, 0) and (len(args) < 3 or _at_least(2, 0)(args)),
    "PERCENTILE": lambda args: (share := _number(args[1])) is not None and 0 <= share <= 1,
    "SUBSTITUTE": lambda args: len(args) < 4 or _at_least(3, 1)(args),
    "SEARCH": _at_least(2, 1),
    "REPLACE": lambda args: _at_least(1, 1)(args) and _at_least(2, 0)(args),
    "REPT": _few(1),
    "TEXTBEFORE": _occurrence,
    "TEXTAFTER": _occurrence,
    "PADLEFT": _few(1),
    "PADRIGHT": _few(1),
    "MASK": lambda args: _at_least(1, 0)(args) and _at_least(2, 0)(args),
    "CHAR": _code_point(255),
    "UNICHAR": _code_point(0x10FFFF),
    "CODE": _first,
    "UNICODE": _first,
    "REGEXMATCH": _pattern,
    "REGEXEXTRACT": _pattern,
    "REGEXREPLACE": _pattern,
    "DATEADD": _unit(2),
    "DATEDIFF": _unit(2),
    "STARTOF": _unit(1),
    "ENDOF": _unit(1),
    "WEEKDAY": _code(1, WEEKDAY_TYPES),
    "WEEKNUM": _code(1, (*WEEK_TYPES, ISO_WEEKS)),
    "YEARFRAC": _code(2, BASES),
    "CNNUMBER": lambda args: isinstance(args[1], TypedLiteral) and args[1].value in STYLES,
    "PINYIN": lambda args: isinstance(args[1], TypedLiteral) and args[1].value in FORMS,
    "MANAGEROF": _at_least(1, 1),
}
