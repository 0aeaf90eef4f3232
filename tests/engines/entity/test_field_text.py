"""Values as people write them in cells: read into the value the API would take, written back, and refused with the same codes."""

from __future__ import annotations

from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any
from uuid import UUID
from zoneinfo import ZoneInfo

import pytest

from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from engines.entity.check_texts import MASK
from engines.entity.entity import Field
from engines.entity.field_kinds import FIELD_KINDS
from engines.entity.field_text import text_of, value_from_text
from engines.values.issue import Issue
from engines.values.value_types import AnyRecord
from tests.workshop import element, entity, label, options, package

SHANGHAI = ZoneInfo("Asia/Shanghai")
SOME = UUID("00000000-0000-7000-8000-000000000001")
FIELDS = [
    element("text", "text", max_length=5), element("long_text", "long_text"), element("rich_text", "rich_text"), element("phone", "phone"),
    element("email", "email"), element("url", "url"), element("barcode", "barcode", format="ean8"), element("secret", "secret"),
    element("number", "number", scale=3), element("money", "money"), element("percent", "percent"), element("quantity", "quantity", unit="kg"),
    element("rating", "rating"), element("boolean", "boolean"), element("date", "date"), element("datetime", "datetime"),
    element("time", "time"), element("duration", "duration"),
    element("choice", "choice", options=options("a", "b")), element("choices", "choices", options=options("a", "b", "c")),
    element("tree_choice", "tree_choice", options=[
        {"key": "asia", "name": {"zh-CN": "亚洲", "en": "Asia"}},
        {"key": "china", "name": {"zh-CN": "中国", "en": "China"}, "parent": "asia"},
    ]),
    element("reference", "reference", to="sample"), element("sequence", "sequence", pattern="S-{000}"),
    element("references", "references", to="sample"), element("any_reference", "any_reference", to=["sample"]), *[element(kind, kind) for kind in ("member", "members", "department", "departments")],
    element("address", "address"), element("location", "location"), element("json", "json"),
]  # fmt: skip
MOMENT = datetime(2026, 11, 23, 0, 30, tzinfo=UTC)
HANGZHOU = {"province": "浙江省", "city": "杭州市", "district": "西湖区", "street": "文三路 1 号", "postcode": "310000"}

NO_TEXT = {"lines", "sequence", "attachments", "images", "signature"}
"""Kinds of which no cell of a spreadsheet can hold a value."""

