"""Publishing on each PostgreSQL at hand: data stays readable whatever changes, comes back with what was removed, and never half."""

from __future__ import annotations

import asyncio
import random
from typing import Any

import asyncpg
import pytest

from tests.api.browser import problem_of
from tests.refusal import refused
from tests.runtime.cards import cards, change, columns, create, installed, published, read
from tests.workshop import Shop, element, entity, label, options, package, with_fields, without


async def test_a_new_field_of_every_kind(shop: Shop) -> None:
    document = await installed(shop, "adding")
    old = await create(shop, document, name="old")
    fields = [
        element("a", "text", indexed=True), element("b", "long_text"), element("c", "number"), element("d", "money"),
        element("e", "boolean", default="TRUE"), element("f", "date"), element("g", "datetime"), element("h", "choice", options=options("x")),
        element("i", "reference", to="card"), element("j", "sequence", pattern="J{00}"),
        element("k", "lines", fields=[element("n", "number"), element("to", "reference", to="card")]), element("l", "number", formula="SUM(k.n)"),
    ]  # fmt: skip
    assert await published(shop, with_fields(document, "card", *fields)) == 2
    shown = await read(shop, document, old)
    assert {key: shown[key] for key in "abcdefghijl"} == {**dict.fromkeys("abcdefghijl"), "l": "0"}
    assert (shown["name"], shown["revision"], shown["k"]) == ("old", 1, [])
    values: dict[str, Any] = {"a": "A", "b": "B", "c": "1", "d": "2.5", "e": False, "f": "2026-01-01", "h": "x", "i": old["id"]}
    filled = await change(shop, document, old, **values, k=[{"n": "3", "to": old["id"]}, {"n": "4"}])
    assert {key: filled[key] for key in values} == values
    assert (filled["l"], filled["j"], [row["n"] for row in filled["k"]]) == ("7", None, ["3", "4"])
    new = await create(shop, document, name="new", g="2026-01-01T00:00:00Z")
    assert (new["e"], new["j"], new["l"]) == (True, "J01", "0")
    listed = (await shop.admin.get(f"{cards(document)}?sort=a&filter=c%20%3D%201")).json()["records"]
    assert [record["id"] for record in listed] == [old["id"]]


async def test_a_key_of_one_letter_is_a_key_like_others(shop: Shop) -> None:
    """SQL's own short names for tables never hide behind a column, and no column behind them."""
    letters = "abcdefghijklmnopqrstuvwxyz"
    rows = element("rows", "lines", fields=[element(letter, "number", scale=0) for letter in letters])
    document = await installed(shop, "letters", *(element(letter, "number", scale=0) for letter in letters), rows)
    values = {letter: str(place) for place, letter in enumerate(letters)}
    card = await create(shop, document, name="one", **values, rows=[values, {"x": "7"}])
    other = await create(shop, document, name="two", **values, rows=[values])
    changed = await change(shop, document, card, x="100", r="200", rows=[{**card["rows"][0], "x": "5", "r": "6"}, {"q": "8"}])
    found = await read(shop, document, card)
    assert found.items() >= changed.items()
    assert {letter: found[letter] for letter in letters} == {**values, "x": "100", "r": "200"}
    assert [(row["x"], row["r"], row["q"]) for row in found["rows"]] == [("5", "6", values["q"]), (None, None, "8")]
    for order in ("r", "-x", "name"):
        for place in ("start", "end"):
            answer = await shop.admin.get(f"{cards(document)}?sort={order}&at={place}&filter=q%20%3E%200")
            assert answer.status_code == 200, answer.text
            assert {record["id"] for record in answer.json()["records"]} == {card["id"], other["id"]}
    assert (await shop.admin.ask("DELETE", f"{cards(document)}/{other['id']}")).status_code == 204


