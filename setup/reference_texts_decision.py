"""What the parts of the app document mean that say how a decision table decides, in English and Chinese; texts only."""

from collections.abc import Mapping

Words = tuple[str, str]

DECISION_SECTIONS: tuple[tuple[str, Words, Words, Mapping[str, Words]], ...] = (
    (
        "DecisionDefinition",
        ("Decision", "决策"),
        (
            "How the records of an entity of kind `decision` decide. Each record is a row: filled in, imported, kept in history and granted as any other. `DECIDE` asks the table.",
            "类型为 `decision` 的实体怎样由记录得出结果。每条记录是表的一行，填写、导入、历史、权限都与其他记录一样；公式用 `DECIDE` 取结果。",
        ),
        {
            "inputs": ("What a row is found by, in the order in which `DECIDE` is given the values.", "查找行的条件，`DECIDE` 按此顺序给出各值。"),
            "outputs": ("The fields a formula may ask for.", "公式可以取的字段。"),
            "policy": (
                "What becomes of the rows that match: `first` one output of the first row; `only` the same where several rows are the error MULTI; `all` the outputs of all as a list; `sum`, `max`, `min` of their outputs; `cumulative` the part of a number in each band times the band's rate, summed up.",
                "匹配的行怎样得出结果：`first` 取第一行的输出；`only` 同上，但匹配多行时为错误 MULTI；`all` 取全部行的输出，为列表；`sum`、`max`、`min` 取各行输出的合计、最大值、最小值；`cumulative`（分段累计）把数字落在每一段的部分乘以该段的比率再相加。",
            ),
            "order": (
                "For `first`, `only` and `all`: the number field by which rows are taken, the least first. Without it the row that says most comes first: the one with most inputs filled in; of as many, the one filled in the earlier input; then the one whose first day is latest; then the oldest.",
                "用于 `first`、`only`、`all`：按此数字字段取行，小的在先。不写时，填写条件最多的行在先；同样多时，靠前的输入填写了的在先；再是生效日较晚的；最后是较早新建的。",
            ),
            "first": ("The date field of the first day a row holds, that day included; blank: it always did.", "行的生效日字段，含当日；留空表示一直有效。"),
            "overlap": (
                "`refuse`: a row is not saved where some inputs would match it and another row on the same day, by whatever channel; a blank takes anything there too. Not for inputs matched by `contains` or by lists of records. `allow` (the usual): rows may overlap.",
                "`refuse`：若有的输入在同一天会同时匹配它和另一行，这一行不能保存，不论经由哪个渠道；留空同样视为不限。按 `contains` 或按记录列表匹配的输入不能用。`allow`（通常）：允许重叠。",
            ),
            "last": ("The date field of the last day a row holds, that day included; blank: it holds until further notice.", "行的失效日字段，含当日；留空表示长期有效。"),
        },
    ),
    (
        "DecisionInputDefinition",
        ("Input of a decision", "决策的输入"),
        ("A row that is blank in the field of an input takes any value there.", "行在输入的字段上留空，表示该项不限。"),
        {
            "name": ("What people call it, per language; without it the name of its field.", "显示的名称，按语言分别填写；不写时用字段的名称。"),
            "match": (
                "`eq`: the value is the field's; `range`: it lies between two fields, `from` included, `to` not; `in`: it is among the options or records of the field; `prefix`: it begins with the field's text; `contains`: it holds the field's text.",
                "`eq`：等于字段的值；`range`：在两个字段之间，含 `from`，不含 `to`；`in`：是字段所列选项或记录之一；`prefix`：以字段的文字开头；`contains`：含有字段的文字。",
            ),
            "field": ("The field that is compared; ranges have none.", "比较的字段；范围没有此项。"),
            "from": ("Of a range, the field where it begins, that value included.", "范围的起点字段，含该值。"),
            "to": ("Of a range, the field where it ends, that value not included.", "范围的终点字段，不含该值。"),
        },
    ),
)  # fmt: skip
"""Sections of the page of the app document: class, heading, text, properties."""
