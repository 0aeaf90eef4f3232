"""The command `dougong app audit`: it says what it found by its exit code."""

from __future__ import annotations

import json
from pathlib import Path

from tests.api.command import command_for
from tests.workshop import element, entity, label, package


def test_a_clean_app(dsn: str, tmp_path: Path) -> None:
    document = package("small", entity("thing", "name", element("name", "text"), element("cost", "money")))
    document["roles"].append({"key": "looker", "name": label("looker")})
    levels = [{"key": "cost", "level": "hidden"}]
    document["policies"].append({"key": "looker_thing", "role": "looker", "entity": "thing", "actions": ["read"], "levels": levels})
    file = tmp_path / "small.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    told = command_for(dsn)("app", "audit", "--file", str(file), "--records", "3").stdout
    assert told.splitlines()[-1] == "✓", told
