"""Rows of the table of field kinds whose values are options of a list."""

from engines.entity.field_kind import MEMBERSHIP, TEXT_COLUMN, TEXTS_COLUMN, kind
from engines.values.value_types import OPTION, list_of

CHOICE_KINDS = (
    kind("choice", ("单选", "Choice"), ("从列出的选项中选一个。", "One of the listed options."), OPTION, TEXT_COLUMN, MEMBERSHIP),
    kind("choices", ("多选", "Choices"),
         ("从列出的选项中选若干个；在表达式中是选项的列表：CONTAINS(标签, \"vip\")。",
          "Several of the listed options; in expressions the list of them: CONTAINS(tags, \"vip\")."),
         list_of(OPTION), TEXTS_COLUMN, ("CONTAINS", "ISBLANK")),
    kind("tree_choice", ("树形选择", "Tree choice"),
         ("从分级的选项中选一个；筛选上级时，下级的也算。", "One of options that lie under each other; a filter by an upper one finds those below it as well."),
         OPTION, TEXT_COLUMN, MEMBERSHIP),
)  # fmt: skip
"""choice, choices, tree_choice."""
