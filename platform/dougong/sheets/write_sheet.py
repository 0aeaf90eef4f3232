"""The program that writes a list as a file: what the columns are and JSON records a line each on standard input, XLSX or CSV out.

It runs as a process of its own, so that a long list neither holds up the server nor stays in its memory; it knows nothing of
the rest of the program but how values are written. The first line is `{"format", "sheet", "columns": [{"key", "header", "form", …}], "choices": {…}}`.
"""

import contextlib
import csv
import io
import shutil
import sys
import tempfile
from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from decimal import Decimal
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo

import orjson

from engines.entity.check_texts import MASK
from engines.entity.markup import text_of_html
from engines.entity.written import minutes_text
from engines.entity.written_address import address_text

Column = dict[str, Any]
MOST_ROWS = 1_048_575
"""Rows of a sheet of XLSX below its header; a longer list goes on in another."""
LONGEST = 32_767
"""Most characters of a cell of XLSX."""
EXACT_DIGITS = 15
"""A number of XLSX is a binary double; one with more digits is written as text."""
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")
"""What a text must not begin with in CSV, or a spreadsheet would run it as a formula."""
_FIRST_DAY = date(1900, 3, 1)
_WIDTHS = {"date": 12, "datetime": 19, "number": 14, "boolean": 8}


def main() -> None:
    """Read from standard input, write to standard output."""
    spec = orjson.loads(sys.stdin.buffer.readline())
    write = _write_csv if spec["format"] == "csv" else _write_xlsx
    write(spec, _records(), sys.stdout.buffer)


def _records() -> Iterator[dict[str, Any]]:
    for line in sys.stdin.buffer:
        yield orjson.loads(line)


WRITTEN: Mapping[str, Callable[[Any], str]] = {
    "rich_text": text_of_html,
    "address": address_text,
    "location": lambda value: f"{value['latitude']}, {value['longitude']}",
    "duration": lambda value: minutes_text(Decimal(value)),
    "secret": lambda value: MASK,
}
"""What people write for values of these kinds, and what an import reads again."""


def _text(column: Column) -> Callable[[dict[str, Any]], Any]:
    """Return what takes the value of a column out of a record: a str, Decimal text, bool, date or datetime, or None."""
    key, form = column["key"], column["form"]
    if form in ("title", "titles"):
        titles = f"{key}__title"
        return lambda record: _joined(record.get(titles))
    if form == "any":
        names = column["labels"]
        return lambda record: _any_record(record.get(key), record.get(f"{key}__title"), names)
    if form == "files":
        files = f"{key}__files"
        return lambda record: "、".join(file["name"] for file in record.get(files) or ())
    if form == "choice":
        labels = column["labels"]
        return lambda record: _labelled(record.get(key), labels)
    if form == "boolean":
        yes, no = column["labels"]["true"], column["labels"]["false"]
        return lambda record: None if record.get(key) is None else yes if record[key] else no
    if form == "date":
        return lambda record: None if record.get(key) is None else _day(record[key])
    if form == "datetime":
        zone = ZoneInfo(column["zone"])
        return lambda record: None if record.get(key) is None else _instant(record[key], zone)
    if form == "cell":
        return lambda record: _of_cell(record.get(key))
    if form in WRITTEN:
        write = WRITTEN[form]
        return lambda record: None if record.get(key) is None else write(record[key])
    error = f"{key}__error"
    return lambda record: _joined(record.get(key)) if record.get(key) is not None else record.get(error)


def _of_cell(cell: Any) -> Any:  # noqa: ANN401
    """Return a cell of an imported sheet as it was."""
    if not isinstance(cell, dict):
        return cell
    kind, value = next(iter(cell.items()))
    return _day(value) if kind == "d" else datetime.fromisoformat(value) if kind == "t" else str(value)


def _joined(value: Any) -> str | None:  # noqa: ANN401 – whatever JSON carries
    if isinstance(value, str) or value is None:
        return value
    if isinstance(value, list):
        return "、".join(_joined(part) or "" for part in value)
    if isinstance(value, bool) or not isinstance(value, int | float):
        return orjson.dumps(value).decode()
    return str(value)


def _any_record(value: Any, title: str | None, labels: dict[str, str]) -> str | None:  # noqa: ANN401 – JSON, as above
    """Return a record of one of several entities as an import reads it: `Customer: C-001`."""
    return None if value is None else f"{labels.get(value['entity'], value['entity'])}: {title or value['id']}"


def _labelled(value: Any, labels: dict[str, str]) -> str | None:  # noqa: ANN401
    if isinstance(value, list):
        return "、".join(labels.get(part, str(part)) for part in value)
    return None if value is None else labels.get(value, str(value))


def _day(text: str) -> date | str:
    try:
        return date.fromisoformat(text)
    except ValueError:
        return text


def _instant(text: str, zone: ZoneInfo) -> datetime | str:
    try:
        return datetime.fromisoformat(text).astimezone(zone).replace(tzinfo=None)
    except (ValueError, OverflowError):
        return text


def _write_csv(spec: dict[str, Any], records: Iterator[dict[str, Any]], out: BinaryIO) -> None:
    lines = io.TextIOWrapper(out, "utf-8-sig", newline="", write_through=False)
    writer = csv.writer(lines, lineterminator="\r\n")
    writer.writerow([_harmless(column["header"]) for column in spec["columns"]])
    takers = [(_text(column), column["form"]) for column in spec["columns"]]
    for record in records:
        writer.writerow([_in_csv(take(record), form) for take, form in takers])
    lines.flush()
    lines.detach()


