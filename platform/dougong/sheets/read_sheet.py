"""The program that reads a file: a path and limits in, what the file is on the first line and its rows for COPY after it out.

It runs as a process of its own with a limit of memory and time, as files lie: a small one may hold gigabytes. Each row is its
number, a tab and a JSON list of cells: null, true, a number, a text, `{"d": "2026-01-31"}`, `{"t": "2026-01-31T10:30:00"}`,
`{"h": "10:30:00"}`, `{"p": 5400}` (a duration in seconds), `{"e": "#DIV/0!"}` (an error), `{"f": "="}` (a formula nobody computed).
What stops it is one line `{"refused": code, …}` and exit code 0.
"""

import codecs
import csv
import io
import re
import resource
import sys
import zipfile
from collections.abc import Iterable, Iterator
from datetime import date, datetime, time, timedelta
from typing import IO, Any

import orjson

from dougong.sheets.stream_sheet import is_known, read_rows

MOST_RATIO = 200
"""A part of a zip that unpacks to more than so many times its size is no spreadsheet."""
SMALL_BYTES = 20_000_000
"""Parts smaller than this may be as repetitive as they like."""
MOST_UNPACKED_BYTES = 3_000_000_000
MOST_COLUMNS = 500
LONGEST_CELL = 100_000
BATCH = 500
WHOLE_COLUMN = 1_048_576
MOST_MERGED = 1000
_MERGED = re.compile(rb'<mergeCell ref="([A-Z]+)(\d+):([A-Z]+)(\d+)"')
_ERROR = re.compile(rb'<c\b(?=[^>]*\bt="e")[^>]*\br="([A-Z]{1,3})(\d+)"[^>]*>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?<v>([^<]*)</v>')
_FORMULA = re.compile(rb'<c\b[^>]*\br="([A-Z]{1,3})(\d+)"[^>]*>(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)(?:<v\s*/>|<v></v>)?</c>')
_DIMENSION = re.compile(rb'<dimension\s+ref="[A-Z]+\d+:[A-Z]+(\d+)"')
_PIECE = 1 << 20
_OVERLAP = 1 << 12


class Refused(Exception):
    """The file cannot be taken; code and parts say why."""

    def __init__(self, code: str, **parts: object) -> None:
        """Keep what is told of it."""
        super().__init__(code)
        self.told = {"refused": code, **parts}


def main() -> None:
    """Read the file named by the arguments: path, sheet (empty for the first), most rows, most megabytes of memory, most seconds,
    and from how many bytes on a sheet is read row by row."""
    path, wanted = sys.argv[1:3]
    most_rows, memory_mb, seconds, held_bytes = (int(text) for text in sys.argv[3:7])
    resource.setrlimit(resource.RLIMIT_AS, (memory_mb << 20, memory_mb << 20))
    resource.setrlimit(resource.RLIMIT_CPU, (seconds, seconds))
    out = sys.stdout.buffer
    try:
        with open(path, "rb") as file:
            head = file.read(8)
        rows = _xlsx(path, wanted, most_rows, held_bytes) if head.startswith(b"PK") else _csv(path, head, most_rows)
        _write(rows, out)
    except Refused as refused:
        out.write(orjson.dumps(refused.told) + b"\n")
    except MemoryError:
        out.write(orjson.dumps({"refused": "memory", "limit": memory_mb}) + b"\n")
    out.flush()


def _write(rows: Iterator[Any], out: Any) -> None:  # noqa: ANN401 – a binary stream
    """Write what the file is, then its rows."""
    out.write(orjson.dumps(next(rows)) + b"\n")
    lines: list[bytes] = []
    for number, cells in rows:
        while cells and cells[-1] is None:
            cells.pop()
        if not cells:
            continue
        if len(cells) > MOST_COLUMNS:
            raise Refused("columns", limit=MOST_COLUMNS, row=number)
        packed = orjson.dumps(cells, default=_date_or_time, option=orjson.OPT_PASSTHROUGH_DATETIME)
        lines.append(b"%d\t%b\n" % (number, packed.replace(b"\\", b"\\\\") if b"\\" in packed else packed))
        if len(lines) == BATCH:
            out.write(b"".join(lines))
            lines.clear()
    out.write(b"".join(lines))


def _date_or_time(value: object) -> dict[str, Any]:
    """Return the JSON form of what orjson is told to pass on."""
    if isinstance(value, datetime):
        return {"t": value.isoformat()}
    if isinstance(value, date):
        return {"d": value.isoformat()}
    if isinstance(value, time):
        return {"h": value.isoformat()}
    if isinstance(value, timedelta):
        return {"p": value.total_seconds()}
    raise TypeError(type(value).__name__)


