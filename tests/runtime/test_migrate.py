"""System tables: made once however many processes ask, left alone when they are there, refused when they are ahead of the code."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys

import asyncpg
import pytest
from alembic.config import Config
from alembic.script import ScriptDirectory

from dougong import shipped
from dougong.database.migrate import TablesTooNew, head_revision, migrate, read_revision
from dougong.errors import DatabaseUnavailable

IMPORTS = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}
MIGRATE = "import asyncio, sys; from dougong.database.migrate import migrate; print(asyncio.run(migrate(sys.argv[1])))"
WITHOUT_ALEMBIC = f"{MIGRATE}; print([name for name in ('alembic', 'sqlalchemy') if name in sys.modules])"


async def test_tables_are_made_once(every_empty_database: str) -> None:
    assert await migrate(every_empty_database) is True
    assert await migrate(every_empty_database) is False
    connection = await asyncpg.connect(every_empty_database)
    try:
        assert await read_revision(connection) == head_revision()
        assert await connection.fetchval("SELECT count(*) FROM dougong.app") == 0
    finally:
        await connection.close()


def test_processes_that_start_together_make_the_tables_once(empty_database: str) -> None:
    starters = [
        subprocess.Popen([sys.executable, "-c", MIGRATE, empty_database], env=IMPORTS, stdout=subprocess.PIPE, text=True)
        for _ in range(3)
    ]
    answers = [process.communicate(timeout=60)[0].strip() for process in starters]
    assert {process.returncode for process in starters} == {0}
    assert "True" in answers
    assert asyncio.run(migrate(empty_database)) is False


def test_nothing_to_do_costs_no_alembic(database: str) -> None:
    answer = subprocess.check_output([sys.executable, "-c", WITHOUT_ALEMBIC, database], env=IMPORTS, text=True)
    assert answer.split("\n")[:2] == ["False", "[]"]


async def test_tables_of_a_newer_program_are_left_alone(database: str) -> None:
    connection = await asyncpg.connect(database)
    try:
        await connection.execute("UPDATE dougong.alembic_version SET version_num = '9999'")
        with pytest.raises(TablesTooNew) as refused:
            await migrate(database)
        assert "9999" in refused.value.detail("zh-CN")
        assert await read_revision(connection) == "9999"
    finally:
        await connection.close()


async def test_no_server_is_told_as_such() -> None:
    with pytest.raises(DatabaseUnavailable):
        await migrate("postgresql://nobody@127.0.0.1:1/nothing")


def test_files_are_named_as_the_quick_check_reads_them() -> None:
    config = Config()
    config.set_main_option("script_location", str(shipped.migrations()))
    config.set_main_option("path_separator", "os")
    scripts = ScriptDirectory.from_config(config)
    assert scripts.get_heads() == [head_revision()]
    for script in scripts.walk_revisions():
        assert os.path.basename(script.path).startswith(f"{script.revision}_")
        assert script.down_revision is None or str(script.down_revision) < script.revision
