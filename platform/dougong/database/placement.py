"""Where an embedded server keeps its files and as whom it runs: a folder in, a `Placement` out; starts nothing.

PostgreSQL refuses to run as root, so root hands it to an unprivileged account that exists already. That account must be able to
enter the folders of the program and of the data; where it cannot, files go below the first of `REACHABLE`, and `moved` in the
data folder points there. No account is made, and no permission of a folder is changed that is not ours.
"""

from __future__ import annotations

import hashlib
import os
import pwd
import secrets
import shutil
import stat
from dataclasses import dataclass
from pathlib import Path

ACCOUNTS = ("postgres", "nobody")
REACHABLE = (Path("/var/lib/dougong"), Path("/var/tmp/dougong"))
_SOCKET_FOLDER_MAX = 103 - len("/.s.PGSQL.5432")  # macOS has 104 bytes for a socket's path, Linux 108


@dataclass(frozen=True, slots=True)
class Account:
    """The account a server runs as; `is_other` says that it is not the one of this process."""

    user_id: int
    group_id: int
    is_other: bool


@dataclass(frozen=True, slots=True)
class Placement:
    """Where everything of one embedded server lies, and as whom it runs.

    program: the folder of `postgres`, `initdb`, `pg_ctl`. data: the cluster. socket: the folder of the socket.
    """

    account: Account
    program: Path
    data: Path
    socket: Path


class NoPlace(Exception):
    """There is no account or no folder an embedded server could use; the text says which and why."""


def place(home: Path, program: Path) -> Placement:
    """Return where the server of the folder `home` lies, making what is missing; the caller keeps others out meanwhile.

    home: an absolute path. program: the folder of the server's programs, copied once if the account cannot enter it.
    """
    home.mkdir(parents=True, exist_ok=True)
    moved = home / "moved"
    root = moved.readlink() if moved.is_symlink() else home
    if not root.is_dir():
        raise NoPlace(f"{moved} says that the data lie in {root}, which is gone; bring it back, or remove {moved} to begin anew")
    account = _account(root)
    if not can_enter(root, account):
        if (root / "data" / "PG_VERSION").exists():
            raise NoPlace(f"account {account.user_id} owns {root / 'data'} but cannot enter the folders above it")
        root = _reachable(account) / secrets.token_hex(6)
        _make(root, 0o755)
        moved.unlink(missing_ok=True)
        moved.symlink_to(root)
    usable = program if can_enter(program, account) else _copy(program, _reachable(account))
    socket = root / "socket"
    if len(os.fsencode(socket)) > _SOCKET_FOLDER_MAX:
        socket = Path("/tmp") / f"dougong-{_digest(root)}"
    give(root / "data", account)
    give(socket, account)
    return Placement(account, usable, root / "data", socket)


def can_enter(folder: Path, account: Account) -> bool:
    """Say whether an account may enter a folder and all above it, by their permission bits."""
    if not account.is_other:
        return True
    resolved = folder.resolve()
    return all(_may_pass(step.stat(), account) for step in (resolved, *resolved.parents))


def _may_pass(found: os.stat_result, account: Account) -> bool:
    if found.st_uid == account.user_id:
        return bool(found.st_mode & stat.S_IXUSR)
    if found.st_gid == account.group_id:
        return bool(found.st_mode & stat.S_IXGRP)
    return bool(found.st_mode & stat.S_IXOTH)


def _account(root: Path) -> Account:
    if os.geteuid():
        return Account(os.geteuid(), os.getegid(), is_other=False)
    data = root / "data"
    owner = data.stat().st_uid if data.exists() else 0
    if owner:  # data once made stays with its owner, whatever accounts came since
        return Account(owner, data.stat().st_gid, is_other=True)
    for name in ACCOUNTS:
        try:
            entry = pwd.getpwnam(name)
        except KeyError:
            continue
        return Account(entry.pw_uid, entry.pw_gid, is_other=True)
    raise NoPlace(f"PostgreSQL does not run as root, and none of the accounts {', '.join(ACCOUNTS)} exists")


def _reachable(account: Account) -> Path:
    for folder in REACHABLE:
        try:
            _make(folder, 0o755)
        except OSError:
            continue
        if can_enter(folder, account) and folder.lstat().st_uid == os.geteuid():
            return folder
    raise NoPlace(f"account {account.user_id} can enter none of the folders for data: {', '.join(map(str, REACHABLE))}")


def _make(folder: Path, mode: int) -> None:
    if not folder.is_dir():
        folder.mkdir(mode=mode, parents=True, exist_ok=True)
        folder.chmod(mode)


def give(folder: Path, account: Account) -> None:
    """Make a folder that only the account can enter; refuse one that somebody else made."""
    folder.mkdir(mode=0o700, exist_ok=True)
    found = folder.lstat()
    if not stat.S_ISDIR(found.st_mode) or found.st_uid not in {os.geteuid(), account.user_id}:
        raise NoPlace(f"{folder} belongs to another account")
    if found.st_uid != account.user_id:
        os.chown(folder, account.user_id, account.group_id)


def _copy(program: Path, target: Path) -> Path:
    """Copy a build (the folder above `program`, and the libraries its wheel brought) once, readable by all."""
    package = program.parents[1]
    made = (program / "postgres").stat()
    copy = target / f"postgresql-{_digest(program)}-{made.st_size}-{made.st_mtime_ns}"
    if not copy.exists():
        partial = target / f"partial-{secrets.token_hex(6)}"
        shutil.copytree(program.parent, partial / package.name / program.parent.name, symlinks=True)
        libraries = package.with_name(f"{package.name}.libs")  # where a repaired wheel keeps them, found by relative path
        if libraries.is_dir():
            shutil.copytree(libraries, partial / libraries.name, symlinks=True)
        for folder, _, files in os.walk(partial):
            os.chmod(folder, 0o755)
            for path in (Path(folder, name) for name in files):
                if not path.is_symlink():
                    path.chmod(0o755 if path.stat().st_mode & stat.S_IXUSR else 0o644)
        try:
            partial.rename(copy)
        except OSError:  # a server of another folder was first
            shutil.rmtree(partial)
    return copy / package.name / program.parent.name / program.name


def _digest(path: Path) -> str:
    return hashlib.sha256(os.fsencode(path)).hexdigest()[:12]
