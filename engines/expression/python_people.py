"""The Python implementations of functions over people and circumstances; what the context does not know is DENIED."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from uuid import UUID

from engines.expression.failure import Environment, EvalContext, Failure, Given
from engines.expression.python_choice import same
from engines.expression.python_path import Closure, CompileNode, path_closure
from engines.expression.tree import TypedCall, TypedPath
from engines.values.value_types import Value

_FARTHEST = 100


def _user_field(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    path = node.args[1]
    assert isinstance(path, TypedPath)
    read, is_list, names = path_closure(path, 0), path.type.of is not None, path.names

    def run(env: Environment, context: EvalContext) -> Value:
        if context.user_fields is not None:
            return context.user_fields[names]
        user = context.user
        if user is None:
            return [] if is_list else None
        if not isinstance(user, Mapping):
            raise Failure("REF")
        return read(user, context)

    return run


def _old(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    path = node.args[0]
    assert isinstance(path, TypedPath)
    read, is_list = path_closure(path, 0), path.type.of is not None

    def run(env: Environment, context: EvalContext) -> Value:
        if context.old is None:
            return [] if is_list else None
        return read(context.old, context)

    return run


def _changed(node: TypedCall, depth: int, compile_node: CompileNode) -> Closure:
    new, old = [compile_node(arg, depth) for arg in node.args]
    if node.args[0].type.of is None:
        return lambda env, context: not same(new(env, context), old(env, context))

    def run(env: Environment, context: EvalContext) -> bool:
        after, earlier = new(env, context) or (), old(env, context) or ()
        return len(after) != len(earlier) or not all(same(one, other) for one, other in zip(after, earlier, strict=True))

    return run


def record_text(record: Given) -> str:
    """Return the id of a record as text."""
    return str(record["id"] if isinstance(record, Mapping) else record)


def _id_of(record: Given) -> UUID:
    found = record["id"] if isinstance(record, Mapping) else record
    if not isinstance(found, UUID):
        raise Failure("REF")
    return found


def manager_of(context: EvalContext, user: Given, level: Decimal) -> Given:
    """Return the manager of a user; without look-ups, as far as the record itself says."""
    if level < 1:
        raise Failure("VALUE")
    steps = min(int(level), _FARTHEST)
    if context.people is not None:
        return context.people.manager_of(_id_of(user), steps)
    for _ in range(steps):
        user = _known(user, "manager")
        if user is None:
            return None
    return user


def leader_of(context: EvalContext, department: Given) -> Given:
    """Return the user who leads a department."""
    if context.people is not None:
        return context.people.leader_of(_id_of(department))
    return _known(department, "manager")


def path_of(context: EvalContext, department: Given) -> str | None:
    """Return the names from the top department down."""
    if context.people is not None:
        return context.people.path_of(_id_of(department))
    names: list[str] = []
    while department is not None and len(names) < _FARTHEST:
        names.insert(0, str(_known(department, "name")))
        department = department.get("parent")
    return "/".join(names)


def _known(record: Given, field: str) -> Given:
    """Return a field of a record that carries it; nobody may be asked for any other."""
    if not isinstance(record, Mapping) or field not in record:
        raise Failure("DENIED")
    return record[field]


def _new_id(context: EvalContext) -> str:
    if context.new_id is None:
        raise Failure("DENIED")
    return str(context.new_id())


def _next_number(context: EvalContext, rule: str) -> str:
    if context.sequence is None:
        raise Failure("DENIED")
    return context.sequence(rule)


PEOPLE_CALLS: Mapping[str, Callable[[TypedCall, int, CompileNode], Closure]] = {
    "user_field": _user_field,
    "OLD": _old,
    "CHANGED": _changed,
}
PEOPLE_IN_CONTEXT: Mapping[str, Callable[..., object]] = {
    "CURRENTUSER": lambda context: context.user,
    "HASROLE": lambda context, role: role in context.roles,
    "INDEPARTMENT": lambda context, department: department in context.departments,
    "MANAGEROF": manager_of,
    "LEADEROF": leader_of,
    "DEPTPATH": path_of,
    "FLOWSTATE": lambda context: context.flow_state,
    "UUID": _new_id,
    "SEQ": _next_number,
}
PEOPLE_FUNCTIONS: Mapping[str, Callable[..., object]] = {"record_text": record_text, "RECORDID": lambda text: text}
