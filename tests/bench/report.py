"""What the suites measured in; tables for people, a document for programs and the targets that were missed out."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass, replace
from typing import Any

from rich.console import Console
from rich.markup import escape
from rich.table import Table

from tests.bench.apps import Apps
from tests.bench.bulk import Filled
from tests.bench.expressions import Computed
from tests.bench.groups import Grouped
from tests.bench.lists import Waited
from tests.bench.people import People
from tests.bench.policies import Policed
from tests.bench.publishing import Online, Under
from tests.bench.records import Comparison
from tests.bench.rollups import Rolled
from tests.bench.searches import Indexed
from tests.bench.sheets import EXPORT_MB, IMPORT_MB, IMPORT_S, Sheets
from tests.bench.starting import Started

CPU_RATIO = {"get": 1.5, "list": 1.5, "list with total": 1.5, "create": 2.0, "create of 20 fields": 2.5, "guarded": 2.5, "order of 5 lines": 2.5}
REQUESTS_RATIO = 0.5
LIMIT_TO_EMPTY = {"list": 6.0, "create": 7.0}
PAGE_P95_MS = 50.0
GROUP_RATIO = 1.2
POLICY_RATIO, ACCESS_US = 1.5, 5.0
START_S = 1.5
MEMORY_MB = 120.0
PUBLISH_S = 2.0
BULK_ROWS_S = 15_000.0
BULK_RATIO = 4.0
ROLLUP_RATIO, ROLLUP_GROWTH = 3.0, 1.5
RESOLVE_S, COMPARE_MS, SWITCH_MS, TEN_APPS_MB = 1.5, 300.0, 50.0, 400.0
PUBLISH_P99_MS, PUBLISH_LONGEST_MS, CONVERT_S = 300.0, 500.0, 180.0
CHECK_US, ENDED_MS = 15.0, 1_000.0
MANY_CLIENTS = 16


@dataclass(frozen=True, slots=True)
class Target:
    """One thing that is held: what was measured must not be above `bound`, or below it where `is_least`."""

    name: str
    measured: float
    bound: float
    unit: str
    is_least: bool = False

    @property
    def is_met(self) -> bool:
        """Whether what was measured keeps to the bound."""
        return self.measured >= self.bound if self.is_least else self.measured <= self.bound


@dataclass(frozen=True, slots=True)
class Results:
    """What the suites that ran have measured. restricted: what `compared` is, by somebody who may see and do only some of it."""

    started: Started | None = None
    compared: Comparison | None = None
    restricted: Comparison | None = None
    waited: tuple[Waited, ...] = ()
    grouped: tuple[Grouped, ...] = ()
    indexed: Indexed | None = None
    computed: tuple[Computed, ...] = ()
    filled: Filled | None = None
    sheets: Sheets | None = None
    rolled: Rolled | None = None
    apps: Apps | None = None
    published: Online | None = None
    people: People | None = None
    policed: Policed | None = None


def targets(results: Results) -> tuple[Target, ...]:
    """Return every target of the suites that ran."""
    found: list[Target] = []
    if results.started is not None:
        found += [
            Target("cold start", results.started.start_s, START_S, "s"),
            Target("memory, idle", results.started.memory_mb, MEMORY_MB, "MB"),
            Target("publish of the starter", results.started.publish_s, PUBLISH_S, "s"),
        ]
    if results.compared is not None:
        found += _compared(results.compared)
    if results.restricted is not None:
        found += [replace(one, name=f"with policies: {one.name}") for one in _compared(results.restricted) if not one.name.startswith("the limit")]
    if results.filled is not None:
        found += [
            Target("bulk create", results.filled.rows_s, BULK_ROWS_S, "rows/s", is_least=True),
            Target("bulk create, against INSERT … SELECT FROM unnest", results.filled.ratio, BULK_RATIO, "×"),
        ]
    if results.sheets is not None:
        made = results.sheets
        found += [
            Target("import of 500,000 rows with its check", made.read_s + made.check_s + made.write_s, IMPORT_S, "s"),
            Target("import: memory of the server", made.import_mb, IMPORT_MB, "MB"),
            Target("import: memory of the reader", made.reader_mb, IMPORT_MB, "MB"),
            Target("export of 1,000,000 records: memory of the server", made.export_mb, EXPORT_MB, "MB"),
            Target("export: memory of the writer", made.writer_mb, EXPORT_MB, "MB"),
        ]
    if results.rolled is not None:
        found += [
            Target("order of 5 lines with rollups, against statements by hand", results.rolled.ratio, ROLLUP_RATIO, "×"),
            Target("an order more of a customer with 100,000, against one with 10", results.rolled.growth, ROLLUP_GROWTH, "×"),
        ]
    if results.apps is not None:
        found += [
            Target("resolve an app of 1,500 fields", results.apps.resolve_s, RESOLVE_S, "s"),
            Target("compare two versions of it", results.apps.compare_s * 1e3, COMPARE_MS, "ms"),
            Target("switch to a new version: the process stands still", results.apps.blocked_s * 1e3, SWITCH_MS, "ms"),
            Target("memory of a server with ten of them", results.apps.memory_mb, TEN_APPS_MB, "MB"),
        ]
    if results.published is not None:
        for name, under in (("20 fields, 3 indexes, a NOT NULL", results.published.widened), ("text to number", results.published.converted)):
            found += [
                Target(f"publish over 1,000,000 records, {name}: requests that failed", under.failed, 0, ""),
                Target(f"publish over 1,000,000 records, {name}: p99 of requests meanwhile", under.p99_ms, PUBLISH_P99_MS, "ms"),
                Target(f"publish over 1,000,000 records, {name}: the longest", under.longest_ms, PUBLISH_LONGEST_MS, "ms"),
            ]
        found.append(Target("text to number of 1,000,000 records", results.published.converted.seconds, CONVERT_S, "s"))
    if results.people is not None:
        kept = results.people
        found += [
            Target("check of a kept session, CPU", kept.session_us, CHECK_US, "µs"),
            Target("check of a kept API token, CPU", kept.token_us, CHECK_US, "µs"),
            Target("a session that has ended is refused by another process", kept.session_ms, ENDED_MS, "ms"),
            Target("a token that was revoked is refused by another process", kept.token_ms, ENDED_MS, "ms"),
        ]
    found += [Target(f"{w.name}: {w.page}, p95", w.p95_ms, PAGE_P95_MS, "ms") for w in results.waited if w.is_held]
    found += [Target(f"{g.name}, against SQL by hand", g.ratio, GROUP_RATIO, "×") for g in results.grouped]
    if results.policed is not None:
        found += [Target(f"policies: {one.name}, against SQL by hand", one.ratio, POLICY_RATIO, "×") for one in results.policed.pages]
        found.append(Target("policies: rights of an actor that are known", results.policed.access_us, ACCESS_US, "µs"))
    for row in results.computed:
        name = f"{row.place}: {row.formula}"
        found.append(Target(f"{name}, against the limit", row.ratio, row.bound, "×") if row.is_ratio else Target(name, row.dougong, row.bound, row.unit))
    return tuple(found)


def show(results: Results, console: Console) -> None:
    """Print the tables."""
    if results.compared is not None:
        console.print(_records_table(results.compared))
    if results.restricted is not None:
        console.print("by somebody whose policies have conditions on rows and on fields:")
        console.print(_records_table(results.restricted))
    if results.waited:
        console.print(_lists_table(results.waited))
    for grouped in results.grouped:
        console.print(f"groups: {grouped.name} {grouped.dougong_ms:.0f} ms, by hand {grouped.by_hand_ms:.0f} ms")
    if results.policed is not None:
        for one in results.policed.pages:
            console.print(f"policies: {one.name} {one.dougong_ms:.1f} ms, by hand {one.by_hand_ms:.1f} ms")
        console.print(f"policies: rights that are known {results.policed.access_us:.2f} µs\n")
    if results.indexed is not None:
        saved = results.indexed
        console.print(f"a save with indexes of its texts {saved.with_ms:.2f} ms, without {saved.without_ms:.2f} ms\n")
    if results.computed:
        console.print(_expressions_table(results.computed))
    if results.filled is not None:
        filled = results.filled
        console.print(
            f"bulk: {filled.rows_s:,.0f} records/s, by hand {filled.by_hand_rows_s:,.0f} · memory of the server {filled.memory_mb:.0f} MB, "
            f"grown by {filled.grown_mb:.0f} MB\n"
        )
    if results.sheets is not None:
        made = results.sheets
        console.print(f"sheets: read {made.read_s:.0f} s, checked {made.check_s:.0f} s, written {made.write_s:.0f} s · exported {made.export_s:.0f} s\n")
    if results.rolled is not None:
        console.print(f"rollup: an order {results.rolled.order_ms:.2f} ms, by hand {results.rolled.by_hand_ms:.2f} ms\n")
    if results.people is not None:
        kept = results.people
        console.print(
            f"people: check of a session {kept.session_us:.1f} µs, of a token {kept.token_us:.1f} µs, by hand {kept.by_hand_us:.1f} µs ({kept.ratio:.1f} ×) · "
            f"ended elsewhere: session {kept.session_ms:.0f} ms, token {kept.token_ms:.0f} ms\n"
        )
    if results.apps is not None:
        apps = results.apps
        console.print(
            f"apps: resolve {apps.resolve_s:.2f} s, {apps.resolve_ratio:.1f} × reading it into pydantic types · compare {apps.compare_s * 1e3:.1f} ms, "
            f"{apps.compare_ratio:.1f} × walking through both · switch {apps.switch_s:.2f} s, "
            f"longest of {apps.requests} requests meanwhile {apps.longest_s * 1e3:.0f} ms\n"
        )
    if results.published is not None:
        shown = results.published
        publishes: tuple[tuple[str, Under, float | None], ...] = (
            ("nothing", shown.quiet, None), ("20 fields, 3 indexes, a NOT NULL", shown.widened, shown.widened_by_hand_s),
            ("text to number, rehearsed", shown.rehearsed, None), ("text to number", shown.converted, shown.converted_by_hand_s),
        )  # fmt: skip
        for name, under, hand in publishes:
            beside = "" if hand is None else f", by hand without load {hand:.1f} s ({under.seconds / hand:.1f} ×)"
            console.print(
                f"publish of {name}: {under.seconds:.1f} s{beside} · {under.requests} requests, {under.failed} failed, "
                f"p50 {under.p50_ms:.1f} ms, p99 {under.p99_ms:.0f} ms, longest {under.longest_ms:.0f} ms"
            )
    if results.started is not None:
        started = results.started
        console.print(
            f"cold start {started.start_s:.2f} s, of CPU {started.start_cpu_s:.2f} s · memory, idle {started.memory_mb:.0f} MB · "
            f"publish of the starter {started.publish_s:.2f} s, with demo data {started.with_demo_s:.2f} s\n"
        )
    console.print(_targets_table(targets(results)))


def document(results: Results) -> dict[str, Any]:
    """Return everything as JSON carries it."""
    held = [{**asdict(target), "is_met": target.is_met} for target in targets(results)]
    return {
        "start": asdict(results.started) if results.started else None,
        "records": asdict(results.compared) if results.compared else None,
        "records with policies": asdict(results.restricted) if results.restricted else None,
        "list": [asdict(waited) for waited in results.waited] or None,
        "groups": [asdict(row) | {"ratio": row.ratio} for row in results.grouped] or None,
        "save with indexes of texts": asdict(results.indexed) if results.indexed else None,
        "expression": [asdict(row) | {"ratio": row.ratio} for row in results.computed] or None,
        "bulk": asdict(results.filled) if results.filled else None,
        "sheets": asdict(results.sheets) if results.sheets else None,
        "rollup": asdict(results.rolled) if results.rolled else None,
        "apps": asdict(results.apps) if results.apps else None,
        "published": asdict(results.published) if results.published else None,
        "policies": asdict(results.policed) if results.policed else None,
        "targets": held,
    }


def _compared(comparison: Comparison) -> Iterator[Target]:
    for row in comparison.rows:
        yield Target(f"{row.case}, {_clients(row.clients)}: CPU against the limit", row.cpu_ratio, CPU_RATIO[row.case], "×")
    for row in comparison.rows:
        if row.clients == MANY_CLIENTS:
            yield Target(f"{row.case}, {_clients(row.clients)}: requests/s against the limit", row.requests_ratio,
                         REQUESTS_RATIO, "×", is_least=True)  # fmt: skip
            if row.case in LIMIT_TO_EMPTY:
                yield Target(f"the limit's {row.case}: CPU against an empty route", row.limit_to_empty,
                             LIMIT_TO_EMPTY[row.case], "×")  # fmt: skip


def _records_table(comparison: Comparison) -> Table:
    table = Table(title="records: Dougong | the limit | empty: an empty route of the limit", title_justify="left")
    table.add_column("request", no_wrap=True)
    for name in ("clients", "requests/s", "", "p50 ms", "", "p95 ms", "", "CPU µs", "", "empty", "CPU ×", "req/s"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in comparison.rows:
        own, bare = row.dougong, row.limit
        table.add_row(
            row.case, str(row.clients), f"{own.requests_s:.0f}", f"{bare.requests_s:.0f}", f"{own.p50_ms:.2f}",
            f"{bare.p50_ms:.2f}", f"{own.p95_ms:.2f}", f"{bare.p95_ms:.2f}", f"{own.cpu_us:.0f}", f"{bare.cpu_us:.0f}",
            f"{row.empty_us:.0f}", f"{row.cpu_ratio:.2f}", f"{row.requests_ratio:.0%}",
        )  # fmt: skip
    table.caption = f"memory of Dougong's process after the load: {comparison.memory_mb:.0f} MB"
    return table


def _lists_table(waited: tuple[Waited, ...]) -> Table:
    table = Table(title="list: pages of 50, 1 client", title_justify="left")
    table.add_column("list", no_wrap=True)
    table.add_column("page", no_wrap=True)
    for name in ("rows", "p50 ms", "p95 ms"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in waited:
        table.add_row(row.name, row.page, f"{row.rows:,}", f"{row.p50_ms:.1f}", f"{row.p95_ms:.1f}")
    return table


def _expressions_table(computed: tuple[Computed, ...]) -> Table:
    table = Table(title="expression: Dougong | the limit: the same by hand, for reading Python's own parser", title_justify="left")
    table.add_column("where", no_wrap=True)
    table.add_column("formula")
    for name in ("Dougong", "limit", "", "×"):
        table.add_column(name, justify="right", no_wrap=True)
    for row in computed:
        table.add_row(row.place, escape(row.formula), f"{row.dougong:.2f}", f"{row.limit:.2f}", row.unit, f"{row.ratio:.2f}")
    return table


def _targets_table(held: tuple[Target, ...]) -> Table:
    table = Table(title="targets", title_justify="left")
    table.add_column("", no_wrap=True)
    table.add_column("measured", justify="right", no_wrap=True)
    table.add_column("target", justify="right", no_wrap=True)
    table.add_column("", no_wrap=True)
    for target in held:
        verdict = "[green]met[/green]" if target.is_met else "[red]MISSED[/red]"
        bound = f"{'≥' if target.is_least else '≤'} {target.bound:g} {target.unit}"
        table.add_row(escape(target.name), f"{target.measured:.2f} {target.unit}", bound, verdict)
    return table


def _clients(number: int) -> str:
    return "1 client" if number == 1 else f"{number} clients"
