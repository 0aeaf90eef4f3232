"""Makes typed formulas over one scope out of the functions table, and records for it: what all back ends must agree on."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from typing import Any, Protocol
from uuid import UUID
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from engines.expression.check import text_to_typed
from engines.expression.failure import EvalContext
from engines.expression.function import Function
from engines.expression.functions import WRITTEN
from engines.expression.references import functions_used
from engines.expression.scope import Scope
from engines.expression.tree import TypedTree
from engines.expression.vectors import Vector
from engines.values.value_types import (
    BOOL,
    DATE,
    DATETIME,
    NUMBER,
    TEXT,
    ErrorValue,
    Value,
    ValueType,
    failing,
    list_of,
    record_of,
)

LINE = {"q": NUMBER, "p": NUMBER, "name": TEXT, "due": DATE}
FIELDS = {
    "a": NUMBER, "b": NUMBER, "r": failing(NUMBER), "s": TEXT, "t": TEXT, "ok": BOOL, "day": DATE, "until": DATE, "at": DATETIME,
    "xs": list_of(NUMBER), "tags": list_of(TEXT), "days": list_of(DATE), "lines": list_of(record_of("line")),
}  # fmt: skip
SCOPE = Scope(FIELDS, {"line": LINE}.get)
CONTEXT = EvalContext(datetime(2024, 5, 15, 2, tzinfo=UTC), ZoneInfo("Asia/Shanghai"), UUID(int=7))

# Numbers of these agree to fifteen digits, not to the last.
APPROXIMATE = frozenset({
    "STDEV", "STDEVP", "VAR", "VARP", "WAVG", "PERCENTILE", "YEARFRAC",
})  # fmt: skip
# Nobody can say what these give, or nothing here can give it.
LEFT_OUT = frozenset({"RAND", "RANDBETWEEN", "UUID", "SEQ", "field", "MANAGEROF", "LEADEROF", "DEPTPATH", "FLOWSTATE", "RECORDID"})
_SCALARS = {"number": NUMBER, "text": TEXT, "bool": BOOL, "date": DATE, "datetime": DATETIME}
_BINARY = {"add": "+", "sub": "-", "mul": "*", "div": "/", "concat": "&", "eq": "=", "ne": "<>", "lt": "<", "le": "<=", "gt": ">",
           "ge": ">=", "and": "&&", "or": "||"}  # fmt: skip
_ROWS = tuple(row for name, row in sorted(WRITTEN.items()) if name not in LEFT_OUT and name not in ("list", "filter"))
_FITTING = {name: tuple(row for row in _ROWS if row.returns.name in (name, "any")) for name in (*_SCALARS, "list")}
_UNITS = ("year", "quarter", "month", "week", "day", "hour", "minute", "second", "Y", "M", "D", "YM", "YD", "x")
_FORMATS = ("0", "0.00", "#,##0.00", "0.0%", "000", "yyyy-mm-dd", "yyyy年m月d日", "hh:mm:ss", "dddd", "¥#,##0", "0.##")
_PATTERNS = ("[0-9]+", "a.c", "(a|b)+", "^中", "b$", "[", "")
_CHOICES = {"unit": _UNITS, "format": _FORMATS, "pattern": _PATTERNS, "mode": ("first", "last", "only"), "which_one": ("first", "last", "only")}

# What chooses between values, so that an empty text may stand among others.
_CHOOSING = ("IF", "IFS", "SWITCH", "CHOOSE", "IFERROR", "IFBLANK")
_NUMBERS = ("0", "1", "2", "-1", "3", "0.5", "-2.75", "10", "99.995", "1e6", "12345.678", "28", "2024")
_TEXTS = ('""', '"a"', '"abc"', '" a  b "', '"中文😀x"', '"12.5"', '"2024-02-29"', '"%_"', '"A-b-c"', '"110101199003070038"')
_DATES = ("#2024-02-29#", "#2023-12-31#", "#2024-05-04#", "#1999-01-01#", "#2024-10-01#")
_TIMES = ("#2024-02-29 08:30#", "#2023-12-31 23:59#", "#2024-05-15 00:00:01#")
_LITERALS = {"number": _NUMBERS, "text": _TEXTS, "bool": ("TRUE", "FALSE"), "date": _DATES, "datetime": _TIMES}


class Chance(Protocol):
    """What decides how a formula goes on: hypothesis, which makes small what fails, or plain chance, which is quick."""

    def one_of(self, choices: Any) -> Any:  # noqa: ANN401 (whatever stands there)
        """Return one of several things."""

    def number(self, least: int, most: int) -> int:
        """Return a whole number from one to another."""


class Drawn:
    """Chance as hypothesis draws it."""

    def __init__(self, draw: st.DrawFn) -> None:
        """Keep what draws."""
        self.draw = draw

    def one_of(self, choices: Any) -> Any:  # noqa: ANN401 (whatever stands there)
        """Return one of several things."""
        return self.draw(st.sampled_from(tuple(choices)))

    def number(self, least: int, most: int) -> int:
        """Return a whole number from one to another."""
        return self.draw(st.integers(least, most))


def formula(chance: Chance) -> tuple[str, TypedTree]:
    """Return a formula that checks, with its typed tree."""
    kind = chance.one_of(sorted(_SCALARS))
    writer = _Writer(chance, FIELDS)
    text = writer.value(kind, chance.number(1, 3))
    tree = text_to_typed(text, SCOPE).tree
    if tree is not None and tree.type.name == "any":
        # Of several types a date is its text in the browser.
        text = writer.leaf(kind)
        tree = text_to_typed(text, SCOPE).tree
    assert tree is not None, text
    return text, tree


@st.composite
def formulas(draw: st.DrawFn) -> tuple[str, TypedTree]:
    """Return a formula that checks, with its typed tree."""
    return formula(Drawn(draw))


class _Writer:
    """Writes formulas over the names of a record, or of a row inside it."""

    def __init__(self, chance: Chance, names: Mapping[str, ValueType]) -> None:
        self.chance, self.one_of, self.names = chance, chance.one_of, names

    def is_so(self, of: int) -> bool:
        """Tell whether it is so this time, once in so many times."""
        return self.chance.number(1, of) == of

    def value(self, kind: str, depth: int) -> str:
        """Return a formula of a type; what does not check is replaced by a plain value."""
        if depth <= 0 or self.is_so(10):
            return self.leaf(kind)
        text = self.rows(kind, depth) if self.names is FIELDS and self.is_so(5) else self.call(kind, depth)
        if self.names is FIELDS and not _stands_for(text, kind):
            return self.leaf(kind)
        return text

    def leaf(self, kind: str) -> str:
        if kind == "list":
            return str(self.one_of(("xs", "tags", "days", "lines.q", "lines.name", "[1, NULL, 3]", "[]")))
        named = [name for name, known in self.names.items() if known.name == kind]
        if self.is_so(10):
            return "NULL" if kind not in ("date", "datetime", "bool") else named[0] if named else "NULL"
        return str(self.one_of((*named, *named, *_LITERALS[kind])))

    def call(self, kind: str, depth: int) -> str:
        row: Function = self.one_of(_FITTING[kind])
        args = [self.argument(row, place, kind, depth) for place in range(self.count(row))]
        if row.name in _BINARY:
            return f"({args[0]} {_BINARY[row.name]} {args[1]})"
        match row.name:
            case "neg":
                return f"(-{args[0]})"
            case "percent":
                return f"({args[0]})%"
            case "not":
                return f"NOT ({args[0]})"
            case "pow":
                return f"({args[0]} ^ {self.one_of(('2', '3', '0', '-1', '0.5'))})"
        return f"{row.name}({', '.join(args)})"

    def count(self, row: Function) -> int:
        if row.name in ("and", "or"):
            return 2
        least = row.least
        most = len(row.takes) + (row.repeats if self.is_so(2) else 0)
        return self.chance.number(least, max(least, most))

    def argument(self, row: Function, place: int, kind: str, depth: int) -> str:
        last = len(row.takes) - 1
        arg = row.takes[place if place <= last else last - (place - last) % max(1, row.repeats)]
        if arg.name in _CHOICES and not self.is_so(10):
            return f'"{self.one_of(_CHOICES[arg.name])}"'
        wanted = arg.type.name
        if wanted == "any" and row.name in _CHOOSING and self.is_so(4):
            return '""'
        if wanted == "any":
            wanted = kind if kind != "list" and self.is_so(2) else self.one_of((*_SCALARS, "list"))
        if wanted not in (*_SCALARS, "list"):
            wanted = "text"
        return self.value(wanted, depth - 1)

    def rows(self, kind: str, depth: int) -> str:
        """Return what is made of the lines, row by row."""
        inner = _Writer(self.chance, {**LINE, "parent.a": NUMBER, "parent.s": TEXT, "b": NUMBER})
        lines = f"lines[{inner.value('bool', depth - 1)}]" if self.is_so(2) else "lines"
        made = {
            "number": ("SUM", "AVERAGE", "MIN", "MAX", "COUNT", "MEDIAN", "COUNTDISTINCT", "PRODUCT"),
            "text": ("MIN", "MAX"), "date": ("MIN", "MAX"), "bool": ("ANY", "ALL"),
        }  # fmt: skip
        if kind not in made:
            return self.leaf(kind)
        name = self.one_of(made[kind])
        return f"{name}({lines}, {inner.value(kind, depth - 1)})"


def _stands_for(text: str, kind: str) -> bool:
    """Tell whether a formula is of a type, or may stand for it though what it chooses from is of several."""
    tree = text_to_typed(text, SCOPE).tree
    if tree is None or tree.type.name != "any":
        return tree is not None and tree.type.name == kind
    return kind in _SCALARS and text_to_typed(text, SCOPE, _SCALARS[kind]).tree is not None


_number = st.one_of(
    st.none(), st.sampled_from([Decimal(0), Decimal(1), Decimal(-1), Decimal("0.5"), Decimal("-7.25"), Decimal(100)]),
    st.decimals(min_value=-10**6, max_value=10**6, places=3, allow_nan=False),
)  # fmt: skip
_text = st.one_of(st.none(), st.sampled_from(["a", "abc", "中文😀", " x ", "12", "a-b", "ABC", "é", "2024-01-31"]), st.text("ab中😀 1", min_size=1, max_size=5))
_date = st.one_of(st.none(), st.dates(date(1990, 1, 1), date(2060, 12, 31)))
_time = st.one_of(
    st.none(), st.datetimes(datetime(1991, 1, 1), datetime(2060, 12, 31)).map(lambda m: m.replace(microsecond=0, tzinfo=UTC))  # noqa: DTZ001 (made aware)
)  # fmt: skip
_line = st.fixed_dictionaries({"q": _number, "p": _number, "name": _text, "due": _date})
records = st.fixed_dictionaries({
    "a": _number, "b": _number, "r": st.one_of(_number, st.just(ErrorValue("NUM"))), "s": _text, "t": _text,
    "ok": st.one_of(st.none(), st.booleans()), "day": _date, "until": _date, "at": _time,
    "xs": st.lists(_number, max_size=4), "tags": st.lists(_text, max_size=3), "days": st.lists(_date, max_size=3),
    "lines": st.lists(_line, max_size=3),
})  # fmt: skip


def vector(text: str, record: Mapping[str, Value], number: int) -> Vector:
    """Return a vector that asks a formula of a record."""
    return Vector(f"{number}", "agreement", 1, text, SCOPE, record, CONTEXT, None)


def agree(one: Value, other: Value, tree: TypedTree) -> bool:
    """Tell whether two answers are the same; where a number of fifteen digits has a part in it, whether they are near."""
    near = bool(functions_used(tree) & APPROXIMATE)
    if isinstance(one, Decimal) and isinstance(other, Decimal):
        return one == other or near and abs(one - other) <= Decimal("1e-11") * max(abs(one), abs(other), Decimal(1))
    if isinstance(one, datetime) and isinstance(other, datetime):
        return abs(one - other) <= timedelta(microseconds=1)
    if isinstance(one, list) and isinstance(other, list):
        return len(one) == len(other) and all(agree(left, right, tree) for left, right in zip(one, other, strict=True))
    # What is made of such a number by rounding, comparing or writing it out may fall to either side.
    return (one == other and isinstance(one, bool) == isinstance(other, bool)) or (near and not isinstance(one, ErrorValue | None))
