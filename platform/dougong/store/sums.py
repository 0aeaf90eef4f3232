"""An app in; the sums of ledgers that are not what their entries add up to out; and such sums written.

All sums of an entity are looked through in one statement, which sees them and the entries at one moment. Whoever puts them right
locks the records that keep them first, and adds up in a second statement.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from sqlalchemy import ColumnElement, Select, and_, func, literal, or_, select, union_all
from sqlalchemy.dialects.postgresql import NUMERIC

from dougong.model.app_model import AppModel
from dougong.permissions.actor import SYSTEM
from dougong.sites import Site
from dougong.store.names import quoted, table_name
from dougong.store.read import moment, sources, sql_context
from dougong.store.save import Executor
from dougong.store.statement import compile_statement
from engines.dataset.rows import Rows
from engines.entity.entity import Entity
from engines.entity.projection import Projection


@dataclass(frozen=True, slots=True)
class WrongSum:
    """A record that keeps sums, None where it is missing: what tells it, what it keeps, and what the entries add up to, by field."""

    entity: str
    id: UUID | None
    key: tuple[tuple[str, Any], ...]
    saved: tuple[tuple[str, Any], ...]
    computed: tuple[tuple[str, Any], ...]


async def wrong_sums(executor: Executor, site: Site, model: AppModel) -> list[WrongSum]:
    """Return every record of the app whose sums are wrong; there must be none."""
    found: list[WrongSum] = []
    for target, projections in _targets(model):
        found += await _wrong(executor, site, model, target, projections)
    return found


async def lock_sums(executor: Executor, model: AppModel) -> None:
    """Lock every record of the app that keeps sums, as whoever enters does, so that sums found wrong after it stay so."""
    for target, _ in _targets(model):
        await executor.fetch(f"SELECT FROM {table_name(target)} ORDER BY id FOR NO KEY UPDATE")


async def write_sums(executor: Executor, model: AppModel, wrong: WrongSum) -> None:
    """Give a record that is there the sums its entries add up to; the caller has it locked, and tells history."""
    target = model.entities[wrong.entity]
    sets = ", ".join(f"{quoted(target.fields[name].column or '')} = ${place}" for place, (name, _) in enumerate(wrong.computed, 2))
    await executor.fetch(f"UPDATE {table_name(target)} SET {sets} WHERE id = $1", wrong.id, *(value for _, value in wrong.computed))


def _targets(model: AppModel) -> list[tuple[Entity, list[tuple[str, Projection]]]]:
    found: dict[str, list[tuple[str, Projection]]] = {}
    for ledger, projections in model.projections.items():
        for projection in projections:
            found.setdefault(projection.to, []).append((ledger, projection))
    return [(entity, found[key]) for key, entity in model.entities.items() if key in found]


async def _wrong(
    executor: Executor, site: Site, model: AppModel, target: Entity, projections: Sequence[tuple[str, Projection]]
) -> list[WrongSum]:
    keys = sorted(projections[0][1].by)
    added = sorted({name for _, projection in projections for name in projection.add})
    parts = [_contributions(site, model, target, ledger, projection, keys, added) for ledger, projection in projections]
    entries = union_all(*parts).subquery("e")
    sums = select(*(entries.c[key] for key in keys), *(func.sum(entries.c[name]).label(name) for name in added))
    of = sums.group_by(*(entries.c[key] for key in keys)).subquery("s")
    there = Rows(target, sources(site, model, SYSTEM), sql_context(site), "r")
    kept = (
        select(there.root.c.id, *(there.column((name,)).label(name) for name in (*keys, *added))).where(there.root.c.deleted_at.is_(None)).subquery("t")
    )
    on = and_(*(of.c[key] == kept.c[key] for key in keys))
    differs = or_(*(func.coalesce(of.c[name], 0) != func.coalesce(kept.c[name], 0) for name in added))
    shown: list[ColumnElement[Any]] = [kept.c.id.label("__id")]
    shown += [func.coalesce(of.c[key], kept.c[key]).label(key) for key in keys]
    for name in added:
        shown += [kept.c[name].label(f"{name}__saved"), func.coalesce(of.c[name], 0).label(f"{name}__computed")]
    statement = compile_statement(select(*shown).select_from(of.join(kept, on, full=True)).where(differs))
    rows = await executor.fetch(statement.sql, *statement.arguments(moment(site, SYSTEM)))
    return [
        WrongSum(
            target.key, row["__id"], tuple((key, row[key]) for key in keys),
            tuple((name, row[f"{name}__saved"]) for name in added), tuple((name, row[f"{name}__computed"]) for name in added),
        )
        for row in rows
    ]  # fmt: skip


def _contributions(
    site: Site, model: AppModel, target: Entity, ledger: str, projection: Projection, keys: Sequence[str], added: Sequence[str]
) -> Select[Any]:
    """Return what entries of a ledger, or their rows, add: a column for each field of the key and each that is added to."""
    source = model.entities[ledger if projection.rows is None else f"{ledger}.{projection.rows}"]
    rows = Rows(source, sources(site, model, SYSTEM), sql_context(site))
    columns: list[ColumnElement[Any]] = [rows.computed(projection.by[key].tree).label(key) for key in keys]
    for name in added:
        formula = projection.add.get(name)
        amount: ColumnElement[Any] = literal(0, NUMERIC())
        if formula is not None:
            amount = func.round(func.coalesce(rows.computed(formula.tree), 0), target.fields[name].scale or 0)
        columns.append(amount.label(name))
    return select(*columns).select_from(rows.source)
