"""The commands for versions: two compared in both languages, an earlier one published anew, what is retired listed and purged."""

from __future__ import annotations

import asyncio
from pathlib import Path

import asyncpg
import pytest

from dougong.publishing.purge import PurgeRefused
from dougong.registry.errors import VersionNotFound
from tests.api.command import Command, written
from tests.workshop import element, entity, package, without


def execute(dsn: str, statement: str) -> None:
    """Run a statement."""

    async def run() -> None:
        connection = await asyncpg.connect(dsn)
        await connection.execute(statement)
        await connection.close()

    asyncio.run(run())


def test_versions_by_command(command: Command, site_dsn: str, tmp_path: Path) -> None:
    first = package("spoken", entity("card", "name", element("name", "text"), element("code", "text", unique=True), element("n", "number")))
    second = without(first, "card", "n")
    second["entities"][0]["fields"][1]["unique"] = False
    command("app", "install", written(tmp_path, first, "first"))
    command("app", "publish", "spoken", written(tmp_path, second, "second"))
    assert command("app", "compare", "spoken").stdout == "Both are the same.\n"
    assert command("app", "compare", "spoken", "1", "2", code=1).stdout.splitlines() == [
        "Entity “card” › field “code”: unique", "    unique: yes → no", "Entity “card” › field “n”", "    kind: Number",
    ]  # fmt: skip
    assert "字段“n（中）”" in command("app", "compare", "spoken", "1", "2", "--language", "zh-CN", code=1).stdout
    with pytest.raises(VersionNotFound):
        command("app", "compare", "spoken", "9")

    row = "(gen_random_uuid(), 1, now(), gen_random_uuid(), now(), gen_random_uuid(), 'twin', 'same', 7)"
    columns = "(id, revision, created_at, created_by, updated_at, updated_by, name, code, n)"
    execute(site_dsn, f"INSERT INTO app_spoken.card {columns} VALUES {row}, {row}")
    assert "twin" in command("app", "rollback", "spoken", "1", code=1).stdout
    dry = command("app", "rollback", "spoken", "1", "--leave-out-broken", "--dry-run").stdout.splitlines()
    assert (dry[0], dry[-1]) == ("Entity “card” › field “n”", "This was a dry run: nothing was changed.")
    assert command("app", "rollback", "spoken", "1", "--leave-out-broken").stdout.splitlines()[-1] == "spoken 3"
    assert command("app", "retired", "spoken").stdout == "Nothing is retired.\n"

    assert command("app", "rollback", "spoken", "2").stdout.splitlines()[-1] == "spoken 4"
    listed = command("app", "retired", "spoken").stdout
    assert listed.startswith("card.n  “card › n”  2 rows  ")
    execute(site_dsn, "UPDATE dougong.app_version SET published_at = published_at - interval '1 hour'")
    with pytest.raises(PurgeRefused):
        command("app", "retired", "spoken", "--purge", "card.n")
    assert command("app", "retired", "spoken", "--purge", "card.n", "--confirm", "spoken").stdout == "Purged: card.n  “card › n”  2 rows\n"
    assert command("app", "retired", "spoken").stdout == "Nothing is retired.\n"
