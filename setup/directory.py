"""See to the LDAP directory the tests sign in against: slapd and the library that asks it there afterwards, or one line saying what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from importlib.util import find_spec
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
NEEDED = {"slapd": "/usr/sbin/slapd", "libldap2-dev": "/usr/include/ldap.h", "libsasl2-dev": "/usr/include/sasl/sasl.h", "gcc": "/usr/bin/gcc"}
"""Debian packages, and a file of each; all but the first are what the library is compiled with."""


def main() -> None:
    """Install what is missing if we may, else say it."""
    said = ""
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"-- installing {' '.join(missing())}", flush=True)
        said = _run("apt-get", "-qq", "update") + _run("apt-get", "-qq", "install", "--yes", "--no-install-recommends", *missing())
    if not missing() and not has_library():
        print("-- installing the LDAP library", flush=True)
        said += _run(
            sys.executable, "-m", "pip", "--disable-pip-version-check", "--no-input", "install", "--quiet", "--require-hashes",
            "-r", str(ROOT / "requirements" / "ldap.txt"),
        )  # fmt: skip
    if missing():
        sys.exit(f"{said}The LDAP tests need {' and '.join(missing())}: as root, run apt-get install {' '.join(missing())}.")
    if not has_library():
        sys.exit(f"{said}The LDAP tests need the packages of requirements/ldap.txt, which could not be installed.")


def missing() -> list[str]:
    """Return the Debian packages that are not there; where the library is there already, what it is compiled with is not needed."""
    needed = {"slapd": NEEDED["slapd"]} if has_library() else NEEDED
    return [name for name, file in needed.items() if not Path(file).exists()]


def has_library() -> bool:
    """Say whether the library can be imported."""
    return find_spec("bonsai") is not None


def _run(*command: str) -> str:
    """Return what a command complains of. Services are not started by it: at run level 1 Debian starts none."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive", "RUNLEVEL": "1"}
    answer = subprocess.run(command, env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return answer.stderr if answer.returncode else ""


if __name__ == "__main__":
    main()
