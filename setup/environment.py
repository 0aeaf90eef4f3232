"""Make the virtual environment: a path in, an environment with pip there afterwards, or one line saying what is missing.

Run by the Python the environment is to have; it may be too old for this project, so this file keeps to what Python 3.6 reads.
"""

import os
import shutil
import subprocess
import sys

MINIMUM = (3, 11)


def main() -> None:
    """Make the environment named by the first argument."""
    if sys.version_info < MINIMUM:
        version = ".".join(map(str, sys.version_info[:3]))
        sys.exit(f"Python 3.11 or newer is needed, {sys.executable} is {version}. Name another: make PYTHON=python3.11")
    if not has_ensurepip():
        install("python3-venv")
    if not has_ensurepip():
        sys.exit("The module ensurepip is missing: as root, run apt-get install python3-venv, then type the command again.")
    subprocess.run([sys.executable, "-m", "venv", sys.argv[1]], check=True)


def has_ensurepip() -> bool:
    """Say whether environments made by this Python get pip; Debian has that in a package of its own."""
    question = [sys.executable, "-c", "import ensurepip, venv"]
    return subprocess.run(question, stderr=subprocess.DEVNULL, check=False).returncode == 0


def install(package: str) -> None:
    """Install a Debian package if we may; what apt-get says is shown only if it fails."""
    if os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"-- installing {package}", flush=True)
        environment = dict(os.environ, DEBIAN_FRONTEND="noninteractive")
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", package]):
            answer = subprocess.run(["apt-get", "-qq", *arguments], env=environment, stdin=subprocess.DEVNULL,
                                    stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, check=False)
            if answer.returncode:
                sys.stderr.write(answer.stderr.decode(errors="replace"))


if __name__ == "__main__":
    main()
