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
        "zh-CN": "失败次数过多，请在 {seconds} 秒后再试。",
        "en": "Too many attempts have failed. Please try again in {seconds} seconds.",
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


class CodeRefused(PlatformError):
    """The code of the second step is wrong, was used before, or the first step was too long ago; which of them is not said."""

    code = "access-code-refused"
    title = {"zh-CN": "验证失败", "en": "The code was refused"}
    status = 401
    sentence = {
        "zh-CN": "验证码不正确、已被使用，或登录已超时，请重试或重新登录。",
        "en": "The code is wrong or was used already, or the sign-in took too long. Try again, or sign in anew.",
    }


class SecondFactorRequired(PlatformError):
    """The site asks for a second factor, and the signed-in user has none yet: nothing else goes before."""

    code = "access-second-factor-required"
    title = {"zh-CN": "需要两步验证", "en": "A second factor is required"}
    status = 403
    sentence = {
        "zh-CN": "本系统要求两步验证，请先在“安全”页面设置验证器。",
        "en": "This system requires a second factor. Please set up your authenticator on the page Security first.",
    }


class SecondFactorExists(PlatformError):
    """The user has a second factor already; it must be removed before another is set up."""

    code = "access-second-factor-exists"
    title = {"zh-CN": "已有两步验证", "en": "There is a second factor already"}
    status = 409


class SecondFactorMissing(PlatformError):
    """The user has no second factor, or has not begun to set one up."""

    code = "access-second-factor-missing"
    title = {"zh-CN": "没有两步验证", "en": "There is no second factor"}
    status = 404


class AddressRefused(PlatformError):
    """The request comes from an address from which the user, or anybody, may not come."""

    code = "access-address-refused"
    title = {"zh-CN": "不允许从此地址访问", "en": "Not from this address"}
    status = 403
    sentence = {
        "zh-CN": "不允许从您现在的网络地址访问，请联系管理员。",
        "en": "You may not come from the network address you have now. Please ask your administrator.",
    }


class SignInAgainFirst(PlatformError):
    """Somebody without a password wants to change how they sign in, and signed in too long ago to be believed."""

    code = "access-sign-in-again"
    title = {"zh-CN": "请重新登录", "en": "Please sign in again"}
    status = 403
    sentence = {
        "zh-CN": "此操作需要刚刚登录过，请退出后重新登录再试。",
        "en": "This needs a sign-in of the last minutes. Please sign out, sign in and try again.",
    }


class PasswordElsewhere(PlatformError):
    """Somebody for whom a provider vouches wants a first password here: whoever leaves there must not have one."""

    code = "access-password-elsewhere"
    title = {"zh-CN": "密码在别处", "en": "The password is elsewhere"}
    status = 409
    sentence = {
        "zh-CN": "您由其他登录方确认身份，不能在此设置密码；需要时请联系管理员。",
        "en": "A provider vouches for you, so that you cannot set a password here. Ask an administrator where you need one.",
    }


class TokenRefused(PlatformError):
    """An API token cannot do this, whatever its scopes: it takes a person who is signed in."""

    code = "access-token-refused"
    title = {"zh-CN": "令牌不能做这件事", "en": "Not with a token"}
    status = 403
    sentence = {
        "zh-CN": "此操作需要登录，不能使用 API 令牌。",
        "en": "This takes a person who has signed in; an API token cannot do it.",
    }


class AdministratorRequired(PlatformError):
    """The actor does not look after the site."""

    code = "access-administrator-required"
    title = {"zh-CN": "没有权限", "en": "Not allowed"}
    status = 403
    sentence = {
        "zh-CN": "只有系统管理员可以这样做。",
        "en": "Only an administrator of the site may do this.",
    }


class PersonUnknown(PlatformError):
    """There is no active user with this id."""

    code = "access-person-unknown"
    title = {"zh-CN": "没有这个用户", "en": "There is no such user"}
    status = 404


class SessionUnknown(PlatformError):
    """There is no such session, or it belongs to somebody else."""

    code = "access-session-unknown"
    title = {"zh-CN": "没有这个会话", "en": "There is no such session"}
    status = 404


class TokenUnknown(PlatformError):
    """There is no such API token, or it belongs to somebody else."""

    code = "access-token-unknown"
    title = {"zh-CN": "没有这个令牌", "en": "There is no such token"}
    status = 404


class NotAService(PlatformError):
    """A token was to be made for a person, who makes their own."""

    code = "access-not-a-service"
    title = {"zh-CN": "不是服务账号", "en": "Not a service account"}
    status = 409
    sentence = {
        "zh-CN": "只能为服务账号创建令牌；其他人自己创建。",
        "en": "Tokens are made for service accounts only; people make their own.",
    }


class RulesConflict(PlatformError):
    """The site's rules of sign-in were changed by someone else after they were read."""

    code = "access-rules-conflict"
    title = {"zh-CN": "设置已被他人修改", "en": "The rules have changed"}
    status = 409
    sentence = {
        "zh-CN": "登录规则已被他人修改，请重新载入。",
        "en": "Somebody else has changed the rules of sign-in. Reload them first.",
    }
