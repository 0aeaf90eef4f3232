"""The rows of functions over line items and lists; blanks in a list are skipped."""

from __future__ import annotations

from engines.expression.function import Arg, Function, row
from engines.values.value_types import ANY, NUMBER

_VALUE = Arg("value", ANY)

LIST_ROWS: tuple[Function, ...] = (
    row("SUM", (_VALUE,), NUMBER, "总和；可对明细逐行计算：SUM(明细, 数量 * 单价)",
        "The sum; of line items, an expression for each row: SUM(lines, quantity * price)",
        ("SUM([0.1, 0.2])", "0.3"), ("SUM(1, NULL, 2.5)", "3.5"), null="kept", repeats=1),
    row("COUNT", (_VALUE,), NUMBER, "行数，或非空值的个数", "How many rows there are, or values that are not blank",
        ("COUNT([1, NULL, 3])", "2"), null="kept", repeats=1),
    row("AVERAGE", (_VALUE,), NUMBER, "平均值；没有值则为空", "The mean; blank when there is nothing",
        ("AVERAGE([3, NULL, 7, 8])", "6"), ("ISBLANK(AVERAGE([NULL]))", "TRUE"), null="kept", repeats=1, blank=True),
    row("MIN", (_VALUE,), ANY, "最小值；没有值则为空", "The least; blank when there is nothing", ("MIN(3, 1, 2)", "1"),
        null="kept", repeats=1, blank=True),
    row("MAX", (_VALUE,), ANY, "最大值；没有值则为空", "The greatest; blank when there is nothing", ("MAX(-5, 0)", "0"),
        ("MAX([#2024-01-01#, #2024-02-01#])", "#2024-02-01#"), null="kept", repeats=1, blank=True),
)
