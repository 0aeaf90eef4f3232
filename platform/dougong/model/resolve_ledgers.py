"""Stage of resolve: checked entities in; ledgers with what they add up to, and the entities that keep those sums, out."""

from collections.abc import Mapping
from dataclasses import replace

from dougong.model.app_model import AppModel
from dougong.model.definition import AppDefinition, EntityDefinition
from dougong.model.definition_stock import ProjectionDefinition
from dougong.model.labels import labels
from dougong.model.messages import MESSAGES
from dougong.model.property_words import words_of
from dougong.model.reach import unreachable
from dougong.model.resolve_expressions import TYPE_NAMES, FieldTypes, fits, formula_of
from dougong.model.resolve_fields import Entities
from dougong.model.resolve_guards import beyond
from engines.entity.entity import Entity, Field, Formula, Rule
from engines.entity.projection import Projection
from engines.expression.check import cannot_run, text_to_typed
from engines.expression.entity_queries import whole_entities
from engines.expression.functions import FUNCTIONS
from engines.expression.references import functions_used
from engines.values.issue import Issue, issue
from engines.values.value_types import BOOL, NUMBER, ValueType, type_text

Projections = Mapping[str, tuple[Projection, ...]]
"""What each ledger adds up to, by its key."""

MEASURES = frozenset({"number", "money", "quantity"})
SHORT = {"zh-CN": "数量不足", "en": "There is not enough"}


def resolve_ledgers(
    definition: AppDefinition, entities: Entities, organization: AppModel | None
) -> tuple[Entities, Projections, list[Issue]]:
    """Return the entities, what ledgers add up to, and every issue; fields that keep sums are written by nobody else."""
    issues: list[Issue] = []
    types = FieldTypes(entities, organization)
    projections: dict[str, tuple[Projection, ...]] = {}
    for owner in [e for e in definition.entities if isinstance(e, EntityDefinition)]:
        at = f"/entities/{owner.key}"
        for name in ("projections", "negates"):
            if owner.kind != "ledger" and getattr(owner, name):
                issues.append(issue(MESSAGES, "definition-ledger-only", f"{at}/{name}", None, name=words_of(name)))
        if owner.kind != "ledger":
            continue
        entities[owner.key] = replace(entities[owner.key], negates=_negates(owner, entities, issues))
        found = [_projection(owner.key, written, entities, types, issues) for written in owner.projections]
        projections[owner.key] = tuple(projection for projection in found if projection is not None)
    for projection in [one for found in projections.values() for one in found]:
        target = entities[projection.to]
        kept = {*projection.by, *projection.add}
        fields = {key: replace(field, is_read_only=True) if key in kept else field for key, field in target.fields.items()}
        entities[projection.to] = replace(target, fields=fields, projected=target.projected | kept)
    return entities, {key: found for key, found in projections.items() if found}, issues


def _negates(owner: EntityDefinition, entities: Entities, issues: list[Issue]) -> tuple[str, ...]:
    entity = entities[owner.key]
    rows = {key: entities[field.lines].fields for key, field in entity.fields.items() if field.lines is not None}
    fields: dict[str, Field] = {**entity.fields, **{f"{key}.{name}": field for key, inner in rows.items() for name, field in inner.items()}}
    measures = [key for key, field in fields.items() if field.kind.key in MEASURES and field.formula is None]
    for key in owner.negates:
        if key not in measures:
            issues.append(issue(MESSAGES, "definition-negates-kind", f"/entities/{owner.key}/negates", None, name=key))
    return tuple(owner.negates or measures)


