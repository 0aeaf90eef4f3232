"""What is left of somebody's rights when they act by a public link in; denials as policies out, so that the one compiler holds them like any other.

A link is whoever made it with everything denied but what it opens. So it can never do more than its maker may at that moment.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import partial
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.model.policy import FieldGrant, Policy
from dougong.model.resolve_expressions import formula_of, scope_of
from engines.entity.actions import ACTIONS, TRANSITION
from engines.entity.entity import Entity, Formula
from engines.expression.check import text_to_typed
from engines.expression.tree import TypedLiteral
from engines.values.value_types import BOOL

BOUND = "@link"
"""The role that denials of a link are for; no role has such a key."""


@dataclass(frozen=True, slots=True)
class Limit:
    """What is left of an entity.

    fields: what may be read and, where the actions say so, written, rows as `lines.price`; None: all. inputs: what may be read besides,
    since fields are computed from it. record: the only one it is about. is_blind: no record may be read, only what they are made of is known.
    """

    app: str
    entity: str
    actions: frozenset[str]
    fields: frozenset[str] | None = None
    inputs: frozenset[str] = frozenset()
    record: UUID | None = None
    is_blind: bool = False


@dataclass(frozen=True, slots=True)
class Limits:
    """What is left of every entity. others: what may still be done with those that are not named."""

    of: tuple[Limit, ...]
    others: frozenset[str] = frozenset()


def denials(model: AppModel, entity: Entity, limits: Limits) -> Iterator[Policy]:
    """Give what is denied of an entity that is no row of another: other actions, other records, other fields."""
    limit = next((one for one in limits.of if (one.app, one.entity) == (model.app, entity.key)), Limit(model.app, entity.key, limits.others))
    transitions = () if entity.states is None else entity.states.transitions
    everything = {*ACTIONS, *(f"{TRANSITION}.{key}" for key in transitions)}
    deny = partial(Policy, BOUND, BOUND, True)
    yield deny(frozenset(everything - limit.actions), None)
    if limit.record is not None:
        yield deny(limit.actions, _other_than(model, entity, limit.record))
    if limit.is_blind:
        yield deny(frozenset(("read",)), formula_of("", TypedLiteral(True, BOOL)))
    if limit.fields is not None:
        paths = [key for field in entity.fields.values() for key in (field.key, *_inner(model, field.lines, field.key))]
        levels = {path: FieldGrant("read" if path in limit.inputs else "hidden") for path in paths if path not in limit.fields}
        if levels:
            yield deny(limit.actions, None, levels)


def _inner(model: AppModel, lines: str | None, key: str) -> Iterator[str]:
    if lines is not None:
        for inner in model.entities[lines].fields:
            yield f"{key}.{inner}"


def _other_than(model: AppModel, entity: Entity, record: UUID) -> Formula:
    tree = text_to_typed(f'id <> "{record}"', scope_of(model, entity, of_filters=True)).tree
    assert tree is not None
    return formula_of("", tree)
