"""What becomes of the state of a record: the record, the state it is in and the one wanted in; transitions or Issues out."""

from collections.abc import Collection, Iterable, Mapping, Sequence

from engines.entity.compute import ComputePlan, Found, Values, stored
from engines.entity.entity import Entity, States, Transition
from engines.entity.messages import MESSAGES
from engines.entity.scopes import scope_of
from engines.expression.failure import EvalContext
from engines.values.issue import Issue, issue
from engines.values.same import is_same
from engines.values.value_types import ErrorValue

Text = Mapping[str, str]


def current_state(states: States, before: Values | None) -> str:
    """Return the state a record is in; one that is new, or older than its states, is in the first."""
    return states.start if before is None else before.get(states.key) or states.start


def ways(states: States, current: str, target: object) -> tuple[Transition, ...]:
    """Return the transitions that lead from one state to another, in the order of the definition."""
    return tuple(t for t in states.transitions.values() if t.target == target and current in t.sources)


def holds(entity: Entity, transition: Transition, record: Values, found: Found, context: EvalContext) -> bool:
    """Whether the guard of a transition holds of a record, computed and still in the state before; a blank does not hold."""
    guard = transition.when
    if guard is None:
        return True
    scope = scope_of(entity, guard, record, found)
    return guard.run({**scope, **context.answers} if guard.queries else scope, context) is True


def given_by(entity: Entity, transition: Transition, record: Values, found: Found, context: EvalContext) -> Values | tuple[Issue, ...]:
    """Return what a transition sets, or an issue for each value that cannot be worked out."""
    given: Values = {}
    issues = []
    for field, formula in transition.sets:
        value = formula.run(scope_of(entity, formula, record, found), context)
        if isinstance(value, ErrorValue):
            issues.append(issue(MESSAGES, "record-transition-value", f"/{field.key}", None, name=field.name, error=value.code))
        given[field.key] = stored(field, value)[0]
    return tuple(issues) or given


def refused(states: States, transition: Transition) -> Issue:
    """Return what people are told when a guard does not hold: its own message, or that the transition is not open."""
    if transition.message is None:
        return issue(MESSAGES, "record-transition-refused", f"/{states.key}", None, name=transition.name)
    message = transition.message
    return issue(MESSAGES, "record-transition-guard", f"/{states.key}", None, message_zh=message["zh-CN"], message_en=message["en"])


def no_way(states: States, current: str, target: object) -> Issue:
    """Return what people are told when no transition leads to a state: which ones there are from where the record is."""
    open_ = [t.name for t in states.transitions.values() if current in t.sources]
    wanted = _name(states, target)
    if not open_:
        return issue(MESSAGES, "record-transition-end", f"/{states.key}", None, now=_name(states, current), wanted=wanted)
    return issue(MESSAGES, "record-transition-none", f"/{states.key}", None, now=_name(states, current), wanted=wanted, open=_listed(open_))


def locked(plan: ComputePlan, before: Values | None, after: Values, sent: Collection[str], taken: Transition | None) -> list[Issue]:
    """Return an issue for each field that was sent and changed although the state of the record is read-only.

    A transition to a state that is not read-only may bring changes along.
    """
    states = plan.entity.states
    if states is None or before is None:
        return []
    current = states.states.get(current_state(states, before))
    if current is None or not current.is_read_only:
        return []
    if taken is not None and not states.states[taken.target].is_read_only:
        return []
    given = {states.key, *(field.key for field, _ in taken.sets)} if taken is not None else {states.key}
    changed = [key for key in sent if key in plan.entity.fields and key not in given and _differs(plan, key, before, after)]
    fields = plan.entity.fields
    return [issue(MESSAGES, "record-state-read-only", f"/{key}", None, name=fields[key].name, state=current.name) for key in changed]


def kept_by_state(states: States, before: Values) -> list[Issue]:
    """Return an issue where a record cannot go to the trash in the state it is in."""
    current = states.states.get(current_state(states, before))
    if current is None or current.can_delete:
        return []
    return [issue(MESSAGES, "record-state-kept", f"/{states.key}", None, state=current.name)]


def _differs(plan: ComputePlan, key: str, before: Values, after: Values) -> bool:
    rows = plan.lines.get(key)
    if rows is None:
        return not is_same(before.get(key), after.get(key))
    keys = ["id", *(field.key for field in rows.fields.values() if field.is_writable)]
    return not is_same(_picked(before[key], keys), _picked(after[key], keys))


def _picked(rows: Iterable[Values], keys: Sequence[str]) -> list[list[object]]:
    return [[row.get(key) for key in keys] for row in rows]


def _name(states: States, key: object) -> Text | str:
    state = states.states.get(str(key))
    return {"zh-CN": "空", "en": "blank"} if key is None else str(key) if state is None else state.name


def _listed(names: Sequence[Text]) -> Text:
    return {"zh-CN": "、".join(name["zh-CN"] for name in names), "en": ", ".join(name["en"] for name in names)}
