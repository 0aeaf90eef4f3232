"""Lists as files over HTTP: a list request with a format in, the file out as it is written; and empty files to fill."""

from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import quote

import orjson
from starlette.types import Scope

from dougong.api.answer import DATA_HEADERS
from dougong.api.language import LANGUAGES, language_of
from dougong.api.record_query import read_page_request
from dougong.api.sensitive import MOST_NAMED, note_export, sensitive_keys
from dougong.permissions.access import require, seen_by
from dougong.sheets.columns import label_of, list_columns, template_columns
from dougong.sheets.export import CONTENT_TYPES, sheet_name, write_file
from dougong.store.errors import EntityNotFound, QueryInvalid
from dougong.store.messages import MESSAGES
from dougong.store.page_request import PageRequest
from dougong.store.read import known_access
from dougong.store.read_all import read_all, whole_query
from engines.values.issue import issue

if TYPE_CHECKING:
    from dougong.api.records import Call

_PAGED = frozenset(("limit", "after", "before", "from", "at", "total"))


async def export(call: "Call") -> None:
    """Answer with the whole list as a file: the records, the order and the fields of the list with the same parameters."""
    asked = _asked(call.scope)
    request = read_page_request(asked.rest)
    site, model = call.site, await call.model()
    query = whole_query(site, model, call.actor, call.entity, request)
    columns = list_columns(seen_by(site, model, call.actor), query, request.fields, asked.language, str(site.zone))
    name = label_of(query.entity.name, asked.language)
    await _note(call, [column["key"] for column in columns], asked.form, request)
    async with aclosing(read_all(site, model, call.actor, query, request)) as batches:
        first: list[bytes] = await anext(batches, [])  # what is wrong with the filter is told while there is an answer to tell it in
        await _send(call, asked.form, name, write_file(asked.form, sheet_name(name), columns, _whole(first, batches)))


async def _note(call: "Call", columns: list[str], form: str, request: PageRequest) -> None:
    """Write down that the list goes out, before anything of it does; of sensitive columns, with the records that are in it now."""
    site, model = call.site, await call.model()
    ids: list[str] = []
    count = 0
    if sensitive_keys(site, model, call.entity, columns):
        only = replace(request, fields=("id",))
        async with aclosing(read_all(site, model, call.actor, whole_query(site, model, call.actor, call.entity, only), only)) as batches:
            async for batch in batches:
                ids += [orjson.loads(one)["id"] for one in batch[: max(0, MOST_NAMED - len(ids))]]
                count += len(batch)
    await note_export(call, columns, form, request.filter, ids, count)


async def template(call: "Call") -> None:
    """Answer with an empty file that has a column for every field an import may fill."""
    asked = _asked(call.scope)
    read_page_request(asked.rest)
    site, model = call.site, await call.model()
    access = known_access(site, model, call.actor, call.entity)
    if access.entity.parent is not None:
        raise EntityNotFound(entity=call.entity)
    require(access, "import", call.actor)
    name = label_of(access.entity.name, asked.language)
    columns = template_columns(seen_by(site, model, call.actor), access.seen, asked.language, str(site.zone))
    await _send(call, asked.form, name, write_file(asked.form, sheet_name(name), columns, _whole([], _nothing())))


async def _whole(first: list[bytes], batches: AsyncIterator[list[bytes]]) -> AsyncIterator[list[bytes]]:
    if first:
        yield first
    async for batch in batches:
        yield batch


async def _nothing() -> AsyncIterator[list[bytes]]:
    nothing: tuple[list[bytes], ...] = ()
    for batch in nothing:
        yield batch


async def _send(call: "Call", form: str, name: str, pieces: AsyncGenerator[bytes]) -> None:
    day = datetime.now(call.site.zone).date()
    file = quote(f"{name} {day}.{form}", safe="")
    headers = [
        (b"content-type", CONTENT_TYPES[form].encode()),
        (b"content-disposition", f"attachment; filename=\"{call.entity}.{form}\"; filename*=UTF-8''{file}".encode()),
        *DATA_HEADERS,
    ]
    await call.send({"type": "http.response.start", "status": 200, "headers": headers})
    async with aclosing(pieces) as given:
        async for piece in given:
            await call.send({"type": "http.response.body", "body": piece, "more_body": True})
    await call.send({"type": "http.response.body", "body": b""})


@dataclass(frozen=True, slots=True)
class _Asked:
    """What a request for a file says beside what is in the list: rest is a query string for the list."""

    form: str
    language: str
    rest: bytes


def _asked(scope: Scope) -> _Asked:
    """Return what is asked; parameters of pages are unknown here. Raises QueryInvalid."""
    words = {"format": "xlsx", "language": language_of(scope)}
    rest = []
    for part in scope["query_string"].split(b"&"):
        name, _, value = part.decode("latin-1").partition("=")
        if name in _PAGED:
            raise QueryInvalid((issue(MESSAGES, "request-parameter-unknown", f"/{name}", None, name=name),))
        if name in words:
            words[name] = value
        else:
            rest.append(part)
    for name, known in (("format", tuple(CONTENT_TYPES)), ("language", LANGUAGES)):
        if words[name] not in known:
            listed = ", ".join(known)
            wanted = {"zh-CN": f"应为 {listed} 之一", "en": f"one of {listed}"}
            raise QueryInvalid((issue(MESSAGES, "request-parameter-invalid", f"/{name}", None, name=name, wanted=wanted),))
    return _Asked(words["format"], words["language"], b"&".join(rest))
