"""What a record would be if a change were saved now: the change in, its computed values as JSON out; nothing is saved or judged."""

from collections.abc import Callable, Mapping
from typing import Any

import orjson

from dougong.model.app_model import AppModel
from dougong.permissions.access import access_for, seen_by
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.save import Values
from dougong.work.as_seen import is_readable
from dougong.work.changes import entity_access, read_merged
from dougong.work.circumstances import context_of
from dougong.work.inputs import read_inputs
from dougong.work.lookup import Sent, look
from dougong.work.moving import moved
from dougong.work.perform import change_set_of
from dougong.work.request import Create, Request, Update
from dougong.work.unit import Unit
from engines.entity.compute import kept
from engines.entity.entity import SYSTEM_TYPES, Copy, Entity, Field
from engines.entity.field_json import field_to_json
from engines.entity.shown import value_shown


async def preview(site: Site, model: AppModel, actor: Actor, change: Create | Update) -> bytes:
    """Return the record by field, defaults, copies and computed fields filled in."""
    async with site.pool.acquire() as connection:
        unit = Unit(
            connection, site, model, actor, change_set_of(site, Request(model.app, actor, (change,), "preview")), False,
            await site.calendar(connection),
        )  # fmt: skip
        access = entity_access(unit, change)
        plan = model.plans[change.entity]
        sent = read_inputs(access.inputs, (change,), None)[0]
        before: Values | None = None
        if isinstance(change, Update):
            (before,), (sent,) = await read_merged(unit, access, (change,), (sent,), None)
            sent = {key: value for key, value in sent.items() if key not in ("id", "revision")}
        looked = await look(unit, plan, [Sent(before, sent)])
        context = await context_of(unit, plan)
        found = await moved(unit, access, plan, before, sent, None, looked.found, context)
        record = kept(plan, found.record)
        is_shown = not isinstance(change, Update) or await is_readable(connection, site, model, actor, change.entity, change.id)
    seen = seen_by(site, model, actor)

    def is_known(field: Field) -> bool:
        """Whether what a value is copied from may be read."""
        return field.copy is None or field.copy.source in SYSTEM_TYPES or _may_copy(site, model, actor, field.copy)

    # Whoever may change a record and not read it is told what they sent and nothing that is there.
    fields = access.seen.fields if is_shown else {key: field for key, field in access.seen.fields.items() if key in sent and field.lines is None}
    return orjson.dumps(_shown(fields, record, {key: seen.entities[rows.key] for key, rows in plan.lines.items()}, is_known))


def _may_copy(site: Site, model: AppModel, actor: Actor, copy: Copy) -> bool:
    source = access_for(site, model, actor, copy.to)
    field = source.seen.fields.get(copy.source)
    return source.allows("read") and field is not None and field.shown_when is None and not field.is_masked



def _shown(fields: Mapping[str, Field], record: Values, lines: Mapping[str, Entity], is_known: Callable[[Field], bool]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for key, field in fields.items():
        if key in lines:
            shown[key] = [_shown(lines[key].fields, row, {}, is_known) | {"id": str(row["id"])} for row in record[key]]
        else:
            # What is computed from what they may not read they are not shown while they type.
            is_told = not (field.discloses and field.is_far) and is_known(field)
            shown[key] = value_shown(field, field_to_json(field, record.get(key))) if is_told else None
            if field.error_column is not None:
                shown[f"{key}__error"] = record[f"{key}__error"]
    return shown
