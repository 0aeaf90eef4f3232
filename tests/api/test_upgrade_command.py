"""The commands `dougong app upgrade`, `add` and `remove`: told in two languages, stopped by conflicts, dry, into the draft, and published."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from dougong.packages.upgrade_errors import UpgradeNotNewer, UpgradePackageThere, UpgradePackageUnknown
from tests.api.command import Command, written
from tests.upgraded import STARTER, customized, next_version, part, starter
from tests.workshop import element, entity, package


def test_upgrade_by_command(command: Command, tmp_path: Path) -> None:
    assert command("app", "upgrade", STARTER).stdout == "Every package of trading_starter is the newest there is.\n"
    command("app", "publish", STARTER, written(tmp_path, customized(starter())))
    new = written(tmp_path, next_version(starter()))
    told = command("app", "upgrade", STARTER, new, code=1).stdout
    assert "trading_starter 1.1.0 → 2.0.0\nNew from the package:\n" in told
    assert "  + Entity “Partner” › field “website”\n" in told
    assert "Yours, and stays:\n" in told
    place = "  Entity “Partner” › field “Direct line”: label (English) (/entities/partner/fields/phone/name/en)\n"
    assert f"{place}    as it was installed: Phone\n    your app: Direct line\n    new version: Telephone\n" in told
    assert told.endswith("1 conflicts are not decided: --ours or --theirs decides all, the web page one by one. Nothing was written.\n")
    dry = command("app", "upgrade", STARTER, new, "--theirs", "--dry-run", "--language", "zh-CN").stdout
    assert "    新版本：Telephone ← 采用\n" in dry
    assert dry.endswith("只是演练，没有写入任何东西。\n")
    done = command("app", "upgrade", STARTER, new, "--ours", "--publish").stdout
    assert done.endswith(f"{STARTER} 3\n")
    assert "It is in the draft of trading_starter, revision " in done
    document = json.loads(command("app", "export", STARTER).stdout)
    assert part(document, "entities", "partner", "fields", "phone")["name"]["en"] == "Direct line"
    assert document["version"] == "2.0.0"
    with pytest.raises(UpgradeNotNewer):
        command("app", "upgrade", STARTER, STARTER)
    command("app", "upgrade", STARTER, new, "--ours", "--theirs", code=2)


def test_a_package_is_added_by_command(command: Command, tmp_path: Path) -> None:
    visit = entity("visits_visit", "place", element("place", "text", required=True), element("partner", "reference", to="partner"))
    document = package("visits", visit, roles=[])
    document["requires"].append({"package": STARTER, "version": ">=1"})
    document["policies"] = [{**one, "role": "manager"} for one in document["policies"]]
    file = written(tmp_path, document)
    told = command("app", "add", STARTER, file, "--dry-run").stdout
    assert told.startswith("visits – → 1.0.0\nNew from the package:\n")
    assert told.endswith("This was a dry run: nothing was written.\n")
    assert command("app", "add", STARTER, file, "--publish").stdout.endswith(f"{STARTER} 2\n")
    assert part(json.loads(command("app", "export", STARTER).stdout), "entities", "visits_visit", "fields", "partner")["to"] == "partner"
    with pytest.raises(UpgradePackageThere):
        command("app", "add", STARTER, file)
    told = command("app", "remove", STARTER, "visits", "--dry-run").stdout
    assert told == (
        "visits 1.0.0 → –\nGoes:\n  - Entity “visits_visit”\n  - Policy “manager_visits_visit”\nThis was a dry run: nothing was written.\n"
    )
    changed = json.loads(command("app", "export", STARTER).stdout)
    changed["entities"].append(entity("x_round", "name", element("name", "text"), element("visit", "reference", to="visits_visit")))
    command("app", "publish", STARTER, written(tmp_path, changed))
    told = command("app", "remove", STARTER, "visits", "--language", "zh-CN", code=1).stdout
    assert "仍被使用：实体“x_round（中）” › 字段“visit（中）”：引用的对象（在本应用中添加）" in told
    assert "权限策略“manager_visits_visit” (/policies/manager_visits_visit): 已有\n    仍被使用：实体“visits_visit（中）”" in told
    assert told.endswith("2 处没有决定：--ours 全部保留，--theirs 全部移除，或在网页上逐个选择。没有写入任何东西。\n")
    told = command("app", "remove", STARTER, "visits", "--theirs", "--dry-run").stdout
    assert "    take it out ← taken\n" in told and "Problems to mend in the draft:\n  /entities/x_round/fields/visit/to:" in told
    assert command("app", "remove", STARTER, "visits", "--ours", "--publish").stdout.endswith(f"{STARTER} 4\n")
    assert part(json.loads(command("app", "export", STARTER).stdout), "entities", "visits_visit")
    with pytest.raises(UpgradePackageUnknown):
        command("app", "remove", STARTER, "visits")
    command("app", "remove", STARTER, "visits", "--ours", "--theirs", code=2)
