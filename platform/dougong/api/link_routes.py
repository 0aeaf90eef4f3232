"""Endpoints of one-time links, invitations and forgotten passwords; a link's token comes in a body, never in an address."""

from fastapi import APIRouter, Response
from starlette.requests import Request

from dougong.api.asked import AskedAddress, AskedAdministrator, AskedHouse
from dougong.api.guard import caller_of
from dougong.api.mail_shapes import (
    InviteBody,
    InvitedAnswer,
    InvitedUser,
    Invitee,
    InviteesAnswer,
    LinkAnswer,
    LinkBody,
    ResetBody,
    UseLinkBody,
)
from dougong.api.session_routes import STEPS, let_in, require_good_password
from dougong.api.shapes import SecondStepAnswer, SessionAnswer
from dougong.audit.record import From
from dougong.jobs.waiting import enqueue
from dougong.mail.errors import MailNotSetUp
from dougong.mail.smtp import is_set_up
from dougong.people.attempts import count_reset
from dougong.people.entry import enter, require_address
from dougong.people.invitations import invite, read_invitees
from dougong.people.links import read_link, use_link
from dougong.people.mailing import RESET_JOB

routes = APIRouter()


@routes.post("/api/links/check", operation_id="check_link")
async def check_link(body: LinkBody, house: AskedHouse) -> LinkAnswer:
    """Return whose one-time link it is; it stays usable."""
    person = await read_link(house.site, body.token)
    return LinkAnswer(name=person.actor.name, email=person.email)


@routes.post("/api/links/use", operation_id="use_link", responses=STEPS)
async def follow_link(body: UseLinkBody, house: AskedHouse, request: Request, response: Response) -> SessionAnswer | SecondStepAnswer:
    """Set the password of the link's user and sign them in, as sign_in does; the link is used up, other sessions of the user end."""
    person = await read_link(house.site, body.token)
    caller = caller_of(request.scope)
    await require_address(house.site.pool, person, caller.address)
    await require_good_password(house, person, body.password)
    await use_link(house.site, body.token, await house.passwords.hash(body.password), From(caller.address))
    house.sessions.forget(f"user:{person.actor.id}")
    return await let_in(house, await enter(house.site, person, caller, "link"), request, response)


@routes.post("/api/resets", operation_id="ask_reset", status_code=202)
async def ask_reset(body: ResetBody, house: AskedHouse, address: AskedAddress) -> None:
    """Mail a link for a new password to whoever has this e-mail; the answer and its time are the same when nobody has."""
    if not is_set_up(house.site.settings):
        raise MailNotSetUp
    await count_reset(house.site.pool, body.email, address)
    # Whether somebody has it is looked up by a job, after the answer.
    async with house.site.pool.acquire() as connection, connection.transaction():
        await enqueue(connection, RESET_JOB, {"email": body.email, "address": address})


@routes.get("/api/invitations", operation_id="list_invitees")
async def list_invitees(session: AskedAdministrator, house: AskedHouse) -> InviteesAnswer:
    """Return the active users who have no password yet, and when they were invited, for administrators alone."""
    found = await read_invitees(house.site.pool)
    invitees = [
        Invitee(id=one.id, name=one.name, email=one.email, invited_at=one.invited_at, mail=one.mail_state, reason=one.reason)  # type: ignore[arg-type]
        for one in found
    ]
    return InviteesAnswer(can_mail=is_set_up(house.site.settings), invitees=invitees)


@routes.post("/api/invitations", operation_id="invite", status_code=201)
async def invite_users(body: InviteBody, session: AskedAdministrator, house: AskedHouse, address: AskedAddress) -> InvitedAnswer:
    """Invite users by mail, or return their one-time links to be handed on; for administrators alone."""
    invited = await invite(house.site, session.actor, body.users, body.by, From(address))
    return InvitedAnswer(invited=[
        InvitedUser(id=one.person.actor.id, name=one.person.actor.name, email=one.person.email, link=one.link or None) for one in invited
    ])  # fmt: skip
