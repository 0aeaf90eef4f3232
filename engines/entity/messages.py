"""What people are told when a record is not right: code in, text per language out."""

from collections.abc import Mapping

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "record-below-itself": {"zh-CN": "上级部门不能是本部门或其下级部门。", "en": "A department cannot be below itself."},
    "record-required": {"zh-CN": "“{name}”必须填写。", "en": "{name} is required."},
    "record-field-unknown": {"zh-CN": "没有字段“{name}”。", "en": "There is no field {name}."},
    "record-field-read-only": {
        "zh-CN": "“{name}”由系统填写，不能修改。",
        "en": "{name} is filled in by the system and cannot be set.",
    },
    "record-wrong-type": {"zh-CN": "“{name}”应为{wanted}。", "en": "{name} must be {wanted}."},
    "record-text-too-long": {
        "zh-CN": "“{name}”最多 {limit} 个字符。",
        "en": "{name} may have at most {limit} characters.",
    },
    "record-text-expected": {"zh-CN": "“{name}”应为文本。", "en": "{name} must be text."},
    "record-text-too-short": {
        "zh-CN": "“{name}”至少 {limit} 个字符。",
        "en": "{name} must have at least {limit} characters.",
    },
    "record-text-pattern": {"zh-CN": "“{name}”：{hint}", "en": "{name}: {hint}"},
    "record-phone-invalid": {
        "zh-CN": "“{name}”不是有效电话（如 13800138000 或 +86 571 8888 0000 转 12）。",
        "en": "{name} is not a phone number such as 13800138000 or +86 571 8888 0000 ext 12.",
    },
    "record-email-invalid": {"zh-CN": "“{name}”不是有效邮箱（如 li@example.com）。", "en": "{name} is not an e-mail address such as li@example.com."},
    "record-url-invalid": {
        "zh-CN": "“{name}”不是以 http:// 或 https:// 开头的网址。",
        "en": "{name} is not a web address that begins with http:// or https://.",
    },
    "record-secret-gone": {
        "zh-CN": "“{name}”的旧密文没有保留，未撤销。",
        "en": "What {name} was before is not kept, so it was not undone.",
    },
    "record-secret-mask": {
        "zh-CN": "“{name}”只是掩码，不是密文；不改就不要发送。",
        "en": "{name} is the mask, not a secret; leave it out to keep what there is.",
    },
    "record-barcode-invalid": {
        "zh-CN": "“{name}”不能写成 {format} 条码，或校验位不对。",
        "en": "{name} cannot be written as a {format} bar code, or its check digit is wrong.",
    },
    "record-time-invalid": {"zh-CN": "“{name}”不是有效时间（如 08:30）。", "en": "{name} is not a time of day such as 08:30."},
    "record-number-whole": {"zh-CN": "“{name}”应为整数。", "en": "{name} must be a whole number."},
    "record-options-expected": {"zh-CN": "“{name}”应为选项的列表。", "en": "{name} must be a list of options."},
    "record-address-expected": {"zh-CN": "“{name}”应为地址的各部分。", "en": "{name} must be the parts of an address."},
    "record-location-invalid": {
        "zh-CN": "“{name}”应有纬度（-90 到 90）和经度（-180 到 180）。",
        "en": "{name} needs a latitude (-90 to 90) and a longitude (-180 to 180).",
    },
    "record-part-unknown": {"zh-CN": "“{name}”没有“{part}”这个部分。", "en": "{name} has no part {part}."},
    "record-json-unstorable": {"zh-CN": "“{name}”含有无法保存的 JSON 值。", "en": "{name} holds a JSON value that cannot be stored."},
    "record-json-too-large": {"zh-CN": "“{name}”最多 {limit} 字节。", "en": "{name} may have at most {limit} bytes."},
    "record-json-schema": {"zh-CN": "“{name}”不符合规定的结构：{reason}", "en": "{name} is not of the wanted structure: {reason}"},
    "record-text-invalid": {
        "zh-CN": "“{name}”含有无法保存的字符。",
        "en": "{name} contains a character that cannot be stored.",
    },
    "record-number-invalid": {"zh-CN": "“{name}”不是有效数字。", "en": "{name} is not a number."},
    "record-number-too-small": {"zh-CN": "“{name}”不能小于 {limit}。", "en": "{name} must be at least {limit}."},
    "record-number-too-large": {"zh-CN": "“{name}”不能大于 {limit}。", "en": "{name} must be at most {limit}."},
    "record-number-inexact": {
        "zh-CN": "“{name}”的数字太长，请以文本（加引号）发送，以免丢失精度。",
        "en": "{name} has too many digits for a JSON number; send it as a string so that none is lost.",
    },
    "record-date-invalid": {
        "zh-CN": "“{name}”不是有效日期（如 2026-11-23）。",
        "en": "{name} is not a date such as 2026-11-23.",
    },
    "record-datetime-invalid": {
        "zh-CN": "“{name}”不是带时区的有效时间（如 2026-11-23T08:00:00+08:00）。",
        "en": "{name} is not a time with its zone, such as 2026-11-23T08:00:00+08:00.",
    },
    "record-option-unknown": {"zh-CN": "“{name}”没有这个选项。", "en": "{name} has no such option."},
    "record-reference-invalid": {"zh-CN": "“{name}”不是有效的记录标识。", "en": "{name} is not the id of a record."},
    "record-any-reference-invalid": {
        "zh-CN": "“{name}”应指明一条记录：{{\"entity\": 实体, \"id\": 记录标识}}。",
        "en": "{name} must name a record: {{\"entity\": its entity, \"id\": its id}}.",
    },
    "record-any-reference-entity": {
        "zh-CN": "“{name}”不能指向“{entity}”的记录，可以是：{entities}。",
        "en": "{name} cannot point to a record of {entity}; it can point to {entities}.",
    },
    "record-reference-missing": {
        "zh-CN": "“{name}”指向的记录不存在，或您无权使用。",
        "en": "The record {name} points to does not exist or is not yours to use.",
    },
    "record-reference-refused": {
        "zh-CN": "“{name}”不能选择这条记录。",
        "en": "This record cannot be chosen for {name}.",
    },
    "record-too-many-lines": {"zh-CN": "“{name}”最多 {limit} 行。", "en": "{name} may have at most {limit} rows."},
    "record-too-many-links": {"zh-CN": "“{name}”最多选择 {limit} 条。", "en": "{name} may hold at most {limit} entries."},
    "record-file-invalid": {"zh-CN": "“{name}”应为已上传文件的标识。", "en": "{name} must hold ids of uploaded files."},
    "record-file-missing": {
        "zh-CN": "“{name}”中的文件不存在，或不是您上传的。",
        "en": "A file of {name} does not exist or is not yours to use.",
    },
    "record-file-type": {"zh-CN": "“{name}”不接受文件“{file}”，可用的类型：{types}。", "en": "{name} does not take the file {file}; it takes {types}."},
    "record-file-too-large": {"zh-CN": "“{name}”的文件“{file}”超过 {limit} MB。", "en": "The file {file} is larger than the {limit} MB that {name} takes."},
    "record-line-unknown": {"zh-CN": "“{name}”中没有这一行。", "en": "{name} has no such row."},
    "record-line-twice": {"zh-CN": "“{name}”中同一行出现了两次。", "en": "{name} has the same row twice."},
    "record-not-unique-soon": {
        "zh-CN": "其他记录已有相同的“{name}”，正在发布的新版本不再允许重复。",
        "en": "{name} already has this value in another record, and the version being published allows it once only.",
    },
    "record-not-unique": {"zh-CN": "“{name}”的值已存在。", "en": "{name} already has this value in another record."},
    "record-key-unknown": {
        "zh-CN": "“by”应为 id 或某个唯一约束的全部字段，且这些字段在每条记录中都可见；“{name}”不是。",
        "en": "by must be id or all fields of a unique constraint that every record shows; {name} is not.",
    },
    "record-line-key-unknown": {
        "zh-CN": "“lines_by”应为明细“{name}”中在每条记录里都可见的字段。",
        "en": "lines_by must name fields of the rows of {name} that every record shows.",
    },
    "record-key-blank": {
        "zh-CN": "按“{name}”查找记录，因此必须填写。",
        "en": "The record is found by {name}, so it cannot be blank.",
    },
    "record-field-changed": {
        "zh-CN": "“{name}”已被{who}改成别的值。",
        "en": "{name} was changed to something else by {who}.",
    },
    "record-formula-type": {
        "zh-CN": "公式的结果是{found}，不能作为“{name}”的值。",
        "en": "The formula gives {found}, which is no value of {name}.",
    },
    "record-formula-reach": {
        "zh-CN": "“{name}”的公式只能使用记录自己的字段和明细。",
        "en": "The formula of {name} may use fields and rows of the record itself only.",
    },
    "record-formula-failed": {
        "zh-CN": "“{name}”的公式算不出结果：{error}。",
        "en": "The formula of {name} fails: {error}.",
    },
    "record-change-twice": {
        "zh-CN": "请求中的第 {first} 项已经涉及这条记录。",
        "en": "Change {first} of the request is already about this record.",
    },
    "record-guard-broken": {"zh-CN": "{message}{left}", "en": "{message}{left}"},
    "record-rows-overlap": {
        "zh-CN": "与{row}重叠：有的输入会同时匹配这两行。",
        "en": "This overlaps {row}: some inputs would match both.",
    },
    "record-period-closed": {
        "zh-CN": "期间“{period}”已关账，不能新增、修改或删除日期为 {day} 的记录。",
        "en": "Period {period} is closed: nothing dated {day} can be made, changed or deleted.",
    },
    "record-projection-blank": {
        "zh-CN": "不能登记：“{name}”为空，无法确定累加到哪条记录。",
        "en": "It cannot be entered: {name} is blank, so there is no telling which record it adds to.",
    },
    "record-reversed": {"zh-CN": "已经冲销过，或本身就是冲销。", "en": "It has been reversed already, or is a reversal itself."},
    "record-reversal-differs": {
        "zh-CN": "这样冲销不能抵消它的合计；请检查账簿的 negates。",
        "en": "Turned round like this it would not take back what it added; see what the ledger negates.",
    },
    "record-guarded-missing": {"zh-CN": "没有这样的记录。", "en": "There is no such record."},
    "record-guarded-key": {
        "zh-CN": "请用 id，或用一个唯一约束的全部字段（{names}）指明记录。",
        "en": "Name the record by its id, or by all fields of a unique constraint ({names}).",
    },
    "record-guarded-add": {"zh-CN": "“{name}”不是数字，不能增减。", "en": "{name} is no number, so nothing can be added to it."},
    "record-guarded-one": {
        "zh-CN": "部分满足时，每行只能增减一个字段。",
        "en": "Where rows may be granted in part, each adds to exactly one field.",
    },
    "record-guarded-twice": {"zh-CN": "“{name}”在同一条记录上被设为不同的值。", "en": "{name} is set twice for the same record."},
    "record-rule-broken": {"zh-CN": "{message_zh}", "en": "{message_en}"},
    "record-transition-none": {
        "zh-CN": "不能从“{now}”改为“{wanted}”；现在可以：{open}。",
        "en": "There is no way from “{now}” to “{wanted}”; from here there are: {open}.",
    },
    "record-transition-end": {
        "zh-CN": "不能从“{now}”改为“{wanted}”；“{now}”是最终状态。",
        "en": "There is no way from “{now}” to “{wanted}”; “{now}” is where it ends.",
    },
    "record-transition-refused": {"zh-CN": "现在还不能“{name}”。", "en": "“{name}” is not possible yet."},
    "record-transition-guard": {"zh-CN": "{message_zh}", "en": "{message_en}"},
    "record-transition-value": {
        "zh-CN": "无法计算要填入“{name}”的值（{error}）。",
        "en": "What is to be filled in for {name} cannot be worked out ({error}).",
    },
    "record-state-read-only": {
        "zh-CN": "处于“{state}”状态，“{name}”不能修改。",
        "en": "{name} cannot be changed while the state is “{state}”.",
    },
    "record-state-kept": {
        "zh-CN": "处于“{state}”状态的记录不能删除。",
        "en": "A record whose state is “{state}” cannot be deleted.",
    },
    "record-warning": {"zh-CN": "{message_zh}", "en": "{message_en}"},
    "record-date-early": {"zh-CN": "“{name}”不能早于 {limit}。", "en": "{name} cannot be before {limit}."},
    "record-date-late": {"zh-CN": "“{name}”不能晚于 {limit}。", "en": "{name} cannot be after {limit}."},
    "record-id-differs": {
        "zh-CN": "“id”不是地址中那条记录的标识。",
        "en": "The id is not that of the record in the address.",
    },
    "record-not-json": {"zh-CN": "内容不是有效的 JSON：{reason}", "en": "The body is not valid JSON: {reason}"},
    "record-not-object": {"zh-CN": "内容应为一个 JSON 对象。", "en": "The body must be a JSON object."},
}
"""Codes of stage `record`."""
