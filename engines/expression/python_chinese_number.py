"""Writes numbers in Chinese numerals: amounts of money as 支付结算办法 asks for, and plain numbers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal

from engines.expression.failure import Failure
from engines.values.decimals import number_text, round_half_up

_PLAIN, _FORMAL, _DIGITS = "零一二三四五六七八九", "零壹贰叁肆伍陆柒捌玖", "〇一二三四五六七八九"
_PLAIN_UNITS, _FORMAL_UNITS = ("", "十", "百", "千"), ("", "拾", "佰", "仟")


def _group(group: str, digits: str, units: tuple[str, ...]) -> str:
    """Return at most four digits in words; a run of zeros inside is one 零, zeros at the end are none."""
    words, waiting = "", False
    for place, digit in enumerate(group):
        if digit == "0":
            waiting = bool(words)
            continue
        words += ("零" if waiting else "") + digits[int(digit)] + units[len(group) - 1 - place]
        waiting = False
    return words


def _whole(number: str, digits: str, units: tuple[str, ...], spoken: bool = False, hundred_million: str = "亿") -> str:
    """Return a whole number in words; what stands before 亿 is read as a number of its own: 一万亿, 一万万亿.

    spoken: 十 for 一十 where a number, or what stands before 万 and 亿, begins with it.
    """
    number = number.lstrip("0")
    if len(number) <= 4:
        words = _group(number, digits, units)
        return words[1:] if spoken and len(number) == 2 and number[0] == "1" else words
    size, unit = (8, hundred_million) if len(number) > 8 else (4, "万")
    head, tail = number[:-size], number[-size:]
    rest = _whole(tail, digits, units, spoken and size == 8)
    return _whole(head, digits, units, spoken, "万万") + unit + ("零" if rest and tail[0] == "0" else "") + rest


def rmb_upper(value: Decimal | None) -> str:
    """Return an amount in words; of a blank an empty text.

    >>> rmb_upper(Decimal("107000.53")), rmb_upper(Decimal("-1.5"))
    ('壹拾万柒仟元伍角叁分', '负壹元伍角整')
    """
    if value is None:
        return ""
    amount = round_half_up(value, 2)
    whole, _, cents = format(amount.copy_abs(), ".2f").partition(".")
    if not amount:
        return "零元整"
    words = "负" if amount < 0 else ""
    yuan = _whole(whole, _FORMAL, _FORMAL_UNITS)
    words += yuan + ("元" if yuan else "")
    tenths, hundredths = int(cents[0]), int(cents[1])
    if tenths:
        words += _FORMAL[tenths] + "角"
    elif yuan and hundredths:
        words += "零"
    return words + (_FORMAL[hundredths] + "分" if hundredths else "整")


def chinese_number(value: Decimal | None, style: str | None) -> str:
    """Return a number in Chinese numerals; of a blank an empty text.

    >>> chinese_number(Decimal(12), "plain"), chinese_number(Decimal(12), "formal"), chinese_number(Decimal("10.5"), "digits")
    ('十二', '壹拾贰', '一〇点五')
    """
    if style not in ("plain", "formal", "digits"):
        raise Failure("VALUE")
    if value is None:
        return ""
    text = number_text(value)
    whole, _, fraction = text.removeprefix("-").partition(".")
    digits = {"plain": _PLAIN, "formal": _FORMAL, "digits": _DIGITS}[style]
    if style == "digits":
        words = "".join(digits[int(digit)] for digit in whole)
    elif whole == "0":
        words = "零"
    else:
        words = _whole(whole, digits, _FORMAL_UNITS if style == "formal" else _PLAIN_UNITS, style == "plain")
    if fraction:
        words += "点" + "".join(digits[int(digit)] for digit in fraction)
    return ("负" if text.startswith("-") else "") + words


CHINESE_NUMBER_FUNCTIONS: Mapping[str, Callable[..., object]] = {"RMBUPPER": rmb_upper, "CNNUMBER": chinese_number}
