"""Records that come to another state because that was sent, and the transitions they take, in; which of those the actor may not take, out."""

from collections.abc import Iterable, Mapping, Sequence
from uuid import UUID

from dougong.errors import PlatformError
from dougong.permissions.access import Access
from dougong.permissions.errors import ActionDenied
from dougong.store.save import Values
from dougong.work.permitted import denied_now
from dougong.work.refusals import refuse
from dougong.work.unit import Unit
from engines.entity.actions import TRANSITION
from engines.entity.entity import Transition

Taken = Sequence[Transition | None]


def denied_ways(unit: Unit, access: Access, records: Iterable[Values], taken: Taken, first: int = 0) -> dict[int, PlatformError]:
    """Return by their place, from `first` on, the records whose transition may not be taken, as far as they say it as they are before."""
    if access.entity.states is None or not any(taken):
        return {}
    wrong: dict[int, PlatformError] = {}
    for place, (record, transition) in enumerate(zip(records, taken, strict=True), first):
        if transition is None:
            continue
        action = f"{TRANSITION}.{transition.key}"
        condition = access.rows.get(action)
        if action not in access.rows or (condition is not None and action in access.told and condition.run(record, unit.context) is not True):
            wrong[place] = ActionDenied(action, access.entity.name)
    return wrong


async def may_take(unit: Unit, access: Access, transition: Transition, record: Values, is_new: bool) -> bool:
    """Whether the actor may take a transition of a record, which is as it is before; of one that is not there yet as far as it says so itself."""
    action = f"{TRANSITION}.{transition.key}"
    if is_new:
        record = {**record, "created_by": unit.actor.id, "updated_by": unit.actor.id, "created_at": unit.change_set.at, "updated_at": unit.change_set.at}
    if denied_ways(unit, access, [record], [transition]):
        return False
    return is_new or not await denied_now(unit, access, action, [record["id"]], [0])


async def refuse_ways(unit: Unit, access: Access, ids: Sequence[UUID], taken: Taken) -> None:
    """Raise ActionDenied where that takes asking the database: records as they are saved now."""
    if access.entity.states is None or not any(taken):
        return
    wrong: dict[int, PlatformError] = {}
    for key in dict.fromkeys(transition.key for transition in taken if transition is not None):
        places = [place for place, transition in enumerate(taken) if transition is not None and transition.key == key]
        wrong |= await denied_now(unit, access, f"{TRANSITION}.{key}", ids, places)
    refuse(wrong, len(ids))


def in_first_state(access: Access, records: Iterable[Values]) -> Iterable[Values]:
    """Give new records as they are before they take a transition."""
    states: Mapping[str, str] = {} if access.entity.states is None else {access.entity.states.key: access.entity.states.start}
    return ({**record, **states} for record in records)
