"""A stage and OpenAPI documents in, requests such as nobody writes by hand out, sent by people with few rights and with many; what went wrong with any.

schemathesis makes the requests, those that fit the document and those that do not; half of the ids and names in them are made those of
things there are, so that requests get past the door, and some texts are made such as trip programs up.
"""

from __future__ import annotations

import asyncio
import contextlib
import json
import random
import re
from collections.abc import AsyncIterator, Collection, Iterator, Mapping, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import httpx
import requests
import schemathesis
from hypothesis import HealthCheck, Phase, given, seed, settings
from hypothesis import strategies as st
from hypothesis.errors import Unsatisfiable
from schemathesis.checks import load_all_checks, not_a_server_error
from schemathesis.core import NOT_SET
from schemathesis.core.failures import FailureGroup
from schemathesis.specs.openapi.checks import (
    content_type_conformance,
    response_headers_conformance,
    response_schema_conformance,
    status_code_conformance,
)

from dougong.first_start import ADMINISTRATOR
from dougong.leaks.door import ADDRESS
from dougong.leaks.needles import Needles, add, content, tokens
from dougong.leaks.stage import Stage
from dougong.people.api_tokens import make_token
from dougong.people.sessions import start_session
from engines.entity.entity import FILES, Entity, Field

Json = dict[str, Any]
Operation = tuple[str, str]
Case = schemathesis.Case[Any]

CHECKS = [not_a_server_error, status_code_conformance, content_type_conformance, response_headers_conformance, response_schema_conformance]
HOSTILE: tuple[Any, ...] = (
    "\x00", "a\x00b", "\ud800", "\udfff\ud800", "\ufffe", "\u202e", "😀" * 50, "é", "İ", "ﬃ", "%00", "%", "_", "\\", "'", '"', "';--", "$1", "{}", "{0}", "%s", "../..",
    "=1+1", "1e400", "NaN", "Infinity", "-0", "9" * 400, "0." + "0" * 400 + "1", "1E+9999999", "0001-01-01", "9999-12-31", "10000-01-01", "2026-02-30", "-4713-01-01",
    "0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-14:00", "24:00", "P99999999999Y", "[]", "{", "null", "TRUE", "(" * 300, "-" * 300, "NOT " * 200, "1+" * 500 + "1",
    "MAX(@case.cost)", "cost", "lines.cost", "party.bank", "CURRENTUSER()", "TODAY()+1e300", "1/0", "id", "created_by.email", "created_by.password", "organization.user", "parent",
    10**400, -(10**30), 2**63, -1, 0, 1e308, 1.5, True, None, [], {}, [[[[[[]]]]]], {"": None}, {"\x00": 1}, {"$ref": "#"}, "x" * 70_000, "\n", "\r\nSet-Cookie: a=b", " ", "",
)  # fmt: skip
"""What programs trip over."""
PLACE = "http://audit.test"
UUID_FORM = re.compile(r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", re.IGNORECASE)
SETTINGS = settings(derandomize=False, database=None, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck))


@dataclass
class Actor:
    """Somebody who sends requests. user: whose sessions they have, None: nobody's. hidden: marks that no answer to them may hold."""

    name: str
    client: httpx.AsyncClient
    user: UUID | None = None
    hidden: frozenset[str] = frozenset()
    is_token: bool = False


@dataclass
class Findings:
    """What came of it. wrong: each kind of failure once, with a request that shows it. statuses: how often each was answered, by actor."""

    wrong: dict[str, str] = field(default_factory=dict)
    statuses: dict[str, dict[int, int]] = field(default_factory=dict)
    asked: set[Operation] = field(default_factory=set)

    def note(self, kind: str, shown: str) -> None:
        """Keep the first of its kind."""
        self.wrong.setdefault(kind, shown)


