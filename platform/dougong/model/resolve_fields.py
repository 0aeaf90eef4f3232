"""Stage of resolve: definitions of entities in, entities with typed fields and columns out; expressions are not read yet."""

from collections.abc import Iterable, Iterator, Mapping

from dougong.model.app_model import AppModel, Columns
from dougong.model.definition import AppDefinition, EntityDefinition, EntityExtension
from dougong.model.definition_fields import (
    AnyReferenceField,
    FieldDefinition,
    LinesField,
    ReferenceField,
    ReferencesField,
    SequenceField,
)
from dougong.model.definition_files import file_limits
from dougong.model.field_properties import beside, properties
from dougong.model.labels import labels
from dougong.model.messages import MESSAGES
from dougong.model.resolve_decisions import resolve_decisions
from dougong.model.resolve_inverses import name_inverses
from dougong.model.resolve_sequence import resolve_sequence, sequence_issues
from dougong.model.resolve_states import fields_of
from engines.entity.entity import FILES, ORGANIZATION, RESERVED_KEYS, Entity, Field, Unique, link_table_name
from engines.entity.field_kinds import FIELD_KINDS
from engines.values.issue import Issue, issue
from engines.values.value_types import ValueType, any_record_of, list_of, name_among, record_of

Entities = dict[str, Entity]
TITLE_KINDS = ("text", "sequence")
INDEX_LENGTH = 600
"""Most characters of an index entry: PostgreSQL takes 2,704 bytes, a character has at most 4 and the rest of the entry needs some."""


def resolve_fields(
    definition: AppDefinition, columns: Columns, organization: AppModel | None
) -> tuple[Entities, list[Issue]]:
    """Return the entities by key, rows of sub-tables included, and what is wrong with keys, kinds and targets."""
    issues = _twice("/entities", (e.key for e in definition.entities if isinstance(e, EntityDefinition)))
    entities: Entities = {}
    for entry in definition.entities:
        if isinstance(entry, EntityExtension):
            at = f"/entities/{entry.extend}"
            issues.append(issue(MESSAGES, "definition-extends-unknown", at, None, name=entry.extend))
            continue
        issues += _entity(definition.key, entry, columns, entities)
    for entity in list(entities.values()):
        for field in entity.fields.values():
            at = _pointer(entity, field.key)
            for target in field.any_of or (field.target,):
                if target is not None and not _exists(target, entities, organization):
                    issues.append(issue(MESSAGES, "definition-entity-unknown", f"{at}/to", None, name=target))
            issues += _alike(field, at)
    issues += name_inverses(definition, entities) + resolve_decisions(definition, entities)
    for part in ("forms", "views", "menus", "roles", "policies"):
        issues += _twice(f"/{part}", (element.key for element in getattr(definition, part)))
    return entities, issues


def _alike(field: Field, at: str) -> Iterator[Issue]:
    """Give an issue for each entity of a reference to any that paths could not tell from one before it."""
    seen: set[str] = set()
    for target in field.any_of:
        if name_among(target) in seen:
            yield issue(MESSAGES, "definition-entity-twice", f"{at}/to", None, name=target)
        if target == FILES:
            yield issue(MESSAGES, "definition-entity-unknown", f"{at}/to", None, name=target)
        seen.add(name_among(target))


def _exists(key: str, entities: Entities, organization: AppModel | None) -> bool:
    home, _, name = key.rpartition(".")
    if key == FILES:
        return True
    if not home:
        return key in entities
    return home == "organization" and organization is not None and name in organization.entities


def _pointer(entity: Entity, field_key: str) -> str:
    owner, _, lines = entity.key.partition(".")
    inside = f"/fields/{lines}" if lines else ""
    return f"/entities/{owner}{inside}/fields/{field_key}"


def _twice(at: str, keys: Iterable[str]) -> list[Issue]:
    seen: set[str] = set()
    issues = []
    for key in keys:
        if key in seen:
            issues.append(issue(MESSAGES, "definition-key-taken", f"{at}/{key}", None, name=key))
        seen.add(key)
    return issues


