"""What somebody asks to be changed, and what came of it, as plain values."""

from collections.abc import Mapping
from dataclasses import field
from typing import Any
from uuid import UUID

from dougong.permissions.actor import Actor
from dougong.store.save import Saved
from engines.values.frozen import frozen


@frozen
class Create:
    """Make a record. values: JSON bytes as they came, or the same as Python values; they may carry the id."""

    entity: str
    values: bytes | Mapping[str, object]
    id: UUID | None = None


@frozen
class Update:
    """Change a record. revision: the one the sender read, None to change whatever is there.

    formulas: fields whose value is computed from the record as it is, each with its expression.
    """

    entity: str
    id: UUID
    values: bytes | Mapping[str, object]
    revision: int | None = None
    formulas: Mapping[str, str] = field(default_factory=dict)


@frozen
class Delete:
    """Put a record in the trash. revision: as for Update."""

    entity: str
    id: UUID
    revision: int | None = None


@frozen
class Move:
    """Take a transition of a record's states, with changed values as for Update where it needs some."""

    entity: str
    id: UUID
    transition: str
    values: bytes | Mapping[str, object] = b"{}"
    revision: int | None = None


@frozen
class Upsert:
    """Change the record whose key fields have these values, or make it where there is none.

    by: the fields of a unique constraint, or `id`. lines_by: for lists of rows the fields by which a row sent is the row
    there is; of lists that are not named all rows are new.
    """

    entity: str
    by: tuple[str, ...]
    values: bytes | Mapping[str, object]
    lines_by: Mapping[str, tuple[str, ...]] = field(default_factory=dict)
    id: UUID | None = None


@frozen
class Restore:
    """Take a record with its rows out of the trash. revision: as for Update."""

    entity: str
    id: UUID
    revision: int | None = None


@frozen
class GuardedUpdate:
    """Add to and set fields of one record, which is locked first, if its guards hold afterwards.

    values: `id` or `key`, the fields of a unique constraint with their values; `add`, amounts by field; `set`, values by field.
    guard: a condition on the record after the change, beside the guards of the entity. is_partial: as much is added as they
    leave; else all changes of the request are made or none. is_create: a record whose key is not there is made.
    """

    entity: str
    values: Mapping[str, Any]
    guard: str = ""
    is_partial: bool = False
    is_create: bool = False
    id: UUID | None = None


@frozen
class Revert:
    """Give a record values it had before: typed, fields that people cannot write among them. revision: the one they are meant for."""

    entity: str
    id: UUID
    values: Mapping[str, Any]
    revision: int | None = None


@frozen
class Reverse:
    """Take back an entry of a ledger by another; values: what is different in that, such as its date."""

    entity: str
    id: UUID
    values: bytes | Mapping[str, object]


Change = Create | Update | Delete | Move | Upsert | Restore | GuardedUpdate | Revert | Reverse


@frozen
class Request:
    """Changes that happen together or not at all.

    channel: form, api, import, install, publish, people… as history shows it. idempotency_key: a repeat with the same
    key and the same changes gives the first outcome; for a request of one change. change_set: the one that several
    requests share which were asked for together, such as the parts of an import; None gives the request one of its own.
    asked: what a repeat is known by where its changes are found anew each time; blank where it is known by the changes.
    is_confirmed: whoever asks has confirmed what rules warn of. is_shown: whether the saved records are wanted as JSON. cause: the change set that brought this one about, None where
    a person or a program did. link: the public link that is used by it, where there is one.
    """

    app: str
    actor: Actor
    changes: tuple[Change, ...]
    channel: str
    idempotency_key: str | None = None
    change_set: UUID | None = None
    cause: UUID | None = None
    link: UUID | None = None
    asked: bytes = b""
    is_confirmed: bool = False
    is_shown: bool = True


@frozen
class Outcome:
    """The saved records in the order of the changes. is_repeat: they were saved by an earlier, equal request.

    answer: what a request of many changes is answered with, which holds the records instead.
    """

    records: tuple[Saved, ...]
    change_set: UUID
    is_repeat: bool = False
    answer: bytes | None = None
