"""Spells Chinese texts in pinyin, and dates in the Chinese calendar, from the tables in `data/`."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date
from functools import cache
from itertools import accumulate

from engines.expression.data_file import read_data
from engines.expression.failure import MAX_TEXT, Failure

_FIRST = date(1900, 1, 31)
_STEMS, _BRANCHES = "甲乙丙丁戊己庚辛壬癸", "子丑寅卯辰巳午未申酉戌亥"
_MONTHS = ("正月", "二月", "三月", "四月", "五月", "六月", "七月", "八月", "九月", "十月", "十一月", "腊月")
_DIGITS = "十一二三四五六七八九"


@cache
def readings() -> tuple[Mapping[str, str], Mapping[str, str], Mapping[str, int]]:
    """Return the reading of each character, that of each phrase, and the length of the longest phrase by its first character."""
    data = read_data("pinyin")
    characters = {character: syllable for syllable, written in data["characters"].items() for character in written}
    phrases: Mapping[str, str] = data["phrases"]
    longest: dict[str, int] = {}
    for phrase in phrases:
        longest[phrase[0]] = max(longest.get(phrase[0], 0), len(phrase))
    return characters, phrases, longest


def syllables(text: str) -> list[tuple[str, bool]]:
    """Return a text in parts: syllables, which are marked, and what lies between Chinese characters, without blanks around it.

    >>> syllables("重庆A 2")
    [('chong', True), ('qing', True), ('A 2', False)]
    """
    characters, phrases, longest = readings()
    parts: list[tuple[str, bool]] = []
    place = kept = 0
    while place < len(text):
        if text[place] not in characters:
            place += 1
            continue
        if other := text[kept:place].strip(" "):
            parts.append((other, False))
        size = longest.get(text[place], 1)
        while size > 1 and text[place : place + size] not in phrases:
            size -= 1
        piece = text[place : place + size]
        parts += [(syllable, True) for syllable in (phrases[piece] if size > 1 else characters[piece]).split(" ")]
        place += size
        kept = place
    if other := text[kept:].strip(" "):
        parts.append((other, False))
    return parts


def pinyin(text: str, form: str) -> str:
    """Return a text in pinyin, or the initials of it."""
    if form == "full":
        spelt = " ".join([part for part, _ in syllables(text)])
    elif form == "initials":
        spelt = "".join([part[0] if is_syllable else part for part, is_syllable in syllables(text)])
    else:
        raise Failure("VALUE")
    if len(spelt) > MAX_TEXT:
        raise Failure("LIMIT")
    return spelt


@cache
def _new_years() -> tuple[tuple[int, str], ...]:
    """Return for each year of the table the number of its first day and its code; a last one ends it."""
    codes = " ".join(read_data("lunar")["years"]).split(" ")
    starts = accumulate([sum(size for _, size in _months(code)) for code in codes], initial=_FIRST.toordinal())
    return tuple(zip(starts, [*codes, ""], strict=True))


def _months(code: str) -> list[tuple[str, int]]:
    """Return the months of a year with their days."""
    bits = int(code, 16)
    months = []
    for place, name in enumerate(_MONTHS):
        months.append((name, 30 if bits & (0x8000 >> place) else 29))
        if bits & 15 == place + 1:
            months.append((f"闰{name}", 30 if bits & 0x10000 else 29))
    return months


def lunar_date(day: date) -> str:
    """Return a date in the Chinese calendar, with the names of GB/T 33661; the twelfth month is 腊月.

    >>> lunar_date(date(2025, 1, 20))
    '甲辰年腊月廿一'
    """
    number, years = day.toordinal(), _new_years()
    if not years[0][0] <= number < years[-1][0]:
        raise Failure("LIMIT")
    place = min(day.year - 1900, len(years) - 2)
    if number < years[place][0]:
        place -= 1
    start, code = years[place]
    rest = number - start
    month = ""
    for month, size in _months(code):  # noqa: B007 (the month that is left is the answer)
        if rest < size:
            break
        rest -= size
    return f"{_STEMS[(place + 6) % 10]}{_BRANCHES[place % 12]}年{month}{_day(rest + 1)}"


def _day(day: int) -> str:
    if day in (20, 30):
        return "二十" if day == 20 else "三十"
    return ("初" if day <= 10 else "十" if day < 20 else "廿") + _DIGITS[day % 10]


PINYIN_FUNCTIONS: Mapping[str, Callable[..., object]] = {"PINYIN": pinyin, "LUNARDATE": lunar_date}
