"""Patterns of sequence fields: text such as SO-{yyyyMM}-{0000} in, prefix, counter period and width out."""

import re
from dataclasses import dataclass
from datetime import date

DATE_PARTS = {"{yyyy}": "%Y", "{yy}": "%y", "{MM}": "%m", "{dd}": "%d", "{yyyyMM}": "%Y%m", "{yyyyMMdd}": "%Y%m%d"}

_PART = re.compile(r"\{[^{}]*\}")


RESETS = {"none": "", "year": "%Y", "month": "%Y%m", "day": "%Y%m%d"}
"""How the period of a counter is written that begins again so often."""


@dataclass(frozen=True, slots=True)
class SequencePattern:
    """Literal text and date parts before and after one counter.

    before, after: strftime formats. width: least number of digits of the counter. reset: how often the counter begins
    again, None for as often as the date parts change. start: its first number.
    is_gapless: no number is left out and none is given twice. per: fields each of whose values has a counter of its own.
    day_of: the field whose day counts, None for the day the record is made. Both are for gapless numbers.
    """

    text: str
    before: str
    after: str
    width: int
    reset: str | None = None
    start: int = 1
    is_gapless: bool = False
    per: tuple[str, ...] = ()
    day_of: str | None = None

    def period(self, day: date) -> str:
        """Return what names the counter of a day: the digits of the date parts, empty when the pattern has no date.

        >>> parse_pattern("SO-{yyyyMM}-{0000}").period(date(2026, 11, 23))
        '202611'
        """
        if self.reset is not None:
            return day.strftime(RESETS[self.reset])
        parts = [DATE_PARTS[m] for m in _PART.findall(self.text) if m in DATE_PARTS]
        return "".join(day.strftime(part) for part in parts)

    def around(self, day: date) -> tuple[str, str]:
        """Return the text before and after the counter on that day."""
        return day.strftime(self.before), day.strftime(self.after)

    @property
    def tells_apart(self) -> bool:
        """Whether numbers of different periods are written differently: the pattern shows all that begins the counter again."""
        shown = "".join(DATE_PARTS[m] for m in _PART.findall(self.text) if m in DATE_PARTS).replace("%y", "%Y")
        return self.reset is None or all(part in shown for part in ("%Y", "%m", "%d") if part in RESETS[self.reset])

    @property
    def matcher(self) -> str:
        """Return a regular expression for its numbers: a group for each date part in order, the counter in the middle.

        >>> parse_pattern("SO-{yyyyMM}-{0000}").matcher
        '^SO-([0-9]{6})-([0-9]{4,15})$'
        """
        text, at = "", 0
        for match in _PART.finditer(self.text):
            part = match.group()
            digits = str(len(part) - 2) if part in DATE_PARTS else f"{self.width},15"
            text += _literal(self.text[at : match.start()]) + f"([0-9]{{{digits}}})"
            at = match.end()
        return f"^{text}{_literal(self.text[at:])}$"

    @property
    def groups(self) -> tuple[str, ...]:
        """Return what each group of the matcher holds: the date part, `0` for the counter."""
        return tuple(part if part in DATE_PARTS else "0" for part in _PART.findall(self.text))


def _literal(text: str) -> str:
    return re.sub(r"([\\.^$*+?()\[\]{}|])", r"\\\1", text)


def parse_pattern(text: str) -> SequencePattern | None:
    """Return the pattern, or None when it has not exactly one counter, an unknown part or a stray brace.

    >>> parse_pattern("SO-{yyyyMM}-{0000}").width
    4
    >>> parse_pattern("{what}-{0}") is None
    True
    """
    halves: list[str] = [""]
    width = 0
    at = 0
    for match in _PART.finditer(text):
        literal, part = text[at : match.start()], match.group()
        at = match.end()
        halves[-1] += literal.replace("%", "%%")
        if part in DATE_PARTS:
            halves[-1] += DATE_PARTS[part]
        elif set(part[1:-1]) == {"0"} and not width:
            width = len(part) - 2
            halves.append("")
        else:
            return None
    halves[-1] += text[at:].replace("%", "%%")
    if not width or "{" in "".join(halves) or "}" in "".join(halves):
        return None
    return SequencePattern(text, halves[0], halves[1], width)
