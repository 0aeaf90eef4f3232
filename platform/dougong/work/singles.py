"""The one record of an entity of kind `single`: it is made when the entity is published, and nobody makes another or deletes it."""

from collections.abc import Sequence

from dougong.store.errors import RecordSingle
from dougong.store.ids import single_id
from dougong.store.save import Values
from dougong.work.unit import Unit
from engines.entity.entity import Entity


def refuse_another(unit: Unit, entity: Entity, sents: Sequence[Values]) -> None:
    """Raise RecordSingle where a record is made of an entity that has one, but for the platform, which makes that one."""
    if entity.kind != "single":
        return
    wanted = single_id(entity.app, entity.key)
    if not unit.actor.is_system or [sent["id"] for sent in sents] != [wanted]:
        raise _refusal(entity)


def refuse_going(entity: Entity) -> None:
    """Raise RecordSingle where the one record would go to the trash."""
    if entity.kind == "single":
        raise _refusal(entity)


def _refusal(entity: Entity) -> RecordSingle:
    return RecordSingle(entity_zh=entity.name["zh-CN"], entity_en=entity.name["en"])
