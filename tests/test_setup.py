"""Setting up a machine: what cannot be had is told in one line; what can be had is proved by `make` on a machine that has nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_an_environment_without_any_way_to_pip(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError\n")
    answer = subprocess.run([sys.executable, ROOT / "setup" / "environment.py", tmp_path / "made"], check=False,
                            env={"PYTHONPATH": str(tmp_path), "PATH": str(tmp_path)}, capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stdout == ""
    (line,) = answer.stderr.splitlines()
    assert "apt-get install python3-venv" in line
    assert not (tmp_path / "made").exists()
