"""Takes a name as written and the fields around it, gives the keys it may mean and the near names; checks no types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches
from functools import lru_cache

from engines.expression.write import write_name
from engines.values.value_types import ValueType


@dataclass(frozen=True, slots=True)
class Frame:
    """The record or row whose fields are in reach, with names that are no fields (`roots`).

    labels: a label in any language -> the keys it stands for; None where only those of the scope are known.
    entity: whose fields they are, where that is known.
    is_open: nothing is known of its fields, as in an empty list, so that every name may be one of them, always blank.
    """

    names: Mapping[str, ValueType]
    roots: Mapping[str, ValueType] = field(default_factory=dict)
    labels: Mapping[str, tuple[str, ...]] | None = None
    entity: str | None = None
    is_open: bool = False


@dataclass(frozen=True, slots=True)
class Named:
    """A name in a text that means a field: where it lies, whose field it is, and how its key is written there.

    entity: None where it is not known. written: past rows that have a field of the same key, by `parent.`.
    """

    span: tuple[int, int]
    key: str
    entity: str | None
    written: str


# A name that was met: its span, key and entity, how often `parent.` stands before it, whether a path begins with it (None for the
# name of an entity, which is written as it is).
Met = tuple[tuple[int, int], str, str | None, int, bool | None]


def named(met: Met) -> Named:
    """Return a name that was met with how it is written."""
    span, key, entity, parents, is_first = met
    written = key if is_first is None else "parent." * parents + write_name(key, is_first=is_first and not parents)
    return Named(span, key, entity, written)


def candidates(frame: Frame, name: str, labels: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the keys a name may mean in a frame: a field's key first, then a root, then a label.

    >>> candidates(Frame({"price": ValueType("number")}), "单价", {"单价": ("price", "cost")})
    ('price',)
    """
    if name in frame.names or name in frame.roots:
        return (name,)
    keys = (labels if frame.labels is None else frame.labels).get(name)
    return tuple(dict.fromkeys(key for key in keys if key in frame.names)) if keys else ()


def near(
    name: str,
    frames: Iterable[Frame],
    labels: Mapping[str, tuple[str, ...]],
    others: Iterable[str] = (),
) -> list[str]:
    """Return at most two names close to one that is unknown, keys and labels alike.

    >>> near("quantty", [Frame({"quantity": ValueType("number"), "price": ValueType("number")})], {})
    ['quantity']
    """
    known: dict[str, str] = {other.lower(): other for other in others}
    for frame in frames:
        for key in (*frame.names, *frame.roots):
            known.setdefault(key.lower(), key)
        for label, keys in (labels if frame.labels is None else frame.labels).items():
            if any(key in frame.names for key in keys):
                known.setdefault(label.lower(), label)
    matches = _close(name.lower()[:80], known)
    if len(matches) == 2 and _likeness(name, matches[0]) - _likeness(name, matches[1]) > 0.1:
        matches = matches[:1]
    if not matches and len(name) > 2:
        matches = [key for key in known if name.lower() in key][:2]
    return [known[match] for match in matches]


def _close(name: str, known: Iterable[str]) -> list[str]:
    """Return at most two of many names that are close to one, the closest first.

    Only those are compared that have letters enough in common, which is told by sets in a fraction of the time.
    """
    letters = _letters(name)
    likely = [other for other in known if 2 * len(letters & _letters(other)) >= _CLOSE * (len(name) + len(other))]
    return get_close_matches(name, likely, n=2, cutoff=_CLOSE)


# How alike two names must be, from 0 to 1.
_CLOSE = 0.65


@lru_cache(maxsize=4096)
def _letters(name: str) -> frozenset[tuple[str, int]]:
    """Return the letters of a name, each with how many of the same go before it."""
    return frozenset((letter, name.count(letter, 0, place)) for place, letter in enumerate(name))


def _likeness(name: str, other: str) -> float:
    return SequenceMatcher(None, name.lower(), other).ratio()
