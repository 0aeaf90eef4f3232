"""A record as JSON values and its entity as somebody sees it in; the same without what they may not read out."""

from collections.abc import Callable, Mapping
from typing import Any

from engines.entity.entity import SYSTEM_TYPES, Entity, Field
from engines.entity.mask import mask

_KEPT = frozenset(SYSTEM_TYPES) | {"position", "parent"}


def as_shown(seen: Entity, rows_of: Callable[[str], Entity | None], record: Mapping[str, Any]) -> dict[str, Any]:
    """Return what somebody may be told of a record: masked what is masked; blank what only some records show.

    rows_of: the entity of rows by its key, as they see it; None where they see rows whole. Whether this record shows such a field, only a query can say.
    """
    found: dict[str, Any] = {}
    fields = seen.fields
    for key, value in record.items():
        field = fields.get(key)
        if field is None:
            if key in _KEPT:
                found[key] = value
                continue
            field = fields.get(key.partition("__")[0])  # what goes with a field: an error, titles, what is known of files
        if field is None:
            continue
        if field.lines is None and field.shown_when is None and not field.is_masked:
            found[key] = value
        elif field.lines is not None and isinstance(value, list):
            rows = rows_of(field.lines)
            shown = value if rows is None else [as_shown(rows, rows_of, row) for row in value]
            found[key] = shown if field.shown_when is None else []
        else:
            found[key] = value_shown(field, value)
    return found


def value_shown(field: Field, value: Any) -> Any:  # noqa: ANN401 – whatever JSON carries
    """Return as much of a value as somebody may be told who sees the field like this."""
    if field.shown_when is not None:
        return None
    return mask(value) if field.is_masked and isinstance(value, str) else value
