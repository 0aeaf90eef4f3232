"""The steps of a publish in; what each locks, who waits for it, how many records it goes through and about how long it takes, out."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dougong.model.app_model import AppModel
from dougong.publishing.plan import Basis, Steps
from dougong.sites import Site
from dougong.store.save import Executor

Waits = Literal["nobody", "writers", "everybody"]
"""Who waits while a step runs, beside other publishers."""


@dataclass(frozen=True, slots=True)
class Size:
    """A table that is concerned: its entity, about how many records it has, how many bytes with its indexes, and whether it is large."""

    entity: str
    name: Mapping[str, str]
    table: str
    rows: int
    bytes: int
    is_large: bool


@dataclass(frozen=True, slots=True)
class PlannedStep:
    """A statement, the lock it takes, who waits for it, the records it goes through, and seconds as a rule of thumb."""

    sql: str
    lock: str
    waits: Waits
    rows: int
    seconds: float


@dataclass(frozen=True, slots=True)
class _Kind:
    """What is known of statements of a kind. rows_s: records a second it goes through, None for one that is instant."""

    begins: str
    lock: str
    waits: Waits
    rows_s: float | None = None


# Rates measured with `python -m tests.bench publish` on two cores, rounded down; a rule of thumb on another machine.
_KINDS = (
    _Kind(r"CREATE (UNIQUE )?INDEX CONCURRENTLY", "SHARE UPDATE EXCLUSIVE", "nobody", 400_000),
    _Kind(r"CREATE (UNIQUE )?INDEX", "SHARE", "writers", 500_000),
    _Kind(r"ALTER TABLE .* VALIDATE CONSTRAINT", "SHARE UPDATE EXCLUSIVE", "nobody", 2_000_000),
    _Kind(r"ALTER TABLE .* FOREIGN KEY", "SHARE ROW EXCLUSIVE", "writers"),
    _Kind(r"UPDATE ", "ROW EXCLUSIVE", "nobody", 20_000),
    _Kind(r"-- ", "ROW EXCLUSIVE", "nobody", 5_000),
    _Kind(r"DO ", "ACCESS EXCLUSIVE", "everybody", 2_000_000),
    _Kind(r"INSERT |CREATE STATISTICS|DROP STATISTICS|CREATE SCHEMA|CREATE TABLE", "none of a table in use", "nobody"),
    _Kind(r"", "ACCESS EXCLUSIVE", "everybody"),
)


async def read_sizes(executor: Executor, model: AppModel, steps: Steps, basis: Basis) -> tuple[Size, ...]:
    """Return the tables that are there and that statements of the plan name."""
    rows = await executor.fetch(
        """SELECT c.relname AS name, greatest(c.reltuples, 0)::bigint AS rows, pg_total_relation_size(c.oid) AS bytes FROM pg_class c
           JOIN pg_namespace n ON n.oid = c.relnamespace WHERE n.nspname = $1 AND c.relkind = 'r' ORDER BY 1""",
        f"app_{model.app}",
    )
    concerned = {one.entity.table for one in steps.ddl.built} | {fill.entity.table for fill in steps.fills}
    concerned |= {one.entity.table for one in steps.ddl.required} | {entity.table for entity, _ in steps.ddl.checked}
    for statement in (*steps.ddl.first, *steps.ddl.last, *steps.texts):
        concerned |= {name for name in basis.tables if names_table(statement, f"app_{model.app}", name)}
    by_table = {entity.table: entity for entity in model.entities.values()}
    return tuple(
        Size(by_table[row["name"]].key, by_table[row["name"]].name, row["name"], row["rows"], row["bytes"], row["name"] in basis.large)
        for row in rows
        if row["name"] in concerned and row["name"] in by_table
    )


def names_table(statement: str, schema: str, table: str) -> bool:
    """Whether a statement names a table, quoted or not."""
    return re.search(rf'"?{re.escape(schema)}"?\."?{re.escape(table)}"?(?![\w"])', statement) is not None


def planned_steps(site: Site, app: str, steps: Steps, sizes: Sequence[Size]) -> tuple[PlannedStep, ...]:
    """Return what is done in its order, with what it means for others: what is done at once keeps writers waiting until all is done."""
    found = []
    for sql in steps.written(site):
        kind = next(one for one in _KINDS if re.match(one.begins, sql, re.DOTALL))
        rows = max((size.rows for size in sizes if names_table(sql, f"app_{app}", size.table)), default=0) if kind.rows_s else 0
        waits: Waits = "writers" if kind.waits == "nobody" and not steps.is_long else kind.waits
        found.append(PlannedStep(sql, kind.lock, waits, rows, rows / kind.rows_s if kind.rows_s else 0.0))
    return tuple(found)
