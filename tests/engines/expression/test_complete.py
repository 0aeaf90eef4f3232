"""What is offered at a position of half-written text: the right names first, each insertable where it says, and never an exception."""

from __future__ import annotations

from time import process_time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.expression.check import labels_of, text_to_typed
from engines.expression.complete import Completion, Help, complete
from engines.expression.rows_china import FORMS, STYLES
from engines.expression.rows_moment import SPANS
from engines.expression.rules_list_pick import MODES
from engines.expression.scope import Scope, Words
from engines.values.value_types import BOOL, DATE, DATETIME, NUMBER, OPTION, TEXT, ValueType, list_of, record_of


def words(chinese: str, english: str, **options: str) -> Words:
    return Words({"zh-CN": chinese, "en": english}, {key: {"zh-CN": label, "en": key} for key, label in options.items()})


WORDS = {
    "order": {
        "quantity": words("数量", "Quantity"),
        "unit_price": words("单价", "Unit Price"),
        "status": words("状态", "Status", draft="草稿", open="已确认"),
        "customer": words("客户", "Customer"),
        "due": words("交货日期", "Due date"),
        "not": words("备注", "Not"),
        "lines": words("明细", "Lines"),
        "created_at": Words({"zh-CN": "创建时间", "en": "Created at"}, is_system=True),
    },
    "line": {"quantity": words("数量", "Quantity"), "amount": words("金额", "Amount"), "item": words("物料", "Item")},
    "partner": {"name": words("名称", "Name"), "level": words("级别", "Level", vip="重点"), "since": words("合作日期", "Since")},
    "item": {"cost": words("成本", "Cost")},
}
ENTITIES = {
    "line": {"quantity": NUMBER, "amount": NUMBER, "item": record_of("item")},
    "partner": {"name": TEXT, "level": OPTION, "since": DATE},
    "item": {"cost": NUMBER},
}
SCOPE = Scope(
    {
        "quantity": NUMBER, "unit_price": NUMBER, "status": OPTION, "customer": record_of("partner"), "due": DATE, "not": TEXT,
        "lines": list_of(record_of("line")), "created_at": DATETIME,
    },
    ENTITIES.get,
    labels_of(WORDS["order"]),
    words=lambda entity: WORDS.get(entity, {}),
    entity="order",
    wholes={"partner": ("往来单位", "Partner"), "item": ("物料", "Item"), "organization.user": ("用户", "User")},
)  # fmt: skip
ROW_SCOPE = Scope(ENTITIES["line"], ENTITIES.get, roots={"parent": record_of("partner")}, words=lambda e: WORDS.get(e, {}), entity="line")


def at(marked: str, scope: Scope = SCOPE, wanted: ValueType | None = None) -> Help:
    """Return the help at the `|` of a text."""
    position = marked.index("|")
    return complete(marked.replace("|", "", 1), position, scope, wanted, sounds=sounds)


def sounds(label: str) -> tuple[str, ...]:
    return {"数量": ("sl", "shuliang"), "单价": ("dj", "danjia"), "状态": ("zt", "zhuangtai")}.get(label, ())


def inserts(marked: str, count: int = 3, scope: Scope = SCOPE) -> list[str]:
    return [completion.insert for completion in at(marked, scope).completions[:count]]


def applied(marked: str, completion: Completion) -> str:
    text = marked.replace("|", "", 1)
    start, end = completion.span
    caret = start + completion.caret
    text = text[:start] + completion.insert + text[end:]
    return f"{text[:caret]}|{text[caret:]}"


