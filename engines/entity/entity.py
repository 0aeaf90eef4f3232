"""What an entity is once it is resolved: fields with types, checked expressions and columns, as values that never change."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from hashlib import sha256
from typing import Any

from engines.entity.field_kind import FieldKind
from engines.entity.sequence_pattern import SequencePattern
from engines.expression.decision import Decision
from engines.expression.failure import EvalContext
from engines.expression.tree import TypedTree
from engines.values.value_types import DATETIME, NUMBER, ValueType, record_of

Text = Mapping[str, str]

LONGEST = 63
"""PostgreSQL cuts longer names silently, so ours never are."""

ORGANIZATION = "organization"
"""The one app that others point into."""
PLATFORM = "dougong"
"""What keeps the entities that belong to no app."""
FILES = "dougong.file"
"""Key of the entity of files."""

SYSTEM_TYPES: Mapping[str, ValueType] = {
    "id": record_of("self"),
    "revision": NUMBER,
    "created_at": DATETIME,
    "created_by": record_of("organization.user"),
    "updated_at": DATETIME,
    "updated_by": record_of("organization.user"),
}
"""Fields every record has, beside those of its definition; expressions may read them."""

RESERVED_KEYS = frozenset(SYSTEM_TYPES) | {"deleted_at", "parent", "position"}
"""Keys no field may have."""


def shortened(name: str) -> str:
    """Return a name that PostgreSQL takes whole: a long one ends in what tells it from others.

    >>> shortened("a" * 70)[-13:], shortened("order")
    ('_6bd5e5034855', 'order')
    """
    return name if len(name) <= LONGEST else f"{name[: LONGEST - 13]}_{sha256(name.encode()).hexdigest()[:12]}"


def link_table_name(entity_key: str, field_key: str, successor: str = "") -> str:
    """Return the name of the table that keeps the lists of a field.

    >>> link_table_name("order.lines", "tags", "__2")
    'order__lines__tags__2'
    """
    return shortened(f"{entity_key.replace('.', '__')}__{field_key}{successor}")


@dataclass(frozen=True, slots=True)
class Formula:
    """A checked expression: its text, its typed tree, the closure that evaluates it, and the paths it reads.

    queries: what it asks of whole entities, by name; the closure finds their answers in the record under these names.
    through: the references its paths go through from the record on.
    """

    text: str
    tree: TypedTree
    run: Callable[[Mapping[str, object], EvalContext], object] = field(compare=False)
    reads: frozenset[tuple[str, ...]] = frozenset()
    queries: tuple[tuple[str, TypedTree], ...] = ()
    through: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Copy:
    """Take the value of `source`, a field of the record of entity `to` that `reference` points to, when it is set or changed."""

    reference: str
    to: str
    source: str


@dataclass(frozen=True, slots=True)
class FileLimits:
    """What a field says of the files it takes. types: `image/*`, `application/pdf`, `.pdf`; none for any. max_size: in bytes."""

    types: tuple[str, ...]
    max_size: int | None
    max_count: int


@dataclass(frozen=True, slots=True)
class Inverse:
    """The way back of a reference: the records (or rows) of entity `source` whose `field` points to the record."""

    key: str
    name: Text
    source: str
    field: str


@dataclass(frozen=True, slots=True)
class Option:
    """One value of a choice. parent: the option it lies under in a tree."""

    key: str
    name: Text
    color: str | None
    parent: str | None = None


@dataclass(frozen=True, slots=True)
class TextPattern:
    """A regular expression the whole of a text must match, and what people are told when it does not."""

    pattern: str
    message: Text | None


@dataclass(frozen=True, slots=True)
class Field:
    """One attribute of an entity.

    column: name of its column, None for lines. error_column: where the error code of a stored formula that can fail is kept.
    to: key of the entity a reference points to, of this app or `organization.…`. lines: key of the entity of the rows.
    any_of: keys of the entities one of whose records a reference to any may point to, written as in `to`.
    links: key of the entity of the records a list points to; `link_table` is the table that keeps the list.
    where: which records a reference, or a list of them, may point to, in the scope of the target.
    details: what only fields of its kind say, as JSON values by the names of the document: `unit`, `currency`, `format`, ….
    required_when: it is required where this holds.
    earliest, latest: what a date may be.
    is_far: its formula reads other records, or a field that does: the database computes it when the record has been saved.
    is_virtual: its formula is computed whenever it is read; no value is kept.
    discloses: whoever is granted it may read it, also where they may not read what its formula reads.
    shown_when: of a field as somebody sees it: the records that show them its value; in the others it is blank for them.
    is_sensitive: who reads it stands in the audit log; words are not looked for in it.
    is_masked: of a field as somebody sees it: they are shown a part of its text and can do nothing else with it.
    """

    key: str
    kind: FieldKind
    name: Text
    value_type: ValueType
    help: Text | None = None
    column: str | None = None
    error_column: str | None = None
    is_required: bool = False
    is_read_only: bool = False
    is_indexed: bool = False
    default: Formula | None = None
    formula: Formula | None = None
    copy: Copy | None = None
    to: str | None = None
    any_of: tuple[str, ...] = ()
    where: Formula | None = None
    scale: int | None = None
    minimum: Decimal | None = None
    maximum: Decimal | None = None
    min_length: int | None = None
    required_when: Formula | None = None
    earliest: Formula | None = None
    latest: Formula | None = None
    max_length: int | None = None
    matches: TextPattern | None = None
    options: tuple[Option, ...] = ()
    lines: str | None = None
    links: str | None = None
    link_table: str | None = None
    files: FileLimits | None = None
    pattern: SequencePattern | None = None
    details: Mapping[str, Any] = field(default_factory=dict)
    is_far: bool = False
    is_virtual: bool = False
    discloses: bool = False
    shown_when: Formula | None = None
    is_masked: bool = False
    is_sensitive: bool = False

    @property
    def target(self) -> str | None:
        """Key of the entity of the record or the records it points to."""
        return self.to or self.links

    @property
    def entity_column(self) -> str | None:
        """Name of the column beside the id of a reference to any, which keeps the key of the entity."""
        return f"{self.column}__entity" if self.any_of and self.column is not None else None

    @property
    def is_words(self) -> bool:
        """Whether it is text that people read, which they expect in the order of a dictionary; a number they expect as it is."""
        return self.value_type.name == "text" and self.is_ordered and self.kind.key != "sequence"

    @property
    def is_writable(self) -> bool:
        """Whether a person or a program may send a value for it."""
        return self.kind.is_input and self.formula is None and not self.is_read_only

    @property
    def is_ordered(self) -> bool:
        """Whether lists may be sorted by it, and values be told apart."""
        return self.kind.is_ordered and not self.is_masked


@dataclass(frozen=True, slots=True)
class Rule:
    """A condition that must hold when a record is saved; a blank answer counts as broken.

    is_warning: a record that breaks it is saved when whoever saves it confirms that.
    is_late: it reads far fields, so it is judged when the record has been saved and they are computed.
    """

    key: str
    check: Formula
    at: str | None
    message: Text
    is_warning: bool = False
    is_late: bool = False


@dataclass(frozen=True, slots=True)
class State:
    """One state. is_read_only: its records change by transitions alone. can_delete: they may go to the trash."""

    key: str
    name: Text
    color: str | None = None
    is_read_only: bool = False
    can_delete: bool = True


@dataclass(frozen=True, slots=True)
class Transition:
    """A way from some states to another.

    when: what must hold of the record for it; a blank answer counts as not holding. sets: fields that get a value by it.
    confirm: what people are asked before they take it.
    """

    key: str
    name: Text
    sources: tuple[str, ...]
    target: str
    when: Formula | None = None
    message: Text | None = None
    sets: tuple[tuple[Field, Formula], ...] = ()
    confirm: Text | None = None


@dataclass(frozen=True, slots=True)
class States:
    """The states of an entity's records: the field that keeps them, the first one, all of them, the ways between."""

    key: str
    start: str
    states: Mapping[str, State]
    transitions: Mapping[str, Transition]


