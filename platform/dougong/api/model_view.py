"""AppModel and actor in, what a browser needs to show and fill that actor's records out, as JSON values."""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

from dougong.api.screens_seen import form_seen, view_seen
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.definition import FormDefinition
from dougong.model.known_paths import known_paths
from dougong.permissions.access import Access, access_for, seen_by
from dougong.permissions.actor import Actor
from dougong.sites import Site
from engines.entity.actions import ACTIONS, TRANSITION
from engines.entity.entity import SYSTEM_TYPES, Copy, Entity, Field, Formula, States
from engines.expression.decision import Decision
from engines.expression.tree_json import tree_to_json
from engines.values.decimals import number_text

Json = dict[str, Any]


def runtime_model(site: Site, model: AppModel, actor: Actor) -> Json:
    """Return entities, forms, views and menus of what the actor may read; everything else is absent."""
    seen = seen_by(site, model, actor)

    def may_read(key: str) -> bool:
        return access_for(site, model, actor, key).allows("read")

    entities = [seen.entities[e.key] for e in model.entities.values() if e.parent is None and may_read(e.key)]
    keys = {entity.key for entity in entities}
    views = [found for view in model.views.values() if view.entity in keys and _is_for(actor, model.app, view.offered_to) and (found := view_seen(seen, view))]
    view_keys = {view["key"] for view in views}
    forms = [form for form in model.forms.values() if form.entity in keys and _is_for(actor, model.app, form.offered_to)]
    return {
        "app": model.app,
        "version": model.version,
        "name": model.definition.name,
        "icon": model.definition.icon,
        "languages": model.definition.languages,
        "time_zone": str(site.zone),
        "may": [act for act in ("design", "publish") if actor.may_do(act, model.app)],
        "entities": [_entity(seen, entity, access_for(site, model, actor, entity.key), may_read) for entity in entities],
        "forms": [form_seen(seen, form) for form in forms],
        "views": views,
        "menus": [
            {**menu.model_dump(exclude_none=True, exclude={"items", "offered_to"}), "items": items}
            for menu in model.menus
            if _is_for(actor, model.app, menu.offered_to)
            if (items := [i.model_dump(exclude_none=True) for i in menu.items if i.view in view_keys])
        ],
    }


def screen_model(site: Site, model: AppModel, actor: Actor, entity_key: str, form: FormDefinition | None, is_filled: bool) -> Json:
    """Return what it takes to show one form, or all fields of an entity where it is None, and nothing of the app besides.

    is_filled: references can be chosen; else there is nowhere to go from what they point to.
    """
    seen = seen_by(site, model, actor)

    def may_read(key: str) -> bool:
        return is_filled and access_for(site, model, actor, key).allows("read")

    entity = seen.entities[entity_key]
    return {
        "app": model.app,
        "version": model.version,
        "name": model.definition.name,
        "icon": None,
        "languages": model.definition.languages,
        "time_zone": str(site.zone),
        "may": [],
        "entities": [_entity(seen, entity, access_for(site, model, actor, entity_key), may_read)],
        "forms": [] if form is None else [form_seen(seen, form)],
        "views": [],
        "menus": [],
    }


def offered_by(model: AppModel, field: Field) -> set[tuple[str, str]]:
    """Return which records a field offers in an app as somebody sees it: by the keys of their entities, with the condition, blank for none."""
    if field.target is not None:
        return {(field.target, _offered(model, field, model.entity(field.target)) or "")}
    return {(key, "") for key in field.any_of}


def _is_for(actor: Actor, app: str, roles: Sequence[str] | None) -> bool:
    """Whether what is meant for some roles is offered to an actor."""
    return roles is None or bool(actor.roles_in(app) & set(roles))


_NEVER: Mapping[str, frozenset[str]] = {
    "single": frozenset({"create", "delete", "restore", "import", "bulk"}),
    "ledger": frozenset({"update", "delete", "restore", "bulk"}),
}
"""What can never be done with records of some kinds: the one record stays the one, an entry is taken back by another."""
_NEVER_WITH_SUMS = frozenset({"create", "delete", "restore", "import"})


def _actions(entity: Entity, allows: Callable[[str], bool]) -> list[str]:
    """Return what the actor may do; an entry of a ledger is taken back by whoever may make one, sums are made by entries alone."""
    never = _NEVER_WITH_SUMS if entity.projected else _NEVER.get(entity.kind, frozenset())
    actions = [action for action in ACTIONS if action not in never and action != TRANSITION and allows(action)]
    return [*actions, "reverse"] if entity.kind == "ledger" and "create" in actions else actions


