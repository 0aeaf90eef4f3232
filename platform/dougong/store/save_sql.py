"""SQL text of saving: an entity and a kind of change in, one statement out that writes rows, history and outbox together.

Every statement first checks, under a shared lock on the app, that the version it was made for is still the active one.
Parameters 1-6 are the same everywhere: app, version, time, actor, channel, change set. Records come as one JSON list a
table, which PostgreSQL takes apart by column name: measured three times cheaper for the server than an array a column.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from dougong.store.counters_sql import TAKEN, counted_join, counted_value, counting_arms, taken_key
from dougong.store.lists_sql import ListField, insert_arms, list_columns, list_joins, lists_of, update_arms
from dougong.store.names import quoted, table_name
from engines.entity.entity import Entity, Field

SYSTEM_COLUMNS = ("id", "revision", "created_at", "created_by", "updated_at", "updated_by")
VERSION_ARM = "v AS MATERIALIZED (SELECT dougong.check_version($1::text, $2::integer) AS version)"
_ALL_FOUND = "e AS MATERIALIZED (SELECT dougong.expect(json_array_length($7::json), (SELECT count(*) FROM n), 'DG002', 'revision') AS ok)"

_SHOWN = "convert_to(r.record::text, 'UTF8')"

UpdateAction = Literal["update", "restore"]
_OUT: Mapping[UpdateAction, tuple[str, str]] = {"update": ("", "IS NULL"), "restore": (", deleted_at = NULL", "IS NOT NULL")}
"""What is set besides, and where the record must be."""


@dataclass(frozen=True, slots=True)
class Column:
    """A column to write: `key` of the value in the record, its name and SQL type; a sequence takes its value from PostgreSQL."""

    key: str
    name: str
    type: str
    field: Field | None = None

    @property
    def written(self) -> tuple[tuple[str, str], ...]:
        """The columns of the table that keep the value, each with the SQL that takes its part from the value `{}`: of a reference to any two."""
        entity = None if self.field is None else self.field.entity_column
        if entity is None:
            return ((self.name, "{}"),)
        return (self.name, "({} ->> 'id')::uuid"), (entity, "{} ->> 'entity'")

    @property
    def is_numbered(self) -> bool:
        """Whether PostgreSQL gives the value."""
        return self.field is not None and self.field.pattern is not None

    @property
    def is_counted(self) -> bool:
        """Whether a counter of the platform gives it, without a gap."""
        return self.field is not None and self.field.pattern is not None and self.field.pattern.is_gapless

    @property
    def is_far(self) -> bool:
        """Whether the value follows other records: nobody writes it from an image, which may be older than it."""
        return self.field is not None and self.field.is_far


def columns_of(entity: Entity) -> tuple[Column, ...]:
    """Return the columns of an entity's own fields, error companions included."""
    columns = []
    for field in entity.stored_fields:
        assert field.column is not None and field.kind.column_type is not None
        sql_type = "json" if field.any_of else field.kind.column_type.split(" ")[0]
        columns.append(Column(field.key, field.column, sql_type, field))
        if field.error_column is not None:
            columns.append(Column(f"{field.key}__error", field.error_column, "text", field if field.is_far else None))
    return tuple(columns)


def written_again(entity: Entity) -> tuple[Column, ...]:
    """Return the columns that are written when a row that is there is changed: all but far ones."""
    return tuple(column for column in columns_of(entity) if not column.is_far)


def shown_sql(entity: Entity, lines: Sequence[Entity]) -> str:
    """Return the statement that answers with records by their ids, as saving them does."""
    return (
        f"SELECT t.id, convert_to({record_sql('t', entity, lines, (), ())}::text, 'UTF8') AS record"
        f" FROM {table_name(entity)} AS t WHERE t.id = ANY($1::uuid[])"
    )


