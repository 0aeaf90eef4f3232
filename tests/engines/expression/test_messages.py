"""What an author reads when a formula is wrong: the code, the place and the words, in both languages."""

from __future__ import annotations

import pytest

from engines.expression.check import cannot_run, text_to_typed
from engines.expression.decision import Decision, Input
from engines.expression.messages import MESSAGES
from engines.expression.scope import Scope
from engines.values.value_types import BOOL, DATE, NUMBER, OPTION, TEXT, list_of, record_of

LINE = {"quantity": NUMBER, "price": NUMBER, "item": record_of("item")}
ENTITIES = {"line": LINE, "item": {"name": TEXT, "cost": NUMBER}, "partner": {"level": OPTION, "since": DATE}}
SCOPE = Scope(
    {
        "quantity": NUMBER,
        "price": NUMBER,
        "remark": TEXT,
        "open": BOOL,
        "due": DATE,
        "customer": record_of("partner"),
        "user": record_of("organization.user"),
        "lines": list_of(record_of("line")),
    },
    ENTITIES.get,
    wholes={"partner": ("客户", "Customer"), "item": ("物料", "Item"), "price_list": ("价目", "Item"), "organization.user": ("用户",)},
    labels={"数量": ("quantity",), "单价": ("price", "cost"), "日期": ("due", "since"), "备注": ("remark", "open"), "Level": ("level",)},
    roots={"parent": record_of("partner")},
    decisions={"item": Decision((Input("name", {"en": "name"}, "eq", "name"),), ("cost",), "first")}.get,
)

