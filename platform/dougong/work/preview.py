"""What a record would be if a change were saved now: the change in, its computed values as JSON out; nothing is saved or judged."""

from collections.abc import Mapping
from typing import Any

import orjson

from dougong.model.app_model import AppModel
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.save import Values
from dougong.work.changes import entity_access, read_merged
from dougong.work.circumstances import context_of
from dougong.work.inputs import read_inputs
from dougong.work.lookup import Sent, look
from dougong.work.moving import moved
from dougong.work.perform import change_set_of
from dougong.work.request import Create, Request, Update
from dougong.work.unit import Unit
from engines.entity.compute import kept
from engines.entity.entity import Entity, Field
from engines.entity.field_json import field_to_json


async def preview(site: Site, model: AppModel, actor: Actor, change: Create | Update) -> bytes:
    """Return the record by field, defaults, copies and computed fields filled in."""
    async with site.pool.acquire() as connection:
        unit = Unit(
            connection, site, model, actor, change_set_of(site, Request(model.app, actor, (change,), "preview")), False,
            await site.calendar(connection),
        )  # fmt: skip
        access = entity_access(unit, change)
        plan = model.plans[change.entity]
        sent = read_inputs(model, (change,), None)[0]
        before: Values | None = None
        if isinstance(change, Update):
            (before,), (sent,) = await read_merged(unit, access, (change,), (sent,))
            sent = {key: value for key, value in sent.items() if key not in ("id", "revision")}
        looked = await look(unit, plan, [Sent(before, sent)])
        context = await context_of(unit, plan)
        found = await moved(unit, plan, before, sent, None, looked.found, context)
        record = kept(plan, found.record)
    return orjson.dumps(_shown(plan.entity.fields, record, plan.lines))


def _shown(fields: Mapping[str, Field], record: Values, lines: Mapping[str, Entity]) -> dict[str, Any]:
    shown: dict[str, Any] = {}
    for key, field in fields.items():
        if key in lines:
            shown[key] = [_shown(lines[key].fields, row, {}) | {"id": str(row["id"])} for row in record[key]]
        else:
            shown[key] = field_to_json(field, record.get(key))
            if field.error_column is not None:
                shown[f"{key}__error"] = record[f"{key}__error"]
    return shown
