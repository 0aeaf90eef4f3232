"""What a cell of a sheet means for a field: a cell as the reader wrote it in, the text of a staged value out, or an Issue."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import orjson

from dougong.sheets.messages import MESSAGES
from dougong.sheets.plan import Plan, Target
from engines.entity.field_json import field_to_json
from engines.entity.field_text import text_reader
from engines.entity.messages import MESSAGES as RECORD_MESSAGES
from engines.entity.written import SEPARATORS
from engines.values.issue import Issue, issue

Cell = Any
Read = Callable[[Cell], str | Issue | None]

MOST_REMEMBERED = 20_000
"""Values of a column that are remembered: most columns repeat themselves."""
_NUMBERS = frozenset(("number", "money", "percent", "quantity", "rating", "duration"))
_DATES = frozenset(("date", "datetime"))
_FIRST = datetime(1899, 12, 30)  # noqa: DTZ001 – a sheet knows no time zones
_MOST_DAYS = 200_000
_DAY_FIRST = re.compile(r"^(\d{1,2})\s*[-/.]\s*(\d{1,2})\s*[-/.]\s*(\d{4})(?=\D|$)")


def cell_reader(plan: Plan, target: Target, zone: ZoneInfo) -> Read:
    """Return what reads the cells of one column."""
    remembered: dict[Cell, str | Issue | None] = {}
    read = _reader(plan, target, zone)

    def remember(cell: Cell) -> str | Issue | None:
        if cell is None:
            return None
        key = orjson.dumps(cell) if isinstance(cell, dict) else (cell, True) if isinstance(cell, bool) else cell
        try:
            return remembered[key]
        except KeyError:
            found = read(cell)
            if len(remembered) < MOST_REMEMBERED:
                remembered[key] = found
            return found

    return remember


def _reader(plan: Plan, target: Target, zone: ZoneInfo) -> Read:
    field, kind = target.field, target.field.kind.key
    parse = text_reader(field, zone)
    is_record, is_list = target.to is not None, field.links is not None

    def read(cell: Cell) -> str | Issue | None:
        if isinstance(cell, dict) and ("e" in cell or "f" in cell):
            code = "import-cell-error" if "e" in cell else "import-cell-formula"
            return issue(MESSAGES, code, "", None, value=cell.get("e", ""))
        text = cell_text(cell, kind)
        if not text.strip():
            return None
        if target.among:
            return named_record(target, text)
        if is_record:
            parts = [part.strip() for part in SEPARATORS.split(text) if part.strip()] if is_list else [text.strip()]
            return orjson.dumps(parts).decode() if is_list else parts[0]
        value = parse(_in_order(text, kind, plan))
        if isinstance(value, Issue):
            return value
        return staged(field_to_json(field, value))

    return read


def named_record(target: Target, text: str) -> str | Issue:
    """Return `customer:C-001` for a cell that names an entity, by key or by label, and the title of its record: `Customer: C-001`."""
    named, colon, title = text.replace("：", ":").partition(":")
    if not colon and len(target.among) == 1:
        named, title = next(iter(target.among)), text
    wanted = "".join(named.casefold().split())
    for key, entity in target.among.items():
        if wanted in {"".join(called.casefold().split()) for called in (key, *entity.name.values())}:
            return f"{key}:{title.strip()}"
    names = [{language: entity.name.get(language, key) for language in ("zh-CN", "en")} for key, entity in target.among.items()]
    listed = {language: ", ".join(name[language] for name in names) for language in ("zh-CN", "en")}
    return issue(RECORD_MESSAGES, "record-any-reference-entity", "", None, name=target.field.name, entity=named.strip()[:100], entities=listed)


def staged(value: object) -> str | None:
    """Return a JSON value as the text it is staged as."""
    if value is None or isinstance(value, str):
        return value
    return orjson.dumps(value).decode()


def cell_text(cell: Cell, kind: str = "text") -> str:
    """Return a cell as somebody would have written it for a kind of field.

    >>> cell_text(12.0), cell_text(0.1), cell_text({"d": "2026-01-31"}), cell_text(True)
    ('12', '0.1', '2026-01-31', 'TRUE')
    >>> cell_text(46053.0, "date"), cell_text(1e-7), cell_text({"p": 5400}, "duration")
    ('2026-01-31', '0.0000001', '90')
    """
    if isinstance(cell, str):
        return cell
    if isinstance(cell, bool):
        return "TRUE" if cell else "FALSE"
    if isinstance(cell, int | float):
        return _of_number(float(cell), kind)
    if cell is None:
        return ""
    if "p" in cell:
        seconds = float(cell["p"])
        if kind == "duration":
            return _plain(seconds / 60)
        whole = round(seconds)
        return f"{whole // 3600}:{whole // 60 % 60:02}:{whole % 60:02}"
    if "t" in cell:
        return str(cell["t"]).replace("T", " ")
    return str(next(iter(cell.values())))


def _of_number(number: float, kind: str) -> str:
    if kind in _DATES and 1 <= number < _MOST_DAYS:
        moment = _FIRST + timedelta(seconds=round(number * 86400))
        return moment.date().isoformat() if number == int(number) else moment.isoformat(" ")
    if kind == "duration" and 0 < number < 1:
        return _plain(number * 1440)
    return _plain(number)


def _plain(number: float) -> str:
    """Return a number as a spreadsheet shows it: 15 digits, no exponent."""
    text = f"{number:.15g}"
    if "e" in text:
        text = f"{number:.20f}" if abs(number) < 1 else f"{number:.0f}"
        if "." in text:
            # Digits beyond the fifteenth are none of the number's.
            places = max(0, 14 - int(f"{number:e}".partition("e")[2]))
            text = f"{number:.{min(places, 40)}f}".rstrip("0").rstrip(".")
    return text


def _in_order(text: str, kind: str, plan: Plan) -> str:
    """Return a text with its day, month, year or the sign of its fraction where the readers of values expect them."""
    if kind in _DATES and plan.dates != "ymd":
        found = _DAY_FIRST.match(text.strip())
        if found is not None:
            day, month = (found[1], found[2]) if plan.dates == "dmy" else (found[2], found[1])
            return f"{found[3]}-{month}-{day}{text.strip()[found.end() :]}"
    if kind in _NUMBERS and plan.decimal == ",":
        return text.replace(".", "").replace(",", ".")
    return text