@dataclass(frozen=True)
class Known:
    """Ids and names of what there is, to be put where a request names something. others: by the name of the parameter or property.
    records: ids of records by the path of their entity.
    """

    ids: Sequence[str]
    others: Mapping[str, Sequence[str]]
    records: Mapping[str, Sequence[str]]


async def known_of(stage: Stage) -> Known:
    """Return what there is on a stage."""
    pool = stage.site.pool
    rows = await pool.fetch("SELECT DISTINCT change_set::text AS id FROM dougong.history LIMIT 30")
    ids = [key for records in stage.world.records.values() for key in records] + list(stage.files)
    fields = [key for entity in stage.entities for key in entity.fields]
    people = [person.id for person in [*stage.people, *stage.others]]
    records = {f"{full_key.replace('.', '/records/')}/": list(found) for full_key, found in stage.world.records.items()}
    pointing = {one.key: _targets(stage, entity, one) for entity in stage.model.entities.values() for one in entity.fields.values()}
    return Known(ids, {
        **{key: found for key, found in pointing.items() if found}, "principal": people, "ids": ids, "id": ids,
        "app": [stage.app, stage.app, stage.app, "organization"], "change_set": [row["id"] for row in rows], "user_id": people, "user": people,
        "file_id": list(stage.files), "name": [name for name, _ in stage.files.values()], "number": ["1"], "version": ["1.0.0", "1"], "key": [stage.app, "organization"],
        "entity": [entity.key for entity in stage.entities], "year": ["2026"], "fields": fields, "field": fields, "sort": [*fields, *(f"-{key}" for key in fields)], "by": fields,
        "filter": [f"{key} = {key}" for key in fields] + ["TRUE", 'code = "a"', "ISBLANK(note)"], "measures": ["COUNT()", "SUM(cost)", "MAX(price)"], "record": [f"{stage.app}/case/{ids[0]}"],
    }, records)  # fmt: skip


def _targets(stage: Stage, entity: Entity, one: Field) -> list[str]:
    """Return the ids of what a field can point to."""
    if one.target == FILES:
        return list(stage.files)
    return [key for target in (one.to or "", *one.any_of) for key in stage.world.records.get(entity.everywhere(target) if "." in entity.everywhere(target) else f"{stage.app}.{target}", ()) if target]


@asynccontextmanager
async def people_of(stage: Stage, narrow: str, scope: str) -> AsyncIterator[tuple[list[Actor], Actor]]:
    """Give those with few rights, and the administrator. narrow: a person of the stage, whose token has one scope for one entity."""
    needles: Needles = {}
    add(needles, stage.world, stage.files)
    person = next(one for one in stage.people if one.name == narrow)
    async with httpx.AsyncClient() as nobody, httpx.AsyncClient() as member, httpx.AsyncClient() as token, httpx.AsyncClient() as admin:
        hidden, hidden_of_token = set(), set()
        for mark, places in needles.items():
            answers = {place: await stage.world.sees(person, place) for place in places}
            if set(answers.values()) == {"no"}:
                hidden.add(mark)
            if all(answer == "no" or place.entity != scope.rpartition(".")[0] for place, answer in answers.items()):
                hidden_of_token.add(mark)
        own = {mark for mark, places in needles.items() if any(place.id == person.id for place in places)}
        async with stage.site.pool.acquire() as connection, connection.transaction():
            text, _ = await make_token(connection, UUID(person.id), UUID(person.id), "fuzz", [scope], 1)
        few = [
            Actor("nobody", nobody, None, frozenset(needles)),
            Actor("token", token, UUID(person.id), frozenset(hidden_of_token - own), is_token=True),
            Actor("member", member, UUID(person.id), frozenset(hidden)),
        ]
        token.headers["authorization"] = f"Bearer {text}"
        many = Actor("administrator", admin, ADMINISTRATOR)
        application = stage.doors[person.id].application
        for place, one in enumerate([*few, many]):
            one.client._transport = httpx.ASGITransport(application, client=(f"203.0.113.{20 + place}", ADDRESS[1]))
            one.client.base_url = httpx.URL(PLACE)
            await sign_in(stage, one)
        yield few, many


