"""Endpoints of the audit log, for administrators and auditors: its rows by a filter, the same as a file, and whether the log is whole."""

from datetime import datetime
from typing import Annotated, Any, Literal
from uuid import UUID

from fastapi import APIRouter, Depends, Query
from pydantic import AwareDatetime, BaseModel, ConfigDict
from starlette.requests import Request
from starlette.responses import StreamingResponse

from dougong.api.asked import AskedHouse, AskedLanguage, AskedSession
from dougong.audit.chain import read_seal, verify
from dougong.audit.deeds import DEEDS
from dougong.audit.read import Filter, read_rows, require_auditor
from dougong.audit.record import From
from dougong.sheets.audit_log import FORMS, entry_json, export_log, names_in

routes = APIRouter()

Text = Annotated[str, Query(max_length=200)]


class AuditEntry(BaseModel):
    """A row of the audit log. name, sentence: its deed and what it says, in the language of the request. seal: its place in the chain, null for a minute."""

    id: int
    at: datetime
    actor: UUID | None
    actor_name: str
    view_as: UUID | None
    address: str
    deed: str
    name: str
    sentence: str
    app: str
    entity: str
    record_id: UUID | None
    subject: str
    details: dict[str, Any]
    seal: int | None
    digest: str | None


class AuditAnswer(BaseModel):
    """Rows of the audit log, the latest first. next: what `before` is for the next page, null on the last."""

    entries: list[AuditEntry]
    next: int | None


class DeedEntry(BaseModel):
    """A kind of row in the audit log."""

    key: str
    name: str


class DeedsAnswer(BaseModel):
    """All kinds of rows in the audit log."""

    deeds: list[DeedEntry]


class SealBody(BaseModel):
    """A seal somebody kept, `number:digest`; blank for none."""

    model_config = ConfigDict(extra="forbid")
    seal: str = ""


class AuditFault(BaseModel):
    """Something that is wrong with the audit log. row: id of a row, or the place of a seal for `seal-missing` and `cut-off`."""

    kind: str
    row: int


class VerifyAnswer(BaseModel):
    """Whether the audit log is whole. seal: its end, to be kept elsewhere."""

    seal: str
    faults: list[AuditFault]


async def _filter(
    deed: Annotated[list[str] | None, Query()] = None,
    actor: UUID | None = None,
    app: Text = "",
    entity: Text = "",
    record: UUID | None = None,
    text: Text = "",
    since: AwareDatetime | None = None,
    until: AwareDatetime | None = None,
    before: Annotated[int | None, Query(ge=1, le=2**62)] = None,
) -> Filter:
    return Filter(tuple(deed or ()), actor, app.replace("\x00", ""), entity.replace("\x00", ""), record, text.replace("\x00", ""), since, until, before)


AskedFilter = Annotated[Filter, Depends(_filter)]


@routes.get("/api/audit", operation_id="list_audit")
async def show(
    wanted: AskedFilter, session: AskedSession, house: AskedHouse, language: AskedLanguage, limit: Annotated[int, Query(ge=1, le=200)] = 50
) -> AuditAnswer:
    """Return rows of the audit log, the latest first, for administrators and auditors; filters go together."""
    require_auditor(session.actor)
    found = await read_rows(house.site.pool, wanted, limit + 1)
    names = await names_in(house.site, language)
    entries = [AuditEntry(**entry_json(entry, names, language)) for entry in found[:limit]]
    return AuditAnswer(entries=entries, next=entries[-1].id if len(found) > limit else None)


@routes.get("/api/audit/deeds", operation_id="list_deeds")
async def deeds(session: AskedSession, language: AskedLanguage) -> DeedsAnswer:
    """Return the kinds of rows there may be in the audit log, for its filter."""
    require_auditor(session.actor)
    return DeedsAnswer(deeds=[DeedEntry(key=key, name=deed.name[language]) for key, deed in DEEDS.items()])


@routes.get("/api/audit/export", operation_id="export_audit", response_class=StreamingResponse)
async def export(
    wanted: AskedFilter, session: AskedSession, house: AskedHouse, language: AskedLanguage, request: Request, format: Literal["csv", "xlsx", "jsonl"] = "xlsx"  # noqa: A002
) -> StreamingResponse:
    """Return the rows that fit the filter as a file; that they were exported is written into the log first."""
    require_auditor(session.actor)
    origin = From(request.client.host if request.client else "")
    pieces = await export_log(house.site, session.actor, wanted, format, language, origin)
    headers = {"content-disposition": f'attachment; filename="audit.{format}"', "cache-control": "no-store"}
    return StreamingResponse(pieces, media_type=FORMS[format], headers=headers)


@routes.post("/api/audit/verify", operation_id="verify_audit")
async def verify_log(body: SealBody, session: AskedSession, house: AskedHouse) -> VerifyAnswer:
    """Compute the chain of the audit log anew and return what does not fit; with a seal that was kept, also whether its end was cut off."""
    require_auditor(session.actor)
    verdict = await verify(house.site.pool, read_seal(body.seal) if body.seal.strip() else None)
    return VerifyAnswer(seal=str(verdict.seal), faults=[AuditFault(kind=one.kind, row=one.row) for one in verdict.faults])
