"""What each property of additions to other packages means, in English and Chinese, for `write_reference`; texts only."""

from collections.abc import Mapping

Words = tuple[str, str]
"""English, Chinese."""

_EXTEND: Words = ("The key of the element that is extended; a required package has it.", "被扩展元素的标识，在所依赖的包中。")
_BEFORE: Words = ("What is added goes before this part; without it, to the end.", "添加的内容放在这一部分之前；不写则放在末尾。")

ENTITY_EXTENSION: tuple[str, Words, Words, Mapping[str, Words]] = (
    "EntityExtension",
    ("Addition to an entity", "对实体的补充"),
    (
        ("What a package adds to an entity of a package it requires. Every part it adds, here and in the additions below, has a key that begins "
         "with the key of the package (`crm_score`), or with `x_` where a customer adds it; so packages never collide."),
        "一个包给它所依赖的包的实体增加的内容。这里和下面各种补充所增加的每一部分，标识都以本包的标识开头（`crm_score`），客户自己加的以 `x_` 开头；这样各个包不会冲突。",
    ),
    {
        "extend": ("The entity that is extended.", "被扩展的实体。"),
        "before": _BEFORE,
        "fields": ("The fields it adds, and additions to fields.", "增加的字段，以及对字段的补充。"),
        "rules": ("The rules it adds.", "增加的规则。"),
        "guards": ("The guards it adds.", "增加的底线。"),
        "unique": ("The unique constraints it adds.", "增加的唯一约束。"),
        "states": ("States and transitions it adds to an entity that has states.", "给有状态的实体增加的状态和状态操作。"),
    },
)

EXTENSION_SECTIONS: tuple[tuple[str, Words, Words, Mapping[str, Words]], ...] = (
    (
        "FieldExtension",
        ("Addition to a choice", "对选项字段的补充"),
        ("", ""),
        {"extend": _EXTEND, "before": _BEFORE, "options": ("The options it adds.", "增加的选项。")},
    ),
    (
        "StatesExtension",
        ("Addition to states", "对状态的补充"),
        ("", ""),
        {
            "states": ("The states it adds.", "增加的状态。"),
            "transitions": ("The transitions it adds; they may lead from and to states that are there.", "增加的状态操作，可以从已有的状态出发或到达已有的状态。"),
        },
    ),
    (
        "FormExtension",
        ("Addition to a form", "对表单的补充"),
        ("", ""),
        {"extend": _EXTEND, "before": _BEFORE, "nodes": ("The sections it adds, and additions to sections.", "增加的分组，以及对分组的补充。")},
    ),
    (
        "SectionExtension",
        ("Addition to a section", "对分组的补充"),
        ("", ""),
        {"extend": _EXTEND, "before": _BEFORE, "nodes": ("The inputs it adds.", "增加的输入项。")},
    ),
    (
        "ViewExtension",
        ("Addition to a list", "对列表的补充"),
        ("", ""),
        {"extend": _EXTEND, "before": _BEFORE, "columns": ("The columns it adds.", "增加的列。")},
    ),
    (
        "MenuExtension",
        ("Addition to a menu", "对菜单的补充"),
        ("", ""),
        {"extend": _EXTEND, "before": _BEFORE, "items": ("The entries it adds.", "增加的菜单项。")},
    ),
    (
        "RoleExtension",
        ("Addition to a role", "对角色的补充"),
        (
            "What the role may do with records is said by policies, which any package may have for it.",
            "角色对记录可以做什么由权限策略规定，任何包都可以为它增加策略。",
        ),
        {"extend": _EXTEND, "may": ("What it may do besides with the app itself.", "对应用本身还可以做什么。")},
    ),
)
