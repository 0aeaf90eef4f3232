"""Fields of another kind: values that have an equal go over, those that have none stay behind, and all of them come back."""

from __future__ import annotations

from typing import Any

from tests.runtime.cards import change, changes_of, create, installed, published, read
from tests.workshop import Document, Shop, element, options, with_fields

NUMBER, TEXT, DATE, MOMENT, YES = (
    {"kind": "number", "scale": 2}, {"kind": "text"}, {"kind": "date"}, {"kind": "datetime"}, {"kind": "boolean"},
)  # fmt: skip
CHOICES = {"kind": "choices", "options": options("a", "b")}
ROWS: tuple[tuple[Document, Any, Document, Any], ...] = (
    (TEXT, "12.345", NUMBER, "12.35"), (TEXT, "+3", NUMBER, "3"), (TEXT, "1,234,567.5", NUMBER, "1234567.5"), (TEXT, "12 kg", NUMBER, None),
    (TEXT, "1e5", NUMBER, None), (NUMBER, "10.5", TEXT, "10.5"), (NUMBER, "100", TEXT, "100"), (TEXT, "2026-02-28", DATE, "2026-02-28"),
    (TEXT, "2026/3/1", DATE, "2026-03-01"), (TEXT, "2026-02-30", DATE, None), (DATE, "2026-02-28", TEXT, "2026-02-28"),
    (DATE, "2026-02-28", MOMENT, "2026-02-27T16:00:00+00:00"), (MOMENT, "2026-02-27T16:00:00+00:00", DATE, "2026-02-28"),
    (MOMENT, "2026-02-27T16:00:00+00:00", TEXT, "2026-02-28 00:00:00"), (TEXT, "2026-02-28 08:30", MOMENT, "2026-02-28T00:30:00+00:00"),
    (TEXT, "2026-02-28 25:00", MOMENT, None), (TEXT, "是", YES, True), (TEXT, "No", YES, False), (TEXT, "maybe", YES, None),
    (YES, True, TEXT, "true"), (YES, False, NUMBER, "0"), (NUMBER, "1", YES, True), (NUMBER, "2", YES, None), (TEXT, "a", CHOICES, ["a"]),
    (CHOICES, ["b"], TEXT, "b"), (CHOICES, ["a", "b"], TEXT, None), (DATE, "2026-02-28", YES, None),
)  # fmt: skip
"""Kind and value before, kind after and what the value becomes; None where it stays behind."""


def fields(place: int) -> list[Document]:
    """Return the fields as they are before (0) or after (2)."""
    return [element(f"f{number}", **row[place]) for number, row in enumerate(ROWS)]


async def test_values_go_over_and_come_back(shop: Shop) -> None:
    document = await installed(shop, "converting", *fields(0))
    card = await create(shop, document, name="card", **{f"f{number}": row[1] for number, row in enumerate(ROWS)})
    blank = await create(shop, document, name="blank")
    after = with_fields(document, "card", *fields(2))
    told = await changes_of(shop, after)
    counts: dict[str, set[int]] = {}
    for warning in told["warnings"]:
        counts.setdefault(warning["code"], set()).add(int(warning["pointer"].rpartition("/f")[2]))
    without_rule = len(ROWS) - 1
    assert counts["definition-values-unconverted"] == {number for number, row in enumerate(ROWS) if row[3] is None} - {without_rule}
    assert counts["definition-values-converted"] == {number for number, row in enumerate(ROWS) if row[3] is not None}
    assert counts["definition-values-left"] == {without_rule}
    await published(shop, after)
    shown = await read(shop, after, card)
    assert {number: shown[f"f{number}"] for number in range(len(ROWS))} == {number: row[3] for number, row in enumerate(ROWS)}
    empty = await read(shop, after, blank)
    assert {empty[f"f{number}"] for number, row in enumerate(ROWS) if row[2] is not CHOICES} == {None}
    assert shown["revision"] == 1
    # What somebody writes meanwhile goes along; what nobody has touched is what it was, to the letter.
    await change(shop, after, card, f0="99", f7="2027-01-01", f3="7", f6=None)
    await published(shop, document)
    back = await read(shop, document, card)
    expected = {f"f{number}": row[1] for number, row in enumerate(ROWS)} | {"f0": "99", "f7": "2027-01-01", "f3": "7", "f6": None}
    assert {key: back[key] for key in expected} == expected
    # A text that was changed to what is no number is a blank number, not the one there was.
    await change(shop, document, card, f1="three")
    await published(shop, after)
    assert (await read(shop, after, card))["f1"] is None


async def test_what_is_computed_and_what_was_written_keep_apart(shop: Shop) -> None:
    """A field that becomes computed is written elsewhere; one that is not computed any more begins with what it came to."""
    document = await installed(shop, "apart", element("n", "number"), element("double", "number"), element("triple", "number", formula="n * 3"))
    card = await create(shop, document, name="card", n="5", double="11")
    await published(shop, with_fields(document, "card", element("double", "number", formula="n * 2"), element("triple", "number")))
    shown = await read(shop, document, card)
    assert (shown["double"], shown["triple"]) == ("10", "15")
    await change(shop, document, card, triple="16", n="6")
    await published(shop, document)
    shown = await read(shop, document, card)
    assert (shown["double"], shown["triple"]) == ("11", "18")
    await published(shop, with_fields(document, "card", element("double", "number", formula="n * 2"), element("triple", "number")))
    shown = await read(shop, document, card)
    assert (shown["double"], shown["triple"]) == ("12", "16")
