"""What must occur once: a record or a row in, its key for a unique constraint out; and issues for rows of one record that clash."""

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from engines.entity.compute import ComputePlan, Values
from engines.entity.entity import Entity, Unique
from engines.entity.messages import MESSAGES
from engines.expression.failure import EvalContext
from engines.values.issue import Issue, issue
from engines.values.value_types import ErrorValue

_NOWHERE = EvalContext(datetime.min.replace(tzinfo=UTC), UTC, None)
"""The condition of a constraint compares with constants and asks nothing of the world."""


def key_of(unique: Unique, record: Mapping[str, Any]) -> tuple[Any, ...] | None:
    """Return the values that must occur once together; None where one is blank or the constraint does not concern the record."""
    key = tuple([record.get(field) for field in unique.fields])
    if any(value is None or isinstance(value, ErrorValue) for value in key):
        return None
    return key if unique.where is None or unique.where.run(record, _NOWHERE) is True else None


def not_unique(entity: Entity, unique: Unique, at: str) -> list[Issue]:
    """Return what people are told at each field of a constraint whose values are there already."""
    fields = [entity.fields[key] for key in unique.fields]
    labels = {language: "、".join(f.name.get(language, f.key) for f in fields) for language in ("zh-CN", "en")}
    found = [issue(MESSAGES, "record-not-unique", f"{at}/{field.key}", None, name=labels) for field in fields]
    return found if unique.message is None else [Issue(one.code, unique.message, one.pointer) for one in found]


def twice_within(plan: ComputePlan, record: Values) -> list[Issue]:
    """Return the issues of each row of a record that has what another row before it has and may occur once in a record.

    Nothing else keeps these: rows are written with the revision of their record, so nobody adds to them meanwhile.
    """
    issues: list[Issue] = []
    for key, rows in plan.lines.items():
        for unique in rows.unique:
            seen = set()
            for position, row in enumerate(record[key]) if unique.within_parent else ():
                found = key_of(unique, row)
                if found is not None and found in seen:
                    issues += not_unique(rows, unique, f"/{key}/{position}")
                seen.add(found)
    return issues
