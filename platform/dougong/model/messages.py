"""What an author is told when the app document is not right: code in, text per language out."""

from collections.abc import Mapping

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "definition-shape": {"zh-CN": "“{name}”{reason}。", "en": "What is written for {name} does not fit: it {reason}."},
    "definition-property-unknown": {"zh-CN": "没有属性“{name}”。", "en": "There is no property {name}."},
    "definition-property-missing": {"zh-CN": "缺少属性“{name}”。", "en": "Property {name} is missing."},
    "definition-kind-unknown": {"zh-CN": "没有这种类型：{name}。", "en": "There is no kind {name}."},
    "definition-key-taken": {"zh-CN": "标识“{name}”已被使用。", "en": "Key {name} is used twice."},
    "definition-key-reserved": {"zh-CN": "标识“{name}”是系统保留字。", "en": "Key {name} is reserved."},
    "definition-key-renamed": {
        "zh-CN": "“{name}”的标识由 {old} 变为 {key}：已发布的标识不能修改，发布后这是一个新元素，{old} 中已有的数据不会带过去。",
        "en": "The key of {name} is {key} now, not {old}: a published key is fixed, so this is a new element, and the data there is under {old} does not follow.",
    },
    "definition-entity-unknown": {"zh-CN": "没有实体“{name}”。", "en": "There is no entity {name}."},
    "definition-entity-twice": {
        "zh-CN": "实体“{name}”在这里已经列出，或与另一个同名。",
        "en": "Entity {name} is listed already, or called like another one.",
    },
    "definition-entity-in-use": {
        "zh-CN": "“{name}”不能去掉“{entity}”：有 {count} 条记录指向它。",
        "en": "{entity} cannot be taken from {name}: records that point to one: {count}.",
    },
    "definition-field-unknown": {"zh-CN": "没有字段“{name}”。", "en": "There is no field {name}."},
    "definition-title-kind": {
        "zh-CN": "标题字段应为单行文本或编号。",
        "en": "The title must be a text or a sequence field.",
    },
    "definition-pattern-invalid": {
        "zh-CN": "编号格式应恰好含一个计数部分，如 SO-{{yyyyMM}}-{{0000}}。",
        "en": "A pattern needs exactly one counter, such as SO-{{yyyyMM}}-{{0000}}.",
    },
    "definition-ledger-only": {
        "zh-CN": "只有账簿（kind 为 ledger）才有“{name}”。",
        "en": "Only ledgers have {name}.",
    },
    "definition-negates-kind": {
        "zh-CN": "“{name}”不能取反：只能是本实体或其明细中可填写的数字、金额或数量。",
        "en": "{name} cannot be turned round: only numbers, amounts of money and quantities of the entry or its rows that are not computed.",
    },
    "definition-period-field": {
        "zh-CN": "“{name}”不能用在期间锁中：日期应为日期字段，相同的字段应为两边类型一致的引用、单选或文本。",
        "en": "{name} cannot be used in a period lock: days are date fields, and what both share are references, choices or texts of one type.",
    },
    "definition-projection-key": {
        "zh-CN": "汇总到的实体没有由这些字段组成的唯一约束：{names}。",
        "en": "The entity that keeps the sums has no unique constraint of just these fields: {names}.",
    },
    "definition-projection-field": {
        "zh-CN": "不能汇总到“{name}”：累加的应为数字，而且都不能是计算字段。",
        "en": "Sums cannot be kept by {name}: it must not be computed, and what is added to must be a number.",
    },
    "definition-projection-fails": {
        "zh-CN": "汇总的表达式不能得到错误值，请用 IFERROR 处理。",
        "en": "What a projection adds up cannot be an error; say with IFERROR what counts then.",
    },
    "definition-guard-path": {
        "zh-CN": "底线只能读取本记录自己的字段，不能读取“{path}”。",
        "en": "A guard may read fields of its own record, not {path}.",
    },
    "definition-sequence-reset": {
        "zh-CN": "编号格式没有显示重新计数的周期，不同周期会得到相同的编号；请在格式中加入相应的日期部分。",
        "en": "The pattern does not show what begins the counter again, so two periods would get the same numbers; add that part of the date.",
    },
    "definition-sequence-gapless": {
        "zh-CN": "“{name}”只适用于连续编号（gapless）。",
        "en": "{name} is for gapless numbers only.",
    },
    "definition-sequence-per": {
        "zh-CN": "“{name}”不能分别编号：只能按引用或单选字段。",
        "en": "Numbers cannot be counted by {name}: only by references and choices.",
    },
    "definition-sequence-date": {
        "zh-CN": "“{name}”不是日期字段。",
        "en": "{name} is no date field.",
    },
    "definition-formula-type": {
        "zh-CN": "这里需要{wanted}，公式得到的是{found}。",
        "en": "The formula gives {found}, this needs {wanted}.",
    },
    "definition-formula-cycle": {
        "zh-CN": "公式互相引用成环：{cycle}。",
        "en": "These formulas read each other in a circle: {cycle}.",
    },
    "definition-formula-path": {
        "zh-CN": "这里只能读取本记录及其明细的字段，不能读取“{path}”；需要时请用“复制”取值，或另设一个计算字段。",
        "en": "This may read fields of the record and its rows, not {path}; use copy to take such a value, or compute it in a field.",
    },
    "definition-discloses-kind": {
        "zh-CN": "只有保存结果的计算字段可以公开其依据。",
        "en": "Only a computed field whose value is kept can disclose what it is computed from.",
    },
    "definition-policy-owner": {
        "zh-CN": "“{name}”不是指向用户的引用；只有按部门划分时，也可以是部门。",
        "en": "{name} is not a reference to a user, nor, where it is about departments, to a department.",
    },
    "definition-policy-transition": {"zh-CN": "没有状态变更“{name}”。", "en": "There is no transition {name}."},
    "definition-policy-mask": {
        "zh-CN": "“{name}”不是可以部分显示的文本，不能脱敏。",
        "en": "{name} is no text of which a part can be shown, so it cannot be masked.",
    },
    "definition-virtual-kind": {
        "zh-CN": "读取时计算的字段要有公式，且不能必填、唯一、建索引，也不能是引用或列表。",
        "en": "A field that is computed when it is read needs a formula; it cannot be required, unique, indexed, a reference or a list.",
    },
    "definition-virtual-read": {
        "zh-CN": "这里不能读取“{path}”，它在读取时才计算；请直接写出它的公式。",
        "en": "{path} cannot be read here, for it is computed only when it is read; write its formula instead.",
    },
    "definition-formula-unfollowed": {
        "zh-CN": "计算字段不能经由“{path}”读取：那里的变化无法跟随。",
        "en": "A computed field cannot read {path}: what changes there could not be followed.",
    },
    "definition-formula-sequence": {
        "zh-CN": "公式不能读取编号字段“{path}”。",
        "en": "A formula cannot read the sequence field {path}.",
    },
    "definition-formula-volatile": {
        "zh-CN": "保存的公式不能使用 {name}。",
        "en": "A stored formula may not use {name}.",
    },
    "definition-formula-misplaced": {
        "zh-CN": "这里的公式不能使用 {name}。",
        "en": "A formula here cannot use {name}.",
    },
    "definition-formula-entity": {
        "zh-CN": "保存的公式不能查询整个实体（@{name}）：别的记录变了，它不会随之改变；请写在默认值、规则或筛选里。",
        "en": "A stored formula may not ask a whole entity (@{name}): it would not change when other records do; write it in a default, a rule or a filter.",
    },
    "definition-formula-entity-rows": {
        "zh-CN": "默认值和规则按本条记录（明细行的默认值按本行）查询实体（@{name}）：不能逐行查询，条件里也不能用全部明细。",
        "en": "Defaults and rules ask an entity (@{name}) about their own record or row: not for each line item in turn, and not about all of them.",
    },
    "definition-formula-kind": {
        "zh-CN": "这种字段不能有公式、默认值或复制。",
        "en": "A field of this kind cannot have a formula, a default or a copy.",
    },
    "definition-copy-invalid": {
        "zh-CN": "“复制”应写成 引用字段.来源字段，且两边类型相同。",
        "en": "Copy is written reference.field, and both fields must hold the same type.",
    },
    "definition-rule-message": {
        "zh-CN": "规则缺少提示文字：不满足时要告诉填写的人什么。",
        "en": "A rule needs a message: what people are told when it is not met.",
    },
    "definition-state-unknown": {"zh-CN": "没有状态“{name}”。", "en": "There is no state {name}."},
    "definition-transition-field": {
        "zh-CN": "状态操作不能填写“{name}”：它是计算字段、明细、编号或状态本身。",
        "en": "A transition cannot set {name}: it is computed, has rows or a number, or is the state itself.",
    },
    "definition-formula-no-entity": {
        "zh-CN": "这里的公式不能查询整个实体（@{name}）。",
        "en": "A formula here cannot ask a whole entity (@{name}).",
    },
    "definition-unique-mixed": {
        "zh-CN": "唯一约束的字段应全部属于记录，或全部属于同一个明细：{name}。",
        "en": "The fields of a unique constraint are all of the record or all of the same rows: {name}.",
    },
    "definition-unique-within": {
        "zh-CN": "只有明细的唯一约束才能限于一条记录之内。",
        "en": "Only a unique constraint of rows can be within their record.",
    },
    "definition-unique-where": {
        "zh-CN": "唯一约束的条件只能用本记录中保存的字段与固定值比较，不能用“{path}”。",
        "en": "The condition of a unique constraint compares saved fields of the record with fixed values; it cannot read {path}.",
    },
    "definition-index-kind": {
        "zh-CN": "字段“{name}”的值没有先后，不能建索引，也不能要求唯一。",
        "en": "Values of {name} have no order; it can be neither indexed nor unique.",
    },
    "definition-sort-kind": {"zh-CN": "不能按字段“{name}”排序。", "en": "Nothing can be sorted by {name}."},
    "definition-unit-kind": {
        "zh-CN": "“{name}”不能存放单位或币种：应为单选、树形选择、单行文本或引用。",
        "en": "{name} cannot hold a unit or a currency: it has to be a choice, a tree choice, a text or a reference.",
    },
    "definition-option-parent": {
        "zh-CN": "上级选项“{name}”不存在，或互为上下级。",
        "en": "There is no option {name} to lie under, or they lie under each other.",
    },
    "definition-text-pattern": {"zh-CN": "这不是可用的正则表达式。", "en": "This is not a regular expression that can be used."},
    "definition-json-schema": {"zh-CN": "这不是可用的 JSON Schema：{reason}", "en": "This is not a JSON Schema that can be used: {reason}"},
    "definition-single-required": {
        "zh-CN": "必填字段“{name}”要有默认值：唯一的那条记录在发布时自动建立。",
        "en": "The required field {name} needs a default: the one record is made when the entity is published.",
    },
    "definition-single-many": {
        "zh-CN": "已有 {count} 条记录，不能改为只有一条记录的实体。",
        "en": "There are {count} records, so it cannot become an entity of one.",
    },
    "definition-single-broken": {
        "zh-CN": "默认值不符合规则，无法建立唯一的那条记录：{reason_zh}",
        "en": "The one record cannot be made, as its defaults break a rule: {reason_en}",
    },
    "definition-decision-missing": {
        "zh-CN": "决策表要写明输入、输出和命中策略（decision）。",
        "en": "A decision table says what its inputs, outputs and hit policy are (decision).",
    },
    "definition-decision-only": {
        "zh-CN": "只有类型为决策表（decision）的实体才有这一项。",
        "en": "Only an entity of kind decision has this.",
    },
    "definition-decision-ends": {
        "zh-CN": "输入“{name}”按范围匹配：请写起止字段 from、to 中的一个或两个，不写 field。",
        "en": "Input {name} is matched by a range: it names a field for from, to or both, and no field.",
    },
    "definition-decision-field": {
        "zh-CN": "输入“{name}”要写一个匹配的字段 field，不写 from 和 to。",
        "en": "Input {name} names one field to match, and neither from nor to.",
    },
    "definition-decision-kinds": {
        "zh-CN": "范围的两端“{one}”和“{other}”类型不同。",
        "en": "The ends {one} and {other} of the range are of different kinds.",
    },
    "definition-decision-match": {
        "zh-CN": "字段“{name}”不能按“{match}”匹配。",
        "en": "Field {name} cannot be matched so: {match}.",
    },
    "definition-decision-output": {
        "zh-CN": "字段“{name}”不能作为“{policy}”的输出。",
        "en": "Field {name} cannot be an output where the answer is {policy}.",
    },
    "definition-decision-day": {
        "zh-CN": "生效日期需要日期字段，“{name}”不是。",
        "en": "The days a row holds for are date fields; {name} is not one.",
    },
    "definition-decision-order": {
        "zh-CN": "命中策略为“{policy}”时，行的先后不起作用，不能写“{property}”。",
        "en": "Where the answer is {policy}, the {property} of rows has no effect and cannot be given.",
    },
    "definition-decision-number": {
        "zh-CN": "行的先后由数字字段决定，“{name}”不是。",
        "en": "Rows are taken in the order of a number; {name} is none.",
    },
    "definition-decision-overlap": {
        "zh-CN": "不能拒绝重叠的行：输入“{name}”按“{match}”匹配，无法判断两行是否重叠。",
        "en": "Rows that overlap cannot be refused: by input {name} ({match}) nobody can tell whether two rows do.",
    },
    "definition-decision-bands": {
        "zh-CN": "分段累计需要恰好一个按数字范围匹配、起止两端都有字段的输入。",
        "en": "Band by band needs exactly one input matched by a range of numbers, with a field for both of its ends.",
    },
    "definition-range-invalid": {"zh-CN": "最小值大于最大值。", "en": "The minimum is above the maximum."},
    "definition-node-field-twice": {
        "zh-CN": "字段“{name}”在此表单中出现两次。",
        "en": "Field {name} is twice on this form.",
    },
    "definition-columns-kind": {"zh-CN": "只有明细字段才有列。", "en": "Only a lines field has columns."},
    "definition-view-unknown": {"zh-CN": "没有视图“{name}”。", "en": "There is no view {name}."},
    "definition-form-unknown": {
        "zh-CN": "没有属于该实体的表单“{name}”。",
        "en": "There is no form {name} for this entity.",
    },
    "definition-role-unknown": {"zh-CN": "没有角色“{name}”。", "en": "There is no role {name}."},
    "definition-search-kind": {
        "zh-CN": "不能在字段“{name}”中搜索：它不是文本。",
        "en": "Field {name} cannot be searched: it is no text.",
    },
    "definition-column-lines": {
        "zh-CN": "列表不能显示、排序明细字段“{name}”。",
        "en": "A list cannot show or sort by the lines field {name}.",
    },
    "definition-unique-lines": {
        "zh-CN": "唯一约束不能包含明细字段“{name}”。",
        "en": "A unique constraint cannot hold the lines field {name}.",
    },
    "definition-index-values": {
        "zh-CN": "现有记录中“{name}”的文本太长，无法建索引。",
        "en": "Existing records hold texts of {name} that are too long to be indexed.",
    },
    "definition-unique-rows": {
        "zh-CN": "明细行里的字段“{name}”不能要求唯一。",
        "en": "Field {name} of rows cannot be unique.",
    },
    "definition-published-since": {
        "zh-CN": "预定之后已发布了版本 {version}；请重新查看改动后再发布。",
        "en": "Version {version} was published since this was scheduled; look at the changes again and publish.",
    },
    "definition-unique-broken": {
        "zh-CN": "现有记录中“{name}”有重复值：{records}。",
        "en": "Existing records have the same value of {name}: {records}.",
    },
    "definition-index-long": {
        "zh-CN": "要求唯一或建索引的文本合计最多 {most} 个字，这里最多可达 {found} 个；请减小“最多字数”。",
        "en": "Texts that are unique or indexed hold at most {most} characters together, these may hold {found}; lower their longest text.",
    },
    "definition-required-read-only": {
        "zh-CN": "必填的只读字段要有默认值、公式或取值来源，否则无法新建记录。",
        "en": "A required field nobody may write needs a default, a formula or a copy; without one no record can be made.",
    },
    "definition-locked-removed": {
        "zh-CN": "登录依赖“{name}”，不能删除或更改类型。",
        "en": "Signing in relies on {name}; it cannot be removed or change its kind.",
    },
    "definition-locked-changed": {
        "zh-CN": "登录依赖“{name}”，不能更改它的“{property}”。",
        "en": "Signing in relies on {name}; its {property} cannot be changed.",
    },
    "definition-extends-unknown": {
        "zh-CN": "所扩展的实体“{name}”不在所需的包中。",
        "en": "Entity {name} to extend is in none of the required packages.",
    },
    "definition-app-key": {"zh-CN": "应用标识已固定，不能改。", "en": "The key of an app never changes."},
    "definition-format-newer": {
        "zh-CN": "格式 {found} 来自更新版本的 Dougong，本程序只能读到 {known}；请先升级程序。",
        "en": "Format {found} was made by a newer Dougong; this program reads up to {known}. Update the program first.",
    },
    "definition-format-unknown": {
        "zh-CN": "不认识格式“{found}”，应为 {known}。",
        "en": "There is no format {found}; it should be {known}.",
    },
}
"""Codes of stage `definition`."""
