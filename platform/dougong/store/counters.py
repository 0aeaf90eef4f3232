"""Gapless numbers: the records of one save in, what each takes from which counter, and the counters in everybody's order, out."""

from collections.abc import Mapping, Sequence
from datetime import date
from typing import Any

from dougong.model.app_model import AppModel
from dougong.sites import Reader
from dougong.store.counters_sql import gaps_sql, taken_key
from engines.entity.entity import Entity, Field


def take_numbers(fields: Sequence[Field], records: Sequence[Mapping[str, Any]], today: date) -> tuple[list[dict[str, Any]], list[list[dict[str, Any]]]]:
    """Return what each record brings for its numbers, and for each field how many are taken from each of its counters."""
    brought: list[dict[str, Any]] = [{} for _ in records]
    wanted = []
    for field in fields:
        pattern = field.pattern
        assert pattern is not None
        counts: dict[tuple[str, str], int] = {}
        places = []
        for record in records:
            day = (record.get(pattern.day_of) if pattern.day_of else None) or today
            counter = "|".join("" if (value := record[key]) is None else str(value) for key in pattern.per), pattern.period(day)
            counts[counter] = counts.get(counter, 0) + 1
            places.append((counter, counts[counter], pattern.around(day)))
        for own, (counter, place, (before, after)) in zip(brought, places, strict=True):
            values = (*counter, before, after, place - counts[counter])
            own |= {taken_key(field, use): value for use, value in zip(("scope", "period", "before", "after", "place"), values, strict=True)}
        wanted.append([{"scope": scope, "period": period, "count": count} for (scope, period), count in sorted(counts.items())])
    return brought, wanted


async def verify_numbers(executor: Reader, model: AppModel) -> list[dict[str, Any]]:
    """Return every counter of an app between whose first and last number one is missing or was given twice; there must be none."""
    found = []
    for entity in model.entities.values():
        for field in gapless_fields(entity):
            for row in await executor.fetch(gaps_sql(entity, field), model.app, entity.key, field.key):
                found.append({"entity": entity.key, "field": field.key, **dict(row.items())})
    return found


def gapless_fields(entity: Entity) -> list[Field]:
    """Return the fields of an entity whose numbers have no gaps."""
    return [field for field in entity.stored_fields if field.pattern is not None and field.pattern.is_gapless]
