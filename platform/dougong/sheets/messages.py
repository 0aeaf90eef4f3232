"""What is said of the cells and the mapping of an import, in both languages."""

from collections.abc import Mapping

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "import-cell-error": {
        "zh-CN": "单元格是错误值 {value}。",
        "en": "The cell holds the error {value}.",
    },
    "import-cell-formula": {
        "zh-CN": "公式没有保存结果；请在表格软件中打开并保存文件，再上传。",
        "en": "The formula has no saved result. Open and save the file in a spreadsheet program, then upload it again.",
    },
    "import-cell-required": {"zh-CN": "“{name}”不能为空。", "en": "{name} must be filled."},
    "import-reference-missing": {
        "zh-CN": "没有“{match}”为“{value}”的{entity}，或您无权查看。",
        "en": "There is no {entity} whose {match} is “{value}”, or you may not see it.",
    },
    "import-reference-ambiguous": {
        "zh-CN": "有 {count} 条{entity}的“{match}”都是“{value}”；请换一个字段来查找。",
        "en": "The {match} of {count} records of {entity} is “{value}”. Choose another field to find them by.",
    },
    "import-row-twice": {
        "zh-CN": "与第 {row} 行的{names}相同。",
        "en": "The same {names} as in row {row}.",
    },
    "import-record-exists": {
        "zh-CN": "已有{names}相同的记录。",
        "en": "There is a record with the same {names}.",
    },
    "import-record-missing": {
        "zh-CN": "没有{names}相同的记录可以更新。",
        "en": "There is no record with these {names} to update.",
    },
    "import-record-ambiguous": {
        "zh-CN": "有 {count} 条记录的{names}与这一行相同，无法确定更新哪一条。",
        "en": "{count} records have these {names}; it cannot be told which to update.",
    },
    "import-row-differs": {
        "zh-CN": "与同一记录的第 {row} 行不同。",
        "en": "Differs from row {row}, which is of the same record.",
    },
    "import-mapping-field-unknown": {
        "zh-CN": "没有可以导入的字段“{name}”。",
        "en": "There is no field {name} that an import could fill.",
    },
    "import-mapping-field-twice": {
        "zh-CN": "字段“{name}”对应了两列。",
        "en": "Two columns lead to field {name}.",
    },
    "import-mapping-column-unknown": {"zh-CN": "没有第 {column} 列。", "en": "There is no column {column}."},
    "import-mapping-match-unknown": {
        "zh-CN": "不能按“{name}”查找记录。",
        "en": "Records cannot be found by {name}.",
    },
    "import-mapping-required": {
        "zh-CN": "必填字段“{name}”没有对应的列。",
        "en": "No column leads to field {name}, which must be filled.",
    },
    "import-mapping-by-missing": {
        "zh-CN": "请选择用来识别记录的字段，并为每个字段指定一列。",
        "en": "Choose the fields that tell records apart, and a column for each of them.",
    },
    "import-mapping-by-not-unique": {
        "zh-CN": "{names}不是唯一的，不能用来“更新或新增”。",
        "en": "{names} is not unique, so records cannot be updated or made by it.",
    },
    "import-mapping-empty": {"zh-CN": "没有一列对应字段。", "en": "No column leads to a field."},
    "import-mapping-header": {"zh-CN": "没有第 {row} 行。", "en": "There is no row {row}."},
    "import-mapping-sheet": {"zh-CN": "没有工作表“{name}”。", "en": "There is no sheet {name}."},
}
