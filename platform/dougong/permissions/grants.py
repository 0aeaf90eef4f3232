"""The policies of an entity and somebody's roles in; what they may do, with which records and fields, as typed conditions out.

Everything here is in the scope of the entity that owns the policies, also what is said of the fields of its rows. A condition is a typed
tree, None where there is none: it holds for all records.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

from dougong.model.policy import LEVELS, Policy
from engines.expression.combine import all_of, any_of, none_of
from engines.expression.tree import TypedTree

Condition = TypedTree | None
WRITING = ("create", "update")


@dataclass(frozen=True, slots=True)
class Grants:
    """What somebody may do with the records of an entity; the default is nothing.

    rows: for each action they may do the records it is for. policies: those of their roles that grant something. denials: those that deny.
    """

    rows: Mapping[str, Condition]
    policies: tuple[Policy, ...]
    denials: tuple[Policy, ...]

    def reaches(self, action: str, key: str, level: str) -> Condition | bool:
        """Return for which records of an action a field has at least a level: a condition, None for each of them, or False for none."""
        alternatives: list[Condition] = []
        is_each = True
        for policy in self.policies:
            if action not in policy.actions:
                continue
            where = _where(policy, key, level)
            if where is not None and where is not True:
                is_each = False
            if where is not False:
                conditions = [one for one in (_rows(policy, action), None if where is True else where) if one is not None]
                alternatives.append(all_of(conditions) if conditions else None)
        if not alternatives:
            return False
        found = None if is_each or None in alternatives else any_of([one for one in alternatives if one is not None])
        return _without(found, self._taken(action, key, level))

    def _taken(self, action: str, key: str, level: str) -> Iterable[Condition]:
        """Give the records in which a denial leaves a field less than a level."""
        for policy in self.denials:
            grant = policy.fields.get(key)
            if grant is not None and LEVELS.index(grant.level) < LEVELS.index(level):
                yield _meet(policy, action, None if grant.when is None else grant.when.tree)


def grants_of(policies: Sequence[Policy], roles: frozenset[str]) -> Grants:
    """Return what some roles may do by the policies of an entity: those add up, and what one denies none grants."""
    mine = [policy for policy in policies if policy.role in roles]
    granting, denying = ([p for p in mine if not p.is_deny], [p for p in mine if p.is_deny])
    rows: dict[str, Condition] = {}
    for action in dict.fromkeys(action for policy in granting for action in sorted(policy.actions)):
        found = [_rows(p, action) for p in granting if action in p.actions]
        condition = None if None in found else any_of([one for one in found if one is not None])
        left = _without(condition, (_meet(p, action, None) for p in denying if action in p.actions and not p.names_fields))
        if left is not False:
            assert left is not True
            rows[action] = left
    return Grants(rows, tuple(granting), tuple(denying))


def _where(policy: Policy, key: str, level: str) -> Condition | bool:
    """Return where, among the records of a policy, a field has a level by it: True for everywhere, False for nowhere."""
    grant, wanted = policy.fields.get(key), LEVELS.index(level)
    otherwise = LEVELS.index(policy.others) >= wanted
    if grant is None:
        return otherwise
    has = LEVELS.index(grant.level) >= wanted
    if grant.when is None or has == otherwise:
        return has if grant.when is None else otherwise
    return grant.when.tree if has else none_of(grant.when.tree)


def _rows(policy: Policy, action: str) -> Condition:
    condition = policy.condition(action)
    return None if condition is None else condition.tree


def _meet(policy: Policy, action: str, when: Condition) -> Condition:
    """Return where a denial holds: also where what it says cannot be worked out."""
    conditions = [one for one in (_rows(policy, action), when) if one is not None]
    return all_of(conditions, if_failed=True) if conditions else None


def _without(condition: Condition, taken: Iterable[Condition]) -> Condition | bool:
    """Return a condition but for what is taken from it; False where everything is."""
    parts = [] if condition is None else [condition]
    for one in taken:
        if one is None:
            return False
        parts.append(none_of(one))
    return all_of(parts) if parts else None