async def sign_in(stage: Stage, actor: Actor) -> None:
    """Give somebody a session, as they may have ended the one they had."""
    if actor.user is None or actor.is_token:
        return
    actor.client.headers["cookie"] = f"dougong_session={await start_session(stage.site.pool, actor.user)}"
    answer = await actor.client.get("/api/session")
    actor.client.headers["x-csrf-token"] = answer.json().get("csrf_token", "")


def document_operations(document: Json) -> Iterator[Operation]:
    """Give every operation of a document."""
    for path, methods in document["paths"].items():
        for method in methods:
            if method in ("get", "post", "put", "patch", "delete"):
                yield method.upper(), path


class Fuzz:
    """One document and some people, in a thread beside the loop that the site runs in."""

    def __init__(self, stage: Stage, document: Json, known: Known, findings: Findings, loop: asyncio.AbstractEventLoop) -> None:
        """Read the document."""
        load_all_checks()
        self.stage, self.known, self.findings, self.loop = stage, known, findings, loop
        self.schema = schemathesis.openapi.from_dict(document)
        self.schema.config.update(base_url=PLACE)
        self.sent: dict[Operation, list[Case]] = {}

    def run(self, operations: Collection[Operation], actors: Sequence[Actor], examples: int, start: int) -> None:
        """Send requests to some operations. examples: how many that fit and how many that do not. start: where chance begins."""
        for method, path in operations:
            operation = self.schema[path][method]
            self.findings.asked.add((method, path))
            for mode in (schemathesis.GenerationMode.POSITIVE, schemathesis.GenerationMode.NEGATIVE):
                # Nothing can be made that does not fit an operation that takes nothing.
                with contextlib.suppress(*(() if mode is schemathesis.GenerationMode.POSITIVE else (Unsatisfiable,))):
                    self._each(operation.as_strategy(generation_mode=mode), actors, examples, start)

    def again(self, operations: Collection[Operation], actor: Actor) -> None:
        """Send what was sent to some operations by somebody else: to make requests takes longer than to answer them."""
        for operation in operations:
            for case in self.sent.get(operation, ()):
                self._send(case, actor)

    def _each(self, cases: st.SearchStrategy[Case], actors: Sequence[Actor], examples: int, start: int) -> None:
        @seed(start)
        @settings(SETTINGS, max_examples=examples)
        @given(cases, st.integers(0, 2**32))
        def one(case: Case, chance: int) -> None:
            self._steer(case, random.Random(chance))
            self.sent.setdefault((case.method, case.path), []).append(case)
            for actor in actors:
                self._send(case, actor)

        one()

    def _steer(self, case: Case, chance: random.Random) -> None:
        """Put names of things there are where the request names something, and hostile values where it says something."""
        for place in (case.path_parameters, case.query):
            for name in list(place or {}):
                if chance.random() < (0.85 if place is case.path_parameters else 0.4):
                    own = next((found for path, found in self.known.records.items() if name == "id" and path in case.path), None)
                    place[name] = chance.choice(own or self.known.others.get(name) or self.known.ids)
                elif place is case.query and chance.random() < 0.4:
                    place[name] = chance.choice([str(one) for one in HOSTILE])
        if case.body is not NOT_SET and case.media_type == "application/json":
            case.body = self._changed(case.body, chance, "")

    def _changed(self, value: Any, chance: random.Random, name: str) -> Any:  # noqa: ANN401 – a value of JSON
        if isinstance(value, dict):
            return {key: self._changed(part, chance, key) for key, part in value.items()}
        if isinstance(value, list):
            return [self._changed(part, chance, name) for part in value]
        known = self.known.others.get(name)
        if known and chance.random() < 0.6:
            return chance.choice(known)
        if isinstance(value, str) and UUID_FORM.fullmatch(value) and chance.random() < 0.8:
            return chance.choice(self.known.ids)
        return chance.choice(HOSTILE) if chance.random() < 0.04 else value

    def _send(self, case: Case, actor: Actor) -> None:
        asked = _request(case)
        if asked is None:
            return
        shown = f"{actor.name}: {asked.method} {asked.url.raw_path.decode()} {asked.content[:1500]!r} {dict(case.headers or {})}"
        future = asyncio.run_coroutine_threadsafe(self._ask(actor, asked), self.loop)
        try:
            answer = future.result(60)
        except Exception as failed:  # noqa: BLE001 – whatever comes out of the app is a finding
            self.findings.note(f"{case.method} {case.path} {type(failed).__name__}", f"{shown}: {failed!r}")
            return
        place = self.findings.statuses.setdefault(actor.name, {})
        place[answer.status_code] = place.get(answer.status_code, 0) + 1
        label = f"{case.method} {case.path}"
        leaked = (tokens(content(answer.content)) | tokens(repr(answer.headers).encode())) & actor.hidden - tokens(asked.url.raw_path + asked.content)
        if leaked:
            self.findings.note(f"{label} leak", f"{shown} → {answer.status_code}: {sorted(leaked)[:5]} in {answer.text[:2000]}")
        if answer.status_code >= 400:
            self._see_problem(label, shown, answer)
        try:
            case.validate_response(answer, checks=CHECKS)
        except FailureGroup as failed:
            for one in failed.exceptions:
                self.findings.note(f"{label} {type(one).__name__} {answer.status_code}", f"{shown} → {answer.status_code}: {str(one)[:1500]} {answer.text[:300]}")

    def _see_problem(self, label: str, shown: str, answer: httpx.Response) -> None:
        """See that a refusal is one as RFC 9457 has them."""
        if answer.headers.get("content-type") != "application/problem+json":
            self.findings.note(f"{label} no problem {answer.status_code}", f"{shown} → {answer.status_code} {answer.text[:300]}")
            return
        told = answer.json()
        if not {"type", "title", "status", "detail", "instance", "code"} <= told.keys() or told["status"] != answer.status_code:
            self.findings.note(f"{label} odd problem", f"{shown} → {answer.text[:500]}")

    async def _ask(self, actor: Actor, asked: httpx.Request) -> httpx.Response:
        own = {name: value for name, value in actor.client.headers.items() if name in ("x-csrf-token", "authorization", "cookie")}
        request = httpx.Request(asked.method, asked.url, headers={**asked.headers, **own}, content=asked.content)
        answer = await actor.client.send(request)
        if answer.status_code == 401 and actor.user is not None:
            await sign_in(self.stage, actor)
        return answer


