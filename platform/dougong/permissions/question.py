"""A question why somebody may do something and their policies in, which of them speak of it and the reason they come to out; pure."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from dougong.model.app_model import AppModel
from dougong.model.policy import FieldGrant, Policy
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActionUnknown, FieldOfQuestionUnknown
from dougong.permissions.grants import WRITING
from engines.entity.actions import ACTIONS, TRANSITION
from engines.entity.entity import Entity, Field

WRITES = (*WRITING, "import", "bulk")
"""Actions for which a field has to be one that may be written."""

REASONS: Mapping[str, Mapping[str, str]] = {
    "granted": {"zh-CN": "{user}可以：其角色的策略允许。", "en": "{user} may: a policy of one of their roles allows it."},
    "some": {"zh-CN": "{user}可以，但只限于某些记录。", "en": "{user} may, with some of the records."},
    "no-policy": {"zh-CN": "{user}不可以：其角色没有允许此操作的策略。", "en": "{user} may not: no policy of their roles speaks of it."},
    "rows": {"zh-CN": "{user}不可以：其角色的策略不涉及这条记录。", "en": "{user} may not: the policies of their roles are not for this record."},
    "denied": {"zh-CN": "{user}不可以：有策略明确禁止。", "en": "{user} may not: a policy forbids it."},
    "field-hidden": {"zh-CN": "{user}不可以：此字段对其隐藏。", "en": "{user} may not: the field is hidden from them."},
    "field-input": {
        "zh-CN": "{user}不可以：此字段由其不能查看的内容计算而来。",
        "en": "{user} may not: the field is computed from what they may not read.",
    },
    "field-read-only": {"zh-CN": "{user}不可以：其只能查看此字段。", "en": "{user} may not: they may only read the field."},
    "scopes": {"zh-CN": "不可以：所用的令牌没有此范围。", "en": "Not with this token: it has no scope for it."},
}
"""What decided, in words."""


@dataclass(frozen=True, slots=True)
class Question:
    """Whether somebody may do something with records of an entity, or with a field of them: `price`, of rows `lines.price`."""

    entity: Entity
    action: str
    path: str = ""
    field: Field | None = None


def question_of(model: AppModel, entity: Entity, action: str, path: str) -> Question:
    """Return a question; raises ActionUnknown and FieldOfQuestionUnknown. entity: as whoever asks may know it, as are those of the model."""
    keys = () if entity.states is None else entity.states.transitions
    if action not in {*(ACTIONS.keys() - {TRANSITION}), *(f"{TRANSITION}.{key}" for key in keys)}:
        raise ActionUnknown(action=action)
    if not path:
        return Question(entity, action)
    lines, _, key = path.rpartition(".")
    through = entity.fields.get(lines) if lines else None
    of: Entity | None = entity if not lines else None if through is None or through.lines is None else model.entities[through.lines]
    field = None if of is None else of.fields.get(key)
    if field is None:
        raise FieldOfQuestionUnknown(field=path)
    return Question(entity, action, path, field)


def speaks_of(policy: Policy, question: Question) -> bool:
    """Whether a policy grants the action or takes it away, or takes something from the field."""
    if policy.is_deny and policy.names_fields:
        return question.path in policy.fields
    return question.action in policy.actions


def level_by(policy: Policy, path: str) -> FieldGrant:
    """Return what a policy says of a field."""
    return policy.fields.get(path) or FieldGrant(policy.others)


def reason_of(actor: Actor, question: Question, policies: Sequence[Policy], verdict: str, holds: Callable[[Policy], bool | None]) -> str:
    """Return which of REASONS decided about the action, whatever the field.

    policies: of the actor's roles, those that speak of it. verdict: `yes`, `some` or `no`. holds: whether the record is one of a policy's.
    """
    if not actor.is_within(question.entity.app, question.entity.key, question.action):
        return "scopes"
    if verdict == "yes":
        return "granted"
    if verdict == "some":
        return "some"
    granting = [policy for policy in policies if not policy.is_deny]
    if not granting:
        return "no-policy"
    if any(policy.is_deny and not policy.names_fields and holds(policy) is not False for policy in policies):
        return "denied" if any(holds(policy) is not False for policy in granting) else "rows"
    return "rows"


def field_reason(question: Question, level: str, has_hiding_inputs: bool) -> str:
    """Return which of REASONS decided about the field, blank where it stands in nobody's way."""
    if level == "hidden":
        return "field-input" if has_hiding_inputs else "field-hidden"
    return "field-read-only" if question.action in WRITES and level != "write" else ""