def _projection(
    ledger: str, written: ProjectionDefinition, entities: Entities, types: FieldTypes, issues: list[Issue]
) -> Projection | None:
    at = f"/entities/{ledger}/projections/{written.key}"
    count = len(issues)
    source, target = entities[ledger], entities.get(written.entity)
    if target is None or target.parent is not None or target.kind == "ledger":
        issues.append(issue(MESSAGES, "definition-entity-unknown", f"{at}/entity", None, name=written.entity))
        return None
    if written.rows is not None:
        lines = source.fields.get(written.rows)
        if lines is None or lines.lines is None:
            issues.append(issue(MESSAGES, "definition-field-unknown", f"{at}/rows", None, name=written.rows))
            return None
        source = entities[lines.lines]
    for part, keys in (("by", written.by), ("add", written.add)):
        for key in keys:
            issues += _unfit(target, key, part, f"{at}/{part}/{key}")
    if not any(set(unique.fields) == set(written.by) and unique.where is None for unique in target.unique):
        issues.append(issue(MESSAGES, "definition-projection-key", f"{at}/by", None, names=", ".join(written.by)))
    if len(issues) > count:
        return None
    by = {k: _formula(text, source, types, f"{at}/by/{k}", target.fields[k].value_type, issues) for k, text in written.by.items()}
    add = {k: _formula(text, source, types, f"{at}/add/{k}", NUMBER, issues) for k, text in written.add.items()}
    guard = None
    if written.guard is not None:
        check = _formula(written.guard, target, types, f"{at}/guard", BOOL, issues)
        if check is not None:
            issues += [issue(MESSAGES, "definition-guard-path", f"{at}/guard", None, path=path) for path in beyond(check, target)]
            message = labels(written.message) if any(words.strip() for words in written.message.values()) else SHORT
            guard = Rule(written.key, check, None, message)
    if len(issues) > count:
        return None
    return Projection(
        written.key, written.entity, written.rows,
        {k: formula for k, formula in by.items() if formula is not None}, {k: formula for k, formula in add.items() if formula is not None}, guard,
    )  # fmt: skip


def _unfit(target: Entity, key: str, part: str, at: str) -> list[Issue]:
    field = target.fields.get(key)
    if field is None:
        return [issue(MESSAGES, "definition-field-unknown", at, None, name=key)]
    is_plain = field.column is not None and field.formula is None and field.kind.is_input
    if not is_plain or (part == "add" and field.kind.key not in MEASURES):
        return [issue(MESSAGES, "definition-projection-field", at, None, name=field.name)]
    return []


def _formula(text: str, entity: Entity, types: FieldTypes, at: str, wanted: ValueType, issues: list[Issue]) -> Formula | None:
    """Return an expression over an entry or a row that gives the same whenever it is asked, in Python and in SQL."""
    scope = types.scope(entity)
    checked = text_to_typed(text, scope)
    issues.extend(found.at(at) for found in checked.issues)
    tree = checked.tree
    if tree is None or checked.issues:
        return None
    if not fits(tree.type, wanted) or tree.may_fail:
        names = {"wanted": TYPE_NAMES[wanted.name], "found": TYPE_NAMES.get(tree.type.name, type_text(tree.type))}
        issues.append(issue(MESSAGES, "definition-formula-type" if not tree.may_fail else "definition-projection-fails", at, None, **names))
        return None
    formula = formula_of(text, tree)
    volatile = sorted(n for n in functions_used(tree) if not FUNCTIONS[n].steady and n != "entity")
    issues += [issue(MESSAGES, "definition-formula-volatile", at, None, name=name) for name in volatile]
    issues += [issue(MESSAGES, "definition-formula-entity", at, None, name=name) for name in whole_entities(tree)]
    issues += [issue(MESSAGES, "definition-formula-path", at, None, path=".".join(path)) for path in unreachable(formula.reads, scope, 0)]
    issues += [found.at(at) for found in cannot_run(tree, "sql")]
    # Numbers are given when the entry is written, and its sums are kept before that.
    numbered = sorted(path[0] for path in formula.reads if path[0] in entity.fields and entity.fields[path[0]].pattern is not None)
    issues += [issue(MESSAGES, "definition-formula-sequence", at, None, path=path) for path in numbered]
    return formula