async def test_a_removed_field_is_retired_and_comes_back_with_its_data(shop: Shop) -> None:
    document = await installed(
        shop, "removing", element("code", "text", required=True, unique=True), element("rows", "lines", fields=[element("n", "number")]),
    )  # fmt: skip
    card = await create(shop, document, name="kept", code="K1", rows=[{"n": "1"}, {"n": "2"}])
    less = without(without(document, "card", "code"), "card", "rows")
    await published(shop, less)
    shown = await read(shop, document, card)
    assert "code" not in shown
    assert "rows" not in shown
    await refused(shop, shop.admin, "POST", cards(document), {"code": "x"}, 422, "record-invalid", ("record-field-unknown", "/code"))
    await create(shop, document, name="made meanwhile")
    await create(shop, document, name="made meanwhile too")
    assert "code" in await columns(shop, document)
    assert (await change(shop, document, card, name="changed meanwhile"))["revision"] == 2
    await published(shop, document)
    back = await read(shop, document, card)
    assert (back["code"], [row["n"] for row in back["rows"]], back["name"]) == ("K1", ["1", "2"], "changed meanwhile")
    again = {"code": "K1"}
    await refused(shop, shop.admin, "POST", cards(document), again, 422, "record-invalid", ("record-not-unique", "/code"))


async def test_a_removed_entity_comes_back_with_its_records(shop: Shop) -> None:
    document = await installed(shop, "entities")
    card = await create(shop, document, name="kept")
    other = package("entities", entity("other", "name", element("name", "text")))
    await published(shop, other)
    assert (await shop.admin.get(cards(document))).status_code == 404
    await published(shop, document)
    assert (await read(shop, document, card))["name"] == "kept"


async def test_another_kind_gets_another_column_and_the_first_comes_back(shop: Shop) -> None:
    document = await installed(shop, "kinds", element("size", "text"))
    card = await create(shop, document, name="card", size="large")
    number = with_fields(document, "card", element("size", "number", scale=1))
    await published(shop, number)
    assert await columns(shop, document) == {"name": "text", "size": "text", "size__2": "numeric"}
    assert (await read(shop, document, card))["size"] is None
    assert (await change(shop, document, card, size="12.34"))["size"] == "12.3"
    await published(shop, with_fields(document, "card", element("size", "date")))
    assert (await columns(shop, document))["size__3"] == "date"
    assert (await read(shop, document, card))["size"] is None
    await published(shop, document)
    assert (await read(shop, document, card))["size"] == "large"
    await published(shop, number)
    assert (await read(shop, document, card))["size"] == "12.3"
    assert set(await columns(shop, document)) == {"name", "size", "size__2", "size__3"}


async def test_a_reference_to_another_entity_gets_another_column(shop: Shop) -> None:
    first, second = (entity(key, "name", element("name", "text")) for key in ("first", "second"))
    card = entity("card", "name", element("name", "text"), element("to", "reference", to="first"))
    document = package("pointing", first, second, card)
    assert (await shop.install(document)).status_code == 201
    records = "/api/apps/pointing/records"
    ids = [(await shop.admin.post(f"{records}/{key}", {"name": key})).json()["id"] for key in ("first", "second")]
    made = await create(shop, document, name="card", to=ids[0])
    other = with_fields(document, "card", element("to", "reference", to="second"))
    await published(shop, other)
    assert (await read(shop, document, made))["to"] is None
    assert (await change(shop, document, made, to=ids[1]))["to"] == ids[1]
    assert (await shop.admin.ask("DELETE", f"{records}/second/{ids[1]}")).status_code == 409
    await published(shop, document)
    assert (await read(shop, document, made))["to"] == ids[0]
    assert (await shop.admin.ask("DELETE", f"{records}/first/{ids[0]}")).status_code == 409


