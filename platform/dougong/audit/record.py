"""A deed and who did it in, a row of the audit log out, in the transaction the caller has open: it is kept with what was done or not at all."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from dougong.audit.deeds import DEEDS
from dougong.permissions.actor import SYSTEM, Actor
from dougong.sites import Reader

_ADD = """
INSERT INTO dougong.audit (actor, actor_name, view_as, address, deed, app, entity, record_id, subject, details)
SELECT actor, actor_name, view_as, address, deed, app, entity, record_id, subject, details::jsonb
FROM unnest($1::uuid[], $2::text[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::text[], $8::uuid[], $9::text[], $10::text[])
    WITH ORDINALITY AS row (actor, actor_name, view_as, address, deed, app, entity, record_id, subject, details, place) ORDER BY place"""
_ZERO = re.compile(r"(?<!\\)((?:\\\\)*)\\u0000")
_NAME = 'SELECT name FROM "app_organization"."user" WHERE id = $1'


@dataclass(frozen=True, slots=True)
class Subject:
    """What a deed is about, as far as it is about it: an app, an entity of it, a record of that, or what else it is called.

    text: what people call it, such as the title of the record or the e-mail of somebody who could not sign in.
    """

    app: str = ""
    entity: str = ""
    record_id: UUID | None = None
    text: str = ""


@dataclass(frozen=True, slots=True)
class From:
    """Where a deed comes from. address: of the client, blank for the platform's own work. view_as: as whom an administrator looks."""

    address: str = ""
    view_as: UUID | None = None


NOTHING = Subject()
INSIDE = From()


@dataclass(frozen=True, slots=True)
class Row:
    """One row that is to be added. actor: None where nobody is known, as for a sign-in that failed. details: what its deed's sentence names, and more."""

    deed: str
    actor: Actor | None
    subject: Subject = NOTHING
    details: Mapping[str, object] = field(default_factory=dict)
    origin: From = INSIDE


async def record(
    executor: Reader,
    deed: str,
    actor: Actor | None,
    subject: Subject = NOTHING,
    details: Mapping[str, object] | None = None,
    origin: From = INSIDE,
) -> None:
    """Add one row to the log; it stays only if the caller's transaction does. Raises UnknownDeed, which is a bug.

    executor: a connection in a transaction, or the pool where the row stands alone. details: JSON values, never a secret.
    """
    await keep(executor, [Row(deed, actor, subject, details or {}, origin)])


async def keep(executor: Reader, rows: Sequence[Row]) -> None:
    """Add rows to the log in their order and in one statement, as `record` does one."""
    for row in rows:
        if row.deed not in DEEDS:
            raise UnknownDeed(row.deed)
    columns = zip(*map(_columns, rows), strict=True)
    if rows:
        await executor.fetch(_ADD, *(list(column) for column in columns))


async def author_of(executor: Reader, user_id: UUID) -> Actor:
    """Return who did something of whom only the id was kept, with their present name: what a job does for somebody is their deed."""
    if user_id == SYSTEM.id:
        return SYSTEM
    rows = await executor.fetch(_NAME, user_id)
    return Actor(user_id, rows[0]["name"] if rows else "", "en")


def _columns(row: Row) -> tuple[object, ...]:
    actor, subject, view_as = row.actor, row.subject, row.origin.view_as
    who, name = (None, "") if actor is None else (actor.id, actor.name)
    if actor is not None and actor.viewer is not None:
        (who, name), view_as = actor.viewer, actor.id  # what is read as somebody else is the administrator's deed
    return (
        who, name, view_as, row.origin.address, row.deed,
        subject.app, subject.entity, subject.record_id, _text(subject.text), _text(orjson.dumps(dict(row.details), default=str).decode()),
    )  # fmt: skip


def _text(text: str) -> str:
    """Return a text PostgreSQL can keep: without the character of number 0, as it is or as JSON writes it."""
    return _ZERO.sub(r"\1", text.replace("\x00", ""))


class UnknownDeed(KeyError):
    """A deed that stands in no row of the table of deeds."""
