"""`python -m tests.leaks.long_fuzz 200 7`: how many requests to each operation and where chance begins in, everything that went wrong out."""

from __future__ import annotations

import asyncio
import sys
import tempfile
import warnings
from dataclasses import replace
from pathlib import Path

from dougong.database.embedded import running
from dougong.database.migrate import migrate
from dougong.leaks.stage import open_stage
from dougong.logs import configure_logs
from dougong.settings import read_settings
from tests.conftest import SERVER_SETTINGS, fresh_database, open_folder
from tests.leaks.fuzz import Findings
from tests.leaks.test_schemathesis import fuzz
from tests.leaks.vault import vault


async def search(dsn: str, examples: int, start: int) -> Findings:
    """Fuzz a site of its own on an empty database."""
    configure_logs("error")
    settings = read_settings({"DATABASE_URL": dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_POOL_MAX": "4", "DOUGONG_STARTER": "none"})
    with tempfile.TemporaryDirectory() as folder:
        async with open_stage(replace(settings, data_dir=Path(folder)), vault(), 6) as stage:
            return await fuzz(stage, examples, start, some=False)


def main(examples: int, start: int) -> int:
    """Search, print what was found, and return the exit code: 1 where something was."""
    warnings.simplefilter("ignore")
    with open_folder() as folder, running(folder, SERVER_SETTINGS) as server, fresh_database(server) as dsn:
        asyncio.run(migrate(dsn))
        findings = asyncio.run(search(dsn, examples, start))
    for kind, shown in sorted(findings.wrong.items()):
        print(f"## {kind}\n{shown[:4000]}\n")
    print(f"{len(findings.asked)} operations, answers {findings.statuses}, {len(findings.wrong)} kinds of failures")
    return 1 if findings.wrong else 0


if __name__ == "__main__":
    sys.exit(main(int(sys.argv[1]), int(sys.argv[2])))
