"""Ids of records: UUIDv7 made from a time, so that ids sort as records were made, and stable ids for records of packages."""

import os
import time
from uuid import UUID, uuid5

_LOW = (1 << 62) - 1
_PACKAGE_SPACE = UUID("6f3b0a52-7a4e-5d1c-9a63-d0d9e1c5a7f4")


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): 48 bits of milliseconds, 74 random bits."""
    return _made(_head(), int.from_bytes(os.urandom(10)))


def new_ids(count: int) -> list[UUID]:
    """Return so many new UUIDv7 of one moment, in order; the random bits of all are asked for at once."""
    if count == 1:
        return [new_id()]
    head = _head()
    random = os.urandom(10 * count)
    numbers = sorted(int.from_bytes(random[at : at + 10]) for at in range(0, 10 * count, 10))
    return [_made(head, number) for number in numbers]


def _head() -> int:
    """Return the bits of this moment, and that it is version 7."""
    return (time.time_ns() // 1_000_000) << 80 | 0x7 << 76


def _made(head: int, number: int) -> UUID:
    return UUID(int=head | (number >> 68) << 64 | 0b10 << 62 | number >> 6 & _LOW)


def single_id(app: str, entity: str) -> UUID:
    """Return the id of the record of an entity that has one record."""
    return seed_id(app, entity, "single")


def seed_id(app: str, entity: str, key: str) -> UUID:
    """Return the id of a seed or demo record, the same at every installation.

    >>> seed_id("trading", "partner", "a") == seed_id("trading", "partner", "a")
    True
    """
    return uuid5(_PACKAGE_SPACE, f"{app}/{entity}/{key}")
