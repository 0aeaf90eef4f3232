"""What each property of the app document means, in English and Chinese, for `write_reference`; texts only, nothing is done here."""

from collections.abc import Mapping

from setup.reference_texts_decision import DECISION_SECTIONS
from setup.reference_texts_package import ENTITY_EXTENSION, EXTENSION_SECTIONS
from setup.reference_texts_rules import RULE_SECTIONS
from setup.reference_texts_stock import STOCK_SECTIONS

Words = tuple[str, str]
"""English, Chinese."""

COMMON: Mapping[str, Words] = {
    "key": (
        "Names the element for ever. It can be chosen until the element is first published, never changed afterwards.",
        "元素的永久标识。首次发布前可以修改，之后不再改变。",
    ),
    "locked": (
        "The platform relies on the element: a draft that removes it or changes more of it than labels, default and index cannot be published.",
        "平台依赖此元素：删除它，或更改名称、说明、默认值、索引之外的内容的草稿不能发布。",
    ),
    "name": ("What people see, per language.", "显示给人看的名称，按语言分别填写。"),
}
"""Properties that mean the same wherever they stand."""

FIELD: Mapping[str, Words] = {
    "help": ("A sentence shown beside the field.", "显示在字段旁的一句说明。"),
    "required": ("A record cannot be saved while the field is blank.", "字段为空时记录不能保存。"),
    "required_when": (
        "Condition on the record, or on the row and its `parent`: where it holds, the field is required.",
        "对记录（明细中为行及其 `parent`）的条件：成立时此字段必填。",
    ),
    "read_only": ("People and programs cannot send a value; defaults and copies still fill it.", "不接受填写，只由默认值或带出的值填入。"),
    "indexed": (
        "The database keeps an index, so that filtering and sorting by the field stay fast on many records. References always have one.",
        "在数据库中建索引，记录很多时按此字段筛选和排序仍然快。引用字段总有索引。",
    ),
    "unique": ("No two records outside the trash have the same value. Blanks do not count.", "回收站之外的记录不能有相同的值，空白除外。"),
    "sensitive": (
        "Who reads it, in whichever way, stands in the audit log; words are not looked for in it.",
        "谁以何种方式读取了它，都记入审计日志；搜索不查找其中的文字。",
    ),
    "default": (
        "Expression for the value of a new record when none is sent.",
        "新建记录而没有填写时的值，写成表达式。",
    ),
    "formula": (
        "Makes the field computed: its value is this expression, worked out whenever the record is saved.",
        "使字段成为计算字段：它的值就是这个表达式，每次保存记录时计算。",
    ),
    "virtual": (
        "Computes the formula whenever the field is read, in the rights of who reads it, and keeps no value: for what depends on the day or on whole entities.",
        "每次读取时按读取人的权限计算公式，不保存值：用于随日期变化或查询整个实体的公式。",
    ),
    "discloses": (
        "Whoever a policy lets read the field reads it, also who may not read what its formula reads; without it they read it only where they may read all that.",
        "策略允许读此字段的人都能读到它，即使无权读公式所用的数据；不写时，只有能读全部依据的人才能读到。",
    ),
    "copy": (
        "`reference.field`: the value is taken when the reference is set or changed, and kept afterwards.",
        "“引用.字段”：设置或更换引用时带出该值，之后不随来源变化。",
    ),
}
"""Properties of fields of every kind."""

