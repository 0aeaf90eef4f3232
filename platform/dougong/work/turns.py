"""The changes of a request in; locks out that let those whose rules ask whole entities save one after the other.

What a rule was answered must still be so when its record is saved. Whoever saves an entity whose rules ask keeps others who do
so out of it, and keeps those out of what is asked; who saves entities whose rules ask nothing waits for nobody.
"""

from collections.abc import Iterable, Mapping, Sequence

import orjson

from dougong.model.app_model import AppModel
from dougong.store.save import Executor
from dougong.work.request import Change, Create, Delete, GuardedUpdate, Move, Restore
from engines.entity.compute import ComputePlan

# Tells these locks from those of publishes, which are numbered 7319.
_TURNS = 7320


def turns_of(model: AppModel, changes: Sequence[Change]) -> Mapping[str, bool]:
    """Return the entities to hold by their full key, each with whether it is saved, or only asked."""
    turns: dict[str, bool] = {}
    for change in changes:
        plan = model.plans.get(change.entity)
        if plan is not None and plan.asked_by_rules and not isinstance(change, Delete):
            for key in plan.asked_by_rules:
                turns.setdefault(model.entity(key).full_key, False)
            turns[plan.entity.full_key] = True
        if plan is not None and (goes_down := _goes_down(model, plan, change)) is not None:
            place = f"{model.app}/computed"
            turns[place] = goes_down or turns.get(place, False)
    return turns


def _goes_down(model: AppModel, plan: ComputePlan, change: Change) -> bool | None:
    """Whether a change is of consequence for records that point to its own; None where nobody has to be kept out for it.

    Who goes down from a record to those that point to it would meet those who save them and go up. So one waits for the other here,
    where neither holds anything yet.
    """
    graph = model.graph
    if not any(graph.down.values()) or not graph.follows(plan.keys):
        return None
    down = graph.down.get(plan.entity.key, frozenset())
    return bool(down) and not isinstance(change, Create | Delete | Restore) and not down.isdisjoint(_fields(plan, change))


def _fields(plan: ComputePlan, change: Change) -> Iterable[str]:
    """Return the keys of the fields a change may set; all of them where that is not sure."""
    values = getattr(change, "values", b"{}")
    try:
        sent = orjson.loads(values) if isinstance(values, bytes) else values
    except orjson.JSONDecodeError:
        sent = None
    if not isinstance(sent, Mapping) or isinstance(change, Move):
        return plan.entity.fields.keys()
    if isinstance(change, GuardedUpdate):
        return [name for part in ("add", "set") if isinstance(sent.get(part), Mapping) for name in sent[part]]
    return sent.keys()


async def take_turns(executor: Executor, turns: Mapping[str, bool]) -> None:
    """Hold entities until the transaction ends, in one order for everybody, so that no two wait for each other."""
    keys = sorted(turns)
    locks = [
        f"pg_advisory_xact_lock{'' if turns[key] else '_shared'}({_TURNS}, hashtext(${place}))" for place, key in enumerate(keys, 1)
    ]
    await executor.fetch(f"SELECT {', '.join(locks)}", *keys)
