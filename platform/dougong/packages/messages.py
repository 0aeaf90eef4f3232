"""What is said of a package that cannot be taken: code in, text per language out."""

from collections.abc import Mapping

MESSAGES: Mapping[str, Mapping[str, str]] = {
    "package-not-json": {
        "zh-CN": "不是有效的 JSON（UTF-8）：第 {line} 行第 {column} 列，{reason}。",
        "en": "This is not valid JSON in UTF-8: line {line}, column {column}: {reason}.",
    },
    "package-not-object": {"zh-CN": "应用包应是一个 JSON 对象。", "en": "A package is one JSON object."},
    "package-too-deep": {
        "zh-CN": "嵌套超过 {limit} 层：第 {line} 行第 {column} 列。",
        "en": "Lists and objects are nested more than {limit} levels deep: line {line}, column {column}.",
    },
    "package-too-many": {
        "zh-CN": "列表、对象和值加起来超过 {limit} 个。",
        "en": "There are more than {limit} lists, objects and values in it.",
    },
    "package-property-twice": {"zh-CN": "“{name}”写了两次。", "en": "{name} is written twice."},
    "package-number-inexact": {
        "zh-CN": "数字 {number} 位数太多，JSON 无法精确表示；请写成文本。",
        "en": "The number {number} has too many digits to be read exactly from JSON; write it as a text.",
    },
    "package-zip-broken": {"zh-CN": "压缩包无法读取：{reason}。", "en": "The archive cannot be read: {reason}."},
    "package-zip-name": {
        "zh-CN": "压缩包中不能有“{name}”：只能有 package.json 和 files/ 下以 SHA-256 命名的文件。",
        "en": "The archive may not hold {name}: only package.json, and files in files/ that are named by their SHA-256.",
    },
    "package-zip-link": {"zh-CN": "压缩包中的“{name}”是链接，不是文件。", "en": "{name} in the archive is a link, not a file."},
    "package-zip-twice": {"zh-CN": "压缩包中“{name}”出现两次。", "en": "{name} is in the archive twice."},
    "package-zip-size": {
        "zh-CN": "压缩包展开后超过 {limit_mb} MB（“{name}”处）。",
        "en": "The archive unpacks to more than {limit_mb} MB (at {name}).",
    },
    "package-zip-document": {"zh-CN": "压缩包中没有 package.json。", "en": "There is no package.json in the archive."},
    "package-file-hash": {
        "zh-CN": "文件“{name}”的内容与其名称（SHA-256）不符。",
        "en": "The content of {name} is not what its name, a SHA-256, says.",
    },
    "package-file-unused": {"zh-CN": "没有记录用到文件“{name}”。", "en": "No record of the package names the file {name}."},
    "package-file-missing": {"zh-CN": "应用包中没有文件 {name}。", "en": "The package has no file {name}."},
    "package-requires-cycle": {
        "zh-CN": "包互相依赖成环：{cycle}。",
        "en": "These packages require each other in a circle: {cycle}.",
    },
    "package-requires-missing": {
        "zh-CN": "缺少所需的包“{name}”（{version}）：{by} 需要它，现有版本：{there}。",
        "en": "Required package {name} ({version}) is not there: {by} requires it, versions there are: {there}.",
    },
    "package-requires-conflict": {
        "zh-CN": "没有一个版本的“{name}”符合全部要求：{by}；现有版本：{there}。",
        "en": "No version of {name} meets all that is required: {by}; versions there are: {there}.",
    },
    "package-requires-range": {
        "zh-CN": "版本要求“{version}”应写成 >=1.0,<2 的形式。",
        "en": "The required version {version} is written like >=1.0,<2.",
    },
    "package-requires-many": {
        "zh-CN": "一个应用最多由 {limit} 个包组成。",
        "en": "An app is composed of at most {limit} packages.",
    },
    "package-key-clash": {
        "zh-CN": "包“{one}”和“{other}”中都有“{name}”。",
        "en": "{name} is both in package {one} and in package {other}.",
    },
    "package-key-prefix": {
        "zh-CN": "包“{package}”添加到其他包的元素，标识应以 {package}_ 或 x_ 开头，“{name}”不是。",
        "en": "What package {package} adds to an element of another package has a key that begins with {package}_ or x_; {name} does not.",
    },
    "package-customer-key": {
        "zh-CN": "“{name}”加在包“{package}”的元素里，但标识不以 x_ 开头：包以后的版本可能用到同一标识。发布后标识不能再改。",
        "en": "{name} is added to an element of package {package}, and its key does not begin with x_: a later version of the package may bring the same key. Once published, it is fixed.",
    },
    "package-extends-unknown": {
        "zh-CN": "所扩展的“{name}”不在所需的包中。",
        "en": "{name}, which is to be extended, is in none of the required packages.",
    },
    "package-before-unknown": {"zh-CN": "没有“{name}”，不能放在它前面。", "en": "There is no {name} to be placed before."},
    "package-role-foreign": {
        "zh-CN": "随包而来的用户只能得到包自己的角色和 {member}，不能得到“{name}”。",
        "en": "People who come with a package get roles of its own and {member}, not {name}.",
    },
    "package-uninstall-key": {
        "zh-CN": "要卸载应用，请输入它的标识“{app}”。",
        "en": "To uninstall the app, type its key: {app}.",
    },
    "package-record-changed": {"zh-CN": "有人修改过这条记录。", "en": "Somebody has changed this record."},
    "package-hash-differs": {
        "zh-CN": "应用包的内容哈希是 {found}，不是 {wanted}。",
        "en": "The content hash of the package is {found}, not {wanted}.",
    },
}
"""Codes of stage `package`."""
