"""A text is stored with keys: labels are written as keys, meaning and layout stay; and what is wrong says what would put it right."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from engines.expression.canonical import canonical
from engines.expression.check import text_to_typed
from engines.values.issue import Issue
from tests.engines.expression.test_complete import SCOPE

STORED = {
    "数量 * 单价": "quantity * unit_price",
    "Quantity*{Unit Price}": "quantity*unit_price",
    "客户.级别": "customer.level",
    "customer . {级别} // 客户级别": "customer . level // 客户级别",
    "SUM（明细[金额 > 2]．金额）": "SUM(lines[amount > 2].amount)",
    "SUM(明细, 金额 *\n  数量)": "SUM(lines, amount *\n  quantity)",
    "“a\"\"b” & 备注": '"a""b" & {not}',
    "{备注} & 'x'": "{not} & 'x'",
    "due > ＃2024-01-01＃": "due > #2024-01-01#",
    "lines[parent.数量 > 2]": "lines[parent.quantity > 2]",
    "lines[单价 > 2]": "lines[unit_price > 2]",
    "创建时间": "创建时间",
    "数量 +": "数量 +",
    "数量 + “a": "数量 + “a",
    "NOT{数量}": "NOT quantity",
    "COUNT(@往来单位[级别 = \"a\"])": "COUNT(@partner[level = \"a\"])",
    "＠{Item}．成本": "@item.cost",
    "{数量}AND{Unit Price}": "quantity AND unit_price",
}


@pytest.mark.parametrize("text", STORED)
def test_labels_become_keys(text: str) -> None:
    assert canonical(text, text_to_typed(text, SCOPE).named) == STORED[text]


def test_a_label_whose_key_means_another_field_in_the_row_keeps_its_meaning() -> None:
    scope = replace(SCOPE, labels={"总数": ("quantity",)})
    text = "lines[总数 > 2]"
    assert canonical(text, text_to_typed(text, scope).named) == "lines[parent.quantity > 2]"
    text = "lines[ANY(@partner, name = \"a\" AND 总数 > 2)]"
    stored = canonical(text, text_to_typed(text, scope).named)
    assert stored == "lines[ANY(@partner, name = \"a\" AND parent.parent.quantity > 2)]"
    assert text_to_typed(stored, scope).tree == text_to_typed(text, scope).tree


@settings(max_examples=300, deadline=None)
@given(
    st.lists(
        st.sampled_from(["数量", "{Unit Price}", "客户.级别", "明细.金额", "SUM(", "（", "）", "，", ")", "+", "＊", "“x”", " ", "明细[", "]", "due", "//", "\n"]),
        max_size=12,
    ).map("".join)
)
def test_the_stored_text_means_the_same(text: str) -> None:
    first = text_to_typed(text, SCOPE)
    stored = canonical(text, first.named)
    second = text_to_typed(stored, SCOPE)
    assert second.tree == first.tree
    assert [issue.code for issue in second.issues] == [issue.code for issue in first.issues]
    assert canonical(stored, second.named) == stored


MENDED = {
    "quantty + 1": ["quantity + 1"],
    "customer.levl": ["customer.level"],
    "ROND(1)": ["ROUND(1)", "MROUND(1)"],
    "IF(quantity > 1, 2": ["IF(quantity > 1, 2)"],
    'status = "draft': ['status = "draft"'],
    "{数量 + 1": ["{数量 + 1}"],
    "due = #2024-01-01": ["due = #2024-01-01#"],
    "1 /* x": ["1 /* x*/"],
    "1)": ["1"],
    "lines[quantty > 1]": ["lines[quantity > 1]"],
    'DATEADD(due, 1, "days")': ['DATEADD(due, 1, "day")'],
    "COUNT(@partnr)": ["COUNT(@partner)"],
    "zzzzz": [],
}


@pytest.mark.parametrize("text", MENDED)
def test_what_is_wrong_can_be_put_right(text: str) -> None:
    issues = text_to_typed(text, SCOPE).issues
    assert issues
    assert [mended(text, issue, number) for issue in issues[:1] for number in range(len(issue.fixes))] == MENDED[text]


def mended(text: str, issue: Issue, number: int) -> str:
    fix = issue.fixes[number]
    return text[: fix.span[0]] + fix.insert + text[fix.span[1] :]