def _entity(app: str, entry: EntityDefinition, columns: Columns, entities: Entities) -> list[Issue]:
    at = f"/entities/{entry.key}"
    written = fields_of(entry)
    issues = _twice(f"{at}/fields", (f.key for f in written)) + _twice(f"{at}/rules", (r.key for r in entry.rules))
    issues += _twice(f"{at}/guards", (g.key for g in entry.guards))
    fields = {f.key: f for f in written}
    resolved = {
        f.key: _field(app, entry.key, f, columns.get(entry.key, {}), f"{at}/fields/{f.key}", issues) for f in written
    }
    title = fields.get(entry.title)
    if title is None:
        issues.append(issue(MESSAGES, "definition-field-unknown", f"{at}/title", None, name=entry.title))
    elif title.kind not in TITLE_KINDS:
        issues.append(issue(MESSAGES, "definition-title-kind", f"{at}/title"))
    listed = {constraint.key for constraint in entry.unique}
    unique = [Unique(f.key, (f.key,)) for f in written if f.unique and f.key not in listed]
    for constraint in unique:
        where = unique_pointer(entry, constraint.key)
        if resolved[constraint.key].column is None:
            issues.append(issue(MESSAGES, "definition-unique-lines", where, None, name=constraint.key))
        elif not resolved[constraint.key].kind.is_ordered:
            issues.append(issue(MESSAGES, "definition-index-kind", where, None, name=constraint.key))
        issues += too_long(where, [resolved[constraint.key]])
    issues += sequence_issues(entry, resolved)
    if entry.kind == "single":
        issues += [
            issue(MESSAGES, "definition-single-required", f"{at}/fields/{f.key}", None, name=resolved[f.key].name)
            for f in written
            if f.required and resolved[f.key].kind.is_input and not (f.default or f.formula)
        ]
    issues += beside(resolved, f"{at}/fields")
    for key in entry.search or ():
        if key not in fields:
            issues.append(issue(MESSAGES, "definition-field-unknown", f"{at}/search", None, name=key))
        elif resolved[key].value_type.name != "text" or resolved[key].kind.read_by != "all" or resolved[key].column is None:
            issues.append(issue(MESSAGES, "definition-search-kind", f"{at}/search", None, name=key))
    search = None if entry.search is None else tuple(entry.search)
    entities[entry.key] = Entity(app, entry.key, labels(entry.name), entry.title, resolved, unique=tuple(unique), kind=entry.kind, search=search)
    for definition in entry.fields:
        if isinstance(definition, LinesField):
            key = f"{entry.key}.{definition.key}"
            inside = f"{at}/fields/{definition.key}/fields"
            issues += _twice(inside, (f.key for f in definition.fields))
            issues += [
                issue(MESSAGES, "definition-unique-rows", f"{inside}/{f.key}/unique", None, name=f.key)
                for f in definition.fields
                if f.unique
            ]
            rows = {f.key: _field(app, key, f, columns.get(key, {}), f"{inside}/{f.key}", issues) for f in definition.fields}
            issues += beside(rows, inside)
            first = next(iter(rows))
            entities[key] = Entity(app, key, labels(definition.name), first, rows, parent=entry.key)
    return issues


def unique_pointer(entry: EntityDefinition, key: str) -> str:
    """Return where a unique constraint is written: in the list of the entity, or as a property of the field."""
    is_listed = any(constraint.key == key for constraint in entry.unique)
    return f"/entities/{entry.key}/" + (f"unique/{key}" if is_listed else f"fields/{key}/unique")


def too_long(at: str, fields: Iterable[Field]) -> list[Issue]:
    """Return an issue if values of these fields may not fit into an index together."""
    found = sum(field.max_length or 0 for field in fields if field.kind.is_ordered)
    if found <= INDEX_LENGTH:
        return []
    return [issue(MESSAGES, "definition-index-long", at, None, most=INDEX_LENGTH, found=found)]


