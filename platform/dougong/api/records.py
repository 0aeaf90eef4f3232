"""Endpoints of records, generated for every entity: the raw ASGI request in, JSON bytes from the store out, no framework between.

    GET    /api/apps/{app}/records/{entity}             a page      POST   …/{entity}           create
    GET    /api/apps/{app}/records/{entity}/{id}        one record  PATCH  …/{entity}/{id}      change
    POST   /api/apps/{app}/records/{entity}/preview     computed    DELETE …/{entity}/{id}      to the trash
    POST   /api/apps/{app}/records/{entity}/{id}/transitions/{key}  to another state
    GET    …/{entity}/export?format=xlsx                the list    GET    …/{entity}/template  to fill
    POST   /api/apps/{app}/records/{entity}/transitions             which of them many records could take
    GET    …/{entity}/{id}?at=… or ?revision=…          as it was   GET    …/{id}/history       what changed
    POST   /api/apps/{app}/records/{entity}/bulk        many        POST   …/{entity}/{id}/restore  out of it
    POST   /api/apps/{app}/records/{entity}/upsert      by its keys
    GET    /api/apps/{app}/records/{entity}/groups      summed up   GET    …/{entity}/facets    values with counts
    POST   /api/apps/{app}/records/{entity}/decide      what a decision table answers
    GET    /api/apps/{app}/records/{entity}/{id}/explain/{field}    how a computed value comes about
    GET    …/{entity}/{id}/shares                       whom with   POST   …/{id}/shares        share  DELETE …/{id}/shares/{share}
"""

from collections.abc import Awaitable, Callable, Mapping, Sequence
from functools import partial
from uuid import UUID

import orjson
from starlette.types import Receive, Scope, Send

from dougong.api.answer import Header, send_empty, send_json
from dougong.api.body import read_body
from dougong.api.bulk_answer import bulk_answer, placed_in_body
from dougong.api.bulk_body import BULK_LIMIT_BYTES, changes_of_bulk, read_bulk, read_upsert
from dougong.api.decide import read_decide
from dougong.api.export import export, template
from dougong.api.group_query import read_facet_request, read_group_request
from dougong.api.guard import signed_in
from dougong.api.guarded import guarded_answer, read_guarded
from dougong.api.history_query import read_history_request, read_then
from dougong.api.house import house_of
from dougong.api.language import language_of
from dougong.api.open_transitions import open_transitions, read_open
from dougong.api.record_query import read_confirmation, read_key, read_page_request, read_revision
from dougong.api.sensitive import note_records, note_words
from dougong.api.shares import list_shares, share_record, take_back
from dougong.errors import AddressUnknown, MethodNotAllowed
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.permissions.access import access_for, require
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.as_of import read_as_of
from dougong.store.decide import decide
from dougong.store.errors import RecordInvalid, RecordNotFound
from dougong.store.explain import explain
from dougong.store.history import read_history
from dougong.store.read import known_access, read_page, read_record
from dougong.store.read_groups import read_facets, read_groups
from dougong.store.transitions import read_transitions
from dougong.work.perform import perform
from dougong.work.perform_bulk import perform_bulk
from dougong.work.preview import preview
from dougong.work.request import Change, Create, Delete, Move, Outcome, Request, Restore, Reverse, Update
from dougong.work.revealing import reveal
from engines.values.frozen import frozen

RECORD_LIMIT_BYTES = 2_000_000
"""How large the body of one record may be."""


@frozen
class Call:
    """One request to a record endpoint, with everything its handler needs.

    id: what stands in the place of the record's id. part: what follows a word after it, such as the key of a field.
    """

    site: Site
    actor: Actor
    app: str
    entity: str
    id: str
    part: str
    scope: Scope
    receive: Receive
    send: Send

    async def model(self) -> AppModel:
        """Return the active model of the app."""
        return self.site.models.get(self.app) or await self.site.app(self.app)

    def record_id(self) -> UUID:
        """Return the id in the path; raises RecordNotFound where it cannot be one."""
        try:
            return UUID(self.id)
        except ValueError:
            raise RecordNotFound() from None

    async def body(self) -> bytes:
        """Return the body as it came."""
        return await read_body(self.scope, self.receive, RECORD_LIMIT_BYTES)


