"""An app for audits that has everything policies can say, and every kind of record: its document out."""

from __future__ import annotations

from tests.workshop import ALL, Document, element, entity, label, options, package


def vault() -> Document:
    """Return the app: cases of people with lines, files and states, settings, a ledger and a table of rates."""
    party = entity(
        "party", "name",
        element("name", "text", required=True, unique=True), element("phone", "phone"), element("bank", "text", indexed=True), element("limit", "money"),
        element("steward", "reference", to="organization.user"),
    )  # fmt: skip
    case = entity(
        "case", "code",
        element("code", "text", required=True, indexed=True), element("party", "reference", to="party"), element("owner", "reference", to="organization.user"),
        element("unit", "department"), element("grade", "choice", options=options("low", "high")), element("cost", "money"), element("price", "money"),
        element("due", "date"), element("note", "long_text"), element("pin", "secret"), element("papers", "attachments"), element("about", "any_reference", to=["party", "case"]),
        element("others", "references", to="party"), element("bag", "json"),
        element("lines", "lines", fields=[
            element("what", "text", required=True), element("party", "reference", to="party"), element("cost", "money"), element("count", "number", scale=0),
            element("worth", "money", formula="cost * count"), element("scans", "attachments"),
        ]),
        element("margin", "money", formula="price - cost"), element("told", "money", formula="price + cost", discloses=True),
        element("spent", "money", formula="SUM(lines.cost)"), element("bank_of", "text", formula="party.bank"), element("live", "money", formula="cost * 2", virtual=True),
        element("live_bank", "text", formula="party.bank", virtual=True),
        element("before", "reference", to="case", inverse={"key": "afters", "name": label("Afters")}),
        element("before_price", "money", formula="before.price"), element("after_price", "money", formula="SUM(afters.price)"),
        search=["code", "note"],
        states={
            "key": "state", "name": label("state"), "start": "open", "states": [{"key": key, "name": label(key)} for key in ("open", "shut", "gone")],
            "transitions": [{"key": "shut", "name": label("shut"), "from": ["open"], "to": "shut"}, {"key": "drop", "name": label("drop"), "from": ["shut"], "to": "gone"}],
        },
    )  # fmt: skip
    rates = entity("rates", "base", element("base", "text"), element("key", "text"), kind="single")
    table = entity(
        "tariff", "code",
        element("code", "text"), element("group", "text"), element("rate", "number", scale=2), element("rank", "number", scale=0),
        kind="decision", decision={"inputs": [{"key": "group", "name": label("group"), "match": "eq", "field": "group"}], "outputs": ["rate"], "policy": "first", "order": "rank"},
    )  # fmt: skip
    entry = entity("entry", "code", element("code", "text"), element("amount", "money"), element("party", "reference", to="party"), kind="ledger", negates=["amount"])
    document = package("vault", party, case, rates, table, entry)
    document["roles"] += [{"key": key, "name": label(key)} for key in ("own", "desk", "house", "leader", "guest", "reader", "clerk")]

    def policy(role: str, kind: str, actions: list[str], **others: object) -> Document:
        return {"key": f"{role}_{kind}_{'denied' if others.get('deny') else '_'.join(actions)}", "role": role, "entity": kind, "actions": actions, **others}

    for one in (
        policy("own", "case", [*ALL, "share"], rows="own", owner="owner", levels=[{"key": "cost", "level": "hidden"}, {"key": "lines.cost", "level": "hidden"}, {"key": "pin", "level": "hidden"}]),
        policy("own", "party", ["read", "create"], levels=[{"key": "bank", "level": "hidden"}, {"key": "phone", "level": "masked"}]),
        policy("desk", "case", ["read", "update", "share"], rows="department", owner="owner", levels=[
            {"key": "note", "level": "hidden", "when": 'state = "shut"'}, {"key": "cost", "level": "read", "when": 'state = "open"'}, {"key": "papers", "level": "hidden", "when": 'grade = "high"'},
        ], others="read"),
        policy("desk", "party", ["read"], rows="own", owner="steward"),
        policy("house", "case", ["read"], rows="department_below", owner="owner", where='state <> "gone"'),
        policy("house", "case", ["read"], deny=True, where='grade = "high"'),
        policy("house", "party", ["read"], where='NOT ISBLANK(bank)', levels=[{"key": "bank", "level": "masked"}]),
        policy("leader", "case", ["read", "update", "share"], rows="reports", levels=[{"key": "lines", "level": "hidden"}, {"key": "papers", "level": "hidden"}]),
        policy("leader", "case", ["read"], deny=True, levels=[{"key": "price", "level": "hidden", "when": 'state = "shut"'}]),
        policy("leader", "entry", ["read"], levels=[{"key": "amount", "level": "hidden"}]),
        policy("guest", "case", ["read"], rows="shared"),
        policy("guest", "tariff", ["read"], levels=[{"key": "rate", "level": "hidden"}]),
        policy("reader", "case", ["read"], others="hidden", levels=[{"key": "code", "level": "read"}, {"key": "lines", "level": "read"}, {"key": "lines.what", "level": "read"}, {"key": "told", "level": "read"}]),
        policy("reader", "rates", ["read"], levels=[{"key": "key", "level": "hidden"}]),
        policy("reader", "tariff", ["read"], where='group <> ""', rows="own"),
        policy("clerk", "entry", ["create", "read"], rows="own"),
        policy("clerk", "case", ["create", "update"], rows="own"),
    ):
        document["policies"].append(one)
    return document
