"""The paths an expression reads and the scope around it in, those that go further from the record than its place allows out."""

from collections.abc import Iterable

from engines.expression.scope import Scope
from engines.values.value_types import ValueType, entities_of, name_among, record_of


def unreachable(reads: Iterable[tuple[str, ...]], scope: Scope, hops: int) -> list[tuple[str, ...]]:
    """Return the paths that leave the record, its rows and their parent by more references than allowed, or by a way back.

    A default allows none; a rule allows one, whose target is read when the record is saved. (A computed field may go anywhere.)
    """
    found = []
    for path in sorted(path for path in reads if not path[0].startswith("@")):
        first, way = way_of(path, scope)
        is_inside = len(way) == 1 or _is_own(first, scope, path[0]) or path[0] in scope.roots
        length = len(way) - (1 if len(way) > 1 and is_inside else 0)
        is_back = path[:1] in scope.inverses or path[:2] in scope.inverses
        if length > (1 if is_inside else 1 + hops) or is_back or (not is_inside and _is_list(first, way[1], scope)):
            found.append(path)
    return found


def way_of(path: tuple[str, ...], scope: Scope) -> tuple[ValueType | None, tuple[str, ...]]:
    """Return the type of the first record a path goes through, and the path without the names that only choose among several entities."""
    first = found = scope.roots.get(path[0]) or scope.names.get(path[0])
    way = [path[0]]
    for name in path[1:]:
        element = None if found is None else found.of or found
        among = () if element is None else entities_of(element)
        if among:
            found = next((record_of(one) for one in among if name_among(one) == name), None)
            first = found if len(way) == 1 else first
            continue
        way.append(name)
        found = None if element is None or element.entity is None else (scope.entities(element.entity) or {}).get(name)
    return first, tuple(way)


def _is_own(found: ValueType | None, scope: Scope, key: str) -> bool:
    """Whether a type is that of rows the record owns, or of values of its own: not of other records."""
    if found is None or found.of is None:
        return False
    return found.of.entity is None or found.of.entity == f"{scope.entity}.{key}"


def _is_list(reference: ValueType | None, key: str, scope: Scope) -> bool:
    """Whether a field of the record a reference points to is a list, which no rule is given."""
    fields = scope.entities(reference.entity) if reference is not None and reference.entity is not None else None
    kind = None if fields is None else fields.get(key)
    return kind is not None and kind.of is not None
