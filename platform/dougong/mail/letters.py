"""What mails say: a kind, a language and what fills it in, subject and text and HTML out; each kind is a row of `LETTERS`; pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from jinja2 import Template

Texts = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Letter:
    """A kind of mail: Jinja2 templates by language. body: paragraphs, separated by blank lines. button: what the link is called, if there is one."""

    subject: Texts
    body: Texts
    button: Texts | None = None


@dataclass(frozen=True, slots=True)
class Written:
    """A mail in words, as plain text and as HTML."""

    subject: str
    text: str
    html: str


LETTERS: Mapping[str, Letter] = {
    "invitation": Letter(
        {"zh-CN": "{{ inviter }}邀请您使用{{ site }}", "en": "{{ inviter }} invites you to {{ site }}"},
        {"zh-CN": "{{ name }}，您好：\n\n{{ inviter }}为您开通了{{ site }}的账号，登录邮箱为 {{ email }}。请打开下面的链接设置密码，随后即已登录。"
                  "\n\n链接在 {{ valid }}内有效，只能使用一次。",
         "en": "Hello {{ name }},\n\n{{ inviter }} has made an account for you at {{ site }}. You sign in with {{ email }}. Open the link "
               "below to set your password; you are signed in at once.\n\nThe link can be used once, within {{ valid }}."},
        {"zh-CN": "设置密码", "en": "Set my password"}),
    "reset": Letter(
        {"zh-CN": "重设{{ site }}的密码", "en": "A new password for {{ site }}"},
        {"zh-CN": "{{ name }}，您好：\n\n有人请求重设您在{{ site }}的密码。如果是您本人，请打开下面的链接。"
                  "\n\n链接在 {{ valid }}内有效，只能使用一次。如果不是您，请忽略此邮件：密码没有改变。",
         "en": "Hello {{ name }},\n\nsomebody has asked for a new password for your account at {{ site }}. If it was you, open the link below."
               "\n\nThe link can be used once, within {{ valid }}. If it was not you, ignore this mail: your password has not changed."},
        {"zh-CN": "重设密码", "en": "Set a new password"}),
    "password-changed": Letter(
        {"zh-CN": "您在{{ site }}的密码已修改", "en": "Your password at {{ site }} has changed"},
        {"zh-CN": "{{ name }}，您好：\n\n您在{{ site }}的密码刚刚被修改，其他设备上的登录已全部结束。\n\n如果不是您本人所为，请立即联系管理员。",
         "en": "Hello {{ name }},\n\nyour password at {{ site }} has just been changed, and sign-ins elsewhere have ended.\n\nIf it was not you, "
               "tell your administrator at once."}),
    "second-factor-changed": Letter(
        {"zh-CN": "您在{{ site }}的两步验证已更改", "en": "Your second factor at {{ site }} has changed"},
        {"zh-CN": "{{ name }}，您好：\n\n您在{{ site }}的两步验证刚刚被设置、更换或移除，或换了新的恢复码。\n\n如果不是您本人所为，请立即联系管理员。",
         "en": "Hello {{ name }},\n\nthe second factor of your sign-in at {{ site }} has just been set up, replaced or removed, or has new recovery "
               "codes.\n\nIf it was not you, tell your administrator at once."}),
    "email-changed": Letter(
        {"zh-CN": "您在{{ site }}的登录邮箱已更改", "en": "Your e-mail at {{ site }} has changed"},
        {"zh-CN": "{{ name }}，您好：\n\n您在{{ site }}的登录邮箱已由 {{ former }} 改为 {{ email }}。\n\n如果您不知道此事，请立即联系管理员。",
         "en": "Hello {{ name }},\n\nthe e-mail with which you sign in at {{ site }} has been changed from {{ former }} to {{ email }}.\n\nIf you "
               "did not expect this, tell your administrator at once."}),
    "token-made": Letter(
        {"zh-CN": "{{ site }}创建了令牌“{{ token }}”", "en": "The token {{ token }} was made at {{ site }}"},
        {"zh-CN": "{{ name }}，您好：\n\n{{ site }}刚刚创建了 API 令牌“{{ token }}”（{{ owner }}），持有它的程序可以在其范围内代为操作。"
                  "\n\n如果不是您本人所为，请撤销该令牌，修改密码，并立即联系管理员。",
         "en": "Hello {{ name }},\n\nthe API token {{ token }} of {{ owner }} has just been made at {{ site }}. Programs that have it act for its owner, "
               "within its scopes.\n\nIf it was not you, revoke it, change your password, and tell your administrator at once."}),
    "token-ends": Letter(
        {"zh-CN": "{{ site }}的令牌“{{ token }}”即将到期", "en": "The token {{ token }} at {{ site }} ends soon"},
        {"zh-CN": "{{ name }}，您好：\n\n{{ site }}的 API 令牌“{{ token }}”（{{ owner }}）将于 {{ day }} 到期，之后使用它的程序将不能再访问。"
                  "\n\n如果仍需要，请在到期前创建新的令牌并替换，然后撤销旧的。",
         "en": "Hello {{ name }},\n\nthe API token {{ token }} of {{ owner }} at {{ site }} ends on {{ day }}. Programs that use it are refused from "
               "then on.\n\nIf it is still needed, make a new one before that, put it in its place, and revoke the old one."}),
    "test": Letter(
        {"zh-CN": "来自{{ site }}的测试邮件", "en": "A test mail from {{ site }}"},
        {"zh-CN": "{{ name }}，您好：\n\n这封邮件说明{{ site }}的邮件设置可以使用。",
         "en": "Hello {{ name }},\n\nthis mail shows that {{ site }} can send mail."}),
}  # fmt: skip

_FOOT = {
    "zh-CN": "本邮件由{{ site }}（{{ address }}）自动发送，请勿回复。",
    "en": "Sent by {{ site }} ({{ address }}). Nobody reads answers to this mail.",
}
_TEXT = """{{ paragraphs | join("\n\n") }}
{% if link %}
{{ link }}
{% endif %}
--
{{ foot }}
"""
_HTML = """<!doctype html>
<html lang="{{ language }}"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width"><title>{{ subject }}</title></head>
<body style="margin:0;background:#f4f5f7;font-family:system-ui,-apple-system,'Segoe UI','PingFang SC','Microsoft YaHei',sans-serif;color:#1f2329">
<table role="presentation" width="100%" cellspacing="0" cellpadding="0"><tr><td align="center" style="padding:24px 12px">
<table role="presentation" width="100%" style="max-width:560px;background:#fff;border-radius:8px" cellspacing="0" cellpadding="0"><tr><td style="padding:28px 32px">
<h1 style="font-size:18px;margin:0 0 16px">{{ subject }}</h1>
{% for paragraph in paragraphs %}<p style="font-size:15px;line-height:1.6;margin:0 0 14px">{{ paragraph }}</p>
{% endfor %}{% if link %}<p style="margin:22px 0"><a href="{{ link }}" style="background:#1456c8;color:#fff;padding:11px 22px;border-radius:6px;text-decoration:none;font-size:15px;display:inline-block">{{ button }}</a></p>
<p style="font-size:13px;line-height:1.5;color:#5c6370;margin:0 0 14px;word-break:break-all">{{ link }}</p>
{% endif %}<p style="font-size:12px;line-height:1.5;color:#5c6370;border-top:1px solid #e3e5e8;padding-top:14px;margin:22px 0 0">{{ foot }}</p>
</td></tr></table></td></tr></table></body></html>
"""


def write_letter(kind: str, language: str, parts: Mapping[str, str], link: str = "") -> Written:
    """Return a mail of a kind in `zh-CN` or `en`; raises KeyError for an unknown kind, UndefinedError for a part that is missing.

    parts: what fills the templates in: `site`, `address` (where the site is), `name`, and the kind's own. link: what its button opens.

    >>> write_letter("test", "en", {"site": "Dougong", "address": "https://erp.example.com", "name": "Chen"}).subject
    'A test mail from Dougong'
    """
    letter = LETTERS[kind]
    subject = " ".join(_filled(letter.subject[language], parts).split())
    shown = {
        "language": language, "subject": subject, "link": link, "button": letter.button[language] if letter.button else "",
        "paragraphs": _filled(letter.body[language], parts).split("\n\n"), "foot": _filled(_FOOT[language], parts),
    }  # fmt: skip
    return Written(subject, _template(_TEXT, False).render(shown), _template(_HTML, True).render(shown))


def _filled(text: str, parts: Mapping[str, str]) -> str:
    # What people chose to be called can hold no line of its own, and so no paragraph.
    return _template(text, False).render({name: " ".join(value.split()) for name, value in parts.items()})


@cache
def _template(text: str, is_html: bool) -> Template:
    from jinja2 import Environment, StrictUndefined

    return Environment(autoescape=is_html, undefined=StrictUndefined, keep_trailing_newline=True).from_string(text)
