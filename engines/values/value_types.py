"""Names the types a value can have, and the values themselves; knows no field kinds and no database."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from uuid import UUID


@dataclass(frozen=True, slots=True)
class ValueType:
    """The type of a value.

    of: the element type of a list. entity: whose record it is ("partner", "sales_order.lines"), None for any.
    fails: the stored value may be an error (a computed field whose formula can fail); not part of equality.
    """

    name: str
    of: ValueType | None = None
    entity: str | None = None
    fails: bool = field(default=False, compare=False)


@dataclass(frozen=True, slots=True)
class ErrorValue:
    """An error as a value: it propagates until IFERROR or ISERROR meets it.

    code: DIV0 VALUE NUM REF TYPE MULTI LIMIT DENIED.
    """

    code: str


@dataclass(frozen=True, slots=True)
class AnyRecord:
    """A record of one of several entities, known by both: two entities may have a record of the same id.

    >>> str(AnyRecord("customer", UUID(int=1)))
    'customer/00000000-0000-0000-0000-000000000001'
    """

    entity: str
    id: UUID

    def __str__(self) -> str:
        """Return it as one text, as queries compare it and expressions write it."""
        return f"{self.entity}/{self.id}"


# What an expression may meet or answer: Decimal, str, bool, date, datetime, UUID, AnyRecord, mapping, list, None, ErrorValue.
ERROR_CODES = ("DIV0", "VALUE", "NUM", "REF", "TYPE", "MULTI", "LIMIT", "DENIED")
Value = object

NUMBER = ValueType("number")
TEXT = ValueType("text")
BOOL = ValueType("bool")
DATE = ValueType("date")
DATETIME = ValueType("datetime")
OPTION = ValueType("option")
BLANK = ValueType("blank")
ANY = ValueType("any")


def list_of(element: ValueType) -> ValueType:
    """Return the type of a list with such elements."""
    return ValueType("list", element)


def record_of(entity: str | None) -> ValueType:
    """Return the type of a record of an entity, which is known by its id."""
    return ValueType("record", None, entity)


def any_record_of(entities: Iterable[str]) -> ValueType:
    """Return the type of a record of one of several entities.

    >>> any_record_of(["lead", "customer"]).entity
    'any(lead|customer)'
    """
    return record_of(f"any({'|'.join(entities)})")


def entities_of(value_type: ValueType) -> tuple[str, ...]:
    """Return the entities whose records a value of the type may be, where there are several to choose from; none for any other type.

    >>> entities_of(any_record_of(["lead", "customer"])), entities_of(record_of("lead"))
    (('lead', 'customer'), ())
    """
    written = value_type.entity
    return tuple(written[4:-1].split("|")) if written is not None and written.startswith("any(") else ()


def any_record(written: str) -> AnyRecord:
    """Return the record that the text of one means; raises ValueError where it means none.

    >>> any_record("lead/00000000-0000-0000-0000-000000000001").entity
    'lead'
    """
    entity, _, record_id = written.rpartition("/")
    return AnyRecord(entity, UUID(record_id))


def name_among(entity: str) -> str:
    """Return the name by which a path goes on to a record of one of several entities: the key without the app's.

    >>> name_among("organization.user")
    'user'
    """
    return entity.rpartition(".")[2]


def failing(value_type: ValueType) -> ValueType:
    """Return the same type, its stored value marked as one that may be an error.

    >>> failing(NUMBER) == NUMBER, failing(NUMBER).fails
    (True, True)
    """
    return replace(value_type, fails=True)


def type_text(value_type: ValueType) -> str:
    """Return a type as text, which `type_from_text` reads back.

    >>> type_text(list_of(record_of("sales_order.lines")))
    'list<record:sales_order.lines>'
    """
    if value_type.of is not None:
        return f"list<{type_text(value_type.of)}>"
    if value_type.entity is not None:
        return f"{value_type.name}:{value_type.entity}"
    return value_type.name


def type_from_text(text: str) -> ValueType:
    """Return the type a text of `type_text` names.

    >>> type_from_text("list<number>") == list_of(NUMBER)
    True
    """
    if text.startswith("list<"):
        return list_of(type_from_text(text[5:-1]))
    name, _, entity = text.partition(":")
    return ValueType(name, None, entity or None)
