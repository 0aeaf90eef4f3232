"""Stage of resolve: typed fields in, the same with every formula, default, copy, filter and rule checked out."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cached_property, partial

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.definition import AppDefinition, EntityDefinition
from dougong.model.definition_fields import FieldDefinition, LinesField, PointingField
from dougong.model.field_words import field_words
from dougong.model.labels import labels
from dougong.model.messages import MESSAGES
from dougong.model.reach import unreachable
from dougong.model.resolve_conditions import conditioned, resolve_unique
from dougong.model.resolve_fields import Entities
from dougong.model.resolve_guards import resolve_guards
from dougong.model.resolve_states import fields_of, resolve_states
from engines.entity.entity import FILES, SYSTEM_TYPES, Copy, Entity, Field, Formula, Rule
from engines.entity.files import FILE_ENTITY
from engines.expression.check import cannot_run, text_to_typed
from engines.expression.decision import Decision
from engines.expression.entity_queries import record_paths, split, whole_entities
from engines.expression.evaluate import compile_python
from engines.expression.functions import FUNCTIONS
from engines.expression.references import calls_in, functions_used, references
from engines.expression.scope import Scope, Words
from engines.expression.tree import TypedPath, TypedTree
from engines.values.issue import Issue, issue
from engines.values.value_types import (
    BOOL,
    DATETIME,
    OPTION,
    TEXT,
    ValueType,
    entities_of,
    failing,
    list_of,
    name_among,
    record_of,
    type_text,
)

TypeName = Mapping[str, str]
TYPE_NAMES: Mapping[str, TypeName] = {
    "number": {"zh-CN": "数字", "en": "a number"},
    "text": {"zh-CN": "文本", "en": "text"},
    "bool": {"zh-CN": "是/否", "en": "yes or no"},
    "date": {"zh-CN": "日期", "en": "a date"},
    "datetime": {"zh-CN": "日期时间", "en": "a date and time"},
    "option": {"zh-CN": "选项", "en": "an option"},
    "record": {"zh-CN": "一条记录", "en": "a record"},
    "list": {"zh-CN": "列表", "en": "a list"},
}


def resolve_expressions(
    definition: AppDefinition, entities: Entities, organization: AppModel | None
) -> tuple[Entities, list[Issue]]:
    """Return the entities with their expressions, and every issue in one of them."""
    issues: list[Issue] = []
    types = FieldTypes(entities, organization)
    owners = {e.key: e for e in definition.entities if isinstance(e, EntityDefinition)}
    _type_fields(owners, entities, types, issues)
    known: frozenset[str] = frozenset()
    # What reads a formula that can fail can fail too; so type again until no more fields turn out to.
    while not issues and known != (known := _failing(entities)):
        _type_fields(owners, entities, types, issues)
    for owner in owners.values():
        entity = entities[owner.key]
        scope = types.scope(entity)
        states = resolve_states(owner, entity, partial(_judging, scope, issues), issues)
        rules = []
        for rule in owner.rules:
            at = f"/entities/{owner.key}/rules/{rule.key}"
            checked = _judging(scope, issues, rule.check, f"{at}/check", BOOL)
            if rule.at is not None and rule.at not in entity.fields:
                issues.append(issue(MESSAGES, "definition-field-unknown", f"{at}/at", None, name=rule.at))
            if not any(words.strip() for words in rule.message.values()):
                issues.append(issue(MESSAGES, "definition-rule-message", f"{at}/message"))
            if checked is not None:
                rules.append(Rule(rule.key, checked, rule.at, labels(rule.message), rule.severity == "warning"))
        at = f"/entities/{owner.key}/guards"
        guards = resolve_guards(owner.guards, entity, at, partial(_judging, scope, issues), issues)
        # A guard is a rule of every change; that it is one of the guards as well lets guarded changes say what is left.
        entities[owner.key] = replace(entity, rules=(*rules, *guards), guards=guards, states=states)
        resolve_unique(owner, entities, partial(_about, types, issues, 0), issues)
    return entities, issues


def _about(
    types: "FieldTypes", issues: list[Issue], hops: int, entity: Entity, text: str, at: str, wanted: ValueType
) -> Formula | None:
    return _judging(types.scope(entity), issues, text, at, wanted, hops)


def _judging(scope: Scope, issues: list[Issue], text: str, at: str, wanted: ValueType, hops: int = 1) -> Formula | None:
    """Return a formula over a record as it will be, which may go some references far and ask whole entities about the record."""
    formula = _formula(text, scope, at, issues, wanted)
    if formula is not None:
        issues += _unreachable(formula, scope, at, hops) + misplaced(formula.tree, "rule", at) + unanswered(formula.tree, at)
    return formula


def _type_fields(
    owners: Mapping[str, EntityDefinition], entities: Entities, types: "FieldTypes", issues: list[Issue]
) -> None:
    """Put every entity in its place anew with its expressions typed by what is known of the others."""
    for owner in owners.values():
        # Rows first: most headers sum them.
        for field in owner.fields:
            if isinstance(field, LinesField):
                key = f"{owner.key}.{field.key}"
                at = f"/entities/{owner.key}/fields/{field.key}/fields"
                entities[key] = _fields(entities[key], field.fields, at, types, issues)
        entities[owner.key] = _fields(
            entities[owner.key], fields_of(owner), f"/entities/{owner.key}/fields", types, issues
        )


def _failing(entities: Entities) -> frozenset[str]:
    return frozenset(
        f"{key}.{field.key}" for key, entity in entities.items() for field in entity.fields.values() if field.error_column
    )


class FieldTypes:
    """Field types by entity key for scopes: this app's entities and the organization's."""

    def __init__(self, entities: Mapping[str, Entity], organization: AppModel | None) -> None:
        """Look into the entities as they are filled in."""
        self._entities = entities
        self._organization = organization
        self._words: dict[str, Mapping[str, Words]] = {}

    def entity(self, key: str) -> Entity | None:
        """Return an entity by its key as paths name it: of this app, or `organization.user`."""
        entity = FILE_ENTITY if key == FILES else self._entities.get(key)
        if entity is None:  # the organization itself has its own under their short keys
            entities = self._entities if self._organization is None else self._organization.entities
            entity = entities.get(key.removeprefix("organization."))
        return entity

    def of(self, key: str) -> Mapping[str, ValueType] | None:
        """Return the types of an entity's fields, or the ways on from a record of one of several; None when there is no such entity."""
        among = entities_of(record_of(key))
        if among:
            return {**{name_among(one): record_of(one) for one in among}, "entity": OPTION}
        entity = self.entity(key)
        if entity is not None and key not in self._entities and key != FILES:
            return {name: _of_organization(found) for name, found in value_types(entity).items()}
        if entity is not None and entity.parent is not None:
            # Who reaches a row may go on to its record.
            return {**value_types(entity), "parent": record_of(entity.parent)}
        return None if entity is None else value_types(entity)

    def words(self, key: str) -> Mapping[str, Words]:
        """Return what the fields of an entity are called; nothing when there is no such entity."""
        words = self._words.get(key)
        among = entities_of(record_of(key))
        if words is None and among:
            called = {one: found.name for one in among if (found := self.entity(one)) is not None}
            ways = {name_among(one): Words(name) for one, name in called.items()}
            words = self._words[key] = {**ways, "entity": Words(ENTITY_WORDS, called)}
        if words is None:
            entity = self.entity(key)
            words = self._words[key] = {} if entity is None else field_words(entity)
        return words

    def scope(self, entity: Entity, of_filters: bool = False) -> Scope:
        """Return the names an expression over a record of the entity may use; filters of lists may read a few more as texts."""
        names: dict[str, tuple[str, ...]] = {}
        known = value_types(entity, of_filters)
        for field in entity.fields.values():
            if field.key not in known:
                continue
            for label in field.name.values():
                names[label] = tuple(dict.fromkeys((*names.get(label, ()), field.key)))
        for inverse in entity.inverses.values():
            for label in inverse.name.values():
                names[label] = tuple(dict.fromkeys((*names.get(label, ()), inverse.key)))
        roots = {"parent": record_of(entity.parent)} if entity.parent is not None else {}
        owner = None if entity.parent is None else self.entity(entity.parent)
        inverses = {(key,) for key in entity.inverses} | {("parent", key) for key in (owner.inverses if owner is not None else ())}
        return Scope(known, self.of, names, roots, self.words, entity.key, self.wholes, frozenset(inverses), self.decision)

    def decision(self, key: str) -> Decision | None:
        """Return how a decision table decides, None for another entity."""
        entity = self.entity(key)
        return None if entity is None else entity.decision

    @cached_property
    def wholes(self) -> Mapping[str, tuple[str, ...]]:
        """Return the entities whose records can all be asked, rows of others left out, with what people call them."""
        found = dict(self._entities)
        if self._organization is not None and self._organization.entities.keys() != self._entities.keys():
            found |= {f"{ORGANIZATION}.{key}": entity for key, entity in self._organization.entities.items()}
        return {key: tuple(entity.name.values()) for key, entity in found.items() if entity.parent is None}


