"""Ids of records: UUIDv7 made from a time, so that ids sort as records were made, and stable ids for records of packages."""

import os
import time
from uuid import UUID, uuid5

_LOW = (1 << 62) - 1
_PACKAGE_SPACE = UUID("6f3b0a52-7a4e-5d1c-9a63-d0d9e1c5a7f4")


def new_id() -> UUID:
    """Return a new UUIDv7 (RFC 9562): 48 bits of milliseconds, 74 random bits."""
    return new_ids(1)[0]


def new_ids(count: int) -> list[UUID]:
    """Return so many new UUIDv7 of one moment, in order; the random bits of all are asked for at once."""
    head = (time.time_ns() // 1_000_000) << 80 | 0x7 << 76
    random = os.urandom(10 * count)
    numbers = [int.from_bytes(random[at : at + 10], "big") for at in range(0, 10 * count, 10)]
    return [
        UUID(int=head | (number >> 68) << 64 | 0b10 << 62 | number >> 6 & _LOW)
        for number in (sorted(numbers) if count > 1 else numbers)
    ]


def single_id(app: str, entity: str) -> UUID:
    """Return the id of the record of an entity that has one record."""
    return seed_id(app, entity, "single")


def seed_id(app: str, entity: str, key: str) -> UUID:
    """Return the id of a seed or demo record, the same at every installation.

    >>> seed_id("trading", "partner", "a") == seed_id("trading", "partner", "a")
    True
    """
    return uuid5(_PACKAGE_SPACE, f"{app}/{entity}/{key}")
