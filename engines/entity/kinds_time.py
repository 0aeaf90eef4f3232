"""Rows of the table of field kinds whose values are days, times and spans of time."""

from engines.entity.field_kind import ENDS, ORDERED, SUMS, TEXT_COLUMN, kind
from engines.values.value_types import DATE, DATETIME, NUMBER, TEXT

TIME_KINDS = (
    kind("date", ("日期", "Date"), ("日期，不带时区。", "A day without a time zone."), DATE, "date", ORDERED, ENDS),
    kind("datetime", ("日期时间", "Date and time"), ("时间点，按站点时区显示。", "An instant, shown in the site's time zone."), DATETIME, "timestamptz", ORDERED, ENDS),
    kind("time", ("时间", "Time"),
         ("一天中的时刻，24 小时制；在表达式中是文本，如 \"08:30\"，可以比较先后。",
          "A time of day by the 24-hour clock; in expressions a text such as \"08:30\", which compares as the times do."),
         TEXT, TEXT_COLUMN, ORDERED, ENDS),
    kind("duration", ("时长", "Duration"),
         ("一段时间，填写为 1:30；在表达式中是分钟数，如 90。", "A span of time, typed as 1:30; in expressions its number of minutes, such as 90."),
         NUMBER, "numeric", ORDERED, SUMS),
)  # fmt: skip
"""date, datetime, time, duration."""
