"""Looking as somebody else: an administrator's session and the id of a user in, the session they look with out; nothing can be changed with it."""

from dataclasses import replace
from time import monotonic
from uuid import UUID

from starlette.types import Scope

from dougong.api.house import House, house_of
from dougong.audit.record import From, Subject, record
from dougong.model.app_model import ORGANIZATION
from dougong.people.errors import AdministratorRequired, TokenRefused, UserNotFound
from dougong.people.persons import is_administrator, read_person
from dougong.people.sessions import Session
from dougong.permissions.errors import ViewingOnly

LOGGED_EVERY_S = 3600.0
_MOST_KEPT = 1000
_LOGGED = """SELECT 1 AS found FROM dougong.audit WHERE deed = 'view-as' AND actor = $1 AND view_as = $2
    AND at > now() - make_interval(secs => $3) LIMIT 1"""
_OWN = "/api/account"
"""What somebody's own sign-in is about: nobody looks at it in their place."""
_SAFE_METHODS = frozenset(("GET", "HEAD", "OPTIONS"))


async def viewing(scope: Scope, session: Session, wanted: bytes, address: str) -> Session:
    """Return the session with which an administrator looks as the user with this id; the start is a row of the audit log, once an hour.

    Raises TokenRefused, AdministratorRequired, UserNotFound, and ViewingOnly for what would change something or is the user's own alone.
    """
    if session.is_token:
        raise TokenRefused
    if not is_administrator(session.actor):
        raise AdministratorRequired
    if scope["method"] not in _SAFE_METHODS or scope["path"].startswith(_OWN):
        raise ViewingOnly
    house = house_of(scope)
    try:
        person = await read_person(house.site, UUID(wanted.decode("latin-1")))
    except ValueError:
        person = None
    if person is None:
        raise UserNotFound(email=wanted.decode("latin-1")[:100])
    await _log(house, session, person.actor.id, person.email, address)
    actor = replace(person.actor, viewer=(session.actor.id, session.actor.name))
    return replace(session, actor=actor, email=person.email, allowed={})


async def _log(house: House, session: Session, user_id: UUID, email: str, address: str) -> None:
    """Write down that somebody begins to look as a user, unless it was within the last hour."""
    now, place = monotonic(), (session.actor.id, user_id)
    if house.viewed.get(place, 0.0) > now:
        return
    if len(house.viewed) >= _MOST_KEPT:
        house.viewed.clear()
    rows = await house.site.pool.fetch(_LOGGED, session.actor.id, user_id, LOGGED_EVERY_S)
    if not rows:
        subject = Subject(ORGANIZATION, "user", user_id, email)
        await record(house.site.pool, "view-as", session.actor, subject, origin=From(address, user_id))
        house.viewed[place] = now + LOGGED_EVERY_S
    else:
        house.viewed[place] = now + 60.0
