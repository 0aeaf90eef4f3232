"""A publish that did not come to its switch in; the schema as it was before it out: nothing it made is left, nothing else is touched."""

from collections.abc import Mapping, Sequence
from typing import Any

import asyncpg

from dougong.publishing.pause import pause
from dougong.publishing.publish import TRIES, hold_app, hold_tables
from dougong.publishing.under_way import State, UnderWay, turn
from dougong.publishing.upkeep import keep_upkeep_off
from dougong.registry.versions import read_active
from dougong.store.columns import read_physical
from dougong.store.errors import TryAgain
from dougong.store.names import quoted
from dougong.store.save import Executor
from dougong.store.touched import forget_touched, unwatch_statements

_INDEXES = """
    SELECT c.relname AS name FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace JOIN pg_index i ON i.indexrelid = c.oid
    LEFT JOIN pg_constraint k ON k.conindid = c.oid
    WHERE n.nspname = $1 AND c.relname = ANY($2::text[]) AND k.oid IS NULL"""


async def undo_prepare(connection: Any, row: UnderWay, state: State, problem: Mapping[str, Any] | None) -> None:  # noqa: ANN401 – asyncpg's
    """Take away the columns, tables, indexes and triggers a publish has made, and let it end in a state."""
    for attempt in range(TRIES):
        try:
            async with connection.transaction():
                statements = await _statements(connection, row)
                await keep_upkeep_off(connection, statements)
                await hold_app(connection, row.app)
                await _undo(connection, row, statements)
                await turn(connection, row.id, state, problem)
            return
        except (asyncpg.LockNotAvailableError, asyncpg.DeadlockDetectedError):
            await pause(attempt)
    raise TryAgain()


async def _statements(connection: Executor, row: UnderWay) -> list[str]:
    """Return what takes away whatever the publish has made, which nobody but whoever carries it changes."""
    schema = f"app_{row.app}"
    statements = list(await unwatch_statements(connection, row.app))
    for found in await connection.fetch(_INDEXES, schema, list(row.place.get("indexes", ()))):
        statements.append(f"DROP INDEX {quoted(schema, found['name'])}")
    tables = await read_physical(connection, row.app)
    for table, columns in row.tables.items():
        gone = [f"DROP COLUMN {quoted(column)}" for column in sorted(tables.get(table, {}).keys() - columns.keys())]
        statements += [f"ALTER TABLE {quoted(schema, table)} {', '.join(gone)}"] if gone else []
    statements += [f"DROP TABLE {quoted(schema, table)} CASCADE" for table in sorted(tables.keys() - row.tables.keys(), reverse=True)]
    return statements


async def _undo(connection: Executor, row: UnderWay, statements: Sequence[str]) -> None:
    await forget_touched(connection, row.app)
    await hold_tables(connection, statements)
    for statement in statements:
        await connection.fetch(statement)
    active = await read_active(connection, row.app)
    assert active.number == row.base_version
