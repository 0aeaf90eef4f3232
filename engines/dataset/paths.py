"""Paths of a list: `customer.region.name` and the entity it starts at in, the entity and the field it ends at out."""

from collections.abc import Callable
from dataclasses import dataclass

from engines.entity.entity import ORGANIZATION, SYSTEM_TYPES, Entity, Field
from engines.values.value_types import OPTION, TEXT, ValueType, name_among

MOST_HOPS = 4
"""How many references a path may follow."""
LONGEST_PATH = 56
"""Most characters of a path: with `__title` after it, it is the name of a column, and PostgreSQL takes 63 bytes."""
ENTITY_OF = "entity"
"""What a path ends with that asks which of several entities a record is of."""
_USERS = ("created_by", "updated_by")


@dataclass(frozen=True, slots=True)
class Path:
    """Where a path leads from a record.

    names: its steps. field: the field it ends at, None for one of the platform's. to: the entity it points to at its end.
    """

    names: tuple[str, ...]
    field: Field | None
    to: Entity | None
    value_type: ValueType

    @property
    def key(self) -> str:
        """The path as it is written, which names its value in an answer."""
        return ".".join(self.names)

    @property
    def in_order(self) -> tuple[str, ...]:
        """The path to what it is sorted by: a reference by the title of its record, as people see it."""
        return self.names if self.to is None else (*self.names, self.to.title)

    @property
    def is_list(self) -> bool:
        """Whether it ends at a list, or at something else that has no place in an order."""
        titled = None if self.to is None else self.to.fields.get(self.to.title)
        return (self.field is not None and not self.field.is_ordered) or (titled is not None and titled.is_masked)

    @property
    def is_words(self) -> bool:
        """Whether it is sorted as people sort words, Chinese by pinyin."""
        field = self.field if self.to is None else self.to.fields.get(self.to.title)
        return field is not None and field.is_words

    @property
    def order_type(self) -> ValueType:
        """Type of what it is sorted by."""
        return self.value_type if self.to is None or self.to.title == "id" else TEXT


def path_of(entity: Entity, text: str, entity_of: Callable[[str], Entity | None]) -> Path | None:
    """Return where a path leads, None where there is no such field or it goes through a list; it may end at one of records."""
    names = tuple(text.split("."))
    if len(names) > MOST_HOPS + 1 or len(text) > LONGEST_PATH:
        return None
    steps = iter(names[:-1])
    for name in steps:
        through = entity.fields.get(name)
        if through is not None and through.any_of:
            chosen = next(steps, None)
            if chosen is None:
                return _chosen(entity, names, through, entity_of)
            reached = next((entity_of(entity.everywhere(one)) for one in through.any_of if name_among(one) == chosen), None)
        else:
            reached = target_of(entity, name, entity_of)
        if reached is None:
            return None
        entity = reached
    field = entity.fields.get(names[-1])
    if field is not None and field.column is None and field.link_table is None and not field.is_virtual:
        return None
    if field is None and names[-1] not in system_keys(entity):
        return None
    value_type = SYSTEM_TYPES.get(names[-1], SYSTEM_TYPES["id"]) if field is None else field.value_type
    return Path(names, field, target_of(entity, names[-1], entity_of), value_type)


def _chosen(entity: Entity, names: tuple[str, ...], through: Field, entity_of: Callable[[str], Entity | None]) -> Path | None:
    """Return where a path ends that says which of several entities a record is of, or which it must be of."""
    if names[-1] == ENTITY_OF:
        return Path(names, None, None, OPTION)
    for one in through.any_of:
        if name_among(one) == names[-1]:
            to = entity_of(entity.everywhere(one))
            return None if to is None else Path(names, None, to, SYSTEM_TYPES["id"])
    return None


def target_of(entity: Entity, key: str, entity_of: Callable[[str], Entity | None]) -> Entity | None:
    """Return the entity a reference, the owner of a row or a person of the platform's fields points to; None for anything else."""
    field = entity.fields.get(key)
    if field is not None:
        return None if field.to is None or field.column is None else entity_of(entity.everywhere(field.to))
    if key == "parent" and entity.parent is not None:
        return entity_of(entity.everywhere(entity.parent))
    return entity_of(f"{ORGANIZATION}.user") if key in _USERS and entity.parent is None else None


def system_keys(entity: Entity) -> frozenset[str]:
    """Return the platform's fields that a list of the entity can show and sort by."""
    return frozenset(SYSTEM_TYPES) if entity.parent is None else frozenset(("id", "parent"))
