"""Everything there is and the bytes of an answer in, which unmistakable values are in it and where they stand out."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator, Mapping
from typing import Any

from dougong.leaks.rights import Place, Record, World
from engines.entity.entity import FILES, Entity

_TOKENS = re.compile(rb"[mM][kK][a-zA-Z]{6}\d{2}|(?<!\d)20[3-9]\d-\d\d-\d\d|(?<![\w.\-])\d+(?:\.\d+)?(?![\w])|[A-Z]{1,4}-?\d{6,8}-\d+")
_DIGITS = 5
"""How many digits a number must have to be told from others: ids, times and counts."""
Needles = dict[str, set[Place]]


def tokens(body: bytes) -> set[str]:
    """Return the marks, numbers, days and numbers of documents in some bytes.

    >>> sorted(tokens(b'{"a": "MKbcdfgh01", "b": "12345.67", "day": "2031-01-07", "id": "a190-4567"}'))
    ['12345.67', '2031-01-07', 'mkbcdfgh01']
    """
    return {(found.lower() if found[:2] in (b"MK", b"mk") else found).decode() for found in set(_TOKENS.findall(body))}


def content(body: bytes) -> bytes:
    """Return what an answer says: of a spreadsheet what its parts say."""
    if not body.startswith(b"PK\x03\x04"):
        return body
    with zipfile.ZipFile(io.BytesIO(body)) as file:
        return b"\n".join(file.read(name) for name in file.namelist() if name.endswith(".xml"))


def add(needles: Needles, world: World, files: Mapping[str, tuple[str, bytes]], is_past: bool = False) -> None:
    """Add the values of all records. is_past: where they stand for what they were, of what is there now no more."""
    for full_key, records in world.records.items():
        entity = world.entity(full_key)
        for record in records.values():
            for path, value in values(world, entity, record, ""):
                for token in _of(value, files):
                    needles.setdefault(token, set()).add(Place(full_key, record["id"], path, is_past))


def values(world: World, entity: Entity, record: Record, prefix: str) -> Iterator[tuple[str, Any]]:
    """Give every value of a record and of its rows with the path of its field."""
    for one in entity.fields.values():
        value = record.get(one.key)
        if one.lines is not None:
            for row in value or ():
                yield from values(world, world.home(f"{entity.full_key}").entities[one.lines], row, f"{one.key}.")
        elif one.target == FILES and value:
            for file_id in value if isinstance(value, list) else [value]:
                yield f"{prefix}{one.key}", ("file", file_id)
        elif value is not None and one.target is None and not one.any_of and not one.options:
            yield f"{prefix}{one.key}", value


def _of(value: Any, files: Mapping[str, tuple[str, bytes]]) -> set[str]:  # noqa: ANN401 – a value of JSON
    if isinstance(value, tuple):
        name, inner = files.get(value[1], ("", b""))
        return tokens(name.encode()) | tokens(inner)
    return {token for token in tokens(str(value).encode()) if is_unmistakable(token)}


def is_unmistakable(token: str) -> bool:
    """Whether a token is like no number that stands somewhere by chance.

    >>> is_unmistakable("2026"), is_unmistakable("123.45"), is_unmistakable("mkbcdfgh01")
    (False, True, True)
    """
    return not token.replace(".", "").isdigit() or len(token.replace(".", "").strip("0")) >= _DIGITS
