"""What commands and calls about permissions do, in the words the code does not have, for `write_reference`; texts only."""

from collections.abc import Mapping

ACCESS_COMMANDS: Mapping[str, str] = {
    "app why": "说明某个用户为什么可以或不可以做某事；不可以时退出码为 1。",
    "app why <app>": "应用的标识。",
    "app why <user>": "用户的邮箱。",
    "app why <entity>": "实体的标识。",
    "app why --record": "某条记录的标识；不指定则指该实体的记录。",
    "app why --action": "read、update、transition.confirm 等操作。",
    "app why --field": "某个字段，明细的字段写作 lines.price。",
    "app why --language": "zh-CN 或 en；不指定则为环境的语言。",
    "app lint": "说明权限策略中可行却可能不是本意之处；有时退出码为 1。",
    "app lint <app>": "应用的标识。",
    "app lint --draft": "检查草稿，而不是使用中的版本。",
    "app lint --language": "zh-CN 或 en；不指定则为环境的语言。",
}

ACCESS_ENDPOINTS: Mapping[str, str] = {
    "explain_access": "返回某个用户为什么可以或不可以对一条记录或一个实体做某事：任何人可问自己，管理员和设计者可问他人。",
    "read_access_matrix": "返回每个角色对每个实体的记录和字段可以做什么（已计入禁止），依据使用中的版本或草稿。",
    "export_access_matrix": "把同样的内容作为文件返回：每个角色、实体和操作或字段一行。",
    "lint_access": "返回草稿或使用中版本的权限策略中可行却可能不是本意之处。",
}