def _pointing(targets: Sequence[Entity], parameters: "Parameters") -> tuple[list[str], str]:
    """Return arms that hold the records a save begins to point to, and what the last SELECT joins so that they run.

    A record in the trash cannot be pointed to. Whoever trashes one locks it FOR UPDATE first, so FOR KEY SHARE waits for
    that to end and then sees it. One of another revision than it was when its values were taken is none either. DG004
    makes the request look again.
    """
    if not targets:
        return [], ""
    given = parameters.next("json")
    arms = [
        f"p{index} AS MATERIALIZED (SELECT x.id FROM {table_name(target)} AS x"
        f" WHERE x.id = ANY(ARRAY(SELECT one::uuid FROM json_object_keys({given} -> {index}) AS one)) AND x.deleted_at IS NULL"
        f" AND coalesce(x.revision = ({given} -> {index} ->> x.id::text)::integer, true) FOR KEY SHARE)"
        for index, target in enumerate(targets)
    ]
    keys = [f"(SELECT count(*) FROM json_object_keys({given} -> {index}))" for index in range(len(targets))]
    wanted = " + ".join(keys)
    held = " + ".join(f"(SELECT count(*) FROM p{index})" for index in range(len(targets)))
    arms.append(f"p AS MATERIALIZED (SELECT dougong.expect({wanted}, {held}, 'DG004', 'reference') AS ok)")
    return arms, " CROSS JOIN p"


class Parameters:
    """Numbers the parameters of one statement."""

    def __init__(self, count: int = 6) -> None:
        """Begin after those that are there, the six that every statement has."""
        self._count = count

    def next(self, sql_type: str) -> str:
        """Return the next parameter with its type."""
        self._count += 1
        return f"${self._count}::{sql_type}"


def insert_sql(
    entity: Entity, lines: Sequence[Entity], has_key: bool, is_shown: bool, targets: Sequence[Entity], is_counting: bool
) -> str:
    """Return the statement that creates records with their rows.

    Parameters after the common ones: the records; for each sequence its text before, sequence name and text after; for
    each rows entity its rows; for each list its entries; then, with an idempotency key: key, hash; then, with targets, the
    ids pointed to, a list each; then for each gapless number its counters.
    """
    parameters = Parameters()
    own = columns_of(entity)
    counted = [c.field for c in own if c.field is not None and c.is_counted and is_counting]
    taken = [(taken_key(field, use), sql_type) for field in counted for use, sql_type in TAKEN]
    records = _records(parameters, [("id", "uuid"), *_given(own), *taken])
    picks = "".join(f", {_value(column, parameters, counted)}" for column in own)
    names = ", ".join([*SYSTEM_COLUMNS, *names_of(own)])
    arms = [
        VERSION_ARM,
        (
            f"n AS (INSERT INTO {table_name(entity)} ({names}) SELECT x.id, 1, $3, $4, $3, $4{picks}"
            f" FROM v, {records}{counted_join(counted)} RETURNING {names})"
        ),
    ]
    for index, rows in enumerate(lines):
        arms.append(f"l{index} AS ({_insert_rows(rows, parameters)})")
    lists = lists_of(entity, lines)
    arms += insert_arms(lists, parameters.next)
    record = record_sql("n", entity, lines, None, lists)
    arms.append(f"r AS MATERIALIZED (SELECT n.id, n.revision, {record} AS record FROM n{list_joins(entity, 'n', lists)})")
    arms.append(history_arm(entity, "create", "1", "r.record", "r"))
    arms.append(outbox_arm(entity, "r"))
    if has_key:
        arms.append(_key(parameters, "r.record", "r"))
    held, joined = _pointing(targets, parameters)
    # Counters are taken when all that may have to wait is held: each is locked until the transaction ends.
    counting = counting_arms(entity, counted, [parameters.next("json") for _ in counted], f"v{joined.replace(' CROSS JOIN', ',')}")
    arms = [arms[0], *held, *counting, *arms[1:]]
    # What is not to be shown is known: the ids are given, and the revision is the first.
    shown = f"r.id, r.revision, {_SHOWN} AS record" if is_shown else "count(*)"
    return f"WITH {', '.join(arms)} SELECT {shown} FROM r{joined}"