READ: list[tuple[str, str, object]] = [
    ("text", " ab ", "ab"), ("long_text", "a\nb", "a\nb"), ("rich_text", "a < b\nc", "<p>a &lt; b</p><p>c</p>"), ("rich_text", "<p>a</p>", "<p>a</p>"),
    ("phone", "138 0013 8000", "138 0013 8000"), ("email", "a@b.cn", "a@b.cn"), ("url", "https://a.cn", "https://a.cn"),
    ("barcode", "96385074", "96385074"), ("number", "1,234.5", Decimal("1234.5")), ("number", "１２", Decimal(12)), ("money", "¥ 1,000.00", Decimal(1000)),
    ("money", "(12.50)", Decimal("-12.5")), ("percent", "15%", Decimal("0.15")), ("percent", "0.15", Decimal("0.15")),
    ("quantity", "12.5 KG", Decimal("12.5")), ("rating", "★★★☆☆", Decimal(3)), ("boolean", "是", True), ("boolean", "No", False), ("boolean", "1", True),
    ("date", "2026/1/5", date(2026, 1, 5)), ("date", "2026年11月23日", date(2026, 11, 23)), ("date", "2026-11-23 00:00:00", date(2026, 11, 23)),
    ("datetime", "2026-11-23 08:30", MOMENT), ("datetime", "2026-11-23T00:30:00Z", MOMENT), ("datetime", "2026/11/23", datetime(2026, 11, 22, 16, tzinfo=UTC)),
    ("time", "下午3点", "15:00"), ("time", "8:05 PM", "20:05"), ("duration", "1:30", Decimal(90)), ("duration", "2小时15分", Decimal(135)),
    ("choice", "B（中）", "b"), ("choice", "a", "a"), ("choices", "c, A", ["a", "c"]), ("choices", "a（中）、b（中）", ["a", "b"]),
    ("tree_choice", "亚洲 / 中国", "china"), ("tree_choice", "china", "china"), ("tree_choice", "Asia", "asia"), ("reference", str(SOME), SOME),
    ("address", "浙江省杭州市西湖区文三路 1 号 310000", HANGZHOU), ("address", "1 rue X, Paris", {"street": "1 rue X, Paris"}),
    ("location", "31.2304, 121.4737", {"latitude": "31.2304", "longitude": "121.4737"}), ("json", '{"a": [1]}', {"a": [1]}), ("json", "word", "word"),
    ("secret", "s3cret", "s3cret"), ("member", str(SOME), SOME), ("members", f"{SOME}; {SOME}", [SOME, SOME]), ("references", str(SOME), [SOME]),
    ("any_reference", f"sample：{SOME}", AnyRecord("sample", SOME)), ("any_reference", str(SOME), AnyRecord("sample", SOME)),
    *[(kind, "  ", None) for kind in FIELD_KINDS if kind not in NO_TEXT],
]  # fmt: skip
REFUSED = [
    ("text", "abcdef", "record-text-too-long"), ("number", "twelve", "record-number-invalid"), ("number", "1,2", "record-number-invalid"),
    ("money", "1.2.3", "record-number-invalid"), ("percent", "x%", "record-number-invalid"), ("rating", "9", "record-number-too-large"),
    ("boolean", "maybe", "record-wrong-type"), ("date", "11/23/2026", "record-date-invalid"), ("date", "2026-02-30", "record-date-invalid"),
    ("datetime", "soon", "record-datetime-invalid"), ("time", "25:00", "record-time-invalid"), ("duration", "long", "record-number-invalid"),
    ("choice", "z", "record-option-unknown"), ("choices", "a, z", "record-option-unknown"), ("tree_choice", "Mars", "record-option-unknown"),
    ("reference", "Ann", "record-reference-invalid"), ("any_reference", "Ann", "record-any-reference-invalid"),
    ("any_reference", f"other: {SOME}", "record-any-reference-entity"), ("location", "here", "record-location-invalid"), ("phone", "none", "record-phone-invalid"),
    ("email", "x", "record-email-invalid"), ("url", "a.cn", "record-url-invalid"), ("barcode", "1", "record-barcode-invalid"),
]  # fmt: skip
WRITTEN: list[tuple[str, object, str, str]] = [
    ("percent", Decimal("0.155"), "15.5%", "15.5%"), ("boolean", True, "是", "Yes"), ("datetime", MOMENT, "2026-11-23 08:30:00", "2026-11-23 08:30:00"),
    ("datetime", "2026-11-23T00:30:00Z", "2026-11-23 08:30:00", "2026-11-23 08:30:00"), ("duration", Decimal(1565), "26:05", "26:05"),
    ("tree_choice", "china", "亚洲 / 中国", "Asia / China"), ("choices", ["a", "c"], "a（中）、c（中）", "a, c"), ("secret", "secret:x", MASK, MASK),
    ("number", "12.50", "12.5", "12.5"), ("sequence", "S-001", "S-001", "S-001"), ("rich_text", "<p>a &lt; b</p><p>c</p>", "a < b\nc", "a < b\nc"),
    ("choice", "gone", "gone", "gone"), ("any_reference", {"entity": "sample", "id": str(SOME)}, f"sample: {SOME}", f"sample: {SOME}"), ("text", None, "", ""),
]  # fmt: skip


@pytest.fixture(scope="module")
def fields() -> dict[str, Field]:
    organization, _ = resolve(read_package("organization"), 1)
    model, issues = resolve(package("cells", entity("sample", "name", element("name", "text"), *FIELDS)), 1, {}, organization)
    assert model is not None, issues
    return dict(model.entities["sample"].fields)


@pytest.mark.parametrize(("kind", "text", "value"), READ, ids=[f"{kind}-{n}" for n, (kind, *_) in enumerate(READ)])
def test_text_is_read_and_what_is_written_of_it_is_read_again(fields: dict[str, Field], kind: str, text: str, value: Any) -> None:  # noqa: ANN401
    assert value_from_text(fields[kind], text, SHANGHAI) == value
    if kind != "secret":
        for language in ("zh-CN", "en"):
            assert value_from_text(fields[kind], text_of(fields[kind], value, language, SHANGHAI), SHANGHAI) == value


@pytest.mark.parametrize(("kind", "text", "code"), REFUSED, ids=[f"{kind}-{n}" for n, (kind, *_) in enumerate(REFUSED)])
def test_text_that_is_no_value_is_refused_as_by_the_api(fields: dict[str, Field], kind: str, text: str, code: str) -> None:
    found = value_from_text(fields[kind], text, SHANGHAI)
    assert isinstance(found, Issue)
    assert found.code == code
    assert all(label(kind)[language] in found.message[language] for language in ("zh-CN", "en"))


@pytest.mark.parametrize(("kind", "value", "zh", "en"), WRITTEN, ids=[f"{kind}-{n}" for n, (kind, *_) in enumerate(WRITTEN)])
def test_values_are_written_in_each_language(fields: dict[str, Field], kind: str, value: object, zh: str, en: str) -> None:
    assert text_of(fields[kind], value, "zh-CN", SHANGHAI) == zh
    assert text_of(fields[kind], value, "en", SHANGHAI) == en


def test_every_kind_people_write_is_read() -> None:
    assert {kind for kind, *_ in READ} >= {row.key for row in FIELD_KINDS.values() if row.key not in NO_TEXT}
