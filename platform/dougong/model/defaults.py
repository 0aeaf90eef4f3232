"""A property of an element in, what it says where it is not written out: read from the types that describe the document."""

from collections.abc import Iterator, Mapping
from functools import cache
from typing import Any, Literal, get_args, get_origin

from pydantic import BaseModel

from dougong.model.definition import AppDefinition

Defaults = Mapping[str, Any]


def default_of(of: str, element: Mapping[str, Any], name: str) -> Any:  # noqa: ANN401 – any JSON
    """Return what a property says by default, None where it says nothing then. of: the list, or the object, the element is.

    >>> default_of("fields", {"kind": "text"}, "max_length"), default_of("states", {}, "can_delete"), default_of("sort", {}, "order")
    (200, True, 'ascending')
    """
    table = _table()
    kind = element.get("kind")
    found = table.get((of, kind)) if isinstance(kind, str) else None
    return (found or table.get((of, ""), {})).get(name)


def is_nothing(value: object) -> bool:
    """Whether a value says no more than one that is not there."""
    return value is None or value is False or value in ("", [], {})


@cache
def _table() -> Mapping[tuple[str, str], Defaults]:
    found: dict[tuple[str, str], dict[str, Any]] = {}
    for of, kind in _types("", AppDefinition):
        said = {info.alias or name: info.default for name, info in kind.model_fields.items() if not info.is_required()}
        found.setdefault((of, _kind(kind)), {}).update(said)
    return found


def _types(of: str, kind: type[BaseModel]) -> Iterator[tuple[str, type[BaseModel]]]:
    yield of, kind
    for name, info in kind.model_fields.items():
        for inner in _models(info.annotation):
            yield from _types(info.alias or name, inner)


def _models(annotation: Any) -> Iterator[type[BaseModel]]:  # noqa: ANN401 – any annotation
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        yield annotation
    for part in get_args(annotation):
        yield from _models(part)


def _kind(kind: type[BaseModel]) -> str:
    """Return the kind that tells a type from others of its list, empty where it is the only one."""
    info = kind.model_fields.get("kind")
    kinds = get_args(info.annotation) if info is not None and get_origin(info.annotation) is Literal else ()
    return str(kinds[0]) if len(kinds) == 1 else ""
