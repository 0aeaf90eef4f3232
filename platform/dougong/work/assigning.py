"""Updates whose values are given by formulas in; what those come to for each record as it is, typed like what people send, out."""

from collections.abc import Sequence
from dataclasses import replace

from dougong.model.resolve_expressions import TYPE_NAMES, fits, formula_of, scope_of
from dougong.permissions.access import Access, seen_by
from dougong.store.errors import RecordInvalid
from dougong.store.save import Values
from dougong.work.hidden import blanked
from dougong.work.inputs import placed
from dougong.work.request import Update
from dougong.work.unit import Unit
from engines.entity.compute import stored
from engines.entity.entity import Entity, Field, Formula
from engines.entity.input_schema import read_values
from engines.entity.messages import MESSAGES
from engines.expression.check import cannot_run, text_to_typed
from engines.values.issue import Issue, issue
from engines.values.json_values import value_to_json


def assigned(
    unit: Unit, access: Access, changes: Sequence[Update], befores: Sequence[Values], sents: Sequence[Values],
    hidden: Sequence[frozenset[str]], at: int | None,
) -> list[Values]:  # fmt: skip
    """Return what is sent for each record with what its formulas come to; raises RecordInvalid with every issue.

    hidden: for each record the fields it does not show, which are blank to formulas.
    """
    made: dict[tuple[str, str], Formula | tuple[Issue, ...]] = {}
    found: list[Values] = []
    issues: list[Issue] = []
    for offset, (change, before, sent) in enumerate(zip(changes, befores, sents, strict=True)):
        read = blanked(before, hidden[offset]) if hidden[offset] else before
        given: Values = {}
        wrong: list[Issue] = []
        for key, text in change.formulas.items():
            formula = made.get((key, text)) or _formula(unit, access.seen, key, text)
            made[key, text] = formula
            if isinstance(formula, tuple):
                wrong += formula
                continue
            field = access.entity.fields[key]
            value, error = stored(field, formula.run(read, replace(unit.context, old=read)))
            if error is not None:
                wrong.append(issue(MESSAGES, "record-formula-failed", f"/{key}", None, name=field.name, error=error))
            else:
                given[key] = value_to_json(value)
        assert access.inputs is not None
        checked = read_values(access.inputs, given)
        wrong += checked if isinstance(checked, tuple) else ()
        issues += placed(wrong, at, offset)
        found.append(sent if isinstance(checked, tuple) else {**sent, **checked})
    if issues:
        raise RecordInvalid(tuple(issues))
    return found


def _formula(unit: Unit, entity: Entity, key: str, text: str) -> Formula | tuple[Issue, ...]:
    """Return the formula of one field, or what is wrong with it."""
    field = entity.fields.get(key)
    if field is None or not field.is_writable:
        code = "record-field-unknown" if field is None else "record-field-read-only"
        return (issue(MESSAGES, code, f"/{key}", None, name=key if field is None else field.name),)
    checked = text_to_typed(text, scope_of(seen_by(unit.site, unit.model, unit.actor), entity))
    tree = checked.tree
    issues = checked.issues if tree is None else (*checked.issues, *cannot_run(tree, "python"))
    if tree is None or issues:
        return tuple(found.at(f"/{key}") for found in issues)
    formula = formula_of(text, tree)
    return _fault(entity, field, formula) or formula


def _fault(entity: Entity, field: Field, formula: Formula) -> tuple[Issue, ...]:
    """Return what keeps a formula from giving the value of a field: another type, or that it reads beyond its record."""
    if not fits(formula.tree.type, field.value_type):
        found = TYPE_NAMES.get(formula.tree.type.name, formula.tree.type.name)
        return (issue(MESSAGES, "record-formula-type", f"/{field.key}", None, name=field.name, found=found),)
    own = {f.key for f in entity.line_fields}
    if formula.queries or any(len(path) > 1 and path[0] not in own for path in formula.reads):
        return (issue(MESSAGES, "record-formula-reach", f"/{field.key}", None, name=field.name),)
    return ()
