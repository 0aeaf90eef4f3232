"""SQL text over the staging tables of an import: a plan in; the questions of the check and the records to write, as JSON, out.

`ready` has a row for each row of the sheet: `row`, `rec` (the first row of its record) and `c0`, `c1`, … the text of each target's
value. `refs` says which record a text means: `col`, `text`, `id`, and `n`, how many it could mean. `matches` says which record
a first row is about: `rec`, `id`, `n`. `bad` lists the records with errors.
"""

from collections.abc import Sequence

from dougong.sheets.imports import Import
from dougong.sheets.plan import Plan, Target
from dougong.store.names import quoted, table_name
from engines.entity.entity import Entity

_JSON_COLUMNS = frozenset(("jsonb", 'text[] COLLATE "C"'))


def make_ready(found: Import, plan: Plan) -> list[str]:
    """Return the statements that make the tables of a check anew."""
    columns = "".join(f", c{n} text" for n in range(len(plan.targets)))
    made = [f"DROP TABLE IF EXISTS {found.table(use)}" for use in ("ready", "refs", "matches", "bad")]
    return [
        *made,
        f"CREATE UNLOGGED TABLE {found.table('ready')} (row integer NOT NULL, rec integer NOT NULL{columns})",
        f'CREATE UNLOGGED TABLE {found.table("refs")} (col integer, text text COLLATE "C", id uuid, n bigint, PRIMARY KEY (col, text))',
        f"CREATE UNLOGGED TABLE {found.table('matches')} (rec integer PRIMARY KEY, id uuid, n bigint NOT NULL)",
        f"CREATE UNLOGGED TABLE {found.table('bad')} (rec integer PRIMARY KEY)",
    ]


def index_ready(found: Import) -> list[str]:
    """Return the statements that make the filled table quick to ask."""
    ready = found.table("ready")
    return [f"CREATE INDEX ON {ready} (rec, row)", f"ANALYZE {ready}"]


def texts_sql(found: Import, number: int, target: Target) -> str:
    """Return the query of the distinct texts of a column that point to records."""
    ready = found.table("ready")
    if target.field.links is not None:
        return f"SELECT DISTINCT e AS text FROM {ready}, json_array_elements_text(c{number}::json) AS e"
    return f"SELECT DISTINCT c{number} AS text FROM {ready} WHERE c{number} IS NOT NULL"


def refs_sql(found: Import, number: int, target: Target, records: str) -> str:
    """Return the statement that finds what the texts of a column mean; records: the query of `id` and `word` of what may be meant."""
    return (
        f"INSERT INTO {found.table('refs')} (col, text, id, n)"
        f" SELECT {number}, v.text, (array_agg(t.id))[1], count(t.id) FROM ({texts_sql(found, number, target)}) AS v"
        f' LEFT JOIN ({records}) AS t ON t.word = v.text COLLATE "C" GROUP BY v.text'
    )


def wrong_refs_sql(found: Import, number: int, target: Target) -> str:
    """Return the query of rows whose text means no record or several: row, text, how many."""
    ready, refs = found.table("ready"), found.table("refs")
    if target.field.links is not None:
        return (
            f"SELECT f.row, r.text, r.n FROM {ready} f, json_array_elements_text(f.c{number}::json) AS e"
            f' JOIN {refs} r ON r.col = {number} AND r.text = e COLLATE "C" WHERE r.n <> 1 ORDER BY f.row'
        )
    return f"SELECT f.row, r.text, r.n FROM {ready} f JOIN {refs} r ON r.col = {number} AND r.text = f.c{number} WHERE r.n <> 1 ORDER BY f.row"


def twice_sql(found: Import, plan: Plan, key: Sequence[Target]) -> str:
    """Return the query of records whose key another before them has: row, the row of that one."""
    first = f"SELECT f.row, {_values(plan, key)} FROM {_firsts(found, plan, key)}"
    names = ", ".join(f"k{n}" for n in range(len(key)))
    filled = " AND ".join(f"k{n} IS NOT NULL" for n in range(len(key)))
    return f"SELECT row, first FROM (SELECT row, min(row) OVER (PARTITION BY {names}) AS first FROM ({first}) a WHERE {filled}) b WHERE row <> first ORDER BY row"


def taken_sql(found: Import, plan: Plan, key: Sequence[Target]) -> str:
    """Return the query of rows whose key a record there is has, other than the one the row is about."""
    first = f"SELECT f.row, {_values(plan, key)} FROM {_firsts(found, plan, key)}"
    return (
        f"SELECT a.row FROM ({first}) a JOIN {table_name(plan.entity)} t ON {_same(plan.entity, key)} AND t.deleted_at IS NULL"
        f" LEFT JOIN {found.table('matches')} m ON m.rec = a.row WHERE m.id IS DISTINCT FROM t.id ORDER BY a.row"
    )


