"""What sign-in refuses, as errors with a code; the sentences tell an honest person enough and a guesser nothing."""

from dougong.errors import PlatformError


class SignInFailed(PlatformError):
    """E-mail and password do not belong together, or the user may not sign in; which of them is not said."""

    code = "access-sign-in-failed"
    title = {"zh-CN": "登录失败", "en": "Sign-in failed"}
    status = 401
    sentence = {
        "zh-CN": "邮箱或密码不正确，或者该用户已停用。",
        "en": "E-mail and password do not match, or the user is not active.",
    }


class TooManyAttempts(PlatformError):
    """Too many failed sign-ins for this e-mail or from this address; the part `seconds` says when to come back."""

    code = "access-too-many-attempts"
    title = {"zh-CN": "尝试次数过多", "en": "Too many attempts"}
    status = 429
    sentence = {
        "zh-CN": "登录失败次数过多，请在 {seconds} 秒后再试。",
        "en": "Too many sign-ins have failed. Please try again in {seconds} seconds.",
    }

    @property
    def retry_after_s(self) -> int:
        """Return after how many seconds the next attempt may succeed."""
        return int(str(self.parts["seconds"]))


class NotSignedIn(PlatformError):
    """The request carries no session, or one that has ended."""

    code = "access-not-signed-in"
    title = {"zh-CN": "尚未登录", "en": "Not signed in"}
    status = 401
    sentence = {
        "zh-CN": "请先登录；登录可能已过期。",
        "en": "Please sign in first; your session may have ended.",
    }


class CsrfRefused(PlatformError):
    """A request that changes something came without the session's CSRF token."""

    code = "access-csrf-refused"
    title = {"zh-CN": "请求来源无法确认", "en": "The origin of the request is in doubt"}
    status = 403
    sentence = {
        "zh-CN": "请求头 X-CSRF-Token 缺失或不属于当前登录，请刷新页面后重试。",
        "en": "The header X-CSRF-Token is missing or belongs to another session. Reload the page and try again.",
    }


class LinkInvalid(PlatformError):
    """A one-time link that does not exist, has been used, is too old, or belongs to somebody who may not sign in."""

    code = "access-link-invalid"
    title = {"zh-CN": "链接无效", "en": "The link is not valid"}
    status = 404
    sentence = {
        "zh-CN": "该链接不存在、已被使用或已过期，请向管理员索取新的链接。",
        "en": "The link does not exist, has been used or has expired. Ask your administrator for a new one.",
    }


class UserNotFound(PlatformError):
    """A command names a user who does not exist or is not active."""

    code = "access-user-not-found"
    title = {"zh-CN": "没有这个用户", "en": "There is no such user"}
    status = 404
    sentence = {
        "zh-CN": "没有邮箱为 {email} 的有效用户。",
        "en": "There is no active user with the e-mail {email}.",
    }
