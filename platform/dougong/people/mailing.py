"""Mail to people: the job that writes one in its reader's language and sends it, and the one that answers somebody who forgot their password.

A link is made when its mail is sent: neither the queue nor the table of mails holds it, and a mail that waited brings one that is fresh.
"""

from __future__ import annotations

from datetime import timedelta
from uuid import UUID

import structlog

from dougong.audit.record import From, Subject, record
from dougong.jobs.job import Job
from dougong.mail.errors import MailNotSent, MailNotSetUp
from dougong.mail.letters import LETTERS, Written, write_letter
from dougong.mail.post import Mail, keep_failed, keep_sent, post, put_off, read_mail
from dougong.mail.smtp import MailRefused, is_set_up, send
from dougong.model.app_model import ORGANIZATION
from dougong.people.credentials import is_vouched_for
from dougong.people.links import VALID, create_link, link_url
from dougong.people.persons import Person, find_person, read_person
from dougong.permissions.actor import SYSTEM
from dougong.settings import public_url
from dougong.sites import Site

RESET_JOB = "reset-asked"
"""The kind of job that looks up who forgot their password."""
_SITE = {"zh-CN": "斗拱", "en": "Dougong"}
_NOBODY = "the user does not exist or is not active"


async def send_mail(site: Site, job: Job) -> None:
    """Send the mail a job names, or keep why it cannot be sent; one that may yet be sent is put off."""
    mail = await read_mail(site.pool, UUID(job.payload["mail"]))
    if mail is None or mail.state != "waiting":
        return
    person = await read_person(site, mail.user_id)
    if person is None:
        await _give_up(site, mail, _NOBODY)
        return
    email = mail.email or person.email
    log = structlog.get_logger("dougong.mail").bind(mail=str(mail.id), kind=mail.kind)
    try:
        await send(site.settings, person.actor.name, email, await _write(site, mail, person))
    except (MailRefused, MailNotSetUp) as refused:
        log.warning("mail.refused", reason=refused.detail("en"))
        await _give_up(site, mail, str(refused.parts.get("reason", refused.code)))
    except MailNotSent as trouble:
        log.warning("mail.not_sent", reason=trouble.detail("en"), tries=mail.tries + 1)
        if not await put_off(site.pool, mail, str(trouble.parts["reason"])):
            await _give_up(site, mail, str(trouble.parts["reason"]))
    else:
        log.info("mail.sent")
        await keep_sent(site.pool, mail.id, email)


async def send_test(site: Site, person: Person) -> None:
    """Send a person a mail at once, to show that mail can be sent; raises MailNotSetUp or MailNotSent."""
    language = person.actor.language
    parts = {"site": _SITE[language], "address": public_url(site.settings), "name": person.actor.name}
    await send(site.settings, person.actor.name, person.email, write_letter("test", language, parts))


async def answer_reset(site: Site, job: Job) -> None:
    """Mail a link to whoever has the e-mail somebody typed who forgot their password; nothing where nobody has it, or no mail is sent.

    Nor to who has none to forget, because a provider vouches for them: whoever leaves there must not have a password here.
    """
    person = await find_person(site, job.payload["email"])
    if person is not None and not person.is_service and is_set_up(site.settings) and not await is_vouched_for(site.pool, person.actor.id):
        async with site.pool.acquire() as connection, connection.transaction():
            await post(connection, "reset", person.actor.id, SYSTEM.id)
            about = Subject(ORGANIZATION, "user", person.actor.id, person.email)
            await record(connection, "ask-reset", None, about, origin=From(job.payload["address"]))
    # People type passwords into the wrong box: what they typed is not kept.
    await site.pool.execute("UPDATE dougong.job SET payload = '{}' WHERE id = $1", job.id)


async def _write(site: Site, mail: Mail, person: Person) -> Written:
    language = person.actor.language
    link, valid = "", ""
    if LETTERS[mail.kind].button is not None:
        link = link_url(public_url(site.settings), await create_link(site.pool, person.actor.id, mail.kind))
        valid = span_text(VALID[mail.kind], language)
    own = {"site": _SITE[language], "address": public_url(site.settings), "name": person.actor.name, "email": person.email, "valid": valid}
    return write_letter(mail.kind, language, {**own, **mail.parts}, link)


async def _give_up(site: Site, mail: Mail, reason: str) -> None:
    about = Subject(ORGANIZATION, "user", mail.user_id)
    async with site.pool.acquire() as connection, connection.transaction():
        await keep_failed(connection, mail.id, reason)
        await record(connection, "mail-failed", SYSTEM, about, {"kind": mail.kind, "reason": reason})


def span_text(span: timedelta, language: str) -> str:
    """Return a span of whole days or minutes in words.

    >>> span_text(timedelta(days=7), "zh-CN"), span_text(timedelta(minutes=30), "en")
    ('7 天', '30 minutes')
    """
    days, minutes = span.days, span.seconds // 60
    if language == "zh-CN":
        return f"{days} 天" if days else f"{minutes} 分钟"
    return f"{days} days" if days else f"{minutes} minutes"
