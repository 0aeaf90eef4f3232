"""A record being saved whose entity has states in; the record computed and in its next state, or why it cannot get there, out."""


from dougong.permissions.access import Access
from dougong.store.save import Values
from dougong.work.asking import answered, computed
from dougong.work.unit import Unit
from dougong.work.ways import may_take
from engines.entity.compute import ComputePlan, Found
from engines.entity.entity import States, Transition
from engines.entity.scopes import scope_of
from engines.entity.transitions import current_state, given_by, holds, locked, no_way, refused, ways
from engines.expression.failure import EvalContext
from engines.values.frozen import frozen
from engines.values.issue import Issue


@frozen
class Moved:
    """A record as it will be, what stands against it, and the transition that is taken, None where there is none."""

    record: Values
    issues: tuple[Issue, ...] = ()
    transition: Transition | None = None


async def moved(
    unit: Unit, access: Access, plan: ComputePlan, before: Values | None, sent: Values, taken: str | None, found: Found, context: EvalContext
) -> Moved:
    """Return the record with what was sent, and what the transition sets that was asked for or leads to the state that was sent.

    taken: key of the transition that was asked for; of several that lead to a state, the first is taken that is open and may be taken, or
    else the first that is open, which is refused later. A guard judges the record with what was sent, before it moves.
    """
    states = plan.entity.states
    if states is None:
        return Moved(await computed(unit, plan, before, sent, found, context))
    current = current_state(states, before)
    others = {key: value for key, value in sent.items() if key != states.key} | {states.key: current}
    record = await computed(unit, plan, before, others, found, context)
    target = states.transitions[taken].target if taken is not None else sent.get(states.key, current)
    if taken is None and target == current:
        return Moved(record, tuple(locked(plan, before, record, sent, None)))
    candidates = _candidates(states, current, target, taken)
    transition: Transition | None = None
    for one in candidates:
        if await _is_open(unit, plan, one, record, found, context):
            transition = transition or one
            if len(candidates) == 1 or await may_take(unit, access, one, record if before is None else before, before is None):
                transition = one
                break
    if transition is None:
        return Moved(record, (refused(states, candidates[0]) if candidates else no_way(states, current, target),))
    given = given_by(plan.entity, transition, record, found, context)
    if not isinstance(given, dict):
        return Moved(record, given)
    after = await computed(unit, plan, before, {**others, states.key: transition.target, **given}, found, context)
    return Moved(after, tuple(locked(plan, before, after, sent, transition)), transition)


def _candidates(states: States, current: str, target: object, taken: str | None) -> tuple[Transition, ...]:
    found = ways(states, current, target)
    return found if taken is None else tuple(t for t in found if t.key == taken)


async def _is_open(
    unit: Unit, plan: ComputePlan, transition: Transition, record: Values, found: Found, context: EvalContext
) -> bool:
    guard = transition.when
    if guard is not None and guard.queries:
        context = await answered(unit, plan.entity, [(guard, scope_of(plan.entity, guard, record, found))], context)
    return holds(plan.entity, transition, record, found, context)
