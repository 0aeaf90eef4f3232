"""The rows of functions that count working days, and of the site's calendar, which a formula reads as `calendar.holidays`."""

from __future__ import annotations

from engines.expression.function import Arg, Function, row
from engines.values.value_types import BOOL, DATE, NUMBER, list_of

DATES = list_of(DATE)
# The root under which a formula reads the site's calendar, and its two lists; in a typed tree each is a call.
CALENDAR = "calendar"
CALENDAR_PARTS = ("holidays", "workdays")

_LISTS = (Arg("holidays", DATES, optional=True), Arg("workdays", DATES, optional=True))

WORKDAY_ROWS: tuple[Function, ...] = (
    row("NETWORKDAYS", (Arg("from", DATE), Arg("to", DATE), *_LISTS), NUMBER,
        "两个日期之间（含首尾）的工作日数；可给出节假日和调休上班日，止早于起则为负数",
        "The working days between two dates, both included, less holidays and with adjusted working days; negative backwards",
        ("NETWORKDAYS(#2024-04-29#, #2024-05-06#)", "6"),
        ("NETWORKDAYS(#2024-04-28#, #2024-05-05#, [#2024-05-01#, #2024-05-02#, #2024-05-03#], [#2024-04-28#])", "3"), null="kept"),
    row("WORKDAY", (Arg("date", DATE), Arg("count", NUMBER), *_LISTS), DATE,
        "若干个工作日之后（负数为之前）的日期；可给出节假日和调休上班日",
        "The date so many working days later (or earlier, when negative), past holidays and with adjusted working days",
        ("WORKDAY(#2024-04-30#, 1, [#2024-05-01#, #2024-05-02#, #2024-05-03#])", "#2024-05-06#"),
        ("WORKDAY(#2024-05-10#, 1, [], [#2024-05-11#])", "#2024-05-11#"), null="kept"),
    row("ISWORKDAY", (Arg("date", DATE), *_LISTS), BOOL, "是否为工作日；可给出节假日和调休上班日，调休上班日优先",
        "Whether a day is a working day; an adjusted working day is one even when it is a holiday as well",
        ("ISWORKDAY(#2024-05-11#)", "FALSE"), ("ISWORKDAY(#2024-05-11#, [], [#2024-05-11#])", "TRUE"), null="kept"),
)  # fmt: skip

# The site's calendar changes when an administrator edits it, so what reads it is not steady.
CALENDAR_ROWS: tuple[Function, ...] = (
    row("calendar.holidays", (), DATES, "站点日历的节假日", "The holidays of the site's calendar", steady=False),
    row("calendar.workdays", (), DATES, "站点日历的调休上班日", "The adjusted working days of the site's calendar", steady=False),
)