@pytest.mark.parametrize(("before", "after", "kept", "saved"), [(2, 4, "1.5", "1.2346"), (4, 2, "1.2346", "1.23")])
async def test_another_scale(shop: Shop, before: int, after: int, kept: str, saved: str) -> None:
    rows = element("rows", "lines", fields=[element("n", "number", scale=before)])
    document = await installed(shop, f"scale_{before}", element("n", "number", scale=before), rows)
    value = "1.5" if before == 2 else "1.23456"
    card = await create(shop, document, name="old", n=value, rows=[{"n": value}, {"n": value}])
    rows = element("rows", "lines", fields=[element("n", "number", scale=after)])
    await published(shop, with_fields(document, "card", element("n", "number", scale=after), rows))
    shown = await read(shop, document, card)
    assert (shown["n"], shown["rows"][0]["n"]) == (kept, kept)
    assert (await change(shop, document, card, name="another field"))["name"] == "another field"
    changed = await change(shop, document, card, n="1.23456", rows=[{"id": shown["rows"][0]["id"], "n": "1.23456"}, {"id": shown["rows"][1]["id"]}])
    assert (changed["n"], changed["rows"][0]["n"]) == (saved, saved)


async def test_longer_text_wider_range_other_options(shop: Shop) -> None:
    fields = [element("a", "text", max_length=3), element("n", "number", max_="5"), element("c", "choice", options=options("x"))]
    document = await installed(shop, "limits", *fields)
    card = await create(shop, document, name="card", a="abc", n="5", c="x")
    wide = [element("a", "long_text"), element("n", "number", max_="50"), element("c", "choice", options=options("x", "y"))]
    await published(shop, with_fields(document, "card", *wide))
    assert (await change(shop, document, card, a="abcd", n="50", c="y"))["a"] == "abcd"
    await published(shop, document)
    shown = await read(shop, document, card)
    assert (shown["a"], shown["n"], shown["c"]) == ("abcd", "50", "y")
    assert (await change(shop, document, card, name="the rest stays"))["a"] == "abcd"
    place = ("record-text-too-long", "/a")
    await refused(shop, shop.admin, "PATCH", f"{cards(document)}/{card['id']}", {"a": "abcd"}, 422, "record-invalid", place)


async def test_what_must_have_a_value_is_held_by_the_database_once_no_record_lacks_one(shop: Shop) -> None:
    """Records that lack one can still be put in the trash, and what is computed of them goes on; a retired column need not be filled."""

    async def held() -> int:
        query = "SELECT count(*) FROM pg_constraint WHERE connamespace = 'app_must'::regnamespace AND conname LIKE 'required%' AND convalidated"
        return int(await shop.database.fetchval(query))

    document = await installed(shop, "must", element("code", "text"), element("sum", "number", formula="COUNT(rows)"), element("rows", "lines", fields=[element("n", "number")]))
    lacking, full = await create(shop, document, name="lacking"), await create(shop, document, name="full", code="x", rows=[{"n": "1"}])
    rows = element("rows", "lines", fields=[element("n", "number", required=True)])
    wanted = with_fields(document, "card", element("code", "text", required=True), rows)
    await published(shop, wanted)
    assert await held() == 1
    insert = "INSERT INTO app_must.card__rows (id, parent, position) VALUES (gen_random_uuid(), $1, 9)"
    with pytest.raises(asyncpg.CheckViolationError):
        await shop.database.execute(insert, full["id"])
    assert (await shop.admin.ask("DELETE", f"{cards(document)}/{lacking['id']}")).status_code == 204
    await published(shop, with_fields(wanted, "card", element("more", "text")))
    assert await held() == 2
    answer = await shop.admin.ask("POST", f"{cards(document)}/{lacking['id']}/restore", {})
    problem_of(answer, 422, "record-invalid")
    assert [error["code"] for error in answer.json()["errors"]] == ["record-required"]
    await published(shop, without(wanted, "card", "code"))
    assert await held() == 1
    await create(shop, document, name="without")
    await published(shop, wanted)
    assert await held() == 1


