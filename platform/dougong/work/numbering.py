"""Records that were made with more to follow in; their gapless numbers given at the very end of the transaction, and the records, out.

Whoever takes a number holds its counter until the transaction ends, and all others wait: so it is taken when nothing is left to do.
"""

from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import fields, is_dataclass, replace
from re import search
from uuid import UUID

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.store.counters import gapless_fields
from dougong.store.save import Saved, Values, give_numbers
from dougong.work.followed import is_followed
from dougong.work.repeats import keep_answer
from dougong.work.request import Change, GuardedUpdate
from dougong.work.unit import Unit
from engines.entity.entity import Copy, Entity, Formula


async def numbering_last(unit: Unit, changes: Sequence[Change], has_more: bool) -> Unit:
    """Return the unit in which numbers are given at the end, where more follows the saves; has_more: there are several of them.

    The answers to guarded changes are whole when they are saved, so their numbers are given with them.
    """
    if not unit.is_locking or not _counted(unit) or any(isinstance(change, GuardedUpdate) for change in changes):
        return unit
    follows = has_more or await is_followed(unit.site, unit.model, unit.executor, changes)
    return replace(unit, unnumbered=[]) if follows else unit


def leaves_numbers(unit: Unit, entity: Entity, records: Sequence[Values]) -> bool:
    """Whether records about to be saved get their numbers at the end, which is noted."""
    if unit.unnumbered is None or entity.key not in _counted(unit):
        return False
    unit.unnumbered.append((entity, records))
    return True


@asynccontextmanager
async def forgetting(unit: Unit) -> AsyncIterator[None]:
    """Let a block that is undone leave no records to be numbered."""
    count = len(unit.unnumbered or ())
    try:
        yield
    except BaseException:
        if unit.unnumbered is not None:
            del unit.unnumbered[count:]
        raise


async def number_all(unit: Unit, saved: Sequence[Saved]) -> list[Saved]:
    """Give all records their numbers, entity by entity in everybody's order, and return those that were saved as they are then."""
    made: dict[str, tuple[Entity, list[Values]]] = {}
    for entity, records in unit.unnumbered or ():
        made.setdefault(entity.key, (entity, []))[1].extend(records)
    shown: dict[UUID, bytes] = {}
    for _, (entity, records) in sorted(made.items()):
        shown |= await give_numbers(unit.executor, unit.site, unit.model, entity, records, unit.change_set)
    found = [replace(one, json=shown[one.id]) if one.id in shown and one.json != b"null" else one for one in saved]
    if unit.change_set.key is not None:
        await keep_answer(unit.executor, unit.change_set, unit.change_set.key, b"[" + b",".join(one.json for one in found) + b"]")
    return found


def _counted(unit: Unit) -> frozenset[str]:
    shape = (unit.model, "counted last")
    found: frozenset[str] | None = unit.site.compiled.get(shape)
    if found is None:
        found = _counted_last(unit.model)
        unit.site.keep(shape, found)
    return found


def _counted_last(model: AppModel) -> frozenset[str]:
    """Return the entities whose gapless numbers can wait: nothing that is computed or judged before the end speaks of them."""
    if model.app == ORGANIZATION:
        return frozenset()
    parts = list(_parts(model.entities))
    policies = (policy.model_dump_json() for policy in model.definition.policies)
    texts = " ".join([*(part.text for part in parts if isinstance(part, Formula)), *policies])
    copied = {part.source for part in parts if isinstance(part, Copy)}

    def can_wait(entity: Entity) -> bool:
        numbers = gapless_fields(entity)
        spoken_of = any(field.is_required or field.key in copied or search(rf"\b{field.key}\b", texts) for field in numbers)
        return bool(numbers) and not spoken_of

    return frozenset(key for key, entity in model.entities.items() if can_wait(entity))


def _parts(value: object) -> Iterator[object]:
    """Give every formula and copy in a value."""
    if isinstance(value, Formula | Copy):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from _parts(inner)
    elif isinstance(value, tuple | list):
        for inner in value:
            yield from _parts(inner)
    elif is_dataclass(value):
        for one in fields(value):
            yield from _parts(getattr(value, one.name))