ENTITY_WORDS: TypeName = {"zh-CN": "实体", "en": "Entity"}
"""What people call the key of the entity of a record of one of several."""


def _of_organization(found: ValueType) -> ValueType:
    """Return a type of the organization as other apps call it: its entities with its name before them."""
    if entities_of(found):
        return found
    if found.of is not None:
        return replace(found, of=_of_organization(found.of))
    if found.entity in (None, FILES) or found.entity.startswith(f"{ORGANIZATION}."):
        return found
    return replace(found, entity=f"{ORGANIZATION}.{found.entity}")


def value_types(entity: Entity, of_filters: bool = False) -> Mapping[str, ValueType]:
    """Return what expressions may read of a record, by key, the platform's own fields included; filters read a few more as texts."""
    readers = ("all", "filters") if of_filters else ("all",)
    own = {
        f.key: failing(f.value_type) if f.error_column is not None else f.value_type
        for f in entity.fields.values()
        if f.kind.read_by in readers and not f.is_masked
    }
    own |= {inverse.key: list_of(record_of(inverse.source)) for inverse in entity.inverses.values()}
    return {**own, **{key: kind for key, kind in {**SYSTEM_TYPES, "id": record_of(entity.key)}.items() if key not in own}}


def scope_of(model: AppModel, entity: Entity, of_filters: bool = False) -> Scope:
    """Return the scope of an expression over a record of a resolved entity, for filters and checks at run time."""
    return FieldTypes(model.entities, model.organization or model).scope(entity, of_filters)


