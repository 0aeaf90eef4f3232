"""What must hold for every tree and text: writing and parsing undo each other, and nothing an author writes raises."""

from __future__ import annotations

import unicodedata
from datetime import UTC, date, datetime
from decimal import Decimal

from hypothesis import given, settings
from hypothesis import strategies as st

from engines.expression.check import check, text_to_typed
from engines.expression.evaluate import EvalContext, compile_python
from engines.expression.parse import parse
from engines.expression.scope import Scope
from engines.expression.tree import Call, Literal, Path, Tree
from engines.expression.tree_json import tree_from_json, tree_to_json
from engines.expression.write import write
from engines.values.value_types import BOOL, DATE, DATETIME, NUMBER, TEXT, ErrorValue, list_of, record_of

CONTEXT = EvalContext(datetime(2026, 11, 23, 8, tzinfo=UTC), UTC)
LINE = {"quantity": NUMBER, "price": NUMBER, "name": TEXT, "due": DATE}
SCOPE = Scope(
    {"a": NUMBER, "b": NUMBER, "s": TEXT, "t": TEXT, "ok": BOOL, "day": DATE, "at": DATETIME, "lines": list_of(record_of("line"))},
    {"line": LINE}.get,
)

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), max_size=8).map(
    lambda text: unicodedata.normalize("NFC", text)
)
numbers = st.decimals(min_value=0, max_value=10**12, places=4, allow_nan=False).map(abs)
names = st.one_of(
    st.sampled_from(["a", "b", "数量", "not", "TRUE", "x_1", "in"]),
    st.text(st.characters(exclude_categories=["Cs", "Zl", "Zp", "Cc"], exclude_characters="{}｛｝"), min_size=1, max_size=6)
    .map(lambda text: unicodedata.normalize("NFC", text).strip())
    .filter(bool),
)
literals = st.one_of(
    numbers,
    texts,
    st.booleans(),
    st.none(),
    st.dates(),
    st.datetimes().map(lambda moment: moment.replace(microsecond=0, fold=0)),
).map(Literal)
paths = st.lists(names, min_size=1, max_size=3).map(lambda keys: Path(tuple(keys)))
BINARY = ["or", "and", "eq", "ne", "lt", "le", "gt", "ge", "concat", "add", "sub", "mul", "div", "pow"]


def calls(inner: st.SearchStrategy[Tree]) -> st.SearchStrategy[Tree]:
    """Return calls of every form the grammar has."""
    not_a_path = inner.filter(lambda tree: not isinstance(tree, Path))
    return st.one_of(
        st.tuples(st.sampled_from(BINARY), st.tuples(inner, inner)).map(lambda part: Call(*part)),
        st.tuples(st.sampled_from(["neg", "percent", "not"]), st.tuples(inner)).map(lambda part: Call(*part)),
        st.tuples(st.sampled_from(["IF", "ROUND", "list", "and", "or"]), st.lists(inner, max_size=4).map(tuple)).map(
            lambda part: Call(*part)
        ),
        st.tuples(inner, inner).map(lambda part: Call("filter", part)),
        st.tuples(not_a_path, names).map(lambda part: Call("field", (part[0], Literal(part[1])))),
    )


trees = st.recursive(st.one_of(literals, paths), calls, max_leaves=12)


@settings(max_examples=400, deadline=None)
@given(trees)
def test_parsing_what_is_written_gives_the_same_tree(tree: Tree) -> None:
    text = write(tree)
    parsed = parse(text)
    assert not parsed.issues, (text, parsed.issues)
    assert parsed.tree == tree, text


@settings(max_examples=300, deadline=None)
@given(st.text(max_size=60))
def test_no_text_raises(text: str) -> None:
    checked = text_to_typed(text, SCOPE)
    assert (checked.tree is None) == bool(checked.issues)
    for issue in checked.issues:
        assert issue.span is not None and 0 <= issue.span[0] <= issue.span[1] <= len(text)
        assert issue.message["en"] and issue.message["zh-CN"]


SYMBOLS = ["a", "s", "day", "lines", ".", "price", "(", ")", "[", "]", ",", "+", "-", "%", "^", "=", "<", "NOT", "AND"]
WORDS = ["IF(", "SUM(", "ROUND(", "1", '"x"', "#2024-01-01#", "NULL", "{a}", " ", "&", "parent"]


@settings(max_examples=500, deadline=None)
@given(st.lists(st.sampled_from(SYMBOLS + WORDS), max_size=25).map(" ".join))
def test_no_half_written_formula_raises(text: str) -> None:
    checked = text_to_typed(text, SCOPE)
    assert (checked.tree is None) == bool(checked.issues)
    if checked.tree is not None:
        compile_python(checked.tree)({}, CONTEXT)


typed_numbers = st.recursive(
    st.sampled_from(["a", "b", "1", "2.5", "NULL", "LEN(s)", "SUM(lines.price)", "COUNT(lines)", "(day - #2024-01-01#)"]),
    lambda inner: st.one_of(
        st.tuples(inner, st.sampled_from("+-*/"), inner).map(lambda part: f"({part[0]} {part[1]} {part[2]})"),
        inner.map(lambda part: f"ROUND({part}, 2)"),
        inner.map(lambda part: f"SUM(lines[price > {part}], quantity * {part})"),
        st.tuples(inner, inner).map(lambda part: f"IF({part[0]} > {part[1]}, {part[0]}, NULL)"),
        inner.map(lambda part: f"IFERROR({part}, -1)"),
    ),
    max_leaves=6,
)
records = st.fixed_dictionaries(
    {
        "a": st.none() | numbers,
        "b": st.none() | numbers,
        "s": st.none() | texts,
        "day": st.none() | st.dates(min_value=date(1900, 1, 1), max_value=date(2100, 1, 1)),
        "lines": st.lists(st.fixed_dictionaries({"price": st.none() | numbers, "quantity": st.none() | numbers}), max_size=3),
    }
)


@settings(max_examples=300, deadline=None)
@given(typed_numbers, records)
def test_types_tell_the_truth_and_json_keeps_the_tree(text: str, record: dict[str, object]) -> None:
    tree = text_to_typed(text, SCOPE).tree
    assert tree is not None
    answer = compile_python(tree)(record, CONTEXT)
    assert answer is None or isinstance(answer, Decimal | ErrorValue)
    if answer is None:
        assert tree.may_be_blank
    if isinstance(answer, ErrorValue) and answer.code != "LIMIT":
        assert tree.may_fail
    again = tree_from_json(tree_to_json(tree))
    assert again == tree
    assert compile_python(again)(record, CONTEXT) == answer


@given(trees)
@settings(max_examples=200, deadline=None)
def test_no_tree_raises_when_checked(tree: Tree) -> None:
    checked = check(tree, SCOPE)
    assert (checked.tree is None) == bool(checked.issues)
