"""The audit log read: a filter in, its rows out, the latest first, a page at a time or all of them in batches."""

from collections.abc import AsyncIterator, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from dougong.audit.errors import AuditDenied
from dougong.model.app_model import ORGANIZATION
from dougong.permissions.actor import Actor
from dougong.sites import Reader

BATCH = 1_000
_COLUMNS = """a.id, a.at, a.actor, a.actor_name, a.view_as, a.address, a.deed, a.app, a.entity, a.record_id, a.subject,
    a.details::text AS details, s.number AS seal, encode(s.digest, 'hex') AS digest"""
_FROM = "FROM dougong.audit a LEFT JOIN dougong.audit_seal s ON s.audit_id = a.id"


@dataclass(frozen=True, slots=True)
class Entry:
    """A row of the log. seal, digest: its place in the chain and the SHA-256 there in hex, None while it waits to be sealed."""

    id: int
    at: datetime
    actor: UUID | None
    actor_name: str
    view_as: UUID | None
    address: str
    deed: str
    app: str
    entity: str
    record_id: UUID | None
    subject: str
    details: Mapping[str, Any]
    seal: int | None
    digest: str | None


@dataclass(frozen=True, slots=True)
class Filter:
    """Which rows: all that fit what is given.

    deeds: any of these. record: the one a deed is about, or one of those. text: occurs in who did it or in the subject, in whatever
    case. since, until: the first and the last moment. before: rows with a lower id, for the next page.
    """

    deeds: tuple[str, ...] = ()
    actor: UUID | None = None
    app: str = ""
    entity: str = ""
    record: UUID | None = None
    text: str = ""
    since: datetime | None = None
    until: datetime | None = None
    before: int | None = None


def require_auditor(actor: Actor) -> None:
    """Raise AuditDenied unless the actor administers the site or audits it."""
    if not (actor.may_do("install", ORGANIZATION) or actor.may_do("audit", ORGANIZATION)):
        raise AuditDenied


async def read_rows(reader: Reader, wanted: Filter, limit: int) -> list[Entry]:
    """Return rows, the latest first."""
    where, values = _where(wanted)
    query = f"SELECT {_COLUMNS} {_FROM} WHERE {where} ORDER BY a.id DESC LIMIT ${len(values) + 1}"
    return [_entry(row) for row in await reader.fetch(query, *values, limit)]


async def count_rows(reader: Reader, wanted: Filter) -> int:
    """Return how many rows there are."""
    where, values = _where(wanted)
    (row,) = await reader.fetch(f"SELECT count(*) AS n FROM dougong.audit a WHERE {where}", *values)
    return int(row["n"])


async def latest_id(reader: Reader) -> int:
    """Return the id of the latest row, 0 where there is none."""
    (row,) = await reader.fetch("SELECT coalesce(max(id), 0) AS id FROM dougong.audit")
    return int(row["id"])


async def read_whole(reader: Reader, wanted: Filter) -> AsyncIterator[list[Entry]]:
    """Give all rows in batches, the latest first."""
    while batch := await read_rows(reader, wanted, BATCH):
        yield batch
        wanted = Filter(wanted.deeds, wanted.actor, wanted.app, wanted.entity, wanted.record, wanted.text, wanted.since, wanted.until, batch[-1].id)


def _where(wanted: Filter) -> tuple[str, list[object]]:
    values: list[object] = []
    conditions = ["true"]

    def add(condition: str, value: object) -> None:
        values.append(value)
        conditions.append(condition.replace("$", f"${len(values)}"))

    if wanted.deeds:
        add("a.deed = ANY($::text[])", list(wanted.deeds))
    if wanted.actor is not None:
        add("a.actor = $", wanted.actor)
    if wanted.app:
        add("a.app = $", wanted.app)
    if wanted.entity:
        add("a.entity = $", wanted.entity)
    if wanted.record is not None:
        add("(a.record_id = $::text::uuid OR (a.details ? 'records' AND a.details -> 'records' ? $))", str(wanted.record))
    if wanted.text:
        add("(a.subject ILIKE $ OR a.actor_name ILIKE $)", f"%{_literal(wanted.text)}%")
    if wanted.since is not None:
        add("a.at >= $", wanted.since)
    if wanted.until is not None:
        add("a.at <= $", wanted.until)
    if wanted.before is not None:
        add("a.id < $", wanted.before)
    return " AND ".join(conditions), values


def _literal(text: str) -> str:
    r"""Return a text in which LIKE finds no pattern.

    >>> print(_literal("50%_"))
    50\%\_
    """
    return "".join(f"\\{letter}" if letter in "\\%_" else letter for letter in text)


def _entry(row: Mapping[str, Any]) -> Entry:
    return Entry(**{**dict(row), "details": orjson.loads(row["details"])})