async def test_unique_over_duplicates_is_refused_and_nothing_changes(shop: Shop) -> None:
    document = await installed(shop, "doubles", element("code", "text"))
    twins = [await create(shop, document, name=str(n), code="same") for n in range(2)]
    wanted = with_fields(document, "card", element("code", "text", unique=True), element("more", "text"))
    draft = "/api/apps/doubles/draft"
    kept = (await shop.admin.ask("PUT", draft, {"revision": 0, "document": wanted})).json()
    body = {"revision": kept["revision"], "note": ""}
    place, words = ("definition-unique-broken", "/entities/card/fields/code/unique"), {"zh": "“code（中）”有重复值", "en": "the same value of code"}
    await refused(shop, shop.admin, "POST", "/api/apps/doubles/versions", body, 422, "definition-invalid", place, **words)
    assert set(await columns(shop, document)) == {"name", "code"}
    assert [version["number"] for version in (await shop.admin.get("/api/apps/doubles/versions")).json()["versions"]] == [1]
    assert (await create(shop, document, name="the rules are the old ones", code="same"))["code"] == "same"
    await shop.admin.ask("DELETE", f"{cards(document)}/{twins[0]['id']}")
    third = (await shop.admin.get(f"{cards(document)}?limit=1")).json()["records"][0]
    await change(shop, document, third, code="other")
    assert await published(shop, wanted) == 2
    await refused(shop, shop.admin, "POST", cards(document), {"code": "same"}, 422, "record-invalid", ("record-not-unique", "/code"))


async def test_index_over_texts_that_are_too_long_is_refused_and_nothing_changes(shop: Shop) -> None:
    document = await installed(shop, "longs", element("code", "text", max_length=4000))
    letters = "".join(chr(0x20000 + n * 7919 % 42_000) for n in range(4000))
    card = await create(shop, document, name="long", code=letters)
    wanted = with_fields(document, "card", element("code", "text", max_length=600, unique=True), element("more", "text"))
    draft = "/api/apps/longs/draft"
    kept = (await shop.admin.ask("PUT", draft, {"revision": 0, "document": wanted})).json()
    body = {"revision": kept["revision"], "note": ""}
    place, words = ("definition-index-values", "/entities/card/fields/code/unique"), {"zh": "文本太长", "en": "too long to be indexed"}
    await refused(shop, shop.admin, "POST", "/api/apps/longs/versions", body, 422, "definition-invalid", place, **words)
    assert set(await columns(shop, document)) == {"name", "code"}
    await change(shop, document, card, code=letters[:600])
    assert await published(shop, wanted) == 2
    assert (await create(shop, document, name="as long", code=letters[600:1200]))["code"] == letters[600:1200]


async def test_unique_constraints_follow_the_document(shop: Shop) -> None:
    key = "a_constraint_whose_name_is_rather_long"
    document = await installed(
        shop, "a_long_key_of_an_app", element("a", "text"), element("b", "text"), unique=[{"key": key, "fields": ["a"]}],
    )  # fmt: skip
    await create(shop, document, a="1", b="1")
    body, twice = {"a": "1", "b": "2"}, ("record-not-unique", "/a")
    await refused(shop, shop.admin, "POST", cards(document), body, 422, "record-invalid", twice)
    document["entities"][0]["unique"] = [{"key": key, "fields": ["a", "b"]}]
    await published(shop, document)
    await create(shop, document, **body)
    await refused(shop, shop.admin, "POST", cards(document), body, 422, "record-invalid", twice, ("record-not-unique", "/b"))
    document["entities"][0]["unique"] = []
    await published(shop, document)
    await create(shop, document, **body)


async def test_indexes_follow_the_document(shop: Shop) -> None:
    """An index comes with the wish for it and goes with it or with its field; the index of rows by their owner stays."""

    async def indexes() -> set[str]:
        rows = await shop.database.fetch("SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'app_indexed' AND indexdef NOT LIKE '%UNIQUE%' AND indexname !~ '__(terms__|order$)'")
        return {row["indexname"] for row in rows}

    rows = element("rows", "lines", fields=[element("a", "text", indexed=True)])
    plain = await installed(shop, "indexed", element("code", "text"), rows)
    always = {"card__rows__parent__index"}
    assert await indexes() == {*always, "card__rows__a__index"}
    await published(shop, with_fields(plain, "card", element("code", "text", indexed=True)))
    assert await indexes() == {*always, "card__code__index", "card__rows__a__index"}
    await published(shop, with_fields(without(plain, "card", "code"), "card", element("rows", "lines", fields=[element("a", "text")])))
    assert await indexes() == always
    await published(shop, with_fields(plain, "card", element("code", "text", indexed=True)))
    assert await indexes() == {*always, "card__code__index", "card__rows__a__index"}


