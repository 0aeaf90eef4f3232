"""What the parts of the app document mean that say what must hold of records, in English and Chinese; texts only."""

from collections.abc import Mapping

Words = tuple[str, str]

RULE_SECTIONS: tuple[tuple[str, Words, Words, Mapping[str, Words]], ...] = (
    (
        "RuleDefinition",
        ("Rule", "规则"),
        ("", ""),
        {
            "check": ("A condition. Unless its answer is TRUE, the record is not saved.", "条件。结果不是 TRUE 时记录不保存。"),
            "at": ("The field at which the message is shown.", "提示显示在哪个字段旁。"),
            "message": ("What people are told when it does not hold.", "条件不成立时的提示。"),
            "severity": (
                "`error`: the record is not saved. `warning`: it is saved once whoever saves it has confirmed that.",
                "`error`：记录不保存。`warning`：由保存的人确认后仍可保存。",
            ),
        },
    ),
    (
        "GuardDefinition",
        ("Guard", "底线"),
        ("", ""),
        {
            "check": ("A condition on the record's own fields.", "只涉及本记录字段的条件。"),
            "message": ("What people are told when it would not hold.", "条件将不成立时的提示。"),
        },
    ),
    ("UniqueDefinition", ("Unique constraint", "唯一约束"), ("", ""), {
        "fields": (
            "The fields, one to eight: of the record, or all of the same rows (`lines.item`). Blanks are equal to nothing.",
            "一到八个字段：都是记录的字段，或都是同一个明细的字段（如 `lines.item`）。空白与任何值都不相同。",
        ),
        "where": (
            "Only records for which this holds count: saved fields of the record compared with fixed values.",
            "只有满足此条件的记录才算：用本记录中保存的字段与固定值比较。",
        ),
        "within": (
            "`parent`: once among the rows of one record. Without it, rows of all records count, those in the trash too.",
            "`parent`：在同一条记录的明细中不重复。不填则在所有记录的明细中不重复，回收站中的也算。",
        ),
        "message": ("What people are told, at each of the fields; a plain sentence without it.", "在每个字段旁的提示；不填则用通用的提示。"),
    }),
    (
        "StatesDefinition",
        ("States", "状态"),
        (
            ("What a record goes through: its state is kept in a field of the key, a choice that changes by transitions alone. A new "
            "record is in the first state; sending another state takes the first transition that leads there and is open, which one has to be allowed to take."),
            "记录经历的阶段：状态保存在以此标识命名的字段中（单选），只能通过状态操作改变。新记录处于初始状态；直接填写另一个状态，等于执行第一个能到达且前提成立的状态操作，须有执行它的权限。",
        ),
        {
            "name": ("What the field is called; “Status” without it.", "字段的名称；不填则为“状态”。"),
            "start": ("The state of a new record.", "新记录的状态。"),
            "states": ("The states, in order.", "各个状态，按顺序。"),
            "transitions": ("The ways between them.", "状态之间的操作。"),
        },
    ),
    (
        "StateDefinition",
        ("State", "单个状态"),
        ("", ""),
        {
            "color": ("The colour of its tag.", "标签的颜色。"),
            "read_only": ("Records in it are changed by transitions alone.", "处于此状态的记录只能通过状态操作改变。"),
            "can_delete": ("Whether its records may go to the trash.", "处于此状态的记录是否可以删除。"),
        },
    ),
    (
        "TransitionDefinition",
        ("Transition", "状态操作"),
        ("", ""),
        {
            "from": ("The states it leads from.", "可从哪些状态执行。"),
            "to": ("The state it leads to.", "到达的状态。"),
            "when": (
                "What must hold of the record, with what is sent along and before it moves; a blank counts as not holding.",
                "前提条件，按改变状态之前、连同一起填写的值判断；空白视为不成立。",
            ),
            "message": ("What people are told when it does not hold.", "前提不成立时的提示。"),
            "set": ("Values it fills in: an expression by field.", "执行时填入的值：字段对应的表达式。"),
            "confirm": ("What people are asked before it is taken.", "执行前请人确认的话。"),
        },
    ),
)
"""Class of `dougong.model.definition`, heading, introduction, meaning of its properties, in reading order."""