def numbers_sql(entity: Entity, lines: Sequence[Entity], fields: Sequence[Field]) -> str:
    """Return the statement that gives gapless numbers to records that were created without, and answers with these.

    Parameters: app, time of the change set, what the records bring, then for each number its counters.
    """
    parameters = Parameters(2)
    taken = [(taken_key(field, use), sql_type) for field in fields for use, sql_type in TAKEN]
    records = _records(parameters, [("id", "uuid"), *taken])
    counting = counting_arms(entity, fields, [parameters.next("json") for _ in fields], "(SELECT 1) AS b")
    sets = ", ".join(f"{quoted(field.column or '')} = {counted_value(field, index)}" for index, field in enumerate(fields))
    returning = ", ".join(f"t.{name}" for name in [*SYSTEM_COLUMNS, *(quoted(c.name) for c in columns_of(entity))])
    told = " ".join(f"WHEN '{field.key}' THEN to_json(n.{quoted(field.column or '')})" for field in fields)
    arms = [
        *counting,
        f"n AS (UPDATE {table_name(entity)} AS t SET {sets} FROM {records}{counted_join(fields)} WHERE t.id = x.id RETURNING {returning})",
        (
            "h AS (UPDATE dougong.history AS h SET changes ="
            f" (SELECT json_object_agg(e.key, CASE e.key {told} ELSE e.value END) FROM json_each(h.changes) AS e)"
            f" FROM n WHERE h.record_id = n.id AND h.app = $1 AND h.entity = '{entity.key}' AND h.action = 'create' AND h.at = $2::timestamptz)"
        ),
        f"r AS MATERIALIZED (SELECT n.id, {record_sql('n', entity, lines, (), ())} AS record FROM n)",
    ]
    return f"WITH {', '.join(arms)} SELECT r.id, {_SHOWN} AS record FROM r"


def update_sql(
    entity: Entity,
    changed: Sequence[Column],
    touched: Sequence[Entity],
    lines: Sequence[Entity],
    changed_lists: Sequence[ListField],
    has_key: bool,
    is_shown: bool,
    targets: Sequence[Entity],
    action: UpdateAction = "update",
) -> str:
    """Return the statement that changes records whose revision is still the one that was read.

    changed: columns to write. touched: entities of rows that are written; of the others the rows stay as they are.
    Parameters after the common ones: the records with `was`, the revision read, and `changes` for history; for each
    touched rows entity: ids to delete, rows to keep, rows to add; for each changed list: its entries, those that go; then,
    with an idempotency key: key, hash; then, with targets, the ids newly pointed to, a list each.
    """
    parameters = Parameters()
    head = [("id", "uuid"), ("was", "integer"), ("changes", "json")]
    records = _records(parameters, [*head, *((c.key, c.type) for c in changed)])
    sets = "".join(f", {one}" for one in _sets(changed))
    out, place = _OUT[action]
    returning = ", ".join(f"t.{name}" for name in [*SYSTEM_COLUMNS, *names_of(columns_of(entity))])
    arms = [
        VERSION_ARM,
        (
            f"n AS (UPDATE {table_name(entity)} AS t SET revision = t.revision + 1, updated_at = $3, updated_by = $4{out}{sets}"
            f" FROM v, {records} WHERE t.id = x.id AND t.revision = x.was AND t.deleted_at {place}"
            f" RETURNING {returning}, x.changes AS __changes)"
        ),
    ]
    for index, rows in enumerate(lines):
        if rows in touched:
            arms += _changed_rows(index, rows, parameters)
    arms += update_arms(changed_lists, parameters.next)
    record, joined = record_sql("n", entity, lines, touched, changed_lists), list_joins(entity, "n", changed_lists)
    arms.append(_ALL_FOUND)
    arms.append(f"r AS MATERIALIZED (SELECT n.id, n.revision, n.__changes, {record} AS record FROM n{joined})")
    arms.append(history_arm(entity, action, "r.revision", "r.__changes", "r"))
    arms.append(outbox_arm(entity, "r"))
    if has_key:
        arms.append(_key(parameters, "r.record", "r"))
    held, joined = _pointing(targets, parameters)
    shown = _SHOWN if is_shown else "'null'::bytea"
    return (
        f"WITH {', '.join([*arms, *held])}"
        f" SELECT r.id, r.revision, {shown} AS record FROM e{joined} LEFT JOIN r ON true"
    )