def matches_sql(found: Import, plan: Plan, records: str) -> str:
    """Return the statement that finds the records the rows are about; records: the query of `id` and the key, `k0`, `k1`, …, of what may be meant."""
    first = f"SELECT f.row, {_values(plan, plan.by)} FROM {_firsts(found, plan, plan.by)}"
    same = " AND ".join(f"t.k{n} = a.k{n}" for n in range(len(plan.by)))
    return (
        f"INSERT INTO {found.table('matches')} (rec, id, n) SELECT a.row, (array_agg(t.id))[1], count(t.id) FROM ({first}) a"
        f" LEFT JOIN ({records}) t ON {same} GROUP BY a.row"
    )


def records_sql(found: Import, plan: Plan) -> str:
    """Return the query of records after `$1`, at most `$2`: the first row, the id it is about, and its values as JSON in bytes."""
    ready = found.table("ready")
    numbers = {id(target): n for n, target in enumerate(plan.targets)}
    parts = [f"{_json_value(found, target, numbers[id(target)], 'f')} AS {quoted(target.field.key)}" for target in plan.own]
    for key, targets in plan.lines.items():
        row = ", ".join(f"{_json_value(found, t, numbers[id(t)], 'l')} AS {quoted(t.field.key)}" for t in targets)
        filled = " OR ".join(f"l.c{numbers[id(t)]} IS NOT NULL" for t in targets)
        lines = f"SELECT {row} FROM {ready} l WHERE l.rec = f.rec AND ({filled}) ORDER BY l.row"
        parts.append(f"(SELECT coalesce(json_agg({_stripped(plan, 'row_to_json(y)')}), '[]') FROM ({lines}) y) AS {quoted(key)}")
    values = _stripped(plan, f"(SELECT row_to_json(x) FROM (SELECT {', '.join(parts)}) x)")
    return (
        f"SELECT f.rec, m.id, convert_to({values}::text, 'UTF8') AS values FROM {ready} f LEFT JOIN {found.table('matches')} m ON m.rec = f.rec"
        f" WHERE f.row = f.rec AND f.rec > $1 AND NOT EXISTS (SELECT FROM {found.table('bad')} b WHERE b.rec = f.rec) ORDER BY f.rec LIMIT $2"
    )


def line_rows_sql(found: Import, plan: Plan, key: str) -> str:
    """Return the query of the rows of the sheet that are rows of the list `key` of the record `$1`, in order."""
    filled = " OR ".join(f"c{n} IS NOT NULL" for n, target in enumerate(plan.targets) if target.lines is not None and target.lines.key == key)
    return f"SELECT row FROM {found.table('ready')} WHERE rec = $1 AND ({filled}) ORDER BY row"


def _stripped(plan: Plan, value: str) -> str:
    return f"json_strip_nulls({value})" if plan.blanks == "leave" else value


def _json_value(found: Import, target: Target, number: int, table: str) -> str:
    column, refs = f"{table}.c{number}", found.table("refs")
    if target.field.links is not None:
        return (
            f"(SELECT json_agg(r.id ORDER BY e.ordinality) FROM json_array_elements_text({column}::json) WITH ORDINALITY AS e"
            f' JOIN {refs} r ON r.col = {number} AND r.text = e.value COLLATE "C")'
        )
    if target.to is not None:
        return f"(SELECT r.id FROM {refs} r WHERE r.col = {number} AND r.text = {column})"
    if target.among:
        record = "SELECT json_build_object('entity', split_part(r.text, ':', 1), 'id', r.id)"
        return f"({record} FROM {refs} r WHERE r.col = {number} AND r.text = {column})"
    kind = target.field.kind
    if kind.column_type == "boolean":
        return f"{column}::boolean"
    return f"{column}::json" if kind.column_type in _JSON_COLUMNS else column


def _firsts(found: Import, plan: Plan, key: Sequence[Target]) -> str:
    """Return the first rows of records, with what the texts of the key point to."""
    joins = ""
    for n, target in enumerate(plan.targets):
        if any(target is one for one in key) and target.to is not None:
            joins += f" LEFT JOIN {found.table('refs')} r{n} ON r{n}.col = {n} AND r{n}.text = f.c{n}"
    return f"{found.table('ready')} f{joins} WHERE f.row = f.rec"


def _values(plan: Plan, key: Sequence[Target]) -> str:
    """Return the values of a key as columns have them, `k0`, `k1`, …"""
    found = []
    for place, target in enumerate(key):
        number = next(n for n, one in enumerate(plan.targets) if one is target)
        kind = target.field.kind.column_type or "text"
        value = f"r{number}.id" if target.to is not None else f"f.c{number}::{kind.partition(' ')[0]}"
        if kind == "numeric" and target.field.scale is not None:
            value = f"round({value}, {target.field.scale})"
        if kind.startswith("text"):
            value = f'({value}) COLLATE "C"'
        found.append(f"{value} AS k{place}")
    return ", ".join(found)


def _same(entity: Entity, key: Sequence[Target]) -> str:
    return " AND ".join(f"t.{quoted(target.field.column or '')} = a.k{n}" for n, target in enumerate(key))
