"""The rows of functions that make and look into texts; positions and lengths count code points from 1."""

from __future__ import annotations

from engines.expression.function import Arg, Function, row
from engines.values.value_types import BOOL, NUMBER, TEXT

_TEXT = Arg("text", TEXT)
_COUNT = Arg("count", NUMBER, default="1")

TEXT_ROWS: tuple[Function, ...] = (
    row("CONCAT", (_TEXT,), TEXT, "依次连接", "All texts, one after the other", ("CONCAT(\"a\", 1, TRUE)", "\"a1TRUE\""),
        repeats=1),
    row("LEFT", (_TEXT, _COUNT), TEXT, "开头的若干个字符", "So many characters from the start",
        ("LEFT(\"北京市\", 2)", "\"北京\""), ("LEFT(\"ab\", 5)", "\"ab\""), fails=("VALUE",)),
    row("RIGHT", (_TEXT, _COUNT), TEXT, "末尾的若干个字符", "So many characters from the end",
        ("RIGHT(\"abc\", 2)", "\"bc\""), ("RIGHT(\"ab\", 0)", "\"\""), fails=("VALUE",)),
    row("MID", (_TEXT, Arg("start", NUMBER), Arg("count", NUMBER)), TEXT, "从第几个字符起的若干个字符",
        "So many characters from a position on", ("MID(\"abcdef\", 2, 3)", "\"bcd\""), fails=("VALUE",)),
    row("LEN", (_TEXT,), NUMBER, "字符数", "How many characters it has", ("LEN(\"😀a\")", "2")),
    row("TRIM", (_TEXT,), TEXT, "去掉首尾空格，中间连续空格留一个",
        "Without spaces at both ends, runs inside made one", ("TRIM(\"  a   b \")", "\"a b\"")),
    row("UPPER", (_TEXT,), TEXT, "大写", "In capitals", ("UPPER(\"aé\")", "\"AÉ\"")),
    row("LOWER", (_TEXT,), TEXT, "小写", "In small letters", ("LOWER(\"ABC中Ä\")", "\"abc中ä\"")),
    row("SUBSTITUTE", (_TEXT, Arg("old", TEXT), Arg("new", TEXT), Arg("which", NUMBER, optional=True)), TEXT,
        "把其中的一段换成另一段（可指定第几处）", "With one piece replaced by another, everywhere or only at one occurrence",
        ("SUBSTITUTE(\"a-b-c\", \"-\", \"\")", "\"abc\""), ("SUBSTITUTE(\"aaa\", \"a\", \"b\", 3)", "\"aab\""),
        fails=("VALUE",)),
    row("CONTAINS", (_TEXT, Arg("piece", TEXT)), BOOL, "是否含有（区分大小写；列表则是否含有该值）",
        "Whether it holds the piece (case matters), or, of a list, the value", ("CONTAINS(\"hello\", \"lo\")", "TRUE"),
        ("CONTAINS([\"a\", \"b\"], \"ab\")", "FALSE")),
    row("STARTSWITH", (_TEXT, Arg("piece", TEXT)), BOOL, "是否以它开头", "Whether it begins with the piece",
        ("STARTSWITH(\"hello\", \"he\")", "TRUE"), ("STARTSWITH(\"a%b\", \"a_\")", "FALSE")),
    row("ENDSWITH", (_TEXT, Arg("piece", TEXT)), BOOL, "是否以它结尾", "Whether it ends with the piece",
        ("ENDSWITH(\"hello\", \"lo\")", "TRUE")),
    row("FIND", (Arg("piece", TEXT), _TEXT, Arg("start", NUMBER, default="1")), NUMBER,
        "第一次出现的位置（区分大小写），没有则为空", "Where the piece first occurs (case matters), blank when it does not",
        ("FIND(\"@\", \"a@b\")", "2"), ("ISBLANK(FIND(\"z\", \"abc\"))", "TRUE"), ("FIND(\"a\", \"aba\", 2)", "3"),
        blank=True, fails=("VALUE",)),
)