OFFERED = {
    "quant|": "quantity|",
    "weekday|": "WEEKDAY(|, 2)",
    "weekday|(due)": "WEEKDAY|(due)",
    "QUANT|": "quantity|",
    "单|": "unit_price|",
    "{Unit Pr|": "unit_price|",
    "{Unit Pr| + 1}": "unit_price|",
    "｛单|｝ * 2": "unit_price| * 2",
    "qu|ant * 2": "quantity| * 2",
    "SUM(li|": "SUM(lines|",
    "SUM（li|）": "SUM（lines|）",
    "customer.|": "customer.name|",
    "customer.级|": "customer.level|",
    "customer . le|": "customer . level|",
    "客户.le|": "客户.level|",
    "lines[am|": "lines[amount|",
    "lines[quantity > 1].|": "lines[quantity > 1].quantity|",
    "lines.item.|": "lines.item.cost|",
    "明细.am|": "明细.amount|",
    "lines[parent.unit|": "lines[parent.unit_price|",
    "lines[ANY(@partner, parent.parent.st|": "lines[ANY(@partner, parent.parent.status|",
    "lines[ANY(@partner, parent.am|": "lines[ANY(@partner, parent.amount|",
    "NETWORKDAYS(due, due, calendar.ho|": "NETWORKDAYS(due, due, calendar.holidays|",
    "SUM(lines, am|": "SUM(lines, amount|",
    "SUM(lines[amount > 2], item.|": "SUM(lines[amount > 2], item.cost|",
    "IF(quantity > 1, uni|": "IF(quantity > 1, unit_price|",
    "no|": "{not}|",
    "ROU|": "ROUND(|)",
    "rou|(1)": "ROUND|(1)",
    "TODAY|": "TODAY()|",
    "TRUE|": "TRUE|",
    "quantity an|": "quantity AND |",
    "status = |": 'status = "draft"|',
    'status = "o|': 'status = "open"|',
    'status <> "o|"': 'status <> "open"|',
    "status = 已|": 'status = "open"|',
    'IN(status, "draft", |': 'IN(status, "draft", "draft"|',
    'customer.level = |': 'customer.level = "vip"|',
    'DATEADD(due, 1, "mo|")': 'DATEADD(due, 1, "month"|)',
    "DATEADD(due, 1, 月|": 'DATEADD(due, 1, "month"|',
    "sl|": "quantity|",
    "danj|": "unit_price|",
    "COUNT(@pa|": "COUNT(@partner|",
    "COUNT(＠往来|": "COUNT(＠partner|",
    "@organization.us|": "@organization.user|",
    "@partner[le|": "@partner[level|",
    "@往来单位[name = \"a\"].级|": "@往来单位[name = \"a\"].level|",
    "LOOKUP(@item, c|": "LOOKUP(@item, cost|",
}


@pytest.mark.parametrize("marked", OFFERED)
def test_the_first_completion_is_what_an_author_means(marked: str) -> None:
    found = at(marked).completions
    assert found
    assert applied(marked, found[0]) == OFFERED[marked]


LONGER = Scope({"total_quantity": NUMBER, "total": TEXT, "round_no": NUMBER}, ENTITIES.get)


@pytest.mark.parametrize("word", ["total", "TOTAL", "{total"])
def test_a_name_written_out_comes_before_longer_ones(word: str) -> None:
    assert inserts(f"1 + {word}|", 2, LONGER) == ["total", "total_quantity"]
    assert at(f"{word}|", LONGER, NUMBER).completions[0].insert == "total", "whatever type is wanted"
    assert inserts("tota|", 2, LONGER) == ["total_quantity", "total"], "until then they stand as the record has them"


def test_a_function_written_out_comes_before_longer_ones_and_after_fields() -> None:
    assert inserts("round|", 3, LONGER) == ["round_no", "ROUND()", "ROUNDBANKER()"]


@pytest.mark.parametrize("marked", ["12|", "1.5|", '"ab|', "// ab|", "/* a|", "#2024-|", "customer.name.|", "unknown.|", "zzz|", "1 .|"])
def test_nothing_is_offered_where_no_name_belongs(marked: str) -> None:
    assert at(marked).completions == ()


def test_all_kinds_are_offered_where_nothing_is_written_yet() -> None:
    found = at("|").completions
    assert [entry.insert for entry in found[:3]] == ["quantity", "unit_price", "status"]
    assert {entry.kind for entry in found} >= {"field", "function"}
    names = [entry.insert for entry in found if entry.kind == "field"]
    assert names[-1] == "created_at", "the platform's own fields come last"
    assert found[0].label == {"zh-CN": "数量", "en": "Quantity"}
    assert found[0].type == NUMBER


def test_fields_of_the_wanted_type_come_first() -> None:
    assert at("|", wanted=DATE).completions[0].insert == "due"
    assert inserts("ROUND(|", 2) == ["quantity", "unit_price"]
    assert at("DATEADD(|").completions[0].insert == "due"


def test_inside_a_row_its_fields_come_before_those_of_the_record() -> None:
    fields = [entry.insert for entry in at("lines[|").completions if entry.kind in ("field", "root")]
    assert fields[:3] == ["quantity", "amount", "item"]
    assert "unit_price" in fields and fields.count("quantity") == 1
    assert "parent" in fields
    assert "parent" in [entry.insert for entry in at("par|", ROW_SCOPE).completions]
    assert inserts("parent.|", 1, ROW_SCOPE) == ["name"]


