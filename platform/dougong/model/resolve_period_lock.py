"""Period locks of entities as they are written in, checked against the records that close periods, out."""

from collections.abc import Callable
from dataclasses import replace

from dougong.model.app_model import AppModel
from dougong.model.definition import AppDefinition, EntityDefinition
from dougong.model.definition_stock import PeriodLockDefinition
from dougong.model.messages import MESSAGES
from dougong.model.resolve_expressions import TYPE_NAMES, FieldTypes, fits, formula_of
from dougong.model.resolve_fields import Entities
from dougong.model.resolve_guards import beyond
from engines.entity.entity import Entity, Field, PeriodLock
from engines.expression.check import cannot_run, text_to_typed
from engines.expression.functions import FUNCTIONS
from engines.expression.references import functions_used
from engines.values.issue import Issue, issue
from engines.values.value_types import BOOL


def resolve_period_locks(definition: AppDefinition, entities: Entities, organization: AppModel | None) -> tuple[Entities, list[Issue]]:
    """Return the entities with their period locks, and what is wrong with them."""
    issues: list[Issue] = []
    types = FieldTypes(entities, organization)
    for owner in definition.entities:
        if isinstance(owner, EntityDefinition) and owner.period_lock is not None:
            at = f"/entities/{owner.key}/period_lock"
            found = _lock(entities[owner.key], owner.period_lock, entities, types, at, issues)
            entities[owner.key] = replace(entities[owner.key], period_lock=found)
    return entities, issues


def _lock(
    entity: Entity, written: PeriodLockDefinition, entities: Entities, types: FieldTypes, at: str, issues: list[Issue]
) -> PeriodLock | None:
    period = entities.get(written.entity)
    if period is None or period.parent is not None:
        issues.append(issue(MESSAGES, "definition-entity-unknown", f"{at}/entity", None, name=written.entity))
        return None

    def plain(owner: Entity, name: str, key: str, fits_in: Callable[[Field], bool]) -> None:
        field = owner.fields.get(key)
        if field is None:
            issues.append(issue(MESSAGES, "definition-field-unknown", f"{at}/{name}", None, name=key))
        elif field.column is None or not fits_in(field):
            issues.append(issue(MESSAGES, "definition-period-field", f"{at}/{name}", None, name=field.name))

    for owner, name, key in ((entity, "date", written.date), (period, "first", written.first), (period, "last", written.last)):
        plain(owner, name, key, lambda field: field.kind.key == "date")
    for key in written.same:
        other = entity.fields.get(key)
        plain(entity, "same", key, lambda field: field.kind.key in ("reference", "choice", "text"))
        plain(period, "same", key, lambda field, other=other: other is None or field.value_type == other.value_type)  # type: ignore[misc]
    checked = text_to_typed(written.closed, types.scope(period))
    issues += [found.at(f"{at}/closed") for found in checked.issues]
    tree = checked.tree
    if tree is None or checked.issues:
        return None
    if not fits(tree.type, BOOL):
        names = {"wanted": TYPE_NAMES["bool"], "found": TYPE_NAMES.get(tree.type.name, "?")}
        issues.append(issue(MESSAGES, "definition-formula-type", f"{at}/closed", None, **names))
        return None
    closed = formula_of(written.closed, tree)
    issues += [issue(MESSAGES, "definition-guard-path", f"{at}/closed", None, path=path) for path in beyond(closed, period)]
    volatile = sorted(name for name in functions_used(tree) if not FUNCTIONS[name].steady and name != "entity")
    issues += [issue(MESSAGES, "definition-formula-volatile", f"{at}/closed", None, name=name) for name in volatile]
    issues += [found.at(f"{at}/closed") for found in cannot_run(tree, "sql")]
    return PeriodLock(written.date, written.entity, written.first, written.last, closed, tuple(written.same))
