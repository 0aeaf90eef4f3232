"""The commands `dougong app …` and `dougong user …`: installing, publishing and exporting without a browser, links for users."""

import asyncio
import json
import os
import re
from collections.abc import Callable
from pathlib import Path

import pytest
from typer.testing import CliRunner

from dougong.cli import cli
from dougong.errors import PlatformError
from dougong.open_site import open_site
from dougong.people.links import read_link
from tests import warm
from tests.api.conftest import settings_for
from tests.api.test_apps import small_package

Command = Callable[..., str]


@pytest.fixture
def command(site_dsn: str) -> Command:
    """Return what runs a command against the site and gives its output; what stops it is raised."""

    def run(*words: str) -> str:
        environment = {"DATABASE_URL": site_dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_PUBLIC_URL": "https://erp.example.com"}
        result = CliRunner().invoke(cli, words, env=environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == 0, result.output
        return result.stdout

    return run


def test_install_list_export_publish(command: Command, tmp_path: Path) -> None:
    file = tmp_path / "notes.json"
    file.write_text(json.dumps(small_package()), encoding="utf-8")
    assert command("app", "install", str(file)) == "notes 1\n"
    assert re.search(r"^notes +1 +便签 / Notes$", command("app", "list"), re.MULTILINE)
    assert json.loads(command("app", "export", "notes")) == small_package()

    changed = small_package()
    changed["entities"][0]["fields"].append({"key": "body", "kind": "long_text", "name": {"zh-CN": "正文", "en": "Body"}})
    file.write_text(json.dumps(changed), encoding="utf-8")
    assert command("app", "publish", "notes", str(file), "--note", "正文") == "notes 2\n"
    assert command("app", "publish", "notes") == "notes 3\n"
    out = tmp_path / "out.json"
    assert command("app", "export", "notes", str(out)) == ""
    assert json.loads(out.read_text(encoding="utf-8")) == changed


def test_what_cannot_be_installed(command: Command, tmp_path: Path) -> None:
    for package, code in (("nothing", "package-not-found"), ("trading_starter", "app-exists")):
        with pytest.raises(PlatformError) as refused:
            command("app", "install", package)
        assert refused.value.code == code
    file = tmp_path / "broken.json"
    file.write_text("{", encoding="utf-8")
    with pytest.raises(PlatformError) as refused:
        command("app", "install", str(file))
    assert refused.value.code == "package-invalid"
    for missing in (tmp_path / "nowhere", tmp_path / "nowhere.json", tmp_path):
        with pytest.raises(PlatformError) as refused:
            command("app", "install", str(missing))
        assert refused.value.code == "package-file-not-found"


def test_a_package_comes_from_a_file_of_any_name_or_from_a_folder(command: Command, tmp_path: Path) -> None:
    for key, file in (("notes", tmp_path / "notes"), ("more_notes", tmp_path / "package.json")):
        file.write_text(json.dumps({**small_package(), "key": key}), encoding="utf-8")
        assert command("app", "install", str(tmp_path if file.suffix else file)) == f"{key} 1\n"


@pytest.mark.parametrize(("language", "words"), [("zh_CN.UTF-8", "没有名为“nobody”的字段"), ("en_US.UTF-8", "There is no field named 'nobody'")])
def test_what_is_wrong_with_a_package_is_told_with_place_and_code(site_dsn: str, tmp_path: Path, language: str, words: str) -> None:
    package = small_package()
    package["entities"][0]["fields"].append({"key": "sum", "kind": "number", "name": {"en": "Sum"}, "formula": "nobody + 1"})
    file = tmp_path / "wrong.json"
    file.write_text(json.dumps(package), encoding="utf-8")
    environment = {**os.environ, "DATABASE_URL": site_dsn, "LANG": language, "LC_ALL": language, "PYTHONUTF8": "1"}
    environment.pop("LANGUAGE", None)
    answer = warm.run("app", "install", str(file), environment=environment)
    assert answer.returncode == 1
    assert f"/entities/note/fields/sum/formula: {words} (expression-unknown-name)" in answer.stderr


def test_acting_as_somebody_who_does_not_exist(command: Command) -> None:
    with pytest.raises(PlatformError) as refused:
        command("app", "publish", "trading_starter", "--as", "nobody@example.com")
    assert refused.value.code == "access-user-not-found"


@pytest.mark.anyio
async def test_link_for_a_user(command: Command, site_dsn: str) -> None:
    printed = await asyncio.to_thread(command, "user", "link", "Sales@example.com")
    found = re.fullmatch(r"https://erp\.example\.com/link#([\w-]{43})\n", printed)
    assert found
    async with open_site(settings_for(site_dsn)) as opened:
        assert (await read_link(opened.site, found[1])).email == "sales@example.com"


def test_users_are_listed_with_their_roles(command: Command) -> None:
    listed = command("user", "list")
    assert re.search(r"^sales@example\.com +陈丽 +organization\.member trading_starter\.sales$", listed, re.MULTILINE)
    with pytest.raises(PlatformError) as refused:
        command("user", "link", "nobody@example.com")
    assert refused.value.code == "access-user-not-found"


def test_the_calendar_is_shown_and_takes_announced_days(command: Command, tmp_path: Path) -> None:
    assert re.search(r"^2026 +33 holiday +6 workday +国办发明电〔2025〕7号$", command("calendar", "show"), re.MULTILINE)
    assert "2026-10-10  workday  国庆节\n" in command("calendar", "show", "2026")
    assert command("calendar", "import") == ""
    file = tmp_path / "more.json"
    day = {"name": "元旦", "from": "2036-01-01", "to": "2036-01-02", "workdays": ["2036-01-05"]}
    file.write_text(json.dumps({"2036": {"notices": ["a notice"], "festivals": [day]}}), encoding="utf-8")
    assert command("calendar", "import", str(file)) == "2036\n"
    assert command("calendar", "import", str(file)) == ""
    assert command("calendar", "import", str(file), "--replace") == "2036\n"
    assert command("calendar", "show", "2036").split("\n")[0] == "2036-01-01  holiday  元旦"
    file.write_text('{"2036": []}', encoding="utf-8")
    with pytest.raises(PlatformError) as refused:
        command("calendar", "import", str(file))
    assert refused.value.code == "calendar-file-unreadable"
