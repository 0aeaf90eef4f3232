"""A sheet of XLSX too large to be held in memory: the open archive and the place of its XML in, its rows one after the other out.

It answers as the reader of small files does (a test reads every file both ways); what it does not know it leaves to that one.
"""

import html
import re
from collections.abc import Callable, Iterator
from datetime import datetime, timedelta
from typing import Any
from xml.etree import ElementTree
from zipfile import ZipFile

Cells = list[Any]
_PIECE = 1 << 20
_CELL = re.compile(
    rb'<c r="([A-Z]{1,3})\d+"(?: s="(\d+)")?(?: t="(\w+)")?(?:/>|>'
    rb"(?:<f\b[^>]*/>|<f\b[^>]*>[^<]*</f>)?(?:<v>([^<]*)</v>|<v\s*/>|<is>(.*?)</is>)?</c>)", re.DOTALL
)  # fmt: skip
_ANY_CELL = re.compile(rb"<c\b([^>]*?)(?:/>|>(.*?)</c>)", re.DOTALL)
_ROW = re.compile(rb"<row\b([^>]*?)(?:/>|>(.*?)</row>)", re.DOTALL)
_ROW_NUMBER = re.compile(rb'\br="(\d+)"')
_ATTRIBUTE = re.compile(rb'\b([rst])="([^"]*)"')
_VALUE = re.compile(rb"<v[^>]*>([^<]*)</v>|<is>(.*?)</is>", re.DOTALL)
_PLAIN = re.compile(rb"<t\b[^>]*>([^<]*)</t>")
_PHONETIC = re.compile(rb"<rPh\b.*?</rPh>", re.DOTALL)
_DATES = frozenset((*range(14, 18), 22, *range(27, 32), 36, *range(50, 55), 57, 58))
_TIMES = frozenset((18, 19, 20, 21, 32, 33, 34, 35, 45, 46, 47, 55, 56))
_QUOTED = re.compile(r'"[^"]*"|\\.|\[(?!h+\]|m+\]|s+\])[^\]]*\]|_.|\*.', re.IGNORECASE)
_SPAN = re.compile(r"\[(h+|m+|s+)\]", re.IGNORECASE)


def is_known(start: bytes) -> bool:
    """Whether a sheet that begins so is written as this module expects: elements without a prefix."""
    return b"<worksheet" in start


def read_rows(archive: ZipFile, place: str) -> Iterator[tuple[int, Cells]]:
    """Give every row that has cells, with its number."""
    strings, forms, is_1904 = _strings(archive), _forms(archive), _is_1904(archive)
    epoch = datetime(1904, 1, 1) if is_1904 else datetime(1899, 12, 30)  # noqa: DTZ001 – a sheet knows no time zones
    columns: dict[bytes, int] = {}
    number = 0
    with archive.open(place) as part:
        rest = b""
        while piece := part.read(_PIECE):
            text = rest + piece
            end = text.rfind(b"</row>") + 6
            if end < 6:
                rest = text
                continue
            rest = text[end:]
            for head, body in _ROW.findall(text, 0, end):
                told = _ROW_NUMBER.search(head)
                number = int(told[1]) if told else number + 1
                if body:
                    yield number, _cells(body, strings, forms, epoch, columns)


def _cells(body: bytes, strings: list[str], forms: list[str], epoch: datetime, columns: dict[bytes, int]) -> Cells:
    cells: Cells = []
    found = _CELL.findall(body)
    if len(found) != body.count(b"<c ") or b"<c>" in body:
        found = _any_cells(body)
    for letters, style, kind, value, inline in found:
        at = columns.get(letters)
        if at is None:
            at = columns[letters] = _column(letters) if letters else len(cells)
        while len(cells) < at:
            cells.append(None)
        if value:
            made: Any
            if kind == b"s":
                made = strings[int(value)] or None
            elif kind == b"" or kind == b"n":
                form = forms[int(style)] if style and int(style) < len(forms) else ""
                made = float(value) if not form else _moment(float(value), form, epoch)
            else:
                made = _KINDS.get(kind, _text)(value)
            cells.append(made)
        else:
            cells.append(_rich(inline) if inline else {"f": "="} if kind == b"f" else None)
    return cells


