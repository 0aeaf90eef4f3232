"""Numbers, dates, times and other values as people write them in, the form JSON carries out; what is none of them comes out as it was."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime, tzinfo
from decimal import Decimal

import orjson

from engines.entity.markup import html_of_text, is_html
from engines.values.decimals import number_text

BOOLEANS: Mapping[str, tuple[str, str]] = {"zh-CN": ("是", "否"), "en": ("Yes", "No")}
SEPARATORS = re.compile(r"[,，、;；|\n]+")
"""What stands between several options."""

_TRUE = frozenset(("是", "对", "真", "有", "√", "✓", "✔", "yes", "y", "true", "t", "1", "on"))
_FALSE = frozenset(("否", "不", "错", "假", "无", "×", "✗", "✘", "no", "n", "false", "f", "0", "off"))
_GROUPED = re.compile(r"[+-]?[0-9]{1,3}(,[0-9]{3})+(\.[0-9]*)?")
_MONEY = re.compile(r"^(?:[¥￥$€£]|CNY|RMB|USD|EUR|GBP|HKD|JPY)\s*|\s*(?:[¥￥$€£元]|CNY|RMB|USD|EUR|GBP|HKD|JPY)$", re.IGNORECASE)
_DATE = re.compile(r"([0-9]{4})\s*[-/.年]\s*([0-9]{1,2})\s*[-/.月]\s*([0-9]{1,2})\s*日?")
_PACKED = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})")
_CLOCK = re.compile(
    r"(上午|下午|晚上|中午|凌晨|早上)?\s*([0-9]{1,2})\s*[:点时]\s*(?:([0-9]{1,2})\s*(?:[:分]\s*(?:([0-9]{1,2})(?:\.[0-9]+)?\s*秒?)?)?)?\s*([ap]\.?m\.?)?",
    re.IGNORECASE,
)
_HOURS = re.compile(r"([0-9]{1,6}):([0-5][0-9])(?::([0-5][0-9]))?")
_SPAN = re.compile(
    r"(?:([0-9.]+)\s*(?:天|日|days?|d))?\s*(?:([0-9.]+)\s*(?:个?小时|时|hours?|hrs?|h))?\s*(?:([0-9.]+)\s*(?:分钟|分|minutes?|mins?|m))?", re.IGNORECASE
)
_PLACE = re.compile(r"([+-]?[0-9.]+)°?\s*[,;\s]\s*([+-]?[0-9.]+)°?")


def _plain(text: str) -> str:
    return unicodedata.normalize("NFKC", text).strip()


def number(text: str, unit: str | None = None) -> str:
    """Return a number without the signs of its group, its currency and its unit; one in brackets is below zero.

    >>> number("¥ 1,234.50"), number("（12）"), number("12.5 kg", "kg"), number("１２元"), number("1,2")
    ('1234.50', '-12', '12.5', '12', '1,2')
    """
    plain = _MONEY.sub("", _plain(text)).strip()
    if unit and plain.casefold().endswith(unit.casefold()):
        plain = plain[: -len(unit)].strip()
    if plain.startswith("(") and plain.endswith(")") and len(plain) > 2:
        plain = f"-{plain[1:-1].strip()}"
    return plain.replace(",", "") if _GROUPED.fullmatch(plain) else plain


def percent(text: str) -> str:
    """Return a fraction: of a number with a sign the hundredth, of one without it what it is.

    >>> percent("15%"), percent("0.15"), percent("x%")
    ('0.15', '0.15', 'x%')
    """
    plain = number(text)
    for sign, places in (("%", 2), ("‰", 3)):
        if plain.endswith(sign):
            digits = number(plain[:-1])
            return number_text(Decimal(digits).scaleb(-places)) if re.fullmatch(r"[+-]?[0-9]{1,30}(\.[0-9]{1,20})?", digits) else plain
    return plain


def stars(text: str) -> str:
    """Return how many stars are written, or the number.

    >>> stars("★★★☆☆"), stars("4 星")
    ('3', '4')
    """
    plain = _plain(text)
    return str(plain.count("★")) if "★" in plain and not plain.strip("★☆") else plain.removesuffix("星").removesuffix("分").strip()


def boolean(text: str) -> object:
    """Return yes or no.

    >>> boolean("是"), boolean("No"), boolean("√"), boolean("maybe")
    (True, False, True, 'maybe')
    """
    word = _plain(text).casefold()
    return True if word in _TRUE else False if word in _FALSE else text


def day(text: str) -> str:
    """Return a day in ISO 8601; a time at midnight, as spreadsheets write one, is left out.

    >>> day("2026/1/5"), day("2026年11月23日"), day("20261123"), day("2026-11-23 00:00:00"), day("11/23/2026")
    ('2026-01-05', '2026-11-23', '2026-11-23', '2026-11-23', '11/23/2026')
    """
    plain = re.sub(r"[ T]00?:00(:00)?(\.0+)?$", "", _plain(text))
    found = _DATE.fullmatch(plain) or _PACKED.fullmatch(plain)
    return plain if found is None else "-".join(part.zfill(2) for part in found.groups())


def moment(text: str, zone: tzinfo) -> str:
    """Return an instant in ISO 8601: one without a zone is of this one, one without a time at its midnight.

    >>> from datetime import timezone, timedelta
    >>> moment("2026/11/23 8:30", timezone(timedelta(hours=8))), moment("2026-11-23T08:00:00Z", timezone.utc)
    ('2026-11-23T08:30:00+08:00', '2026-11-23T08:00:00Z')
    """
    plain = _plain(text)
    date_part = _DATE.match(plain) or _PACKED.match(plain)
    if date_part is None:
        return plain
    rest = plain[date_part.end() :].strip().removeprefix("T").strip()
    time_part = clock(rest) if rest else "00:00"
    if re.fullmatch(r"\d{2}:\d{2}(:\d{2})?", time_part) is None:
        return plain
    numbers = [int(part) for part in (*date_part.groups(), *time_part.split(":"))]
    try:
        return datetime(*numbers, tzinfo=zone).isoformat()  # type: ignore[arg-type, misc]
    except (ValueError, OverflowError):
        return plain


def clock(text: str) -> str:
    """Return a time of day by the 24-hour clock.

    >>> clock("8:30"), clock("下午3点"), clock("8:05:09 pm"), clock("12:00 AM"), clock("noon")
    ('08:30', '15:00', '20:05:09', '00:00', 'noon')
    """
    plain = _plain(text)
    found = _CLOCK.fullmatch(plain)
    if found is None:
        return plain
    before, hour, minute, second, after = found.groups()
    hours = int(hour)
    is_late = before in ("下午", "晚上") or (before == "中午" and hours < 3) or (after or "").lower().startswith("p")
    if (is_late and hours < 12) or ((before == "凌晨" or (after or "").lower().startswith("a")) and hours == 12):
        hours = (hours + 12) % 24
    return ":".join([f"{hours:02}", f"{int(minute or 0):02}", *([f"{int(second):02}"] if second else [])])


def minutes(text: str) -> str:
    """Return how many minutes a span of time has.

    >>> minutes("1:30"), minutes("2h 15m"), minutes("1天2小时"), minutes("1.5小时"), minutes("90"), minutes("long")
    ('90', '135', '1560', '90', '90', 'long')
    """
    plain = _plain(text)
    is_negative, plain = plain.startswith("-"), plain.removeprefix("-").strip()
    found = _HOURS.fullmatch(plain)
    if found is not None:
        hour, minute, second = (int(part or 0) for part in found.groups())
        total = Decimal(hour * 60 + minute) + Decimal(second) / 60
    elif (span := _SPAN.fullmatch(plain)) is not None and any(span.groups()):
        try:
            days, hours, rest = (Decimal(part or 0) for part in span.groups())
        except ArithmeticError:
            return text
        total = days * 1440 + hours * 60 + rest
    else:
        return number(text)
    return number_text(-total if is_negative else total)


def minutes_text(total: Decimal) -> str:
    """Return a number of minutes as hours and minutes.

    >>> minutes_text(Decimal(90)), minutes_text(Decimal(-5)), minutes_text(Decimal(1560))
    ('1:30', '-0:05', '26:00')
    """
    whole = int(abs(total).to_integral_value())
    return f"{'-' if total < 0 else ''}{whole // 60}:{whole % 60:02}"


def html(text: str) -> str:
    """Return what is HTML as it is, and plain text as paragraphs."""
    return text if is_html(text) else html_of_text(text)


def place(text: str) -> object:
    """Return latitude and longitude.

    >>> place("31.2304, 121.4737")
    {'latitude': '31.2304', 'longitude': '121.4737'}
    """
    found = _PLACE.fullmatch(_plain(text))
    return text if found is None else {"latitude": found[1], "longitude": found[2]}


def json_value(text: str) -> object:
    """Return the JSON value a text is, or the text."""
    try:
        return orjson.loads(text)
    except orjson.JSONDecodeError:
        return text
