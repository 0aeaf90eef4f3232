"""Says what formulas need to know of a decision table: its inputs in order, its outputs, how the rows that match become one answer."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal as OneOf

Match = OneOf["eq", "range", "in", "prefix", "contains"]
Policy = OneOf["first", "only", "all", "sum", "max", "min", "cumulative"]

MATCHES: Mapping[Match, Mapping[str, str]] = {
    "eq": {"zh-CN": "等于", "en": "equal"},
    "range": {"zh-CN": "范围", "en": "range"},
    "in": {"zh-CN": "属于其中", "en": "one of"},
    "prefix": {"zh-CN": "开头是", "en": "begins with"},
    "contains": {"zh-CN": "含有", "en": "contains"},
}
"""How an input is matched with a row, and what people call it; a row that is blank there takes any value."""

POLICIES: Mapping[Policy, Mapping[str, str]] = {
    "first": {"zh-CN": "第一行", "en": "the first row"},
    "only": {"zh-CN": "唯一一行", "en": "the only row"},
    "all": {"zh-CN": "全部", "en": "all rows"},
    "sum": {"zh-CN": "合计", "en": "the sum"},
    "max": {"zh-CN": "最大值", "en": "the greatest"},
    "min": {"zh-CN": "最小值", "en": "the least"},
    "cumulative": {"zh-CN": "分段累计", "en": "band by band"},
}
"""What becomes of the rows that match, and what people call it."""

OF_NUMBERS: frozenset[Policy] = frozenset({"sum", "cumulative"})
ORDERED: frozenset[Policy] = frozenset({"first", "only", "all"})
"""Policies whose outputs are numbers; policies for which the order of the rows counts."""


@dataclass(frozen=True, slots=True)
class Input:
    """What a row is found by: a field that is compared, or the fields of both ends of a range (from <= value < to)."""

    key: str
    name: Mapping[str, str]
    match: Match
    field: str | None = None
    start: str | None = None
    end: str | None = None

    @property
    def fields(self) -> tuple[str, ...]:
        """Its fields, those of a range from its start on."""
        return tuple(key for key in (self.field, self.start, self.end) if key is not None)


@dataclass(frozen=True, slots=True)
class Decision:
    """How a table decides.

    order: the number by which rows are taken, the least first; without it the row that says most comes first.
    first, last: the days from which and until which a row holds, both included.
    refuses_overlap: no two rows may match the same inputs on the same day.
    """

    inputs: tuple[Input, ...]
    outputs: tuple[str, ...]
    policy: Policy
    order: str | None = None
    first: str | None = None
    last: str | None = None
    refuses_overlap: bool = False

    @property
    def is_dated(self) -> bool:
        """Whether rows hold for a time."""
        return self.first is not None or self.last is not None