def _in_csv(value: Any, form: str) -> str:  # noqa: ANN401
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if form == "number" else _harmless(str(value))


def _harmless(text: str) -> str:
    return f"'{text}" if text.startswith(FORMULA_STARTS) else text


def _write_xlsx(spec: dict[str, Any], records: Iterator[dict[str, Any]], out: BinaryIO) -> None:
    import xlsxwriter

    with tempfile.TemporaryDirectory(prefix="dougong-sheet-") as folder:
        path = f"{folder}/list.xlsx"
        book = xlsxwriter.Workbook(path, {"constant_memory": True, "tmpdir": folder, "strings_to_urls": False})
        forms = {
            "date": book.add_format({"num_format": "yyyy-mm-dd"}),
            "datetime": book.add_format({"num_format": "yyyy-mm-dd hh:mm:ss"}),
            "head": book.add_format({"bold": True, "bg_color": "#EEF2F7", "border": 1, "border_color": "#D0D7E2"}),
        }
        for column in spec["columns"]:
            if column.get("pattern"):
                forms[column["pattern"]] = book.add_format({"num_format": column["pattern"]})
        sheet = None
        row = 0
        writers = [_cell(column, forms) for column in spec["columns"]]
        for record in records:
            if sheet is None or row == MOST_ROWS:
                sheet, row = _sheet(book, spec, forms), 0
            row += 1
            for at, write in enumerate(writers):
                write(sheet, row, at, record)
        if sheet is None:
            sheet = _sheet(book, spec, forms)
        _offer(book, sheet, spec)
        book.close()
        with open(path, "rb") as made:
            shutil.copyfileobj(made, out, 1 << 18)
        out.flush()


def _sheet(book: Any, spec: dict[str, Any], forms: dict[str, Any]) -> Any:  # noqa: ANN401 – xlsxwriter's own
    number = len(book.worksheets()) + 1
    sheet = book.add_worksheet(spec["sheet"] if number == 1 else f"{spec['sheet'][:26]} {number}")
    sheet.freeze_panes(1, 0)
    for at, column in enumerate(spec["columns"]):
        width = max(_WIDTHS.get(column["form"], 18), sum(2 if ord(c) > 255 else 1 for c in column["header"]) + 2)
        sheet.set_column(at, at, min(width, 60), forms.get(column["form"]))
    for at, column in enumerate(spec["columns"]):
        sheet.write_string(0, at, column["header"], forms["head"])
    return sheet


def _cell(column: Column, forms: dict[str, Any]) -> Callable[[Any, int, int, dict[str, Any]], None]:
    """Return what writes a value of a column into a cell."""
    take, form = _text(column), column["form"]
    shown = forms.get(column.get("pattern") or form)
    moments = {date: forms["date"], datetime: forms["datetime"]}

    def write(sheet: Any, row: int, at: int, record: dict[str, Any]) -> None:  # noqa: ANN401
        value = take(record)
        if value is None or value == "":
            return
        if form == "number" and isinstance(value, str) and _is_exact(value):
            sheet.write_number(row, at, float(value), shown)
        elif isinstance(value, bool):
            sheet.write_boolean(row, at, value)
        elif isinstance(value, int | float):
            sheet.write_number(row, at, value)
        elif isinstance(value, datetime) and value.date() >= _FIRST_DAY or type(value) is date and value >= _FIRST_DAY:
            sheet.write_datetime(row, at, value, moments[type(value)])
        elif isinstance(value, date):
            sheet.write_string(row, at, value.isoformat(" ", "seconds") if isinstance(value, datetime) else value.isoformat())
        else:
            text = str(value)
            sheet.write_string(row, at, text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")

    return write


def _is_exact(number: str) -> bool:
    with contextlib.suppress(ValueError):
        float(number)
        return len(number.replace("-", "").replace(".", "").strip("0")) <= EXACT_DIGITS
    return False


def _offer(book: Any, sheet: Any, spec: dict[str, Any]) -> None:  # noqa: ANN401
    """Let the cells of a template offer the labels of a choice, from a sheet out of sight."""
    listed = None
    for at, column in enumerate(spec["columns"]):
        offered = column.get("offer")
        if not offered:
            continue
        if listed is None:
            listed = book.add_worksheet("options")
            listed.hide()
            columns: list[list[str]] = []
        columns.append(offered)
        letters = letters_of(len(columns) - 1)
        source = f"=options!${letters}$1:${letters}${len(offered)}"
        sheet.data_validation(1, at, 100_000, at, {"validate": "list", "source": source, "error_type": "warning"})
    if listed is not None:
        for row in range(max(len(offered) for offered in columns)):
            for at, offered in enumerate(columns):
                if row < len(offered):
                    listed.write_string(row, at, offered[row])


def letters_of(at: int) -> str:
    """Return the name of a column.

    >>> letters_of(0), letters_of(27)
    ('A', 'AB')
    """
    name = ""
    at += 1
    while at:
        at, rest = divmod(at - 1, 26)
        name = chr(65 + rest) + name
    return name


if __name__ == "__main__":
    main()
