"""What the audit log keeps: a table of deeds, each with what it is called and the sentence a row of it reads as; a new one is a row here."""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Deed:
    """A kind of row in the log.

    name: for filters and columns. sentence: what was done, with `{subject}`, `{app}`, `{entity}` and the keys of its details in braces;
    what a row does not say is left blank.
    """

    name: Mapping[str, str]
    sentence: Mapping[str, str]


def _deed(zh: str, en: str, zh_sentence: str, en_sentence: str) -> Deed:
    return Deed({"zh-CN": zh, "en": en}, {"zh-CN": zh_sentence, "en": en_sentence})


DEEDS: Mapping[str, Deed] = {
    "publish": _deed("发布", "Publish", "发布了应用“{app}”的版本 {version}", "Published version {version} of {app}"),
    "roll-back": _deed("回退", "Roll back", "将应用“{app}”回退到版本 {to}，即版本 {version}", "Took {app} back to version {to}, as version {version}"),
    "install": _deed("安装", "Install", "在应用“{app}”中安装了包“{package}” {version}", "Installed package {package} {version} in {app}"),
    "upgrade": _deed("升级", "Upgrade", "将应用“{app}”中的包“{package}”升级到 {version}", "Upgraded package {package} of {app} to {version}"),
    "remove-package": _deed("移除包", "Remove package", "从应用“{app}”中移除了包“{package}”", "Removed package {package} from {app}"),
    "uninstall": _deed("卸载应用", "Uninstall", "卸载了应用“{app}”", "Uninstalled {app}"),
    "purge": _deed("彻底清除", "Purge", "彻底清除了应用“{app}”中的“{subject}”", "Purged {subject} of {app} for good"),
    "change-organization": _deed("修改组织", "Change organization", "对“{entity}”中的“{subject}”执行了{action}", "{action}: {entity} {subject}"),
    "change-calendar": _deed("修改日历", "Change calendar", "修改了 {subject} 年的工作日历", "Changed the calendar of {subject}"),
    "change-settings": _deed("修改设置", "Change settings", "修改了设置“{subject}”", "Changed the setting {subject}"),
    "reveal-secret": _deed("查看密文", "Reveal secret", "查看了“{subject}”的密文字段“{field}”", "Revealed the secret {field} of {subject}"),
    "export": _deed("导出", "Export", "将应用“{app}”的“{entity}”导出为 {format}，共 {count} 条", "Exported {count} records of {entity} in {app} as {format}"),
    "read-sensitive": _deed("读取敏感字段", "Read sensitive fields", "读取了“{entity}”中 {count} 条记录的敏感字段（{exit}）", "Read sensitive fields of {count} records of {entity} ({exit})"),
    "hand-over": _deed("交接工作", "Hand over", "将“{subject}”的工作交接给“{to}”", "Handed the work of {subject} over to {to}"),
    "export-audit": _deed("导出审计日志", "Export audit log", "将审计日志导出为 {format}，共 {count} 条", "Exported {count} rows of the audit log as {format}"),
}
"""Every deed by its key. Its details never hold a secret: no password, no token, no value of a field."""
