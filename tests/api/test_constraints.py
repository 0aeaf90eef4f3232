"""What must occur once, is required where a condition holds, lies between dates, or is only warned of; and what a publish says of it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.workshop import Document, Shop, element, entity, label, options, package

RECORDS = "/api/apps/rooms/records"
BOOKINGS = f"{RECORDS}/booking"
TODAY = datetime.now(ZoneInfo("Asia/Shanghai")).date()


def rooms() -> Document:
    """Return an app of bookings."""
    guests = element("guests", "lines", fields=[
        element("passport", "text"), element("seat", "number", scale=0), element("kind", "choice", options=options("adult", "child")),
        element("age", "number", scale=0, required_when='kind = "child" AND NOT ISBLANK(parent.room)'),
        element("from", "date", min_="parent.start"),
    ])  # fmt: skip
    booking = entity(
        "booking", "name",
        element("name", "text", required=True), element("room", "text"), element("company", "text"),
        element("state", "choice", options=options("open", "cancelled"), default='"open"'),
        element("start", "date", min_="TODAY()"), element("end", "date", min_="start", max_="start + 30"),
        element("at", "datetime", max_="start"),
        element("reason", "text", required_when='state = "cancelled" OR host.strict'),
        element("host", "reference", to="host"),
        element("price", "money"), guests,
        unique=[
            {"key": "once", "fields": ["room", "start", "company"], "where": 'state <> "cancelled" AND NOT ISBLANK(name)',
             "message": label("The room is taken")},
            {"key": "seats", "fields": ["guests.seat"], "within": "parent"},
            {"key": "passports", "fields": ["guests.passport"], "where": 'kind = "adult"', "message": label("Known passport")},
        ],
        rules=[
            {"key": "cheap", "check": "price >= 10", "at": "price", "severity": "warning", "message": label("Rather cheap")},
            {"key": "free", "check": "price <> 0", "at": "price", "message": label("Nothing is free")},
        ],
    )  # fmt: skip
    host = entity("host", "name", element("name", "text"), element("strict", "boolean"))
    return package("rooms", host, booking)


@pytest.fixture(scope="module")
async def booked(shop: Shop) -> AsyncIterator[Shop]:
    made = await shop.install(rooms())
    assert made.status_code == 201, made.text
    yield shop


def booking(**values: object) -> Document:
    return {"name": "x", "price": "20", **values}


async def made(shop: Shop, **values: object) -> Document:
    answer = await shop.admin.post(BOOKINGS, booking(**values))
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def wrong(shop: Shop, body: Document, *places: tuple[str, str], method: str = "POST", path: str = BOOKINGS, en: str = "") -> None:
    await refused(shop, shop.admin, method, path, body, 422, "record-invalid", *places, en=en)


async def test_a_constraint_concerns_the_records_for_which_its_condition_holds(booked: Shop) -> None:
    day = str(TODAY + timedelta(days=1))
    first = {"room": "1", "start": day, "company": "A"}
    taken = [("record-not-unique", f"/{key}") for key in ("room", "start", "company")]
    one = await made(booked, **first)
    await made(booked, **{**first, "company": "B"})
    await made(booked, **{**first, "company": None})
    await made(booked, **{**first, "company": None})
    other = await made(booked, **first, state="cancelled", reason="rain")
    await wrong(booked, booking(**first), *taken, en="The room is taken")
    await wrong(booked, {"state": "open"}, *taken, method="PATCH", path=f"{BOOKINGS}/{other['id']}")
    assert (await booked.admin.ask("PATCH", f"{BOOKINGS}/{one['id']}", {"state": "cancelled", "reason": "rain"})).status_code == 200
    assert (await booked.admin.ask("PATCH", f"{BOOKINGS}/{other['id']}", {"state": "open"})).status_code == 200
    found = await booked.database.fetchval("SELECT indexdef FROM pg_indexes WHERE indexname LIKE 'booking\\_\\_once%'")
    assert "UNIQUE" in found and "deleted_at IS NULL" in found and "'cancelled'" in found


async def test_rows_are_unique_within_their_record_or_over_all(booked: Shop) -> None:
    two = [{"seat": "1", "passport": "P1", "kind": "adult"}, {"seat": "2", "passport": "P2", "kind": "adult"}]
    one = await made(booked, guests=two)
    await made(booked, guests=[{"seat": "1", "passport": "P1", "kind": "child"}, {"seat": None}, {"seat": None}])
    await wrong(booked, booking(guests=[{"seat": "1"}, {"seat": "2"}, {"seat": "1.0"}, {"seat": "1"}]),
                ("record-not-unique", "/guests/2/seat"), ("record-not-unique", "/guests/3/seat"))  # fmt: skip
    await wrong(booked, booking(guests=[{"passport": "P9", "kind": "adult"}, {"passport": "P2", "kind": "adult"}, {"passport": "P9", "kind": "adult"}]),
                ("record-not-unique", "/guests/1/passport"), ("record-not-unique", "/guests/2/passport"), en="Known passport")  # fmt: skip
    # What a row that goes held is free for one that comes with it.
    path = f"{BOOKINGS}/{one['id']}"
    changed = await booked.admin.ask("PATCH", path, {"guests": [{"passport": "P2", "kind": "adult"}, {"passport": "P3", "kind": "adult"}]})
    assert changed.status_code == 200, changed.text
    same = await booked.admin.ask("PATCH", path, {"guests": [{"id": row["id"]} for row in changed.json()["guests"]]})
    assert same.status_code == 200, same.text


async def test_clashes_of_one_request_are_told_row_by_row(shop: Shop) -> None:
    """The records of a package are saved together."""
    day = str(TODAY + timedelta(days=2))
    seed = [
        {"key": key, "entity": "booking", "values": booking(room=room, start=day, company="A", guests=[{"passport": passport, "kind": "adult"}])}
        for key, room, passport in (("a", "7", "P1"), ("b", "8", "P2"), ("c", "7", "P3"), ("d", "9", "P2"), ("e", "7", "P4"))
    ]
    before = await shop.counts()
    answer = await shop.install({**rooms(), "key": "seeded", "seed": seed})
    places = [(item["code"], item["pointer"]) for item in problem_of(answer, 422, "package-invalid")["errors"]]
    assert places == [("record-not-unique", "/seed/d/values/guests/0/passport")]
    answer = await shop.install({**rooms(), "key": "seeded", "seed": [one for one in seed if one["key"] != "d"]})
    places = [(item["code"], item["pointer"]) for item in problem_of(answer, 422, "package-invalid")["errors"]]
    wanted = [f"/seed/{key}/values/{field}" for key in ("c", "e") for field in ("room", "start", "company")]
    assert sorted(places) == sorted(("record-not-unique", at) for at in wanted)
    assert await shop.counts() == before


async def test_a_field_is_required_where_its_condition_holds(booked: Shop) -> None:
    strict = (await booked.admin.post(f"{RECORDS}/host", {"name": "s", "strict": True})).json()["id"]
    loose = (await booked.admin.post(f"{RECORDS}/host", {"name": "l"})).json()["id"]
    await wrong(booked, booking(state="cancelled"), ("record-required", "/reason"))
    await wrong(booked, booking(host=strict), ("record-required", "/reason"))
    one = await made(booked, host=loose)
    path = f"{BOOKINGS}/{one['id']}"
    await wrong(booked, {"host": strict}, ("record-required", "/reason"), method="PATCH", path=path)
    await made(booked, guests=[{"kind": "child"}])
    await wrong(booked, booking(room="5", guests=[{"kind": "adult"}, {"kind": "child"}]), ("record-required", "/guests/1/age"))


async def test_dates_lie_between_what_expressions_say(booked: Shop) -> None:
    past, day = str(TODAY - timedelta(days=1)), TODAY + timedelta(days=3)
    await wrong(booked, booking(start=past), ("record-date-early", "/start"), en=str(TODAY))
    late, early = str(day + timedelta(days=31)), str(day - timedelta(days=1))
    await wrong(booked, booking(start=str(day), end=late), ("record-date-late", "/end"))
    await wrong(booked, booking(start=str(day), at=f"{day + timedelta(days=1)}T12:00:00Z"), ("record-date-late", "/at"))
    await wrong(booked, booking(start=str(day), guests=[{"from": str(day)}, {"from": early}]), ("record-date-early", "/guests/1/from"))
    one = await made(booked, start=str(day), end=str(day), at=f"{day}T01:00:00Z")
    path = f"{BOOKINGS}/{one['id']}"
    await wrong(booked, {"start": str(day + timedelta(days=1))}, ("record-date-early", "/end"), method="PATCH", path=path)
    # A date that was right when it was entered does not keep anybody from changing the rest.
    await booked.database.execute("UPDATE app_rooms.booking SET start = $1, \"end\" = $1 WHERE id = $2", TODAY - timedelta(days=9), one["id"])
    assert (await booked.admin.ask("PATCH", path, {"name": "later"})).status_code == 200


async def test_a_warning_is_confirmed_or_nothing_is_saved(booked: Shop) -> None:
    body = {"name": "x", "price": "5"}
    await refused(booked, booked.admin, "POST", BOOKINGS, body, 422, "record-unconfirmed", ("record-warning", "/price"), en="Rather cheap")
    await wrong(booked, {"name": "x", "price": "0"}, ("record-rule-broken", "/price"))
    confirmed = await booked.admin.ask("POST", BOOKINGS, body, x_confirm_warnings="true")
    assert confirmed.status_code == 201, confirmed.text
    path = f"{BOOKINGS}/{confirmed.json()['id']}"
    await refused(booked, booked.admin, "PATCH", path, {"name": "y"}, 422, "record-unconfirmed", ("record-warning", "/price"))
    assert (await booked.admin.ask("PATCH", path, {"name": "y"}, x_confirm_warnings="true")).status_code == 200
    problem_of(await booked.admin.ask("POST", BOOKINGS, {**body, "price": "0"}, x_confirm_warnings="true"), 422, "record-invalid")


async def test_a_publish_names_records_that_break_a_new_constraint(shop: Shop) -> None:
    rows = element("rows", "lines", fields=[element("n", "number")])
    document = package("cards", entity("card", "name", element("name", "text"), element("code", "text"), rows))
    assert (await shop.install(document)).status_code == 201
    for name, code in (("one", "1"), ("two", "1"), ("three", "2"), ("gone", "2")):
        answer = await shop.admin.post("/api/apps/cards/records/card", {"name": name, "code": code, "rows": [{"n": "1"}, {"n": "1"}] if name == "one" else []})
        assert answer.status_code == 201
    assert (await shop.admin.ask("DELETE", f"/api/apps/cards/records/card/{answer.json()['id']}")).status_code == 204
    document["entities"][0]["unique"] = [
        {"key": "code", "fields": ["code"]}, {"key": "rows", "fields": ["rows.n"], "within": "parent"}, {"key": "all", "fields": ["rows.n"]},
        {"key": "none", "fields": ["code"], "where": 'name = "one"'},
    ]  # fmt: skip
    answer = await shop.publish(document)
    found = {item["pointer"]: item for item in problem_of(answer, 422, "definition-invalid")["errors"]}
    assert {item["code"] for item in found.values()} == {"definition-unique-broken"}
    assert {pointer.rpartition("/")[2] for pointer in found} == {"code", "rows", "all"}
    assert "one、two" in found["/entities/card/unique/code"]["detail"]
    assert found["/entities/card/unique/rows"]["detail"].endswith("：one。") or "one" in found["/entities/card/unique/rows"]["detail"]
    document["entities"][0]["unique"] = document["entities"][0]["unique"][-1:]
    assert (await shop.publish(document)).status_code == 201


@pytest.mark.parametrize(
    ("unique", "code", "at"),
    [
        ({"fields": ["none"]}, "definition-field-unknown", ""),
        ({"fields": ["guests.none"]}, "definition-field-unknown", ""),
        ({"fields": ["none.seat"]}, "definition-field-unknown", ""),
        ({"fields": ["guests"]}, "definition-unique-lines", ""),
        ({"fields": ["name", "guests.seat"]}, "definition-unique-mixed", ""),
        ({"fields": ["name"], "within": "parent"}, "definition-unique-within", "/within"),
        ({"fields": ["name"], "where": "start > TODAY()"}, "definition-formula-misplaced", "/where"),
        ({"fields": ["name"], "where": 'host.name = "x"'}, "definition-formula-path", "/where"),
        ({"fields": ["name"], "where": "guests.seat = 1"}, "expression-operand", "/where"),
        ({"fields": ["name"], "where": "revision = 1"}, "definition-unique-where", "/where"),
        ({"fields": ["name"], "where": "name"}, "definition-formula-type", "/where"),
    ],
    ids=["field", "row-field", "rows", "lines", "mixed", "within", "today", "path", "rows-in-condition", "system", "type"],
)
async def test_constraints_that_make_no_sense_are_told(booked: Shop, unique: Document, code: str, at: str) -> None:
    document = rooms()
    document["entities"][1]["unique"] = [{"key": "u", **unique}]
    answer = await booked.publish(document)
    found = {(item["code"], item["pointer"]) for item in problem_of(answer, 422, "definition-invalid")["errors"]}
    assert (code, f"/entities/booking/unique/u{at}") in found, found


async def test_conditions_of_fields_ask_no_other_records(booked: Shop) -> None:
    document = rooms()
    document["entities"][1]["fields"] += [
        element("a", "text", required_when="COUNT(@host) > 1"), element("b", "date", min_="MAX(@booking.start)"), element("c", "date", max_='"x"'),
    ]  # fmt: skip
    answer = await booked.publish(document)
    found = {(item["code"], item["pointer"]) for item in problem_of(answer, 422, "definition-invalid")["errors"]}
    at = "/entities/booking/fields"
    assert found == {
        ("definition-formula-no-entity", f"{at}/a/required_when"), ("definition-formula-no-entity", f"{at}/b/min"),
        ("definition-formula-type", f"{at}/c/max"),
    }  # fmt: skip
