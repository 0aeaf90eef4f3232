"""Guarded changes as they were sent in; for each the record it is for, amounts to add and values to set, typed, out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from decimal import Decimal
from typing import Any
from uuid import UUID

import orjson

from dougong.model.app_model import AppModel
from dougong.model.messages import MESSAGES as MODEL_MESSAGES
from dougong.model.resolve_expressions import TYPE_NAMES, fits, formula_of, scope_of
from dougong.model.resolve_guards import beyond
from dougong.permissions.access import Access, seen_by
from dougong.permissions.errors import ActionDenied
from dougong.store.before import read_before
from dougong.store.errors import RecordInvalid
from dougong.store.names import quoted, table_name
from dougong.store.save import Values
from dougong.store.save_sql import columns_of
from dougong.work.climbing import climb
from dougong.work.request import GuardedUpdate
from dougong.work.unit import Overtaken, Unit
from engines.entity.entity import Entity, Field, Rule
from engines.entity.input_schema import InputSchema, build_input_schema, read_values
from engines.entity.messages import MESSAGES
from engines.expression.check import text_to_typed
from engines.values.decimals import round_half_up
from engines.values.frozen import frozen
from engines.values.issue import Issue, issue
from engines.values.value_types import BOOL

Key = tuple[tuple[str, Any], ...]
"""Fields of a unique constraint, in the order of their names, with their values."""


@frozen
class Row:
    """One change: its number in the request, the id or key of its record, amounts to add and values to set."""

    place: int
    id: UUID | None
    key: Key
    add: Mapping[str, Decimal]
    put: Values


@frozen
class Target:
    """A record that is changed, as it is, None for one to be made, and the changes for it in their order."""

    before: Values | None
    key: Key
    rows: list[Row]


def read_rows(unit: Unit, entity: Entity, changes: Sequence[GuardedUpdate], first: int) -> list[Row]:
    """Return the changes typed; raises RecordInvalid with every issue, each at `/rows/<number>`."""
    rows: list[Row] = []
    issues: list[Issue] = []
    schemas = _schemas(unit, entity)
    for place, change in enumerate(changes, first):
        at = f"/rows/{place}"
        given = change.values
        found: dict[str, Any] = {"key": {}, "add": {}, "set": {}}
        for part in found:
            sent = given.get(part)
            if not sent:
                continue
            wrong = [key for key in sent if part == "add" and key in entity.fields and entity.fields[key].value_type.name != "number"]
            issues += [issue(MESSAGES, "record-guarded-add", f"{at}/add/{key}", None, name=entity.fields[key].name) for key in wrong]
            values = read_values(schemas[part], {key: value for key, value in sent.items() if key not in wrong})
            if isinstance(values, dict):
                found[part] = {key: value for key, value in values.items() if key not in ("id", "revision")}
            else:
                issues += [one.at(f"{at}/{part}{one.pointer}") for one in values]
        record_id = given.get("id")
        key = tuple(sorted(found["key"].items()))
        if (record_id is None) == (not given.get("key")) or not (record_id or _is_unique(entity, key)):
            names = "; ".join(", ".join(unique.fields) for unique in entity.unique) or "–"
            issues.append(issue(MESSAGES, "record-guarded-key", at, None, names=names))
        if change.is_partial and len(found["add"]) != 1:
            issues.append(issue(MESSAGES, "record-guarded-one", f"{at}/add"))
        add = {name: round_half_up(value, entity.fields[name].scale or 0) for name, value in found["add"].items() if value is not None}
        rows.append(Row(place, record_id and UUID(str(record_id)), key, add, found["set"]))
    if issues:
        raise RecordInvalid(tuple(issues))
    return rows


async def lock_targets(unit: Unit, access: Access, rows: Sequence[Row], is_create: bool) -> list[Target]:
    """Lock the records that are changed, in the order of their ids, and return them, then those to be made in the order of keys.

    Everybody takes them in this order and before changing any, so that no two wait for each other.
    """
    ids = await _find(unit, access.entity, rows)
    wanted = sorted({found for row in rows if (found := row.id or ids.get(row.key)) is not None})
    await climb(unit, access.entity, wanted)
    locked = await read_before(unit.executor, unit.site, unit.model, unit.actor, access, "update", wanted, True) if wanted else {}
    targets: dict[UUID | Key, Target] = {record_id: Target(locked[record_id][0], (), []) for record_id in wanted if record_id in locked}
    issues: list[Issue] = []
    for row in rows:
        found = row.id or ids.get(row.key)
        if found is None and is_create:
            targets.setdefault(row.key, Target(None, row.key, [])).rows.append(row)
        elif found is None or found not in locked:
            issues.append(issue(MESSAGES, "record-guarded-missing", f"/rows/{row.place}"))
        else:
            before, is_allowed = locked[found]
            if not is_allowed:
                raise ActionDenied("update", access.entity.name)
            if any(before[name] != value for name, value in row.key):
                raise Overtaken
            targets[found].rows.append(row)
    if issues:
        raise RecordInvalid(tuple(issues))
    return sorted(targets.values(), key=lambda target: (target.before is None, str(target.key)))


def read_guard(unit: Unit, access: Access, text: str) -> Rule | None:
    """Return the condition a request asks for, read once a version; raises RecordInvalid with what is wrong with it."""
    if not text:
        return None
    shape = (unit.model, "guard", access.entity.key, unit.actor.rights, text)
    guard: Rule | None = unit.site.compiled.get(shape)
    if guard is None:
        guard = _guard(seen_by(unit.site, unit.model, unit.actor), access, text)
        unit.site.keep(shape, guard)
    return guard


def _guard(model: AppModel, access: Access, text: str) -> Rule:
    # What some records do not show is not to be found out by what holds.
    entity = replace(access.seen, fields={key: field for key, field in access.seen.fields.items() if key not in access.shows})
    checked = text_to_typed(text, scope_of(model, entity))
    issues = [found.at("/guard") for found in checked.issues]
    if checked.tree is None or issues:
        raise RecordInvalid(tuple(issues))
    if not fits(checked.tree.type, BOOL):
        names = {"wanted": TYPE_NAMES["bool"], "found": TYPE_NAMES.get(checked.tree.type.name, "?")}
        raise RecordInvalid((issue(MODEL_MESSAGES, "definition-formula-type", "/guard", None, **names),))
    formula = formula_of(text, checked.tree)
    beyond_it = [issue(MODEL_MESSAGES, "definition-guard-path", "/guard", None, path=path) for path in beyond(formula, entity)]
    if beyond_it:
        raise RecordInvalid(tuple(beyond_it))
    return Rule("", formula, None, {"zh-CN": f"条件“{text}”不成立", "en": f"The condition {text} would not hold"})


def _is_unique(entity: Entity, key: Key) -> bool:
    names = {name for name, value in key if value is not None}
    return any(set(unique.fields) == names and unique.where is None for unique in entity.unique) and len(names) == len(key)


def _schemas(unit: Unit, entity: Entity) -> Mapping[str, InputSchema]:
    """Return what may be sent as key, amounts and values: a key may be of fields nobody may write, an amount below the least value."""
    shape = (unit.model, "guarded", entity.key, unit.actor.rights)
    schemas: Mapping[str, InputSchema] | None = unit.site.compiled.get(shape)
    if schemas is None:

        def only(is_part: Callable[[Field], bool], **others: object) -> InputSchema:
            fields = {key: replace(field, **others) for key, field in entity.fields.items() if is_part(field)}  # type: ignore[arg-type]
            return build_input_schema(replace(entity, fields=fields), seen_by(unit.site, unit.model, unit.actor).entities.__getitem__)

        keys = {key for unique in entity.unique for key in unique.fields}
        schemas = {
            "key": only(lambda field: field.key in keys and field.shown_when is None and not field.is_masked, is_read_only=False),
            "add": only(lambda field: field.value_type.name == "number" and field.lines is None, minimum=None, maximum=None),
            "set": only(lambda field: field.lines is None and field.kind.key != "secret"),
        }
        unit.site.keep(shape, schemas)
    return schemas


async def _find(unit: Unit, entity: Entity, rows: Sequence[Row]) -> dict[Key, UUID]:
    """Return the ids of the records with the keys of the changes, as far as there are such records."""
    found: dict[Key, UUID] = {}
    keys = list(dict.fromkeys(row.key for row in rows if row.id is None))
    columns = {column.key: column for column in columns_of(entity)}
    for names in dict.fromkeys(tuple(name for name, _ in key) for key in keys):
        own = [key for key in keys if tuple(name for name, _ in key) == names]
        listed = ", ".join(f"{quoted(name)} {columns[name].type}" for name in names)
        joined = " AND ".join(f"t.{quoted(columns[name].name)} = x.{quoted(name)}" for name in names)
        given = [{"__place": place, **dict(key)} for place, key in enumerate(own)]
        query = (
            f"SELECT x.__place, t.id FROM json_to_recordset($1::json) AS x(__place integer, {listed})"
            f" JOIN {table_name(entity)} AS t ON {joined} WHERE t.deleted_at IS NULL"
        )
        for row in await unit.executor.fetch(query, orjson.dumps(given, default=str).decode()):
            found[own[row["__place"]]] = UUID(bytes=row["id"].bytes)
    return found