def _fields(
    entity: Entity, definitions: Sequence[FieldDefinition], at: str, types: FieldTypes, issues: list[Issue]
) -> Entity:
    fields = dict(entity.fields)
    scope = types.scope(entity)
    for definition in definitions:
        field = fields[definition.key]
        here = f"{at}/{definition.key}"
        if definition.default is not None and field.kind.is_input:
            default = _formula(definition.default, scope, f"{here}/default", issues, field.value_type)
            if default is not None:
                issues += _unreachable(default, scope, f"{here}/default", 0) + misplaced(default.tree, "default", f"{here}/default")
                issues += unanswered(default.tree, f"{here}/default")
            field = replace(field, default=default)
        if definition.formula is not None and field.kind.is_input:
            field = _stored(field, definition.formula, scope, f"{here}/formula", types, issues)
        if definition.copy_from is not None:
            field = replace(field, copy=_copy(definition.copy_from, field, fields, types, f"{here}/copy", issues))
        if isinstance(definition, PointingField) and definition.where is not None:
            target = types.entity(field.target or "")
            if target is not None:
                where = _formula(definition.where, types.scope(target), f"{here}/where", issues, BOOL)
                if where is not None:
                    issues += [found.at(f"{here}/where") for found in cannot_run(where.tree, "sql")]
                    issues += misplaced(where.tree, "condition", f"{here}/where")
                field = replace(field, where=where)
        hops = 0 if entity.parent is not None else 1
        fields[definition.key] = conditioned(entity, definition, field, partial(_about, types, issues, hops), here, issues)
    return replace(entity, fields=fields)


def _stored(field: Field, text: str, scope: Scope, at: str, types: FieldTypes, issues: list[Issue]) -> Field:
    formula = _formula(text, scope, at, issues, field.value_type)
    if formula is None:
        return field
    if field.is_virtual:
        issues += [found.at(at) for found in cannot_run(formula.tree, "sql")] + misplaced(formula.tree, "condition", at)
        return replace(field, formula=formula)
    volatile = sorted(n for n in functions_used(formula.tree) if not FUNCTIONS[n].steady and n != "entity")
    issues += [issue(MESSAGES, "definition-formula-volatile", at, None, name=name) for name in volatile]
    issues += [issue(MESSAGES, "definition-formula-entity", at, None, name=name) for name in whole_entities(formula.tree)]
    column = f"{field.column}__error" if formula.tree.may_fail else None
    return replace(field, formula=formula, error_column=column)


# What formulas at a place cannot know: nothing was before a record is made or while a list is read; there are no flows yet,
# and numbers of a rule are given out by sequence fields alone.
_UNKNOWN_IN: Mapping[str, frozenset[str]] = {
    "rule": frozenset({"SEQ", "FLOWSTATE"}),
    "default": frozenset({"SEQ", "FLOWSTATE", "OLD", "CHANGED"}),
    "condition": frozenset({"SEQ", "FLOWSTATE", "OLD", "CHANGED"}),
}


