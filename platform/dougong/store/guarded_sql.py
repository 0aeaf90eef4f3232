"""An entity and fields that are added to in; the statement that adds to many records if all their guards hold, else changes nothing, out.

It locks the records in the order of their ids, works out what they would be, judges them, and saves them with history: the form of a
guarded change that needs one round trip. Where that takes more than PostgreSQL is told here, there is no such statement.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, literal_column

from dougong.model.resolve_guards import beyond
from dougong.store.names import quoted, table_name
from dougong.store.save_sql import (
    SYSTEM_COLUMNS,
    VERSION_ARM,
    Parameters,
    columns_of,
    history_arm,
    names_of,
    outbox_arm,
    record_sql,
)
from dougong.store.statement import written_out
from engines.dataset.rows import SQL_TYPES
from engines.entity.compute import ComputePlan
from engines.entity.entity import Entity, Field, Formula, Rule
from engines.expression.check import cannot_run
from engines.expression.references import is_steady
from engines.expression.sql import compile_condition, compile_sql
from engines.expression.sql_context import NotPushable, SqlContext
from engines.values.decimals import LARGEST


def guarded_sql(
    context: SqlContext, plan: ComputePlan, adds: Sequence[str], guards: Sequence[Rule], by: Sequence[str], has_key: bool
) -> str | None:
    """Return the statement, None where formulas or rules are in it that it cannot work out.

    adds: keys of the fields that are added to. guards: conditions beside the rules of the entity. by: the fields by which records are
    found, none for `id`. Parameters after the common ones: the records with `__place`, `id` or the fields of `by`, and an amount
    `<field>__add` each; then, with an idempotency key: key, hash, and the rows of the answer with `number`, `place`, `granted`.
    It answers with a row for each record, or with none where a record is missing or a guard would not hold.
    """
    entity = plan.entity
    added = [entity.fields[key] for key in adds]
    followed = _followed(plan, adds)
    rules = [rule.check for rule in (*entity.rules, *guards)]
    once = {key for unique in entity.unique for key in unique.fields}
    if followed is None or not all(_is_told(rule, entity) for rule in rules) or once & {field.key for field in (*added, *followed)}:
        return None
    try:
        return _statement(context, plan, added, followed, rules, by, has_key)
    except NotPushable:
        return None


def _followed(plan: ComputePlan, adds: Sequence[str]) -> list[Field] | None:
    """Return the computed fields that follow the ones added to, in order; None where one is no number or takes more than its record."""
    changed = set(adds)
    found = []
    for line, field, formula in plan.steps:
        if line is None and any(path[0] in changed or path[0] in ("revision", "updated_at", "updated_by") for path in formula.reads):
            if field.value_type.name != "number" or field.error_column is not None or not _is_told(formula, plan.entity):
                return None
            changed.add(field.key)
            found.append(field)
    return found


def _is_told(formula: Formula, entity: Entity) -> bool:
    """Whether a formula takes nothing but plain fields of its record, and PostgreSQL can work it out."""
    fields = [entity.fields.get(path[0]) for path in formula.reads]
    return (
        not formula.queries
        and not beyond(formula, entity)
        and is_steady(formula.tree)
        and not cannot_run(formula.tree, "sql")
        and all(field is not None and _is_plain(field) for field in fields)
    )


def _is_plain(field: Field) -> bool:
    kind = field.kind
    return field.column is not None and field.error_column is None and kind.read_by == "all" and not (kind.is_list or kind.is_any) and kind.column_type in SQL_TYPES


def _statement(
    context: SqlContext, plan: ComputePlan, added: Sequence[Field], followed: Sequence[Field], rules: Sequence[Formula],
    by: Sequence[str], has_key: bool,
) -> str:  # fmt: skip
    entity, parameters = plan.entity, Parameters()
    table, types = table_name(entity), {column.key: column.type for column in columns_of(entity)}
    listed = [f"{quoted(key)} {types[key]}" for key in by] or ["id uuid"]
    listed += [f"{quoted(f'{field.key}__add')} numeric" for field in added]
    arms = [
        VERSION_ARM,
        f"w AS MATERIALIZED (SELECT x.* FROM json_to_recordset({parameters.next('json')}) AS x(__place integer, {', '.join(listed)}))",
    ]
    wanted, same = "w", "l.id = w.id"
    if by:
        at = " AND ".join(f"t.{quoted(entity.fields[key].column or '')} = w.{quoted(key)}" for key in by)
        arms.append(f"f AS MATERIALIZED (SELECT w.*, t.id FROM w JOIN {table} AS t ON {at} WHERE t.deleted_at IS NULL)")
        # What the key led to may have another by now: its lock was waited for.
        wanted, same = "f", " AND ".join(["l.id = f.id", *(f"l.{quoted(entity.fields[key].column or '')} = f.{quoted(key)}" for key in by)])
    columns = ", ".join(f"t.{name}" for name in names_of(columns_of(entity)))
    arms.append(
        f"l AS MATERIALIZED (SELECT t.id, {columns} FROM {table} AS t WHERE t.id = ANY(ARRAY(SELECT id FROM {wanted})) AND t.deleted_at IS NULL"
        " ORDER BY t.id FOR NO KEY UPDATE)"
    )
    names = {key: f"l.{quoted(field.column)}" for key, field in entity.fields.items() if field.column is not None}

    def column(keys: tuple[str, ...]) -> ColumnElement[Any]:
        return literal_column(names[keys[0]], SQL_TYPES[entity.fields[keys[0]].kind.column_type or ""]())

    old = dict(names)
    sums = [f"{_rounded(field, _sum(names[field.key], wanted, field))} AS {quoted(field.key)}" for field in added]
    steps = [f" CROSS JOIN LATERAL (SELECT {', '.join(sums)}) AS s0"]
    names |= {field.key: f"s0.{quoted(field.key)}" for field in added}
    for place, field in enumerate(followed, 1):
        assert field.formula is not None
        value = _rounded(field, written_out(compile_sql(field.formula.tree, column, context)))
        steps.append(f" CROSS JOIN LATERAL (SELECT {value} AS {quoted(field.key)}) AS s{place}")
        names[field.key] = f"s{place}.{quoted(field.key)}"
    holds = [*_limits(plan, added, followed, names), *(f"coalesce({written_out(compile_condition(rule.tree, column, context))}, false)" for rule in rules)]
    values = "".join(f", {names[field.key]} AS {quoted(field.key)}" for field in (*added, *followed))
    changes = _changes((*added, *followed), old, names)
    arms += [
        (
            f"a AS MATERIALIZED (SELECT l.id, {wanted}.__place{values}, {changes} AS __changes, {' AND '.join(holds)} AS __holds"
            f" FROM l JOIN {wanted} ON {same}{''.join(steps)})"
        ),
        # It reads all of them, so that all locks are taken before anything is changed.
        "e AS MATERIALIZED (SELECT count(*) FILTER (WHERE a.__holds) = (SELECT count(*) FROM w) AS are_all FROM a)",
    ]
    sets = "".join(f", {quoted(field.column or '')} = a.{quoted(field.key)}" for field in (*added, *followed))
    returning = ", ".join(f"t.{name}" for name in [*SYSTEM_COLUMNS, *names_of(columns_of(entity))])
    arms += [
        (
            f"n AS (UPDATE {table} AS t SET revision = t.revision + 1, updated_at = $3, updated_by = $4{sets}"
            f" FROM v, a, e WHERE t.id = a.id AND e.are_all RETURNING {returning}, a.__changes, a.__place)"
        ),
        f"r AS MATERIALIZED (SELECT n.id, n.revision, n.__changes, n.__place, {record_sql('n', entity, (), (), ())} AS record FROM n)",
        history_arm(entity, "update", "r.revision", "r.__changes", "r"),
        outbox_arm(entity, "r"),
    ]
    if has_key:
        arms.append(_key_arm(parameters))
    return f"WITH {', '.join(arms)} SELECT r.id, r.revision, r.__place AS place, convert_to(r.record::text, 'UTF8') AS record FROM r"


def _sum(name: str, wanted: str, field: Field) -> str:
    return f"coalesce({name}, 0) + {wanted}.{quoted(f'{field.key}__add')}"


def _rounded(field: Field, value: str) -> str:
    return f"({value})" if field.scale is None else f"round({value}, {field.scale})"


def _limits(plan: ComputePlan, added: Sequence[Field], followed: Sequence[Field], names: Mapping[str, str]) -> list[str]:
    """Return what must hold of the numbers and of fields that must not be blank; what does not is told by those who look closer."""
    found = [f"coalesce(abs({names[field.key]}), 0) < {LARGEST:f}" for field in (*added, *followed)]
    for field in added:
        name = names[field.key]
        found += [f"{name} {sign} {limit:f}" for sign, limit in ((">=", field.minimum), ("<=", field.maximum)) if limit is not None]
    return [*found, *(f"{names[field.key]} IS NOT NULL" for field in plan.own.required if field.key in names)]


def _changes(fields: Iterable[Field], old: Mapping[str, str], new: Mapping[str, str]) -> str:
    """Return what history keeps: of each field that differs its old and its new number."""
    pairs = ", ".join(f"('{field.key}', trim_scale({old[field.key]})::text, trim_scale({new[field.key]})::text)" for field in fields)
    listed = f"SELECT json_object_agg(c.key, json_build_array(c.old, c.new)) FROM (VALUES {pairs}) AS c(key, old, new)"
    return f"coalesce(({listed} WHERE c.old IS DISTINCT FROM c.new), '{{}}'::json)"


def _key_arm(parameters: Parameters) -> str:
    """Return the arm that keeps the answer for repeats of the request."""
    key, digest, rows = (parameters.next(kind) for kind in ("text", "bytea", "json"))
    answer = "json_build_object('id', r.id, 'revision', r.revision, 'granted', x.granted, 'record', r.record)"
    return (
        "k AS (INSERT INTO dougong.idempotency (actor, key, request_hash, change_set, answer)"
        f" SELECT $4, {key}, {digest}, $6, json_agg({answer} ORDER BY x.number)::text"
        f" FROM json_to_recordset({rows}) AS x(number integer, place integer, granted json) JOIN r ON r.__place = x.place HAVING count(*) > 0)"
    )
