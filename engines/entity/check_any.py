"""What somebody sent for a field that points to a record of one of several entities in, the record out; the wrong is refused with its code."""

from collections.abc import Callable, Mapping
from uuid import UUID

from engines.entity.entity import Field
from engines.entity.refusal import refused
from engines.values.value_types import AnyRecord


def any_record_check(field: Field) -> Callable[[object], object]:
    """Return the check of `{"entity": "customer", "id": "…"}`; a value that is one already is taken as it is."""

    def check(value: object) -> AnyRecord | None:
        if isinstance(value, AnyRecord):
            return value
        if not isinstance(value, Mapping):
            raise refused("record-any-reference-invalid")
        for part in value:
            if part not in ("entity", "id"):
                raise refused("record-part-unknown", part=str(part))
        entity, written = value.get("entity"), value.get("id")
        if entity is None and written is None:
            return None
        if not isinstance(entity, str) or not isinstance(written, str | UUID):
            raise refused("record-any-reference-invalid")
        if entity not in field.any_of:
            raise refused("record-any-reference-entity", entity=entity[:100], entities=", ".join(field.any_of))
        try:
            return AnyRecord(entity, written if isinstance(written, UUID) else UUID(written))
        except ValueError:
            raise refused("record-any-reference-invalid") from None

    return check