def delete_sql(entity: Entity, has_key: bool) -> str:
    """Return the statement that puts records in the trash.

    Parameters after the common ones: ids with `was`, the revision read; then, with an idempotency key: key, hash.
    """
    parameters = Parameters()
    records = _records(parameters, [("id", "uuid"), ("was", "integer")])
    table = table_name(entity)
    arms = [
        VERSION_ARM,
        (
            f"n AS (UPDATE {table} AS t SET revision = t.revision + 1, deleted_at = $3, updated_at = $3, updated_by = $4"
            f" FROM v, {records} WHERE t.id = x.id AND t.revision = x.was AND t.deleted_at IS NULL RETURNING t.id, t.revision)"
        ),
        _ALL_FOUND,
        history_arm(entity, "delete", "n.revision", "'{}'::json", "n"),
        outbox_arm(entity, "n"),
    ]
    if has_key:
        arms.append(_key(parameters, "json_build_object('id', n.id, 'revision', n.revision)", "n"))
    return f"WITH {', '.join(arms)} SELECT n.id, n.revision, 'null'::bytea AS record FROM e LEFT JOIN n ON true"


def _records(parameters: Parameters, columns: Iterable[tuple[str, str]]) -> str:
    listed = ", ".join(f"{quoted(key)} {sql_type}" for key, sql_type in columns)
    return f"json_to_recordset({parameters.next('json')}) AS x({listed})"


def names_of(columns: Iterable[Column]) -> list[str]:
    """Return the quoted names of all columns of a table that keep the values."""
    return [quoted(name) for column in columns for name, _ in column.written]


def _taken(column: Column) -> str:
    return ", ".join(part.format(f"x.{quoted(column.key)}") for _, part in column.written)


def _sets(columns: Iterable[Column]) -> list[str]:
    return [f"{quoted(name)} = {part.format(f'x.{quoted(column.key)}')}" for column in columns for name, part in column.written]


def shown_any(field: Field, alias: str = "") -> str:
    """Return the SQL of a reference to any as JSON shows it, NULL for a blank."""
    record, entity = (f"{alias}.{quoted(name or '')}" if alias else quoted(name or "") for name in (field.column, field.entity_column))
    return f"CASE WHEN {record} IS NOT NULL THEN json_build_object('entity', {entity}, 'id', {record}) END"


def _given(columns: Iterable[Column]) -> list[tuple[str, str]]:
    return [(c.key, c.type) for c in columns if not c.is_numbered]


def _value(column: Column, parameters: Parameters, counted: Sequence[Field]) -> str:
    if column.field is None or column.field.pattern is None:
        return _taken(column)
    if column.is_counted and column.field not in counted:
        return "NULL"
    if column.is_counted:
        return counted_value(column.field, counted.index(column.field))
    before, name, after = (parameters.next("text") for _ in range(3))
    return f"dougong.number_text({before}, nextval({name}::regclass), {column.field.pattern.width}, {after})"


def _insert_rows(rows: Entity, parameters: Parameters, after: str | None = None) -> str:
    """Return the INSERT of rows. after: an arm that is carried out before it, for what it deletes is in the way."""
    own = columns_of(rows)
    records = _records(parameters, [("id", "uuid"), ("parent", "uuid"), ("position", "integer"), *_given(own)])
    names = ", ".join(["id", "parent", "position", *names_of(own)])
    taken = "".join(f", x.{quoted(c.key)}" if c.is_numbered else f", {_taken(c)}" for c in own)
    waits = "" if after is None else f" WHERE (SELECT count(*) FROM {after}) >= 0"
    return f"INSERT INTO {table_name(rows)} ({names}) SELECT x.id, x.parent, x.position{taken} FROM {records}{waits} RETURNING {names}"


def _must_be_free(rows: Entity) -> bool:
    """Whether a row that goes may hold what a new one of the same save must have alone."""
    return any(not unique.within_parent for unique in rows.unique)


