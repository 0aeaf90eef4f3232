"""An app and an actor in, the app as that actor sees it out: entities without what is hidden from them, and what they may do with each.

Everything is made when it is first asked for and kept as long as the version: an app of 500 entities costs whoever opens one list nothing.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from dougong.model.app_model import AppModel
from dougong.model.paths import Paths
from dougong.model.resolve_expressions import formula_of
from dougong.permissions.actor import Actor
from dougong.permissions.grants import WRITING, Condition, Grants, grants_of
from dougong.permissions.limits import BOUND, denials
from engines.entity.actions import ACTIONS, TRANSITION
from engines.entity.entity import FILES, SYSTEM_TYPES, Entity, Field, Formula
from engines.entity.input_schema import InputSchema, build_input_schema
from engines.expression.combine import all_of, under
from engines.expression.tree import TypedLiteral
from engines.values.value_types import BOOL

OWNER = "parent"
"""What leads from a row to the record that owns it."""


class Eyes:
    """What one actor may see of one app, and do in it."""

    def __init__(self, model: AppModel, actor: Actor, organization: Eyes | None) -> None:
        """Begin with nothing made."""
        self.model, self.actor, self.organization = model, actor, organization
        self.kept: dict[str, Any] = {}
        self._grants: dict[str, Grants] = {}
        self._entities: dict[str, Entity] = {}
        self._inputs: dict[str, InputSchema] = {}
        self._shown: dict[tuple[str, str], Condition | bool] = {}
        of_people = None if organization is None else organization.seen
        self.seen: AppModel = model if actor.is_system else replace(model, entities=_Seen(model, self._seen), organization=of_people)

    def home(self, entity_key: str) -> Eyes:
        """Return what the actor sees of the app that an entity belongs to."""
        return self if self.organization is None or self.model.home(entity_key) is self.model else self.organization

    def entity(self, entity: Entity) -> Entity:
        """Return an entity of the app as the actor sees it."""
        return entity if self.actor.is_system or entity.full_key == FILES else self._seen(entity.key)

    def rows(self, entity: Entity) -> Mapping[str, Formula | None]:
        """Return for each action that is allowed the condition on records, or on rows of the entity."""
        if entity.full_key == FILES:
            # Whoever may read a record may read the files it holds; by themselves they are not to be found.
            return {"read": None, "export": None, "print": None}
        if self.actor.is_system:
            return dict.fromkeys([*ACTIONS, *_transitions(entity)])
        return {action: self._formula(entity, condition) for action, condition in self._of(entity).rows.items() if self._is_within(entity, action)}

    def writes(self, entity: Entity) -> Mapping[str, Mapping[str, Formula]]:
        """Return what may be written in some records only."""
        if self.actor.is_system or entity.parent is not None or entity.full_key == FILES:
            return {}
        found: dict[str, dict[str, Formula]] = {}
        for action in WRITING:
            for key, field in self.fields(entity):
                if field.lines is None and not field.is_writable:
                    continue
                condition = self._writable(entity, action, key) if action in self._of(entity).rows else None
                if condition is not None:
                    tree = TypedLiteral(False, BOOL) if isinstance(condition, bool) else condition
                    found.setdefault(action, {})[key] = formula_of("", tree)
        return found

    def shows(self, entity: Entity) -> Mapping[str, Formula]:
        """Return what is shown, or shown in part, in some records only."""
        if self.actor.is_system or entity.parent is not None or entity.full_key == FILES or "read" not in self._of(entity).rows:
            return {}
        found = {}
        for path, _ in self.fields(entity):
            condition = self._told(entity, path)[0]
            if condition is not None and not isinstance(condition, bool):
                found[path] = formula_of("", condition)
        return found

    def inputs(self, entity: Entity) -> InputSchema | None:
        """Return the check of what may be sent for a record; None for rows and files."""
        whole = self.model.inputs.get(entity.key) if entity.full_key != FILES else None
        if whole is None or self.actor.is_system:
            return whole
        found = self._inputs.get(entity.key)
        if found is None:
            seen = self._seen(entity.key)
            rows = [self._seen(field.lines or "") for field in entity.line_fields]
            is_same = seen is entity and all(row is self.model.entities[row.key] for row in rows)
            found = self._inputs[entity.key] = whole if is_same else build_input_schema(seen, self._seen)
        return found

    def rows_shown(self, entity_key: str) -> Entity | None:
        """Return the entity of rows as the actor sees it, None where they see all of it."""
        seen = self.seen.entities[entity_key]
        return None if seen is self.model.entities[entity_key] else seen

    def is_whole(self, entity: Entity) -> bool:
        """Whether nothing of a record that may be read is hidden from the actor."""
        if self.actor.is_system or entity.full_key == FILES:
            return True
        owner = entity if entity.parent is None else self.model.entities[entity.parent]
        return all(self._is_shown(owner, path) is None for path, _ in self.fields(owner))

    def levels(self, entity: Entity, path: str, action: str = "update") -> Mapping[str, Condition | bool]:
        """Return in which records a field is written, read, or read in part at least: None for each of them, False for none."""
        rows, field, lines = self._of(entity).rows, self._field(entity, path), path.rpartition(".")[0]
        shown = self._is_shown(entity, path) if "read" in rows else False
        masked = shown
        if shown is False and not (lines and self._is_shown(entity, lines) is False):
            is_told = field.formula is None or field.discloses or self._inputs_shown(entity, path, field) is None
            masked = is_told and self._of(entity).reaches("read", path, "masked")
        return {"write": self._writable(entity, action, path) if action in rows else False, "read": shown, "masked": masked}

    def fields(self, entity: Entity) -> Iterator[tuple[str, Field]]:
        """Give every field of an entity and of its rows, those as `lines.price`."""
        for field in entity.fields.values():
            yield field.key, field
            if field.lines is not None:
                for inner in self.model.entities[field.lines].fields.values():
                    yield f"{field.key}.{inner.key}", inner

    def _is_within(self, entity: Entity, action: str) -> bool:
        return self.actor.is_within(self.model.app, entity.parent or entity.key, action)

    def _of(self, entity: Entity) -> Grants:
        owner = entity.parent or entity.key
        found = self._grants.get(owner)
        if found is None:
            policies, roles, limits = self.model.policies.get(owner, ()), self.actor.roles, self.actor.limits
            if limits is not None:
                policies, roles = (*policies, *denials(self.model, self.model.entities[owner], limits)), roles | {BOUND}
            found = self._grants[owner] = grants_of(policies, roles)
        return found

    def _formula(self, entity: Entity, condition: Condition) -> Formula | None:
        if condition is None:
            return None
        return formula_of("", condition if entity.parent is None else under(condition, OWNER))

    def _is_shown(self, entity: Entity, path: str) -> Condition | bool:
        """Return in which records a field may be read, False for none; of what is computed, only where all it reads may be."""
        place = (entity.key, path)
        if place not in self._shown:
            found = self._of(entity).reaches("read", path, "read")
            field, lines = self._field(entity, path), path.rpartition(".")[0]
            if lines:
                found = self._also(found, self._is_shown(entity, lines))
            if found is not False and field.any_of and found is not None:
                found = False  # what it leads to cannot be shown in some records and not in others
            if found is not False and field.formula is not None and not field.discloses:
                found = self._also(found, self._inputs_shown(entity, path, field))
            self._shown[place] = found
        return self._shown[place]

    def _told(self, entity: Entity, path: str) -> tuple[Condition | bool, bool]:
        """Return in which records a field is shown, False for none, and whether that is but in part."""
        shown = self._is_shown(entity, path)
        if shown is not False or self._of(entity).reaches("read", path, "read") is not False:
            return shown, False
        # Only what policies leave less than reading is masked: what is hidden for another reason, as with all rows, is hidden.
        lines = path.rpartition(".")[0]
        around = self._is_shown(entity, lines) if lines else None
        return self._also(self._of(entity).reaches("read", path, "masked"), around), True

    def _field(self, entity: Entity, path: str) -> Field:
        lines, _, key = path.rpartition(".")
        return (self.model.entities[f"{entity.key}.{lines}"] if lines else entity).fields[key]

    def _also(self, one: Condition | bool, other: Condition | bool) -> Condition | bool:
        if one is False or other is False:
            return False
        conditions = [tree for tree in (one, other) if not isinstance(tree, bool) and tree is not None]
        return all_of(conditions) if conditions else None

    def _inputs_shown(self, entity: Entity, path: str, field: Field) -> Condition | bool:
        """Return in which records everything that a formula reads may be read."""
        found: Condition | bool = None
        for _, shown in self.inputs_shown(entity, path, field):
            found = self._also(found, shown)
        return found

    def inputs_shown(self, entity: Entity, path: str, field: Field) -> Iterator[tuple[tuple[str, ...], Condition | bool]]:
        """Give each path a formula reads, with the records in which all on its way may be read: None for each, False for none."""
        assert field.formula is not None
        lines = path.rpartition(".")[0]
        start = self.model.entities[f"{entity.key}.{lines}"] if lines else entity
        paths = Paths(self.model.app, self.model.entities, self.model.organization)
        for read in sorted(field.formula.reads):
            begin, steps, found, is_own = start, read, None, True
            if read[0].startswith("@"):
                begin, steps, is_own = self.model.entity(read[0][1:]), read[1:], False
                found = self._may_read(begin, field.is_virtual)
            for step in paths.steps(begin, steps):
                is_own = is_own and not (step.kind == "members" and step.fields)  # what points to a record is another one
                found = self._also(found, self._step_shown(step.source, step.fields or frozenset({step.key}), field.is_virtual, is_own))
                is_own = is_own and step.kind not in ("reference", "list")
            yield read, found

    def _may_read(self, entity: Entity, is_virtual: bool) -> Condition | bool:
        """Return False where records of an entity may not be read, or where it is kept what all of them come to and not all may be."""
        rows = self.rows(entity)
        return None if "read" in rows and (is_virtual or rows["read"] is None) else False

    def _step_shown(self, source: str, keys: frozenset[str], is_virtual: bool, is_own: bool) -> Condition | bool:
        """Return in which records of an entity one step of what a formula reads may be read. is_own: it is read of the record itself, or of its rows."""
        of = self.model.entity(source)
        home = self.home(source)
        found: Condition | bool = None if is_own else home._may_read(of, is_virtual)
        for key in sorted(keys):
            if key in SYSTEM_TYPES or key not in of.fields:
                continue
            owner = of if of.parent is None else home.model.entities[of.parent]
            path = key if of.parent is None else f"{of.key.partition('.')[2]}.{key}"
            shown = home._is_shown(owner, path)
            if not is_own and shown is not None:
                # What depends on another record cannot be told of this one; a value that is computed when it is read is blank there.
                shown = None if is_virtual and shown is not False else False
            found = self._also(found, shown)
        return found

    def _writable(self, entity: Entity, action: str, path: str) -> Condition | bool:
        """Return in which records a field may be written, False for none."""
        shown = self._is_shown(entity, path) if "read" in self._of(entity).rows else None
        writable = self._of(entity).reaches(action, path, "write")
        lines = path.rpartition(".")[0]
        return self._also(self._also(shown, writable), None if not lines else self._writable(entity, action, lines))

    def _seen(self, key: str) -> Entity:
        found = self._entities.get(key)
        if found is None:
            found = self._entities[key] = self._narrowed(self.model.entities[key])
        return found

    def _narrowed(self, whole: Entity) -> Entity:
        """Return an entity without what the actor may not read; the same where they may read and write everything."""
        owner = whole if whole.parent is None else self.model.entities[whole.parent]
        prefix = "" if whole.parent is None else f"{whole.key.partition('.')[2]}."
        fields = {}
        for field in whole.fields.values():
            narrowed = self._narrowed_field(whole, owner, f"{prefix}{field.key}", field)
            if narrowed is not None:
                fields[field.key] = narrowed
        inverses = {key: one for key, one in whole.inverses.items() if self._leads_back(one.source, one.field)}
        if len(inverses) == len(whole.inverses) and all(fields.get(key) is field for key, field in whole.fields.items()):
            return whole
        is_known = _knows(fields)
        return replace(
            whole, fields=fields, inverses=inverses, title=whole.title if whole.title in fields else "id",
            rules=tuple(rule for rule in whole.rules if is_known(rule.check)),
            computed=tuple(path for path in whole.computed if self._has(whole, fields, path)),
            states=whole.states if whole.states is not None and whole.states.key in fields else None,
            decision=whole.decision if all(key in fields for key in whole.fields) else None,
        )  # fmt: skip

    def _has(self, whole: Entity, fields: Mapping[str, Field], path: str) -> bool:
        """Whether a field of an entity, or of its rows as `lines.price`, is left when it is narrowed."""
        lines, _, key = path.rpartition(".")
        return key in fields if not lines else lines in fields and key in self._seen(f"{whole.key}.{lines}").fields

    def _narrowed_field(self, whole: Entity, owner: Entity, path: str, field: Field) -> Field | None:
        # Records of which none may be read are blank everywhere; that they have such a field is no secret of theirs.
        shown, is_masked = self._told(owner, path) if "read" in self._of(owner).rows else (None, False)
        if shown is False or (is_masked and field.formula is not None and not field.discloses and self._inputs_shown(owner, path, field) is not None):
            return None
        when = None if isinstance(shown, bool) else self._formula(whole, shown)
        is_read_only = (field.is_writable or field.lines is not None) and all(self._writable(owner, action, path) is False for action in WRITING if action in self._of(owner).rows)
        if not is_masked and when is None and not is_read_only and not (field.discloses and field.formula is not None):
            return field
        found = replace(field, shown_when=when, is_masked=is_masked, is_read_only=field.is_read_only or is_read_only or is_masked)
        # What is computed from what they may not read they are shown when it is saved, not while they type.
        return replace(found, is_far=True) if field.formula is not None and field.discloses else found

    def _leads_back(self, source: str, field: str) -> bool:
        of = self.model.entity(source)
        owner, prefix = (of, "") if of.parent is None else (self.model.entities[of.parent], f"{of.key.partition('.')[2]}.")
        return "read" in self._of(owner).rows and self._is_shown(owner, f"{prefix}{field}") is not False


def _transitions(entity: Entity) -> list[str]:
    return [] if entity.states is None else [f"{TRANSITION}.{key}" for key in entity.states.transitions]


def _knows(fields: Mapping[str, Field]) -> Callable[[Formula], bool]:
    """Return what says whether all that an expression reads of its record is among some fields."""
    return lambda formula: all(path[0] in fields or path[0] in SYSTEM_TYPES or path[0].startswith("@") for path in formula.reads)


class _Seen(Mapping[str, Entity]):
    """The entities of an app as somebody sees them, each made when it is first looked at."""

    def __init__(self, model: AppModel, made: Callable[[str], Entity]) -> None:
        self._model, self._made = model, made

    def __getitem__(self, key: str) -> Entity:
        return self._made(key) if key in self._model.entities else self._model.entities[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._model.entities)

    def __len__(self) -> int:
        return len(self._model.entities)


