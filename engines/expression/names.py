"""Takes a name as written and the fields around it, gives the keys it may mean and the near names; checks no types."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from difflib import SequenceMatcher, get_close_matches

from engines.values.value_types import ValueType


@dataclass(frozen=True, slots=True)
class Frame:
    """The record or row whose fields are in reach, with names that are no fields (`roots`).

    is_open: nothing is known of its fields, as in an empty list, so that every name may be one of them, always blank.
    """

    names: Mapping[str, ValueType]
    roots: Mapping[str, ValueType] = field(default_factory=dict)
    is_open: bool = False


def candidates(frame: Frame, name: str, labels: Mapping[str, tuple[str, ...]]) -> tuple[str, ...]:
    """Return the keys a name may mean in a frame: a field's key first, then a root, then a label.

    >>> candidates(Frame({"price": ValueType("number")}), "单价", {"单价": ("price", "cost")})
    ('price',)
    """
    if name in frame.names or name in frame.roots:
        return (name,)
    keys = labels.get(name)
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
        for label, keys in labels.items():
            if any(key in frame.names for key in keys):
                known.setdefault(label.lower(), label)
    matches = get_close_matches(name.lower()[:80], known, n=2, cutoff=0.65)
    if len(matches) == 2 and _likeness(name, matches[0]) - _likeness(name, matches[1]) > 0.1:
        matches = matches[:1]
    if not matches and len(name) > 2:
        matches = [key for key in known if name.lower() in key][:2]
    return [known[match] for match in matches]


def _likeness(name: str, other: str) -> float:
    return SequenceMatcher(None, name.lower(), other).ratio()