def _any_cells(body: bytes) -> list[tuple[bytes, bytes, bytes, bytes, bytes]]:
    """Return the cells of a row whatever the order of their attributes; a formula without a result has the type `f`."""
    found = []
    for head, inside in _ANY_CELL.findall(body):
        told = dict(_ATTRIBUTE.findall(head))
        value = _VALUE.search(inside)
        letters = told.get(b"r", b"").rstrip(b"0123456789")
        found.append((letters, told.get(b"s", b""), told.get(b"t", b""), value[1] or b"" if value else b"", value[2] or b"" if value else b""))
    return found


def _text(value: bytes) -> str | None:
    text = value.decode("utf-8", "replace")
    return (html.unescape(text) if "&" in text else text) or None


def _rich(inline: bytes) -> str | None:
    """Return the text of an inline string, its formatting left out."""
    return "".join(_text(part) or "" for part in _PLAIN.findall(_PHONETIC.sub(b"", inline))) or None


def _written_moment(value: bytes) -> Any:  # noqa: ANN401 – a JSON form of a cell
    text = value.decode()
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return text
    return {"d": text[:10]} if len(text) == 10 else {"t": moment.replace(tzinfo=None).isoformat()}


_KINDS: dict[bytes, Callable[[bytes], Any]] = {
    b"b": lambda value: value == b"1",
    b"e": lambda value: {"e": value.decode()},
    b"str": _text,
    b"d": _written_moment,
}


def _moment(value: float, form: str, epoch: datetime) -> Any:  # noqa: ANN401 – a JSON form of a cell
    if form == "span":
        return {"p": round(value * 86400, 3)}
    try:
        moment = epoch + timedelta(milliseconds=round(value * 86_400_000))
    except OverflowError:
        return value
    if 0 <= value < 1 and epoch.year == 1899:
        return {"h": moment.time().isoformat()}
    if value == int(value):
        return {"d": moment.date().isoformat()}
    return {"t": moment.isoformat()}


def _strings(archive: ZipFile) -> list[str]:
    """Return the texts that cells refer to by number."""
    if "xl/sharedStrings.xml" not in archive.namelist():
        return []
    strings: list[str] = []
    with archive.open("xl/sharedStrings.xml") as part:
        rest = b""
        while piece := part.read(_PIECE):
            text = rest + piece
            end = text.rfind(b"</si>") + 5
            if end < 5:
                rest = text
                continue
            rest = text[end:]
            for one in re.findall(rb"<si\b[^>]*/>|<si\b[^>]*>.*?</si>", text[:end], re.DOTALL):
                strings.append(_rich(one) or "")
    return strings


def _forms(archive: ZipFile) -> list[str]:
    """Return for each cell style whether it shows numbers as a `date`, a `span` of time, or as they are (empty)."""
    if "xl/styles.xml" not in archive.namelist():
        return []
    root = ElementTree.fromstring(archive.read("xl/styles.xml"))
    custom = {int(one.get("numFmtId", "0")): one.get("formatCode", "") for one in root.iter() if one.tag.endswith("}numFmt")}
    styles = next((one for one in root if one.tag.endswith("}cellXfs")), None)
    return [_form(int(one.get("numFmtId", "0")), custom) for one in styles] if styles is not None else []


def _form(number: int, custom: dict[int, str]) -> str:
    """Return what a number format shows.

    >>> _form(14, {}), _form(164, {164: "#,##0.00"}), _form(164, {164: 'yyyy"年"m"月"'}), _form(46, {})
    ('date', '', 'date', 'span')
    """
    if number in custom:
        code = _QUOTED.sub("", custom[number].partition(";")[0])
        if _SPAN.search(code):
            return "span"
        return "date" if re.search(r"[ymdhs]|am/pm", code, re.IGNORECASE) and not re.search(r"general", code, re.IGNORECASE) else ""
    return "span" if number == 46 else "date" if number in _DATES or number in _TIMES else ""


def _is_1904(archive: ZipFile) -> bool:
    book = ElementTree.fromstring(archive.read("xl/workbook.xml"))
    return any(one.get("date1904", "0") in ("1", "true") for one in book.iter() if one.tag.endswith("}workbookPr"))


def _column(letters: bytes) -> int:
    at = 0
    for letter in letters:
        at = at * 26 + letter - 64
    return at - 1
