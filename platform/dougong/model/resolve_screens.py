"""Stage of resolve: forms, views and menus in, the views' checked filters and the Issues of all three out."""

from collections.abc import Callable, Mapping

from dougong.model.app_model import AppModel
from dougong.model.definition import AppDefinition, FormDefinition, InputNode, ViewDefinition
from dougong.model.messages import MESSAGES
from dougong.model.resolve_expressions import TYPE_NAMES, FieldTypes, fits, misplaced
from dougong.model.resolve_fields import Entities
from engines.dataset.paths import path_of
from engines.entity.entity import ORGANIZATION, Entity
from engines.expression.check import cannot_run, text_to_typed
from engines.expression.tree import TypedTree
from engines.values.issue import Issue, issue
from engines.values.value_types import BOOL

OWN = f"{ORGANIZATION}."
"""What the organization's own entities are called by everybody but itself."""


def resolve_screens(
    definition: AppDefinition, entities: Entities, organization: AppModel | None
) -> tuple[Mapping[str, TypedTree], list[Issue]]:
    """Return the filter of each view that has one, by view key, and every issue of forms, views and menus."""
    issues: list[Issue] = []
    filters: dict[str, TypedTree] = {}
    types = FieldTypes(entities, organization)
    for form in definition.forms:
        issues += _form(form, entities)
    for view in definition.views:
        entity = entities.get(view.entity)
        at = f"/views/{view.key}"
        if entity is None or entity.parent is not None:
            issues.append(issue(MESSAGES, "definition-entity-unknown", f"{at}/entity", None, name=view.entity))
            continue
        issues += _view(view, entity, definition, lambda key: types.entity(key) or entities.get(key.removeprefix(OWN)), at)
        if view.filter:
            checked = text_to_typed(view.filter, types.scope(entity, of_filters=True))
            issues += [found.at(f"{at}/filter") for found in checked.issues]
            if checked.tree is not None and not checked.issues:
                if not fits(checked.tree.type, BOOL):
                    names = {"wanted": TYPE_NAMES[BOOL.name], "found": TYPE_NAMES.get(checked.tree.type.name, "?")}
                    issues.append(issue(MESSAGES, "definition-formula-type", f"{at}/filter", None, **names))
                issues += [found.at(f"{at}/filter") for found in cannot_run(checked.tree, "sql")]
                issues += misplaced(checked.tree, "condition", f"{at}/filter")
                filters[view.key] = checked.tree
    views = {view.key for view in definition.views}
    for menu in definition.menus:
        for item in menu.items:
            if item.view not in views:
                at = f"/menus/{menu.key}/items/{item.key}/view"
                issues.append(issue(MESSAGES, "definition-view-unknown", at, None, name=item.view))
    return filters, issues


def _form(form: FormDefinition, entities: Entities) -> list[Issue]:
    at = f"/forms/{form.key}"
    entity = entities.get(form.entity)
    if entity is None or entity.parent is not None:
        return [issue(MESSAGES, "definition-entity-unknown", f"{at}/entity", None, name=form.entity)]
    issues: list[Issue] = []
    keys: set[str] = set()
    fields: set[str] = set()
    for section in form.nodes:
        here = f"{at}/nodes/{section.key}"
        for key, where in [(section.key, here), *((n.key, f"{here}/nodes/{n.key}") for n in section.nodes)]:
            if key in keys:
                issues.append(issue(MESSAGES, "definition-key-taken", where, None, name=key))
            keys.add(key)
        for node in section.nodes:
            issues += _input(node, entity, entities, f"{here}/nodes/{node.key}")
            if node.field in fields:
                issues.append(
                    issue(MESSAGES, "definition-node-field-twice", f"{here}/nodes/{node.key}", None, name=node.field)
                )
            fields.add(node.field)
    return issues


def _input(node: InputNode, entity: Entity, entities: Entities, at: str) -> list[Issue]:
    field = entity.fields.get(node.field)
    if field is None:
        return [issue(MESSAGES, "definition-field-unknown", f"{at}/field", None, name=node.field)]
    if node.columns is None:
        return []
    if field.lines is None:
        return [issue(MESSAGES, "definition-columns-kind", f"{at}/columns")]
    rows = entities[field.lines]
    return [
        issue(MESSAGES, "definition-field-unknown", f"{at}/columns/{column.key}", None, name=column.key)
        for column in node.columns
        if column.key not in rows.fields
    ]


def _view(
    view: ViewDefinition, entity: Entity, definition: AppDefinition, entity_of: Callable[[str], Entity | None], at: str
) -> list[Issue]:
    issues = []
    forms = {form.key for form in definition.forms if form.entity == view.entity}
    if view.form is not None and view.form not in forms:
        issues.append(issue(MESSAGES, "definition-form-unknown", f"{at}/form", None, name=view.form))
    for part, elements in (("columns", view.columns), ("sort", view.sort)):
        for element in elements:
            where = f"{at}/{part}/{element.key}"
            field = entity.fields.get(element.key)
            if field is not None and field.column is None and (field.link_table is None or part == "sort"):
                issues.append(issue(MESSAGES, "definition-column-lines", where, None, name=element.key))
            elif path_of(entity, element.key, entity_of) is None:
                issues.append(issue(MESSAGES, "definition-field-unknown", where, None, name=element.key))
            elif field is not None and part == "sort" and not field.kind.is_ordered:
                issues.append(issue(MESSAGES, "definition-sort-kind", where, None, name=element.key))
    return issues
