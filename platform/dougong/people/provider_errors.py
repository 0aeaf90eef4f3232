"""What stops a sign-in through a provider, as errors with a code; the reasons are what an administrator needs, never a secret."""

from dougong.errors import PlatformError


class ProviderUnknown(PlatformError):
    """There is no such provider, or it is not in use."""

    code = "access-provider-unknown"
    title = {"zh-CN": "没有这个登录方式", "en": "There is no such provider"}
    status = 404
    sentence = {"zh-CN": "没有标识为“{key}”的登录方式。", "en": "There is no provider {key}."}


class ProviderConflict(PlatformError):
    """The provider was changed by someone else after it was read, or there is one with this key."""

    code = "access-provider-conflict"
    title = {"zh-CN": "登录方式已被他人修改", "en": "The provider has changed"}
    status = 409
    sentence = {
        "zh-CN": "登录方式“{key}”已存在或已被他人修改，请重新载入。",
        "en": "Somebody else has made or changed the provider {key}. Reload it first.",
    }


class ProviderSignInLost(PlatformError):
    """A browser came back from a provider without having begun, a second time, or too late."""

    code = "access-provider-sign-in-lost"
    title = {"zh-CN": "登录未完成", "en": "The sign-in is over"}
    status = 400
    sentence = {
        "zh-CN": "这次登录已完成、已超时，或不是在此浏览器中开始的，请重新登录。",
        "en": "This sign-in is done, took too long, or was not begun in this browser. Please begin anew.",
    }


class ProviderRefused(PlatformError):
    """The provider let nobody in: somebody declined, or may not use this system."""

    code = "access-provider-refused"
    title = {"zh-CN": "登录方未放行", "en": "The provider refused"}
    status = 403
    sentence = {"zh-CN": "“{provider}”没有放行：{reason}", "en": "{provider} has refused: {reason}"}


class ProviderAnswerRefused(PlatformError):
    """What a provider says cannot be believed, or is not what the standard asks for."""

    code = "access-provider-answer-refused"
    title = {"zh-CN": "登录方的回答不可信", "en": "The provider's answer was refused"}
    status = 502
    sentence = {
        "zh-CN": "登录方的回答不能接受（{reason}），请联系管理员。",
        "en": "The answer of the provider cannot be accepted ({reason}). Please ask your administrator.",
    }


class OutsidePersonInactive(PlatformError):
    """The provider knows them, but their user here may not sign in."""

    code = "access-outside-inactive"
    title = {"zh-CN": "用户已停用", "en": "The user is not active"}
    status = 403
    sentence = {"zh-CN": "您的用户已停用，请联系管理员。", "en": "Your user is not active. Please ask your administrator."}


class OutsidePersonUnknown(PlatformError):
    """The provider knows them, but there is no user here, and none is made."""

    code = "access-outside-unknown"
    title = {"zh-CN": "没有您的用户", "en": "You have no user here"}
    status = 403
    sentence = {
        "zh-CN": "本系统中没有“{email}”的用户，请联系管理员。",
        "en": "There is no user for {email} here. Please ask your administrator.",
    }


class OutsideEmailTaken(PlatformError):
    """A user here has the e-mail, but the provider is not trusted to say whose it is."""

    code = "access-outside-email-taken"
    title = {"zh-CN": "邮箱属于已有的用户", "en": "The e-mail belongs to a user"}
    status = 403
    sentence = {
        "zh-CN": "已有用户使用“{email}”，而此登录方式不能确认邮箱归属。请用密码登录，或联系管理员。",
        "en": "A user has {email} already, and this provider is not trusted to say whose it is. Sign in with your password, or ask your administrator.",
    }


class OutsideEmailUnverified(PlatformError):
    """The provider has not verified the e-mail."""

    code = "access-outside-email-unverified"
    title = {"zh-CN": "邮箱未经验证", "en": "The e-mail is not verified"}
    status = 403
    sentence = {
        "zh-CN": "登录方没有验证过“{email}”，请先在那里验证邮箱。",
        "en": "The provider has not verified {email}. Please verify it there first.",
    }


class DirectoryUnavailable(PlatformError):
    """The LDAP directory cannot be asked, or does not let the service account in."""

    code = "access-directory-unavailable"
    title = {"zh-CN": "无法访问目录服务", "en": "The directory cannot be asked"}
    status = 502
    sentence = {
        "zh-CN": "无法访问目录服务（{reason}），请稍后再试或联系管理员。",
        "en": "The directory cannot be asked ({reason}). Try again later, or ask your administrator.",
    }


class DirectoryNotInstalled(PlatformError):
    """Sign-in against LDAP is set up, but its library is not installed."""

    code = "access-directory-not-installed"
    title = {"zh-CN": "未安装 LDAP 支持", "en": "LDAP support is not installed"}
    status = 501
    sentence = {
        "zh-CN": "服务器没有安装 LDAP 支持，请管理员安装 requirements/ldap.txt 中的包。",
        "en": "This server has no LDAP support. Its administrator installs the packages of requirements/ldap.txt.",
    }
