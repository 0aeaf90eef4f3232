"""A merge in, what merged by itself in words people read, out: what the new version brings, and what of the customer's it leaves."""

from dataclasses import dataclass

from dougong.model.diff import ChangeNote, diff
from dougong.model.merge import Merge, Side, resolve_conflicts


@dataclass(frozen=True, slots=True)
class MergeNote:
    """One difference that needs no choice, and which side it is of."""

    side: Side
    change: ChangeNote


def merged_notes(found: Merge) -> tuple[MergeNote, ...]:
    """Return what merged by itself, the new version's first; what is in conflict is not among it."""
    ours, theirs = (resolve_conflicts(found, {}, side).document for side in ("ours", "theirs"))
    return (
        *(MergeNote("theirs", change) for change in diff(found.ours, ours)),
        *(MergeNote("ours", change) for change in diff(found.theirs, theirs)),
    )
