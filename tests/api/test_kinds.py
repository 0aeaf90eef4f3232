"""Every plain field kind over HTTP: what is taken, what is refused, what is read back, what filters find, what a blank is."""

from __future__ import annotations

import json
from dataclasses import dataclass, field
from typing import Any

import httpx
import pytest

from engines.entity.field_kinds import FIELD_KINDS
from tests.refusal import refused
from tests.workshop import Document, Shop, element, entity, label, options, package

RECORDS = "/api/apps/kinds/records/sample"
TREE = [
    {"key": "asia", "name": {"zh-CN": "亚洲", "en": "Asia"}},
    {"key": "china", "name": {"zh-CN": "中国", "en": "China"}, "parent": "asia"},
    {"key": "europe", "name": {"zh-CN": "欧洲", "en": "Europe"}},
]
SHAPE = {"type": "object", "required": ["size"], "properties": {"size": {"type": "integer"}, "code": {"pattern": "^[a-z]+$"}}}
ADDRESS = {"province": "浙江省", "city": "杭州市", "district": "西湖区", "street": "文三路 1 号", "postcode": "310000"}


@dataclass(frozen=True)
class Case:
    """A field, values that are taken with what is read back, values that are refused with the code, and filters.

    filters: an expression over the field and how many of the good values it finds. blanks: what counts as no value.
    """

    kind: str
    good: list[tuple[object, object]]
    bad: list[tuple[object, str]]
    filters: list[tuple[str, int]] = field(default_factory=list)
    blanks: tuple[object, ...] = (None,)
    properties: Document = field(default_factory=dict)
    name: str = ""

    @property
    def key(self) -> str:
        """The key of the field."""
        return f"f_{self.name or self.kind}"


