"""What a publish computes on each PostgreSQL at hand: existing records have the values that the formulas of the new version give."""

from __future__ import annotations

from decimal import Decimal

from tests.runtime.cards import cards, change, changes_of, create, installed, published, read
from tests.workshop import Shop, element, with_fields, without


async def test_records_get_what_new_and_changed_formulas_compute(shop: Shop) -> None:
    """Rows first, then what sums them; errors, rounding and lengths as a save has them; nobody's revision moves."""
    rows = element("rows", "lines", fields=[element("q", "number"), element("p", "money")])
    document = await installed(shop, "filling", element("n", "number"), element("note", "text"), rows)
    full = await create(shop, document, name="it's 100%", n="0.04", note="x" * 30, rows=[{"q": "3", "p": "1.115"}, {"q": "2"}])
    bare = await create(shop, document, name="bare", n="0")
    gone = await create(shop, document, name="gone", n="2")
    await shop.admin.ask("DELETE", f"{cards(document)}/{gone['id']}")
    amount = element("amount", "money", scale=2, formula="ROUND(q * p, 3) * parent.sign")
    added = [
        element("sign", "number", formula='IF(name = "it\'s 100%", -1, 1)'), element("share", "number", scale=1, formula="1 / n"),
        element("total", "money", formula="SUM(rows.amount)"), element("short", "text", max_length=3, formula="note"),
        element("label", "text", formula='CONCAT(short, "\\%$1:x", total)'), element("odd", "boolean", formula="ISERROR(share) || total < 0"),
    ]  # fmt: skip
    wanted = with_fields(document, "card", {**rows, "fields": [*rows["fields"], amount]}, *added)
    changes = (await changes_of(shop, wanted))["statements"]
    assert len([text for text in changes if text.startswith("UPDATE")]) == 7
    await published(shop, wanted)
    keys = ("sign", "share", "share__error", "total", "short", "label", "odd", "revision")
    shown = await read(shop, wanted, full)
    assert [shown[key] for key in keys] == ["-1", "25", None, "-3.36", "xxx", "xxx\\%$1:x-3.36", True, 1]
    assert [row["amount"] for row in shown["rows"]] == ["-3.36", "0"]
    empty = await read(shop, wanted, bare)
    assert [empty[key] for key in keys] == ["1", None, "DIV0", "0", None, "\\%$1:x0", True, 1]
    kept = await shop.database.fetchval("SELECT share FROM app_filling.card WHERE id = $1", gone["id"])
    assert kept == Decimal("0.5")

    again = await change(shop, wanted, shown, note="x" * 30)
    assert [again[key] for key in keys] == [*[shown[key] for key in keys[:-1]], 2]
    other = with_fields(wanted, "card", element("sign", "number", formula="2"))
    await published(shop, other)
    assert [(await read(shop, other, card))["label"] for card in (full, bare)] == ["xxx\\%$1:x6.72", "\\%$1:x0"]
    told = await changes_of(shop, with_fields(other, "card", element("more", "text")))
    assert told["statements"] == ['ALTER TABLE app_filling.card ADD COLUMN more TEXT COLLATE "C"']

    await published(shop, without(without(other, "card", "share"), "card", "odd"))
    await change(shop, other, full, n="4")
    await published(shop, other)
    assert (await read(shop, other, full))["share"] == "0.3"


async def test_what_postgresql_cannot_compute_is_computed_record_by_record(shop: Shop) -> None:
    """Rows first with what they know of their owner; errors, lengths, and what reads such a field in SQL again."""
    rows = element("rows", "lines", fields=[element("p", "money")])
    document = await installed(shop, "by_record", element("n", "number"), rows)
    full = await create(shop, document, name="合计", n="4", rows=[{"p": "1.5"}, {"p": "20"}])
    bare = await create(shop, document, name="bare", n="0")
    words = element("words", "text", max_length=20, formula='RMBUPPER(p) & "@" & parent.name')
    added = [
        element("share", "number", scale=2, formula="NPV(1 / n, 10)"), element("upper", "text", max_length=8, formula="RMBUPPER(SUM(rows.p) / n)"),
        element("size", "number", formula="LEN(upper) + COUNT(rows[ENDSWITH(words, name)])"),
    ]  # fmt: skip
    wanted = with_fields(document, "card", {**rows, "fields": [*rows["fields"], words]}, *added)
    told = (await changes_of(shop, wanted))["statements"]
    assert {text for text in told if text.startswith("--")} == {
        f"-- app_by_record.{column}: each record is computed by the server" for column in ("card__rows.words", "card.share", "card.upper")
    }
    await published(shop, wanted)
    keys = ("share", "share__error", "upper", "upper__error", "size", "size__error", "revision")
    shown, empty = await read(shop, wanted, full), await read(shop, wanted, bare)
    assert [shown[key] for key in keys] == ["8", None, "伍元叁角捌分", None, "8", None, 1]
    assert [row["words"] for row in shown["rows"]] == ["壹元伍角整@合计", "贰拾元整@合计"]
    assert [empty[key] for key in keys] == [None, "DIV0", None, "DIV0", None, "DIV0", 1]
    again = await change(shop, wanted, shown, n="4")
    assert [again[key] for key in keys[:-1]] == [shown[key] for key in keys[:-1]]