def misplaced(tree: TypedTree, place: str, at: str) -> list[Issue]:
    """Return an issue for each function that has no meaning at a place, and for each path of OLD that leaves the record."""
    unknown = sorted(functions_used(tree) & _UNKNOWN_IN[place])
    issues = [issue(MESSAGES, "definition-formula-misplaced", at, None, name=name) for name in unknown]
    for call in calls_in(tree):
        path = call.args[0] if call.name == "OLD" else None
        if isinstance(path, TypedPath) and len(path.names) - (1 if path.many else 0) > 1:
            issues.append(issue(MESSAGES, "definition-formula-path", at, None, path=".".join(path.names)))
    return issues


# What no query can know: it is given the record as it will be, and nothing else.
_NOT_ASKED = frozenset({"OLD", "CHANGED", "RECORDID", "UUID"})


def unanswered(tree: TypedTree, at: str) -> list[Issue]:
    """Return an issue for each question to a whole entity that cannot be answered before a default or a rule is computed.

    A question is asked about one record or, in the default of a row, about one row: not for each of its rows, and not about them.
    """
    parts = split(tree, "")
    if not parts.queries and parts.is_whole:
        return []
    names = ", ".join(whole_entities(tree))
    about = [path for _, query in parts.queries for path in record_paths(query) if path.many or path.type.of is not None]
    if about or not parts.is_whole:
        return [issue(MESSAGES, "definition-formula-entity-rows", at, None, name=names)]
    unknown = sorted(name for _, query in parts.queries for name in functions_used(query) & _NOT_ASKED)
    issues = [issue(MESSAGES, "definition-formula-misplaced", at, None, name=name) for name in unknown]
    return issues + [found.at(at) for _, query in parts.queries for found in cannot_run(query, "sql")]


def _unreachable(formula: Formula, scope: Scope, at: str, hops: int) -> list[Issue]:
    paths = unreachable(formula.reads, scope, hops)
    return [issue(MESSAGES, "definition-formula-path", at, None, path=".".join(path)) for path in paths]


def _formula(text: str, scope: Scope, at: str, issues: list[Issue], wanted: ValueType) -> Formula | None:
    checked = text_to_typed(text, scope)
    issues.extend(found.at(at) for found in checked.issues)
    tree = checked.tree
    if tree is None or checked.issues:
        return None
    if not fits(tree.type, wanted):
        names = {"wanted": TYPE_NAMES[wanted.name], "found": TYPE_NAMES.get(tree.type.name, type_text(tree.type))}
        issues.append(issue(MESSAGES, "definition-formula-type", at, None, **names))
        return None
    return formula_of(text, tree)


def formula_of(text: str, tree: TypedTree) -> Formula:
    """Return a checked expression ready to run."""
    parts = split(tree, text)
    reads = references(tree)
    return Formula(text, tree, compile_python(parts.rest), reads, parts.queries, frozenset(path[0] for path in reads if len(path) > 1))


def fits(found: ValueType, wanted: ValueType) -> bool:
    """Whether a value of one type can be kept in a field of another."""
    if found.name == "blank" or found == wanted:
        return True
    among, accepted = entities_of(found), entities_of(wanted)
    if among or accepted:
        return bool(among) and set(among) <= set(accepted)
    if found.name == "record" and wanted.name == "record":
        return found.entity is None or wanted.entity is None or found.entity == wanted.entity
    if wanted.of is not None and wanted.of.name == "record":
        return fits(found.of or found, wanted.of)
    if found.of is not None and wanted.of is not None:
        return fits(found.of, wanted.of)
    return (found.name, wanted.name) in {(TEXT.name, OPTION.name), (OPTION.name, TEXT.name), ("date", DATETIME.name)}


def _copy(
    text: str, field: Field, fields: Mapping[str, Field], types: FieldTypes, at: str, issues: list[Issue]
) -> Copy | None:
    reference, _, source = text.partition(".")
    through = fields.get(reference)
    target = types.of(through.to) if through is not None and through.to is not None else None
    if through is None or through.to is None or target is None or source not in target:
        issues.append(issue(MESSAGES, "definition-copy-invalid", at))
        return None
    if not fits(target[source], field.value_type) or target[source].name != field.value_type.name:
        issues.append(issue(MESSAGES, "definition-copy-invalid", at))
        return None
    return Copy(reference, through.to, source)
