"""The command line: what `dougong doctor` finds and says in two languages, and that help answers without loading the platform."""

from __future__ import annotations

import asyncio
import os
import socket
import subprocess
import sys
import uuid
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit, urlunsplit

import asyncpg
import pytest

from dougong.doctor_findings import FINDINGS, Level

ENVIRONMENT = {
    **{name: value for name, value in os.environ.items() if not name.startswith("DOUGONG_") and name != "DATABASE_URL"},
    "PYTHONPATH": os.pathsep.join(sys.path),
}
LANGUAGE_VARIABLES = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")


def dougong(*words: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run a command in an environment that says nothing about languages but what is given."""
    neutral = {name: value for name, value in ENVIRONMENT.items() if name not in LANGUAGE_VARIABLES}
    return subprocess.run([sys.executable, "-m", "dougong.cli", *words], env={**neutral, **environment}, check=False,
                          stdin=subprocess.DEVNULL, capture_output=True, text=True, encoding="utf-8", timeout=60)


def execute(dsn: str, *statements: str) -> None:
    """Run statements one by one."""

    async def run() -> None:
        connection = await asyncpg.connect(dsn)
        try:
            for statement in statements:
                await connection.execute(statement)
        finally:
            await connection.close()

    asyncio.run(run())


@pytest.fixture
def free_port() -> str:
    """Return a port nobody listens at."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        return str(listening.getsockname()[1])


def test_nothing_is_wrong_with_a_good_set_up(database: str, tmp_path: Path, free_port: str) -> None:
    answer = dougong("doctor", DATABASE_URL=database, DOUGONG_DATA_DIR=str(tmp_path), DOUGONG_PORT=free_port)
    assert answer.returncode == 0, answer.stdout
    assert {line[0] for line in answer.stdout.splitlines()} == {"✓"}, answer.stdout


def test_the_embedded_database_is_started_for_the_doctor_and_stopped_after(home: Path, free_port: str) -> None:
    answer = dougong("doctor", DOUGONG_DATA_DIR=str(home), DOUGONG_PORT=free_port)
    assert answer.returncode == 0, answer.stdout
    assert "PostgreSQL 18" in answer.stdout
    assert "dougong migrate" in answer.stdout
    assert not (home / "postgres" / "data" / "postmaster.pid").exists()


@pytest.mark.parametrize(("variable", "text", "chinese", "english"), [
    ("DOUGONG_PORT", "99999", "应为 1 到 65535 的整数", "should be a whole number from 1 to 65535"),
    ("DOUGONG_TIME_ZONE", "Mars/Phobos", "应为时区名", "should be a time zone"),
    ("DOUGONG_DATA_DIR", "/proc/dougong", "数据目录 /proc/dougong 不可写", "The data folder /proc/dougong cannot be written to"),
    ("DATABASE_URL", "postgresql://nobody@127.0.0.1:1/nothing", "连不上数据库", "The database cannot be reached"),
])
def test_what_is_wrong_is_told_in_two_languages(
    empty_database: str, tmp_path: Path, variable: str, text: str, chinese: str, english: str
) -> None:
    environment = {"DATABASE_URL": empty_database, "DOUGONG_DATA_DIR": str(tmp_path), variable: text}
    for said, words, language in ((chinese, ("--language", "zh-CN"), ""), (chinese, (), "zh_CN.UTF-8"), (english, (), "")):
        answer = dougong("doctor", *words, **environment, LANG=language)
        assert answer.returncode == 1
        lines = answer.stdout.splitlines()
        (at,) = [number for number, line in enumerate(lines) if said in line]
        assert lines[at].startswith("✗")
        assert lines[at + 1].strip().startswith("→")


@pytest.fixture
def limited(database: str) -> Iterator[str]:
    """Return the address of a database for a user who may not create schemas there."""
    parts = urlsplit(database)
    role = f"limited_{uuid.uuid4().hex}"
    execute(database, f"CREATE ROLE {role} LOGIN PASSWORD 'limited'", f"GRANT USAGE ON SCHEMA dougong TO {role}",
            f"GRANT SELECT ON dougong.alembic_version TO {role}")
    yield urlunsplit(parts._replace(netloc=f"{role}:limited@{parts.netloc.rpartition('@')[2]}"))
    execute(database, f"DROP OWNED BY {role}", f"DROP ROLE {role}")


def test_a_user_who_may_not_create_schemas(limited: str, tmp_path: Path) -> None:
    answer = dougong("doctor", DATABASE_URL=limited, DOUGONG_DATA_DIR=str(tmp_path))
    assert answer.returncode == 1
    assert "GRANT CREATE ON DATABASE" in answer.stdout


def test_tables_of_a_newer_program(database: str, tmp_path: Path) -> None:
    execute(database, "UPDATE dougong.alembic_version SET version_num = '9999'")
    answer = dougong("doctor", DATABASE_URL=database, DOUGONG_DATA_DIR=str(tmp_path))
    assert answer.returncode == 1
    assert "9999" in answer.stdout


def test_a_database_in_another_encoding(empty_database: str, tmp_path: Path) -> None:
    parts = urlsplit(empty_database)
    name = f"{parts.path[1:]}_ascii"
    execute(empty_database, f"CREATE DATABASE {name} TEMPLATE template0 ENCODING 'SQL_ASCII' LOCALE_PROVIDER libc LOCALE 'C'")
    try:
        other = urlunsplit(parts._replace(path=f"/{name}"))
        answer = dougong("doctor", DATABASE_URL=other, DOUGONG_DATA_DIR=str(tmp_path))
    finally:
        execute(empty_database, f"DROP DATABASE {name}")
    assert answer.returncode == 1
    assert "SQL_ASCII" in answer.stdout


def test_a_port_somebody_listens_at_is_worth_knowing(database: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listening:
        port = str(listening.getsockname()[1])
        answer = dougong("doctor", DATABASE_URL=database, DOUGONG_DATA_DIR=str(tmp_path), DOUGONG_PORT=port)
    assert answer.returncode == 0
    assert f"! Cannot listen at 127.0.0.1:{port}" in answer.stdout


def test_cookies_that_do_not_fit_the_public_address(database: str, tmp_path: Path) -> None:
    common = {"DATABASE_URL": database, "DOUGONG_DATA_DIR": str(tmp_path)}
    answer = dougong("doctor", **common, DOUGONG_PUBLIC_URL="https://erp.example.com")
    assert "Set DOUGONG_SECURE_COOKIES=true" in answer.stdout
    answer = dougong("doctor", **common, DOUGONG_PUBLIC_URL="https://erp.example.com", DOUGONG_SECURE_COOKIES="true")
    assert "DOUGONG_SECURE_COOKIES" not in answer.stdout


def test_every_finding_that_is_not_good_says_how_to_mend_it() -> None:
    for code, finding in FINDINGS.items():
        assert set(finding.text) == {"zh-CN", "en"}, code
        assert set(finding.mend) == (set() if finding.level is Level.GOOD else {"zh-CN", "en"}), code


def test_migrate_says_whether_there_was_anything_to_do(empty_database: str) -> None:
    assert dougong("migrate", DATABASE_URL=empty_database).stdout.startswith("brought to")
    assert dougong("migrate", DATABASE_URL=empty_database).stdout.startswith("already at")


def test_what_stops_a_command_is_one_sentence_and_no_traceback(tmp_path: Path) -> None:
    answer = dougong("migrate", DATABASE_URL="mysql://x", LANG="zh_CN.UTF-8")
    assert answer.returncode == 1
    assert answer.stderr.splitlines() == ["设置有误", "  /database_url: DATABASE_URL = “mysql://x”：应以 postgresql:// 开头。 (settings-value)"]


def test_there_is_nothing_to_stop_where_nothing_ran(tmp_path: Path) -> None:
    answer = dougong("database", "stop", DOUGONG_DATA_DIR=str(tmp_path / "none"))
    assert (answer.returncode, answer.stdout, answer.stderr) == (0, "", "")
    assert not (tmp_path / "none").exists()


def test_the_doctor_sees_a_data_folder_that_cannot_be_made(free_port: str) -> None:
    answer = dougong("doctor", DOUGONG_DATA_DIR="/proc/dougong", DOUGONG_PORT=free_port)
    assert answer.returncode == 1
    assert "✗ The data folder /proc/dougong cannot be written to" in answer.stdout
    assert "✗ The embedded PostgreSQL in /proc/dougong/postgres did not start" in answer.stdout


def test_help_loads_no_part_of_the_platform() -> None:
    ask = "import sys; from dougong.cli import cli; cli(['--help'], standalone_mode=False); print(sorted(sys.modules))"
    loaded = subprocess.check_output([sys.executable, "-c", ask], env=ENVIRONMENT, text=True)
    for name in ("asyncpg", "fastapi", "pydantic", "sqlalchemy", "uvicorn"):
        assert f"'{name}'" not in loaded
