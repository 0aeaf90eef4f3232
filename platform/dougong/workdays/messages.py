"""The sentences about days of a calendar that cannot be kept, by code."""

from __future__ import annotations

MESSAGES: dict[str, dict[str, str]] = {
    "calendar-day-invalid": {
        "zh-CN": "“{day}”不是有效日期；请写成 2026-10-01",
        "en": "'{day}' is no date that exists; write 2026-10-01",
    },
    "calendar-day-outside": {
        "zh-CN": "{day} 不在 {year} 年内",
        "en": "{day} does not lie in {year}",
    },
    "calendar-day-repeated": {
        "zh-CN": "{day} 出现了两次，一天只能是节假日或上班日之一",
        "en": "{day} is listed twice; a day is either a holiday or a working day",
    },
}
