"""What must hold of a record: the computed record in, Issues out; it changes nothing."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from engines.entity.compute import ComputePlan, Found, Values
from engines.entity.entity import Entity, Field, Formula, Rule
from engines.entity.messages import MESSAGES
from engines.expression.failure import EvalContext
from engines.values.issue import Issue, issue
from engines.values.value_types import ErrorValue


def check_rules(plan: ComputePlan, record: Values, found: Found, context: EvalContext) -> tuple[Issue, ...]:
    """Return an issue for every required field that is blank, rows included, and for every rule that does not hold."""
    issues = _required(plan.own.required, record, "")
    for key, parts in plan.rows.items():
        for position, row in enumerate(record[key]):
            issues += _required(parts.required, row, f"/{key}/{position}")
    for rule in plan.entity.rules:
        scope = scope_of(plan.entity, rule.check, record, found)
        if rule.check.queries:
            scope = {**scope, **context.answers}
        if rule.check.run(scope, context) is not True:
            issues.append(_broken(rule))
    return tuple(issues)


def _required(fields: Sequence[Field], record: Values, at: str) -> list[Issue]:
    return [
        issue(MESSAGES, "record-required", f"{at}/{field.key}", None, name=field.name)
        for field in fields
        if _is_missing(record.get(field.key))
    ]


def _is_missing(value: object) -> bool:
    """Whether nothing is there. By class: comparing a number with a list costs more than the rest of the check."""
    return value is None or value.__class__ is ErrorValue or (value.__class__ is list and not value)


def scope_of(entity: Entity, formula: Formula, record: Values, found: Found) -> Mapping[str, Any]:
    """Put the records that the paths of a formula which judges a record go through in the place of their ids."""
    through = {path[0] for path in formula.reads if len(path) > 1}
    targets: dict[str, Any] = {}
    for field in entity.reference_fields:
        value = record.get(field.key)
        if field.key in through and isinstance(value, UUID) and field.to is not None:
            targets[field.key] = {"id": value, **found.get(field.to, {}).get(value, {})}
    for field in entity.link_fields:
        if field.key in through and field.links is not None:
            known = found.get(field.links, {})
            targets[field.key] = [{"id": value, **known.get(value, {})} for value in record.get(field.key) or ()]
    return {**record, **targets} if targets else record


def _broken(rule: Rule) -> Issue:
    fallback = next(iter(rule.message.values()))
    return issue(
        MESSAGES,
        "record-rule-broken",
        f"/{rule.at}" if rule.at else "",
        None,
        message_zh=rule.message.get("zh-CN", fallback),
        message_en=rule.message.get("en", fallback),
    )
