"""An app in, what each of its roles may do with the records and fields of each entity out, by itself: what it comes to, denials included."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.expression_words import LANGUAGES, part_words
from dougong.model.policy import Policy
from dougong.permissions.actor import SYSTEM_ID, Actor
from dougong.permissions.eyes import Eyes
from engines.entity.actions import ACTIONS, TRANSITION
from engines.entity.entity import Entity

Text = Mapping[str, str]
_AND: Text = {"zh-CN": "，且", "en": ", and "}


@dataclass(frozen=True, slots=True)
class ActionCell:
    """An action a role may do. rows: which records it is for, each as one policy says it, none for all. but: those that are taken away."""

    action: str
    rows: tuple[Text, ...]
    but: tuple[Text, ...]


@dataclass(frozen=True, slots=True)
class FieldCell:
    """What a role may do with a field at most. in_some: in some of the records that the role may read, or change, only."""

    key: str
    name: Text
    level: str
    in_some: bool


@dataclass(frozen=True, slots=True)
class Cell:
    """What a role may do with an entity; nothing where there are no actions."""

    role: str
    entity: str
    actions: tuple[ActionCell, ...]
    fields: tuple[FieldCell, ...]


@dataclass(frozen=True, slots=True)
class Matrix:
    """Roles by full key, entities by key, each with its name, and a cell for each pair."""

    roles: Mapping[str, Text]
    entities: Mapping[str, Text]
    actions: Mapping[str, tuple[str, ...]]
    cells: tuple[Cell, ...]


def matrix_of(model: AppModel) -> Matrix:
    """Return what each role of an app may do, and those of the organization of which its policies speak."""
    owners = {key: entity for key, entity in model.entities.items() if entity.parent is None}
    roles = roles_of(model)
    actions = {key: actions_of(entity) for key, entity in owners.items()}
    cells = [cell for role in roles for cell in _cells(model, role, owners, actions)]
    return Matrix(roles, {key: entity.name for key, entity in owners.items()}, actions, tuple(cells))


def roles_of(model: AppModel) -> Mapping[str, Text]:
    """Return the names of the roles that an app has, and of others its policies speak of, by full key."""
    found: dict[str, Text] = {f"{model.app}.{key}": {str(one): text for one, text in role.name.items()} for key, role in model.roles.items()}
    others = {policy.role for policies in model.policies.values() for policy in policies} - found.keys()
    people = {} if model.organization is None else model.organization.roles
    for full in sorted(others):
        role = people.get(full.removeprefix(f"{ORGANIZATION}."))
        found[full] = dict.fromkeys(LANGUAGES, full) if role is None else {str(language): text for language, text in role.name.items()}
    return found


def actions_of(entity: Entity) -> tuple[str, ...]:
    """Return every action there is with records of an entity, each transition by its own name."""
    keys = () if entity.states is None else entity.states.transitions
    return (*(action for action in ACTIONS if action != TRANSITION), *(f"{TRANSITION}.{key}" for key in keys))


def eyes_for(model: AppModel, roles: frozenset[str]) -> Eyes:
    """Return what somebody with some roles may do in an app, where nothing is kept for the next one who asks."""
    actor = Actor(SYSTEM_ID, "", "en", roles)
    organization = None if model.organization is None else Eyes(model.organization, actor, None)
    return Eyes(model, actor, organization)


def rows_words(model: AppModel, entity: Entity, policy: Policy) -> Text:
    """Return what people read for the records a policy is for."""
    parts = [part_words(model, entity, part) for part in policy.parts]
    return {language: _AND[language].join(part[language] for part in parts) for language in LANGUAGES}


def _cells(model: AppModel, role: str, owners: Mapping[str, Entity], actions: Mapping[str, tuple[str, ...]]) -> Iterator[Cell]:
    eyes = eyes_for(model, frozenset([role]))
    for key, entity in owners.items():
        rows = eyes.rows(entity)
        found = tuple([_action(model, entity, role, action) for action in actions[key] if action in rows])
        yield Cell(role, key, found, tuple(_fields(eyes, entity)) if rows else ())


def _action(model: AppModel, entity: Entity, role: str, action: str) -> ActionCell:
    mine = [policy for policy in model.policies[entity.key] if policy.role == role and action in policy.actions]
    granting = [policy for policy in mine if not policy.is_deny]
    is_each = any(policy.rows is None for policy in granting)
    rows = [] if is_each else [rows_words(model, entity, policy) for policy in granting]
    return ActionCell(action, tuple(rows), tuple([rows_words(model, entity, p) for p in mine if p.is_deny and not p.names_fields]))


def _fields(eyes: Eyes, entity: Entity) -> Iterator[FieldCell]:
    for path, field in eyes.fields(entity):
        is_input = field.is_writable or field.lines is not None
        found = {**eyes.levels(entity, path), **({} if is_input else {"write": False})}
        if found["write"] is False and is_input:
            found["write"] = eyes.levels(entity, path, "create")["write"]
        level = next((level for level, condition in found.items() if condition is not False), "hidden")
        yield FieldCell(path, field.name, level, found.get(level) is not None and level != "hidden")
