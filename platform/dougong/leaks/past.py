"""The history of all records in, the values that stood in them once as needles out."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import orjson

from dougong.leaks.needles import Needles, is_unmistakable, tokens
from dougong.leaks.rights import Place
from dougong.leaks.stage import Stage


async def add_past(needles: Needles, stage: Stage) -> None:
    """Add what history tells of each record's values; what stands there still is there already."""
    for row in await stage.site.pool.fetch("SELECT app, entity, record_id, changes::text AS changes FROM dougong.history"):
        full_key, record_id = f"{row['app']}.{row['entity']}", str(row["record_id"])
        if record_id not in stage.world.records.get(full_key, ()):
            continue
        entity = stage.world.entity(full_key)
        for key, value in orjson.loads(row["changes"]).items():
            one = entity.fields.get(key)
            if one is None or one.target is not None or one.any_of or one.options:
                continue
            inner = stage.world.home(full_key).entities[one.lines].fields if one.lines is not None else {}
            for path, text in _texts(value, key, inner):
                for token in tokens(text.encode()):
                    place = Place(full_key, record_id, path)
                    if is_unmistakable(token) and place not in needles.get(token, ()):
                        needles.setdefault(token, set()).add(Place(full_key, record_id, path, True))


def _texts(value: Any, path: str, inner: Any) -> Iterator[tuple[str, str]]:  # noqa: ANN401 – a value of JSON
    """Give every text in a value with the path of the field it is of; inner: the fields of rows."""
    if isinstance(value, dict):
        for key, each in value.items():
            yield from _texts(each, f"{path.partition('.')[0]}.{key}" if key in inner else path, inner)
    elif isinstance(value, list):
        for each in value:
            yield from _texts(each, path, inner)
    elif isinstance(value, str):
        yield path, value
