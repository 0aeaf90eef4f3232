"""Defaults, copies and computed fields: what was there and what was sent in, the whole record as it will be out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import ROUND_HALF_UP, Decimal
from typing import Any
from uuid import UUID

from engines.entity.entity import Copy, Entity, Field, Formula, Rule
from engines.expression.entity_queries import whole_entities
from engines.expression.failure import EvalContext
from engines.values.decimals import WIDE, round_half_up, step
from engines.values.value_types import ErrorValue

Values = dict[str, Any]
Found = Mapping[str, Mapping[UUID, Mapping[str, Any]]]
"""Records that references point to: by entity key, by id, their values by field key."""


@dataclass(frozen=True, slots=True)
class Parts:
    """What one kind of record needs for a beginning: blanks, number fields with their last decimal place, defaults, copies, and what is required, or by a condition.

    asking: defaults that ask whole entities. failing: keys of computed fields whose value may be an error.
    """

    blank: Values
    scaled: tuple[tuple[str, Decimal], ...]
    defaults: tuple[tuple[Field, Formula], ...]
    asking: tuple[tuple[Field, Formula], ...]
    copies: tuple[tuple[Field, Copy], ...]
    required: tuple[Field, ...]
    conditional: tuple[Field, ...]
    failing: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class ComputePlan:
    """An entity with its rows' entities, arranged for computing: everything a record needs is looked up once, here.

    own, rows: the parts of the record itself and of its rows by lines field. asking: the lines fields with rows whose defaults ask.
    asked_by_rules: the entities that its rules and the guards of its transitions ask as a whole.
    steps: computed fields in order, each with the key of its lines field or None; far ones are left out. fresh: the same for a new
    record, to which nothing points yet, so that some of the far ones are known: `known`, those of rows as `lines.amount`.
    asks_itself: a rule, a guard or a default asks the entity or its rows as a whole, so that each record must see those before it.
    keys: of the entity and of those of its rows. rules, warnings: what a record is held against before it is saved, asking_rules: those
    of both that ask whole entities; late: after that.
    """

    entity: Entity
    lines: Mapping[str, Entity]
    own: Parts
    rows: Mapping[str, Parts]
    asking: tuple[str, ...]
    asked_by_rules: frozenset[str]
    steps: tuple[tuple[str | None, Field, Formula], ...]
    fresh: tuple[tuple[str | None, Field, Formula], ...]
    known: frozenset[str]
    asks_itself: bool
    keys: tuple[str, ...]
    rules: tuple[Rule, ...]
    warnings: tuple[Rule, ...]
    asking_rules: tuple[Rule, ...]
    late: tuple[Rule, ...]


def plan_compute(entity: Entity, line_entity: Callable[[str], Entity]) -> ComputePlan:
    """Return the plan of an entity; `line_entity` gives the entity of its rows by key."""
    lines = {f.key: line_entity(f.lines) for f in entity.fields.values() if f.lines is not None}
    rows = {key: _parts(found) for key, found in lines.items()}
    asking = tuple(key for key, parts in rows.items() if parts.asking)
    asked = frozenset(key for formula in judging(entity) for key in whole_entities(formula.tree))
    known = known_when_new(entity, lines)
    every = tuple(_step(entity, lines, path) for path in entity.computed)
    steps = tuple(step for step in every if not step[1].is_far)
    fresh = tuple(step for step, path in zip(every, entity.computed, strict=True) if not step[1].is_far or path in known)
    own = _parts(entity)
    defaults = (formula for parts in (own, *rows.values()) for _, formula in parts.asking)
    every_asked = asked.union(*(whole_entities(formula.tree) for formula in defaults))
    itself = any(key == entity.key or key.startswith(f"{entity.key}.") for key in every_asked)
    keys = (entity.key, *(found.key for found in lines.values()))
    early, late = (tuple(rule for rule in entity.rules if rule.is_late is is_late) for is_late in (False, True))
    strict, warning = (tuple(rule for rule in early if rule.is_warning is is_warning) for is_warning in (False, True))
    asking_rules = tuple(rule for rule in early if rule.check.queries)
    return ComputePlan(entity, lines, own, rows, asking, asked, steps, fresh, known, itself, keys, strict, warning, asking_rules, late)


def known_when_new(entity: Entity, lines: Mapping[str, Entity]) -> frozenset[str]:
    """Return the far fields whose values need no other record while nothing points to theirs; a field of rows as `lines.amount`."""
    known: set[str] = set()
    for path in entity.computed:
        line_key, field, formula = _step(entity, lines, path)
        if field.is_far and all(_is_known(entity, lines, line_key, read, known) for read in formula.reads):
            known.add(path)
    return frozenset(known)


def _is_known(entity: Entity, lines: Mapping[str, Entity], line_key: str | None, read: tuple[str, ...], known: set[str]) -> bool:
    if line_key is not None:
        read = read[1:] if read[0] == "parent" else (line_key, *read)
    if not read:
        return True
    if read[0] in entity.inverses:
        return line_key is None
    field = entity.fields.get(read[0])
    if field is not None and field.lines is not None:
        if len(read) == 1:
            return True
        inner = lines[field.key].fields.get(read[1])
        return len(read) == 2 and (inner is None or not inner.is_far or ".".join(read) in known)
    return len(read) == 1 and (field is None or not field.is_far or read[0] in known)


def judging(entity: Entity) -> tuple[Formula, ...]:
    """Return the formulas that are worked out over a record as it will be: rules, conditions of fields, guards, what transitions set."""
    formulas = [rule.check for rule in entity.rules]
    for field in entity.fields.values():
        formulas += [found for found in (field.required_when, field.earliest, field.latest) if found is not None]
    for transition in () if entity.states is None else entity.states.transitions.values():
        formulas += [] if transition.when is None else [transition.when]
        formulas += [formula for _, formula in transition.sets]
    return tuple(formulas)


def compute(plan: ComputePlan, before: Values | None, sent: Values, found: Found, context: EvalContext) -> Values:
    """Return the whole record: stored fields by key, `<key>__error` beside failing ones, rows under their lines field.

    A field that failed holds its ErrorValue, for the rules to meet; `kept` puts the blank there that is saved.

    before: the record as it is, None when it is new. sent: values people or programs gave; every row carries its `id`.
    """
    after = _begin(plan.own, before, sent, found, context)
    for key, parts in plan.rows.items():
        after[key] = _rows(parts, key, before, sent, found, context, after)
    for line_key, field, formula in plan.fresh if before is None else plan.steps:
        for record in (after,) if line_key is None else after[line_key]:
            _store(record, field, formula.run(record, context))
    for key in plan.rows:
        for row in after[key]:
            # A row that knows its owner makes a circle, which would have to wait for the garbage collector.
            del row["parent"]
    return after


def kept(plan: ComputePlan, record: Values) -> Values:
    """Return the record as it is saved and shown: a blank where a field failed, the code stays beside it.

    It changes the record it is given, which nobody computes with any more.
    """
    _blank_errors(plan.own, record)
    for key, parts in plan.rows.items():
        if parts.failing:
            for row in record[key]:
                _blank_errors(parts, row)
    return record


def with_copies(plan: ComputePlan, before: Values, sent: Mapping[str, Any]) -> Values:
    """Return what is sent with the copies the record has, so that none is taken anew where the reference it comes by changes."""
    kept_copies = _copies(plan.own, before, sent)
    for key, parts in plan.rows.items():
        if parts.copies and key in sent:
            old = {row["id"]: row for row in before.get(key, ())}
            kept_copies[key] = [{**_copies(parts, old[row["id"]], row), **row} if row["id"] in old else row for row in sent[key]]
    return {**sent, **kept_copies}


def _copies(parts: Parts, before: Values, sent: Mapping[str, Any]) -> Values:
    return {f.key: before.get(f.key) for f, copy in parts.copies if copy.reference in sent and f.key not in sent}


def as_it_was(plan: ComputePlan, before: Values) -> Values:
    """Return the record as formulas read it: an error where a field failed."""
    failed = {key: ErrorValue(code) for key in plan.own.failing if (code := before.get(f"{key}__error")) is not None}
    return {**before, **failed} if failed else before


def _blank_errors(parts: Parts, record: Values) -> None:
    for key in parts.failing:
        if record[key].__class__ is ErrorValue:
            record[key] = None


def _begin(
    parts: Parts, before: Values | None, sent: Values, found: Found, context: EvalContext, owner: Values | None = None
) -> Values:
    """Return a record as it is with what was sent, rounded, its defaults and its copies; a row knows its owner."""
    record = {**(parts.blank if before is None else before), **sent}
    if owner is not None:
        record["parent"] = owner
    _round(parts, record)
    if before is None:
        for field, formula in parts.defaults:
            if field.key not in sent:
                scope = {**record, **_answers_about(record, owner, context)} if formula.queries else record
                _store(record, field, formula.run(scope, context))
    reference, source = "", None
    for field, copy in parts.copies:
        if copy.reference in sent and field.key not in sent:
            target = sent[copy.reference]
            if before is None or before.get(copy.reference) != target:
                if copy.reference != reference:  # several copies of one record are looked up once
                    reference, source = copy.reference, None if target is None else found.get(copy.to, {}).get(target)
                _store(record, field, None if source is None else source.get(copy.source))
    return record


def _answers_about(record: Values, owner: Values | None, context: EvalContext) -> Mapping[str, object]:
    """Return what whole entities answered about a record, or about a row of one."""
    return context.answers if owner is None else context.row_answers.get(record["id"], {})


def _round(parts: Parts, record: Values) -> None:
    """Round what was sent, and what was saved when the field still had more decimals."""
    for key, place in parts.scaled:
        value = record[key]
        if value is not None:
            record[key] = value.quantize(place, ROUND_HALF_UP, WIDE)


def _rows(
    parts: Parts, key: str, before: Values | None, sent: Values, found: Found, context: EvalContext, after: Values
) -> list[Values]:
    old: Sequence[Values] = () if before is None else before.get(key, ())
    if key not in sent:
        kept = [{**row, "parent": after} for row in old]
        for row in kept:
            _round(parts, row)
        return kept
    by_id = {row["id"]: row for row in old}
    rows = []
    for position, given in enumerate(sent[key] or ()):
        row = _begin(parts, by_id.get(given["id"]), given, found, context, after)
        row["position"] = position
        rows.append(row)
    return rows


def stored(field: Field, value: object) -> tuple[Any, str | None]:
    """Return what a field keeps of a value that was computed: rounded, cut, a record as its id; and the code of an error."""
    error = None
    if isinstance(value, ErrorValue):
        error, value = value.code, None
    elif isinstance(value, Decimal):
        value = value if field.scale is None else round_half_up(value, field.scale)
    elif isinstance(value, str):
        value = value[: field.max_length] or None
    elif isinstance(value, dict):
        value = value["id"]
    elif isinstance(value, list) and not field.kind.is_list:
        value = value or None
    return _listed(value) if field.kind.is_list else value, error


def _listed(value: Any) -> list[UUID]:  # noqa: ANN401 – what a formula came to
    """Return the ids of a list of records, each once; of one record, a list of it."""
    entries = value if isinstance(value, list | tuple) else (value,)
    return list(dict.fromkeys(entry["id"] if isinstance(entry, Mapping) else entry for entry in entries if entry is not None))


def _store(record: Values, field: Field, value: object) -> None:
    if field.error_column is None and not field.kind.is_list:
        # What most fields come to, without another call.
        if isinstance(value, Decimal):
            record[field.key] = value if field.scale is None else round_half_up(value, field.scale)
            return
        if isinstance(value, str):
            record[field.key] = value[: field.max_length] or None
            return
        if value is None or isinstance(value, bool | UUID):
            record[field.key] = value
            return
    kept_value, error = stored(field, value)
    # A default or a copy that fails is blank; a computed field stays an error for those who read it.
    record[field.key] = value if error is not None and field.error_column is not None else kept_value
    if field.error_column is not None:
        record[f"{field.key}__error"] = error


def _parts(entity: Entity) -> Parts:
    blank: Values = {}
    for field in entity.stored_fields:
        blank[field.key] = None
        if field.error_column is not None:
            blank[f"{field.key}__error"] = None
    for field in entity.link_fields:
        blank[field.key] = []
    fields = entity.fields.values()
    defaults = tuple((f, f.default) for f in fields if f.default is not None and f.formula is None)
    return Parts(
        blank,
        tuple((f.key, step(f.scale)) for f in fields if f.scale is not None and f.formula is None),
        defaults,
        tuple((f, formula) for f, formula in defaults if formula.queries),
        tuple((f, f.copy) for f in fields if f.copy is not None),
        tuple(f for f in fields if f.is_required and f.kind.is_input and not f.is_far),
        tuple(f for f in fields if f.required_when or f.earliest or f.latest),
        tuple(f.key for f in fields if f.error_column is not None),
    )


def _step(entity: Entity, lines: Mapping[str, Entity], path: str) -> tuple[str | None, Field, Formula]:
    line_key, _, key = path.rpartition(".")
    field = lines[line_key].fields[key] if line_key else entity.fields[key]
    assert field.formula is not None
    return line_key or None, field, field.formula