def _changed_rows(index: int, rows: Entity, parameters: Parameters) -> list[str]:
    own, again = columns_of(rows), written_again(rows)
    gone = parameters.next("uuid[]")
    kept = _records(parameters, [("id", "uuid"), ("position", "integer"), *_given(again)])
    sets = ", ".join(["position = x.position", *_sets(again)])
    returning = ", ".join(f"t.{name}" for name in ["id", "parent", "position", *names_of(own)])
    return [
        f"g{index} AS (DELETE FROM {table_name(rows)} WHERE id = ANY({gone}){' RETURNING id' if _must_be_free(rows) else ''})",
        f"m{index} AS (UPDATE {table_name(rows)} AS t SET {sets} FROM {kept} WHERE t.id = x.id RETURNING {returning})",
        f"a{index} AS ({_insert_rows(rows, parameters, f'g{index}' if _must_be_free(rows) else None)})",
        f"l{index} AS (SELECT * FROM m{index} UNION ALL SELECT * FROM a{index})",
    ]


def _shown(alias: str, entity: Entity, system: Sequence[str]) -> list[str]:
    columns = [f"{alias}.{name}" for name in system]
    for field in entity.stored_fields:
        assert field.column is not None
        name = f"{alias}.{quoted(field.column)}"
        shown = f"trim_scale({name})::text" if field.value_type.name == "number" else name
        if field.entity_column is not None:
            shown = shown_any(field, alias)
        columns.append(f"{shown} AS {quoted(field.key)}")
        if field.error_column is not None:
            columns.append(f"{alias}.{quoted(field.error_column)} AS {quoted(field.key + '__error')}")
    return columns


def record_sql(
    alias: str, entity: Entity, lines: Sequence[Entity], touched: Sequence[Entity] | None, written: Sequence[ListField]
) -> str:
    """Return a record as JSON out of an arm or a table; touched, written: the rows and lists that arms of the same statement write."""
    lists = lists_of(entity, lines)
    columns = [*_shown(alias, entity, SYSTEM_COLUMNS), *list_columns(entity, alias, lists, written)]
    for index, rows in enumerate(lines):
        key = rows.key.partition(".")[2]
        source = f"l{index}" if touched is None or rows in touched else table_name(rows)
        row = ", ".join([*_shown("y", rows, ("id",)), *list_columns(rows, "y", lists, written)])
        listed = f"SELECT {row} FROM {source} AS y{list_joins(rows, 'y', written)} WHERE y.parent = {alias}.id ORDER BY y.position"
        columns.append(f"coalesce((SELECT json_agg(row_to_json(_z)) FROM ({listed}) AS _z), '[]'::json) AS {quoted(key)}")
    return f"(SELECT row_to_json(_q) FROM (SELECT {', '.join(columns)}) AS _q)"


def history_arm(entity: Entity, action: str, revision: str, changes: str, source: str) -> str:
    """Return the arm that keeps what was changed, for each record of another arm."""
    return (
        "h AS (INSERT INTO dougong.history (app, entity, record_id, revision, action, actor, channel, change_set, at, changes)"
        f" SELECT $1, '{entity.key}', {source}.id, {revision}, '{action}', $4::uuid, $5::text, $6::uuid, $3::timestamptz,"
        f" {changes} FROM {source})"
    )


def _key(parameters: Parameters, record: str, source: str) -> str:
    """Return the arm that keeps what a request with an idempotency key came to."""
    key, digest = parameters.next("text"), parameters.next("bytea")
    return (
        "k AS (INSERT INTO dougong.idempotency (actor, key, request_hash, change_set, answer)"
        f" SELECT $4, {key}, {digest}, $6, json_agg({record})::text FROM {source})"
    )


def outbox_arm(entity: Entity, source: str) -> str:
    """Return the arm that tells on that the records of another arm have changed, if there are any."""
    payload = f"json_build_object('entity', '{entity.key}', 'ids', json_agg({source}.id))"
    return f"o AS (INSERT INTO dougong.outbox (kind, app, change_set, payload) SELECT 'records-changed', $1, $6, {payload} FROM {source} HAVING count(*) > 0)"
