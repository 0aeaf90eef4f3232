"""The sheet of an import with a column that says what is wrong: staged cells and kept errors in, the bytes of an XLSX file out."""

from collections.abc import AsyncGenerator, AsyncIterator
from typing import Any

import orjson

from dougong.sheets.export import write_file
from dougong.sheets.imports import Import
from dougong.sheets.write_chunk import WARNING
from dougong.sheets.write_sheet import letters_of
from dougong.sites import Site

_BATCH = 1000
_HEADER = {"zh-CN": "错误", "en": "Errors"}
_WARNED = {"zh-CN": "提醒：", "en": "Warning: "}


def marked_sheet(site: Site, found: Import, language: str) -> AsyncGenerator[bytes]:
    """Give the file piece by piece."""
    columns = [{"key": str(one["column"]), "header": one["header"] or one.get("letters", ""), "form": "cell"} for one in found.found["columns"]]
    wrong: dict[str, Any] = {"key": "errors", "header": _HEADER[language], "form": "text"}
    return write_file("xlsx", "import", [*columns, wrong], _rows(site, found, language))


async def _rows(site: Site, found: Import, language: str) -> AsyncIterator[list[bytes]]:
    last = found.mapping.get("header_row", 0)
    while True:
        rows = await site.pool.fetch(f"SELECT row, cells FROM {found.table('raw')} WHERE row > $1 ORDER BY row LIMIT {_BATCH}", last)
        if not rows:
            return
        issues = await site.pool.fetch(
            "SELECT row, col, code, message->>$4 AS said FROM dougong.import_issue WHERE import = $1 AND row > $2 AND row <= $3 ORDER BY row, col",
            found.id, last, rows[-1]["row"], language,
        )  # fmt: skip
        said: dict[int, list[str]] = {}
        for one in issues:
            place = f"{letters_of(one['col'])}{one['row']}: " if one["col"] >= 0 else ""
            said.setdefault(one["row"], []).append(place + (_WARNED[language] if one["code"] == WARNING else "") + one["said"])
        last = rows[-1]["row"]
        yield [_record(orjson.loads(row["cells"]), "\n".join(said.get(row["row"], ()))) for row in rows]


def _record(cells: list[Any], errors: str) -> bytes:
    return orjson.dumps({**{str(at): cell for at, cell in enumerate(cells)}, "errors": errors or None})
