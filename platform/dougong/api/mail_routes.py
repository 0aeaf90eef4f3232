"""Endpoints of mail, for administrators alone: what became of it, a test, and another try of one that failed."""

from uuid import UUID

from fastapi import APIRouter

from dougong.api.asked import AskedAdministrator, AskedHouse
from dougong.api.mail_shapes import MailAnswer, MailEntry
from dougong.mail.post import read_mails, send_again
from dougong.mail.smtp import is_set_up
from dougong.people.errors import NotSignedIn
from dougong.people.mailing import send_test
from dougong.people.persons import read_person

routes = APIRouter()


@routes.get("/api/mail", operation_id="list_mail")
async def list_mail(session: AskedAdministrator, house: AskedHouse) -> MailAnswer:
    """Return whether mail can be sent and as whom, and the latest mails, those that failed first."""
    settings = house.site.settings
    mails = [
        MailEntry(
            id=one.id, kind=one.kind, user=one.user_id, email=one.email, state=one.state, tries=one.tries, reason=one.reason,
            created_at=one.created_at, updated_at=one.updated_at,
        )
        for one in await read_mails(house.site.pool)
    ]
    return MailAnswer(is_set_up=is_set_up(settings), sender=settings.mail_from, host=settings.smtp_host, mails=mails)


@routes.post("/api/mail/test", operation_id="test_mail", status_code=204)
async def test_mail(session: AskedAdministrator, house: AskedHouse) -> None:
    """Send the administrator who asks a mail at once; refused with what the mail server said where it cannot be sent."""
    person = await read_person(house.site, session.actor.id)
    if person is None:
        raise NotSignedIn
    await send_test(house.site, person)


@routes.post("/api/mail/{mail}/again", operation_id="send_mail_again", status_code=202)
async def send_mail_again(mail: UUID, session: AskedAdministrator, house: AskedHouse) -> None:
    """Try a mail anew that has failed; its link, if it has one, is made anew."""
    await send_again(house.site.pool, mail)
