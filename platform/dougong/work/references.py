"""Whether records may go to the trash: live records that point to them refuse it."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from uuid import UUID

from dougong.errors import PlatformError
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.sites import Site
from dougong.store.errors import RecordReferenced
from dougong.store.names import link_table, quoted, table_name
from dougong.store.save import Executor
from dougong.work.refusals import refuse
from engines.entity.entity import Entity, Field


async def refuse_referenced(
    executor: Executor, site: Site, model: AppModel, entity: Entity, ids: Sequence[UUID]
) -> None:
    """Refuse those of these to which records outside the trash point; other apps point to the organization alone.

    Raises RecordReferenced, AppBroken where an app cannot be asked because it does not run.
    """
    keys = await site.app_keys(executor) if model.app == ORGANIZATION else ()
    refused: dict[UUID, PlatformError] = {}
    for app in [await site.app(key, executor) for key in keys] or [model]:
        for pointing, field in _pointing(app, entity):
            for target, count in await executor.fetch(_count_sql(app, pointing, field), list(ids)):
                owner = app.entities[pointing.parent] if pointing.parent is not None else pointing
                reason = RecordReferenced(count=count, entity_zh=_label(owner, "zh-CN"), entity_en=_label(owner, "en"))
                refused.setdefault(target, reason)
    refuse({place: refused[one] for place, one in enumerate(ids) if one in refused}, len(ids))


def _pointing(app: AppModel, entity: Entity) -> Iterator[tuple[Entity, Field]]:
    for other in app.entities.values():
        for field in (*other.reference_fields, *other.link_fields):
            if field.target is not None and app.entity(field.target).full_key == entity.full_key:
                yield other, field
        for field in other.any_fields:
            for to in field.any_of:
                if app.entity(to).full_key == entity.full_key:
                    yield other, replace(field, to=to)


def _count_sql(app: AppModel, pointing: Entity, field: Field) -> str:
    """Return the statement that counts by target; of a reference to any `to` tells which of its entities is asked for."""
    if field.link_table is not None:
        return _count_links_sql(app, pointing, field)
    column = quoted(field.column or "")
    of_it = f" AND {quoted(field.entity_column)} = '{field.to}'" if field.entity_column is not None else ""
    if pointing.parent is None:
        # A record that points to one that goes with it is no reason to keep that one.
        return (
            f"SELECT {column} AS target, count(*) FROM {table_name(pointing)}"
            f" WHERE {column} = ANY($1::uuid[]){of_it} AND deleted_at IS NULL AND id <> ALL($1) GROUP BY 1"
        )
    owner = app.entities[pointing.parent]
    return (
        f"SELECT p.{column} AS target, count(DISTINCT o.id) FROM {table_name(pointing)} AS p JOIN {table_name(owner)} AS o ON o.id = p.parent"
        f" WHERE p.{column} = ANY($1::uuid[]){of_it} AND o.deleted_at IS NULL AND o.id <> ALL($1) GROUP BY 1"
    )


def _count_links_sql(app: AppModel, pointing: Entity, field: Field) -> str:
    owner = pointing if pointing.parent is None else app.entities[pointing.parent]
    rows = "" if pointing.parent is None else f" JOIN {table_name(pointing)} AS p ON p.id = k.record"
    record = "k.record" if pointing.parent is None else "p.parent"
    return (
        f"SELECT k.target, count(DISTINCT o.id) FROM {link_table(pointing, field)} AS k{rows} JOIN {table_name(owner)} AS o ON o.id = {record}"
        " WHERE k.target = ANY($1::uuid[]) AND o.deleted_at IS NULL AND o.id <> ALL($1) GROUP BY 1"
    )


def _label(entity: Entity, language: str) -> str:
    return entity.name.get(language) or next(iter(entity.name.values()))
