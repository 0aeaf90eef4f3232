"""The rows of functions that compute numbers."""

from __future__ import annotations

from engines.expression.function import Arg, Function, row
from engines.values.value_types import NUMBER

_VALUE = Arg("value", NUMBER)
_PLACES = Arg("places", NUMBER, default="0")
_STEP = Arg("step", NUMBER, default="1")

NUMBER_ROWS: tuple[Function, ...] = (
    row("ABS", (_VALUE,), NUMBER, "绝对值", "The number without its sign", ("ABS(-7.25)", "7.25")),
    row("ROUND", (_VALUE, _PLACES), NUMBER, "四舍五入到若干位小数（负数表示十位、百位……）",
        "Rounded to so many decimals, halves away from zero; negative places round tens, hundreds, …",
        ("ROUND(2.5)", "3"), ("ROUND(-2.5)", "-3"), ("ROUND(1.005, 2)", "1.01"), ("ROUND(1250, -2)", "1300")),
    row("ROUNDUP", (_VALUE, _PLACES), NUMBER, "向远离零的方向取到若干位小数", "Rounded away from zero to so many decimals",
        ("ROUNDUP(3.14159, 2)", "3.15"), ("ROUNDUP(-3.2)", "-4")),
    row("ROUNDDOWN", (_VALUE, _PLACES), NUMBER, "向零的方向取到若干位小数", "Cut towards zero to so many decimals",
        ("ROUNDDOWN(1299, -2)", "1200"), ("ROUNDDOWN(-9.99, 1)", "-9.9")),
    row("TRUNC", (_VALUE, _PLACES), NUMBER, "去掉若干位之后的小数", "Cut towards zero to so many decimals",
        ("TRUNC(-3.14159, 2)", "-3.14")),
    row("INT", (_VALUE,), NUMBER, "不大于它的最大整数", "The greatest whole number not above it", ("INT(-2.5)", "-3")),
    row("CEILING", (_VALUE, _STEP), NUMBER, "不小于它的最小的步长倍数", "The least multiple of the step not below it",
        ("CEILING(2.1)", "3"), ("CEILING(101, 25)", "125"), ("CEILING(-2.5, 1)", "-2"), fails=("NUM",)),
    row("FLOOR", (_VALUE, _STEP), NUMBER, "不大于它的最大的步长倍数", "The greatest multiple of the step not above it",
        ("FLOOR(4.2, 0.5)", "4"), ("FLOOR(-7, 5)", "-10"), fails=("NUM",)),
    row("MOD", (_VALUE, Arg("divisor", NUMBER)), NUMBER, "余数，符号与除数相同", "The remainder, with the divisor's sign",
        ("MOD(-7, 3)", "2"), ("MOD(5.5, 2)", "1.5"), fails=("DIV0",)),
    row("SQRT", (_VALUE,), NUMBER, "平方根", "The square root", ("SQRT(0)", "0"), ("ROUND(SQRT(2), 10)", "1.4142135624"),
        fails=("NUM",)),
    row("SIGN", (_VALUE,), NUMBER, "正数得 1，负数得 -1，零得 0", "1 for positive, -1 for negative, 0 for zero",
        ("SIGN(-2.5)", "-1")),
    row("CLAMP", (_VALUE, Arg("low", NUMBER), Arg("high", NUMBER)), NUMBER, "限制在两者之间",
        "The number, or the nearer bound when it lies outside both", ("CLAMP(-1, 0, 100)", "0"),
        ("CLAMP(55.5, 0, 100)", "55.5")),
)
