"""A deed and who did it in, a row of the audit log out, in the transaction the caller has open: it is kept with what was done or not at all."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from uuid import UUID

import orjson

from dougong.audit.deeds import DEEDS
from dougong.permissions.actor import Actor
from dougong.sites import Reader

_ADD = """
INSERT INTO dougong.audit (actor, actor_name, view_as, address, deed, app, entity, record_id, subject, details)
VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10::text::jsonb)"""


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
    await keep(executor, Row(deed, actor, subject, details or {}, origin))


async def keep(executor: Reader, row: Row) -> None:
    """Add a row to the log, as `record` does."""
    if row.deed not in DEEDS:
        raise UnknownDeed(row.deed)
    actor, subject = row.actor, row.subject
    await executor.fetch(
        _ADD,
        None if actor is None else actor.id,
        "" if actor is None else actor.name,
        row.origin.view_as,
        row.origin.address,
        row.deed,
        subject.app,
        subject.entity,
        subject.record_id,
        subject.text,
        orjson.dumps(dict(row.details), default=str).replace(b"\\u0000", b"").decode(),
    )


class UnknownDeed(KeyError):
    """A deed that stands in no row of the table of deeds."""
