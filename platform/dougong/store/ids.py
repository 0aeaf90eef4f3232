"""Ids of records: UUIDv7 made from a time, so that ids sort as records were made, and stable ids for records of packages."""

import os
import struct
import time
from uuid import UUID, SafeUUID, uuid5

_VERSION, _VARIANT = 0x7 << 76, 0b10 << 62
_RANDOM = 0xFFF << 64 | (1 << 62) - 1
"""The bits of a UUIDv7 that are neither of the time nor the same in all."""
_HIGH = 0xFFF << 64
"""Those of them that several ids of one moment share."""
_PACKAGE_SPACE = UUID("6f3b0a52-7a4e-5d1c-9a63-d0d9e1c5a7f4")


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): 48 bits of milliseconds, 74 random bits."""
    return _made(_head() | _random())


def new_ids(count: int) -> list[UUID]:
    """Return so many new UUIDv7 of one moment, in order; whoever knows one of them can guess no other, which they may not be allowed to see."""
    head = _head() | _random() & _HIGH
    return [_made(head | number >> 2) for number in sorted(struct.unpack(f"{count}Q", os.urandom(8 * count)))]


def _head() -> int:
    """Return the bits of this moment and of the version."""
    return (time.time_ns() // 1_000_000) << 80 | _VERSION | _VARIANT


def _random() -> int:
    return int.from_bytes(os.urandom(10)) & _RANDOM


_set_int, _set_is_safe = UUID.__dict__["int"].__set__, UUID.__dict__["is_safe"].__set__
_UNKNOWN = SafeUUID.unknown


def _made(number: int) -> UUID:
    """Return the id with these bits. `UUID(int=…)` looks through all ways to be called, and refuses to be set: eight times as much."""
    made = object.__new__(UUID)
    _set_int(made, number)
    _set_is_safe(made, _UNKNOWN)
    return made


def single_id(app: str, entity: str) -> UUID:
    """Return the id of the record of an entity that has one record."""
    return seed_id(app, entity, "single")


def seed_id(app: str, entity: str, key: str) -> UUID:
    """Return the id of a seed or demo record, the same at every installation.

    >>> seed_id("trading", "partner", "a") == seed_id("trading", "partner", "a")
    True
    """
    return uuid5(_PACKAGE_SPACE, f"{app}/{entity}/{key}")
