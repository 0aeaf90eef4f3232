"""Endpoints of files: a file out of a multipart form in, its id out; a file, a part of it or its small picture for who may read it."""

from __future__ import annotations

from collections.abc import AsyncIterator
from typing import Annotated, Any
from urllib.parse import quote
from uuid import UUID

from fastapi import APIRouter, Query
from starlette.datastructures import UploadFile
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import Response, StreamingResponse
from starlette.types import Message, Receive

from dougong.api.asked import AskedHouse, AskedSession
from dougong.api.guard import address_of
from dougong.api.sensitive import note_file
from dougong.api.shapes import FileAnswer
from dougong.files.contents import Contents, content_key, small_key
from dougong.files.errors import FileContentLost, FileMissing, FileNotFound, FileTooLarge
from dougong.files.keep import keep_file
from dougong.files.pictures import SMALL_TYPE
from dougong.files.recognise import INLINE
from dougong.store.file_access import Past, readable_file
from dougong.store.ids import new_id

routes = APIRouter()

FORM_BYTES = 20_000
"""What a form may have around its file."""
_FORM = {
    "requestBody": {
        "required": True,
        "content": {
            "multipart/form-data": {
                "schema": {"type": "object", "required": ["file"], "properties": {"file": {"type": "string", "format": "binary"}}}
            }
        },
    }
}
_BYTES: dict[int | str, dict[str, Any]] = {200: {"content": {"application/octet-stream": {}}}, 206: {"description": "A part of the file"}}


@routes.post("/api/files", operation_id="upload_file", status_code=201, openapi_extra=_FORM)
async def upload(request: Request, session: AskedSession, house: AskedHouse) -> FileAnswer:
    """Upload one file, which a record can then hold; until one does, only who uploaded it can read it, and it is removed after a day."""
    limit_mb = house.site.settings.file_limit_mb
    limited = Request(request.scope, _limited(request.receive, limit_mb))
    try:
        async with limited.form(max_files=1, max_fields=4) as form:
            parts = [part for part in form.getlist("file") if isinstance(part, UploadFile)]
            if len(parts) != 1:
                raise FileMissing
            part = parts[0]
            kept = await keep_file(house.site, house.contents, session.actor.id, new_id(), part.filename or "", part.file)
    except (HTTPException, ClientDisconnect) as error:
        raise FileMissing from error
    return FileAnswer(id=kept.id, name=kept.name, type=kept.type, size=kept.size, width=kept.width, height=kept.height)


@routes.get("/api/files/{file_id}/{name}", operation_id="read_file", responses=_BYTES, response_class=Response)
async def download(
    file_id: UUID, name: str, request: Request, session: AskedSession, house: AskedHouse,
    small: Annotated[bool, Query(description="The small picture instead, of a picture.")] = False,
    save: Annotated[bool, Query(description="To be kept as a file, also where a browser could show it.")] = False,
    record: Annotated[str, Query(description="`<app>/<entity>/<id>`: also if only the history of this record names it.")] = "",
) -> Response:  # fmt: skip
    """Answer a file, or the part of it that a Range header asks for, to who may read a record that holds it; the name does not matter."""
    file = await readable_file(house.site, session.actor, file_id, _past(record))
    if file is None or (small and not file.is_picture):
        raise FileNotFound
    await note_file(house.site, session.actor, address_of(request.scope), file_id)
    if small:
        picture = await house.contents.whole(small_key(file.hash))
        if picture is None:
            raise FileContentLost
        return Response(picture, headers={"content-type": SMALL_TYPE, "cache-control": "private, max-age=600"})
    is_shown = file.type in INLINE and not save
    headers = {
        "content-type": _content_type(file.type),
        "content-disposition": f"{'inline' if is_shown else 'attachment'}; filename*=UTF-8''{quote(file.name, safe='')}",
        "etag": f'"{file.hash.hex()}"',
        "cache-control": "private, no-cache",
        "accept-ranges": "bytes",
    }
    if request.headers.get("if-none-match") == headers["etag"]:
        return Response(None, 304, headers)
    span = _span(request.headers.get("range", ""), file.size)
    if span is None:
        return Response(None, 416, {"content-range": f"bytes */{file.size}"})
    start, end = span
    is_part = "range" in request.headers and (start, end) != (0, file.size)
    if is_part:
        headers["content-range"] = f"bytes {start}-{end - 1}/{file.size}"
    headers["content-length"] = str(end - start)
    content = await _begun(house.contents, content_key(file.hash), start, end)
    return StreamingResponse(content, 206 if is_part else 200, headers)


def _past(text: str) -> Past | None:
    """Return the record that an address names, None where it names none.

    >>> _past("crm/deal/6f1a2b3c-0000-7000-8000-000000000001").entity, _past(""), _past("crm/deal/1")
    ('deal', None, None)
    """
    try:
        app, entity, record_id = text.split("/")
        return Past(app, entity, UUID(record_id))
    except ValueError:
        return None


def _content_type(kind: str) -> str:
    """Return a type as it is sent; what a browser might run as a page goes as bytes."""
    return kind if kind.startswith(("image/", "audio/", "video/")) and "svg" not in kind or kind == "application/pdf" else "application/octet-stream"


def _limited(receive: Receive, limit_mb: int) -> Receive:
    """Return a `receive` that refuses to give more than a file may have."""
    left = limit_mb * 1_000_000 + FORM_BYTES

    async def give() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise FileTooLarge(limit_mb=limit_mb)
        return message

    return give


def _span(asked: str, size: int) -> tuple[int, int] | None:
    """Return the bytes a Range header asks for, all where it asks for none or several, None where there are none such.

    >>> _span("", 10), _span("bytes=2-4", 10), _span("bytes=7-", 10), _span("bytes=-3", 10), _span("bytes=10-", 10)
    ((0, 10), (2, 5), (7, 10), (7, 10), None)
    """
    unit, _, spans = asked.partition("=")
    first, dash, last = spans.strip().partition("-")
    if unit.strip() != "bytes" or not dash or not all(part.isdigit() and len(part) < 19 or not part for part in (first, last)) or not first + last:
        return 0, size
    start = int(first) if first else max(0, size - int(last))
    end = min(size, int(last) + 1) if first and last else size
    return (start, end) if start < end else None


async def _begun(contents: Contents, key: str, start: int, end: int) -> AsyncIterator[bytes]:
    """Return the parts of a content, the first of which is there; raises FileContentLost."""
    parts = contents.read(key, start, end)
    try:
        first = await anext(parts, b"")
    except FileNotFoundError:
        raise FileContentLost from None

    async def give() -> AsyncIterator[bytes]:
        yield first
        async for part in parts:
            yield part

    return give()
