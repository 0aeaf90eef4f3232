"""The rows of operators, and of the conversions that the checker writes out."""

from __future__ import annotations

from engines.expression.function import Arg, Function, row
from engines.values.value_types import ANY, BOOL, DATE, DATETIME, NUMBER, TEXT, list_of, record_of

_LEFT, _RIGHT = Arg("left", NUMBER), Arg("right", NUMBER)
_ONE, _OTHER = Arg("left", ANY), Arg("right", ANY)
_CONDITION = Arg("condition", BOOL)

OPERATOR_ROWS: tuple[Function, ...] = (
    row("add", (_LEFT, _RIGHT), NUMBER, "相加；日期加数字得到若干天之后的日期",
        "Sum; a date and a number give the date so many days later", ("0.1 + 0.2", "0.3"),
        ("#2024-02-28# + 2", "#2024-03-01#")),
    row("sub", (_LEFT, _RIGHT), NUMBER, "相减；两个日期相减得到天数", "Difference; of two dates, the days between them",
        ("10 - 4 - 3", "3"), ("#2024-03-01# - #2024-02-28#", "2")),
    row("mul", (_LEFT, _RIGHT), NUMBER, "相乘，结果精确", "Product, exact", ("1.1 * 1.1", "1.21")),
    row("div", (_LEFT, _RIGHT), NUMBER, "相除，第 20 位小数四舍五入；除以零得到错误 DIV0",
        "Quotient, rounded at 20 decimals; dividing by zero is the error DIV0", ("2 / 3", "0.66666666666666666667"),
        fails=("DIV0",)),
    row("pow", (_LEFT, _RIGHT), NUMBER, "乘方；整数次方精确", "Power; exact for whole exponents", ("2 ^ 3 ^ 2", "64"),
        ("POWER(2, -2)", "0.25"), fails=("DIV0", "NUM")),
    row("neg", (Arg("value", NUMBER),), NUMBER, "取相反数", "The number with its sign turned", ("-(3 + 4)", "-7")),
    row("percent", (Arg("value", NUMBER),), NUMBER, "百分数", "A hundredth", ("15%", "0.15")),
    row("concat", (Arg("left", TEXT), Arg("right", TEXT)), TEXT, "连接文本", "Both texts, one after the other",
        ("\"a\" & 1.0", "\"a1\"")),
    row("eq", (_ONE, _OTHER), BOOL, "是否相等；空值只等于空值", "Whether both are equal; a blank equals only a blank",
        ("0 = NULL", "FALSE"), ("\"\" = NULL", "TRUE"), null="kept"),
    row("ne", (_ONE, _OTHER), BOOL, "是否不相等", "Whether they differ", ("1 <> 2", "TRUE"), null="kept"),
    row("lt", (_ONE, _OTHER), BOOL, "是否小于；与空值比较得到“否”", "Whether left is less; FALSE with a blank",
        ("NULL < 5", "FALSE"), ("\"a\" < \"b\"", "TRUE"), null="kept"),
    row("le", (_ONE, _OTHER), BOOL, "是否小于或等于", "Whether left is less or equal", ("3 <= 3", "TRUE"), null="kept"),
    row("gt", (_ONE, _OTHER), BOOL, "是否大于", "Whether left is greater", ("2 > 3", "FALSE"), null="kept"),
    row("ge", (_ONE, _OTHER), BOOL, "是否大于或等于", "Whether left is greater or equal", ("3 >= 3", "TRUE"), null="kept"),
    row("and", (_CONDITION,), BOOL, "是否全部成立；遇到不成立的就不再往后算",
        "Whether all hold; what follows the first that does not is not computed", ("AND(TRUE, 1 = 2)", "FALSE"),
        ("FALSE && 1 / 0 = 1", "FALSE"), repeats=1),
    row("or", (_CONDITION,), BOOL, "是否至少一个成立；遇到成立的就不再往后算",
        "Whether at least one holds; what follows the first that does is not computed", ("OR(FALSE, 1 = 1)", "TRUE"),
        repeats=1),
    row("not", (_CONDITION,), BOOL, "是否不成立；空条件算不成立", "Whether it does not hold; a blank does not hold",
        ("NOT NULL", "TRUE")),
    row("list", (Arg("value", ANY, optional=True),), list_of(ANY), "列表", "A list", ("SUM([1, 2, 3])", "6"), null="kept",
        repeats=1),
    row("filter", (Arg("list", list_of(ANY)), _CONDITION), list_of(ANY), "列表中满足条件的行",
        "The rows of a list for which the condition holds", null="kept"),
    row("entity", (Arg("name", TEXT),), list_of(record_of(None)), "一个实体的全部记录：@customer[level = \"A\"]；只在服务器上计算，且只含可读的记录",
        "All records of an entity: @customer[level = \"A\"]; on the server only, and of records that may be read", null="kept", steady=False,
        runs_in=("python", "sql")),
    row("map", (Arg("list", list_of(record_of(None))), Arg("value", ANY)), list_of(ANY), "逐行计算：MAP(明细, 数量 * 单价)",
        "A value for each row: MAP(lines, quantity * price)", null="kept"),
    row("field", (Arg("record", ANY), Arg("name", TEXT)), ANY, "记录的一个字段", "A field of a record", null="kept", blank=True),
)

CONVERSION_ROWS: tuple[Function, ...] = (
    row("or_zero", (Arg("value", NUMBER),), NUMBER, "空值算 0", "A blank counts as 0", null="kept"),
    row("or_empty", (Arg("value", TEXT),), TEXT, "空值算空文本", "A blank counts as an empty text", null="kept"),
    row("or_false", (Arg("value", BOOL),), BOOL, "空值算“否”", "A blank counts as FALSE", null="kept"),
    row("number_text", (Arg("value", NUMBER),), TEXT, "数字的文本", "A number as text", null="blank"),
    row("bool_text", (Arg("value", BOOL),), TEXT, "TRUE 或 FALSE", "TRUE or FALSE as text", null="blank"),
    row("date_text", (Arg("value", DATE),), TEXT, "日期的文本", "A date as text", null="blank"),
    row("datetime_text", (Arg("value", DATETIME),), TEXT, "时间的文本（站点时区）", "A time as text in the site's zone",
        null="blank"),
    row("to_date", (Arg("value", DATETIME),), DATE, "时间所在的日期（站点时区）", "The date of a time in the site's zone",
        null="blank"),
    row("midnight", (Arg("value", DATE),), DATETIME, "一天开始的时间（站点时区）",
        "The time at which a date begins in the site's zone", null="blank"),
    row("local_time", (Arg("value", TEXT),), DATETIME, "站点时区中的时间", "A time written in the site's zone",
        null="blank"),
    row("shift_date", (Arg("date", DATE), Arg("days", NUMBER)), DATE, "若干天之后的日期", "The date so many days later",
        null="blank"),
    row("shift_datetime", (Arg("time", DATETIME), Arg("days", NUMBER)), DATETIME, "若干天之后的时间",
        "The time so many days later", null="blank"),
    row("days_between", (Arg("later", DATE), Arg("earlier", DATE)), NUMBER, "两个日期相差的天数",
        "The days from one date to another", null="blank"),
    row("time_between", (Arg("later", DATETIME), Arg("earlier", DATETIME)), NUMBER, "两个时间相差的天数",
        "The days from one time to another, with their fraction", null="blank"),
    row("to_any", (Arg("value", ANY),), ANY, "类型不一的值之一", "A value among values of other types", null="blank"),
)
