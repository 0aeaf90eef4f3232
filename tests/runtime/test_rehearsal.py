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