async def test_the_longest_text_of_an_index_is_kept(shop: Shop) -> None:
    """Rare characters in no order cannot be made shorter; the longest text an index may have still fits."""
    document = await installed(
        shop, "longest", element("a", "text", max_length=200), element("b", "text", max_length=400), element("c", "long_text", max_length=600, indexed=True),
        unique=[{"key": "both", "fields": ["a", "b"]}],
    )  # fmt: skip
    rare = random.Random(1)
    texts = ["".join(chr(rare.randrange(0x20000, 0x2A000)) for _ in range(length)) for length in (200, 400, 600)]
    card = await create(shop, document, a=texts[0], b=texts[1], c=texts[2])
    assert [card["a"], card["b"], card["c"]] == texts
    await refused(shop, shop.admin, "POST", cards(document), {"a": texts[0], "b": texts[1]}, 422, "record-invalid",
                  ("record-not-unique", "/a"), ("record-not-unique", "/b"))  # fmt: skip


async def test_unique_names_too_long_for_postgresql(shop: Shop) -> None:
    kind, key = "an_entity_with_the_longest_possible_name", "a_constraint_with_a_very_long_name_too"
    document = package("long", entity(kind, "a", element("a", "text"), unique=[{"key": key, "fields": ["a"]}]))
    document["policies"][0]["key"] = "manager"
    assert (await shop.install(document)).status_code == 201
    path = f"/api/apps/long/records/{kind}"
    assert (await shop.admin.post(path, {"a": "1"})).status_code == 201
    await refused(shop, shop.admin, "POST", path, {"a": "1"}, 422, "record-invalid", ("record-not-unique", "/a"))
    document["entities"][0]["unique"] = []
    await published(shop, document)
    assert (await shop.admin.post(path, {"a": "1"})).status_code == 201


async def test_unique_field_of_another_kind(shop: Shop) -> None:
    document = await installed(shop, "unique_kinds", element("code", "text", unique=True))
    await create(shop, document, code="1")
    await published(shop, with_fields(document, "card", element("code", "number", unique=True)))
    await create(shop, document, code="2")
    for code in ("1", "2"):
        await refused(shop, shop.admin, "POST", cards(document), {"code": code}, 422, "record-invalid", ("record-not-unique", "/code"))
    await published(shop, document)
    await refused(shop, shop.admin, "POST", cards(document), {"code": "1"}, 422, "record-invalid", ("record-not-unique", "/code"))