@dataclass(frozen=True, slots=True)
class Unique:
    """Fields whose values together occur once among the records that are not in the trash.

    where: only records for which it holds count. within_parent: of rows, once among those of one record.
    """

    key: str
    fields: tuple[str, ...]
    where: Formula | None = None
    message: Text | None = None
    within_parent: bool = False


@dataclass(frozen=True, slots=True)
class PeriodLock:
    """What keeps records dated in a closed period as they are.

    date: the field whose day counts. to: the entity of the periods, with the fields of their first and last day. closed: what holds of
    a period that is closed. same: fields that a record and its period share.
    """

    date: str
    to: str
    first: str
    last: str
    closed: Formula
    same: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Entity:
    """A kind of thing people keep records of, or the rows another entity owns (`parent` names that entity).

    kind: `record`; `ledger`: entries are only added; `single`: there is one record, made when the entity is published;
    or `decision`: its records are the rows of a decision table.
    computed: keys of computed fields in the order they are computed; a line's field as `lines.amount`.
    search: keys of the texts that words are looked for in, None for the default.
    inverses: the ways back of references to its records, by key.
    guards: those of the rules that guarded changes say what is left by.
    negates: the fields of a ledger that a reversal turns round, a line's as `lines.amount`.
    projected: the fields in which ledgers keep sums, and those that tell whose.
    decision: how its records decide.
    """

    app: str
    key: str
    name: Text
    title: str
    fields: Mapping[str, Field]
    parent: str | None = None
    rules: tuple[Rule, ...] = ()
    guards: tuple[Rule, ...] = ()
    unique: tuple[Unique, ...] = ()
    computed: tuple[str, ...] = ()
    states: States | None = None
    kind: str = "record"
    search: tuple[str, ...] | None = None
    inverses: Mapping[str, Inverse] = field(default_factory=dict)
    negates: tuple[str, ...] = ()
    projected: frozenset[str] = frozenset()
    period_lock: PeriodLock | None = None
    decision: Decision | None = None

    @property
    def schema(self) -> str:
        """Name of the database schema its table is in."""
        return PLATFORM if self.app == PLATFORM else f"app_{self.app}"

    @property
    def table(self) -> str:
        """Name of its table: the key, rows of a sub-table as `sales_order__lines`."""
        return self.key.replace(".", "__")

    @property
    def pointer(self) -> str:
        """Where it stands in the app document; rows stand in the field that owns them."""
        owner, _, lines = self.key.partition(".")
        return f"/entities/{owner}/fields/{lines}" if lines else f"/entities/{owner}"

    @property
    def full_key(self) -> str:
        """Its key with the app's before it."""
        return f"{self.app}.{self.key}"

    def everywhere(self, key: str) -> str:
        """Return how every app finds the entity that this one's fields call `key`: the organization's own leave out its name."""
        is_short = self.app == ORGANIZATION and key != FILES and not key.startswith(f"{ORGANIZATION}.")
        return f"{ORGANIZATION}.{key}" if is_short else key

    @property
    def read_fields(self) -> tuple[Field, ...]:
        """Its fields that reading answers with: those that are kept, and those that are computed when they are read."""
        return tuple(f for f in self.fields.values() if f.column is not None or f.link_table is not None or f.is_virtual)

    @property
    def stored_fields(self) -> tuple[Field, ...]:
        """Its fields that have a column, in the order of the definition."""
        return tuple(f for f in self.fields.values() if f.column is not None)

    @property
    def search_fields(self) -> tuple[Field, ...]:
        """Its texts that words are looked for in: those its definition names, else the title and indexed ones; of rows every text."""
        texts = (f for f in self.stored_fields if f.value_type.name == "text" and f.kind.read_by == "all" and not f.is_masked and not f.is_sensitive)
        if self.search is not None:
            return tuple(f for f in texts if f.key in self.search)
        return tuple(f for f in texts if self.parent is not None or f.key == self.title or f.is_indexed)

    @property
    def line_fields(self) -> tuple[Field, ...]:
        """Its fields that are rows the record owns."""
        return tuple(f for f in self.fields.values() if f.lines is not None)

    @property
    def reference_fields(self) -> tuple[Field, ...]:
        """Its fields that point to one other record."""
        return tuple(f for f in self.fields.values() if f.to is not None)

    @property
    def any_fields(self) -> tuple[Field, ...]:
        """Its fields that point to one record of one of several entities."""
        return tuple(f for f in self.fields.values() if f.any_of)

    @property
    def link_fields(self) -> tuple[Field, ...]:
        """Its fields that are lists in a table of links."""
        return tuple(f for f in self.fields.values() if f.link_table is not None)

    @property
    def shown_fields(self) -> tuple[Field, ...]:
        """Its fields that a list of records shows: those with a column and those in a table of links, in the order of the definition."""
        return tuple(f for f in self.fields.values() if f.column is not None or f.link_table is not None)
