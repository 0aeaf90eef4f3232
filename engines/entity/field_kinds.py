"""The table of field kinds: one row says what a kind of field holds, how it is stored, filtered, summed up and shown."""

from collections.abc import Mapping
from dataclasses import dataclass

from engines.values.value_types import BOOL, DATE, DATETIME, NUMBER, OPTION, TEXT, ValueType

ORDERED = ("=", "<>", "<", "<=", ">", ">=", "BETWEEN", "ISBLANK")
TEXTUAL = ("=", "<>", "CONTAINS", "STARTSWITH", "ENDSWITH", "ISBLANK")
MEMBERSHIP = ("=", "<>", "IN", "ISBLANK")


@dataclass(frozen=True, slots=True)
class FieldKind:
    """How fields of one kind behave.

    value_type: what a value is in expressions; None where it depends on the field (reference, lines).
    column_type: SQL type of the column; None when the field has no column of its own.
    operators: what lists offer to filter by. aggregates: functions offered for columns of it.
    is_input: people may write it. component: the browser's registry key.
    is_list: its values are lists, kept in a table of links. to: the entity it points to, where the field does not say it.
    """

    key: str
    name: Mapping[str, str]
    doc: Mapping[str, str]
    value_type: ValueType | None
    column_type: str | None
    operators: tuple[str, ...]
    aggregates: tuple[str, ...]
    is_input: bool
    component: str
    is_list: bool = False
    to: str | None = None


def _kind(
    key: str,
    zh: str,
    en: str,
    doc_zh: str,
    doc_en: str,
    value_type: ValueType | None,
    column_type: str | None,
    operators: tuple[str, ...],
    aggregates: tuple[str, ...] = ("COUNT",),
    is_input: bool = True,
    is_list: bool = False,
    to: str | None = None,
) -> FieldKind:
    return FieldKind(
        key,
        {"zh-CN": zh, "en": en},
        {"zh-CN": doc_zh, "en": doc_en},
        value_type,
        column_type,
        operators,
        aggregates,
        is_input,
        key,
        is_list,
        to,
    )


_TEXT = 'text COLLATE "C"'
_SUMS = ("SUM", "AVERAGE", "MIN", "MAX", "COUNT")
_ENDS = ("MIN", "MAX", "COUNT")
_HOLDS = ("CONTAINS", "ISBLANK")
_USER, _DEPARTMENT = "organization.user", "organization.department"

FIELD_KINDS: Mapping[str, FieldKind] = {
    kind.key: kind
    for kind in (
        _kind("text", "单行文本", "Text", "一行文字，默认最多 200 个字符。", "One line of text, 200 characters unless max_length says otherwise.",
              TEXT, _TEXT, TEXTUAL),
        _kind("long_text", "多行文本", "Long text", "多行文字，默认最多 10000 个字符。", "Text of several lines, 10,000 characters unless max_length says otherwise.",
              TEXT, _TEXT, TEXTUAL),
        _kind("number", "数字", "Number", "精确小数，保存时按 scale 四舍五入。", "An exact decimal, rounded half up to its scale when it is saved.",
              NUMBER, "numeric", ORDERED, _SUMS),
        _kind("money", "金额", "Money", "金额，默认两位小数。", "An amount of money, two decimals by default.",
              NUMBER, "numeric", ORDERED, _SUMS),
        _kind("boolean", "是/否", "Yes/no", "是或否。", "Yes or no.", BOOL, "boolean", ("=", "ISBLANK")),
        _kind("date", "日期", "Date", "日期，不带时区。", "A day without a time zone.", DATE, "date", ORDERED, _ENDS),
        _kind("datetime", "日期时间", "Date and time", "时间点，按站点时区显示。", "An instant, shown in the site's time zone.",
              DATETIME, "timestamptz", ORDERED, _ENDS),
        _kind("choice", "单选", "Choice", "从列出的选项中选一个。", "One of the listed options.", OPTION, _TEXT, MEMBERSHIP),
        _kind("reference", "引用", "Reference", "指向另一条记录。", "Points to another record.", None, "uuid", MEMBERSHIP),
        _kind("references", "多条引用", "References", "指向多条记录，按选取的顺序。", "Points to other records, in the order in which they were picked.",
              None, None, _HOLDS, is_list=True),
        _kind("member", "成员", "Member", "组织中的一个人。", "A person of the organization.", None, "uuid", MEMBERSHIP, to=_USER),
        _kind("members", "多个成员", "Members", "组织中的多个人。", "People of the organization.", None, None, _HOLDS, is_list=True, to=_USER),
        _kind("department", "部门", "Department", "组织中的一个部门。", "A department of the organization.",
              None, "uuid", MEMBERSHIP, to=_DEPARTMENT),
        _kind("departments", "多个部门", "Departments", "组织中的多个部门。", "Departments of the organization.",
              None, None, _HOLDS, is_list=True, to=_DEPARTMENT),
        _kind("lines", "明细", "Lines", "记录自己的明细行。", "Rows the record owns.", None, None, (), ()),
        _kind("sequence", "编号", "Sequence", "系统自动生成的编号，可能跳号，不会重号。", "A number the platform gives; it may skip, never repeat.",
              TEXT, _TEXT, TEXTUAL, ("COUNT",), False),
    )
}  # fmt: skip