async def records(scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a request below `/records/`; raises what refuses it."""
    parts = scope["path"].split("/")
    # '', 'api', 'apps', app, 'records', entity[, id or a word[, a word[, part]]]
    if not 6 <= len(parts) <= 9 or parts[4] != "records":
        raise AddressUnknown()
    shape = _shape(parts[6:])
    allowed = ALLOWED.get(shape)
    if allowed is None:
        raise AddressUnknown()
    session = await signed_in(scope)
    handler = HANDLERS.get((scope["method"], shape))
    if handler is None:
        raise MethodNotAllowed(allowed=list(allowed))
    record_id, _, part = [*parts[6:], "", "", ""][:3]
    await handler(Call(house_of(scope).site, session.actor, parts[3], parts[5], record_id, part, scope, receive, send))


def _shape(parts: Sequence[str]) -> str:
    """Return what the path after the entity looks like: `set`, `set/<word>`, `one`, `one/<word>` or `one/<word>/<part>`."""
    if not parts:
        return "set"
    if len(parts) == 1:
        return f"set/{parts[0]}" if parts[0] in WORDS else "one"
    return f"one/{parts[1]}" if len(parts) == 2 else f"one/{parts[1]}/<part>"


async def _page(call: Call) -> None:
    request = read_page_request(call.scope["query_string"])
    page = await read_page(call.site, await call.model(), call.actor, call.entity, request)
    await note_words(call, "list", (request.filter, request.sort))
    await _send(call, 200, "list", page)


async def _one(call: Call) -> None:
    then = read_then(call.scope["query_string"])
    model = await call.model()
    if then is None:
        found = await read_record(call.site, model, call.actor, call.entity, call.record_id())
        found = await _with_transitions(call, call.record_id(), found)
    else:
        found = await read_as_of(call.site, model, call.actor, call.entity, call.record_id(), then)
    await _send(call, 200, "record", found)


async def _history(call: Call) -> None:
    before, field, limit = read_history_request(call.scope["query_string"])
    found = await read_history(call.site, await call.model(), call.actor, call.entity, call.record_id(), before, field, limit)
    await note_words(call, "history", (found.decode(),))
    await send_json(call.send, 200, found)


async def _explain(call: Call) -> None:
    found = await explain(call.site, await call.model(), call.actor, call.entity, call.record_id(), call.part)
    await note_words(call, "explain", (call.part, str(found)))
    await send_json(call.send, 200, orjson.dumps(found))


async def _create(call: Call) -> None:
    outcome = await _perform(call, Create(call.entity, await call.body()))
    location = f"/api/apps/{call.app}/records/{call.entity}/{outcome.records[0].id}".encode()
    headers: list[Header] = [(b"location", location)]
    await _send(call, 200 if outcome.is_repeat else 201, "save", await _answer(call, outcome), headers)


async def _change(call: Call) -> None:
    outcome = await _perform(call, Update(call.entity, call.record_id(), await call.body()))
    await _send(call, 200, "save", await _answer(call, outcome))


async def _move(call: Call) -> None:
    change = Move(call.entity, call.record_id(), call.part, await call.body() or b"{}")
    await _send(call, 200, "save", await _answer(call, await _perform(call, change)))


async def _open(call: Call) -> None:
    given = read_open(await call.body())
    found = await open_transitions(call.site, await call.model(), call.actor, call.entity, given)
    await send_json(call.send, 200, orjson.dumps(found))


async def _guarded(call: Call) -> None:
    outcome = await _perform(call, *read_guarded(call.entity, await call.body()))
    answer = guarded_answer(outcome)
    await note_words(call, "save", (answer.decode(),))
    await send_json(call.send, 200, answer)


async def _reverse(call: Call) -> None:
    outcome = await _perform(call, Reverse(call.entity, call.record_id(), await call.body() or b"{}"))
    await _send(call, 200 if outcome.is_repeat else 201, "save", await _answer(call, outcome))


async def _delete(call: Call) -> None:
    await _perform(call, Delete(call.entity, call.record_id(), read_revision(call.scope["query_string"])))
    await send_empty(call.send)


async def _preview(call: Call) -> None:
    body = await call.body()
    record_id = _id_in(body)
    change = Create(call.entity, body) if record_id is None else Update(call.entity, record_id, body)
    computed = await preview(call.site, await call.model(), call.actor, change)
    await _send(call, 200, "preview", computed)


async def _bulk(call: Call) -> None:
    body = await read_body(call.scope, call.receive, BULK_LIMIT_BYTES)
    asked = read_bulk(call.entity, body)
    require(known_access(call.site, await call.model(), call.actor, call.entity), "bulk", call.actor)
    key = read_key(call.scope["headers"])
    changes = await changes_of_bulk(call.site, await call.model(), call.actor, asked)
    is_confirmed = read_confirmation(call.scope["headers"])
    told = call.entity.encode() + b"|" + body
    is_shown = asked.body.answer == "records"
    request = Request(call.app, call.actor, changes, "bulk", key, asked=told, is_confirmed=is_confirmed, is_shown=is_shown)
    answer = partial(bulk_answer, asked, changes, language_of(call.scope))
    try:
        done = await perform_bulk(call.site, request, asked.mode, answer)
    except RecordInvalid as invalid:
        raise type(invalid)(placed_in_body(asked, changes, invalid.issues)) from invalid
    _forget_people(call)
    await note_words(call, "save", (done.decode(),))
    await send_json(call.send, 200, done)


async def _upsert(call: Call) -> None:
    outcome = await _perform(call, read_upsert(call.entity, await call.body()))
    saved = outcome.records[0]
    await _send(call, 201 if saved.revision == 1 and not outcome.is_repeat else 200, "save", saved.json)


async def _restore(call: Call) -> None:
    outcome = await _perform(call, Restore(call.entity, call.record_id(), read_revision(call.scope["query_string"])))
    await _send(call, 200, "save", outcome.records[0].json)


def _id_in(body: bytes) -> UUID | None:
    try:
        values = orjson.loads(body)
        return UUID(values["id"]) if isinstance(values, dict) and "revision" in values else None
    except (orjson.JSONDecodeError, ValueError, KeyError, AttributeError, TypeError):
        return None  # the write path says what is wrong with it


async def _reveal(call: Call) -> None:
    secret = await reveal(call.site, await call.model(), call.actor, call.entity, call.record_id(), call.part, "api")
    await send_json(call.send, 200, orjson.dumps({"value": secret}))


async def _perform(call: Call, *changes: Change) -> Outcome:
    key = read_key(call.scope["headers"])
    is_confirmed = read_confirmation(call.scope["headers"])
    outcome = await perform(call.site, Request(call.app, call.actor, changes, "api", key, is_confirmed=is_confirmed))
    _forget_people(call)
    return outcome


def _forget_people(call: Call) -> None:
    if call.app == ORGANIZATION:
        house_of(call.scope).sessions.forget("all")  # this process need not wait until it hears of its own change


async def _answer(call: Call, outcome: Outcome) -> bytes:
    """Return the record as it was saved, with the transitions that are open now."""
    return await _with_transitions(call, outcome.records[0].id, outcome.records[0].json)


async def _with_transitions(call: Call, record_id: UUID, record: bytes) -> bytes:
    """Return the JSON of a record with the keys of the transitions the actor may take; entities without states have none."""
    model = await call.model()
    if call.entity not in model.entities:
        return record
    entity = access_for(call.site, model, call.actor, call.entity).seen
    if entity.states is None:
        return record
    found = await read_transitions(call.site, model, call.actor, entity, [record_id])
    return record[:-1] + b',"transitions":' + orjson.dumps(found.get(record_id, [])) + b"}"


async def _groups(call: Call) -> None:
    request = read_group_request(call.scope["query_string"])
    found = await read_groups(call.site, await call.model(), call.actor, call.entity, request)
    await note_words(call, "groups", (request.by, request.measures, request.having, request.sort, request.of.filter))
    await send_json(call.send, 200, found)


async def _facets(call: Call) -> None:
    request = read_facet_request(call.scope["query_string"])
    found = await read_facets(call.site, await call.model(), call.actor, call.entity, request)
    await note_words(call, "facets", (*request.fields, request.of.filter))
    await send_json(call.send, 200, found)


async def _decide(call: Call) -> None:
    asked = read_decide(await call.body())
    found = await decide(call.site, await call.model(), call.actor, call.entity, asked.inputs, asked.date)
    await note_words(call, "decide", (found.decode(),))
    await send_json(call.send, 200, found)


async def _send(call: Call, status: int, exit_name: str, answer: bytes, headers: Sequence[Header] = ()) -> None:
    """Send an answer with records; that sensitive fields are in it stands in the audit log before."""
    await note_records(call, exit_name, answer)
    await send_json(call.send, status, answer, list(headers))


Handler = Callable[[Call], Awaitable[None]]
HANDLERS: Mapping[tuple[str, str], Handler] = {
    ("GET", "set"): _page,
    ("POST", "set"): _create,
    ("GET", "one"): _one,
    ("PATCH", "one"): _change,
    ("POST", "one/transitions/<part>"): _move,
    ("GET", "one/history"): _history,
    ("GET", "one/explain/<part>"): _explain,
    ("POST", "one/reveal/<part>"): _reveal,
    ("DELETE", "one"): _delete,
    ("GET", "set/groups"): _groups,
    ("GET", "set/facets"): _facets,
    ("POST", "set/decide"): _decide,
    ("POST", "set/transitions"): _open,
    ("POST", "set/guarded"): _guarded,
    ("POST", "one/reverse"): _reverse,
    ("POST", "set/preview"): _preview,
    ("POST", "set/bulk"): _bulk,
    ("POST", "set/upsert"): _upsert,
    ("POST", "one/restore"): _restore,
    ("GET", "one/shares"): list_shares,
    ("POST", "one/shares"): share_record,
    ("DELETE", "one/shares/<part>"): take_back,
    ("GET", "set/export"): export,
    ("GET", "set/template"): template,
}
"""The record endpoints by method and shape of the path."""
ALLOWED: Mapping[str, tuple[str, ...]] = {shape: tuple(sorted(method for method, of in HANDLERS if of == shape)) for _, shape in HANDLERS}
"""The methods of each shape."""
WORDS = frozenset(shape.partition("/")[2] for _, shape in HANDLERS if shape.startswith("set/"))
"""What may stand in the place of an id."""
