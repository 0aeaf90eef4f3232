"""An app in, what in its policies works and yet may not be what was meant out: each as an Issue at the element it is about; pure."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from dougong.model.app_model import AppModel
from dougong.model.expression_words import LANGUAGES, conditions_of
from dougong.model.policy import Policy
from dougong.permissions.eyes import Eyes
from dougong.permissions.grants import WRITING
from dougong.permissions.matrix import eyes_for, roles_of
from dougong.permissions.messages import MESSAGES
from engines.entity.actions import name_of
from engines.entity.entity import Entity, Field
from engines.expression.references import functions_used
from engines.values.issue import Issue, issue

Text = Mapping[str, str]
_BY_PEOPLE = frozenset({"SHAREDWITHME"})
"""What finds its records by an index of its own."""


@dataclass(frozen=True, slots=True)
class _App:
    """An app, its entities that have policies, and what each role by itself may do."""

    model: AppModel
    entities: Mapping[str, Entity]
    roles: Mapping[str, Text]
    eyes: Mapping[str, Eyes]

    def policies(self) -> Iterator[tuple[Entity, Policy]]:
        """Give every policy with its entity."""
        for key, entity in self.entities.items():
            for policy in self.model.policies.get(key, ()):
                yield entity, policy

    def allow(self, entity: Entity, action: str) -> list[str]:
        """Return the roles that may do something with some records of an entity."""
        return [role for role, eyes in self.eyes.items() if action in eyes.rows(entity)]

    def full(self, role: str) -> str:
        """Return the full key of a role as a document names it."""
        return role if "." in role else f"{self.model.app}.{role}"


def lint(model: AppModel) -> list[Issue]:
    """Return what may not be meant in the policies of an app, in the order of RULES."""
    roles = roles_of(model)
    entities = {key: entity for key, entity in model.entities.items() if entity.parent is None}
    app = _App(model, entities, roles, {role: eyes_for(model, frozenset([role])) for role in roles})
    return [found for rule in RULES for found in rule(app)]


def _note(code: str, at: str, **parts: object) -> Issue:
    return issue(MESSAGES, code, at, None, **parts)


def _place(entity: Entity, path: str) -> str:
    return f"{entity.pointer}/fields/{path.replace('.', '/fields/')}"


def _inputs(app: _App, entity: Entity) -> Iterator[tuple[str, Field]]:
    """Give the fields of an entity and its rows that people write."""
    for path, field in next(iter(app.eyes.values())).fields(entity):
        if field.is_writable and field.lines is None:
            yield path, field


def _unwritable(app: _App) -> Iterator[Issue]:
    for entity in app.entities.values():
        writers = [(eyes, action) for eyes in app.eyes.values() for action in WRITING if action in eyes.rows(entity)]
        for path, field in _inputs(app, entity) if writers else ():
            is_filled = field.default is not None or field.copy is not None or field.key in _set_by_states(entity)
            if not is_filled and all(eyes.levels(entity, path, action)["write"] is False for eyes, action in writers):
                yield _note("policy-field-unwritable", _place(entity, path), name=field.name)


def _set_by_states(entity: Entity) -> frozenset[str]:
    """Return the fields that transitions give a value."""
    if entity.states is None:
        return frozenset()
    return frozenset(field.key for transition in entity.states.transitions.values() for field, _ in transition.sets) | {entity.states.key}


def _required(app: _App) -> Iterator[Issue]:
    for entity in app.entities.values():
        creators = app.allow(entity, "create")
        for path, field in _inputs(app, entity) if creators else ():
            if not field.is_required or field.default is not None or field.copy is not None or "." in path:
                continue
            for role in creators:
                if app.eyes[role].levels(entity, path, "create")["write"] is False:
                    yield _note("policy-required-unwritable", _place(entity, path), name=field.name, role=app.roles[role])


def _unseen(app: _App) -> Iterator[Issue]:
    for entity in app.entities.values():
        if not app.allow(entity, "read"):
            yield _note("policy-rows-unseen", entity.pointer, name=entity.name)


def _idle(app: _App) -> Iterator[Issue]:
    granting = {policy.role for _, policy in app.policies() if not policy.is_deny}
    for key, role in app.model.roles.items():
        if not role.may and f"{app.model.app}.{key}" not in granting:
            yield _note("policy-role-idle", f"/roles/{key}", name=dict(role.name))


def _shadowed(app: _App) -> Iterator[Issue]:
    for entity in app.entities.values():
        policies = app.model.policies.get(entity.key, ())
        for place, policy in enumerate(policies):
            for at, other in enumerate(policies):
                if at != place and _covers(other, policy) and not (at > place and _covers(policy, other)):
                    yield _note("policy-shadowed", f"/policies/{policy.key}", other=other.key)
                    break


def _covers(wide: Policy, narrow: Policy) -> bool:
    """Whether a policy of the same role says everything another says."""
    if wide.role != narrow.role or wide.is_deny != narrow.is_deny or not narrow.actions <= wide.actions:
        return False
    is_all = wide.rows is None or narrow.rows is not None and wide.rows.tree == narrow.rows.tree
    is_open = not wide.fields and wide.others == "write" and not wide.is_deny
    return is_all and (is_open or (wide.fields == narrow.fields and wide.others == narrow.others))


def _scanning(app: _App) -> Iterator[Issue]:
    for entity, policy in app.policies():
        if policy.is_deny or policy.rows is None or "read" not in policy.actions:
            continue
        conditions = [one for part in policy.parts for one in conditions_of(part)]
        if any(_is_quick(entity, one.formula.reads) or functions_used(one.formula.tree) & _BY_PEOPLE for one in conditions):
            continue  # what is left over by an indexed condition is looked at record by record
        for read in sorted({read for one in conditions for read in one.formula.reads}):
            field = entity.fields.get(read[0])
            if len(read) == 1 and field is not None and field.column is not None and field.kind.is_ordered:
                yield _note("policy-not-indexed", _place(entity, field.key), name=field.name)


def _is_quick(entity: Entity, reads: frozenset[tuple[str, ...]]) -> bool:
    """Whether an index of the entity's own finds what a condition is about; who made a record has one where a policy asks for it."""
    return bool(reads) and all(read == ("id",) or read[0] == "created_by" or (read[0] in entity.fields and entity.fields[read[0]].is_indexed) for read in reads)


