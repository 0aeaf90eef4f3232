"""Takes what a vector knows of people and of the record before the change, gives it as constants for SQL."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, and_, bindparam, case, cast, literal, null

from engines.expression.python_path import path_closure
from engines.expression.sql_context import Keys
from engines.expression.sql_parts import sql_type
from engines.expression.tree import TypedPath
from engines.expression.vectors import Vector
from engines.values.value_types import ErrorValue, Value, ValueType, record_of

_MOST_LEVELS = 10


def circumstances(vector: Vector) -> dict[str, Any]:
    """Return the parts of an `SqlContext` that say who is at work and what the record was."""
    return {
        "roles": bindparam("roles", type_=ARRAY(Text())),
        "departments": bindparam("departments", type_=ARRAY(Text())),
        "flow_state": bindparam("flow_state", type_=Text()),
        "user_field": lambda path: _of_user(vector, path),
        "old": lambda keys: _before(vector, keys),
        "old_error": lambda keys: _before_error(vector, keys),
        "people": PeopleOfVector(vector),
    }


def values_of(vector: Vector) -> dict[str, Any]:
    """Return the values of the parameters among them."""
    context = vector.context
    return {"roles": sorted(context.roles), "departments": sorted(context.departments), "flow_state": context.flow_state}


def _of_user(vector: Vector, path: TypedPath) -> ColumnElement[Any]:
    user = vector.context.user
    read = path_closure(path, 0)
    nothing: Value = None if path.type.of is None else []
    return _constant(read(user, vector.context) if isinstance(user, Mapping) else nothing, path.type)


def _before(vector: Vector, keys: Keys) -> ColumnElement[Any]:
    kind: ValueType = vector.scope.names[keys[0]]
    value: Any = vector.context.old
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    for key in keys[1:]:
        kind = ((vector.scope.entities(kind.entity) if kind.entity else None) or {})[key]
    return _constant(value, kind)


def _before_error(vector: Vector, keys: Keys) -> ColumnElement[Any]:
    value: Any = vector.context.old
    for key in keys:
        value = value.get(key) if isinstance(value, Mapping) else None
    return cast(literal(value.code if isinstance(value, ErrorValue) else None, Text()), Text())


def _constant(value: Any, kind: ValueType) -> ColumnElement[Any]:  # noqa: ANN401 (a value of a vector)
    column_type = sql_type(kind)
    if value is None or isinstance(value, ErrorValue):
        return cast(null(), column_type)
    if isinstance(value, list):
        value = [_id(part) for part in value]
    return cast(literal(_id(value), column_type), column_type)


def _id(value: Any) -> Any:  # noqa: ANN401
    return value["id"] if isinstance(value, Mapping) else value


class PeopleOfVector:
    """Whom the user of a vector has above them: what their record itself says."""

    def __init__(self, vector: Vector) -> None:
        """Look at the user of a vector."""
        user = vector.context.user
        self._user: Mapping[str, Any] = user if isinstance(user, Mapping) else {}

    def manager_of(self, user: ColumnElement[Any], level: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the manager of a user at a level."""
        pairs = []
        for known in _chain(self._user, "manager"):
            for steps, manager in enumerate(_chain(known, "manager")[1:], 1):
                pairs.append((and_(user == _id(known), level == steps), _constant(manager, record_of(None))))
        return _choose(pairs, record_of(None))

    def leader_of(self, department: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the user who leads a department."""
        chain = _chain(self._user.get("department"), "parent")
        return _choose([(department == _id(one), _constant(one.get("manager"), record_of(None))) for one in chain], record_of(None))

    def path_of(self, department: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the names from the top department down."""
        chain = _chain(self._user.get("department"), "parent")
        names = ["/".join(one["name"] for one in reversed(chain[place:])) for place in range(len(chain))]
        return _choose([(department == _id(one), literal(name, Text())) for one, name in zip(chain, names, strict=True)], ValueType("text"))


def _chain(record: Any, above: str) -> list[Any]:  # noqa: ANN401
    """Return a record and those above it."""
    found: list[Any] = []
    while isinstance(record, Mapping) and record and len(found) < _MOST_LEVELS:
        found.append(record)
        record = record.get(above)
    return found


def _choose(pairs: list[Any], kind: ValueType) -> ColumnElement[Any]:
    return case(*pairs, else_=cast(null(), sql_type(kind))) if pairs else cast(null(), sql_type(kind))
