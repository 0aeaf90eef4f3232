"""A rehearsal tells what a publish would do to the records there are, and leaves nothing behind."""

from __future__ import annotations

from typing import Any

from tests.runtime.cards import cards, create, installed, published, read
from tests.workshop import Document, Shop, element, label, with_fields


async def rehearsed(shop: Shop, document: Document) -> dict[str, Any]:
    """Keep a document as the draft of its app and return what a rehearsal of it tells."""
    draft = f"/api/apps/{document['key']}/draft"
    revision = (await shop.admin.get(draft)).json()["revision"]
    kept = await shop.admin.ask("PUT", draft, {"revision": revision, "document": document})
    assert kept.status_code == 200, kept.text
    before = await shop.counts()
    answer = await shop.admin.post(f"{draft}/rehearsal", {})
    assert answer.status_code == 200, answer.text
    assert await shop.counts() == before
    return dict(answer.json())


async def test_what_would_change_break_and_be_lost(shop: Shop) -> None:
    rows = element("rows", "lines", fields=[element("n", "number")])
    document = await installed(shop, "rehearsed", element("size", "text"), element("price", "money"), element("twice", "money", formula="price * 2"), rows)
    made = [
        await create(shop, document, name=name, size=size, price=price, rows=[{"n": "1"}])
        for name, size, price in (("a", "10", "1"), ("b", "large", "2"), ("c", None, None))
    ]
    gone = await create(shop, document, name="gone", size="small", price="-5")
    assert (await shop.admin.ask("DELETE", f"{cards(document)}/{gone['id']}")).status_code == 204
    wanted = with_fields(
        document, "card", element("size", "number"), element("twice", "money", formula="price * 2 + COUNT(rows) - 1"),
        element("fresh", "money", formula="twice + 1"), element("price", "money", indexed=True),
    )  # fmt: skip
    wanted["entities"][0]["rules"] = [
        {"key": "cheap", "check": "ISBLANK(twice) OR twice < 3", "at": "price", "message": label("Too dear")},
        {"key": "named", "check": 'name <> "z"', "at": "name", "message": label("Never")},
    ]
    told = await rehearsed(shop, wanted)
    assert (told["issues"], told["problems"], told["is_long"]) == ([], [], False)
    found = {(one["kind"], one["pointer"]): one for one in told["findings"]}
    assert set(found) == {
        ("lost", "/entities/card/fields/size"), ("rule", "/entities/card/rules/cheap"), ("computed", "/entities/card/fields/twice"),
    }  # fmt: skip
    lost = found["lost", "/entities/card/fields/size"]
    assert (lost["count"], lost["examples"][-1]) == (2, {"record": "b", "before": "large", "after": None})
    rule = found["rule", "/entities/card/rules/cheap"]
    assert (rule["looked"], rule["whole"], rule["count"], rule["records"], rule["name"]["en"]) == (3, True, 1, ["b"], "Too dear")
    computed = found["computed", "/entities/card/fields/twice"]
    assert (computed["looked"], computed["count"]) == (4, 1)
    assert computed["examples"] == [{"record": "gone", "before": "-10", "after": "-11"}]
    assert [(size["entity"], size["large"]) for size in told["sizes"]] == [("card", False)]
    steps = {step["sql"].split(" ")[0]: step for step in told["steps"]}
    assert (steps["ALTER"]["waits"], steps["UPDATE"]["waits"], steps["CREATE"]["lock"]) == ("everybody", "writers", "SHARE")
    assert told["seconds"] >= 0
    # Nothing of it is there, and what was told comes true.
    assert (await read(shop, document, made[1]))["size"] == "large"
    await published(shop, wanted)
    assert (await read(shop, wanted, made[1]))["size"] is None
    assert [(await read(shop, wanted, card))["twice"] for card in made] == ["2", "4", "0"]


async def test_records_are_named_to_whoever_may_read_them_all(shop: Shop) -> None:
    document = await installed(shop, "named", element("size", "text"), element("twice", "number", formula="LEN(size) * 2"))
    document["policies"] = [{**policy, "rows": "own"} for policy in document["policies"]]
    await published(shop, document)
    await create(shop, document, name="secret", size="large")
    told = await rehearsed(shop, with_fields(document, "card", element("size", "number"), element("twice", "number", formula="size * 2")))
    assert {(one["kind"], one["count"], tuple(one["records"]), tuple(one["examples"])) for one in told["findings"]} == {
        ("lost", 1, (), ()), ("computed", 1, (), ()),
    }  # fmt: skip


