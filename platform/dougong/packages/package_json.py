"""The JSON text of a package in, its document out; refuses with its place what is too deep, not JSON, said twice or not exact."""

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

import orjson

from dougong.packages.errors import PackageInvalid
from dougong.packages.messages import MESSAGES
from engines.values.issue import Issue, issue, pointer_to

DEPTH_LIMIT = 100
MOST_PARTS = 2_000_000
"""The most a document may have of lists, objects and values: each takes time and memory, however short it is written."""
_BOM = b"\xef\xbb\xbf"
_SIGNS = re.compile(rb'"(?:[^"\\]|\\.)*+"|[\[\]{}]', re.DOTALL)
_EXACT_DIGITS = 15
"""A number in JSON of so many digits is the same after it was read into 64 bits."""


@dataclass(frozen=True, slots=True)
class _Twice:
    """An object with a property that is written more than once."""

    names: tuple[str, ...]
    parts: list[tuple[str, Any]]


@dataclass(frozen=True, slots=True)
class _Inexact:
    """A number that cannot be kept as it is written."""

    text: str


def parse_package(content: bytes) -> dict[str, Any]:
    """Return the document that bytes of JSON hold; raises PackageInvalid."""
    content = content.removeprefix(_BOM)
    if sum(content.count(sign) for sign in (b"{", b"[", b",")) > MOST_PARTS:
        raise PackageInvalid((issue(MESSAGES, "package-too-many", "", None, limit=f"{MOST_PARTS:,}"),))
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        if "limit" in error.msg:  # orjson stops at 1024 levels
            raise PackageInvalid((_too_deep(content),)) from None
        place = {"line": error.lineno, "column": error.colno, "reason": error.msg.rstrip(".")}
        raise PackageInvalid((issue(MESSAGES, "package-not-json", "", None, **place),)) from None
    if _is_too_deep(document):
        raise PackageInvalid((_too_deep(content),))
    if not isinstance(document, dict):
        raise PackageInvalid((issue(MESSAGES, "package-not-object"),))
    see_that_it_is_exact(content)
    return document


def see_that_it_is_exact(content: bytes, below: str = "") -> None:
    """Look at JSON that can be read and is not deep for what a reader drops without a word; raises PackageInvalid.

    below: the property that holds the document, which pointers leave out.
    """
    marked = json.loads(content, object_pairs_hook=_object, parse_int=_whole, parse_float=_number)
    found = tuple(_found(marked, ()))
    if found:
        raise PackageInvalid(tuple(one.at(one.pointer.removeprefix(below)) for one in found))


def _object(parts: list[tuple[str, Any]]) -> dict[str, Any] | _Twice:
    made = dict(parts)
    if len(made) == len(parts):
        return made
    seen: set[str] = set()
    twice = [name for name, _ in parts if name in seen or seen.add(name)]  # type: ignore[func-returns-value]
    return _Twice(tuple(dict.fromkeys(twice)), parts)


def _whole(text: str) -> int | _Inexact:
    return int(text) if len(text) <= _EXACT_DIGITS else _Inexact(text)


def _number(text: str) -> float | _Inexact:
    return float(text) if len(text) <= _EXACT_DIGITS or Decimal(repr(float(text))) == Decimal(text) else _Inexact(text)


def _found(value: object, trail: tuple[str | int, ...]) -> Iterator[Issue]:
    """Give an issue for everything that is marked; elements of lists are named by their key."""
    match value:
        case _Twice(names=names, parts=parts):
            for name in names:
                yield issue(MESSAGES, "package-property-twice", pointer_to((*trail, name)), None, name=name)
            for name, part in parts:
                yield from _found(part, (*trail, name))
        case _Inexact(text=text):
            yield issue(MESSAGES, "package-number-inexact", pointer_to(trail), None, number=text[:40])
        case dict():
            for name, part in value.items():
                yield from _found(part, (*trail, name))
        case list():
            for index, part in enumerate(value):
                yield from _found(part, (*trail, _name(part, index)))


def _name(element: object, index: int) -> str | int:
    parts = element if isinstance(element, dict) else dict(element.parts) if isinstance(element, _Twice) else {}
    key = parts.get("key", parts.get("extend"))
    return key if isinstance(key, str) else index


def _is_too_deep(document: object) -> bool:
    """Look at a value level by level; the recursion limit of Python does not matter here."""
    level: list[object] = [document]
    for _ in range(DEPTH_LIMIT + 1):
        inside: list[object] = []
        for whole in level:
            parts = whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ()
            inside += [part for part in parts if isinstance(part, dict | list)]
        if not inside:
            return False
        level = inside
    return True


def _too_deep(content: bytes) -> Issue:
    """Return the issue of a text that is too deep, with the place where it becomes so."""
    depth = start = 0
    for sign in _SIGNS.finditer(content):
        depth += {b"[": 1, b"{": 1, b"]": -1, b"}": -1}.get(sign[0], 0)
        if depth > DEPTH_LIMIT:
            start = sign.start()
            break
    line = content.count(b"\n", 0, start) + 1
    column = start - content.rfind(b"\n", 0, start)
    return issue(MESSAGES, "package-too-deep", "", None, limit=DEPTH_LIMIT, line=line, column=column)
