"""Setting up a machine: what cannot be had is told in one line; what can be had is proved by `make` on a machine that has nothing."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parents[1]


def test_a_checkout_whose_path_the_locale_cannot_write(tmp_path: Path) -> None:
    checkout = tmp_path / "我的 项目"
    installed = checkout / ".venv" / "lib" / "python3.11" / "site-packages"
    installed.mkdir(parents=True)
    (installed / "_dougong.pth").write_text(f"{checkout}\n{checkout / 'platform'}\n", encoding="utf-8")
    (checkout / "platform").mkdir()
    subprocess.run([sys.executable, ROOT / "setup" / "checkout.py", ".venv"], cwd=checkout, check=True)
    ask = "import site, sys; site.addsitedir(sys.argv[1]); print(*sys.path[-2:], sep=chr(10))"
    found = subprocess.check_output([sys.executable, "-c", ask, installed], env={"LC_ALL": "C"}, encoding="utf-8")
    assert found.splitlines() == [str(checkout), str(checkout / "platform")]


def test_an_environment_without_any_way_to_pip(tmp_path: Path) -> None:
    (tmp_path / "ensurepip.py").write_text("raise ImportError\n")
    answer = subprocess.run([sys.executable, ROOT / "setup" / "environment.py", tmp_path / "made"], check=False,
                            env={"PYTHONPATH": str(tmp_path), "PATH": str(tmp_path)}, capture_output=True, text=True)
    assert answer.returncode == 1
    assert answer.stdout == ""
    (line,) = answer.stderr.splitlines()
    assert "apt-get install python3-venv" in line
    assert not (tmp_path / "made").exists()
