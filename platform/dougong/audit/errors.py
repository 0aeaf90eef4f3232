"""What a request for the audit log is refused with."""

from dougong.errors import PlatformError


class AuditDenied(PlatformError):
    """The actor neither administers the site nor has a role that may audit it."""

    code = "access-audit-denied"
    title = {"zh-CN": "没有权限", "en": "Not allowed"}
    status = 403
    sentence = {
        "zh-CN": "只有系统管理员和审计员可以查看审计日志。",
        "en": "Only administrators of the site and its auditors may see the audit log.",
    }
