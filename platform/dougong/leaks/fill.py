"""A field in, values to try for it out, the most unmistakable first: each is one that stands nowhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any

from engines.entity.entity import FILES, Field
from engines.values.decimals import number_text

Json = Any
FIRST_DAY = date(2031, 1, 7)
DAYS_APART = 3
_LETTERS = "bcdfghjkmnpqrstvwxz"


class Marks:
    """Gives marks one after the other: what one gives, none gave before."""

    def __init__(self) -> None:
        """Begin with the first."""
        self.count = 0

    def _next(self) -> int:
        self.count += 1
        return self.count

    def word(self) -> str:
        """Return `mk` and eight letters and digits.

        >>> len(Marks().word()), Marks().word() == Marks().word()
        (10, True)
        """
        left, letters = self._next() * 7_368_787 % 19**6, ""
        for _ in range(6):
            left, place = divmod(left, 19)
            letters += _LETTERS[place]
        return f"mk{letters}{self.count % 100:02d}"

    def whole(self) -> int:
        """Return a number of five digits that shows no pattern."""
        return 10_007 + self._next() * 7_919 % 89_981

    def day(self) -> date:
        """Return a day far from today."""
        return FIRST_DAY + timedelta(days=DAYS_APART * self._next())


def candidates(field: Field, marks: Marks, turn: int, targets: Mapping[str, Sequence[str]], files: Sequence[str]) -> Iterator[Json]:
    """Give values for a field, each more likely to be taken than the one before, as JSON values; None for none.

    turn: which record of its entity it is for. targets: ids of records by the full key of their entity. files: ids of files that nothing holds yet.
    """
    kind = field.kind.key
    if field.any_of:
        found = [(key, ids) for key in field.any_of for ids in [targets.get(key, ())] if ids]
        yield from ({"entity": key, "id": ids[turn % len(ids)]} for key, ids in found[turn % len(found) :] + found)
    elif field.target == FILES:
        yield [files[turn % len(files)]] if files else None
    elif field.target is not None:
        ids = targets.get(field.target, ())
        for step in range(min(len(ids), 8)):
            chosen = ids[(turn + step) % len(ids)]
            yield [chosen] if field.links is not None else chosen
    elif field.options:
        keys = [option.key for option in field.options]
        for step in range(len(keys)):
            chosen = keys[(turn + step) % len(keys)]
            yield [chosen] if kind == "choices" else chosen
    else:
        yield from _SIMPLE.get(kind, _nothing)(field, marks, turn)
    if not field.is_required:
        yield None


def _nothing(field: Field, marks: Marks, turn: int) -> Iterator[Json]:
    yield from ()


def _texts(field: Field, marks: Marks, turn: int) -> Iterator[Json]:
    word = marks.word()
    longest = field.max_length or 60
    if longest >= len(word):
        yield word
        yield word.upper()
    yield str(marks.whole()).rjust(max(field.min_length or 0, 5), "7")[:longest]
    yield f"{marks.whole():05d}{marks.whole():05d}{marks.whole():05d}{marks.whole():05d}"[: min(longest, 18)]
    yield f"{word}@example.com"


def _numbers(field: Field, marks: Marks, turn: int) -> Iterator[Json]:
    scale = field.scale if field.scale is not None else 2
    whole, cents = marks.whole(), marks.whole() % 10**min(scale, 3)
    for value in (Decimal(whole), Decimal(whole) / 10, Decimal(whole) / 1000, Decimal(turn % 7 + 2), Decimal(1)):
        given = round(value + Decimal(cents) / 10 ** min(scale, 3), scale)
        if (field.minimum is None or given >= field.minimum) and (field.maximum is None or given <= field.maximum):
            yield number_text(given)


def _days(field: Field, marks: Marks, turn: int) -> Iterator[Json]:
    yield marks.day().isoformat()
    yield datetime.now(UTC).date().isoformat()


def _moments(field: Field, marks: Marks, turn: int) -> Iterator[Json]:
    yield f"{marks.day().isoformat()}T03:17:41Z"
    yield datetime.now(UTC).isoformat()


_SIMPLE: Mapping[str, Callable[[Field, Marks, int], Iterator[Json]]] = {
    **dict.fromkeys(("text", "long_text", "secret"), _texts),
    "rich_text": lambda field, marks, turn: iter([f"<p>{marks.word()}</p>"]),
    "email": lambda field, marks, turn: iter([f"{marks.word()}@example.com"]),
    "url": lambda field, marks, turn: iter([f"https://{marks.word()}.example.com/"]),
    "phone": lambda field, marks, turn: iter([f"138{marks.whole():05d}{turn % 1000:03d}"]),
    "barcode": _texts,
    **dict.fromkeys(("number", "money", "percent", "quantity", "duration"), _numbers),
    "rating": lambda field, marks, turn: iter([turn % 3 + 1, 1]),
    "boolean": lambda field, marks, turn: iter([turn % 4 != 3, True, False]),
    "date": _days,
    "datetime": _moments,
    "time": lambda field, marks, turn: iter([f"{turn % 24:02d}:17"]),
    "json": lambda field, marks, turn: iter([{"note": marks.word()}]),
}
"""By the kind of a field what gives values for it; of kinds that are not here fields stay empty."""
