"""Patterns of sequence fields: text such as SO-{yyyyMM}-{0000} in, prefix, counter period and width out."""

import re
from dataclasses import dataclass
from datetime import date

DATE_PARTS = {"{yyyy}": "%Y", "{yy}": "%y", "{MM}": "%m", "{dd}": "%d", "{yyyyMM}": "%Y%m", "{yyyyMMdd}": "%Y%m%d"}

_PART = re.compile(r"\{[^{}]*\}")


@dataclass(frozen=True, slots=True)
class SequencePattern:
    """Literal text and date parts before and after one counter.

    before, after: strftime formats. width: least number of digits of the counter.
    """

    text: str
    before: str
    after: str
    width: int

    def period(self, day: date) -> str:
        """Return the digits of the date parts, which name the counter: empty when the pattern has no date.

        >>> parse_pattern("SO-{yyyyMM}-{0000}").period(date(2026, 11, 23))
        '202611'
        """
        parts = [DATE_PARTS[m] for m in _PART.findall(self.text) if m in DATE_PARTS]
        return "".join(day.strftime(part) for part in parts)

    def around(self, day: date) -> tuple[str, str]:
        """Return the text before and after the counter on that day."""
        return day.strftime(self.before), day.strftime(self.after)


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
