"""Statements that are about to be carried out in; PostgreSQL's upkeep kept off the tables they name, before anybody is held up, out.

A vacuum or ANALYZE of a large table takes minutes, in which the table cannot be altered. Whoever waited for that with the lock an ALTER TABLE
takes would hold up everybody who reads or writes meanwhile. The weakest lock that upkeep cannot be beside holds up nobody, however long
it is waited for, and PostgreSQL sends a vacuum of its own away once somebody has waited for deadlock_timeout.
"""

import re
from collections.abc import Iterable

import asyncpg

from dougong.store.save import Executor

_TABLE = re.compile(r'"?\b(app_\w+)\b"?\."?(\w+)')
_THERE = """
    SELECT DISTINCT c.oid::regclass::text AS name FROM unnest($1::text[]) AS named JOIN pg_class c ON c.oid = to_regclass(named)
    WHERE c.relkind = 'r' ORDER BY 1"""
_LIMIT = """
    SELECT set_config('lock_timeout', (extract(epoch FROM current_setting('deadlock_timeout')::interval) * 1000)::int + 1000 || 'ms', true)"""
"""A second longer than it takes PostgreSQL to send its vacuum away: what is there then was begun by somebody, who is to be let finish."""


async def keep_upkeep_off(executor: Executor, statements: Iterable[str]) -> None:
    """Keep vacuum, ANALYZE and makers of indexes off the tables that statements name, until the transaction ends.

    It comes before the app is held; it raises LockNotAvailableError where upkeep goes on that somebody has begun, or a table is gone by now.
    """
    named = sorted({f'"{schema}"."{table}"' for schema, table in _TABLE.findall("\n".join(statements))})
    rows = await executor.fetch(_THERE, named)
    if rows:
        await executor.fetch(_LIMIT)
        try:
            await executor.fetch(f"LOCK TABLE {', '.join(row['name'] for row in rows)} IN SHARE UPDATE EXCLUSIVE MODE")
        except (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError) as gone:
            raise asyncpg.LockNotAvailableError("a table was dropped while it was waited for") from gone