def _denying(app: _App) -> Iterator[Issue]:
    for _, policy in app.policies():
        if policy.is_deny and policy.rows is None and not policy.names_fields:
            names = [name_of(action) for action in sorted(policy.actions)]
            actions = {language: ("、" if language == "zh-CN" else ", ").join(dict.fromkeys(name[language] for name in names)) for language in LANGUAGES}
            yield _note("policy-deny-all", f"/policies/{policy.key}", role=app.roles[policy.role], actions=actions)


def _met(app: _App) -> Iterator[Issue]:
    for entity, policy in app.policies():
        eyes = app.eyes[policy.role]
        for path, grant in policy.fields.items():
            field = dict(eyes.fields(entity))[path]
            if policy.is_deny or grant.level not in ("read", "write") or field.formula is None or field.discloses:
                continue
            if "read" in eyes.rows(entity) and any(shown is False for _, shown in eyes.inputs_shown(entity, path, field)):
                yield _note("policy-level-met", f"/policies/{policy.key}/levels/{path}", name=field.name, role=app.roles[policy.role])


def _unreadable(app: _App) -> Iterator[Issue]:
    model = app.model
    screens = [("views", one.key, one.name, one.offered_to, [one.entity]) for one in model.views.values()]
    screens += [("forms", form.key, form.name, form.offered_to, [form.entity]) for form in model.forms.values()]
    screens += [("menus", menu.key, menu.name, menu.offered_to, [model.views[item.view].entity for item in menu.items]) for menu in model.menus]
    for part, key, name, offered_to, entities in screens:
        for role in map(app.full, offered_to or ()):
            if entities and not any(role in app.allow(app.entities[entity], "read") for entity in entities if entity in app.entities):
                yield _note("policy-screen-unreadable", f"/{part}/{key}/offered_to", name=dict(name), role=app.roles.get(role, role))


def _disclosing(app: _App) -> Iterator[Issue]:
    for entity in app.entities.values():
        for path, field in next(iter(app.eyes.values())).fields(entity) if app.eyes else ():
            if not field.discloses or field.formula is None:
                continue
            told = [role for role, eyes in app.eyes.items() if _is_told(eyes, entity, path, field)]
            if told:
                roles = {language: ("、" if language == "zh-CN" else ", ").join(app.roles[role][language] for role in told) for language in LANGUAGES}
                yield _note("policy-discloses", _place(entity, path), name=field.name, roles=roles)


def _is_told(eyes: Eyes, entity: Entity, path: str, field: Field) -> bool:
    """Whether a role reads a field and not what it is computed from."""
    is_read = "read" in eyes.rows(entity) and eyes.levels(entity, path)["read"] is not False
    return is_read and any(shown is not None for _, shown in eyes.inputs_shown(entity, path, field))


RULES: tuple[Callable[[_App], Iterator[Issue]], ...] = (
    _unwritable, _required, _unseen, _idle, _shadowed, _scanning, _denying, _met, _unreadable, _disclosing,
)  # fmt: skip
"""What is looked for, one row each; a new one is a row here and its words in MESSAGES."""
