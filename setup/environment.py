"""Make the virtual environment: a path in, an environment with pip there afterwards, or one line saying what is missing.

Run by the Python the environment is to have; it may be too old for this project, so this file keeps to what Python 3.6 reads.
"""

import glob
import os
import shutil
import subprocess
import sys
import tempfile

MINIMUM = (3, 11)


def main() -> None:
    """Make the environment named by the first argument."""
    if sys.version_info < MINIMUM:
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"Python 3.11 or newer is needed, {sys.executable} is {version}. Name another: make PYTHON=python3.11")
    environment = sys.argv[1]
    if can_import("ensurepip, venv"):
        subprocess.run([sys.executable, "-m", "venv", environment], check=True)
        return
    with tempfile.TemporaryDirectory() as folder:
        pip = fetch_pip(folder) if can_import("venv") else ""
        if not pip:
            sys.exit("The module ensurepip is missing: as root, run apt-get update && apt-get install python3-venv, "
                     "then type the command again.")
        subprocess.run([sys.executable, "-m", "venv", "--without-pip", environment], check=True)
        python = os.path.join(environment, "bin", "python")
        options = ["--quiet", "--no-index", "--disable-pip-version-check"]
        subprocess.run([python, os.path.join(pip, "pip"), "install", *options, pip], check=True)


def can_import(modules: str) -> bool:
    """Say whether this Python has modules; Debian has ensurepip in a package of its own."""
    return subprocess.run([sys.executable, "-c", f"import {modules}"], stderr=subprocess.DEVNULL, check=False).returncode == 0


def fetch_pip(folder: str) -> str:
    """Return the wheel that Debian's ensurepip would use, fetched into a folder, empty if it cannot be had; installs nothing."""
    if not (shutil.which("apt-get") and shutil.which("dpkg-deb")):
        return ""
    print("-- fetching pip", flush=True)
    fetch = ["apt-get", "-qq", "download", "python3-pip-whl"]
    if not run(fetch, folder) and os.geteuid() == 0:
        run(["apt-get", "-qq", "update"], folder)
        run(fetch, folder)
    for package in glob.glob(os.path.join(folder, "*.deb")):
        run(["dpkg-deb", "-x", package, folder], folder)
    return next(iter(glob.glob(os.path.join(folder, "usr/share/python-wheels/pip-*.whl"))), "")


def run(command: "list[str]", folder: str) -> bool:
    """Run a command in a folder without a word and say whether it succeeded."""
    return subprocess.run(command, cwd=folder, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL, check=False).returncode == 0


if __name__ == "__main__":
    main()
