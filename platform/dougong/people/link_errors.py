"""What public links refuse, as errors with a code; a visitor is told what helps an honest one, and nothing of what is behind a link they do not have."""

from dougong.errors import PlatformError


class PublicLinkUnknown(PlatformError):
    """There is no such public link (any more), or whoever made it may not do what it opens; which of them is not said."""

    code = "access-public-link-unknown"
    title = {"zh-CN": "链接无效", "en": "The link is not valid"}
    status = 404
    sentence = {
        "zh-CN": "该链接不存在或已失效，请向给您链接的人索取新的链接。",
        "en": "The link does not exist or works no more. Ask whoever gave it to you for a new one.",
    }


class PublicLinkOver(PlatformError):
    """The time of a public link is over."""

    code = "access-public-link-over"
    title = {"zh-CN": "链接已过期", "en": "The link has expired"}
    status = 410
    sentence = {
        "zh-CN": "该链接已过期，请向给您链接的人索取新的链接。",
        "en": "The time of this link is over. Ask whoever gave it to you for a new one.",
    }


class PublicLinkPaused(PlatformError):
    """Whoever looks after a public link has paused it."""

    code = "access-public-link-paused"
    title = {"zh-CN": "链接已暂停", "en": "The link is paused"}
    status = 403
    sentence = {"zh-CN": "该链接目前暂停使用，请稍后再试。", "en": "This link is paused at present. Please try again later."}


class PublicLinkUsedUp(PlatformError):
    """A public link has been opened or filled in as often as it may be."""

    code = "access-public-link-used-up"
    title = {"zh-CN": "链接已达次数上限", "en": "The link is used up"}
    status = 410
    sentence = {
        "zh-CN": "该链接的使用次数已达上限。",
        "en": "This link has been used as often as it may be.",
    }


class PublicLinkLocked(PlatformError):
    """A public link needs its password, the one given is wrong, or it was given too long ago."""

    code = "access-public-link-locked"
    title = {"zh-CN": "需要密码", "en": "A password is needed"}
    status = 401
    sentence = {
        "zh-CN": "请输入该链接的密码；输入的密码不正确，或输入后已过了很久。",
        "en": "Please enter the password of this link; the one given is wrong, or was given too long ago.",
    }


class PublicLinkTooOften(PlatformError):
    """A public link is used too often, by everybody or from one address; the part `seconds` says when to come back."""

    code = "access-public-link-too-often"
    title = {"zh-CN": "使用过于频繁", "en": "Too often"}
    status = 429
    sentence = {
        "zh-CN": "使用过于频繁，请在 {seconds} 秒后再试。",
        "en": "This is too often. Please try again in {seconds} seconds.",
    }

    @property
    def retry_after_s(self) -> int:
        """Return after how many seconds it may be used again."""
        return int(str(self.parts["seconds"]))


class PublicLinkDenied(PlatformError):
    """A form is opened to everybody by those who may publish the app, and change its records themselves."""

    code = "access-public-link-denied"
    title = {"zh-CN": "没有权限", "en": "Not allowed"}
    status = 403
    sentence = {
        "zh-CN": "只有能发布此应用并能新建这种记录的人可以公开表单。",
        "en": "Only those who may publish this app and make such records may open a form to everybody.",
    }
