"""What endpoints are given of a request, as FastAPI dependencies: the house, the session, the language, an app the user knows."""

from typing import Annotated

from fastapi import Depends
from starlette.requests import Request

from dougong.api.guard import address_of, signed_in
from dougong.api.house import House, house_of
from dougong.api.language import language_of
from dougong.api.shapes import Act
from dougong.model.app_model import AppModel
from dougong.people.errors import AdministratorRequired, TokenRefused
from dougong.people.persons import is_administrator
from dougong.people.sessions import Session
from dougong.permissions.access import access_for
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActDenied
from dougong.sites import AppNotFound, Site

ACTS: tuple[Act, ...] = ("design", "publish")


async def _house(request: Request) -> House:
    return house_of(request.scope)


async def _session(request: Request) -> Session:
    return await signed_in(request.scope)


async def _person(request: Request) -> Session:
    session = await signed_in(request.scope)
    if session.is_token:
        raise TokenRefused
    return session


async def _administrator(request: Request) -> Session:
    session = await _person(request)
    if not is_administrator(session.actor):
        raise AdministratorRequired
    return session


async def _address(request: Request) -> str:
    return address_of(request.scope)


async def _language(request: Request) -> str:
    return language_of(request.scope)


AskedHouse = Annotated[House, Depends(_house)]
AskedSession = Annotated[Session, Depends(_session)]
AskedPerson = Annotated[Session, Depends(_person)]
"""The session of somebody who has signed in: an API token will not do."""
AskedAdministrator = Annotated[Session, Depends(_administrator)]
"""The session of somebody who looks after the site, signed in themselves."""
AskedAddress = Annotated[str, Depends(_address)]
AskedLanguage = Annotated[str, Depends(_language)]


def readable_entities(site: Site, model: AppModel, actor: Actor) -> list[str]:
    """Return the keys of the entities of which the actor may read records; rows go with the record that owns them."""
    owners = (key for key, entity in model.entities.items() if entity.parent is None)
    return [key for key in owners if access_for(site, model, actor, key).allows("read")]


def knows(site: Site, model: AppModel, actor: Actor) -> bool:
    """Say whether the actor may read something in an app, or do something with it; else it does not exist for them."""
    return any(actor.may_do(act, model.app) for act in ACTS) or bool(readable_entities(site, model, actor))


async def known_app(site: Site, actor: Actor, app: str) -> AppModel:
    """Return the active model of an app the actor knows; raises AppNotFound also for one they may know nothing of."""
    model = await site.app(app)
    if not knows(site, model, actor):
        raise AppNotFound(app=app)
    return model


async def app_to(act: str, site: Site, actor: Actor, app: str) -> AppModel:
    """Return the active model of an app the actor may `design` or `publish`; raises AppNotFound or ActDenied."""
    model = await known_app(site, actor, app)
    if not actor.may_do(act, app):
        raise ActDenied
    return model
