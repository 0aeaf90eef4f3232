"""The rows of functions that choose and test."""

from __future__ import annotations

from engines.expression.function import Arg, Function, row
from engines.values.value_types import ANY, BOOL, NUMBER

_CONDITION, _VALUE = Arg("condition", BOOL), Arg("value", ANY)

LOGIC_ROWS: tuple[Function, ...] = (
    row("IF", (_CONDITION, Arg("then", ANY), Arg("else", ANY, optional=True)), ANY,
        "条件成立取第一个值，否则取第二个值（未写则为空）；只计算被取用的值",
        "The first value when the condition holds, else the second (blank when left out); only that one is computed",
        ("IF(2 > 1, \"yes\", \"no\")", "\"yes\""), ("IF(TRUE, 1, 1 / 0)", "1"), ("ISBLANK(IF(FALSE, 1))", "TRUE"),
        null="kept"),
    row("IFS", (_CONDITION, _VALUE), ANY, "第一个成立的条件所对应的值；都不成立则为空",
        "The value after the first condition that holds; blank when none does",
        ("IFS(1 > 2, \"a\", 2 > 1, \"b\")", "\"b\""), null="kept", repeats=2, blank=True),
    row("SWITCH", (_VALUE, Arg("case", ANY), Arg("result", ANY)), ANY,
        "与值相等的第一个情形所对应的结果；最后可写一个默认结果",
        "The result after the first case equal to the value; a last result may stand for all others",
        ("SWITCH(\"b\", \"a\", 1, \"b\", 2)", "2"), ("SWITCH(\"c\", \"a\", 1, 9)", "9"), null="kept", repeats=2),
    row("IFERROR", (_VALUE, Arg("instead", ANY)), ANY, "值出错时改用另一个值", "The value, or another one when it is an error",
        ("IFERROR(1 / 0, -1)", "-1"), ("IFERROR(4 / 2, -1)", "2"), null="kept"),
    row("ISERROR", (_VALUE,), BOOL, "值是否出错", "Whether the value is an error", ("ISERROR(1 / 0)", "TRUE"), null="kept"),
    row("IFBLANK", (_VALUE, Arg("instead", ANY)), ANY, "第一个非空的值", "The first value that is not blank",
        ("IFBLANK(NULL, 7)", "7"), ("IFBLANK(0, 7)", "0"), null="kept", repeats=1),
    row("ISBLANK", (_VALUE,), BOOL, "值是否为空（空文本、空列表也算）", "Whether the value is blank (an empty text or list is)",
        ("ISBLANK(\"\")", "TRUE"), ("ISBLANK(0)", "FALSE"), null="kept"),
    row("BETWEEN", (_VALUE, Arg("low", ANY), Arg("high", ANY)), BOOL, "值是否在两者之间（含两端）",
        "Whether the value lies between both, ends included", ("BETWEEN(10, 1, 10)", "TRUE"),
        ("BETWEEN(NULL, 0, 1)", "FALSE"), null="kept"),
    row("IN", (_VALUE, Arg("candidate", ANY)), BOOL, "值是否等于其中之一（可写多个值或一个列表）",
        "Whether the value equals one of the candidates (values or a list)", ("IN(\"b\", \"a\", \"b\")", "TRUE"),
        ("IN(3, [1, 2])", "FALSE"), null="kept", repeats=1),
    row("ISNUMBER", (_VALUE,), BOOL, "值是否为数字", "Whether the value is a number", ("ISNUMBER(5)", "TRUE"),
        ("ISNUMBER(\"5\")", "FALSE"), ("ISNUMBER(FIND(\"z\", \"abc\"))", "FALSE"), null="kept"),
    row("ISTEXT", (_VALUE,), BOOL, "值是否为文本（空文本不算）", "Whether the value is a text that is not empty",
        ("ISTEXT(\"5\")", "TRUE"), ("ISTEXT(5)", "FALSE"), null="kept"),
    row("XOR", (_CONDITION,), BOOL, "成立的条件是否为奇数个", "Whether an odd number of conditions hold", ("XOR(TRUE, FALSE)", "TRUE"),
        ("XOR(TRUE, TRUE)", "FALSE"), repeats=1),
    row("CHOOSE", (Arg("position", NUMBER), _VALUE), ANY, "第几个值；只计算被取用的值；没有这一个则为错误 VALUE",
        "The value of that position; only that one is computed; the error VALUE when there is none",
        ("CHOOSE(2, \"a\", \"b\")", "\"b\""), ("CHOOSE(1, 7, 1 / 0)", "7"), null="kept", fails=("VALUE",), repeats=1),
)
