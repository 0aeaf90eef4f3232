"""Errors are values: what reads a computed field that failed fails too, until ISERROR or IFERROR meets it, in every channel."""

from __future__ import annotations

from typing import Any
from urllib.parse import quote

import pytest

from tests.refusal import refused
from tests.workshop import Document, Shop, element, entity, label, package

RECORDS = "/api/apps/errors/records"


def errors() -> Document:
    """Return an app whose cards divide by what people enter, and whose notes have a rule about the card they point to."""
    rows = element("rows", "lines", fields=[
        element("q", "number"),
        element("share", "number", formula="1 / q"),
        element("more", "number", formula="share + 1"),
        element("both", "number", formula="parent.share + share"),
    ])  # fmt: skip
    card = entity(
        "card", "name",
        element("name", "text"), element("n", "number"), rows,
        # `twice` stands before what it reads: the order of the document says nothing about the order of computing.
        element("twice", "number", formula="share * 2"),
        element("share", "number", formula="1 / n"),
        element("sum", "number", formula="SUM(rows.share)"),
        element("safe", "number", formula="IFERROR(twice, -1)"),
        element("failed", "boolean", formula="ISERROR(twice)"),
        rules=[{"key": "small", "check": "ISERROR(sum) || sum < 100", "at": "rows", "message": label("too much")}],
    )  # fmt: skip
    note = entity(
        "note", "name",
        element("name", "text"), element("card", "reference", to="card", required=True), element("share", "number", copy_from="card.share"),
        rules=[{"key": "fine", "check": "card.share >= 0", "at": "card", "message": label("that card has no share")}],
    )  # fmt: skip
    return package("errors", card, note)


@pytest.fixture
async def shop(shop: Shop) -> Shop:
    """Have the app, which the tests of a module share."""
    answer = await shop.install(errors())
    assert answer.status_code in (201, 409), answer.text
    return shop


def seen(record: dict[str, Any], *keys: str) -> list[Any]:
    """Return values of a record, `#CODE` for a field that failed."""
    return [f"#{record[f'{key}__error']}" if record.get(f"{key}__error") else record[key] for key in keys]


async def test_errors_pass_on(shop: Shop) -> None:
    body = {"name": "a", "n": "0", "rows": [{"q": "2"}, {"q": "0"}]}
    made = (await shop.admin.post(f"{RECORDS}/card", body)).json()
    header = ("share", "twice", "sum", "safe", "failed")
    assert seen(made, *header) == ["#DIV0", "#DIV0", "#DIV0", "-1", True]
    assert [seen(row, "share", "more", "both") for row in made["rows"]] == [["0.5", "1.5", "#DIV0"], ["#DIV0", "#DIV0", "#DIV0"]]
    assert [made["share"], made["twice"], made["rows"][1]["more"]] == [None, None, None]
    path = f"{RECORDS}/card/{made['id']}"
    read = (await shop.admin.get(path)).json()
    assert {key: read[key] for key in made} == made

    shown = (await shop.admin.post(f"{RECORDS}/card/preview", body)).json()
    assert seen(shown, *header) == seen(made, *header)
    assert [seen(row, "more") for row in shown["rows"]] == [["1.5"], ["#DIV0"]]

    mended = (await shop.admin.ask("PATCH", path, {"n": "4", "rows": [{"id": made["rows"][0]["id"]}]})).json()
    assert seen(mended, *header) == ["0.25", "0.5", "0.5", "0.5", False]
    assert seen(mended["rows"][0], "share", "more", "both") == ["0.5", "1.5", "0.75"]
    history = await shop.database.fetchval("SELECT changes FROM dougong.history WHERE record_id = $1 AND revision = 2", made["id"])
    assert '"share": [null, "0.25"]' in history.replace('":[', '": [').replace('",', '", ').replace("null,", "null, ")

    broken = (await shop.admin.ask("PATCH", path, {"n": "0"})).json()
    assert seen(broken, *header) == ["#DIV0", "#DIV0", "0.5", "-1", True]


async def test_conditions_meet_errors(shop: Shop) -> None:
    cards = [(await shop.admin.post(f"{RECORDS}/card", {"name": n, "n": n})).json()["id"] for n in ("0", "2")]
    for text, names in {"share > 0": ["2"], "!(share > 0)": [], "ISERROR(twice)": ["0"], "failed": ["0"], "twice = 1": ["2"]}.items():
        condition = quote(f'({text}) && name <> "a"')
        page = (await shop.admin.get(f"{RECORDS}/card?filter={condition}")).json()
        assert [record["name"] for record in page["records"]] == names, text
    place = ("record-rule-broken", "/card")
    for _ in range(2):  # the second time the card is remembered
        body = {"name": "note", "card": cards[0]}
        await refused(shop, shop.admin, "POST", f"{RECORDS}/note", body, 422, "record-invalid", place)
        made = await shop.admin.post(f"{RECORDS}/note", {"name": "note", "card": cards[1]})
        assert (made.status_code, made.json()["share"]) == (201, "0.5")
