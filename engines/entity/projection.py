"""What an entry of a ledger adds to the records that keep its sums: an entry in, keys and amounts out, before a database knows of it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from engines.entity.compute import Values, stored
from engines.entity.entity import Entity, Field, Formula, Rule
from engines.expression.failure import EvalContext


@dataclass(frozen=True, slots=True)
class Contribution:
    """What one entry, or one row of it, adds to one record: the values that tell the record, None for blank, and the amounts."""

    row: int | None
    key: tuple[tuple[str, Any], ...]
    add: Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Projection:
    """What entries of a ledger add up to in the records of entity `to`.

    rows: the lines field whose rows are added up, None for the entries themselves. by: what tells the record, by its field.
    add: what is added, by the field it is added to. guard: what must hold of the record afterwards.
    """

    key: str
    to: str
    rows: str | None
    by: Mapping[str, Formula]
    add: Mapping[str, Formula]
    guard: Rule | None


def contributions(projection: Projection, target: Entity, entry: Values, context: EvalContext) -> Iterator[Contribution]:
    """Give what an entry adds: one contribution, or one for each of its rows."""
    scopes = [(None, entry)] if projection.rows is None else [
        (place, {**row, "parent": entry}) for place, row in enumerate(entry[projection.rows])
    ]  # fmt: skip
    for place, scope in scopes:
        key = tuple((name, _kept(target.fields[name], formula, scope, context)) for name, formula in sorted(projection.by.items()))
        add = {name: _kept(target.fields[name], formula, scope, context) or Decimal(0) for name, formula in projection.add.items()}
        yield Contribution(place, key, add)


def _kept(field: Field, formula: Formula, scope: Values, context: EvalContext) -> Any:  # noqa: ANN401 – a value of any type
    return stored(field, formula.run(scope, context))[0]
