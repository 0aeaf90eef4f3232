"""The Python forms of TEXT and VALUE: a value written in a format, and the number that a text writes."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from engines.expression.failure import Environment, EvalContext, Failure, Given
from engines.expression.python_date import local
from engines.expression.python_path import Closure, CompileNode
from engines.expression.python_text import limited
from engines.expression.python_text_list import value_text
from engines.expression.text_format import WEEKDAYS, BadFormat, Format, Part, Section, read_format
from engines.expression.tree import TypedCall, TypedLiteral
from engines.values.decimals import EXACT, WIDE, step

# What a number may look like once full-width signs are plain ones: a sign, a currency, thousands, an exponent, a percent sign.
# No two runs of spaces can meet, so that a long one is gone over once.
WRITTEN_NUMBER = (
    r"^([+-]? *(?:[¥$] *)?|[¥$] *[+-] *)(([0-9]{1,3}(,[0-9]{3})+|[0-9]+)(\.[0-9]*)?|\.[0-9]+)([eE][+-]?[0-9]{1,3})?( *%)?$"
)
MOST_DIGITS = 1000
WIDE_SIGNS = "０１２３４５６７８９．，％＋－￥＄ｅＥ\t\r\n\u00a0\u3000"
PLAIN_SIGNS = "0123456789.,%+-¥$eE     "
_NUMBER = re.compile(WRITTEN_NUMBER)
_PLAIN = str.maketrans(WIDE_SIGNS, PLAIN_SIGNS)
_BESIDE = str.maketrans("", "", "¥$, %")
_HUNDREDTH = Decimal("0.01")


def value_of(text: str) -> Decimal:
    """Return the number a text writes."""
    found = _NUMBER.match(text.translate(_PLAIN).strip(" "))
    if found is None:
        raise Failure("VALUE")
    if sum(map(str.isdigit, found[2])) > MOST_DIGITS:
        raise Failure("LIMIT")
    number = Decimal(found[0].translate(_BESIDE))
    # Adding 0 holds the number against the limits.
    return EXACT.multiply(number, _HUNDREDTH) if found[7] else EXACT.plus(number)


def write_number(number: Decimal, sections: tuple[Section, ...]) -> str:
    """Return a number as a format writes it; halves are rounded away from zero, nothing is ever minus zero."""
    place = 1 if number < 0 and len(sections) > 1 else 2 if not number and len(sections) > 2 else 0
    section = sections[place]
    rounded = number.copy_abs().scaleb(section.shift, WIDE).quantize(step(section.most), ROUND_HALF_UP, WIDE)
    whole, _, decimals = format(rounded, "f").partition(".")
    whole = whole.lstrip("0").rjust(section.digits, "0")
    decimals = decimals[: section.least] + decimals[section.least :].rstrip("0")
    if section.is_grouped:
        whole = f"{whole[: len(whole) % 3]}" + "".join(
            ("," if start else "") + whole[start : start + 3] for start in range(len(whole) % 3, len(whole), 3)
        )
    sign = "-" if number < 0 and rounded and place == 0 else ""
    return sign + "".join([_number_part(part, whole, decimals, section.most) for part in section.parts])


def _number_part(part: Part, whole: str, decimals: str, most: int) -> str:
    if part.kind == "text":
        return part.text
    if part.kind == "point":
        return "." if decimals or not most else ""
    if part.kind == "decimals":
        return decimals[part.start : part.end]
    first = 0 if part.start is None else max(0, len(whole) - part.start)
    return whole[first : max(0, len(whole) - part.end)]


_MOMENT: Mapping[str, Callable[[datetime], str]] = {
    "yyyy": lambda wall: f"{wall.year:04}",
    "yy": lambda wall: f"{wall.year % 100:02}",
    "m": lambda wall: str(wall.month),
    "mm": lambda wall: f"{wall.month:02}",
    "d": lambda wall: str(wall.day),
    "dd": lambda wall: f"{wall.day:02}",
    "ddd": lambda wall: "周" + WEEKDAYS[wall.weekday()],
    "dddd": lambda wall: "星期" + WEEKDAYS[wall.weekday()],
    "h": lambda wall: str(wall.hour),
    "hh": lambda wall: f"{wall.hour:02}",
    "i": lambda wall: str((wall.hour + 11) % 12 + 1),
    "ii": lambda wall: f"{(wall.hour + 11) % 12 + 1:02}",
    "n": lambda wall: str(wall.minute),
    "nn": lambda wall: f"{wall.minute:02}",
    "s": lambda wall: str(wall.second),
    "ss": lambda wall: f"{wall.second:02}",
    "am": lambda wall: "AM" if wall.hour < 12 else "PM",
}


def write_moment(wall: datetime, parts: tuple[Part, ...]) -> str:
    """Return a date or a wall-clock time as a format writes it."""
    return "".join([part.text if part.kind == "text" else _MOMENT[part.kind](wall) for part in parts])


def _written(value: Given, found: Format, context: EvalContext) -> str:
    if value is None:
        return ""
    if found.is_plain or isinstance(value, str | bool):
        return value_text(value, context)
    if isinstance(value, Decimal) and found.sections:
        return limited(write_number(value, found.sections))
    if isinstance(value, date) and found.moment:
        wall = local(value, context.zone) if isinstance(value, datetime) else datetime(value.year, value.month, value.day)  # noqa: DTZ001
        return write_moment(wall, found.moment)
    raise Failure("VALUE")


def _format_of(text: str) -> Format:
    try:
        return read_format(text)
    except BadFormat:
        raise Failure("VALUE") from None


def _text(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    value, pattern = compile_node(node.args[0], depth), node.args[1]
    if isinstance(pattern, TypedLiteral) and isinstance(pattern.value, str):
        known = read_format(pattern.value)
        return lambda env, context: _written(value(env, context), known, context)
    given = compile_node(pattern, depth)

    def run(env: Environment, context: EvalContext) -> Any:  # noqa: ANN401
        found = value(env, context)
        return _written(found, _format_of(given(env, context)), context)

    return run


FORMAT_FUNCTIONS: Mapping[str, Callable[..., object]] = {"VALUE": value_of}
FORMATS: Mapping[str, Callable[[TypedCall, int, CompileNode], Closure | None]] = {"TEXT": _text}