CASES = [
    Case("text", [("ab-12", "ab-12"), (" zz-99 ", "zz-99")],
         [("ab12", "record-text-pattern"), ("a", "record-text-too-short"), (5, "record-wrong-type")],
         [("{f} = \"zz-99\"", 1)], (None, "", "  "),
         {"pattern": "[a-z]{2}-[0-9]{2}", "pattern_message": label("two letters, two digits"), "min_length": 2}),
    Case("rich_text",
         [("<p>Hi <b>you</b></p>", "<p>Hi <b>you</b></p>"), ('<p onclick="x">1 &lt; 2<script>alert(1)</script></p>', "<p>1 &lt; 2</p>"),
          ('<a href="javascript:x">a</a><img src=x onerror=y>', '<a rel="noopener noreferrer">a</a>')],
         [(5, "record-text-expected"), ("a\x00", "record-text-invalid"), ("x" * 201, "record-text-too-long")],
         [('CONTAINS({f}, "Hi")', 1), ('CONTAINS({f}, "1 < 2")', 1), ('CONTAINS({f}, "onclick")', 0)], (None, "", "<p> <br></p>"), {"max_length": 200}),
    Case("phone", [("13800138000", "13800138000"), ("+86 571-8888 0000 转12", "+86 571-8888 0000 转12"), ("１３８００１３８０００", "13800138000")],
         [("call me", "record-phone-invalid"), (13800138000, "record-text-expected"), ("1" * 50, "record-text-too-long")],
         [('STARTSWITH({f}, "138")', 2)], (None, "", " ")),
    Case("email", [("li@example.com", "li@example.com"), (" A@b.cn", "A@b.cn")],
         [("li", "record-email-invalid"), ("a@b", "record-email-invalid"), ("a b@c.cn", "record-email-invalid")],
         [('ENDSWITH({f}, ".cn")', 1)], (None, "")),
    Case("url", [("https://例子.cn/a?b=1#c", "https://例子.cn/a?b=1#c"), ("http://localhost:8000", "http://localhost:8000")],
         [("example.com", "record-url-invalid"), ("javascript:alert(1)", "record-url-invalid"), ("http://", "record-url-invalid"),
          ("http://a b", "record-url-invalid"), ("http://a:99999", "record-url-invalid")],
         [('CONTAINS({f}, "localhost")', 1)], (None, "")),
    Case("barcode", [("6901234567892", "6901234567892")],
         [("6901234567893", "record-barcode-invalid"), ("12", "record-barcode-invalid"), ("x" * 300, "record-text-too-long")],
         [('{f} = "6901234567892"', 1)], (None, ""), {"format": "ean13"}),
    Case("percent", [("0.15", "0.15"), (1, "1"), ("0.123456", "0.1235")],
         [("15%", "record-number-invalid"), ("2", "record-number-too-large")], [("{f} > 0.14", 2), ("{f} * 100 = 15", 1)], (None,), {"max": "1"}),
    Case("quantity", [("12.5", "12.5"), (3, "3")], [("12 kg", "record-number-invalid"), ("-1", "record-number-too-small")],
         [("BETWEEN({f}, 3, 12)", 1)], (None,), {"unit": "kg", "min": "0"}),
    Case("rating", [(5, "5"), ("1", "1")], [(6, "record-number-too-large"), (0, "record-number-too-small"), ("1.5", "record-number-whole")],
         [("{f} >= 4", 1)], (None,)),
    Case("money", [("9.999", "10")], [("x", "record-number-invalid")], [("{f} = 10", 1)], (None,), {"currency": "CNY"}),
    Case("time", [("08:30", "08:30"), ("23:59:10", "23:59")],
         [("24:00", "record-time-invalid"), ("8:30", "record-time-invalid"), (830, "record-text-expected")],
         [('{f} < "12:00"', 1), ('BETWEEN({f}, "08:00", "23:59")', 2)], (None, "")),
    Case("time", [("08:30", "08:30:00")], [], [('{f} = "08:30:00"', 1)], (None,), {"seconds": True}, "seconds"),
    Case("duration", [(90, "90"), ("1.4", "1")], [("1:30", "record-number-invalid"), ("-5", "record-number-too-small")],
         [("{f} / 60 = 1.5", 1)], (None,), {"min": "0"}),
    Case("choices", [(["b", "a", "b"], ["a", "b"]), (["c"], ["c"])],
         [("a", "record-options-expected"), (["a", "x"], "record-option-unknown"), ([1], "record-options-expected")],
         [('CONTAINS({f}, "a")', 1), ("COUNT({f}) = 1", 1), ('NOT CONTAINS({f}, "a") AND NOT ISBLANK({f})', 1)],
         (None, []), {"options": options("a", "b", "c")}),
    Case("tree_choice", [("china", "china"), ("asia", "asia"), ("europe", "europe")], [("africa", "record-option-unknown")],
         [('IN({f}, "asia", "china")', 2)], (None,), {"options": TREE}),
    Case("address", [(ADDRESS, ADDRESS), ({"street": " 1 rue X ", "city": "", "country": None}, {"street": "1 rue X"})],
         [("Paris", "record-address-expected"), ({"street": 5}, "record-text-expected"), ({"planet": "Earth"}, "record-part-unknown"),
          ({"postcode": "1" * 30}, "record-text-too-long")],
         [('CONTAINS({f}, "杭州市西湖区")', 1), ('CONTAINS({f}, "rue")', 1)], (None, {}, {"city": " "})),
    Case("location", [({"latitude": "31.23040001", "longitude": 121.4737}, {"latitude": "31.2304", "longitude": "121.4737"})],
         [({"latitude": 91, "longitude": 0}, "record-location-invalid"), ({"latitude": 1}, "record-location-invalid"),
          ("31,121", "record-location-invalid"), ({"latitude": 1, "longitude": 1, "height": 3}, "record-part-unknown"),
          ({"latitude": "NaN", "longitude": 1}, "record-location-invalid"), ({"latitude": True, "longitude": 1}, "record-location-invalid")],
         [('STARTSWITH({f}, "31.2304,")', 1)], (None, {})),
    Case("json", [({"size": 3, "id": "x", "more": [1.5, None, True]}, {"size": 3, "id": "x", "more": [1.5, None, True]})],
         [({"size": "x"}, "record-json-schema"), ([], "record-json-schema"), ({"size": 1, "code": "A"}, "record-json-schema")],
         [('CONTAINS({f}, "1.5")', 1)], (None,), {"schema": SHAPE}),
    Case("json", [([1, {"a": "é"}], [1, {"a": "é"}]), (0, 0), (False, False), ("text", "text")],
         [("a\x00b", "record-json-unstorable"), ("x" * 100_001, "record-json-too-large")], [], (None,), {}, "free"),
]  # fmt: skip
IDS = [case.key for case in CASES]


def kinds_app() -> Document:
    """Return an app with an entity of every plain kind, a reference beside them, and the same kinds in rows."""
    fields = [element(case.key, case.kind, **case.properties) for case in CASES]
    rows = [element(case.key, case.kind, **case.properties) for case in CASES]
    sample = entity(
        "sample", "name", element("name", "text"), *fields, element("lines", "lines", fields=rows),
        element("tags_chosen", "number", scale=0, formula="COUNT(f_choices)"),
        element("late", "boolean", formula='f_time > "12:00"'),
        element("share", "percent", formula="f_quantity / 100"),
        element("standard", "choices", options=options("a", "b"), default='["a"]'),
    )  # fmt: skip
    return package("kinds", sample)


