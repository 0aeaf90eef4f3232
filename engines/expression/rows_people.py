"""The rows of functions over people and over the circumstances of a formula: who is at work, what the record was before."""

from __future__ import annotations

from engines.expression.function import Arg, Function, Place, row
from engines.values.value_types import ANY, BOOL, NUMBER, TEXT, record_of

USER = record_of("organization.user")

_NOT_SQL: tuple[Place, ...] = ("python", "browser")
_SQL: tuple[Place, ...] = ("sql",)
_DEPARTMENT, _FIELD = Arg("department", ANY), Arg("field", ANY)

PEOPLE_ROWS: tuple[Function, ...] = (
    row("CURRENTUSER", (), USER, "当前用户，之后可写其字段，如 CURRENTUSER().department.name",
        "The user at work; a field may follow, such as CURRENTUSER().department.name",
        ("CURRENTUSER() = CURRENTUSER()", "TRUE"), blank=True, steady=False),
    row("HASROLE", (Arg("role", TEXT),), BOOL, "当前用户是否有此角色：本应用的角色标识，或 应用.角色",
        "Whether the user at work has a role: its key in this app, or app.role", ("HASROLE(\"no_such_role\")", "FALSE"),
        steady=False),
    row("INDEPARTMENT", (_DEPARTMENT,), BOOL, "当前用户是否属于此部门或其下级部门；部门可写为记录、编号或名称",
        "Whether the user at work belongs to a department or one below it, given as a record, an id or a name",
        ("INDEPARTMENT(NULL)", "FALSE"), steady=False),
    row("MANAGEROF", (Arg("user", record_of(None)), Arg("level", NUMBER, default="1")), USER,
        "用户的主管；级数大于 1 时为主管的主管，依此类推；没有则为空",
        "The manager of a user; with a level above 1 the manager's manager and so on; blank when there is none",
        ("ISBLANK(MANAGEROF(NULL))", "TRUE"), null="blank", blank=True, fails=("VALUE",), steady=False),
    row("LEADEROF", (_DEPARTMENT,), USER, "部门的负责人；没有则为空", "The user who leads a department, blank when nobody does",
        ("ISBLANK(LEADEROF(NULL))", "TRUE"), null="blank", blank=True, steady=False),
    row("DEPTPATH", (_DEPARTMENT,), TEXT, "部门的全路径，如 总公司/销售部", "The names of a department and those above it, with slashes between",
        ("ISBLANK(DEPTPATH(NULL))", "TRUE"), null="blank", blank=True, steady=False),
    row("INMYDEPARTMENT", (Arg("whose", ANY), Arg("below", BOOL, default="FALSE")), BOOL,
        "用户属于当前用户的部门，或部门即是当前用户的部门；第二个参数为 TRUE 时下级部门也算。用于权限策略和筛选",
        "Whether a user belongs to the department of the user at work, or a department is theirs; with TRUE, departments below it count too."
        " For policies and filters",
        steady=False, runs_in=_SQL),
    row("REPORTSTOME", (Arg("user", USER),), BOOL, "用户是否在当前用户负责的部门或其下级部门中；用于权限策略和筛选",
        "Whether a user belongs to a department that the user at work leads, or to one below it. For policies and filters",
        steady=False, runs_in=_SQL),
    row("SHAREDWITHME", (Arg("action", TEXT, default="\"read\""),), BOOL, "本记录是否共享给当前用户；参数为 read 或 update。用于权限策略和筛选",
        "Whether the record is shared with the user at work, to `read` or to `update`. For policies and filters",
        steady=False, runs_in=_SQL),
    row("OLD", (_FIELD,), ANY, "本记录的字段在修改之前的值；新建时为空", "A field of the record before the change, blank when it is new",
        null="kept", blank=True, steady=False),
    row("CHANGED", (_FIELD,), BOOL, "本记录的字段是否改变了；新建时，填了值即算改变",
        "Whether a field of the record has changed; in a new record, whether it is filled", null="kept", steady=False),
    row("RECORDID", (), TEXT, "本记录的编号", "The id of the record, as text", ("ISBLANK(RECORDID())", "TRUE"), null="blank", blank=True),
    row("FLOWSTATE", (), TEXT, "本记录在流程中的状态；不在流程中则为空", "The state a flow has brought the record to, blank without a flow",
        ("ISBLANK(FLOWSTATE())", "TRUE"), blank=True, steady=False),
    row("UUID", (), TEXT, "新的唯一标识", "A new unique id, different each time", ("LEN(UUID())", "36"), steady=False,
        runs_in=_NOT_SQL),
    row("SEQ", (Arg("rule", TEXT),), TEXT, "编号规则的下一个编号；只能用于默认值和流程",
        "The next number of a numbering rule; only in defaults and flows", ("IFERROR(SEQ(\"NO-{0000}\"), \"\")", "\"\""),
        fails=("DENIED",), steady=False, runs_in=_NOT_SQL),
)

PEOPLE_CONVERSION_ROWS: tuple[Function, ...] = (
    row("user_field", (Arg("record", USER), Arg("name", ANY)), ANY, "当前用户的一个字段", "A field of the user at work",
        null="kept", blank=True),
    row("record_text", (Arg("value", record_of(None)),), TEXT, "记录的编号", "The id of a record as text", null="blank"),
)
