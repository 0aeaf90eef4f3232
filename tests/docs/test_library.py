"""Packages that come with Dougong: each resolves, is written as an export writes it, and speaks both languages everywhere."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest

from dougong.model.resolve import resolve
from dougong.packages.compose import compose
from dougong.packages.library import read_package, shipped_packages
from dougong.packages.package_file import package_text

ROOT = Path(__file__).resolve().parents[2]
FILES = sorted([*(ROOT / "templates_library").glob("*/package.json"), *(ROOT / "apps").glob("*.json")])
NAMES = [str(path.relative_to(ROOT)) for path in FILES]
LABELS = ("name", "help", "description", "message")


@pytest.mark.parametrize("name", NAMES)
def test_is_written_as_an_export_writes_it(name: str) -> None:
    written = (ROOT / name).read_text(encoding="utf-8")
    assert package_text(orjson.loads(written)) == written


@pytest.mark.parametrize("key", list(shipped_packages()))
def test_resolves(key: str) -> None:
    organization, issues = resolve(read_package("organization"))
    if key != "organization":
        _, issues = resolve(compose(read_package(key), lambda name: [read_package(name)]), organization=organization)
    assert issues == ()


@pytest.mark.parametrize("name", NAMES)
def test_says_everything_in_both_languages(name: str) -> None:
    document = orjson.loads((ROOT / name).read_bytes())
    silent = [pointer for pointer, label in _labels("", document) if not (label.get("zh-CN") and label.get("en"))]
    assert not silent


@pytest.mark.parametrize("folder", sorted((ROOT / "templates_library").iterdir()), ids=lambda folder: str(folder.name))
def test_a_template_has_the_key_of_its_folder_and_a_page_about_itself(folder: Path) -> None:
    assert orjson.loads((folder / "package.json").read_bytes())["key"] == folder.name
    assert (folder / "README.md").is_file()


def _labels(pointer: str, value: Any) -> Iterator[tuple[str, dict[str, str]]]:  # noqa: ANN401 – any JSON
    if isinstance(value, list):
        for index, part in enumerate(value):
            yield from _labels(f"{pointer}/{index}", part)
    elif isinstance(value, dict):
        for key, part in value.items():
            if key in LABELS and isinstance(part, dict):
                yield f"{pointer}/{key}", part
            elif key not in ("values", "seed", "demo"):
                yield from _labels(f"{pointer}/{key}", part)
