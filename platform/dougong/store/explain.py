"""A computed field of a record in; how its value comes about out: the formula in words, what it reads, and the records it adds up.

Everything is told as far as the actor may read it; of records they may not, only how many there are.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

import orjson
from sqlalchemy import bindparam, func, literal_column, null, select, true
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID

from dougong.model.app_model import AppModel
from dougong.model.expression_words import expression_words, path_words
from dougong.model.known_paths import known_paths
from dougong.model.paths import Paths, PathStep
from dougong.permissions.access import seen_by
from dougong.permissions.actor import SYSTEM, Actor
from dougong.sites import Site
from dougong.store.errors import FieldNotComputed
from dougong.store.read import actor_context, moment, read_record, sources
from dougong.store.statement import compile_statement
from engines.dataset.rows import Rows
from engines.entity.entity import Entity
from engines.expression.sql import SqlCompiler
from engines.expression.sql_context import NotPushable
from engines.expression.sql_list_source import ordering
from engines.expression.tree import TypedCall, TypedPath, TypedTree
from engines.values.json_values import value_to_json
from engines.values.value_types import list_of, record_of

MOST_RECORDS = 50
UNKNOWN_WORDS = {"zh-CN": "取决于您不能查看的内容", "en": "depends on what you may not read"}
"""What stands for an expression that names what somebody may not know of."""
Json = dict[str, Any]
Keys = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Look:
    """Whose eyes a record is seen through, and which record."""

    site: Site
    model: AppModel
    entity: Entity
    record_id: UUID

    def rows(self, actor: Actor) -> Rows:
        """Return the record's rows for a query of somebody's."""
        return Rows(self.entity, sources(self.site, self.model, actor), actor_context(self.site, self.model, actor))

    async def fetch(self, actor: Actor, rows: Rows, columns: Sequence[Any], beside: Any = None) -> list[Any]:  # noqa: ANN401 – a part of a query
        """Return columns of the record, or of each row of what is beside it, for whom the query was made."""
        source = rows.source if beside is None else rows.source.join(beside, true())
        made = select(*columns).select_from(source).where(rows.root.c.id == bindparam("record", type_=SQL_UUID()))
        statement = compile_statement(made)
        values = moment(self.site, actor) | {"record": self.record_id}
        return list(await self.site.pool.fetch(statement.sql, *statement.arguments(values)))


async def explain(site: Site, model: AppModel, actor: Actor, entity_key: str, record_id: UUID, field_key: str) -> Json:
    """Return how a computed value comes about; raises RecordNotFound, FieldNotComputed, and what reading a record raises."""
    record = orjson.loads(await read_record(site, model, actor, entity_key, record_id))
    seen = seen_by(site, model, actor)
    entity = seen.entity(entity_key)
    field = entity.fields.get(field_key)
    if field is None or field.formula is None:
        raise FieldNotComputed(field=field_key)
    if not known_paths(seen, entity)(field.formula):
        # It names what the actor may not know of, which is no more told here than with the app.
        return {
            "field": field.key, "name": field.name, "formula": "", "words": UNKNOWN_WORDS,
            "value": record.get(field.key), "error": record.get(f"{field.key}__error"), "inputs": [], "lists": [],
        }  # fmt: skip
    reader = Look(site, model, entity, record_id)
    paths = Paths(model.app, dict(model.entities), model.organization)
    reached = {path: tuple(paths.steps(entity, path)) for path in sorted(field.formula.reads) if not path[0].startswith("@")}
    inputs = [await explain_input(reader, paths, actor, record, path, steps) for path, steps in reached.items() if not _is_of_list(steps)]
    lists = [await _list(reader, paths, actor, node, reached) for node in _lists(field.formula.tree)]
    return {
        "field": field.key, "name": field.name, "formula": field.formula.text, "words": expression_words(model, entity, field.formula.text),
        "value": record.get(field.key), "error": record.get(f"{field.key}__error"), "inputs": inputs, "lists": lists,
    }  # fmt: skip


def _is_of_list(steps: Sequence[PathStep]) -> bool:
    return any(step.kind in ("list", "members") for step in steps)


async def explain_input(reader: Look, paths: Paths, actor: Actor, record: Json, path: Keys, steps: Sequence[PathStep]) -> Json:
    """Return a value the formula reads of the record itself or of one it leads to. hidden: there is one that the actor may not read."""
    told: Json = {"path": list(path), "name": path_words(paths, reader.entity, path), "value": None, "record": None, "hidden": False}
    if len(path) == 1:
        return told | {"value": record.get(path[0]), "title": record.get(f"{path[0]}__title")}
    end = next((paths.entity(step.end) for step in reversed(steps) if step.end is not None), None)
    assert end is not None
    seen, known = reader.rows(actor), reader.rows(SYSTEM)
    columns = (seen.value(path), seen.column((*path[:-1], "id")), seen.column((*path[:-1], end.title)))
    (row,) = await reader.fetch(actor, seen, [column.label(f"c{place}") for place, column in enumerate(columns)])
    (there,) = await reader.fetch(SYSTEM, known, [known.column((*path[:-1], "id")).label("id")])
    if row["c1"] is None:
        return told | {"hidden": there["id"] is not None}
    shown = {"entity": paths.name(end), "id": str(row["c1"]), "title": row["c2"]}
    return told | {"value": value_to_json(row["c0"]), "record": shown}


def _lists(tree: TypedTree) -> Iterator[TypedTree]:
    """Give the widest lists of records in a tree: with their filters, without what is computed of each."""
    waiting = [tree]
    while waiting:
        node = waiting.pop(0)
        if isinstance(node, TypedPath) and node.many and node.row == 0:
            yield TypedPath(node.names[: node.many], list_of(record_of(None)), node.span, 0, node.many)
        elif isinstance(node, TypedCall) and node.name == "filter" and node.type.of is not None and node.type.of.name == "record":
            yield node
        elif isinstance(node, TypedCall):
            waiting += node.args


async def _list(reader: Look, paths: Paths, actor: Actor, node: TypedTree, reached: Mapping[Keys, Sequence[PathStep]]) -> Json:
    """Return the records of a list that are behind a value: the first of those that may be read, how many there are, how many are hidden."""
    start = next(_paths(node))
    prefix = start.names[: start.many]
    steps = tuple(paths.steps(reader.entity, (*prefix, "id")))
    of = next(paths.entity(step.end) for step in reversed(steps) if step.end is not None)
    assert of is not None
    keys = sorted({path[len(prefix)] for path in reached if path[: len(prefix)] == prefix and len(path) == len(prefix) + 1} & of.fields.keys())
    told: Json = {"path": list(prefix), "name": path_words(paths, reader.entity, prefix), "entity": paths.name(of), "columns": [
        {"key": key, "name": of.fields[key].name} for key in keys if of.fields[key].column is not None
    ]}  # fmt: skip
    try:
        rows, whole = await _rows(reader, actor, node, of, keys), await _rows(reader, SYSTEM, node, of, [])
    except NotPushable:
        return told | {"count": None, "hidden": 0, "records": []}
    count, all_of_them = (found[0]["count"] if found else 0 for found in (rows, whole))
    shown = [
        {"id": str(row["id"]), "owner": None if row["owner"] is None else str(row["owner"]), "title": value_to_json(row["title"]),
         "values": {key: value_to_json(row[f"v_{key}"]) for key in keys if of.fields[key].column is not None}}
        for row in rows
    ]  # fmt: skip
    return told | {"count": count, "hidden": all_of_them - count, "records": shown}


def _paths(node: TypedTree) -> Iterator[TypedPath]:
    if isinstance(node, TypedPath):
        yield node
    elif isinstance(node, TypedCall):
        for arg in node.args:
            yield from _paths(arg)


async def _rows(reader: Look, actor: Actor, node: TypedTree, of: Entity, keys: Sequence[str]) -> list[Any]:
    rows = reader.rows(actor)
    compiler = SqlCompiler(rows.value, rows.scope)
    source = compiler.source(node)
    assert source.level is not None
    column = source.level.column
    shown = [
        column(("id",)).label("id"), column((of.title,)).label("title"), (null() if of.parent is None else column(("parent",))).label("owner"),
        func.count(literal_column("1")).over().label("count"),
        *(column((key,)).label(f"v_{key}") for key in keys if of.fields[key].column is not None),
    ]  # fmt: skip
    found = source.rows(*shown).order_by(*ordering(source.order)).limit(MOST_RECORDS).lateral("behind")
    return await reader.fetch(actor, rows, list(found.c), found)
