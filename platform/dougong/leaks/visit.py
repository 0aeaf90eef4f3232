"""Somebody at the door of a running site: requests in, what was sent and everything that came back out."""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote

import orjson

from dougong.leaks.door import Answer
from dougong.leaks.fill import candidates
from dougong.leaks.needles import content, tokens
from dougong.leaks.rights import LEVELS, Person
from dougong.leaks.stage import Stage
from engines.entity.entity import FILES, Entity, Field

Json = dict[str, Any]
Chosen = TypeVar("Chosen")


@dataclass(frozen=True)
class Reply:
    """What came back. told: the unmistakable values in it that were not in the request."""

    asked: str
    status: int
    told: frozenset[str]
    body: bytes

    @property
    def json(self) -> Any:  # noqa: ANN401 – whatever JSON carries
        """Return the body as JSON values, None where it is none."""
        try:
            return orjson.loads(self.body)
        except orjson.JSONDecodeError:
            return None


@dataclass(frozen=True)
class Visit:
    """One person at the exits of one entity. entity: None at exits that are about none. turn: which visit of how many this is, so that
    of a sample each takes another part.
    """

    stage: Stage
    person: Person
    entity: Entity | None = None
    turn: int = 0

    @property
    def of(self) -> Entity:
        """The entity this is about."""
        assert self.entity is not None
        return self.entity

    @property
    def path(self) -> str:
        """Where its records are."""
        return f"/api/apps/{self.of.app}/records/{self.of.key}"

    @property
    def records(self) -> Mapping[str, Mapping[str, Any]]:
        """Every record of the entity there is, by id, whoever may see it."""
        return self.stage.world.records[self.of.full_key]

    def some(self, choices: Iterable[Chosen], count: int) -> list[Chosen]:
        """Return all there is to choose from, or where a sample will do a part: with each turn it begins at another."""
        found = list(choices)
        if not self.stage.is_sample or len(found) <= count:
            return found
        return [found[(self.turn * count + place) % len(found)] for place in range(count)]

    async def ask(self, method: str, path: str, body: object = None, headers: Mapping[str, str] | None = None, **query: str) -> Reply:
        """Send a request with JSON, or with bytes as they are."""
        sent = b"" if body is None else body if isinstance(body, bytes) else orjson.dumps(body)
        kind = {"content-type": "application/json"} if not isinstance(body, bytes) and body is not None else {}
        answer = await self.stage.doors[self.person.id].ask(method, path, query, sent, {**kind, **(headers or {})})
        return self._reply(f"{method} {path}?{'&'.join(f'{k}={v}' for k, v in query.items())}".rstrip("?"), answer, sent)

    async def upload(self, path: str, name: str, sent: bytes) -> Reply:
        """Send a file in a form."""
        answer = await self.stage.doors[self.person.id].upload(path, name, sent)
        return self._reply(f"POST {path}", answer, sent + name.encode())

    def _reply(self, asked: str, answer: Answer, sent: bytes) -> Reply:
        headers = b"\n".join(value for _, value in answer.headers)
        echoed = tokens(asked.encode()) | tokens(sent)
        if "/imports" in asked:
            known = self.stage.sent.setdefault(self.person.id, set())
            known |= echoed
            echoed = known
        return Reply(asked, answer.status, frozenset(tokens(content(answer.body)) | tokens(headers)) - echoed, answer.body)

    async def likely(self) -> Json:
        """Return values of a record such as there are, as far as the person may write them, with marks of its own where they must be unlike others."""
        first = next(iter(self.records.values()), {})
        values: Json = {}
        for one in self.of.fields.values():
            is_free = LEVELS.index(await self.stage.world.level(self.person, self.of.full_key, first, one.key)) == LEVELS.index("write") if first else True
            if not one.is_writable and one.lines is None or not is_free and not one.is_required or first.get(one.key) in (None, [], ""):
                continue
            if one.lines is not None:
                rows = self.stage.model.entities[one.lines].fields
                values[one.key] = [{key: self._unlike(rows[key], row[key]) for key in row if key in rows and rows[key].is_writable and row[key] not in (None, [])} for row in first[one.key]]
            else:
                values[one.key] = self._unlike(one, first[one.key])
        return {key: value for key, value in values.items() if value is not None}

    def _unlike(self, one: Field, value: object) -> object:
        """Return a value for a field, a mark of its own where that is possible: of what somebody sends it is no leak to be told."""
        if one.target == FILES:
            return None
        return value if one.target is not None or one.any_of or one.options or one.kind.key == "boolean" else next(candidates(one, self.stage.marks, 0, {}, ()), None)

    async def visible(self) -> AsyncIterator[str]:
        """Give the ids of records the person may read."""
        for record_id, record in list(self.records.items()):
            if record_id not in self.stage.world.trash and await self.stage.world.may(self.person, "read", self.of.full_key, record):
                yield record_id


def literal(value: object) -> str:
    """Return a value as words of the language of expressions.

    >>> literal('a"b'), literal("12.5")
    ('"a""b"', '12.5')
    """
    text = str(value)
    if re.fullmatch(r"\d{4}-\d\d-\d\d", text):
        return "DATE({}, {}, {})".format(*(int(part) for part in text.split("-")))
    return text if text.replace(".", "", 1).isdigit() else '"' + text.replace('"', '""') + '"'


def quoted(text: str) -> str:
    """Return a text for a path."""
    return quote(text, safe="")
