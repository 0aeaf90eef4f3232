"""Which records are changed while a publish fills columns: triggers that write them down, and what they have written, taken in turn."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.store.columns import Physical
from dougong.store.names import quoted, table_name
from dougong.store.recompute import column_of
from dougong.store.save import Executor
from engines.entity.entity import FILES, Entity
from engines.entity.graph import Node

MOST_AT_ONCE = 2_000
FILLING = "SELECT set_config('dougong.is_filling', 'on', true)"
"""What a publish writes itself is not written down: it knows what follows it."""

_EVENTS = {
    "INSERT": "REFERENCING NEW TABLE AS rows_after",
    "UPDATE": "REFERENCING OLD TABLE AS rows_before NEW TABLE AS rows_after",
    "DELETE": "REFERENCING OLD TABLE AS rows_before",
}
_TRIGGERS = """
    SELECT t.tgname AS name, t.tgrelid::regclass::text AS of FROM pg_trigger t WHERE NOT t.tgisinternal AND t.tgname LIKE $1 ORDER BY 2, 1"""
_TAKE = """
    DELETE FROM dougong.touched WHERE number IN (SELECT number FROM dougong.touched WHERE app = $1 ORDER BY number LIMIT $2)
    RETURNING entity, record"""


@dataclass(frozen=True, slots=True)
class Watch:
    """A table to be watched. name: by which the app knows its entity. refs: columns and the entities they lead to."""

    entity: Entity
    name: str
    refs: tuple[tuple[str, str], ...]


def watches(model: AppModel, filled: Iterable[Node], physical: Physical) -> tuple[Watch, ...]:
    """Return the tables whose changes are of consequence for fields that are being filled, as far as they are there already."""
    nodes = set(filled)
    names = {name for entity, _ in nodes for name in _together(model, entity)}
    refs: dict[str, set[tuple[str, str]]] = {}
    for source, links in model.graph.links.items():
        for link in links:
            if link.target in nodes and source != FILES:
                names.add(source)
                names |= {hop.start for hop in link.way if hop.start != FILES}
                for hop in link.way:
                    if hop.kind in ("target", "owner"):
                        column = "parent" if hop.kind == "owner" else column_of(model.entity(hop.start), hop.field or "")
                        refs.setdefault(hop.start, set()).add((column, hop.end))
    for name in names:
        entity = model.entity(name)
        if entity.parent is not None and entity.app == model.app:
            refs.setdefault(name, set()).add(("parent", entity.parent))
    found = [Watch(model.entity(name), name, tuple(sorted(refs.get(name, ())))) for name in sorted(names)]
    return tuple(watch for watch in found if watch.entity.app != model.app or watch.entity.table in physical)


def _together(model: AppModel, entity: str) -> Iterator[str]:
    """Give the entity that owns rows, and the entities of all its rows: what one of them computes may read any other."""
    owner = model.entities[entity].parent or entity
    yield owner
    yield from (field.lines for field in model.entities[owner].line_fields if field.lines is not None)


def watch_statements(app: str, watched: Iterable[Watch]) -> tuple[str, ...]:
    """Return the statements that make the triggers."""
    statements = []
    for watch in watched:
        arguments = ", ".join(f"'{part}'" for part in (app, watch.name, *(part for ref in watch.refs for part in ref)))
        for event, tables in _EVENTS.items():
            name = quoted(f"{_prefix(app)}{event.lower()}")
            statements.append(
                f"CREATE TRIGGER {name} AFTER {event} ON {table_name(watch.entity)} {tables} FOR EACH STATEMENT EXECUTE FUNCTION dougong.touch({arguments})"
            )
    return tuple(statements)


async def unwatch_statements(executor: Executor, app: str) -> tuple[str, ...]:
    """Return the statements that take away every trigger an app's publish has made."""
    rows = await executor.fetch(_TRIGGERS, _prefix(app).replace("_", r"\_") + "%")
    return tuple(f"DROP TRIGGER {quoted(row['name'])} ON {row['of']}" for row in rows)


def _prefix(app: str) -> str:
    return f"dougong_touch_{app}__"


async def take_touched(executor: Executor, app: str) -> Mapping[str, set[UUID]]:
    """Return records that were changed, by entity, and forget them with the transaction; none when there are no more."""
    found: dict[str, set[UUID]] = {}
    for row in await executor.fetch(_TAKE, app, MOST_AT_ONCE):
        found.setdefault(row["entity"], set()).add(row["record"])
    return found


async def forget_touched(executor: Executor, app: str) -> None:
    """Forget all there are of an app."""
    await executor.fetch("DELETE FROM dougong.touched WHERE app = $1", app)
