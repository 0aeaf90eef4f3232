"""An entity and the conditions that policies have for it in, those of them out that a record's own values say: nothing has to be asked for them."""

from collections.abc import Iterator, Mapping

from engines.entity.entity import SYSTEM_TYPES, Entity, Formula
from engines.expression.references import functions_used

_ASKED = frozenset(
    {"HASROLE", "INDEPARTMENT", "INMYDEPARTMENT", "REPORTSTOME", "SHAREDWITHME", "MANAGEROF", "LEADEROF", "DEPTPATH", "user_field", "entity"}
)
"""What only the database knows."""


def told_by_record(
    entity: Entity, rows: Mapping[str, Formula | None], writes: Mapping[str, Mapping[str, Formula]]
) -> Iterator[str]:
    """Give the actions whose condition is told by the record, and the fields, as `update.price`, where it tells in which records they may be written."""
    for action, condition in rows.items():
        if condition is None or _is_told(entity, condition):
            yield action
    for action, fields in writes.items():
        for path, condition in fields.items():
            if _is_told(entity, condition):
                yield f"{action}.{path}"


def _is_told(entity: Entity, condition: Formula) -> bool:
    own = all(len(path) == 1 and _is_own(entity, path[0]) for path in condition.reads)
    return own and not condition.queries and not functions_used(condition.tree) & _ASKED


def _is_own(entity: Entity, key: str) -> bool:
    """Whether a record has a value of its own for what a condition reads, before and after it is saved."""
    field = entity.fields.get(key)
    return key in SYSTEM_TYPES if field is None else field.lines is None and not field.is_far and not field.is_virtual
