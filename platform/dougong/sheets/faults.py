"""Errors of cells as they are found: issues with row and column in, kept for people to read, and the records they spoil marked."""

from collections.abc import Iterable
from typing import Any

import orjson

from dougong.sheets.imports import Import
from dougong.sites import Site
from engines.values.issue import Issue

MOST_KEPT = 20_000
"""Errors that are kept with their sentences; all are counted."""

Fault = tuple[int, int, Issue]
"""Row of the sheet, position of its column or -1 for the whole row, and what is wrong."""


class Faults:
    """What a check has found so far."""

    def __init__(self, site: Site, found: Import) -> None:
        """Begin with nothing."""
        self._site, self._found = site, found
        self._kept = 0
        self.count = 0
        self.warnings = 0

    async def clear(self) -> None:
        """Forget what an earlier check found."""
        await self._site.pool.execute("DELETE FROM dougong.import_issue WHERE import = $1", self._found.id)

    async def add(self, connection: Any, faults: Iterable[Fault], records: Iterable[int]) -> None:  # noqa: ANN401
        """Keep errors and the first rows of the records they are in."""
        listed = list(faults)
        self.count += len(listed)
        await self._keep(connection, listed)
        spoilt = sorted(set(records))
        if spoilt:
            bad = self._found.table("bad")
            await connection.execute(f"INSERT INTO {bad} SELECT unnest($1::int[]) ON CONFLICT DO NOTHING", spoilt)

    async def warn(self, connection: Any, faults: Iterable[Fault]) -> None:  # noqa: ANN401
        """Keep what rules warn of; the records can be written all the same."""
        listed = list(faults)
        self.warnings += len(listed)
        await self._keep(connection, listed)

    async def _keep(self, connection: Any, listed: list[Fault]) -> None:  # noqa: ANN401
        room = listed[: max(0, MOST_KEPT - self._kept)]
        self._kept += len(room)
        if room:
            rows = [(self._found.id, row, column, one.code, orjson.dumps(dict(one.message)).decode()) for row, column, one in room]
            await connection.copy_records_to_table(
                "import_issue", schema_name="dougong", columns=["import", "row", "col", "code", "message"], records=rows
            )
