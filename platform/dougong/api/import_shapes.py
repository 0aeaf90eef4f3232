"""The bodies and answers of the endpoints of imports, as pydantic types."""

from datetime import datetime
from typing import Annotated, Literal
from uuid import UUID

from pydantic import BaseModel, Field

from dougong.api.shapes import Body, Label
from dougong.sheets.imports import STATES

Severity = Literal["error", "warning"]
Mode = Literal["create", "update", "upsert"]
State = Literal["reading", "mapping", "checking", "checked", "writing", "done", "cancelled", "failed"]
assert set(State.__args__) == set(STATES)  # type: ignore[attr-defined]


class ColumnBody(Body):
    """Where a column leads: a field, `lines.quantity` for one of rows, blank for none; match: the field records are found by."""

    column: Annotated[int, Field(ge=0, le=1000)]
    field: Annotated[str, Field(max_length=100)] = ""
    match: Annotated[str, Field(max_length=60)] = ""


class MappingBody(Body):
    """What the sheet means, as far as it changes; a sheet that changes is read anew, an entity that changes is guessed anew."""

    sheet: Annotated[str, Field(max_length=100)] | None = None
    header_row: Annotated[int, Field(ge=0, le=10_000_000)] | None = None
    entity: Annotated[str, Field(max_length=60)] | None = None
    mode: Mode | None = None
    by: Annotated[list[str], Field(max_length=20)] | None = None
    blanks: Literal["leave", "empty"] | None = None
    errors: Literal["none", "skip"] | None = None
    dates: Literal["ymd", "dmy", "mdy"] | None = None
    decimal: Literal[".", ","] | None = None
    columns: Annotated[list[ColumnBody], Field(max_length=500)] | None = None


class NewEntityBody(Body):
    """How the new entity is called."""

    name: Annotated[str, Field(min_length=1, max_length=60)]


class NewEntityAnswer(BaseModel):
    """What the draft has been given: an entity with a form, and the revision of the draft."""

    entity: str
    form: str
    revision: int


class ImportColumn(BaseModel):
    """A column of the sheet as it was found."""

    column: int
    letters: str
    header: str
    samples: list[str]
    filled: int


class ImportField(BaseModel):
    """A field that a column may lead to. matches: fields by which the records it points to can be found, the usual one first."""

    key: str
    label: Label
    kind: str
    required: bool
    matches: list[str]


class ImportMapping(BaseModel):
    """What the sheet means."""

    sheet: str = ""
    header_row: int = 0
    entity: str = ""
    mode: Mode = "create"
    by: list[str] = []
    blanks: str = "leave"
    errors: str = "none"
    dates: str = "ymd"
    decimal: str = "."
    columns: list[ColumnBody] = []


class ImportCounts(BaseModel):
    """What a check found: rows and the records they make, those that are there already, those with errors, all errors, and what rules warn of."""

    rows: int = 0
    records: int = 0
    there: int = 0
    wrong: int = 0
    errors: int = 0
    warnings: int = 0


class ImportIssue(BaseModel):
    """What is wrong with a cell, or with the row where `column` is -1; a warning alone does not keep it from being imported."""

    row: int
    column: int
    cell: str
    severity: Severity
    code: str
    message: Label


class MappingIssue(BaseModel):
    """What is wrong with the mapping, by pointer."""

    pointer: str
    code: str
    message: Label


class Refusal(BaseModel):
    """What stopped the job."""

    code: str
    message: Label


class ImportAnswer(BaseModel):
    """An import: what the file is, what it means, how far it is. written: records that are saved; all are in one change set."""

    id: UUID
    state: State
    file_name: str
    file_bytes: int
    created_at: datetime
    sheets: list[str]
    format: str
    encoding: str
    delimiter: str
    rows: int
    merged: int
    columns: list[ImportColumn]
    fields: list[ImportField]
    entities: list[str]
    mapping: ImportMapping
    mapping_issues: list[MappingIssue]
    counts: ImportCounts
    done: int
    total: int
    written: int
    change_set: UUID
    refusal: Refusal | None


class ImportEntry(BaseModel):
    """An import in a list."""

    id: UUID
    state: State
    file_name: str
    entity: str
    created_at: datetime
    written: int
    change_set: UUID


class ImportsAnswer(BaseModel):
    """The last imports of whoever asks, the newest first."""

    imports: list[ImportEntry]


class ImportIssuesAnswer(BaseModel):
    """Errors in the order of the sheet; next: where the following ones begin, None at the end."""

    issues: list[ImportIssue]
    next: int | None