def _request(case: Case) -> httpx.Request | None:
    """Return a case as it goes over the wire; None where there is no way to write it down."""
    try:
        body: Any = None
        if case.body is not NOT_SET and case.media_type == "application/json":
            body, case.body = json.dumps(case.body).encode(), NOT_SET
        kept = body
        arguments = case.as_transport_kwargs(base_url=PLACE)
        if kept is not None:
            case.body = json.loads(kept)
            arguments = {**arguments, "data": kept, "json": None, "headers": {**arguments.get("headers", {}), "Content-Type": "application/json"}}
        prepared = requests.Request(**{key: value for key, value in arguments.items() if key in ("method", "url", "headers", "files", "data", "json", "params", "cookies")}).prepare()
        sent = prepared.body.encode() if isinstance(prepared.body, str) else prepared.body or b""
        assert isinstance(sent, bytes)
        headers = {str(name): value.decode("latin-1") if isinstance(value, bytes) else value for name, value in prepared.headers.items() if name.lower() not in ("content-length", "user-agent", "x-schemathesis-testcaseid")}
        return httpx.Request(str(prepared.method), str(prepared.url), headers=headers, content=sent)
    except (UnicodeError, ValueError, TypeError, OverflowError, requests.RequestException, httpx.InvalidURL):
        return None

