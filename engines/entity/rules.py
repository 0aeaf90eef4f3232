"""What must hold of a record: the computed record in, Issues out; it changes nothing."""

from collections.abc import Iterable, Sequence

from engines.entity.compute import ComputePlan, Found, Values
from engines.entity.conditions import check_conditions
from engines.entity.entity import Field, Rule
from engines.entity.messages import MESSAGES
from engines.entity.scopes import is_missing, scope_of
from engines.entity.uniques import twice_within
from engines.expression.failure import EvalContext
from engines.values.issue import Issue, issue


def check_rules(plan: ComputePlan, record: Values, found: Found, context: EvalContext) -> tuple[Issue, ...]:
    """Return an issue for every required field that is blank, rows included, and for every rule that does not hold."""
    issues = _required(plan.own.required, record, "")
    for key, parts in plan.rows.items():
        for position, row in enumerate(record[key]):
            issues += _required(parts.required, row, f"/{key}/{position}")
    issues += check_conditions(plan, record, found, context)
    issues += twice_within(plan, record)
    issues += _broken(plan.rules, plan, record, found, context)
    return tuple(issues)


def check_warnings(plan: ComputePlan, record: Values, found: Found, context: EvalContext) -> list[Issue]:
    """Return an issue for every rule that does not hold and that whoever saves the record may pass over."""
    return _broken(plan.warnings, plan, record, found, context) if plan.warnings else []


def _broken(rules: Iterable[Rule], plan: ComputePlan, record: Values, found: Found, context: EvalContext) -> list[Issue]:
    issues = []
    for rule in rules:
        scope = scope_of(plan.entity, rule.check, record, found)
        if rule.check.queries:
            scope = {**scope, **context.answers}
        if rule.check.run(scope, context) is not True:
            issues.append(broken(rule))
    return issues


def _required(fields: Sequence[Field], record: Values, at: str) -> list[Issue]:
    return [
        issue(MESSAGES, "record-required", f"{at}/{field.key}", None, name=field.name)
        for field in fields
        if is_missing(record.get(field.key))
    ]


def broken(rule: Rule) -> Issue:
    """Return what people are told about a rule that does not hold."""
    fallback = next(iter(rule.message.values()))
    return issue(
        MESSAGES,
        "record-warning" if rule.is_warning else "record-rule-broken",
        f"/{rule.at}" if rule.at else "",
        None,
        message_zh=rule.message.get("zh-CN", fallback),
        message_en=rule.message.get("en", fallback),
    )