SECTIONS: tuple[tuple[str, Words, Words, Mapping[str, Words]], ...] = (
    (
        "AppDefinition",
        ("Document", "文档"),
        ("The top of the document: an app, or a package of one.", "文档的最外层：一个应用，或应用的一个包。"),
        {
            "format": ("The format and its version.", "格式及其版本。"),
            "key": ("The key of the app or package; it also names its database schema, `app_<key>`.", "应用或包的标识，也决定数据库模式名 `app_<标识>`。"),
            "version": ("The version of the package, three numbers.", "包的版本，三段数字。"),
            "description": ("A sentence or two for the library.", "在模板库中显示的一两句话。"),
            "icon": ("Name of one of the product's icons, such as `shop`; an unknown name gives a plain one.", "产品图标的名称，如 `shop`；未知的名称显示为普通图标。"),
            "languages": ("The languages its labels are written in.", "标签使用的语言。"),
            "requires": ("Packages this one builds on.", "依赖的包。"),
            "entities": ("The kinds of records, and additions to those of required packages.", "实体，以及对所依赖包中实体的补充。"),
            "forms": ("Screens for one record.", "填写或查看一条记录的界面。"),
            "views": ("Lists of records.", "记录的列表。"),
            "menus": ("The navigation.", "导航菜单。"),
            "roles": ("Names for duties.", "角色。"),
            "policies": ("What each role may do; what no policy grants is refused.", "每个角色可以做什么；没有授予的一律拒绝。"),
            "seed": ("Records every installation gets.", "每次安装都写入的记录。"),
            "demo": ("Records an installation with demo data gets.", "选择演示数据时写入的记录。"),
        },
    ),
    (
        "Requirement",
        ("Requirement", "依赖"),
        ("", ""),
        {
            "package": ("The key of the package.", "包的标识。"),
            "version": ("Which versions will do, such as `>=1.0,<2`.", "可用的版本范围，如 `>=1.0,<2`。"),
        },
    ),
    (
        "EntityDefinition",
        ("Entity", "实体"),
        (
            "A kind of thing people keep records of. Each has a typed table of its own.",
            "人们要记录的一类事物，每个实体有自己的数据表。",
        ),
        {
            "kind": (
                "`record`; `ledger`: entries are added and taken back by reversals (`POST …/{id}/reverse`), never changed or deleted; `decision`: its records are the rows of a decision table; or `single` for settings: there is one record, made of the defaults when the entity is published, which can be changed but neither made nor deleted.",
                "`record`；`ledger`（账簿）：只能新增，用冲销（`POST …/{id}/reverse`）更正，不能修改或删除；`decision`（决策表）：每条记录是决策表的一行；或用于设置的 `single`：只有一条记录，发布时按默认值建立，可以修改，不能新建或删除。",
            ),
            "title": ("The field that stands for the record where it is named, such as in references.", "代表记录的字段，用于引用等处显示。"),
            "fields": ("Its fields, in order.", "字段，按顺序。"),
            "rules": ("Conditions that must hold when a record is saved.", "保存记录时必须成立的条件。"),
            "projections": ("What the entries of a ledger add up to, kept in other entities.", "账簿各条的合计，保存在其他实体中。"),
            "period_lock": ("Keeps records dated in a closed period as they are.", "日期在已关账期间内的记录不能新增、修改或删除。"),
            "negates": (
                "The fields a reversal turns round, rows' as `lines.amount`; without it all numbers, amounts and quantities that are not computed.",
                "冲销时取反的字段，明细的写成 `lines.amount`；不写时为所有非计算的数字、金额和数量。",
            ),
            "guards": (
                "Conditions on its own fields that hold after every change, such as `on_hand - reserved >= 0`; guarded changes say what they leave.",
                "每次修改之后都必须成立的、只涉及本记录字段的条件，如 `on_hand - reserved >= 0`；带底线的修改会说明还剩多少。",
            ),
            "decision": ("How the rows of a decision table decide.", "决策表怎样由各行得出结果。"),
            "unique": ("Fields whose values together occur once.", "组合起来不能重复的字段。"),
            "search": (
                "The text fields that words are looked for in. Without it the title and indexed texts.",
                "在哪些文本字段中搜索。不写时为标题和有索引的文本。",
            ),
            "states": ("The states of its records and the transitions between them.", "记录的状态，以及状态之间的操作。"),
        },
    ),
    ENTITY_EXTENSION,
    (
        "OptionDefinition",
        ("Option of a choice", "选项"),
        ("", ""),
        {"color": ("The colour of its tag.", "标签的颜色。")},
    ),
    (
        "TreeOptionDefinition",
        ("Option of a tree choice", "树形选项"),
        ("", ""),
        {
            "color": ("The colour of its tag.", "标签的颜色。"),
            "parent": ("The option it lies under; without one it is at the top.", "上级选项；没有则在最上层。"),
        },
    ),
    (
        "InverseDefinition",
        ("Way back of a reference", "反向引用"),
        (
            "Gives the target a name for the records that point to it, such as `sales_orders` of a partner.",
            "在被引用的一方，给指向它的记录起名，如往来单位的 `sales_orders`。",
        ),
        {"key": ("The key of the way back, unique in the target.", "反向引用的标识，在被引用的实体中唯一。")},
    ),
    *RULE_SECTIONS,
    *STOCK_SECTIONS,
    *DECISION_SECTIONS,
    *EXTENSION_SECTIONS,
    (
        "FormDefinition",
        ("Form", "表单"),
        ("", ""),
        {
            "offered_to": ("The roles that are offered it; without it everybody who may read the records.", "提供给哪些角色；不写时为所有能查看其记录的人。"),
            "entity": ("The entity it is for.", "所属实体。"),
            "nodes": ("Its sections.", "分组。"),
        },
    ),
    (
        "SectionNode",
        ("Section of a form", "表单分组"),
        ("", ""),
        {
            "kind": ("What kind of node it is.", "节点种类。"),
            "columns": ("How many columns on a wide screen; a phone shows one.", "宽屏上的列数；手机上为一列。"),
            "hidden": ("It is not shown.", "不显示。"),
            "nodes": ("Its inputs.", "其中的输入项。"),
        },
    ),
    (
        "InputNode",
        ("Input of a form", "表单输入项"),
        ("", ""),
        {
            "kind": ("What kind of node it is.", "节点种类。"),
            "field": ("The field it shows.", "对应的字段。"),
            "name": ("A label for this form in place of the field's.", "在此表单中代替字段名称的标签。"),
            "span": ("How many columns of the section it takes.", "占几列。"),
            "hidden": ("It is not shown.", "不显示。"),
            "read_only": ("It is shown and cannot be filled.", "只显示，不能填写。"),
            "columns": ("For lines: which fields of a row are shown, in order.", "用于明细：显示哪些列及其顺序。"),
        },
    ),
    (
        "LineColumn",
        ("Column of lines in a form", "明细的列"),
        ("", ""),
        {
            "key": ("The field of the row.", "行中的字段。"),
            "width": ("Width in pixels.", "宽度，像素。"),
            "hidden": ("It is not shown.", "不显示。"),
        },
    ),
    (
        "ViewDefinition",
        ("View", "视图"),
        ("", ""),
        {
            "offered_to": ("The roles that are offered it; without it everybody who may read the records.", "提供给哪些角色；不写时为所有能查看其记录的人。"),
            "kind": ("What kind of view it is.", "视图种类。"),
            "entity": ("Whose records it lists.", "列出哪个实体的记录。"),
            "form": ("The form its records open in; without one, the first form of the entity.", "打开记录用的表单；不填则用该实体的第一个表单。"),
            "filter": ("Only records for which this condition holds.", "只列出满足此条件的记录。"),
            "columns": ("Its columns, in order.", "列，按顺序。"),
            "sort": ("What it is sorted by, at most three fields.", "排序，最多三个字段。"),
        },
    ),
    (
        "ViewColumn",
        ("Column of a view", "视图的列"),
        ("", ""),
        {"key": ("The field.", "字段。"), "width": ("Width in pixels.", "宽度，像素。")},
    ),
    (
        "SortDefinition",
        ("Sort order of a view", "视图的排序"),
        ("", ""),
        {"key": ("The field.", "字段。"), "order": ("The direction.", "方向。")},
    ),
    (
        "MenuDefinition",
        ("Menu", "菜单"),
        ("", ""),
        {
            "offered_to": ("The roles that are offered it; without it everybody who may read the records.", "提供给哪些角色；不写时为所有能查看其记录的人。"),
            "icon": ("Name of an icon, shown before its entries.", "图标的名称，显示在菜单项前。"),
            "items": ("Its entries, in order.", "菜单项，按顺序。"),
        },
    ),
    (
        "MenuItemDefinition",
        ("Entry of a menu", "菜单项"),
        ("", ""),
        {"view": ("The view it opens.", "打开的视图。"), "name": ("A label in place of the view's.", "代替视图名称的标签。")},
    ),
    (
        "RoleDefinition",
        ("Role", "角色"),
        ("Its full key is `<app>.<role>`; publishing records it in the organization.", "完整的标识是“应用.角色”，发布时登记到组织中。"),
        {
            "installer": ("Whoever installs the package is given the role.", "安装此包的人得到该角色。"),
            "may": (
                "What it may do with the app itself. `install` is for roles of the organization package, whose `design` and `publish` hold for every app.",
                "可以对应用本身做什么。`install` 只用于组织包的角色，组织包角色的 `design` 和 `publish` 对所有应用有效。",
            ),
        },
    ),
    (
        "PolicyDefinition",
        ("Policy", "权限策略"),
        (
            ("Policies add up: people may do what any policy of any of their roles grants, on the records and with the fields of that policy. What one "
            "with `deny` names, none grants. See [who may do what](../explanation/permissions.md)."),
            "策略可以叠加：任何一个角色的任何一条策略授予的都可以做，限于该策略的记录和字段；写了 `deny` 的策略所禁止的，谁也不能授予。见[谁可以做什么](../explanation/permissions.md)。",
        ),
        {
            "role": ("The role of this app it grants something to.", "授予本应用的哪个角色。"),
            "entity": ("The entity, its lines included.", "哪个实体，包括其明细。"),
            "deny": (
                "Takes away what it names in place of granting it, with what comes with that alone (`bulk` comes with two); where `levels` name fields, only those.",
                "不是授予而是禁止，连同只由它附带的操作（`bulk` 由两个操作附带）；`levels` 写了字段时只禁止这些字段。",
            ),
            "actions": (
                ("What may be done: `create` (brings `import`), `read` (brings `export`, `print`), `update` (brings `bulk` and every `transition`), `delete` (brings "
                "`restore`, `bulk`), any of these by itself, `share`, or one transition as `transition.confirm`."),
                ("可以做什么：`create`（含 `import`）、`read`（含 `export`、`print`）、`update`（含 `bulk` 和各状态变更）、`delete`（含 `restore`、`bulk`），"
                "也可以单独写其中一个，还有 `share`，以及单个状态变更如 `transition.confirm`。"),
            ),
            "without": ("What of that the actions bring along it does not bring.", "上述附带的操作中不包括哪些。"),
            "rows": (
                ("Which records: `all`; `own`; `department`: of people of the same department; `department_below`: or of one below it; `reports`: of people one "
                "leads; `shared`: those shared with one."),
                "哪些记录：`all` 全部；`own` 自己的；`department` 同部门人员的；`department_below` 本部门及下级部门人员的；`reports` 所领导的人的；`shared` 共享给自己的。",
            ),
            "owner": (
                "The field, or the path, that says whose a record is: a reference to a user, for departments also to a department.",
                "记录归属于谁：指向用户的引用字段或路径；按部门划分时也可以指向部门。",
            ),
            "where": ("A condition on those records besides; it may read what the role may not.", "对这些记录的进一步条件；其中可以用角色无权查看的字段。"),
            "levels": ("What may be done with single fields.", "对单个字段的权限。"),
            "others": ("What may be done with fields that `levels` do not name.", "`levels` 没有写到的字段的权限。"),
        },
    ),
    (
        "PolicyField",
        ("Field of a policy", "策略中的字段"),
        ("Where `when` does not hold, the field is one of the others.", "`when` 不成立时，按其余字段处理。"),
        {
            "key": ("The field, of rows as `lines.price`.", "字段；明细的字段写成 `lines.price`。"),
            "level": (
                "`hidden`: it is not there for them, anywhere; `masked`: they see a part of a text; `read`; `write`.",
                "`hidden` 任何地方都没有它；`masked` 只显示文本的一部分；`read` 查看；`write` 填写。",
            ),
            "when": ("For which records, such as those in a state.", "哪些记录，例如某个状态的。"),
        },
    ),
    (
        "SeedRecord",
        ("Seed or demo record", "种子或演示记录"),
        (
            "References are written as the key of the record they point to; a record of another entity as `<entity>:<key>`.",
            "引用写成所指记录的标识；属于其他实体的写成“实体:标识”。",
        ),
        {
            "key": ("Names the record; its id is made from it, so that installing twice changes nothing.", "记录的名称，标识由它生成，重复安装不会重复写入。"),
            "entity": ("Whose record it is.", "属于哪个实体。"),
            "by": (
                "Key of the seed record of organization.user who counts as its creator; the installing user otherwise.",
                "作为创建人的用户（organization.user 种子记录的标识）；不写则为安装者。",
            ),
            "values": ("The values by field; lines as a list of objects.", "各字段的值；明细为对象列表。"),
        },
    ),
)
"""Class of `dougong.model.definition`, heading, introduction, meaning of its properties, in reading order."""