WRONG = [
    ("INMYDEPARTMENT(user, open)", "expression-not-written-out", (21, 25), "This argument of INMYDEPARTMENT has to be written out, as one of the values it knows, not computed"),
    ('SHAREDWITHME("delete")', "expression-not-written-out", (13, 21), "This argument of SHAREDWITHME has to be written out, as one of the values it knows, not computed"),
    ("DECIDE(@partner, level, 1)", "expression-not-a-decision", (7, 15), "Expected the rows of a decision table, such as @discount_limit"),
    ("DECIDE(@item, name, remark)", "expression-decision-output", (14, 18), "Expected the name of an output of the decision table: cost"),
    ("", "expression-empty", (0, 0), "The formula is empty"),
    ("1 +", "expression-expected-value-at-end", (3, 3), "Expected a value or a field, but the formula ends here"),
    ("1 + * 2", "expression-expected-value", (4, 5), "Expected a value or a field here, but found '*'"),
    ("ROUND(1, 2", "expression-expected-closing-at-end", (10, 10), "Expected ')' to close ROUND(, but the formula ends here"),
    ("(1 2)", "expression-expected-closing", (3, 4), "Expected ')' to close (, but found '2'"),
    ("1 2", "expression-expected-operator", (2, 3), "Expected an operator such as +, * or & before '2'"),
    ("1)", "expression-unopened", (1, 2), "')' closes nothing: there is no bracket it belongs to"),
    ("customer.", "expression-expected-name", (8, 9), "Expected a field name after '.', but found the end of the formula"),
    ("COUNT(@)", "expression-expected-entity", (6, 8), "Expected the name of an entity after '@', but found ')'"),
    ("COUNT(@partnr)", "expression-unknown-entity", (6, 13), "There is no entity named 'partnr'; did you mean 'partner'?"),
    ("COUNT(@Item)", "expression-ambiguous-entity", (6, 11), "'Item' may mean several entities: item, price_list; write the key"),
    ("@item.nam", "expression-unknown-name", (6, 9), "There is no field named 'nam'; did you mean 'name'?"),
    ('"abc', "expression-unclosed-text", (0, 4), "This text does not end: a closing quote is missing"),
    ("{abc", "expression-unclosed-name", (0, 4), "This field name does not end: '}' is missing"),
    ("#2024-01-01", "expression-unclosed-date", (0, 11), "This date does not end: '#' is missing"),
    ("1 /* x", "expression-unclosed-comment", (2, 6), "This comment does not end: '*/' is missing"),
    ("{} + 1", "expression-empty-name", (0, 2), "A field name is missing in the braces"),
    ("1 § 2", "expression-bad-character", (2, 3), "'§' cannot be used in a formula"),
    ("1 < 2 < 3", "expression-chained-comparison", (0, 7), "Comparisons cannot be chained: write a < b AND b < c, or BETWEEN(b, a, c)"),
    ("1e38", "expression-number-too-large", (0, 4), "The number is too large or too fine (it must be below 10^38, with at most 1,000 decimals)"),
    ("#2024-02-30#", "expression-bad-date", (0, 12), "'2024-02-30' is no date that exists; write #2026-11-23# or #2026-11-23 08:30#"),
    ("quantty + 1", "expression-unknown-name", (0, 7), "There is no field named 'quantty'; did you mean 'quantity'?"),
    ("zzz", "expression-unknown-name", (0, 3), "There is no field named 'zzz'"),
    ("数 + 单价量", "expression-unknown-name", (0, 1), "There is no field named '数'; did you mean '数量'?"),
    ("customer.levl", "expression-unknown-field", (9, 13), "'customer' has no field named 'levl'; did you mean 'level'?"),
    ("备注", "expression-ambiguous-name", (0, 2), "'备注' may mean several fields: remark, open; write the key"),
    ("price.x", "expression-not-a-record", (0, 7), "'price' is a number and has no fields of its own"),
    ("ROND(1)", "expression-unknown-function", (0, 4), "There is no function ROND; did you mean 'ROUND' or 'MROUND'?"),
    ("ROUND()", "expression-argument-missing", (0, 7), "ROUND lacks its argument 'value'"),
    ("ROUND(1, 2, 3)", "expression-argument-surplus", (12, 13), "ROUND takes at most 2 arguments, but 3 are given"),
    ("ROUND(remark, 2)", "expression-type", (6, 12), "ROUND needs a number for 'value', but this is a text"),
    ("remark + 1", "expression-operand", (0, 10), "'+' cannot be used with a text and a number"),
    ("IF(quantity, 1, 2)", "expression-condition", (3, 11), "Expected a condition (true or false), but this is a number"),
    ("remark[price > 1]", "expression-not-a-list", (0, 6), "Only line items or a list can be filtered, but this is a text"),
    ("OLD(price + 1)", "expression-not-a-field", (4, 13), "OLD takes a field of the record, and nothing else"),
    ('DATEADD(due, 1, "fortnight")', "expression-choice", (16, 27),
     "DATEADD takes one of these for 'unit': year, quarter, month, week, day, hour, minute, second"),
    ('TEXT(price, "0.00 USD")', "expression-bad-format", (12, 22),
     "TEXT cannot read '0.00 USD' as its 'format': numbers are written with 0 # , . %, dates with yyyy mm dd, times with hh mm ss, other letters in quotes"),
    ('TEXT(due, "0.00")', "expression-format-kind", (10, 16),
     "TEXT needs a format of dates and times for 'format', this one cannot write a date"),
    ('TEXT(price, "yyyy")', "expression-format-kind", (12, 18),
     "TEXT needs a format of numbers for 'format', this one cannot write a number"),
    ('TEXT(IF(open, price, due), "0.00")', "expression-type", (5, 25),
     "TEXT needs a number for 'value', but this is a value of mixed types"),
    ('REGEXMATCH(remark, "(a")', "expression-bad-pattern", (19, 23),
     "REGEXMATCH cannot use '(a' as its 'pattern': it is no regular expression, or too large a one"),
    ('REGEXEXTRACT(remark, "(a)", 2)', "expression-no-group", (28, 29),
     "REGEXEXTRACT names a group in 'group' that is not there: the regular expression has 1"),
    ('REGEXREPLACE(remark, "a", "$1")', "expression-no-group", (26, 30),
     "REGEXREPLACE names a group in 'new' that is not there: the regular expression has 0"),
    ("JOIN(lines, remark)", "expression-type", (5, 10), "JOIN needs a text for 'list', but this is a record"),
    ('JOIN(remark, ",")', "expression-type", (5, 11), "JOIN needs a list for 'list', but this is a text"),
    ("SUM(lines, item.name)", "expression-type", (0, 21), "SUM needs a number for 'value', but this is a text"),
]  # fmt: skip