def _xlsx(path: str, wanted: str, most_rows: int, held_bytes: int) -> Iterator[Any]:
    parts = _safe_parts(path)
    from python_calamine import CalamineError, CalamineWorkbook, SheetTypeEnum, SheetVisibleEnum

    try:
        book = CalamineWorkbook.from_path(path)
        seen = [sheet for sheet in book.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        names = [sheet.name for sheet in seen if sheet.visible == SheetVisibleEnum.Visible] or [sheet.name for sheet in seen]
        if not names:
            raise Refused("empty")
        name = wanted if wanted in names else names[0]
        place = _place_of(path, name)
        _refuse_many(path, place, most_rows)
        if parts.get(place, 0) > held_bytes and _is_plain(path, place):
            yield from _streamed(path, place, names, name, most_rows)
            return
        sheet = book.get_sheet_by_name(name)
    except (CalamineError, OSError, ValueError, KeyError, zipfile.BadZipFile) as trouble:
        raise Refused("unreadable", reason=str(trouble)[:200]) from trouble
    if sheet.start is None:
        yield {"format": "xlsx", "sheets": names, "sheet": name, "merged": []}
        return
    if sheet.total_height + sheet.start[0] > most_rows + 1:
        raise Refused("rows", limit=most_rows)
    merged = [[top[0] + 1, top[1], bottom[0] + 1, bottom[1]] for top, bottom in (sheet.merged_cell_ranges or [])]
    wrong = _wrong_cells(path, place) if place in parts else {}
    yield {"format": "xlsx", "sheets": names, "sheet": name, "merged": merged[:MOST_MERGED]}
    lead: list[None] = [None] * sheet.start[1]
    for number, row in enumerate(sheet.iter_rows(), 1):
        yield number, _with_wrong([*lead, *(None if cell == "" else cell for cell in row)], wrong.get(number))


def _streamed(path: str, place: str, names: list[str], name: str, most_rows: int) -> Iterator[Any]:
    """Give a large sheet row by row."""
    wrong = _wrong_cells(path, place)
    with zipfile.ZipFile(path) as archive:
        with archive.open(place) as part:
            merged = _merged(part)
        yield {"format": "xlsx", "sheets": names, "sheet": name, "merged": merged}
        for number, cells in read_rows(archive, place):
            if number > most_rows + 1:
                raise Refused("rows", limit=most_rows)
            yield number, _with_wrong(cells, wrong.get(number))


def _is_plain(path: str, place: str) -> bool:
    with zipfile.ZipFile(path) as archive, archive.open(place) as part:
        return is_known(part.read(2048))


def _merged(part: IO[bytes]) -> list[list[int]]:
    """Return the first merged ranges of a sheet: top, left, bottom, right."""
    found: list[list[int]] = []
    tail = b""
    while (piece := part.read(_PIECE)) and len(found) < MOST_MERGED:
        text = tail + piece
        for left, top, right, bottom in _MERGED.findall(text):
            found.append([int(top), _column(left), int(bottom), _column(right)])
        tail = text[-60:] if not text.endswith(b"/>") else b""
    return found[:MOST_MERGED]


def _with_wrong(cells: list[Any], wrong: dict[int, dict[str, str]] | None) -> list[Any]:
    """Put errors and formulas without a result where the reader left blanks."""
    for at, told in (wrong or {}).items():
        cells += [None] * (at + 1 - len(cells))
        cells[at] = told
    return cells


def _safe_parts(path: str) -> dict[str, int]:
    """Return the parts of a zip with their sizes, which must be those of a spreadsheet."""
    try:
        with zipfile.ZipFile(path) as archive:
            parts = archive.infolist()
    except (zipfile.BadZipFile, OSError, ValueError) as trouble:
        raise Refused("unreadable", reason=str(trouble)[:200]) from trouble
    if sum(part.file_size for part in parts) > MOST_UNPACKED_BYTES:
        raise Refused("bomb")
    if any(part.file_size > SMALL_BYTES and part.file_size > MOST_RATIO * max(part.compress_size, 1) for part in parts):
        raise Refused("bomb")
    names = {part.filename: part.file_size for part in parts}
    if "[Content_Types].xml" not in names or "xl/workbook.xml" not in names:
        raise Refused("unreadable", reason="no workbook in it")
    return names


def _place_of(path: str, name: str) -> str:
    """Return where the XML of a sheet lies in the file, empty where it cannot be told."""
    from xml.etree import ElementTree

    try:
        with zipfile.ZipFile(path) as archive:
            book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
            links = ElementTree.fromstring(archive.read("xl/_rels/workbook.xml.rels"))
    except (KeyError, ElementTree.ParseError):
        return ""
    targets = {link.get("Id"): link.get("Target", "") for link in links}
    for sheet in book.iter():
        if sheet.tag.endswith("}sheet") and sheet.get("name") == name:
            key = next((value for at, value in sheet.attrib.items() if at.endswith("}id")), "")
            target = targets.get(key, "")
            return target.lstrip("/") if target.startswith("/") else f"xl/{target}"
    return ""


def _refuse_many(path: str, place: str, most_rows: int) -> None:
    """Refuse a sheet that says itself that it has too many rows, before any is read."""
    if not place:
        return
    with zipfile.ZipFile(path) as archive, archive.open(place) as part:
        said = _DIMENSION.search(part.read(4096))
    # Whole columns are what some programs say of a sheet with a few rows.
    if said is not None and int(said[1]) > most_rows + 1 and int(said[1]) != WHOLE_COLUMN:
        raise Refused("rows", limit=most_rows)


def _wrong_cells(path: str, place: str) -> dict[int, dict[int, dict[str, str]]]:
    """Return cells with errors and formulas without a result, by row and column: the reader takes both for blank."""
    found: dict[int, dict[int, dict[str, str]]] = {}
    with zipfile.ZipFile(path) as archive, archive.open(place) as part:
        tail = b""
        while piece := part.read(_PIECE):
            text = tail + piece
            if b't="e"' in text:
                for letters, row, error in _ERROR.findall(text):
                    found.setdefault(int(row), {})[_column(letters)] = {"e": error.decode(errors="replace")}
            if b"<f" in text:
                for letters, row in _FORMULA.findall(text):
                    found.setdefault(int(row), {})[_column(letters)] = {"f": "="}
            tail = text[-_OVERLAP:]
    return found


def _column(letters: bytes) -> int:
    """Return the position of a column by its letters.

    >>> _column(b"A"), _column(b"AB")
    (0, 27)
    """
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1


def _csv(path: str, head: bytes, most_rows: int) -> Iterator[Any]:
    with open(path, "rb") as file:
        start = file.read(1 << 16)
    if b"\x00" in start and not head.startswith((b"\xff\xfe", b"\xfe\xff")):
        raise Refused("unreadable", reason="neither a spreadsheet nor text")
    encoding = _encoding(path, head)
    delimiter = _delimiter(start.decode(encoding, "ignore"))
    csv.field_size_limit(LONGEST_CELL)
    yield {"format": "csv", "sheets": [], "sheet": "", "merged": [], "encoding": encoding, "delimiter": delimiter}
    with open(path, encoding=encoding, newline="") as text:
        try:
            for number, row in enumerate(csv.reader(_without_zeros(text), delimiter=delimiter), 1):
                if number > most_rows + 1:
                    raise Refused("rows", limit=most_rows)
                yield number, [_unquoted(cell) for cell in row]
        except csv.Error as trouble:
            raise Refused("unreadable", reason=str(trouble)[:200]) from trouble


def _unquoted(cell: str) -> str | None:
    """Return a cell as it was before an export made it harmless: `'=1+1` is the text `=1+1`."""
    if cell.startswith("'") and cell[1:2] in ("=", "+", "-", "@", "\t", "\r"):
        return cell[1:]
    return cell if cell.strip() else None


def _without_zeros(lines: Iterable[str]) -> Iterator[str]:
    for line in lines:
        yield line.replace("\x00", "")


def _encoding(path: str, head: bytes) -> str:
    """Return what the text is written in: by its mark, else UTF-8 or GB 18030, whichever reads all of it."""
    for mark, name in ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16")):
        if head.startswith(mark):
            return name
    for name in ("utf-8", "gb18030"):
        decoder = codecs.getincrementaldecoder(name)()
        try:
            with open(path, "rb") as file:
                while piece := file.read(_PIECE):
                    decoder.decode(piece)
                decoder.decode(b"", True)
        except UnicodeDecodeError:
            continue
        return name
    raise Refused("encoding")


def _delimiter(start: str) -> str:
    """Return what stands between the cells: what the first lines have most alike.

    >>> _delimiter("a;b;c\\n1;2,5;3\\n"), _delimiter("a,b\\n1,2\\n"), _delimiter("name\\nx\\n")
    (';', ',', ',')
    """
    best, most = ",", 0
    for mark in (",", ";", "\t", "|"):
        counts = [len(row) for row in csv.reader(io.StringIO("\n".join(start.splitlines()[:20])), delimiter=mark) if row]
        usual = max(set(counts), key=counts.count, default=1)
        score = counts.count(usual) * (usual - 1)
        if score > most:
            best, most = mark, score
    return best


if __name__ == "__main__":
    main()
