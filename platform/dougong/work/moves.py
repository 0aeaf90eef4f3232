"""Records as they were and as they are in; what moved, record by record and row by row, out: what computed fields elsewhere follow."""

from collections.abc import Iterable, Iterator, Mapping
from uuid import UUID

from dougong.store.save import Values
from engines.entity.compute import ComputePlan
from engines.entity.entity import Entity
from engines.entity.graph import Hold, Link
from engines.values.frozen import frozen
from engines.values.same import is_same
from engines.values.value_types import ErrorValue

_SHOWS_SAVES = frozenset({"revision", "updated_at", "updated_by"})
"""What changes whenever a record is saved, though no image shows it before it is."""


@frozen
class Move:
    """A record or a row: as it was, as it is; None where it was not there, or is not any more, for those who read it.

    owner: the record of a row as it is. is_new: nothing can point to it yet, so that what is known of such a record is right.
    """

    before: Values | None
    after: Values | None
    owner: Values | None = None
    is_new: bool = False

    @property
    def id(self) -> UUID:
        """The id of the record or row."""
        image = self.before if self.after is None else self.after
        assert image is not None
        return UUID(str(image["id"]))


Images = tuple[Values | None, Values | None]
Moves = Mapping[str, tuple[Move, ...]]
"""Moves by entity key."""


def moves_of(plan: ComputePlan, images: Iterable[Images], is_new: bool = False) -> Moves:
    """Return how records moved, and their rows: for each record its image before and after, None where it was not there."""
    pairs = list(images)
    moves = {plan.entity.key: tuple(Move(before, after, None, is_new) for before, after in pairs)}
    for key, rows in plan.lines.items():
        moves[rows.key] = tuple(move for before, after in pairs for move in _rows(key, before, after, is_new))
    return moves


def _rows(key: str, before: Values | None, after: Values | None, is_new: bool) -> Iterator[Move]:
    owner = before if after is None else after
    assert owner is not None
    old = {} if before is None else {row["id"]: {**row, "parent": owner["id"]} for row in before[key]}
    new = {} if after is None else {row["id"]: {**row, "parent": owner["id"]} for row in after[key]}
    for row_id in {**old, **new}:
        yield Move(old.get(row_id), new.get(row_id), owner, is_new)


def matters(link: Link, move: Move) -> bool:
    """Whether a field at the end of a link may be another value after a move."""
    if move.before is None or move.after is None:
        return link.counts_records and not (move.after is None and not link.way)
    return _differs(link.fields, move)


def begins(hold: Hold, move: Move) -> bool:
    """Whether a move makes a record point to something that computed fields read."""
    return move.after is not None and (move.before is None or _differs(hold.fields, move))


def _differs(fields: frozenset[str], move: Move) -> bool:
    before, after = move.before, move.after
    assert before is not None and after is not None
    for key in fields:
        if not is_same(before.get(key), after.get(key)) or before.get(f"{key}__error") != after.get(f"{key}__error"):
            return True
        if key in _SHOWS_SAVES and "revision" in before:
            return True
    return False


def as_read(entity: Entity, image: Values) -> Values:
    """Return an image as formulas read it: an error where a field failed."""
    failing = (field.key for field in entity.stored_fields if field.error_column is not None)
    failed = {key: ErrorValue(code) for key in failing if (code := image.get(f"{key}__error")) is not None}
    return {**image, **failed} if failed else image


def starts(link: Link, move: Move) -> set[UUID]:
    """Return where a way begins for a move: the record itself, or what its list is of, before and after."""
    if not link.way or link.way[0].kind not in ("target", "owner"):
        return {move.id}
    key = "parent" if link.way[0].kind == "owner" else link.way[0].field or ""
    return {image[key] for image in (move.before, move.after) if image is not None and image.get(key) is not None}
