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
    "sign-in": _deed("登录", "Sign in", "登录（{method}）", "Signed in ({method})"),
    "sign-out": _deed("退出登录", "Sign out", "退出了登录", "Signed out"),
    "sign-in-refused": _deed("登录被拒绝", "Sign-in refused", "以“{subject}”登录被拒绝（{reason}）", "Refused a sign-in as {subject} ({reason})"),
    "change-password": _deed("修改密码", "Change password", "修改了自己的密码", "Changed their own password"),
    "set-up-second-factor": _deed("设置两步验证", "Set up second factor", "设置了两步验证", "Set up a second factor"),
    "remove-second-factor": _deed("停用两步验证", "Remove second factor", "停用了“{subject}”的两步验证", "Removed the second factor of {subject}"),
    "renew-recovery-codes": _deed("更换恢复码", "Renew recovery codes", "更换了恢复码", "Renewed their recovery codes"),
    "make-token": _deed("创建令牌", "Make token", "为“{subject}”创建了令牌“{name}”（{scopes}）", "Made the token {name} of {subject} ({scopes})"),
    "revoke-token": _deed("撤销令牌", "Revoke token", "撤销了“{subject}”的令牌“{name}”", "Revoked the token {name} of {subject}"),
    "end-session": _deed("结束会话", "End sessions", "结束了“{subject}”的会话（{which}）", "Ended sessions of {subject} ({which})"),
    "change-sign-in-rules": _deed("修改登录规则", "Change sign-in rules", "修改了登录规则", "Changed the rules of sign-in"),
    "change-networks": _deed("修改允许的网络", "Change allowed networks", "修改了“{subject}”允许的网络：{networks}", "Changed the allowed networks of {subject}: {networks}"),
    "view-as": _deed("以他人身份查看", "View as", "开始以“{subject}”的身份查看", "Began to look as {subject}"),
    "reveal-secret": _deed("查看密文", "Reveal secret", "查看了“{subject}”的密文字段“{field}”", "Revealed the secret {field} of {subject}"),
    "export": _deed("导出", "Export", "将应用“{app}”的“{entity}”导出为 {format}", "Exported {entity} of {app} as {format}"),
    "read-sensitive": _deed("读取敏感字段", "Read sensitive fields", "读取了“{entity}”中 {count} 条记录的敏感字段（{exit}）", "Read sensitive fields of {count} records of {entity} ({exit})"),
    "share": _deed("共享记录", "Share", "将“{entity}”的“{subject}”共享给 {to}", "Shared {subject} of {entity} with {to}"),
    "unshare": _deed("取消共享", "Take back share", "取消了“{entity}”的“{subject}”的一个共享", "Took back a share of {subject} of {entity}"),
    "make-public-link": _deed("创建公开链接", "Make public link", "为“{entity}”创建了公开链接“{subject}”（{kind}）", "Made the public link {subject} of {entity} ({kind})"),
    "change-public-link": _deed("修改公开链接", "Change public link", "修改了公开链接“{subject}”（{what}）", "Changed the public link {subject} ({what})"),
    "revoke-public-link": _deed("收回公开链接", "Revoke public link", "收回了公开链接“{subject}”", "Revoked the public link {subject}"),
    "refuse-public-link": _deed("公开链接密码错误", "Public link refused", "有人以错误的密码打开公开链接“{subject}”", "Somebody gave a wrong password for the public link {subject}"),
    "hand-over": _deed("交接工作", "Hand over", "将“{subject}”的工作交接给“{to}”", "Handed the work of {subject} over to {to}"),
    "invite": _deed("邀请用户", "Invite", "邀请了用户“{subject}”（{by}）", "Invited {subject} ({by})"),
    "ask-reset": _deed("请求重设密码", "Ask for a reset", "有人请求重设“{subject}”的密码", "Somebody asked for a new password of {subject}"),
    "use-link": _deed("使用链接", "Use a link", "“{subject}”用一次性链接（{purpose}）设置了密码", "{subject} set a password with a one-time link ({purpose})"),
    "change-provider": _deed("修改登录方式", "Change provider", "设置了登录方式“{subject}”（{kind}）", "Set up the provider {subject} ({kind})"),
    "remove-provider": _deed("移除登录方式", "Remove provider", "移除了登录方式“{subject}”", "Removed the provider {subject}"),
    "keep-administrator": _deed(
        "保留管理员角色", "Keep administrator", "“{provider}”的组不再给出管理员角色，“{subject}”是最后一位管理员，予以保留",
        "{subject} stays an administrator, the last one, though groups of {provider} no longer say so",
    ),
    "join-provider": _deed("关联登录方式", "Join provider", "“{subject}”首次通过“{provider}”登录", "{subject} came by {provider} for the first time"),
    "mail-failed": _deed("邮件未发出", "Mail failed", "邮件（{kind}）最终未能发出：{reason}", "A mail ({kind}) could not be sent: {reason}"),
    "export-audit": _deed("导出审计日志", "Export audit log", "将审计日志导出为 {format}，共 {count} 条", "Exported {count} rows of the audit log as {format}"),
}
"""Every deed by its key. Its details never hold a secret: no password, no token, no value of a field."""