@pytest.fixture(scope="module")
async def kinds(shop: Shop) -> Shop:
    """Return the site with the app of kinds."""
    answer = await shop.install(kinds_app())
    assert answer.status_code == 201, answer.text
    return shop


def test_every_kind_with_a_value_of_its_own_is_here_or_in_the_workshop() -> None:
    elsewhere = {"long_text", "number", "boolean", "date", "datetime", "choice", "reference", "lines", "sequence", "secret"}
    plain = {row.key for row in FIELD_KINDS.values() if row.value_type is not None or row.key in elsewhere}
    assert {case.kind for case in CASES} | elsewhere >= plain - OF_OTHER_FILES


OF_OTHER_FILES: set[str] = {"member", "members", "department", "departments", "references"}
"""Kinds whose tests are elsewhere: what points to records and what is kept as files."""


@pytest.mark.parametrize("case", CASES, ids=IDS)
async def test_values_are_read_back_filtered_and_kept_by_an_update_that_does_not_name_them(kinds: Shop, case: Case) -> None:
    made = []
    for sent, read in case.good:
        answer = await kinds.admin.post(RECORDS, {"name": case.key, case.key: sent, "lines": [{case.key: sent}]})
        assert answer.status_code == 201, answer.text
        record = answer.json()
        assert record[case.key] == read
        assert record["lines"][0][case.key] == read
        again = (await kinds.admin.get(f"{RECORDS}/{record['id']}")).json()
        assert (again[case.key], again["lines"][0][case.key]) == (read, read)
        made.append(record)
    for text, count in case.filters:
        condition = f'name = "{case.key}" AND ({text.replace("{f}", case.key)})'
        page = await kinds.admin.get(f"{RECORDS}?{httpx.QueryParams({'filter': condition, 'total': 'exact'})}")
        assert page.status_code == 200, page.text
        assert page.json()["total"] == count, text
    record = made[0]
    changed = await kinds.admin.ask("PATCH", f"{RECORDS}/{record['id']}", {"revision": 1, "name": "renamed"})
    assert changed.status_code == 200, changed.text
    assert (changed.json()[case.key], changed.json()["lines"][0][case.key]) == (case.good[0][1], case.good[0][1])
    kept = await kinds.database.fetchval("SELECT changes::text FROM dougong.history WHERE record_id = $1 AND revision = 2", record["id"])
    assert json.loads(kept) == {"name": [case.key, "renamed"]}


@pytest.mark.parametrize("case", CASES, ids=IDS)
async def test_a_value_is_blanked_kept_by_history_and_comes_back_by_undo_and_out_of_the_trash(kinds: Shop, case: Case) -> None:
    sent, read = case.good[0]
    for blank in case.blanks:
        record = (await kinds.admin.post(RECORDS, {case.key: sent, "lines": [{case.key: sent}]})).json()
        answer = await kinds.admin.ask("PATCH", f"{RECORDS}/{record['id']}", {"revision": 1, case.key: blank, "lines": [{case.key: blank}]})
        assert answer.status_code == 200, answer.text
        assert answer.json()[case.key] is None, blank
        changes = await kinds.database.fetchval("SELECT changes::jsonb -> $2 FROM dougong.history WHERE record_id = $1 AND revision = 2",
                                                record["id"], case.key)
        assert json.loads(changes) == [read, None]
    blanking = await kinds.database.fetchval("SELECT change_set FROM dougong.history WHERE record_id = $1 AND revision = 2", record["id"])
    undone = await kinds.admin.post(f"/api/apps/kinds/change-sets/{blanking}/undo", {})
    assert undone.json()["left"] == [], undone.text
    assert (await kinds.admin.ask("DELETE", f"{RECORDS}/{record['id']}")).status_code == 204
    back = await kinds.admin.post(f"{RECORDS}/{record['id']}/restore", None)
    assert (back.json()[case.key], back.json()["lines"][0][case.key]) == (read, read), back.text
    if FIELD_KINDS[case.kind].operators:
        condition = httpx.QueryParams({"filter": f'NOT ISBLANK({case.key}) AND name = "no such"'})
        assert (await kinds.admin.get(f"{RECORDS}?{condition}")).status_code == 200


WRONG = [(case, value, code) for case in CASES for value, code in case.bad]


