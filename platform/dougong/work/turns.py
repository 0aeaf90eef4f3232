"""The changes of a request in; locks out that let those whose rules ask whole entities save one after the other.

What a rule was answered must still be so when its record is saved. Whoever saves an entity whose rules ask keeps others who do
so out of it, and keeps those out of what is asked; who saves entities whose rules ask nothing waits for nobody.
"""

from collections.abc import Mapping, Sequence

from dougong.model.app_model import AppModel
from dougong.store.save import Executor
from dougong.work.request import Change, Delete

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
    return turns


async def take_turns(executor: Executor, turns: Mapping[str, bool]) -> None:
    """Hold entities until the transaction ends, in one order for everybody, so that no two wait for each other."""
    keys = sorted(turns)
    locks = [
        f"pg_advisory_xact_lock{'' if turns[key] else '_shared'}({_TURNS}, hashtext(${place}))" for place, key in enumerate(keys, 1)
    ]
    await executor.fetch(f"SELECT {', '.join(locks)}", *keys)
