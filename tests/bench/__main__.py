"""`make bench`: names of suites in, tables on the console and var/bench.json out; the exit code is 1 when a target is missed.

Everything runs on a database of its own in a temporary folder, which is gone afterwards. Suites: `start`, `records`, `list`, `expression`, `bulk`,
`sheets`, `rollup`, `apps`, `publish`, `people`, `policies`.
"""

from __future__ import annotations

import asyncio
import json
import os
import platform
import sys
import tempfile
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from uuid import UUID

import uvloop
from rich.console import Console

from dougong.database.embedded import running
from tests.bench.apps import measure_apps
from tests.bench.bulk import install_parts, make_stocks, measure_bulk
from tests.bench.data import generate
from tests.bench.expressions import measure_in_database, measure_in_process
from tests.bench.groups import time_groups
from tests.bench.lists import wait_for_pages
from tests.bench.people import measure_people
from tests.bench.policed import HIDDEN, make_seller
from tests.bench.policies import measure_policies
from tests.bench.publishing import measure_publishing
from tests.bench.records import STARTER, cases, compare
from tests.bench.report import Results, document, show, targets
from tests.bench.rollups import measure_rollups
from tests.bench.searches import time_searches
from tests.bench.servers import ROOT, dougong, limit, sign_in
from tests.bench.sheets import measure_sheets
from tests.bench.starting import measure_start

SUITES = ("start", "records", "list", "expression", "bulk", "sheets", "rollup", "apps", "publish", "people", "policies")
FEW_ORDERS, FEW_LINES, STOCKS = 5_000, 5, 200
MANY_ORDERS, MANY_LINES = 100_000, 10


def main(asked: list[str]) -> int:
    """Run the suites asked for, all without one; return the exit code."""
    unknown = [name for name in asked if name not in SUITES]
    if unknown:
        print(f"There is no suite {', '.join(unknown)}; there are {', '.join(SUITES)}.", file=sys.stderr)
        return 2
    console = Console(width=None if sys.stdout.isatty() else 132)
    began = time.perf_counter()
    with tempfile.TemporaryDirectory(prefix="dougong-bench-") as name:
        folder = Path(name)
        folder.chmod(0o755)  # the database's account must be able to enter it
        results = _measure(folder, asked or list(SUITES), console)
    show(results, console)
    missed = [target.name for target in targets(results) if not target.is_met]
    written = _write(results, time.perf_counter() - began)
    console.print(f"{written.relative_to(ROOT)} · {time.perf_counter() - began:.0f} s · ", end="")
    console.print(f"[red]{len(missed)} targets missed[/red]" if missed else "[green]all targets met[/green]")
    return 1 if missed else 0


def _measure(folder: Path, suites: list[str], console: Console) -> Results:
    results = Results()
    data = folder / "data"
    with running(data / "postgres") as dsn, console.status("first start") as status:

        def step(text: str) -> None:
            status.update(text)

        if "expression" in suites:
            computed = (*measure_in_process(step), *asyncio.run(measure_in_database(dsn, step)))
            results = replace(results, computed=computed)
        if suites == ["expression"]:
            return results
        with dougong(data, folder) as server:
            session = sign_in(server, server.log)
        if "start" in suites:
            results = replace(results, started=measure_start(data, folder, dsn, session, step))
        if "bulk" in suites:
            with dougong(data, folder) as own:
                results = replace(results, filled=measure_bulk(own, session, dsn, step))
        if "sheets" in suites:
            with dougong(data, folder) as own:
                results = replace(results, sheets=measure_sheets(own, session, dsn, folder, step))
        if "rollup" in suites:
            with dougong(data, folder) as own:
                results = replace(results, rolled=measure_rollups(own, session, dsn, step))
        if "apps" in suites:
            results = replace(results, apps=measure_apps(data, folder, dsn, session, step))
        if "people" in suites:
            results = replace(results, people=measure_people(data, folder, dsn, session, step))
        if "publish" in suites:
            with dougong(data, folder) as own:
                results = replace(results, published=measure_publishing(own, session, dsn, step))
        if "policies" in suites:
            with dougong(data, folder) as own:
                results = replace(results, policed=measure_policies(own, session, dsn, step))
        if "records" in suites:
            step("generating orders")
            with dougong(data, folder) as own:
                seller = make_seller(own, session, dsn)
                generated = asyncio.run(generate(dsn, UUID(seller.user), "few", FEW_ORDERS, FEW_LINES))
                with limit(dsn, seller.user, folder, "own") as bare:
                    theirs = [case for case in cases(generated, ()) if case.app == STARTER]
                    results = replace(results, restricted=uvloop.run(compare(own, bare, seller, theirs, dsn, step, HIDDEN)))
                install_parts(own, session)
                with limit(dsn, session.user, folder) as bare:
                    asked = cases(generated, make_stocks(own, session, STOCKS))
                    results = replace(results, compared=uvloop.run(compare(own, bare, session, asked, dsn, step)))
        if "list" in suites:
            step("generating a million lines")
            generated = asyncio.run(generate(dsn, UUID(session.user), "many", MANY_ORDERS, MANY_LINES))
            with dougong(data, folder) as own:
                waited = uvloop.run(wait_for_pages(own, session, generated, dsn, step))
                grouped = uvloop.run(time_groups(own, session, dsn, step))
                searched, indexed = uvloop.run(time_searches(own, session, dsn, step))
                results = replace(results, waited=(*waited, *searched), grouped=grouped, indexed=indexed)
    return results


def _write(results: Results, seconds: float) -> Path:
    """Write what was measured, and on what machine, to `var/bench.json`."""
    path = ROOT / "var" / "bench.json"
    path.parent.mkdir(exist_ok=True)
    machine = {"system": platform.platform(), "python": platform.python_version(), "cores": os.cpu_count(),
               "load": os.getloadavg()}  # fmt: skip
    head = {"measured_at": datetime.now(UTC).isoformat(timespec="seconds"), "seconds": round(seconds), "machine": machine}
    path.write_text(json.dumps(head | document(results), ensure_ascii=False, indent=2) + "\n", encoding="utf-8")
    return path


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
