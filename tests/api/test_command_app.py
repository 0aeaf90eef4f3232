"""The commands `dougong app …` of packages, on a site: what they print, what they write, and the exit codes scripts go by."""

from __future__ import annotations

import json
import os
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner

from dougong.cli import cli
from dougong.errors import PlatformError
from dougong.packages.library import read_package
from dougong.packages.package_file import content_hash, package_text
from tests.api.conftest import NewDatabase
from tests.api.test_installed import shelves
from tests.api.test_library import album
from tests.workshop import Document, Template, element

ENVIRONMENT = {"DOUGONG_STARTER": "none", "LANG": "en_US.UTF-8", "LANGUAGE": "", "LC_ALL": "", "LC_MESSAGES": ""}


class Terminal:
    """Runs commands on a site."""

    def __init__(self, dsn: str, folder: Path) -> None:
        """Remember the site's database and the folder for its files."""
        self.environment = {**ENVIRONMENT, "DATABASE_URL": dsn, "DOUGONG_DATA_DIR": str(folder)}

    def run(self, *words: str, code: int = 0, typed: str = "", **environment: str) -> str:
        """Run a command that must end with this code, and return what it printed."""
        answer = CliRunner().invoke(cli, ["app", *words], input=typed, env={**self.environment, **environment})
        if answer.exception is not None and not isinstance(answer.exception, SystemExit):
            raise answer.exception
        assert answer.exit_code == code, answer.output
        self.told, self.written = answer.stderr, answer.stdout_bytes
        return answer.stdout

    def refusal(self, *words: str) -> PlatformError:
        """Run a command that must be refused; `main` prints the reason."""
        with pytest.raises(PlatformError) as found:
            self.run(*words)
        return found.value


@pytest.fixture(scope="module")
def terminals(new_database: NewDatabase, template: Template, tmp_path_factory: pytest.TempPathFactory) -> Iterator[list[Terminal]]:
    """Return two sites."""
    with ExitStack() as stack:
        yield [Terminal(stack.enter_context(new_database(template.dsn)), tmp_path_factory.mktemp("files")) for _ in range(2)]


@pytest.fixture
def terminal(terminals: list[Terminal]) -> Terminal:
    """Return the first of them."""
    return terminals[0]


@pytest.fixture
def write(tmp_path: Path) -> Callable[..., str]:
    """Return what writes a package into a file and returns its path."""

    def written(document: Document | bytes, name: str = "package.json") -> str:
        path = tmp_path / name
        path.write_bytes(document if isinstance(document, bytes) else package_text(document).encode())
        return str(path)

    return written


def test_a_file_is_checked_uploaded_installed_and_exported_again(terminal: Terminal, write: Callable[..., str], tmp_path: Path) -> None:
    document = shelves("told")
    digest, file = content_hash(document), write(document)
    checked = terminal.run("check", file)
    assert checked.splitlines()[0] == f"told 1.0.0 {digest}"
    assert "  entities: 2" in checked
    assert "  demo: 6" in checked
    assert terminal.run("upload", file) == f"told 1.0.0 {digest}\n"
    assert terminal.run("check", "told") == checked
    listed = terminal.run("library")
    assert "told                     1.0.0" in listed
    refused = terminal.refusal("install", "told", "--hash", "sha256:0")
    assert [found.code for found in refused.issues] == ["package-hash-differs"]
    printed = terminal.run("install", "told", "--hash", digest, "--demo")
    assert printed.splitlines()[0] == "told 1"
    assert "told_eve" not in printed
    assert "eve@told.example.com  " in printed
    assert "✓ told" in terminal.run("library")

    exported = tmp_path / "exported.json"
    terminal.run("export", "told", str(exported))
    assert exported.read_bytes() == package_text(document).encode()
    assert terminal.told.strip() == f"told 1.0.0 (1) {digest}"
    terminal.run("export", "told")
    assert terminal.written == exported.read_bytes()


def test_what_is_wrong_is_printed_with_its_place(terminal: Terminal, write: Callable[..., str]) -> None:
    wrong = shelves("wrong")
    wrong["entities"][0]["fields"].append(element("price", "number", formula="nothing * 2"))
    said = terminal.run("check", write(wrong), code=1)
    assert "/entities/shelf/fields/price/formula: " in said
    assert "(expression-unknown-name)" in said
    spoken = terminal.run("check", write(wrong), code=1, LANG="zh_CN.UTF-8")
    assert spoken != said
    needy = {**shelves("needy"), "requires": [{"package": "nowhere", "version": ">=2"}]}
    assert "/requires/nowhere: Required package nowhere (>=2) is not there" in terminal.run("check", write(needy), code=1)
    assert [one.code for one in terminal.refusal("check", write(b"[" * 10_000)).issues] == ["package-too-deep"]
    assert terminal.refusal("check", "nothing_like_it").code == "package-not-found"
    assert terminal.refusal("check", "./nowhere.json").code == "package-file-not-found"
    large = terminal.environment | {"DOUGONG_PACKAGE_MB": "1"}
    answer = CliRunner().invoke(cli, ["app", "check", write(b" " * 1_000_001)], env=large)
    assert isinstance(answer.exception, PlatformError)
    assert answer.exception.code == "package-too-large"


