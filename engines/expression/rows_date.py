"""The rows of functions over dates and times; parts of a time are taken in the site's zone."""

from __future__ import annotations

from engines.expression.function import Arg, Function, row
from engines.values.value_types import DATE, DATETIME, NUMBER, TEXT

UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second")

_DATE = Arg("date", DATE)
_MONTHS = Arg("months", NUMBER)

DATE_ROWS: tuple[Function, ...] = (
    row("DATE", (Arg("year", NUMBER), Arg("month", NUMBER), Arg("day", NUMBER)), DATE,
        "由年、月、日得到日期；月、日可以超出范围而顺延", "The date of a year, month and day; surplus months and days carry over",
        ("DATE(2024, 2, 30)", "#2024-03-01#"), ("DATE(2025, -1, 10)", "#2024-11-10#"), null="blank"),
    row("TODAY", (), DATE, "今天（站点时区）", "Today in the site's zone", ("TODAY() = TODATE(NOW())", "TRUE"), steady=False),
    row("NOW", (), DATETIME, "现在", "Now", ("NOW() = NOW()", "TRUE"), steady=False),
    row("YEAR", (_DATE,), NUMBER, "年份", "The year", ("YEAR(#2024-05-01#)", "2024"), null="blank"),
    row("MONTH", (_DATE,), NUMBER, "月份", "The month, 1 to 12", ("MONTH(#2024-05-01#)", "5"), null="blank"),
    row("DAY", (_DATE,), NUMBER, "日", "The day of the month", ("DAY(#2024-05-01#)", "1"), null="blank"),
    row("DATEADD", (_DATE, Arg("count", NUMBER), Arg("unit", TEXT)), DATE,
        "若干单位之后的日期或时间；单位：year quarter month week day hour minute second",
        "The date or time so many units later; units: year quarter month week day hour minute second",
        ("DATEADD(#2024-01-31#, 1, \"month\")", "#2024-02-29#"), ("DATEADD(#2024-02-29#, -2, \"week\")", "#2024-02-15#"),
        null="blank", fails=("VALUE",)),
    row("DATEDIFF", (Arg("from", DATE), Arg("to", DATE), Arg("unit", TEXT)), NUMBER,
        "从一个日期到另一个日期经过的整单位数", "The whole units elapsed from one date or time to another",
        ("DATEDIFF(#2024-01-31#, #2024-03-31#, \"month\")", "2"), ("DATEDIFF(#2024-05-15#, #2024-05-01#, \"week\")", "-2"),
        null="blank", fails=("VALUE",)),
    row("EDATE", (_DATE, _MONTHS), DATE, "若干个月之后的同一天，超过月末则取月末",
        "The same day so many months later, or the month's last when it has no such day",
        ("EDATE(#2024-01-31#, 1)", "#2024-02-29#"), null="blank"),
    row("EOMONTH", (_DATE, Arg("months", NUMBER, default="0")), DATE, "若干个月之后的月末",
        "The last day of the month so many months later", ("EOMONTH(#2024-01-15#, 1)", "#2024-02-29#"), null="blank"),
)
