"""What the properties of ledgers and period locks mean, in English and Chinese, for `write_reference`; texts only."""

from collections.abc import Mapping

Words = tuple[str, str]

STOCK_SECTIONS: tuple[tuple[str, Words, Words, Mapping[str, Words]], ...] = (
    (
        "PeriodLockDefinition",
        ("Period lock", "期间锁"),
        (
            "Periods are records of the app, so that policies say who may close and reopen them, and history who did. Days without a period are open.",
            "期间是应用中的记录：谁可以关账、反关账由权限策略决定，历史中留有记录。没有期间的日期不受限制。",
        ),
        {
            "date": ("The date field whose day counts, before and after a change.", "起作用的日期字段，修改前后都算。"),
            "entity": ("The entity of the periods.", "期间所在的实体。"),
            "first": ("Its field of the first day.", "期间的起始日字段。"),
            "last": ("Its field of the last day.", "期间的截止日字段。"),
            "closed": ("What holds of a period that is closed, such as `state = \"closed\"`.", "期间关账时成立的条件，如 `state = \"closed\"`。"),
            "same": ("Fields that a record and its period have in common, such as `company`.", "记录和期间都有且必须相同的字段，如 `company`。"),
        },
    ),
    (
        "ProjectionDefinition",
        ("Projection", "汇总"),
        (
            "Kept in the same transaction as the entry, whatever channel it comes by; records are made when they are missing. Nobody else writes these fields.",
            "与账簿的每一条在同一事务中更新，不论从哪个渠道；缺少的记录自动新建。这些字段不能另行填写。",
        ),
        {
            "entity": ("The entity that keeps the sums.", "保存合计的实体。"),
            "rows": ("The lines whose rows are added up; without it the entries.", "要累加的明细；不写时累加账簿各条本身。"),
            "by": (
                "By field of that entity an expression over the entry or row; together they tell the record and are one of its unique constraints.",
                "每个键是该实体的字段，值是对账簿条目或行的表达式；合起来确定一条记录，必须是它的一个唯一约束。",
            ),
            "add": ("By field of that entity an expression for what is added to it.", "每个键是该实体的字段，值是累加的表达式。"),
            "guard": ("A condition on the record's own fields that must hold afterwards, such as `on_hand >= 0`.", "累加之后记录必须满足的条件，如 `on_hand >= 0`。"),
            "message": ("What people are told when it would not hold.", "条件将不成立时的提示。"),
        },
    ),
)  # fmt: skip
"""Sections of the page of the app document: class, heading, text, properties."""
