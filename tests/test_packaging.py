"""The wheel: built from the checkout, it holds the code and everything that ships beside it, and nothing else."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]


def test_the_wheel_holds_what_ships(tmp_path: Path) -> None:
    subprocess.run([sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)], cwd=ROOT, check=True,
                   stdout=subprocess.DEVNULL)
    (wheel,) = tmp_path.glob("dougong-*.whl")
    names = set(zipfile.ZipFile(wheel).namelist())
    assert {"dougong/cli.py", "dougong/py.typed", "engines/py.typed", "engines/values/issue.py"} <= names
    data = ROOT / "engines" / "expression" / "data"
    assert {f"engines/expression/data/{path.name}" for path in data.glob("*.json")} <= names
    shipped = {
        "templates_library": ROOT / "templates_library", "apps": ROOT / "apps", "migrations": ROOT / "migrations",
        "web": ROOT / "web_designer" / "dist",
    }
    for name, folder in shipped.items():
        wanted = {f"dougong/_shipped/{name}/{path.relative_to(folder)}" for path in folder.rglob("*")
                  if path.is_file() and path.name != ".gitkeep" and "__pycache__" not in path.parts}
        assert wanted
        assert wanted <= names
    tops = {name.split("/")[0] for name in names}
    assert {top for top in tops if not top.startswith("dougong-")} == {"dougong", "engines"}
    assert not {name for name in names if "/tests/" in name or name.endswith(".pyc")}
