"""Packages nobody should install: each refused over HTTP with its code and place in both languages, and nothing is there afterwards."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Mapping
from typing import Any

import pytest

from tests.refusal import Place, refused
from tests.workshop import Document, Shop, element, entity, label, options, package

pytestmark = pytest.mark.anyio


def hostile(*entities: Document, **others: Any) -> Document:  # noqa: ANN401 – any JSON
    """Return a package of some entities, of one with a name where none are given."""
    return package("hostile", *(entities or [card()])) | others


def card(*fields: Document, **others: object) -> Document:
    """Return an entity with a name and other fields."""
    return entity("card", "name", element("name", "text", required=True), *fields, **others)


def record(key: str = "a", kind: str = "card", **values: object) -> Document:
    """Return a seed record."""
    return {"key": key, "entity": kind, "values": values}


def raw(before: bytes, after: bytes, **others: Any) -> bytes:  # noqa: ANN401
    """Return a request whose text is changed after it was written."""
    text = json.dumps({"package": hostile(**others)}).encode()
    assert text.count(before) >= 1, text
    return text.replace(before, after, 1)


DEFINITION, PACKAGE = (422, "definition-invalid"), (422, "package-invalid")
STARTER = [{"package": "organization", "version": ">=1.0,<2"}, {"package": "trading_starter", "version": ">=1.0,<2"}]
NAME = b'"name": {"zh-CN": "hostile'
SCORE = {"extend": "partner", "fields": [element("score", "number")]}

ROWS: Mapping[str, tuple[Document | bytes, tuple[int, str], tuple[Place, ...]]] = {
    "10,000 deep": (b'{"package": ' + b"[" * 10_000 + b"]" * 10_000 + b"}", (400, "request-too-deep"), ()),
    "millions of nothing": (b'{"package": {"a": [' + b"{}," * 6_600_000 + b"{}]}}", (400, "request-too-many"), ()),
    "500 deep": (b'{"package": {"key": ' + b"[" * 500 + b"]" * 500 + b"}}", (400, "request-too-deep"), ()),
    "not JSON": (b'{"package": {"key": NaN}}', (400, "request-not-json"), ()),
    "not UTF-8": (raw(b"hostile", b"host\xffile"), (400, "request-not-json"), ()),
    "a property twice": (raw(b'"kind": "text"', b'"kind": "date", "kind": "text"'), PACKAGE,
                         (("package-property-twice", "/entities/card/fields/name/kind"),)),
    "a number that is not exact": (raw(b'"MARK"', b"0.1000000000000000055", seed=[record(name="MARK")]), PACKAGE,
                                   (("package-number-inexact", "/seed/a/values/name"),)),
    "a newer format": (hostile(format="dougong.app/2"), DEFINITION, (("definition-format-newer", "/format"),)),
    "another format": (hostile(format="excel"), DEFINITION, (("definition-format-unknown", "/format"),)),
    "an unknown property": (hostile(virus=True), DEFINITION, (("definition-property-unknown", "/virus"),)),
    "an unknown kind": (hostile(card(element("x", "telepathy"))), DEFINITION, (("definition-kind-unknown", "/entities/card/fields/x"),)),
    "an entity of an unknown kind": (hostile(card(kind="spell")), DEFINITION, (("definition-shape", "/entities/card/kind"),)),
    "no key": (hostile(key="No Key"), DEFINITION, (("definition-shape", "/key"),)),
    "a key with a double underscore": (hostile(card(element("a__b", "text"))), DEFINITION, (("definition-shape", "/entities/card/fields/a__b/key"),)),
    "a reserved key": (hostile(card(element("revision", "number"))), DEFINITION, (("definition-key-reserved", "/entities/card/fields/revision"),)),
    "a reserved key of a row": (hostile(card(element("rows", "lines", fields=[element("position", "number")]))), DEFINITION,
                                (("definition-key-reserved", "/entities/card/fields/rows/fields/position"),)),
    "a field twice": (hostile(card(element("name", "text"))), DEFINITION, (("definition-key-taken", "/entities/card/fields/name"),)),
    "an entity twice": (hostile(card(), card()), DEFINITION, (("definition-key-taken", "/entities/card"), ("definition-key-taken", "/policies/manager_card"))),
    "an option twice": (hostile(card(element("c", "choice", options=options("a", "a")))), DEFINITION,
                        (("definition-key-taken", "/entities/card/fields/c/options/a"),)),
    "a role twice": (hostile(roles=[{"key": "manager", "name": label("M")}] * 2), DEFINITION, (("definition-key-taken", "/roles/manager"),)),
    "a seed record twice": (hostile(seed=[record(name="A"), record(name="B")]), DEFINITION, (("definition-key-taken", "/seed/a"),)),
    "a record in seed and demo": (hostile(seed=[record(name="A")], demo=[record(name="B")]), DEFINITION, (("definition-key-taken", "/demo/a"),)),
    "a requirement twice": (hostile(requires=[STARTER[0], STARTER[0]]), DEFINITION, (("definition-key-taken", "/requires/organization"),)),
    "a control character in a label": (hostile(name={"en": "a\x07b"}), DEFINITION, (("definition-shape", "/name/en"),)),
    "an escape in a message": (
        hostile(card(rules=[{"key": "r", "check": "name <> \"x\"", "message": {"en": "\x1b[31mred"}}])), DEFINITION,
        (("definition-shape", "/entities/card/rules/r/message/en"),)),
    "a label that turns round": (hostile(card(element("x", "text") | {"name": {"en": "gpj\u202e.exe"}})), DEFINITION,
                                 (("definition-shape", "/entities/card/fields/x/name/en"),)),
    "the end of a text": (raw(NAME, b'"name": {"zh-CN": "ho\\u0000stile'), (400, "request-text-invalid"), ()),
    "a formula out of scope": (hostile(card(element("x", "number", formula="salary * 2"))), DEFINITION,
                               (("expression-unknown-name", "/entities/card/fields/x/formula"),)),
    "a formula that reads another app": (hostile(card(element("x", "number", formula="COUNT(@sales_order)"))), DEFINITION,
                                         (("expression-unknown-entity", "/entities/card/fields/x/formula"),)),
    "formulas in a circle": (hostile(card(element("x", "number", formula="y + 1"), element("y", "number", formula="x + 1"))), DEFINITION,
                             (("definition-formula-cycle", "/entities/card/fields/x"),)),
    "a reference out of the app": (hostile(card(element("x", "reference", to="workshop.order"))), DEFINITION,
                                   (("definition-entity-unknown", "/entities/card/fields/x/to"),)),
    "a view of nothing": (hostile(views=[{"key": "v", "kind": "list", "entity": "nothing", "name": label("V"), "columns": [{"key": "a"}]}]), DEFINITION,
                          (("definition-entity-unknown", "/views/v/entity"),)),
    "a missing requirement": (hostile(requires=[{"package": "nothing_like_it", "version": ""}]), PACKAGE,
                              (("package-requires-missing", "/requires/nothing_like_it"),)),
    "an organization of another time": (hostile(requires=[{"package": "organization", "version": ">=2"}]), PACKAGE,
                                        (("package-requires-missing", "/requires/organization"),)),
    "a version nobody can read": (hostile(requires=[{"package": "organization", "version": ">=²"}]), PACKAGE,
                                  (("package-requires-range", "/requires/organization/version"),)),
    "a circle": (hostile(key="trading_starter", requires=[{"package": "crm_erp", "version": ""}]), PACKAGE,
                 (("package-requires-cycle", "/requires/crm_erp"),)),
    "itself": (hostile(requires=[{"package": "hostile", "version": ""}]), PACKAGE, (("package-requires-cycle", "/requires/hostile"),)),
    "an entity of a required package": (hostile(entity("partner", "name", element("name", "text")), requires=STARTER, roles=[], policies=[]), PACKAGE,
                                        (("package-key-clash", "/entities/partner"),)),
    "a key without its prefix": (hostile(requires=STARTER, entities=[SCORE], roles=[], policies=[]), PACKAGE,
                                 (("package-key-prefix", "/entities/partner/fields/score"),)),
    "more of nothing": (hostile(entities=[{"extend": "nothing"}], policies=[]), PACKAGE, (("package-extends-unknown", "/entities/nothing"),)),
    "a seed that breaks a rule": (
        hostile(card(rules=[{"key": "r", "check": "name <> \"x\"", "at": "name", "message": label("No")}]), seed=[record(name="x")]), PACKAGE,
        (("record-rule-broken", "/seed/a/values/name"),)),
    "a seed without its name": (hostile(seed=[record()]), PACKAGE, (("record-required", "/seed/a/values/name"),)),
    "a seed that points nowhere": (hostile(card(element("other", "reference", to="card")), seed=[record(name="A", other="b")]), PACKAGE,
                                   (("record-reference-missing", "/seed/a/values/other"),)),
    "seeds that point to each other": (
        hostile(card(element("other", "reference", to="card")), seed=[record(name="A", other="b"), record("b", name="B", other="a")]), PACKAGE,
        (("record-reference-missing", "/seed/a/values/other"),)),
    "a version with words": (hostile(version="1.0.0-rc.1"), DEFINITION, (("definition-shape", "/version"),)),
    "a seed of an app's people": (hostile(seed=[record("x", "organization.session", name="x")]), PACKAGE,
                                  (("definition-entity-unknown", "/seed/x/entity"),)),
    "an administrator of its own": (hostile(seed=[record("eve", "organization.user", name="Eve", email="eve@hostile.example.com", roles=[
        {"role": "organization.role:organization.member"}, {"role": "organization.role:hostile.manager"},
        {"role": "organization.role:organization.administrator"}])]), PACKAGE,
        (("package-role-foreign", "/seed/eve/values/roles/2/role"),)),
    "a role of another app": (hostile(demo=[record("eve", "organization.user", name="Eve", email="eve@hostile.example.com", roles=[
        {"role": "workshop.manager"}])]), PACKAGE, (("package-role-foreign", "/demo/eve/values/roles/0/role"),)),
    "a seed in nobody's name": (hostile(seed=[{**record(name="x"), "key": "../../x"}]), DEFINITION, (("definition-shape", "/seed/../../x/key"),)),
    "a file that is not there": (hostile(card(element("files", "attachments")), seed=[record(name="A", files=[{"file": "0" * 64, "name": "a.pdf"}])]),
                                 PACKAGE, (("package-file-missing", "/seed/a/values/files/0"),)),
}  # fmt: skip


@pytest.mark.parametrize("name", ROWS)
async def test_is_refused_with_its_place_and_leaves_nothing(shop: Shop, name: str) -> None:
    sent, (status, code), places = ROWS[name]
    apps = (await shop.admin.get("/api/apps")).json()
    body = sent if isinstance(sent, bytes) else {"package": sent}
    await refused(shop, shop.admin, "POST", "/api/apps", body, status, code, *places)
    assert (await shop.admin.get("/api/apps")).json() == apps
    assert await shop.database.fetchval("SELECT count(*) FROM pg_namespace WHERE nspname = 'app_hostile'") == 0


async def test_what_is_larger_than_a_package_may_be_is_not_read(shop: Shop) -> None:
    """A hundred megabytes are refused by their announced length; none of them is ever sent."""
    headers = {"x-csrf-token": shop.admin.csrf_token, "content-length": "100000000", "content-type": "application/json"}
    asked = 0

    async def body() -> AsyncIterator[bytes]:
        nonlocal asked
        for _ in range(100):
            asked += 1
            yield b" " * 1_000_000

    answer = await shop.admin.client.post("/api/apps", content=body(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "request-too-large")
    assert "20000000" in answer.json()["detail"]
    del headers["content-length"]
    answer = await shop.admin.client.post("/api/apps", content=body(), headers=headers)
    assert (answer.status_code, answer.json()["code"]) == (413, "request-too-large")


@pytest.mark.parametrize("key", ["user", "order", "select", "group"])
async def test_words_of_sql_are_entities_like_others(shop: Shop, key: str) -> None:
    markup = {"zh-CN": "<b>订单</b>", "en": "<script>alert(1)</script>\n{{7*7}} ${x}"}
    rows = element("table", "lines", fields=[element("where", "text"), element("from", "reference", to=key)])
    made = entity(key, "name", element("name", "text", required=True, unique=True), element("order", "number", indexed=True), rows) | {"name": markup}
    document = package(f"words_{key}", made, seed=[record("z", key, name="Z", order="0"), record("a", key, name="A", order="1", table=[{"where": "x", "from": "z"}])])
    installed = await shop.install(document)
    assert installed.status_code == 201, installed.text
    path = f"/api/apps/words_{key}/records/{key}"
    answer = await shop.admin.post(path, {"name": "<i>B</i>", "order": "2"})
    assert (answer.status_code, answer.json()["name"]) == (201, "<i>B</i>")
    found = (await shop.admin.get(f"{path}?sort=-order&fields=name,order")).json()["records"]
    assert [(one["name"], one["order"]) for one in found] == [("<i>B</i>", "2"), ("A", "1"), ("Z", "0")]
    model = (await shop.admin.get(f"/api/apps/words_{key}/model")).json()
    assert next(one for one in model["entities"] if one["key"] == key)["name"] == markup
    assert (await shop.admin.get(f"/api/apps/words_{key}/export")).json() == document
