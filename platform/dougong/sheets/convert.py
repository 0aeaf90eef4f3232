"""The first part of a check: staged cells in, the texts of values in a table out, with an error for each cell that is none."""

from collections.abc import Sequence
from typing import Any

import orjson

from dougong.jobs.job import Job
from dougong.sheets.cells import Cell, Read, cell_reader
from dougong.sheets.faults import Fault, Faults
from dougong.sheets.imports import Import
from dougong.sheets.messages import MESSAGES
from dougong.sheets.plan import Plan
from dougong.sites import Site
from engines.values.issue import Issue, issue

BATCH = 1000
_Row = tuple[Any, ...]


async def convert(site: Site, job: Job, found: Import, plan: Plan, faults: Faults, total: int) -> int:
    """Fill the table `ready` and return the number of records its rows make."""
    readers = [(target.column, cell_reader(plan, target, site.zone)) for target in plan.targets]
    records = _Records(plan)
    columns = ["row", "rec", *(f"c{n}" for n in range(len(plan.targets)))]
    schema, _, table = found.table("ready").partition(".")
    last, done = plan.header_row, 0
    async with site.pool.acquire() as connection:
        while True:
            rows = await connection.fetch(f"SELECT row, cells FROM {found.table('raw')} WHERE row > $1 ORDER BY row LIMIT {BATCH}", last)
            if not rows:
                break
            read = [(row["row"], _values(orjson.loads(row["cells"]), readers)) for row in rows]
            ready, listed, spoilt = records.place(read)
            await connection.copy_records_to_table(table, schema_name=schema, columns=columns, records=ready)
            await faults.add(connection, listed, spoilt)
            last, done = rows[-1]["row"], done + len(rows)
            await job.report(done, 3 * total, connection)
    return records.count


def _values(cells: Sequence[Cell], readers: Sequence[tuple[int, Read]]) -> list[str | Issue | None]:
    width = len(cells)
    return [read(cells[column]) if column < width else None for column, read in readers]


class _Records:
    """Which rows make one record: each by itself, or those with the same key where some columns are of the record's rows."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._keys = [n for n, target in enumerate(plan.targets) if any(target is one for one in plan.by)] if plan.lines else []
        self._own = [n for n, target in enumerate(plan.targets) if target.lines is None]
        self._first: dict[tuple[object, ...], int] = {}
        self._heads: dict[int, list[str | Issue | None]] = {}
        self._last = 0
        self.count = 0
        must = plan.mode != "update" or plan.blanks == "empty"
        by = {id(target) for target in plan.by} if plan.mode != "create" or plan.lines else set()
        self._needed = [
            n for n, target in enumerate(plan.targets)
            if id(target) in by or (must and target.field.is_required and (plan.blanks == "empty" or target.field.default is None))
        ]  # fmt: skip

    def place(self, rows: Sequence[tuple[int, list[str | Issue | None]]]) -> tuple[list[_Row], list[Fault], list[int]]:
        """Return rows as they are staged, the errors in them, and the records that have some."""
        ready: list[_Row] = []
        faults: list[Fault] = []
        spoilt: list[int] = []
        for row, values in rows:
            record = self._record(row, values)
            before = len(faults)
            for n, value in enumerate(values):
                if isinstance(value, Issue):
                    faults.append((row, self._plan.targets[n].column, value))
                    values[n] = None
            faults += self._lacking(row, record, values, faults[before:])
            if row != record:
                faults += self._different(row, record, values)
            if len(faults) > before:
                spoilt.append(record)
            ready.append((row, record, *values))
        return ready, faults, spoilt

    def _record(self, row: int, values: list[str | Issue | None]) -> int:
        if not self._keys:
            self.count += 1
            return row
        key = tuple(values[n] if not isinstance(values[n], Issue) else row for n in self._keys)
        if self._last and all(value is None for value in key):
            return self._last  # the cells of a record's later rows are often left blank, or merged with those above
        record = self._first.setdefault(key, row)
        if record == row:
            self.count += 1
            self._heads[row] = values
        self._last = record
        return record

    def _lacking(self, row: int, record: int, values: Sequence[object], wrong: Sequence[Fault]) -> list[Fault]:
        """Return an error for each blank that must be filled: of the record in its first row, of its rows in those that are any."""
        told = {column for _, column, _ in wrong}
        found: list[Fault] = []
        for n in self._needed:
            target = self._plan.targets[n]
            if values[n] is not None or target.column in told:
                continue
            if target.lines is None:
                is_due = row == record
            else:
                is_due = any(
                    values[m] is not None for m, one in enumerate(self._plan.targets) if one.lines is not None and one.lines.key == target.lines.key
                )
            if is_due:
                found.append((row, target.column, issue(MESSAGES, "import-cell-required", "", None, name=target.field.name)))
        return found

    def _different(self, row: int, record: int, values: Sequence[object]) -> list[Fault]:
        head = self._heads[record]
        return [
            (row, self._plan.targets[n].column, issue(MESSAGES, "import-row-differs", "", None, row=record))
            for n in self._own
            if values[n] is not None and values[n] != head[n]
        ]