@pytest.mark.parametrize(("case", "value", "code"), WRONG, ids=[f"{case.key}-{n}" for n, (case, _, _) in enumerate(WRONG)])
async def test_wrong_values_are_refused_at_their_place(kinds: Shop, case: Case, value: object, code: str) -> None:
    body = {case.key: value, "lines": [{}, {case.key: value}]}
    await refused(kinds, kinds.admin, "POST", RECORDS, body, 422, "record-invalid", (code, f"/{case.key}"), (code, f"/lines/1/{case.key}"))


async def test_kinds_that_are_numbers_texts_and_lists_compute(kinds: Shop) -> None:
    sent: dict[str, Any] = {"f_choices": ["a", "c"], "f_time": "13:00", "f_quantity": "40"}
    answer = await kinds.admin.post(RECORDS, sent)
    assert answer.status_code == 201, answer.text
    record = answer.json()
    assert (record["tags_chosen"], record["late"], record["share"], record["standard"]) == ("2", True, "0.4", ["a"])
    preview = (await kinds.admin.post(f"{RECORDS}/preview", {**sent, "f_address": ADDRESS, "f_free": {"id": 1}})).json()
    assert (preview["tags_chosen"], preview["f_address"], preview["f_free"]) == ("2", ADDRESS, {"id": 1})


async def test_the_description_for_programs_has_every_kind(kinds: Shop) -> None:
    document = (await kinds.admin.get("/api/apps/kinds/openapi.json")).json()
    schemas = document["components"]["schemas"]["sample.input"]["properties"]
    assert schemas["f_choices"]["items"]["enum"] == ["a", "b", "c"]
    assert schemas["f_json"]["anyOf"][0] == SHAPE
    assert schemas["f_percent"]["type"] == ["string", "number", "null"]
    assert schemas["f_text"]["pattern"] == "^(?:[a-z]{2}-[0-9]{2})$"


async def test_values_kept_as_json_are_merged_with_what_others_saved_since(kinds: Shop) -> None:
    record = (await kinds.admin.post(RECORDS, {"f_free": {"a": 1.5}, "f_address": ADDRESS, "lines": [{"f_free": [1]}]})).json()
    path = f"{RECORDS}/{record['id']}"
    first = await kinds.admin.ask("PATCH", path, {"revision": 1, "f_free": {"a": 2}})
    other = await kinds.admin.ask("PATCH", path, {"revision": 1, "f_address": {"city": "Paris"}})
    assert (first.status_code, other.status_code) == (200, 200), other.text
    assert (other.json()["f_free"], other.json()["f_address"]) == ({"a": 2}, {"city": "Paris"})
    clash = await kinds.admin.ask("PATCH", path, {"revision": 1, "f_free": {"a": 3}})
    assert clash.status_code == 409, clash.text


async def test_true_is_another_value_than_one_in_json(kinds: Shop) -> None:
    record = (await kinds.admin.post(RECORDS, {"f_free": {"a": [1, 0]}, "lines": [{"f_free": 1}]})).json()
    path = f"{RECORDS}/{record['id']}"
    rows = [{"id": record["lines"][0]["id"], "f_free": True}]
    changed = await kinds.admin.ask("PATCH", path, {"revision": 1, "f_free": {"a": [True, 0]}, "lines": rows})
    assert changed.status_code == 200, changed.text
    shown = (await kinds.admin.get(path)).json()
    assert (json.dumps(shown["f_free"]), shown["lines"][0]["f_free"]) == ('{"a": [true, 0]}', True)
    latest = (await kinds.admin.get(f"{path}/history")).json()["changes"][0]
    assert "f_free" in {field["field"] for field in latest["fields"]} and latest["rows"]
    clash = await kinds.admin.ask("PATCH", path, {"revision": 1, "f_free": {"a": [1, False]}})
    assert clash.status_code == 409, clash.text


async def test_a_file_of_the_list_holds_what_people_write(kinds: Shop) -> None:
    values = {"f_percent": "0.155", "f_duration": "90", "f_choices": ["a", "c"], "f_tree_choice": "china", "f_address": ADDRESS,
              "f_location": {"latitude": "1", "longitude": "2"}, "f_rich_text": "<p>a &lt; <b>b</b></p>"}  # fmt: skip
    assert (await kinds.admin.post(RECORDS, {"name": "in a file", **values})).status_code == 201
    query = httpx.QueryParams({"format": "csv", "filter": 'name = "in a file"', "fields": ",".join(values)})
    answer = await kinds.admin.ask("GET", f"{RECORDS}/export?{query}", accept_language="en")
    assert answer.status_code == 200, answer.text
    row = answer.text.splitlines()[1]
    for text in ("0.155", "1:30", "a、c", "Asia / China", "浙江省杭州市西湖区文三路 1 号 310000", "1, 2", "a < b"):
        assert text in row
