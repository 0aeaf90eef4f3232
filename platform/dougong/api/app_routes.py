"""Endpoints of apps as wholes: the launcher, installing, exporting, the model a browser works with, OpenAPI."""

import asyncio
import hashlib
from typing import Any

import orjson
from fastapi import APIRouter, Response
from starlette.requests import Request

from dougong.api.app_openapi import app_openapi
from dougong.api.asked import ACTS, AskedHouse, AskedSession, app_to, known_app, knows, readable_entities
from dougong.api.model_view import runtime_model
from dougong.api.shapes import (
    AppEntry,
    AppsAnswer,
    Document,
    InstallBody,
    InstalledAnswer,
    label,
)
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.packages.export import export
from dougong.packages.install import install
from dougong.packages.package_file import see_hash
from dougong.packages.package_json import see_that_it_is_exact
from dougong.packages.shelf import find_package
from dougong.permissions.access import seen_by
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActDenied

routes = APIRouter()


@routes.get("/api/apps", operation_id="list_apps")
async def list_apps(session: AskedSession, house: AskedHouse) -> AppsAnswer:
    """Return the apps in which the user may read something, but for those that cannot run."""
    models = await house.site.apps()
    return AppsAnswer(apps=[_entry(m, session.actor) for m in models if knows(house.site, m, session.actor)])


@routes.post("/api/apps", operation_id="install_app", status_code=201)
async def install_app(body: InstallBody, session: AskedSession, house: AskedHouse, request: Request) -> InstalledAnswer:
    """Install a package of the library by its key, or one that is sent whole."""
    if not session.actor.may_do("install", ORGANIZATION):
        raise ActDenied
    if isinstance(body.package, str):
        document = (await find_package(house.site, body.package, body.version)).document
    else:
        await asyncio.to_thread(see_that_it_is_exact, await request.body(), "/package")
        document = body.package
    see_hash(document, body.hash)
    model = await install(house.site, session.actor, document, body.demo, house.contents)
    house.sessions.forget("all")  # the installer has a role more
    return InstalledAnswer(key=model.app, version=model.version)


@routes.get("/api/apps/{app}/export", operation_id="export_app")
async def export_app(app: str, session: AskedSession, house: AskedHouse) -> Document:
    """Return the app as a package document."""
    await app_to("design", house.site, session.actor, app)
    return dict(await export(house.site, app))


@routes.get("/api/apps/{app}/model", operation_id="read_model", response_model=dict[str, Any])
async def model(app: str, session: AskedSession, house: AskedHouse, request: Request) -> Response:
    """Return what a browser needs to show and fill the app's records, as far as the user may read it; with an ETag."""
    found = await known_app(house.site, session.actor, app)
    return _with_etag(runtime_model(house.site, found, session.actor), request)


@routes.get("/api/apps/{app}/openapi.json", operation_id="read_app_openapi", response_model=dict[str, Any])
async def openapi(app: str, session: AskedSession, house: AskedHouse, request: Request) -> Response:
    """Return the OpenAPI document of the records the user may read."""
    found = await known_app(house.site, session.actor, app)
    return _with_etag(app_openapi(seen_by(house.site, found, session.actor), readable_entities(house.site, found, session.actor)), request)


def _entry(model: AppModel, actor: Actor) -> AppEntry:
    definition = model.definition
    may = [act for act in ACTS if actor.may_do(act, model.app)]
    return AppEntry(
        key=model.app,
        name=label(definition.name),
        description=label(definition.description or {}) or None,
        icon=definition.icon,
        version=model.version,
        may=may,
    )


def _with_etag(document: dict[str, Any], request: Request) -> Response:
    """Return a JSON answer the browser keeps and asks about, or 304 when it has this one already."""
    content = orjson.dumps(document)
    etag = f'"{hashlib.sha256(content).hexdigest()[:32]}"'
    headers = {"ETag": etag, "Cache-Control": "private, no-cache"}
    if etag in request.headers.get("if-none-match", ""):
        return Response(status_code=304, headers=headers)
    return Response(content, media_type="application/json", headers=headers)
