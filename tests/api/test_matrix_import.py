"""The rules of the channel × rule matrix for imports: one sheet breaks each of them in a row of its own, and is told so at the cell.

A sheet costs as much as many requests, so that all rules share one; without the rules the same sheet is written as it is.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import reduce
from typing import Any

import pytest

from dougong.sheets.plan import MODES as KNOWN
from tests.api.matrix_channels import Laboratory
from tests.api.matrix_rules import RULES, THING, Rule, laboratory, lifted
from tests.sheets import xlsx
from tests.workshop import Document, Shop

COLUMNS = ("code", "name", "n", "kind", "ref", "mark", "badge", "from", "until", "booked", "lane", "remark", "reason", "state",
           "rows.item", "rows.seat", "rows.serial", "rows.due")  # fmt: skip
_FIRST = "a new record is in the first state"
_COLUMN = "no column can be given to it; held by the tests of mappings"
_MADE: Mapping[str, str] = {"read_only": _COLUMN, "no_transition": _FIRST, "state": _FIRST}
_CHANGED: Mapping[str, str] = {"read_only": _COLUMN, "unique": "the code says which record a row is about"}
NOT_HERE: Mapping[str, Mapping[str, Mapping[str, str]]] = {
    "create": {"create": _MADE},
    "update": {"update": _CHANGED},
    "upsert": {"create": {**_MADE, "unique": "a record that has the code is the one that is changed"}, "update": _CHANGED},
}
"""By mode, and by what becomes of a row in it, the rules no sheet can meet, each with the reason."""
TOLD_AS: Mapping[str, str] = {"required": "import-cell-required", "required_in_rows": "import-cell-required", "unique": "import-record-exists"}
"""Rules that are told by codes of imports: before records are made of the rows, all of them at once."""


def sheet(mode: str, codes: Mapping[str, str]) -> tuple[bytes, dict[int, Rule]]:
    """Return a sheet with two rows for each rule and each thing that becomes of rows, and by the first of them the rule they break."""
    rows: list[list[Any]] = [list(COLUMNS)]
    places: dict[int, Rule] = {}
    for action, rule in ((action, rule) for action, not_here in NOT_HERE[mode].items() for rule in RULES.values() if rule.key not in not_here):
        places[len(rows) + 1] = rule
        code = codes[rule.key] if action == "update" else f"{mode}-{rule.key}"
        broken = {name: value.removeprefix("@") if isinstance(value, str) else value for name, value in rule.values.items()}
        values: Document = {"code": code, "lane": code, "state": rule.state, **THING, **broken}
        for row in values["rows"]:
            own = {f"rows.{name}": value for name, value in row.items()}
            rows.append([{**values, **own}.get(column) for column in COLUMNS])
    return xlsx(*rows), places


async def taken(lab: Laboratory, mode: str, content: bytes) -> tuple[str, list[Document]]:
    """Have a sheet read and checked; return its path and what is wrong with it."""
    admin, imports = lab.shop.admin, f"/api/apps/{lab.document['key']}/imports"
    answer = await admin.client.request("POST", f"{imports}?name=a.xlsx&entity=thing", content=content, headers={"x-csrf-token": admin.csrf_token})
    path = f"{imports}/{answer.json()['id']}"
    assert (await admin.get(f"{path}?wait=30")).json()["state"] == "mapping"
    columns = [{"column": at, "field": field, "match": ""} for at, field in enumerate(COLUMNS)]
    mapping = {"columns": columns, "mode": mode, "by": ["code"], "blanks": "leave" if mode == "create" else "empty"}
    mapped = await admin.ask("PATCH", path, mapping)
    assert mapped.json()["mapping_issues"] == [], mapped.text
    assert (await admin.post(f"{path}/check")).status_code == 202
    checked = (await admin.get(f"{path}?wait=30")).json()
    assert checked["state"] == "checked", checked
    return path, list((await admin.get(f"{path}/issues")).json()["issues"])


async def begun(shop: Shop, document: Document, mode: str) -> tuple[Laboratory, dict[str, str]]:
    """Install an app; return it with the codes of the things that rows are to change, by rule."""
    made = await shop.install(document)
    assert made.status_code == 201, made.text
    lab = Laboratory(shop, document)
    await lab.open()
    changed = [rule for rule in RULES.values() if rule.key not in NOT_HERE[mode].get("update", RULES)]
    return lab, {rule.key: (await lab.thing(rule))["code"] for rule in changed}


@pytest.mark.parametrize("mode", NOT_HERE)
async def test_every_rule_is_held_by_an_import(shop: Shop, mode: str) -> None:
    lab, codes = await begun(shop, laboratory(f"strict_{mode}"), mode)
    content, places = sheet(mode, codes)
    before = await shop.database.fetchval("SELECT count(*) FROM dougong.history")
    _, found = await taken(lab, mode, content)
    assert len(places) == sum(len(RULES) - len(not_here) for not_here in NOT_HERE[mode].values())
    for first, rule in places.items():
        told = [(one["code"], one["row"] - first, COLUMNS[one["column"]] if one["column"] >= 0 else "") for one in found if first <= one["row"] <= first + 1]
        assert {code for code, _, _ in told} == {TOLD_AS.get(rule.key, rule.code)}, (rule.key, told)
        assert place(rule) in {(row, column) for _, row, column in told}, (rule.key, told)
    assert await shop.database.fetchval("SELECT count(*) FROM dougong.history") == before


def place(rule: Rule) -> tuple[int, str]:
    """Return in which of its rows and in which column a rule is told."""
    parts = rule.at.split("/")[1:]
    return (int(parts[1]), f"{parts[0]}.{parts[2]}") if len(parts) == 3 else (0, rule.at[1:])


@pytest.mark.parametrize("mode", NOT_HERE)
async def test_without_the_rules_the_same_sheet_is_written(shop: Shop, mode: str) -> None:
    met = [rule for rule in RULES.values() if any(rule.key not in not_here for not_here in NOT_HERE[mode].values())]
    document = reduce(lifted, met, laboratory(f"open_{mode}"))
    lab, codes = await begun(shop, document, mode)
    content, places = sheet(mode, codes)
    path, found = await taken(lab, mode, content)
    assert found == []
    assert (await shop.admin.post(f"{path}/run")).status_code == 202
    done = (await shop.admin.get(f"{path}?wait=30")).json()
    assert (done["state"], done["written"]) == ("done", len(places)), done


def test_no_mode_of_imports_is_left_out() -> None:
    assert set(NOT_HERE) == set(KNOWN)
    assert all(rule in RULES for actions in NOT_HERE.values() for not_here in actions.values() for rule in not_here)