KIND_PROPERTIES: Mapping[str, Words] = {
    "kind": ("The kind of field.", "字段种类。"),
    "max_length": ("The most characters it may have.", "最多字符数。"),
    "scale": ("Decimals it is rounded to (half up) when it is saved.", "保存时四舍五入到几位小数。"),
    "min": (
        "The least value; of a date an expression, such as `start` or `TODAY()`, judged when the date or what it reads changes.",
        "最小值；日期的写成表达式，如 `start` 或 `TODAY()`，在该日期或表达式所读的字段改变时检查。",
    ),
    "max": ("The greatest value; of a date an expression.", "最大值；日期的写成表达式。"),
    "options": ("What can be chosen, in order.", "可选项，按顺序。"),
    "to": ("The entity it points to, of this app or `organization.user`, `organization.department`, `organization.role`.",
           "指向的实体：本应用的，或 `organization.user`、`organization.department`、`organization.role`。"),
    "any_reference.to": (
        "The entities one of whose records it points to, as in a reference. One can be added at any time; one that records point to cannot be taken away.",
        "可指向哪些实体的记录，写法同引用。随时可以增加；已有记录指向的实体不能去掉。",
    ),
    "where": ("Which records of the target can be chosen, as a condition on them.", "目标中哪些记录可选，写成对目标的条件。"),
    "types": ("The types of files it takes: `image/*`, `application/pdf` or `.pdf`; any without it.", "接受的文件类型：`image/*`、`application/pdf` 或 `.pdf`；不写则不限。"),
    "max_size": ("How many MB a file may have.", "一个文件最多多少 MB。"),
    "max_count": ("How many files it holds at most.", "最多几个文件。"),
    "inverse": ("A name for the way back.", "反向引用的名称。"),
    "fields": ("The fields of a row, of any kind but lines and sequence.", "行的字段，可用除明细和编号外的各种字段。"),
    "pattern": (
        "Text with `{yyyy}` `{yy}` `{MM}` `{dd}` `{yyyyMM}` `{yyyyMMdd}` and one `{0000}`, whose zeros are the least width. The count restarts when the date part changes.",
        "文字加 `{yyyy}` `{yy}` `{MM}` `{dd}` `{yyyyMM}` `{yyyyMMdd}` 和一个 `{0000}`，零的个数是最小宽度。日期部分变化时重新计数。",
    ),
    "mode": (
        "`fast`: numbers are given at once and may skip. `gapless`: none is left out and none given twice, whatever fails; it costs waiting for each other.",
        "`fast`：立即取号，可能跳号。`gapless`：不跳号、不重号，保存失败也不留空号；同时保存的人要依次取号。",
    ),
    "reset": (
        "How often counting begins again; without it as often as the date parts of the pattern change. The pattern must show that part of the date.",
        "多久重新计数；不写时随格式中的日期部分。格式中必须显示相应的日期部分。",
    ),
    "start": ("The first number of each period.", "每个周期的第一个号。"),
    "per": (
        "References and choices, such as the company, each of whose values has a counter of its own; for gapless numbers.",
        "引用或单选字段（如公司），每个值单独计数；用于连续编号。",
    ),
    "date": (
        "The date field whose day decides the period and what the pattern shows; without it the day the record is made. For gapless numbers.",
        "决定周期和编号中日期的日期字段；不写时为创建当天。用于连续编号。",
    ),
    "text.pattern": (
        "A regular expression the whole text must match, such as `[A-Z]{2}-[0-9]{4}`; of the syntax of [REGEXMATCH](functions.md).",
        "整段文字必须符合的正则表达式，如 `[A-Z]{2}-[0-9]{4}`；写法同 [REGEXMATCH](functions.md)。",
    ),
    "pattern_message": ("What people are told when the text does not match.", "不符合时的提示。"),
    "min_length": ("The fewest characters a text that is not blank must have.", "不为空时最少的字符数。"),
    "unit": ("The unit, as people write it: `kg`.", "单位，如 `kg`。"),
    "unit_field": ("The field beside it that holds the unit: a choice, a text or a reference.", "旁边存放单位的字段：单选、单行文本或引用。"),
    "currency": ("The currency by its code (ISO 4217): `CNY`.", "币种代码（ISO 4217），如 `CNY`。"),
    "currency_field": ("The field beside it that holds the code of the currency: a choice, a text or a reference.", "旁边存放币种代码的字段：单选、单行文本或引用。"),
    "format": ("How it is drawn, and which check digits are asked for.", "条码格式，并按它检查校验位。"),
    "rating.max": ("How many stars there are.", "最多几颗星。"),
    "seconds": ("Whether it is kept to the second.", "是否精确到秒。"),
    "show": ("`hours`: 26:00. `days`: 1 day 2:00.", "`hours`：26:00。`days`：1 天 2:00。"),
    "country": ("Whether the country is asked for.", "是否填写国家。"),
    "schema": ("A JSON Schema (2020-12) the value must fit; it may refer to its own parts only.", "值必须符合的 JSON Schema（2020-12），只能引用自身的部分。"),
}  # fmt: skip
"""Properties that only some kinds of fields have."""
