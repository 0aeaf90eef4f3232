"""A mapping and what somebody changed of it in, the new mapping out: where the entity or the header changes, the rest is guessed anew."""

from collections.abc import Mapping
from typing import Any

import orjson

from dougong.model.app_model import AppModel
from dougong.permissions.access import seen_by
from dougong.permissions.actor import Actor
from dougong.sheets.guess import guess_by, guess_columns
from dougong.sheets.imports import Import
from dougong.sheets.take_in import describe, first_rows
from dougong.sites import Site


async def remapped(site: Site, model: AppModel, actor: Actor, found: Import, given: Mapping[str, Any]) -> dict[str, Any]:
    """Return the mapping; the columns are described anew where another row has their headers."""
    mapping = {**found.mapping, **given}
    columns = found.found.get("columns", [])
    is_new_header = mapping["header_row"] != found.mapping.get("header_row")
    if is_new_header:
        header = mapping["header_row"]
        rows = await first_rows(site, found, max(0, header - 1))
        columns = describe(rows, header) if rows else columns
        described = orjson.dumps({**found.found, "columns": columns}).decode()
        await site.pool.execute("UPDATE dougong.import SET found = $2 WHERE id = $1", found.id, described)
    is_new_entity = mapping["entity"] != found.mapping.get("entity")
    if (is_new_header or is_new_entity) and "columns" not in given and mapping["entity"] in model.entities:
        seen = seen_by(site, model, actor)
        entity = seen.entities[mapping["entity"]]
        fields = guess_columns(seen, entity, [column["header"] for column in columns])
        mapping["columns"] = [{"column": at, "field": fields.get(at, ""), "match": ""} for at in range(len(columns))]
        if "by" not in given:
            mapping["by"] = guess_by(entity, list(fields.values()))
    return mapping
