"""Stage of resolve: fields and unique constraints as they are written in, the same with their checked conditions out."""

from collections.abc import Callable, Mapping
from dataclasses import replace

from dougong.model.definition import EntityDefinition, UniqueDefinition
from dougong.model.definition_fields import DateField, DatetimeField, FieldDefinition
from dougong.model.labels import labels
from dougong.model.messages import MESSAGES
from dougong.model.resolve_fields import Entities, too_long
from engines.entity.entity import Entity, Field, Formula, Unique
from engines.expression.entity_queries import whole_entities
from engines.expression.references import functions_used
from engines.values.issue import Issue, issue
from engines.values.value_types import BOOL, ValueType

Check = Callable[[Entity, str, str, ValueType], Formula | None]
"""An expression over a record of an entity, where it stands and the type it must have; None where something is wrong with it."""

_CONSTANT = frozenset(
    {"eq", "ne", "lt", "le", "gt", "ge", "and", "or", "not", "list", "or_zero", "or_empty", "or_false", "ISBLANK", "IN", "BETWEEN"}
)
"""What the condition of an index may call: what always gives the same answer for the same record."""


def conditioned(entity: Entity, definition: FieldDefinition, field: Field, check: Check, at: str, issues: list[Issue]) -> Field:
    """Return a field with the expressions that say when it is required and which dates it may hold."""
    if definition.required_when:
        field = replace(field, required_when=_own(entity, definition.required_when, f"{at}/required_when", BOOL, check, issues))
    if isinstance(definition, DateField | DatetimeField):
        for name, text in (("min", definition.min), ("max", definition.max)):
            limit = None if not text else _own(entity, text, f"{at}/{name}", field.value_type, check, issues)
            if limit is not None:
                field = replace(field, earliest=limit) if name == "min" else replace(field, latest=limit)
    return field


def _own(entity: Entity, text: str, at: str, wanted: ValueType, check: Check, issues: list[Issue]) -> Formula | None:
    """Return an expression that is worked out for each record and row, so that it asks no other records."""
    formula = check(entity, text, at, wanted)
    if formula is None:
        return None
    issues += [issue(MESSAGES, "definition-formula-no-entity", at, None, name=name) for name in whole_entities(formula.tree)]
    return formula


def resolve_unique(entry: EntityDefinition, entities: Entities, check: Check, issues: list[Issue]) -> None:
    """Put the unique constraints of an entity, and those of its rows, in their place."""
    found: dict[str, list[Unique]] = {}
    for written in entry.unique:
        at = f"/entities/{entry.key}/unique/{written.key}"
        entity, keys = _place(entry, written, entities, at, issues)
        if entity is not None:
            where = _condition(entity, written.where, f"{at}/where", check, issues) if written.where else None
            has_message = any(text.strip() for text in written.message.values())
            message = labels(written.message) if has_message else None
            unique = Unique(written.key, keys, where, message, written.within is not None)
            found.setdefault(entity.key, []).append(unique)
            if unique.within_parent and entity.parent is None:
                issues.append(issue(MESSAGES, "definition-unique-within", f"{at}/within"))
    for key, constraints in found.items():
        entities[key] = replace(entities[key], unique=(*constraints, *entities[key].unique))


def _place(
    entry: EntityDefinition, written: UniqueDefinition, entities: Mapping[str, Entity], at: str, issues: list[Issue]
) -> tuple[Entity | None, tuple[str, ...]]:
    """Return whose fields a constraint holds, the entity's or those of its rows, and their keys; None where it cannot be."""
    owners = {path.rpartition(".")[0] for path in written.fields}
    owner = next(iter(owners))
    entity = entities.get(f"{entry.key}.{owner}" if owner else entry.key)
    if len(owners) > 1 or entity is None:
        name = ", ".join(written.fields)
        issues.append(issue(MESSAGES, "definition-unique-mixed" if len(owners) > 1 else "definition-field-unknown", at, None, name=name))
        return None, ()
    keys = tuple(path.rpartition(".")[2] for path in written.fields)
    for key in keys:
        if key not in entity.fields:
            issues.append(issue(MESSAGES, "definition-field-unknown", at, None, name=key))
        elif entity.fields[key].column is None:
            issues.append(issue(MESSAGES, "definition-unique-lines", at, None, name=key))
        elif not entity.fields[key].kind.is_ordered:
            issues.append(issue(MESSAGES, "definition-index-kind", at, None, name=key))
    issues += too_long(at, (entity.fields[key] for key in keys if key in entity.fields))
    return entity, keys


def _condition(entity: Entity, text: str, at: str, check: Check, issues: list[Issue]) -> Formula | None:
    """Return a condition an index can keep: own fields that are saved, compared with constants."""
    formula = check(entity, text, at, BOOL)
    if formula is None:
        return None
    calls = sorted(functions_used(formula.tree) - _CONSTANT)
    issues += [issue(MESSAGES, "definition-formula-misplaced", at, None, name=name) for name in calls]
    for path in sorted(formula.reads):
        field = entity.fields.get(path[0])
        if len(path) > 1 or field is None or field.column is None or field.error_column is not None:
            issues.append(issue(MESSAGES, "definition-unique-where", at, None, path=".".join(path)))
    return formula
