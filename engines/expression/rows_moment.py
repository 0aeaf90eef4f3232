"""The rows of functions over parts of dates, spans between them, and times made of numbers and texts."""

from __future__ import annotations

from engines.expression.function import Arg, Function, row
from engines.values.value_types import DATE, DATETIME, NUMBER, TEXT

# What DATEDIF counts; MD is not among them, for spreadsheets themselves warn of its answers.
SPANS = ("Y", "M", "D", "YM", "YD")
# How the days of a week are numbered: type -> the weekday that comes first (0 Monday … 6 Sunday) and its number.
WEEKDAY_TYPES = {1: (6, 1), 2: (0, 1), 3: (0, 0)} | {11 + first: (first, 1) for first in range(7)}
# With which weekday a week of WEEKNUM begins; type 21 are the weeks of ISO 8601.
WEEK_TYPES = {1: 6, 2: 0} | {11 + first: first for first in range(7)}
ISO_WEEKS = 21
WEEKDAY_NAMES = ("星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期日")
BASES = range(5)

_DATE = Arg("date", DATE)
_TIME = Arg("time", DATETIME)
_SPAN = (Arg("from", DATE), Arg("to", DATE))
_UNITS = "year quarter month week day hour minute second"

MOMENT_ROWS: tuple[Function, ...] = (
    row("DATETIME", (
            Arg("year", NUMBER), Arg("month", NUMBER), Arg("day", NUMBER),
            Arg("hour", NUMBER, default="0"), Arg("minute", NUMBER, default="0"), Arg("second", NUMBER, default="0"),
        ), DATETIME,
        "由年、月、日、时、分、秒得到时间（站点时区）；超出范围则顺延",
        "The time of a year, month, day, hour, minute and second in the site's zone; surplus carries over",
        ("DATETIME(2024, 2, 29, 8, 30)", "#2024-02-29 08:30#"), ("DATETIME(2024, 12, 31, 25)", "#2025-01-01 01:00#"),
        null="blank"),
    row("QUARTER", (_DATE,), NUMBER, "季度（1 到 4）", "The quarter, 1 to 4", ("QUARTER(#2024-05-01#)", "2"), null="blank"),
    row("HOUR", (_TIME,), NUMBER, "小时（0 到 23，站点时区）", "The hour, 0 to 23, in the site's zone",
        ("HOUR(#2024-05-01 08:30#)", "8"), null="blank"),
    row("MINUTE", (_TIME,), NUMBER, "分钟（0 到 59）", "The minute, 0 to 59", ("MINUTE(#2024-05-01 08:30#)", "30"), null="blank"),
    row("SECOND", (_TIME,), NUMBER, "秒（0 到 59）", "The second, 0 to 59", ("SECOND(#2024-05-01 08:30:15#)", "15"), null="blank"),
    row("WEEKDAY", (_DATE, Arg("type", NUMBER, default="1")), NUMBER,
        "星期几的编号。类型：1 星期日为 1（默认），2 星期一为 1，3 星期一为 0，11 到 17 依次以星期一到星期日为 1",
        "The number of the weekday. Types: 1 Sunday is 1 (the default), 2 Monday is 1, 3 Monday is 0, 11 to 17 Monday to Sunday is 1",
        ("WEEKDAY(#2024-05-19#)", "1"), ("WEEKDAY(#2024-05-19#, 2)", "7"), null="blank", fails=("NUM",)),
    row("WEEKDAYNAME", (_DATE,), TEXT, "星期几的中文名称", "The name of the weekday in Chinese",
        ("WEEKDAYNAME(#2024-05-19#)", "\"星期日\""), null="blank"),
    row("WEEKNUM", (_DATE, Arg("type", NUMBER, default="1")), NUMBER,
        "一年中的第几周，1 月 1 日在第 1 周。类型：1 周从星期日起（默认），2 从星期一起，11 到 17 依次从星期一到星期日起，21 为 ISO 周",
        "The week of the year; 1 January is in week 1. Types: 1 weeks begin on Sunday (the default), 2 on Monday, "
        "11 to 17 on Monday to Sunday, 21 ISO weeks",
        ("WEEKNUM(#2024-12-30#)", "53"), ("WEEKNUM(#2024-12-30#, 21)", "1"), null="blank", fails=("NUM",)),
    row("ISOWEEKNUM", (_DATE,), NUMBER, "ISO 周数：周从星期一起，第 1 周包含当年第一个星期四",
        "The ISO week: weeks begin on Monday, week 1 has the year's first Thursday",
        ("ISOWEEKNUM(#2021-01-03#)", "53"), null="blank"),
    row("DAYSINMONTH", (_DATE,), NUMBER, "当月的天数", "How many days the month has", ("DAYSINMONTH(#2024-02-10#)", "29"), null="blank"),
    row("DAYS", (Arg("to", DATE), Arg("from", DATE)), NUMBER, "两个日期之间的天数：止在前，起在后",
        "The days between two dates, the later one first", ("DAYS(#2024-03-01#, #2024-02-28#)", "2"), null="blank"),
    row("DATEDIF", (*_SPAN, Arg("unit", TEXT)), NUMBER,
        "从一个日期到之后一个日期的整年、整月或天数。单位：Y 年，M 月，D 天，YM 不足一年的月，YD 不足一年的天",
        "Whole years, months or days from a date to a later one. Units: Y years, M months, D days, YM months beyond "
        "whole years, YD days beyond whole years",
        ("DATEDIF(#2024-01-15#, #2025-05-14#, \"YM\")", "3"), null="blank", fails=("VALUE", "NUM")),
    row("AGE", (Arg("birth", DATE), Arg("on", DATE, optional=True)), NUMBER, "周岁；不写截至日期则到今天为止",
        "The age in years, today unless another day is given", ("AGE(#2000-02-29#, #2024-02-28#)", "23"),
        null="blank", fails=("NUM",)),
    row("YEARFRAC", (*_SPAN, Arg("basis", NUMBER, default="0")), NUMBER,
        "两个日期之间占一年的比例。基准：0 美国 30/360（默认），1 实际天数/实际天数，2 实际天数/360，3 实际天数/365，4 欧洲 30/360",
        "The fraction of a year between two dates. Bases: 0 US 30/360 (the default), 1 actual/actual, 2 actual/360, "
        "3 actual/365, 4 European 30/360",
        ("YEARFRAC(#2024-01-01#, #2024-07-01#)", "0.5"), null="blank", fails=("NUM",)),
    row("STARTOF", (_DATE, Arg("unit", TEXT)), DATE,
        f"所在单位的起点；周从星期一起。单位：{_UNITS}", f"The start of the unit it lies in; weeks begin on Monday. Units: {_UNITS}",
        ("STARTOF(#2024-05-19#, \"week\")", "#2024-05-13#"), null="blank", fails=("VALUE",)),
    row("ENDOF", (_DATE, Arg("unit", TEXT)), DATE,
        f"所在单位的终点：日期为最后一天，时间为最后一微秒。单位：{_UNITS}",
        f"The end of the unit it lies in: the last day of a date's, the last microsecond of a time's. Units: {_UNITS}",
        ("ENDOF(#2024-02-17#, \"month\")", "#2024-02-29#"), null="blank", fails=("VALUE",)),
    row("TODATE", (Arg("value", TEXT),), DATE, "时间所在的日期，或文本所写的日期；空文本得到空值",
        "The date of a time, or the date a text writes; blank for an empty text",
        ("TODATE(\"2024年2月9日\")", "#2024-02-09#"), ("TODATE(\"2024/2/9\")", "#2024-02-09#"), null="blank",
        blank=True, fails=("VALUE",)),
    row("TODATETIME", (Arg("value", TEXT),), DATETIME, "日期的零点，或文本所写的时间（未写时区则为站点时区）；空文本得到空值",
        "The midnight a date begins with, or the time a text writes, in the site's zone unless it names one; blank for an empty text",
        ("TODATETIME(\"2024-02-29 08:30\")", "#2024-02-29 08:30#"), ("TODATETIME(\"2024年2月29日8时30分\")", "#2024-02-29 08:30#"),
        null="blank", blank=True, fails=("VALUE",)),
    row("TIMESTAMP", (_TIME,), NUMBER, "时间戳：自 1970 年 1 月 1 日零点（UTC）起的毫秒数", "The milliseconds since 1970 began in UTC",
        ("TIMESTAMP(TODATETIME(\"2024-05-01T00:00:00Z\"))", "1714521600000"), null="blank"),
    row("FROMTIMESTAMP", (Arg("milliseconds", NUMBER),), DATETIME, "毫秒时间戳所指的时间", "The time a count of milliseconds since 1970 means",
        ("TIMESTAMP(FROMTIMESTAMP(1714521600000))", "1714521600000"), null="blank"),
)
