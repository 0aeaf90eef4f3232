"""What fields demand of a record by expressions: the computed record in, issues for what is missing or out of its dates out."""

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime
from typing import Any

from engines.entity.compute import ComputePlan, Found, Values
from engines.entity.entity import Field, Formula
from engines.entity.messages import MESSAGES
from engines.entity.scopes import is_missing, scope_of
from engines.expression.failure import EvalContext
from engines.values.issue import Issue, issue

Record = Mapping[str, Any]
Work = Callable[[Formula], object]
"""Works a formula out over one record or row."""


def check_conditions(plan: ComputePlan, record: Values, found: Found, context: EvalContext) -> list[Issue]:
    """Return an issue for each field that is blank where its condition requires it, and for each date outside its limits."""
    issues: list[Issue] = []
    old: Record | None = context.old
    for field in plan.own.conditional:
        issues += _judge(field, record, old, "", context, lambda formula: formula.run(scope_of(plan.entity, formula, record, found), context))
    for key, parts in plan.rows.items():
        if parts.conditional:
            before = {row["id"]: row for row in (old or {}).get(key, ())}
            for position, row in enumerate(record[key]):
                scope = {**row, "parent": record}
                for field in parts.conditional:
                    work = _over(scope, context)
                    issues += _judge(field, row, before.get(row["id"]), f"/{key}/{position}", context, work)
    return issues


def _over(scope: Record, context: EvalContext) -> Work:
    return lambda formula: formula.run(scope, context)


def _judge(field: Field, record: Record, old: Record | None, at: str, context: EvalContext, work: Work) -> Iterator[Issue]:
    value = record.get(field.key)
    if is_missing(value):
        if field.required_when is not None and work(field.required_when) is True:
            yield issue(MESSAGES, "record-required", f"{at}/{field.key}", None, name=field.name)
        return
    for code, formula in (("record-date-early", field.earliest), ("record-date-late", field.latest)):
        if formula is not None and _is_touched(field, formula, record, old):
            limit = work(formula)
            if isinstance(limit, date) and _is_beyond(value, limit, code == "record-date-early", context):
                yield issue(MESSAGES, code, f"{at}/{field.key}", None, name=field.name, limit=_shown(limit, context))


def _is_touched(field: Field, formula: Formula, record: Record, old: Record | None) -> bool:
    """Whether a date, or what its limit reads, is new: a date that was right when it was entered stays as it is."""
    if old is None:
        return True
    return any(old.get(key) != record.get(key) for key in (field.key, *(path[0] for path in formula.reads if path[0] != "parent")))


def _is_beyond(value: object, limit: date, is_low: bool, context: EvalContext) -> bool:
    if isinstance(value, datetime) and not isinstance(limit, datetime):
        value = value.astimezone(context.zone).date()
    assert isinstance(value, date)
    return value < limit if is_low else value > limit


def _shown(limit: date, context: EvalContext) -> str:
    return limit.astimezone(context.zone).strftime("%Y-%m-%d %H:%M") if isinstance(limit, datetime) else limit.isoformat()
