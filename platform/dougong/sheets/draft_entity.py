"""A new entity of a sheet that was uploaded: an import and a name in, the draft of the app with the entity in it out."""

from collections.abc import Mapping, Sequence
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from sqlalchemy import Text, and_, cast, func, select

from dougong.model.app_model import AppModel
from dougong.permissions.access import Access, access_for
from dougong.permissions.actor import Actor
from dougong.registry.drafts import read_draft, save_draft
from dougong.sheets.guess import headers_of
from dougong.sheets.imports import Import
from dougong.sheets.new_entity import Column, column_of, new_elements
from dougong.sheets.take_in import first_rows
from dougong.sites import Site
from dougong.store.read import actor_context, moment, sources
from dougong.store.statement import compile_statement
from engines.dataset.rows import Rows
from engines.dataset.sql import live

LOOKED_AT = 2000
"""Rows from which kinds are guessed."""
MOST_TITLES = 500


@dataclass(frozen=True, slots=True)
class Drafted:
    """What was added to the draft: keys of the entity and its form, and the revision of the draft."""

    entity: str
    form: str
    revision: int


async def draft_entity(site: Site, model: AppModel, actor: Actor, found: Import, name: str) -> Drafted:
    """Add an entity for a sheet to the draft of the app; raises DraftConflict where somebody else has kept one meanwhile."""
    draft = await read_draft(site, model.app)
    document: dict[str, Any] = deepcopy(dict(draft.document))
    elements = new_elements(name, await _columns(site, model, actor, found), document)
    for part, added in elements.items():
        document.setdefault(part, []).extend(added)
    kept = await save_draft(site, actor, model.app, draft.revision, document)
    return Drafted(elements["entities"][0]["key"], elements["forms"][0]["key"], kept.revision)


async def _columns(site: Site, model: AppModel, actor: Actor, found: Import) -> list[Column]:
    header_row = found.mapping.get("header_row", 0)
    rows = [cells for _, cells in await first_rows(site, found, header_row, LOOKED_AT)]
    header = dict(await first_rows(site, found, max(0, header_row - 1), 1)).get(header_row, [])
    width = max((len(cells) for cells in rows), default=0)
    columns = []
    for at, text in enumerate(headers_of(header, max(width, len(header)))):
        values = [cells[at] for cells in rows if at < len(cells) and cells[at] is not None and not _is_wrong(cells[at])]
        if text or values:
            column = column_of(text, values, len(rows))
            columns.append(column_of(text, values, len(rows), await _entity_of(site, model, actor, column)))
    return columns


def _is_wrong(cell: Any) -> bool:  # noqa: ANN401
    return isinstance(cell, Mapping) and ("e" in cell or "f" in cell)


async def _entity_of(site: Site, model: AppModel, actor: Actor, column: Column) -> str | None:
    """Return the entity of the app whose titles all texts of a column are."""
    texts = list(dict.fromkeys(column.texts))
    if not 2 <= len(texts) <= MOST_TITLES or not all(isinstance(value, str) for value in column.values):
        return None
    for key, entity in model.entities.items():
        is_named = entity.parent is None and _is_titled(access_for(site, model, actor, key))
        if is_named and await _titles_among(site, model, actor, key, texts) == len(texts):
            return key
    return None


def _is_titled(access: Access) -> bool:
    """Whether records of an entity may be read, by titles that are texts."""
    titled = access.seen.fields.get(access.seen.title)
    return access.allows("read") and titled is not None and titled.value_type.name == "text" and not titled.is_masked


async def _titles_among(site: Site, model: AppModel, actor: Actor, key: str, texts: Sequence[str]) -> int:
    seen = sources(site, model, actor)
    entity = seen.entity(key)
    rows = Rows(entity, seen, actor_context(site, model, actor))
    title = cast(rows.column((entity.title,)), Text)
    where = [live(rows), title.in_(texts)]
    readable = seen.readable(key)
    if readable is not None and readable is not False:
        where.append(rows.policy(readable))
    statement = compile_statement(select(func.count(title.distinct())).select_from(rows.source).where(and_(*where)))
    return int(await site.pool.fetchval(statement.sql, *statement.arguments(moment(site, actor))))
