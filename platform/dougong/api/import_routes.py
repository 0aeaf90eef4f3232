"""Endpoints of imports: a file in; what it means looked over, checked as a whole, written in chunks with progress; errors out."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Header, Query
from starlette.requests import Request
from starlette.responses import StreamingResponse

from dougong.api.asked import AskedHouse, AskedLanguage, AskedSession, app_to, known_app
from dougong.api.import_answer import import_answer, issue_entry
from dougong.api.import_shapes import (
    ImportAnswer,
    ImportEntry,
    ImportIssuesAnswer,
    ImportsAnswer,
    MappingBody,
    NewEntityAnswer,
    NewEntityBody,
    Severity,
)
from dougong.errors import RequestInvalid
from dougong.model.app_model import AppModel
from dougong.permissions.access import Access, access_for
from dougong.permissions.actor import Actor
from dougong.sheets.draft_entity import draft_entity
from dougong.sheets.errors import ImportNotFound
from dougong.sheets.export import CONTENT_TYPES
from dougong.sheets.imports import (
    BUSY,
    Import,
    begin,
    begin_writing,
    keep_mapping,
    read_import,
    read_imports,
    receive,
    refuse,
    remove,
    stop,
)
from dougong.sheets.marked import marked_sheet
from dougong.sheets.messages import MESSAGES
from dougong.sheets.plan import read_plan
from dougong.sheets.remap import remapped
from dougong.sheets.write_chunk import WARNING
from dougong.sites import Site
from dougong.store.read import known_access
from engines.values.issue import issue

routes = APIRouter()

LONGEST_WAIT_S = 30
_LOOK_S = 0.1
_ISSUES = 200

Wait = Annotated[int, Query(ge=0, le=LONGEST_WAIT_S)]


@routes.post("/api/apps/{app}/imports", operation_id="create_import", status_code=202)
async def upload(
    app: str,
    request: Request,
    session: AskedSession,
    house: AskedHouse,
    language: AskedLanguage,
    name: Annotated[str, Query(max_length=255)] = "",
    entity: Annotated[str, Query(max_length=60)] = "",
) -> ImportAnswer:
    """Take a file (XLSX or CSV) as the body, as it is. name: of the file. entity: whose records it holds, guessed where it is not said."""
    model = await known_app(house.site, session.actor, app)
    mapping = {}
    if entity:
        known_access(house.site, model, session.actor, entity)
        mapping["entity"] = entity
    import_id = await receive(house.site, session.actor, app, language, name, mapping, request.stream())
    return await _answer(house.site, session.actor, app, import_id)


@routes.get("/api/apps/{app}/imports", operation_id="list_imports")
async def imports(app: str, session: AskedSession, house: AskedHouse) -> ImportsAnswer:
    """Return the last imports of whoever asks."""
    model = await known_app(house.site, session.actor, app)
    found = [one for one in await read_imports(house.site, app, session.actor) if _is_known(house.site, model, session.actor, one)]
    return ImportsAnswer(imports=[
        ImportEntry(id=one.id, state=one.state, file_name=one.file_name, entity=one.mapping.get("entity", ""),  # type: ignore[arg-type]
                    created_at=one.created_at, written=one.done, change_set=one.change_set)
        for one in found
    ])  # fmt: skip


@routes.get("/api/apps/{app}/imports/{import_id}", operation_id="read_import")
async def show(app: str, import_id: UUID, session: AskedSession, house: AskedHouse, wait: Wait = 0) -> ImportAnswer:
    """Return an import; with `wait`, as soon as no job works on it or so many seconds are over."""
    found = await _mine(house.site, session.actor, app, import_id)
    looks = round(wait / _LOOK_S)
    while found.state in BUSY and looks > 0:
        await asyncio.sleep(_LOOK_S)
        looks -= 1
        found = await _mine(house.site, session.actor, app, import_id)
    return await _answer(house.site, session.actor, app, import_id)


@routes.patch("/api/apps/{app}/imports/{import_id}", operation_id="change_import")
async def change(app: str, import_id: UUID, body: MappingBody, session: AskedSession, house: AskedHouse) -> ImportAnswer:
    """Say what the sheet means. What is wrong with it is told in the answer; a check refuses it."""
    site = house.site
    found = await _mine(site, session.actor, app, import_id)
    given = body.model_dump(exclude_none=True)
    model = await known_app(site, session.actor, app)
    if "entity" in given:
        known_access(site, model, session.actor, given["entity"])
    if given.get("sheet", found.mapping.get("sheet")) != found.mapping.get("sheet"):
        if given["sheet"] not in found.found.get("sheets", ()):
            raise RequestInvalid((issue(MESSAGES, "import-mapping-sheet", "/sheet", None, name=given["sheet"]),))
        await begin(site, found, "reading", ("mapping", "checked"), {"sheet": given["sheet"], "entity": found.mapping.get("entity", "")})
    else:
        await keep_mapping(site, found, await remapped(site, model, session.actor, found, given))
    return await _answer(site, session.actor, app, import_id)


@routes.post("/api/apps/{app}/imports/{import_id}/check", operation_id="check_import", status_code=202)
async def start_check(app: str, import_id: UUID, session: AskedSession, house: AskedHouse) -> ImportAnswer:
    """Check the whole file: every cell, references, keys, and the records it would become. Nothing is written."""
    found = await _mine(house.site, session.actor, app, import_id)
    await _refuse_plan(house.site, session.actor, found)
    await begin(house.site, found, "checking", ("mapping", "checked"))
    return await _answer(house.site, session.actor, app, import_id)


@routes.post("/api/apps/{app}/imports/{import_id}/run", operation_id="run_import", status_code=202)
async def start(
    app: str, import_id: UUID, session: AskedSession, house: AskedHouse,
    confirmed: Annotated[Literal["true", "false"], Header(alias="X-Confirm-Warnings")] = "false",
) -> ImportAnswer:  # fmt: skip
    """Write what was checked. Refused while there are errors, unless the good rows alone are asked for, or warnings that are not confirmed."""
    found = await _mine(house.site, session.actor, app, import_id)
    await _refuse_plan(house.site, session.actor, found)
    await begin_writing(house.site, found, confirmed == "true")
    return await _answer(house.site, session.actor, app, import_id)


@routes.post("/api/apps/{app}/imports/{import_id}/cancel", operation_id="cancel_import", status_code=202)
async def cancel(app: str, import_id: UUID, session: AskedSession, house: AskedHouse) -> ImportAnswer:
    """Stop an import between two chunks; what is written stays, and can be undone by its change set."""
    await stop(house.site, await _mine(house.site, session.actor, app, import_id))
    return await _answer(house.site, session.actor, app, import_id)


@routes.delete("/api/apps/{app}/imports/{import_id}", operation_id="delete_import", status_code=204)
async def forget(app: str, import_id: UUID, session: AskedSession, house: AskedHouse) -> None:
    """Forget an import and its file; the records it wrote stay."""
    await remove(house.site, await _mine(house.site, session.actor, app, import_id))


@routes.post("/api/apps/{app}/imports/{import_id}/entity", operation_id="draft_entity_of_import", status_code=201)
async def draft(app: str, import_id: UUID, body: NewEntityBody, session: AskedSession, house: AskedHouse) -> NewEntityAnswer:
    """Put an entity for the sheet in the draft of the app, with a form, a list and policies: kinds, options and references are guessed."""
    model = await app_to("design", house.site, session.actor, app)
    found = await _mine(house.site, session.actor, app, import_id)
    refuse(found.state, ("mapping", "checked"))
    made = await draft_entity(house.site, model, session.actor, found, body.name)
    return NewEntityAnswer(entity=made.entity, form=made.form, revision=made.revision)


@routes.get("/api/apps/{app}/imports/{import_id}/issues", operation_id="list_import_issues")
async def issues(
    app: str, import_id: UUID, session: AskedSession, house: AskedHouse, after: int = 0, column: int | None = None, severity: Severity | None = None
) -> ImportIssuesAnswer:
    """Return what is wrong and what rules warn of, in the order of the sheet. after: `next` of another answer. column, severity: of these alone."""
    found = await _mine(house.site, session.actor, app, import_id)
    rows = await house.site.pool.fetch(
        """SELECT row, col, code, message::text FROM dougong.import_issue WHERE import = $1 AND ($2::int IS NULL OR col = $2)
           AND ($5::boolean IS NULL OR (code = $6) = $5) ORDER BY row, col, code LIMIT $3 OFFSET $4""",
        found.id, column, _ISSUES + 1, max(after, 0), None if severity is None else severity == "warning", WARNING,
    )  # fmt: skip
    return ImportIssuesAnswer(issues=[issue_entry(row) for row in rows[:_ISSUES]], next=after + _ISSUES if len(rows) > _ISSUES else None)


@routes.get("/api/apps/{app}/imports/{import_id}/issues.xlsx", operation_id="download_import_issues", response_class=StreamingResponse)
async def download(app: str, import_id: UUID, session: AskedSession, house: AskedHouse, language: AskedLanguage) -> StreamingResponse:
    """Return the sheet as it was uploaded, with a column that says what is wrong with each row."""
    found = await _mine(house.site, session.actor, app, import_id)
    pieces: AsyncIterator[bytes] = marked_sheet(house.site, found, language)
    headers = {"content-disposition": 'attachment; filename="errors.xlsx"'}
    return StreamingResponse(pieces, media_type=CONTENT_TYPES["xlsx"], headers=headers)


async def _mine(site: Site, actor: Actor, app: str, import_id: UUID) -> Import:
    """Return an import of whoever asks; raises ImportNotFound also where they may know nothing of what it is of."""
    found = await read_import(site, import_id, app, actor)
    if not _is_known(site, await known_app(site, actor, app), actor, found):
        raise ImportNotFound
    return found


def _is_known(site: Site, model: AppModel, actor: Actor, found: Import) -> bool:
    """Whether the actor may do anything with the records an import is of; what is no more in the app nobody is told of by it."""
    key = found.mapping.get("entity", "")
    return key not in model.entities or bool(access_for(site, model, actor, key).rows)


async def _refuse_plan(site: Site, actor: Actor, found: Import) -> None:
    if not found.mapping.get("entity") or "columns" not in found.mapping:
        return
    model = await known_app(site, actor, found.app)
    plan, wrong = read_plan(site, model, actor, found.mapping, len(found.found["columns"]), found.found["last_row"])
    if plan is None:
        raise RequestInvalid(tuple(wrong))


async def _answer(site: Site, actor: Actor, app: str, import_id: UUID) -> ImportAnswer:
    found = await _mine(site, actor, app, import_id)
    model = await known_app(site, actor, app)
    may: list[Any] = [
        key for key, entity in model.entities.items()
        if entity.parent is None and _may_import(access_for(site, model, actor, key))
    ]  # fmt: skip
    return import_answer(site, model, actor, found, may)


def _may_import(access: Access) -> bool:
    return access.allows("import") and (access.allows("create") or access.allows("update"))