async def test_what_a_publish_means_for_values_is_told_before(shop: Shop) -> None:
    """Values that vanish, stay behind, are missing or do not fit are counted; the trash and what is computed do not count."""
    fields = [
        element("old", "text"), element("size", "text"), element("code", "text", max_length=20), element("rank", "choice", options=options("low", "high")),
        element("n", "number"), element("rows", "lines", fields=[element("a", "text"), element("b", "number")]), element("sum", "number", formula="SUM(rows.b)"),
    ]  # fmt: skip
    document = await installed(shop, "warning", *fields)
    document["entities"].append(entity("box", "name", element("name", "text")))
    document["policies"].append({"key": "box", "role": "manager", "entity": "box", "actions": ["create", "read", "delete"], "rows": "all"})
    await published(shop, document)
    assert (await shop.admin.post("/api/apps/warning/records/box", {"name": "x"})).status_code == 201
    rows = [{"a": "1", "b": "1"}, {"a": "2"}]
    for number in range(3):
        await create(shop, document, old="x", size="3", code="long enough", rank="low", n="5", rows=rows if number else [])
    await create(shop, document, name="empty")
    trashed = await create(shop, document, old="x", size="3", code="long enough", rank="low", n="5", rows=rows)
    assert (await shop.admin.ask("DELETE", f"{cards(document)}/{trashed['id']}")).status_code == 204

    wanted = without(without(document, "card", "old"), "card", "sum")
    wanted["entities"] = [e for e in wanted["entities"] if e["key"] != "box"]
    wanted["policies"] = [p for p in wanted["policies"] if p["entity"] != "box"]
    wanted = with_fields(
        wanted, "card", element("size", "number"), element("code", "text", max_length=5), element("rank", "choice", options=options("high")),
        element("n", "number", required=True, max_="4"), element("rows", "lines", required=True, fields=[element("b", "number", required=True)]),
        element("fresh", "text", required=True),
    )  # fmt: skip
    draft = "/api/apps/warning/draft"
    revision = (await shop.admin.get(draft)).json()["revision"]
    assert (await shop.admin.ask("PUT", draft, {"revision": revision, "document": wanted})).status_code == 200
    told = (await shop.admin.get(f"{draft}/changes")).json()
    assert told["issues"] == []
    at = "/entities/card/fields"
    found = {(warning["code"].removeprefix("definition-"), warning["pointer"]): warning["message"] for warning in told["warnings"]}
    expected = {
        ("records-retired", "/entities/box"): 1, ("values-retired", f"{at}/old"): 3, ("values-converted", f"{at}/size"): 3, ("values-outside", f"{at}/code"): 3,
        ("values-outside", f"{at}/rank"): 3, ("values-outside", f"{at}/n"): 3, ("values-missing", f"{at}/n"): 1, ("values-missing", f"{at}/rows"): 2,
        ("values-retired", f"{at}/rows/fields/a"): 4, ("values-missing", f"{at}/rows/fields/b"): 2, ("values-missing", f"{at}/fresh"): 4,
    }  # fmt: skip
    assert found.keys() == expected.keys()
    for place, count in expected.items():
        assert str(count) in found[place]["zh-CN"]
        assert str(count) in found[place]["en"]
    assert "old（中）" in found["values-retired", f"{at}/old"]["zh-CN"]
    revision = (await shop.admin.get(draft)).json()["revision"]
    assert (await shop.admin.post("/api/apps/warning/versions", {"revision": revision, "note": ""})).status_code == 201
    assert (await shop.admin.get(f"{draft}/changes")).json()["warnings"] == []


async def test_roles_of_an_app_are_records_of_the_organization(shop: Shop) -> None:
    document = await installed(shop, "roles")
    document["roles"] += [{"key": "clerk", "name": label("Clerk")}]
    document["roles"][0]["name"] = label("Chief")
    await published(shop, document)
    query = "filter=app%20%3D%20%22roles%22&sort=key"
    found = (await shop.admin.get(f"/api/apps/organization/records/role?{query}")).json()["records"]
    assert [(role["key"], role["name"]) for role in found] == [("roles.clerk", "Clerk（中）"), ("roles.manager", "Chief（中）")]


async def test_two_publish_at_once(shop: Shop) -> None:
    document = await installed(shop, "at_once")
    kept = await shop.admin.ask("PUT", "/api/apps/at_once/draft", {"revision": 0, "document": with_fields(document, "card", element("a", "text"))})
    assert kept.json()["revision"] == 1
    answers = await asyncio.gather(*(shop.admin.post("/api/apps/at_once/versions", {"revision": 1, "note": str(n)}) for n in range(4)))
    assert sorted(answer.status_code for answer in answers) == [201, 409, 409, 409], [answer.text for answer in answers]
    versions = (await shop.admin.get("/api/apps/at_once/versions")).json()["versions"]
    assert [version["number"] for version in versions] == [2, 1]