@pytest.mark.parametrize(("text", "code", "span", "english"), WRONG, ids=[text for text, *_ in WRONG])
def test_a_wrong_formula_says_what_is_wrong_and_where(text: str, code: str, span: tuple[int, int], english: str) -> None:
    checked = text_to_typed(text, SCOPE)
    assert checked.tree is None
    assert (checked.issues[0].code, checked.issues[0].span, checked.issues[0].message["en"]) == (code, span, english)
    assert checked.issues[0].message["zh-CN"] != english


def test_all_that_is_wrong_is_said_in_one_go() -> None:
    checked = text_to_typed("quantty + ROND(pric) + (1", SCOPE)
    assert [issue.code for issue in checked.issues] == [
        "expression-expected-closing-at-end",
        "expression-unknown-name",
        "expression-unknown-function",
        "expression-unknown-name",
    ]


def test_every_message_has_its_test() -> None:
    tested = {code for _, code, *_ in WRONG}
    limits = {"expression-too-long", "expression-too-large", "expression-too-deep"}
    assert set(MESSAGES) - tested - limits == {
        "expression-result",
        "expression-not-here",
        "expression-pattern-in-sql",
        "expression-format-in-sql",
    }


def test_the_wanted_type_is_held_to() -> None:
    assert text_to_typed("quantity", SCOPE, TEXT).tree is not None
    assert text_to_typed("NULL", SCOPE, NUMBER).tree is not None
    issue = text_to_typed("remark", SCOPE, NUMBER).issues[0]
    assert (issue.code, issue.message["en"]) == ("expression-result", "This formula should give a number, but gives a text")
    assert issue.message["zh-CN"] == "这个公式的结果应是数字，却是文本"


def test_where_a_formula_cannot_run_is_said() -> None:
    chosen = text_to_typed("LOOKUP(@partner, since = due, level)", SCOPE).tree
    assert chosen is not None and chosen.type == OPTION
    issues = cannot_run(chosen, "browser")
    assert [issue.message["en"] for issue in issues] == ["@ cannot be used here: the browser cannot compute it"]
    assert cannot_run(chosen, "sql") == ()


@pytest.mark.parametrize(
    ("text", "english"),
    [
        ("REGEXMATCH(remark, remark)", "REGEXMATCH cannot be used here: the database would read this regular expression"),
        ('REGEXEXTRACT(remark, "ab|a|abc")', "REGEXEXTRACT cannot be used here: the database would read this regular expression"),
        ('REGEXEXTRACT(remark, "(a*)(a*)", 1)', "REGEXEXTRACT cannot be used here: the database would read"),
        ('REGEXREPLACE(remark, "a", remark)', "REGEXREPLACE cannot be used here: the database would read this regular expression"),
        ("TEXT(price, remark)", "TEXT cannot be used here: the database needs 'format' to be written out"),
        ("CHANGED(lines.price)", "OLD cannot be used here: the database cannot compute it"),
    ],
)
def test_what_the_database_would_read_differently_is_said(text: str, english: str) -> None:
    tree = text_to_typed(text, SCOPE).tree
    assert tree is not None
    (issue,) = cannot_run(tree, "sql")
    assert issue.message["en"].startswith(english)
    assert cannot_run(tree, "browser") == ()


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("数量 * 2", "quantity * 2"),
        ("{数量} * 2", "quantity * 2"),
        ("单价", "price"),
        ("日期", "due"),
        ("customer.Level", "customer.level"),
        ("SUM(lines, 数量 * 单价)", "SUM(lines, quantity * price)"),
        ("ROUND（数量，2）", "round(quantity, 2)"),
        ("“a”＆‘b’", "\"a\" & 'b'"),
        ("parent.日期", "parent.since"),
    ],
)
def test_labels_and_full_width_signs_mean_the_same(text: str, same: str) -> None:
    found = text_to_typed(text, SCOPE)
    assert found.tree is not None, found.issues
    assert found.tree == text_to_typed(same, SCOPE).tree
