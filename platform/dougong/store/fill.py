"""Two versions of an app in, the fills out that give the records there are what fields come to under the new one, in their order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from uuid import UUID

from sqlalchemy.dialects.postgresql import asyncpg

from dougong.model.app_model import AppModel
from dougong.model.paths import Paths
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site
from dougong.store.columns import Physical
from dougong.store.convert import conversion
from dougong.store.fill_by_record import RecordFill, fill_by_record, fill_some
from dougong.store.names import quoted, table_name
from dougong.store.read import moment
from dougong.store.recompute import recompute
from dougong.store.save import Executor
from dougong.store.statement import Statement, compile_statement
from engines.entity.entity import Entity, Field
from engines.expression.sql_context import NotPushable

Place = tuple[str, str]
"""Entity key and field key."""


@dataclass(frozen=True, slots=True)
class Fill:
    """What gives some fields of an entity their values. places: the fields. reads: the fields that these are computed from.

    sets: of columns that are filled from others of their own record: the column, its new value, and of which records it is due.
    Without them the formulas are computed; is_by_record: by the server, for PostgreSQL cannot.
    Records in the trash are filled too, for they may come back. Revisions stay: nobody has changed the records.
    """

    model: AppModel
    entity: Entity
    fields: tuple[Field, ...]
    sets: tuple[tuple[str, str, str], ...] = ()
    reads: frozenset[Place] = frozenset()
    is_by_record: bool = False
    compiled: list[Statement] = field(default_factory=list, compare=False)

    @property
    def places(self) -> frozenset[Place]:
        """The fields it fills."""
        return frozenset((self.entity.key, one.key) for one in self.fields)

    def written(self, site: Site) -> str:
        """Return the step for all records as SQL, its constants in it; what is no statement is a comment."""
        if self.is_by_record:
            return "\n".join(str(RecordFill(self.model, self.entity, one)) for one in self.fields)
        if self.sets:
            return self._set(" OR ".join(is_due for *_, is_due in self.sets))
        dialect = asyncpg.dialect()  # type: ignore[no-untyped-call]
        made = recompute(site, self.model, self.entity, self.fields, False)
        return str(made.compile(dialect=dialect, compile_kwargs={"literal_binds": True}))

    async def fill_all(self, executor: Executor, site: Site) -> None:
        """Fill all records at once, in the transaction of the caller."""
        if self.is_by_record:
            for one in self.fields:
                await fill_by_record(executor, site, RecordFill(self.model, self.entity, one))
        else:
            await executor.fetch(self.written(site))

    async def fill_some(self, executor: Executor, site: Site, ids: Sequence[UUID]) -> set[UUID]:
        """Fill some records and return the ids of those that differ now."""
        if self.is_by_record:
            return {row["id"] for one in self.fields for row in await fill_some(executor, site, RecordFill(self.model, self.entity, one), ids)}
        if self.sets:
            due = " OR ".join(is_due for *_, is_due in self.sets)
            rows = await executor.fetch(f"{self._set(f'id = ANY($1::uuid[]) AND ({due})')} RETURNING id", list(ids))
        else:
            if not self.compiled:
                made = recompute(site, self.model, self.entity, self.fields, True)
                self.compiled.append(compile_statement(made.returning(made.table.c.id)))
            (statement,) = self.compiled
            rows = await executor.fetch(statement.sql, *statement.arguments(moment(site, SYSTEM) | {"ids": list(ids)}))
        return {row["id"] for row in rows}

    def _set(self, where: str) -> str:
        sets = (
            f"{quoted(column)} = {value if len(self.sets) == 1 else f'CASE WHEN {is_due} THEN {value} ELSE {quoted(column)} END'}"
            for column, value, is_due in self.sets
        )
        return f"UPDATE {table_name(self.entity)} SET {', '.join(sets)} WHERE {where}"


def fills_of(site: Site, before: AppModel | None, after: AppModel, physical: Physical, since: datetime | None) -> tuple[Fill, ...]:
    """Return what has to be filled: first what is taken over from other columns, then computed fields in the order they are computed.

    physical: the tables from before the publish; a table that is new holds nothing. since: when the version in use was published.
    """
    fills: list[Fill] = []
    for entity in after.entities.values():
        if entity.table in physical:
            fills += _started(before, entity, after)
            fills += _taken_over(site, before, entity, after, physical, since)
    paths = Paths(after.app, dict(after.entities), after.organization)
    for entity, one in stale_fields(before, after):
        if entity.table in physical:
            assert one.formula is not None
            reads = frozenset(place for path in one.formula.reads for place in places_of(paths, entity, path))
            fills.append(Fill(after, entity, (one,), (), reads, not _is_pushable(site, after, entity, one)))
    return tuple(fills)


def together(fills: Sequence[Fill]) -> tuple[Fill, ...]:
    """Return fewer fills that come to the same: neighbours of one entity in one go where none reads another."""
    joined: list[Fill] = []
    for fill in fills:
        last = joined[-1] if joined else None
        if (
            last is not None and last.entity is fill.entity and bool(last.sets) == bool(fill.sets)
            and not fill.is_by_record and not last.is_by_record and not fill.reads & last.places
        ):  # fmt: skip
            joined[-1] = Fill(fill.model, fill.entity, (*last.fields, *fill.fields), (*last.sets, *fill.sets), last.reads | fill.reads)
        else:
            joined.append(fill)
    return tuple(joined)


def _is_pushable(site: Site, model: AppModel, entity: Entity, one: Field) -> bool:
    try:
        recompute(site, model, entity, [one], False)
    except NotPushable:
        return False
    return True


def _started(before: AppModel | None, entity: Entity, model: AppModel) -> Iterator[Fill]:
    """Give the fill of the first state of an entity that gets states, or another column for them: its records are in none yet."""
    states = entity.states
    if states is None:
        return
    former, state = _former(before, entity.key, states.key), entity.fields[states.key]
    if former is None or former.column != state.column or former.default != state.default:
        column = state.column or ""
        yield Fill(model, entity, (state,), ((column, f"'{states.start}'", f"{quoted(column)} IS NULL"),))


def _taken_over(
    site: Site, before: AppModel | None, entity: Entity, model: AppModel, physical: Physical, since: datetime | None
) -> Iterator[Fill]:
    """Give a fill for each field that goes on in another column and whose values can go there too."""
    for one in entity.stored_fields:
        former = _former(before, entity.key, one.key)
        if former is None or former.column is None or former.column == one.column or one.formula is not None:
            continue
        assert one.column is not None
        if former.formula is not None:
            # What was computed is what people begin with; where they had written something before, that is there again.
            if one.column not in physical[entity.table] and former.kind.column_type == one.kind.column_type:
                old = quoted(former.column)
                yield Fill(model, entity, (one,), ((one.column, old, f"{quoted(one.column)} IS DISTINCT FROM {old}"),))
            continue
        rule = conversion(former, one, str(site.zone))
        if rule is not None:
            yield Fill(model, entity, (one,), ((one.column, rule.forth, rule.is_due(_is_changed(entity, since))),))


def _is_changed(entity: Entity, since: datetime | None) -> str:
    """Return which records of a table were saved after a time, rows with the record that owns them, as SQL over the table."""
    if since is None:
        return "false"
    if entity.parent is None:
        return f"updated_at > '{since.isoformat()}'"
    return f"(SELECT o.updated_at FROM {quoted(entity.schema, entity.parent)} AS o WHERE o.id = parent) > '{since.isoformat()}'"


def stale_fields(before: AppModel | None, after: AppModel) -> Iterator[tuple[Entity, Field]]:
    """Give computed fields that are new or compute otherwise, and those that read one of them or another column."""
    changed = {
        (entity.key, field.key)
        for entity in after.entities.values()
        for field in entity.fields.values()
        if _signature(field) != _signature(_former(before, entity.key, field.key))
    }
    paths = Paths(after.app, dict(after.entities), after.organization)
    for entity_key, key in after.graph.order:
        entity = after.entities[entity_key]
        field = entity.fields[key]
        assert field.formula is not None
        if (entity_key, key) in changed or any(places_of(paths, entity, p) & changed for p in field.formula.reads):
            changed.add((entity_key, key))
            yield entity, field


def _former(before: AppModel | None, entity_key: str, field_key: str) -> Field | None:
    entity = None if before is None else before.entities.get(entity_key)
    return None if entity is None else entity.fields.get(field_key)


def _signature(field: Field | None) -> tuple[object, ...] | None:
    """Return what the saved values of a field depend on, beside what its formula reads."""
    if field is None:
        return None
    if field.formula is None:
        return (field.column,)
    return field.column, field.error_column, field.formula.tree, field.scale, field.max_length


def places_of(paths: Paths, entity: Entity, path: tuple[str, ...]) -> set[Place]:
    """Return the fields a path of a stored formula goes through."""
    return {(step.source, key) for step in paths.steps(entity, path) for key in step.fields}
