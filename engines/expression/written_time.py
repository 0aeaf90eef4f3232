"""The pattern of texts that write a date or a time, in the words that Python, PostgreSQL and the browser read alike."""

from __future__ import annotations

# No such text is longer; so a pattern may look at one as often as it likes.
LONGEST = 80
_S = r"[ \t\u3000\u00a0]*"
_SPACES = r"[ \t\u3000\u00a0]+"
_DATE = rf"([0-9]{{4}}){_S}[-/.年]{_S}([0-9]{{1,2}}){_S}[-/.月]{_S}([0-9]{{1,2}})|([0-9]{{4}})([0-9]{{2}})([0-9]{{2}})"
_CLOCK = rf"[:：]{_S}([0-9]{{1,2}})(?:{_S}[:：]{_S}([0-9]{{1,2}})(?:[.]([0-9]{{1,9}}))?)?"
_WORDS = rf"[时点]{_S}(?:([0-9]{{1,2}}){_S}分{_S}(?:([0-9]{{1,2}}){_S}秒)?)?"
_ZONE = rf"(?:{_S}([Zz]|([+-])([0-9]{{2}})(?::?([0-9]{{2}}))?))?"
_TIME = rf"(上午|下午)?{_S}([0-9]{{1,2}}){_S}(?:{_CLOCK}|{_WORDS})(?:{_S}([AaPp][Mm]))?{_ZONE}"

# 2024-02-29, 2024/2/29, 2024.2.29, 2024年2月29日 or 20240229; alone, or with a time after it: 8:30, 08:30:15.5, 8时30分15秒,
# 8点, 下午3:30, 3:30 PM; with Z, +08:00, +0800 or +08 behind it.
# Groups: 1-3 or 4-6 year, month and day; 7 or 14 the half of the day; 8 hour; 9 or 12 minute; 10 or 13 second; 11 its
# decimals; 15 the zone, 16 its sign, 17 its hours, 18 its minutes.
WRITTEN_TIME = rf"^{_S}(?:{_DATE})(?:(?:{_S}日)?|(?:{_S}日{_S}|{_S}T|{_SPACES}){_TIME}){_S}$"
