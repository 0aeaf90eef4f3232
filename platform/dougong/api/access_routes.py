"""Endpoints about permissions: why somebody may or may not, what each role may do, what in the policies may not be meant."""

import asyncio
from collections.abc import AsyncIterator
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.responses import StreamingResponse

from dougong.api.access_shapes import (
    ExplainAnswer,
    GivenAnswer,
    LintAnswer,
    MatrixAnswer,
    MatrixCell,
    MatrixEntity,
    RoleAnswer,
)
from dougong.api.asked import AskedAddress, AskedHouse, AskedLanguage, AskedSession, app_to, known_app
from dougong.api.issue_answers import issue_answers
from dougong.api.sensitive import Reader, note_keys
from dougong.api.shapes import label
from dougong.model.app_model import AppModel
from dougong.people.errors import UserNotFound
from dougong.people.persons import is_administrator, read_actor
from dougong.people.roles import read_roles
from dougong.people.sessions import Session
from dougong.permissions.errors import ActDenied
from dougong.permissions.lint import lint
from dougong.permissions.matrix import Matrix, matrix_of
from dougong.registry.draft_problems import draft_model
from dougong.sheets.access_matrix import TITLE, matrix_columns, matrix_rows
from dougong.sheets.export import CONTENT_TYPES, sheet_name, write_file
from dougong.sites import Site
from dougong.store.explain_access import Asked, explain_access

routes = APIRouter()

Key = Annotated[str, Query(max_length=100)]
Of = Literal["active", "draft"]


@routes.get("/api/apps/{app}/access/explain", operation_id="explain_access")
async def explain(
    app: str, session: AskedSession, house: AskedHouse, address: AskedAddress, entity: Key, action: Key = "read",
    user: UUID | None = None, id: UUID | None = None, field: Annotated[str, Query(max_length=100)] = "",  # noqa: A002
) -> ExplainAnswer:  # fmt: skip
    """Return why a user may or may not do something with a record, or with records of an entity: oneself; others for administrators and designers."""
    site, actor = house.site, session.actor
    is_trusted = is_administrator(actor) or actor.may_do("design", app)
    model = await site.app(app) if is_administrator(actor) else await known_app(site, actor, app)
    if user is not None and user != actor.id and not is_trusted:
        raise ActDenied
    target = actor if user is None or user == actor.id else await read_actor(site, user)
    if target is None:
        raise UserNotFound(email=str(user))
    asked = Asked(site, model, actor, target, is_trusted)
    answer = ExplainAnswer.model_validate(await explain_access(asked, entity, id, action, field))
    facts = [fact for policy in answer.policies for condition in policy.conditions for fact in condition.facts if not fact.hidden and fact.value is not None]
    await note_keys(Reader(site, actor, app, entity, address), "access", [".".join(fact.path) for fact in facts], [] if id is None else [str(id)])
    if target.id == actor.id or is_administrator(actor):
        given = await read_roles(site.pool, model.organization or model, target.id)
        for role in answer.roles:
            role.given_by = [GivenAnswer(source=one.source, name=one.name) for one in given if one.key == role.key]
    return answer


@routes.get("/api/apps/{app}/access/matrix", operation_id="read_access_matrix")
async def matrix(app: str, session: AskedSession, house: AskedHouse, of: Of = "active") -> MatrixAnswer:
    """Return what each role may do with the records and fields of each entity, denials included, in the app as it is or in its draft."""
    return _matrix_answer(await _matrix(house.site, session, app, of))


@routes.get("/api/apps/{app}/access/matrix/export", operation_id="export_access_matrix", response_class=StreamingResponse)
async def export(
    app: str, session: AskedSession, house: AskedHouse, language: AskedLanguage, of: Of = "active", format: Literal["csv", "xlsx"] = "xlsx"  # noqa: A002
) -> StreamingResponse:
    """Return the same as a file: a row for each role, entity and action or field."""
    found = await _matrix(house.site, session, app, of)

    async def batches() -> AsyncIterator[list[bytes]]:
        yield matrix_rows(found, language)

    pieces = write_file(format, sheet_name(TITLE[language]), matrix_columns(language), batches())
    headers = {"content-disposition": f'attachment; filename="{app}-permissions.{format}"', "cache-control": "no-store"}
    return StreamingResponse(pieces, media_type=CONTENT_TYPES[format], headers=headers)


@routes.get("/api/apps/{app}/access/lint", operation_id="lint_access")
async def show_lint(app: str, session: AskedSession, house: AskedHouse, of: Of = "draft") -> LintAnswer:
    """Return what in the policies of the draft, or of the app as it is, works and yet may not be what was meant."""
    model = await _model(house.site, session, app, of)
    return LintAnswer(warnings=issue_answers(await asyncio.to_thread(lint, model)))


async def _model(site: Site, session: Session, app: str, of: Of) -> AppModel:
    """Return the app or its draft for an administrator or somebody who may design it; raises DefinitionInvalid for a draft with issues."""
    model = await site.app(app) if is_administrator(session.actor) else await app_to("design", site, session.actor, app)
    return model if of == "active" else await draft_model(site, app)


async def _matrix(site: Site, session: Session, app: str, of: Of) -> Matrix:
    return await asyncio.to_thread(matrix_of, await _model(site, session, app, of))


def _matrix_answer(found: Matrix) -> MatrixAnswer:
    return MatrixAnswer(
        roles=[RoleAnswer(key=key, name=label(name)) for key, name in found.roles.items()],
        entities=[MatrixEntity(key=key, name=label(name), actions=list(found.actions[key])) for key, name in found.entities.items()],
        cells=[MatrixCell.model_validate(cell, from_attributes=True) for cell in found.cells],
    )