def _field(
    app: str, entity: str, definition: FieldDefinition, columns: Mapping[str, str], at: str, issues: list[Issue]
) -> Field:
    kind = FIELD_KINDS[definition.kind]
    target = _target(app, definition)
    if definition.key in RESERVED_KEYS:
        issues.append(issue(MESSAGES, "definition-key-reserved", at, None, name=definition.key))
    column = None if kind.column_type is None else columns.get(definition.key, definition.key)
    own, found = properties(definition, at)
    issues += found
    pattern = resolve_sequence(definition, at, issues) if isinstance(definition, SequenceField) else None
    has_expression = definition.default or definition.formula or definition.copy_from
    if has_expression and (kind.key in ("lines", "sequence") or kind.read_by != "all"):
        issues.append(issue(MESSAGES, "definition-formula-kind", at))
    if kind.is_list and (definition.formula or definition.copy_from or (definition.default and target == FILES)):
        issues.append(issue(MESSAGES, "definition-formula-kind", at))
    if kind.is_any and (definition.formula or definition.default):
        issues.append(issue(MESSAGES, "definition-formula-kind", at))
    if kind.key == "choices" and definition.formula:
        issues.append(issue(MESSAGES, "definition-formula-kind", at))
    issues += _twice(f"{at}/options", (option.key for option in own.options))
    sources = (definition.default, definition.formula, definition.copy_from)
    if definition.required and definition.read_only and kind.is_input and not any(sources):
        issues.append(issue(MESSAGES, "definition-required-read-only", f"{at}/read_only"))
    is_virtual = definition.virtual and column is not None and definition.formula is not None
    is_kept = definition.required or definition.unique or definition.indexed or target is not None
    if definition.discloses and (is_virtual or definition.formula is None):
        issues.append(issue(MESSAGES, "definition-discloses-kind", f"{at}/discloses"))
    if definition.virtual and (not is_virtual or is_kept):
        issues.append(issue(MESSAGES, "definition-virtual-kind", f"{at}/virtual"))
    field = Field(
        key=definition.key,
        kind=kind,
        name=labels(definition.name),
        value_type=_value_type(entity, definition, target),
        help=None if definition.help is None else labels(definition.help),
        column=None if is_virtual else column,
        is_virtual=is_virtual,
        discloses=definition.discloses,
        is_required=definition.required,
        is_read_only=definition.read_only,
        is_sensitive=definition.sensitive,
        is_indexed=definition.indexed or kind.is_any or (target is not None and not kind.is_list),
        any_of=tuple(definition.to) if isinstance(definition, AnyReferenceField) else (),
        to=None if kind.is_list else target,
        scale=own.scale,
        minimum=own.minimum,
        maximum=own.maximum,
        min_length=own.min_length,
        max_length=own.max_length,
        matches=own.matches,
        options=own.options,
        lines=f"{entity}.{definition.key}" if isinstance(definition, LinesField) else None,
        links=target if kind.is_list else None,
        link_table=columns.get(definition.key, link_table_name(entity, definition.key)) if kind.is_list else None,
        files=file_limits(definition),
        pattern=pattern,
        details=own.details,
    )
    if definition.indexed and column is not None:
        issues += too_long(f"{at}/indexed", [field])
        if not kind.is_ordered:
            issues.append(issue(MESSAGES, "definition-index-kind", f"{at}/indexed", None, name=definition.key))
    return field


def _target(app: str, definition: FieldDefinition) -> str | None:
    """Return the key of the entity a field points to; the organization's own fields leave out its name."""
    if isinstance(definition, ReferenceField | ReferencesField):
        return definition.to
    to = FIELD_KINDS[definition.kind].to
    return to.removeprefix(f"{ORGANIZATION}.") if to is not None and app == ORGANIZATION else to


def _value_type(entity: str, definition: FieldDefinition, target: str | None) -> ValueType:
    if target is not None:
        return list_of(record_of(target)) if FIELD_KINDS[definition.kind].is_list else record_of(target)
    if isinstance(definition, AnyReferenceField):
        return any_record_of(definition.to)
    if isinstance(definition, LinesField):
        return list_of(record_of(f"{entity}.{definition.key}"))
    value_type = FIELD_KINDS[definition.kind].value_type
    assert value_type is not None
    return value_type
