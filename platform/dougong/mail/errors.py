"""What stops mail, as errors with a code; a mail that cannot be sent stops nobody but is kept with its reason."""

from dougong.errors import PlatformError


class MailNotSetUp(PlatformError):
    """The server has no SMTP settings, so nothing can be sent."""

    code = "mail-not-set-up"
    title = {"zh-CN": "尚未设置邮件服务器", "en": "Mail is not set up"}
    status = 409
    sentence = {
        "zh-CN": "本系统没有设置邮件服务器，不能发送邮件；请联系管理员。",
        "en": "This system has no mail server, so it sends no mail. Please ask your administrator.",
    }


class MailNotSent(PlatformError):
    """The mail server did not take a mail; the part `reason` is what it said."""

    code = "mail-not-sent"
    title = {"zh-CN": "邮件未能发送", "en": "The mail was not sent"}
    status = 502
    sentence = {
        "zh-CN": "邮件服务器没有接受这封邮件：{reason}",
        "en": "The mail server did not take the mail: {reason}",
    }


class MailNotFound(PlatformError):
    """There is no such mail, or it is not one that failed."""

    code = "mail-not-found"
    title = {"zh-CN": "没有这封未发出的邮件", "en": "There is no such mail that failed"}
    status = 404
