"""Sending: the server's mail settings and a written mail in, nothing out once the mail server has taken it; says whether trying again helps."""

from __future__ import annotations

import ssl
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import formatdate, make_msgid, parseaddr

from dougong.mail.errors import MailNotSent, MailNotSetUp
from dougong.mail.letters import Written
from dougong.settings import Settings

LIMIT_S = 20.0
LONGEST_REASON = 500


class MailRefused(MailNotSent):
    """The mail server will not take this mail, however often it is tried."""

    code = "mail-refused"
    title = {"zh-CN": "邮件被拒收", "en": "The mail was refused"}


def is_set_up(settings: Settings) -> bool:
    """Say whether this server can send mail."""
    return bool(settings.smtp_host and settings.mail_from)


async def send(settings: Settings, name: str, email: str, written: Written) -> None:
    """Give a mail to the mail server; raises MailNotSetUp, MailRefused for good, MailNotSent where another try may succeed."""
    import aiosmtplib

    if not is_set_up(settings):
        raise MailNotSetUp
    message = _message(settings.mail_from, name, email, written)
    try:
        await aiosmtplib.send(
            message,
            hostname=settings.smtp_host,
            port=settings.smtp_port,
            username=settings.smtp_user or None,
            password=settings.smtp_password or None,
            use_tls=settings.smtp_tls == "tls",
            start_tls=settings.smtp_tls == "starttls",
            tls_context=ssl.create_default_context(),
            timeout=LIMIT_S,
        )
    except aiosmtplib.SMTPRecipientsRefused as refused:
        first = refused.recipients[0]
        raise _refusal(first.code, first.message) from None
    except aiosmtplib.SMTPResponseException as answered:
        raise _refusal(answered.code, answered.message) from None
    except (aiosmtplib.SMTPException, OSError, ValueError) as trouble:  # ValueError: what SMTP cannot say
        raise MailNotSent(reason=_short(str(trouble) or type(trouble).__name__)) from None


def _refusal(code: int, message: str) -> MailNotSent:
    """Return what an answer of the mail server means: 5xx is for good, but for a sign-in to it that its operator may yet mend."""
    is_for_good = 500 <= code < 600 and code not in (530, 534, 535, 538)
    return (MailRefused if is_for_good else MailNotSent)(reason=_short(f"{code} {message}"))


def _message(sender: str, name: str, email: str, written: Written) -> EmailMessage:
    message = EmailMessage(policy=SMTP)
    sender_name, sender_address = parseaddr(sender)
    try:
        message["From"] = Address(sender_name, addr_spec=sender_address)
        message["To"] = Address(" ".join(name.split()), addr_spec=email)
    except (ValueError, IndexError, MessageError) as wrong:  # what the address parser of Python meets in texts that are no addresses
        raise MailRefused(reason=_short(str(wrong))) from None
    message["Subject"] = written.subject
    message["Date"] = formatdate(localtime=False)
    message["Message-ID"] = make_msgid(domain=sender_address.rpartition("@")[2])
    message["Auto-Submitted"] = "auto-generated"
    message.set_content(written.text)
    message.add_alternative(written.html, subtype="html")
    return message


def _short(reason: str) -> str:
    return " ".join(reason.split())[:LONGEST_REASON]