def test_operators_fit_what_stands_before_them() -> None:
    assert inserts("quantity|", 1) == ["quantity"]
    assert inserts("quantity |", 4) == ["+ ", "- ", "* ", "/ "]
    assert inserts("(quantity)|", 1) == [" + "]
    assert inserts("not(TRUE) |", 2) == ["AND ", "OR "]
    assert {entry.insert for entry in at("lines |").completions} == {"[]", "."}


SIGNATURES = {
    "ROUND(|": ("ROUND", 0),
    "ROUND(1, |": ("ROUND", 1),
    "ROUND(1, 2, |": ("ROUND", 2),
    "round（1，|）": ("ROUND", 1),
    "IF(a, (|": ("IF", 1),
    "IF(a, ROUND(1), |": ("IF", 2),
    "IFS(a, 1, b, |": ("IFS", 1),
    "SWITCH(a, 1, 2, |": ("SWITCH", 1),
    "AND(a, b, |": ("AND", 0),
    'DATEADD(due, 1, "|': ("DATEADD", 2),
    "SUM([1, |": ("SUM", 0),
    "POWER(2, |": ("POWER", 1),
}


@pytest.mark.parametrize("marked", SIGNATURES)
def test_the_call_around_a_position_is_told(marked: str) -> None:
    signature = at(marked).signature
    assert signature is not None
    assert (signature.name, signature.active) == SIGNATURES[marked]


@pytest.mark.parametrize("marked", ["|", "ROUND(1)|", "(|", "nothing(|", "ROUND|(1)"])
def test_no_call_is_told_where_there_is_none(marked: str) -> None:
    assert at(marked).signature is None


def test_functions_that_may_not_be_used_are_not_offered() -> None:
    assert not complete("@pa", 3, SCOPE, allowed=lambda row: row.name != "entity").completions
    assert not [c for c in complete("TOD", 3, SCOPE, allowed=lambda row: row.steady).completions if c.insert == "TODAY()"]


PIECES = st.sampled_from(
    ["SUM(", "IF(", "lines", "[", "]", ")", "(", ",", ".", "quantity", "数量", "{Unit", "}", '"', "'", "#", "+", "=", " ", "AND", "NOT",
     "parent", "customer", "//", "/*", "（", "，", "“", "1", "%", "\n", "status", "😀", "@", "｛"]
)  # fmt: skip


@settings(max_examples=400, deadline=None)
@given(st.lists(PIECES, max_size=14).map("".join) | st.text(max_size=40), st.integers(-2, 60))
def test_nothing_raises_and_every_completion_can_be_applied(text: str, position: int) -> None:
    help_ = complete(text, position, SCOPE, sounds=sounds)
    for entry in help_.completions:
        start, end = entry.span
        assert 0 <= start <= end <= len(text)
        assert 0 <= entry.caret <= len(entry.insert)
        assert start <= max(0, min(position, len(text))) <= end
    text_to_typed(text, SCOPE)


@pytest.mark.parametrize("text", ["(" * 19_000, "lines[" * 3_000, "SUM(lines, " * 1_800, "a." * 9_000, "{" * 20_000, "lines[zzz" * 40, "x" * 30_000])
def test_long_texts_are_answered_soon(text: str) -> None:
    start = process_time()
    complete(text, len(text), SCOPE, sounds=sounds)
    assert process_time() - start < 1


def test_a_function_of_a_condition_offers_everything() -> None:
    kinds = {entry.kind for entry in at("IF(|").completions}
    assert kinds >= {"field", "function"}
    assert at("IF(|").completions[0].insert == "quantity"
    assert BOOL not in [entry.type for entry in at("IF(|").completions[:1]]


def test_every_argument_that_is_chosen_from_a_list_offers_it() -> None:
    for name, position, choices in (("DATEDIF", 2, SPANS), ("LOOKUP", 3, MODES), ("CNNUMBER", 1, STYLES), ("PINYIN", 1, FORMS)):
        text = f"{name}({', '.join(['lines'] + ['1'] * (position - 1))}, "
        found = [entry.insert for entry in complete(text, len(text), SCOPE).completions if entry.kind == "option"]
        assert found == [f'"{choice}"' for choice in choices], name
