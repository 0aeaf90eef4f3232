"""What the columns of a sheet mean: what somebody chose in, a plan with the fields of the model out, or every issue with it."""

import dataclasses
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from dougong.model.app_model import AppModel
from dougong.permissions.access import require, seen_by
from dougong.permissions.actor import Actor
from dougong.sheets.messages import MESSAGES
from dougong.sites import Site
from dougong.store.errors import EntityNotFound
from dougong.store.read import known_access
from engines.entity.entity import Entity, Field
from engines.values.issue import Issue, issue

MODES = ("create", "update", "upsert")
NOT_BY_TEXT = frozenset(("lines", "sequence", "secret", "attachments", "attachment", "images", "image", "signature"))
"""Kinds whose values no cell can hold."""


@dataclass(frozen=True, slots=True)
class Target:
    """One column with its field. lines: the field that owns the rows it belongs to. match: the field by which a record is found.

    among: the entities of a reference to any, by key; a cell names one, and the title of its record.
    """

    column: int
    field: Field
    lines: Field | None = None
    to: Entity | None = None
    match: Field | None = None
    among: Mapping[str, Entity] = dataclasses.field(default_factory=dict)

    @property
    def key(self) -> str:
        """How the field is named: `quantity`, `lines.quantity`."""
        return self.field.key if self.lines is None else f"{self.lines.key}.{self.field.key}"


@dataclass(frozen=True, slots=True)
class Plan:
    """What a sheet is to become.

    by: targets that tell records apart. blanks: whether a blank cell leaves what is there or empties it. dates: the order of
    day, month and year in texts. decimal: the sign between a whole number and its fraction.
    """

    entity: Entity
    mode: str
    header_row: int
    targets: tuple[Target, ...]
    by: tuple[Target, ...]
    blanks: str
    errors: str
    dates: str
    decimal: str

    @property
    def own(self) -> tuple[Target, ...]:
        """The targets of the record itself."""
        return tuple(target for target in self.targets if target.lines is None)

    @property
    def lines(self) -> Mapping[str, tuple[Target, ...]]:
        """The targets of its rows, by the field that owns them."""
        keys = dict.fromkeys(target.lines.key for target in self.targets if target.lines is not None)
        return {key: tuple(t for t in self.targets if t.lines is not None and t.lines.key == key) for key in keys}


def importable(model: AppModel, entity: Entity) -> Mapping[str, tuple[Field, Field | None]]:
    """Return the fields an import may fill by how they are named, each with the field that owns its rows."""
    found: dict[str, tuple[Field, Field | None]] = {}
    for field in entity.fields.values():
        if field.lines is not None:
            for inner in model.entities[field.lines].fields.values():
                if _is_fillable(inner):
                    found[f"{field.key}.{inner.key}"] = (inner, field)
        elif _is_fillable(field):
            found[field.key] = (field, None)
    return found


def matchable(target: Entity) -> Sequence[Field]:
    """Return the fields by which a record can be found from a cell: texts and numbers, the title first."""
    found = [f for f in target.stored_fields if f.value_type.name in ("text", "number") and f.kind.read_by == "all" and not f.is_masked]
    return sorted(found, key=lambda field: field.key != target.title)


def read_plan(site: Site, model: AppModel, actor: Actor, mapping: Mapping[str, Any], columns: int, rows: int) -> tuple[Plan | None, list[Issue]]:
    """Return the plan and what is wrong with it; the plan is there where its shape is right.

    Raises EntityNotFound or ActionDenied where the actor may not write such records.
    """
    access = known_access(site, model, actor, mapping["entity"])
    entity, seen = access.seen, seen_by(site, model, actor)
    if entity.parent is not None:
        raise EntityNotFound(entity=mapping["entity"])
    for action in ("import", *{"create": ("create",), "update": ("update",), "upsert": ("create", "update")}[mapping["mode"]]):
        require(access, action, actor)
    issues: list[Issue] = []
    if mapping["header_row"] > rows:
        issues.append(issue(MESSAGES, "import-mapping-header", "/header_row", None, row=mapping["header_row"]))
    targets = _targets(seen, entity, mapping["columns"], columns, issues)
    by = tuple(target for key in mapping["by"] for target in targets if target.key == key and target.lines is None)
    plan = Plan(
        entity, mapping["mode"], mapping["header_row"], tuple(targets), by,
        mapping["blanks"], mapping["errors"], mapping["dates"], mapping["decimal"],
    )  # fmt: skip
    issues += _whole(plan, mapping["by"])
    return (None if issues else plan), issues


def _is_fillable(field: Field) -> bool:
    return field.is_writable and field.kind.key not in NOT_BY_TEXT


def _targets(
    model: AppModel, entity: Entity, chosen: Sequence[Mapping[str, Any]], columns: int, issues: list[Issue]
) -> list[Target]:
    known = importable(model, entity)
    targets: list[Target] = []
    for place, one in enumerate(chosen):
        pointer, key = f"/columns/{place}", one["field"]
        if not key:
            continue
        if key not in known:
            issues.append(issue(MESSAGES, "import-mapping-field-unknown", f"{pointer}/field", None, name=key))
            continue
        field, lines = known[key]
        if not 0 <= one["column"] < columns:
            issues.append(issue(MESSAGES, "import-mapping-column-unknown", f"{pointer}/column", None, column=one["column"] + 1))
        if any(target.key == key for target in targets):
            issues.append(issue(MESSAGES, "import-mapping-field-twice", f"{pointer}/field", None, name=field.name))
        to = match = None
        owner = model.entities[lines.lines] if lines is not None and lines.lines else entity
        if field.target is not None:
            to = model.entity(owner.everywhere(field.target))
            wanted = one.get("match") or to.title
            match = next((f for f in matchable(to) if f.key == wanted), None)
            if wanted != "id" and match is None:
                issues.append(issue(MESSAGES, "import-mapping-match-unknown", f"{pointer}/match", None, name=wanted))
        among = {key: model.entity(owner.everywhere(key)) for key in field.any_of}
        targets.append(Target(one["column"], field, lines, to, match, among))
    return targets


def _whole(plan: Plan, by: Sequence[str]) -> list[Issue]:
    """Return what is wrong with the plan as a whole."""
    issues: list[Issue] = []
    if not plan.targets:
        return [issue(MESSAGES, "import-mapping-empty", "/columns")]
    needs_by = plan.mode != "create" or bool(plan.lines)
    if len(plan.by) != len(by) or (needs_by and not plan.by):
        issues.append(issue(MESSAGES, "import-mapping-by-missing", "/by"))
    elif plan.mode == "upsert" and not (any(set(unique.fields) == set(by) for unique in plan.entity.unique) and all(one.field.shown_when is None for one in plan.by)):
        names = {language: "、".join(t.field.name.get(language, t.key) for t in plan.by) for language in ("zh-CN", "en")}
        issues.append(issue(MESSAGES, "import-mapping-by-not-unique", "/by", None, names=names))
    if plan.mode != "update":
        there = {target.key for target in plan.targets}
        issues += [
            issue(MESSAGES, "import-mapping-required", "/columns", None, name=field.name)
            for field in plan.entity.fields.values()
            if must_be_filled(field) and field.key not in there
        ]
    return issues


def must_be_filled(field: Field) -> bool:
    """Whether a new record needs a value for the field and nothing but the sender gives one."""
    return field.is_required and field.is_writable and field.lines is None and field.default is None and field.copy is None