def _entity(model: AppModel, entity: Entity, access: Access, may_read: Callable[[str], bool]) -> Json:
    return {
        "key": entity.key,
        "name": entity.name,
        "title": entity.title,
        "kind": entity.kind,
        "actions": _actions(entity, access.allows),
        "states": None if entity.states is None else _states(entity.states, access.allows),
        "decision": None if entity.decision is None else _decision(entity.decision),
        "computed": [path for path in entity.computed if not _is_far(model, entity, path)],
        "fields": [_shown(entity, field, _field(model, entity, field, may_read)) for field in entity.fields.values()],
        "rules": [
            {"key": rule.key, "check": tree_to_json(rule.check.tree), "at": rule.at, "message": rule.message}
            for rule in entity.rules
            if known_paths(model, entity)(rule.check)
            # What is only warned of is confirmed with the server's own words.
            if not rule.is_warning
            if not rule.is_late
        ],
    }


def _shown(entity: Entity, field: Field, shown: Json) -> Json:
    """Return a field as forms show it: the state of a record changes by transitions, not by being filled in."""
    return {**shown, "read_only": True} if entity.states is not None and field.key == entity.states.key else shown


def _decision(decision: Decision) -> Json:
    inputs = [{"key": one.key, "name": one.name, "match": one.match, "fields": one.fields} for one in decision.inputs]
    return {"inputs": inputs, "outputs": decision.outputs, "policy": decision.policy, "first": decision.first, "last": decision.last}


def _states(states: States, allows: Callable[[str], bool]) -> Json:
    return {
        "key": states.key,
        "start": states.start,
        "states": [
            {"key": s.key, "name": s.name, "color": s.color, "read_only": s.is_read_only, "can_delete": s.can_delete}
            for s in states.states.values()
        ],
        "transitions": [
            {"key": t.key, "name": t.name, "from": t.sources, "to": t.target, "confirm": t.confirm}
            for t in states.transitions.values()
            if allows(f"{TRANSITION}.{t.key}")
        ],
    }


def _is_far(model: AppModel, entity: Entity, path: str) -> bool:
    lines, _, key = path.rpartition(".")
    return (model.entities[f"{entity.key}.{lines}"] if lines else entity).fields[key].is_far


def _field(model: AppModel, entity: Entity, field: Field, may_read: Callable[[str], bool]) -> Json:
    is_known = known_paths(model, entity)
    shown: Json = {
        "key": field.key,
        "kind": field.kind.key,
        "name": field.name,
        "help": field.help,
        "required": field.is_required,
        "read_only": not field.is_writable,
        "indexed": field.is_indexed,
        "formula": None if field.is_far or field.is_virtual or not is_known(field.formula) else _tree(field.formula),
        "is_far": field.is_far or field.is_virtual,
        "default": _tree(field.default) if is_known(field.default) else None,
        "copy": [field.copy.reference, field.copy.source] if field.copy is not None and _copies(model, field.copy) else None,
        "operators": field.kind.operators,
    }
    if field.max_length is not None:
        shown["max_length"] = field.max_length
    if field.min_length is not None:
        shown["min_length"] = field.min_length
    if field.matches is not None:
        shown["pattern"] = field.matches.pattern
        shown["pattern_message"] = field.matches.message
    if field.scale is not None:
        shown["scale"] = field.scale
        shown["min"] = None if field.minimum is None else number_text(field.minimum)
        shown["max"] = None if field.maximum is None else number_text(field.maximum)
    if field.options:
        shown["options"] = [{"key": o.key, "name": o.name, "color": o.color, "parent": o.parent} for o in field.options]
    shown |= field.details
    if field.is_masked:
        shown |= {"masked": True, "operators": ()}
    if field.files is not None:
        limits = field.files
        shown |= {"types": limits.types, "max_size": limits.max_size, "max_count": limits.max_count}
    elif field.target is not None:
        shown |= _reference(model, field, may_read)
    elif field.any_of:
        shown["among"] = [_among(model, one, may_read) for one in field.any_of]
    if field.lines is not None:
        rows = model.entities[field.lines]
        shown["fields"] = [_field(model, rows, inner, may_read) for inner in rows.fields.values()]
    return shown


def _reference(model: AppModel, field: Field, may_read: Callable[[str], bool]) -> Mapping[str, Any]:
    assert field.target is not None
    is_readable = may_read(field.target)
    return {
        "to": field.target,
        "to_title": model.entity(field.target).title,
        "to_name": model.entity(field.target).name,
        "where": _offered(model, field, model.entity(field.target)),
        "is_readable": is_readable,
    }


def _offered(model: AppModel, field: Field, target: Entity) -> str | None:
    """Return the condition on what a picker offers: the field's own, else of users those who are active; what is there already stays."""
    if field.where is None and target.full_key == f"{ORGANIZATION}.user" and "active" in target.fields:
        return "active"
    return field.where.text if field.where is not None and known_paths(model, target)(field.where) else None


def _among(model: AppModel, key: str, may_read: Callable[[str], bool]) -> Mapping[str, Any]:
    entity = model.entity(key)
    return {"to": key, "to_title": entity.title, "to_name": entity.name, "is_readable": may_read(key)}


def _copies(model: AppModel, copy: Copy) -> bool:
    return copy.source in model.entity(copy.to).fields or copy.source in SYSTEM_TYPES


def _tree(formula: Formula | None) -> object:
    return None if formula is None else tree_to_json(formula.tree)