def test_a_version_is_promoted_with_its_difference(terminals: list[Terminal], write: Callable[..., str], tmp_path: Path) -> None:
    """From one installation to the next: exported, compared with what is there, then published; both are the same afterwards."""
    first, second = terminals
    file = write(shelves("promoted"))
    for terminal in terminals:
        terminal.run("install", file)
    changed: Any = json.loads(Path(file).read_text(encoding="utf-8"))
    changed["entities"][0]["fields"].append(element("colour", "text"))
    changed["icon"] = "shop"
    changed["version"] = "1.1.0"
    first.run("publish", "promoted", write(changed, "changed.json"))
    version = tmp_path / "promoted.json"
    first.run("export", "promoted", str(version))
    assert first.told.startswith("promoted 1.1.0 (2) sha256:")

    told = second.run("diff", "promoted", str(version), code=1)
    assert "+ Entity “shelf” › field “colour”  [/entities/shelf/fields/colour]" in told
    assert "+ 实体" in second.run("diff", "promoted", str(version), code=1, LANG="zh_CN.UTF-8")
    second.run("publish", "promoted", str(version))
    assert second.run("diff", str(version), "promoted") == "There is no difference.\n"
    second.run("export", "promoted", str(tmp_path / "again.json"))
    assert second.told == first.told
    assert (tmp_path / "again.json").read_bytes() == version.read_bytes()
    assert second.run("diff", "crm_erp", "crm_erp") == "There is no difference.\n"
    composed = second.run("diff", "promoted", "trading_starter", code=1)
    assert "[/entities/sales_order]" in composed


def test_files_travel_in_an_archive(terminals: list[Terminal], write: Callable[..., str], tmp_path: Path) -> None:
    first, second = terminals
    content = album("pictures")
    first.run("install", write(content, "pictures.zip"), "--demo")
    exported = tmp_path / "exported.zip"
    first.run("export", "pictures", str(exported))
    assert exported.read_bytes() == content
    first.run("export", "pictures", str(tmp_path / "exported.json"), code=2)
    assert "ends in .zip" in first.told
    assert not (tmp_path / "exported.json").exists()
    second.run("upload", str(exported))
    second.run("install", "pictures")
    # Its demo records are not there: what holds their files is the package alone.
    collected = CliRunner().invoke(cli, ["files", "collect", "--hours", "0"], env=second.environment)
    assert collected.exit_code == 0, collected.output
    second.run("export", "pictures", str(tmp_path / "again.zip"))
    assert (tmp_path / "again.zip").read_bytes() == content


def test_records_go_and_come_and_the_app_goes(terminal: Terminal, write: Callable[..., str]) -> None:
    terminal.run("install", write(shelves("leaves")))
    assert terminal.run("add-records", "leaves", "demo").splitlines()[0] == "Records put in: 6."
    removed = terminal.run("remove-records", "leaves", "demo").splitlines()
    assert removed == ["- book: 3", "- shelf: 2", "- organization.user: 1"]
    assert terminal.run("add-records", "leaves", "demo", LANG="zh_CN.UTF-8").splitlines()[0] == "装入 6 条记录。"

    with pytest.raises(PlatformError) as found:
        terminal.run("uninstall", "leaves", typed="leave\n")
    assert [one.code for one in found.value.issues] == ["package-uninstall-key"]
    said = terminal.run("uninstall", "leaves", typed="leaves\n")
    assert "leaves: records 6, tables 3, files 0, versions 1, roles 2" in said
    assert "  book: 3" in said
    assert terminal.refusal("export", "leaves").code == "app-not-found"
    terminal.run("install", write(shelves("leaves")))
    terminal.run("uninstall", "leaves", "--type", "leaves")
    assert terminal.refusal("uninstall", "leaves", "--type", "leaves").code == "app-not-found"
    assert terminal.refusal("uninstall", "organization", "--type", "organization").code == "app-needed"
    assert terminal.refusal("install", "trading_starter", "--as", "nobody@example.com").code == "access-user-not-found"


def test_the_folder_of_a_package_is_one_too(terminal: Terminal) -> None:
    folder = Path(__file__).resolve().parents[2] / "templates_library" / "trading_starter"
    digest = content_hash(read_package("trading_starter"))
    assert terminal.run("check", str(folder) + os.sep).splitlines()[0] == f"trading_starter 1.1.0 {digest}"
