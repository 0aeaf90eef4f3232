"""Fields that must have a value in; the constraints that say so to the database out, made where no record lacks one.

A field that becomes required leaves records that lack a value as they are: their other fields, and what is computed of them, must go on to
be saved. So the constraint comes when there is none, and goes when the field need not be filled in any more, or is retired.
"""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256

from dougong.model.app_model import AppModel
from dougong.store.columns import Physical
from dougong.store.names import quoted, table_name
from engines.entity.entity import Entity, Field


@dataclass(frozen=True, slots=True)
class Required:
    """A column that must have a value in every record that is not in the trash. name: of its constraint."""

    entity: Entity
    field: Field
    name: str

    @property
    def lacks(self) -> str:
        """The query that says whether a record has no value."""
        return f"SELECT EXISTS (SELECT FROM {table_name(self.entity)} WHERE NOT {self._holds}) AS lacks"

    @property
    def made(self) -> str:
        """The statement that makes the constraint without looking through the records."""
        return f"ALTER TABLE {table_name(self.entity)} ADD CONSTRAINT {quoted(self.name)} CHECK {self._holds} NOT VALID"

    @property
    def dropped(self) -> str:
        """The statement that lifts it."""
        return f"ALTER TABLE {table_name(self.entity)} DROP CONSTRAINT IF EXISTS {quoted(self.name)}"

    @property
    def made_at_once(self) -> str:
        """The statement that makes it where no record lacks a value, for a table that is soon looked through."""
        return f"DO $$ BEGIN IF NOT ({self.lacks.removesuffix(' AS lacks')}) THEN {self.made}; {validate(self.entity, self.name)}; END IF; END $$"

    @property
    def _holds(self) -> str:
        trash = " OR deleted_at IS NOT NULL" if self.entity.parent is None else ""
        return f"({quoted(self.field.column or '')} IS NOT NULL{trash})"


def required(model: AppModel) -> tuple[Required, ...]:
    """Return the columns of a model that must have a value.

    Numbers are given after the record is made, and of a secret the column holds nothing.
    """
    return tuple(
        Required(entity, field, required_name(entity, field.column or ""))
        for entity in model.entities.values()
        for field in entity.stored_fields
        if field.is_required and field.formula is None and field.pattern is None and field.kind.key != "secret"
    )


def validate(entity: Entity, constraint: str) -> str:
    """Return the statement that looks through the records for a constraint that came NOT VALID; others go on meanwhile."""
    return f"ALTER TABLE {table_name(entity)} VALIDATE CONSTRAINT {quoted(constraint)}"


def required_name(entity: Entity, column: str) -> str:
    """Return the name of the constraint of a column, whose length is always the same."""
    return f"required__{sha256(f'{entity.table}.{column}'.encode()).hexdigest()[:16]}"


def lifted(model: AppModel, tables: Physical, names: Collection[str]) -> Iterator[str]:
    """Give the statements that lift what need not be filled in any more, from tables that stay."""
    wanted = {one.name for one in required(model)}
    for entity in model.entities.values():
        for column in sorted(tables.get(entity.table, {})):
            name = required_name(entity, column)
            if name in names and name not in wanted:
                yield f"ALTER TABLE {table_name(entity)} DROP CONSTRAINT {quoted(name)}"