async def test_what_would_stop_it_is_told(shop: Shop) -> None:
    document = await installed(shop, "stopped", element("code", "text"), element("of", "reference", to="card"))
    for name in ("a", "b"):
        await create(shop, document, name=name, code="same")
    told = await rehearsed(shop, with_fields(document, "card", element("code", "text", unique=True)))
    assert [one["code"] for one in told["issues"]] == ["definition-unique-broken"]
    assert (told["steps"], told["findings"]) == ([], [])
    wrong = await rehearsed(shop, with_fields(document, "card", element("code", "text", formula="nothing + 1")))
    assert [one["pointer"] for one in wrong["issues"]] == ["/entities/card/fields/code/formula"]
    assert (await shop.manager.ask("POST", "/api/apps/stopped/draft/rehearsal", {})).status_code in (403, 404)


async def test_sums_are_told_of_records_all_of_whose_rows_are_tried(shop: Shop) -> None:
    """There are more rows than are tried, and more of one card's than are tried at all."""
    lines = element("rows", "lines", fields=[element("n", "number"), element("amount", "number", formula="n * 2")])
    document = await installed(shop, "summed", lines, element("total", "number", formula="SUM(rows.amount)"), element("half", "number", formula="total / 2"))
    rows = """
        INSERT INTO app_summed.card__rows (id, parent, position, n, amount)
        SELECT gen_random_uuid(), $1::uuid, n, n, n * 2 FROM generate_series(1, $2::int) n"""
    for place in range(40):
        card = await create(shop, document, name=f"card {place}")
        await shop.database.execute(rows, card["id"], 100)
        await shop.database.execute("UPDATE app_summed.card SET total = 10100, half = 5050 WHERE id = $1", card["id"])
    wanted = with_fields(document, "card", {**lines, "fields": [element("n", "number"), element("amount", "number", formula="n * 2 + IF(n = 7, 1, 0)")]})
    wanted["entities"][0]["rules"] = [{"key": "few", "check": "half < 5050.2", "at": "name", "message": label("Too much")}]
    found = {one["pointer"].removeprefix("/entities/card/"): one for one in (await rehearsed(shop, wanted))["findings"]}
    assert {key: (one["looked"], one["whole"], one["count"]) for key, one in found.items() if "rows" not in key} == {
        "fields/total": (40, True, 40), "fields/half": (40, True, 40), "rules/few": (40, True, 40),
    }  # fmt: skip
    assert {(one["before"], one["after"]) for one in found["fields/total"]["examples"]} == {("10100", "10101")}
    for place in range(40, 70):
        card = await create(shop, document, name=f"card {place}")
        await shop.database.execute(rows, card["id"], 100)
    found = {one["pointer"].removeprefix("/entities/card/"): one for one in (await rehearsed(shop, wanted))["findings"]}
    assert (found["fields/total"]["looked"], found["fields/total"]["whole"], found["fields/total"]["count"]) == (35, False, 35)
    await shop.database.execute(rows, card["id"], 7_000)
    told = await rehearsed(shop, wanted)
    assert {one["pointer"] for one in told["unseen"]} == {"/entities/card/fields/total", "/entities/card/fields/half", "/entities/card/rules/few"}
    assert {one["kind"] for one in told["findings"]} == {"computed"}


async def test_what_old_records_hold_is_right_for_those_that_read_it(shop: Shop) -> None:
    """The newest cards point to the oldest, which are not among those looked at; old ones add up what points to them."""
    of = element("of", "reference", to="card", inverse={"key": "from", "name": label("From")})
    fields = [element("n", "number"), of, element("twice", "number", formula="n * 2"), element("above", "number", formula="of.twice")]
    document = await installed(shop, "far", *fields, element("below", "number", formula="SUM(from.twice)"))
    records = """
        INSERT INTO app_far.card (id, revision, created_at, created_by, updated_at, updated_by, name, n, twice, of, above, below)
        SELECT ('00000000-0000-7000-8000-' || lpad(n::text, 12, '0'))::uuid, 1, now(), u.id, now(), u.id, 'card ' || n, n, n * 2,
          CASE WHEN n > 4990 THEN ('00000000-0000-7000-8000-' || lpad((n - 4990)::text, 12, '0'))::uuid END,
          CASE WHEN n > 4990 THEN (n - 4990) * 2 END, CASE WHEN n <= 10 THEN (n + 4990) * 2 ELSE 0 END
        FROM (SELECT id FROM app_organization."user" LIMIT 1) u, generate_series(1, 5000) n ORDER BY n"""
    await shop.database.execute(records)
    told = await rehearsed(shop, with_fields(document, "card", element("twice", "number", formula="n * 2 + 1")))
    found = {one["pointer"].removeprefix("/entities/card/fields/"): one for one in told["findings"]}
    assert {key: (one["looked"], one["count"]) for key, one in found.items()} == {"twice": (3000, 3000), "above": (3000, 10)}
    assert found["above"]["examples"][0] == {"record": "card 5000", "before": "20", "after": "21"}
