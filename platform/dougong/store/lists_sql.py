"""SQL text of lists kept in tables of links: an entity with its rows in, the arms that write their lists and the columns that show them out."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass

from dougong.store.names import link_table, quoted
from engines.entity.entity import Entity, Field


@dataclass(frozen=True, slots=True)
class ListField:
    """A list of a record, or of each of its rows: `line` is the key of their lines field. name: what its arms begin with."""

    line: str | None
    entity: Entity
    field: Field
    name: str

    @property
    def key(self) -> str:
        """Its key in the record or the row."""
        return self.field.key

    @property
    def table(self) -> str:
        """The quoted name of its table."""
        return link_table(self.entity, self.field)


def lists_of(entity: Entity, lines: Sequence[Entity]) -> tuple[ListField, ...]:
    """Return the lists of an entity and of its rows, each with a name of its own."""
    places = [(None, entity), *((rows.key.partition(".")[2], rows) for rows in lines)]
    found = [(line, owner, field) for line, owner in places for field in owner.link_fields]
    return tuple(ListField(line, owner, field, f"k{at}") for at, (line, owner, field) in enumerate(found))


def insert_arms(lists: Sequence[ListField], next_parameter: Callable[[str], str]) -> list[str]:
    """Return the arms that write the lists of new records; each takes one JSON list of record, target and position."""
    return [arm for one in lists for arm in (_given(one, next_parameter), f"{one.name}w AS ({_insert(one)})", _gathered(one))]


def update_arms(lists: Sequence[ListField], next_parameter: Callable[[str], str]) -> list[str]:
    """Return the arms that change lists; each takes the lists as they will be, and a JSON list of record and target that go.

    What stays is met by the same arm as what is new; what goes is none of both, so that no row is written twice.
    """
    arms: list[str] = []
    for one in lists:
        moved = "ON CONFLICT (record, target) DO UPDATE SET position = EXCLUDED.position WHERE t.position <> EXCLUDED.position"
        arms += [_given(one, next_parameter), f"{one.name}w AS ({_insert(one)} {moved})", _gathered(one)]
        gone = f"json_to_recordset({next_parameter('json')}) AS x(record uuid, target uuid)"
        arms.append(f"{one.name}g AS (DELETE FROM {one.table} AS t USING {gone} WHERE t.record = x.record AND t.target = x.target)")
    return arms


def list_columns(entity: Entity, alias: str, lists: Sequence[ListField], written: Collection[ListField]) -> list[str]:
    """Return the columns of an entity's lists: as they are written by this statement, else as they are in their table."""
    columns = []
    for one in lists:
        if one.entity is entity:
            kept = f"(SELECT json_agg(k.target ORDER BY k.position) FROM {one.table} AS k WHERE k.record = {alias}.id)"
            found = f"{one.name}j.list" if one in written else kept
            columns.append(f"coalesce({found}, '[]'::json) AS {quoted(one.key)}")
    return columns


def list_joins(entity: Entity, alias: str, written: Sequence[ListField]) -> str:
    """Return what is joined for the lists that this statement writes."""
    return "".join(f" LEFT JOIN {one.name}j ON {one.name}j.record = {alias}.id" for one in written if one.entity is entity)


def _given(one: ListField, next_parameter: Callable[[str], str]) -> str:
    columns = "x(record uuid, target uuid, position integer)"
    return f"{one.name}d AS MATERIALIZED (SELECT * FROM json_to_recordset({next_parameter('json')}) AS {columns})"


def _insert(one: ListField) -> str:
    return f"INSERT INTO {one.table} AS t (record, target, position) SELECT record, target, position FROM {one.name}d"


def _gathered(one: ListField) -> str:
    return f"{one.name}j AS MATERIALIZED (SELECT record, json_agg(target ORDER BY position) AS list FROM {one.name}d GROUP BY record)"
