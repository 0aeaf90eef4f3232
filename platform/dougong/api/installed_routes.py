"""Endpoints of installed apps as wholes: what goes with one and uninstalling it; its seed and demo records, taken out and put in again."""

from fastapi import APIRouter

from dougong.api.asked import AskedHouse, AskedSession
from dougong.api.house import House
from dougong.api.installed_shapes import (
    AddedAnswer,
    ClearedAnswer,
    KeptEntry,
    LeavingAnswer,
    LeavingEntityEntry,
    Package,
    Part,
    RemovedEntry,
    StandingAnswer,
    StandingsAnswer,
    UninstallBody,
)
from dougong.api.shapes import label
from dougong.model.app_model import ORGANIZATION
from dougong.packages.planted import add_records, clear_records, read_standings
from dougong.packages.uninstall import Leaving, read_leaving, uninstall
from dougong.people.sessions import Session
from dougong.permissions.errors import ActDenied

routes = APIRouter()


@routes.get("/api/apps/{app}/uninstall", operation_id="read_uninstall")
async def leaving(app: str, session: AskedSession, house: AskedHouse) -> LeavingAnswer:
    """Return what would go with an app: its tables, records, versions and roles; nothing is removed."""
    _see_that_they_may(session)
    return _leaving(await read_leaving(house.site, app))


@routes.post("/api/apps/{app}/uninstall", operation_id="uninstall_app")
async def remove(app: str, body: UninstallBody, session: AskedSession, house: AskedHouse) -> LeavingAnswer:
    """Remove an app for good, with its records, versions, history and roles, in one transaction; `key` is the app's, typed out. Returns what went."""
    _see_that_they_may(session)
    gone = await uninstall(house.site, session.actor, app, body.key)
    _forget_roles(house)
    return _leaving(gone)


@routes.get("/api/apps/{app}/package-records", operation_id="read_package_records")
async def standings(app: str, session: AskedSession, house: AskedHouse, package: Package = "") -> StandingsAnswer:
    """Return how many seed and demo records came with the app, or with one package of it, and how many of them are there."""
    _see_that_they_may(session)
    found = await read_standings(house.site, app, package)
    seed, demo = (StandingAnswer(count=found[part].count, there=found[part].there) for part in ("seed", "demo"))
    return StandingsAnswer(seed=seed, demo=demo)


@routes.post("/api/apps/{app}/package-records/{part}", operation_id="add_package_records")
async def add(app: str, part: Part, session: AskedSession, house: AskedHouse, package: Package = "") -> AddedAnswer:
    """Put the seed or demo records in that are not there, those in the trash out of it; `package` names one of the app's."""
    _see_that_they_may(session)
    added = await add_records(house.site, session.actor, app, part, package)
    _forget_roles(house)
    return AddedAnswer(added=added)


@routes.delete("/api/apps/{app}/package-records/{part}", operation_id="remove_package_records")
async def clear(app: str, part: Part, session: AskedSession, house: AskedHouse, package: Package = "") -> ClearedAnswer:
    """Put the seed or demo records into the trash; those that others use, or somebody changed, stay and are told with the reason."""
    _see_that_they_may(session)
    cleared = await clear_records(house.site, session.actor, app, part, package)
    _forget_roles(house)
    model = await house.site.app(app)
    return ClearedAnswer(
        removed=[RemovedEntry(entity=key, name=label(model.entity(key).name), count=count) for key, count in cleared.removed.items()],
        kept=[
            KeptEntry(entity=one.entity, key=one.key, id=one.id, title=one.title, code=one.reason.code, reason=label(one.reason.message))
            for one in cleared.kept
        ],
    )


def _leaving(found: Leaving) -> LeavingAnswer:
    return LeavingAnswer(
        app=found.app,
        name=label(found.name),
        entities=[LeavingEntityEntry(key=one.key, name=label(one.name), records=one.records) for one in found.entities],
        tables=found.tables,
        records=found.records,
        files=found.files,
        versions=found.versions,
        roles=found.roles,
        people=found.people,
    )


def _forget_roles(house: House) -> None:
    house.sessions.forget("all")


def _see_that_they_may(session: Session) -> None:
    if not session.actor.may_do("install", ORGANIZATION):
        raise ActDenied
