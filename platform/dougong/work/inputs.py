"""Changes as they were sent in, typed values with ids for every record and row out, or every issue with them."""

from collections.abc import Iterable, Sequence

from dougong.model.app_model import AppModel
from dougong.store.errors import RecordInvalid
from dougong.store.ids import new_ids
from dougong.store.save import Values
from dougong.store.secret import hide
from dougong.work.request import Change, Create, Move, Reverse, Update, Upsert
from engines.entity.input_schema import InputSchema, read_input, read_values
from engines.entity.messages import MESSAGES
from engines.values.issue import Issue, issue


def read_inputs(schema: InputSchema | None, changes: Sequence[Create | Update | Move], at: int | None) -> list[Values]:
    """Return the typed values of every change; raises RecordInvalid with the issues of all of them.

    schema: what the actor may send. at: number of the first change in its request, None where the request has but one.
    """
    assert schema is not None
    found: list[Values] = []
    issues: list[Issue] = []
    nameless: list[Values] = []
    for offset, change in enumerate(changes):
        values = read_one(schema, change)
        if isinstance(values, dict):
            # Most records have neither an id of their own nor rows.
            wrong = [] if change.id is None else _other(values, change)
            if schema.lines:
                wrong += _twice(values, schema)
                nameless += _nameless_rows(values, schema.lines)
            if wrong:
                issues += placed(wrong, at, offset)
            if change.id is not None:
                values["id"] = change.id
            elif "id" not in values:
                nameless.append(values)
            found.append(values)
        else:
            issues += placed(values, at, offset)
    if issues:
        raise RecordInvalid(tuple(issues))
    _identify(nameless)
    return found


def read_one(schema: InputSchema, change: Create | Update | Move | Upsert | Reverse) -> Values | tuple[Issue, ...]:
    """Return the typed values of one change as they were sent, handles in the place of secrets, or their issues."""
    given = change.values
    values = read_input(schema, given) if isinstance(given, bytes) else read_values(schema, given)
    if schema.secrets and isinstance(values, dict):
        hide(values, schema.secrets)
    return values


def has_secrets(model: AppModel, changes: Sequence[Change]) -> bool:
    """Whether changes of one entity may bring secrets, which a statement of their own keeps."""
    schema = model.inputs.get(changes[0].entity)
    return schema is not None and bool(schema.secrets)


def renumbered(issues: Iterable[Issue], numbers: Sequence[int]) -> tuple[Issue, ...]:
    """Give the pointers of some changes that were numbered among themselves the numbers they have in their request."""
    moved = []
    for found in issues:
        first, slash, rest = found.pointer[1:].partition("/")
        moved.append(found.at(f"/{numbers[int(first)]}{slash}{rest}"))
    return tuple(moved)


def placed(issues: Iterable[Issue], at: int | None, offset: int) -> list[Issue]:
    """Give the pointers of a request of several changes the number of the change."""
    return list(issues) if at is None else [found.at(f"/{at + offset}{found.pointer}") for found in issues]


def _other(values: Values, change: Create | Update | Move) -> list[Issue]:
    """Return an issue where the values carry the id of another record."""
    if values.get("id", change.id) == change.id:
        return []
    return [issue(MESSAGES, "record-id-differs", "/id")]


def _twice(values: Values, schema: InputSchema) -> list[Issue]:
    """Return an issue for every row whose id another row before it has."""
    issues = []
    for key in schema.lines:
        seen = set()
        for position, row in enumerate(values.get(key) or ()):
            if row.get("id") in seen:
                name = schema.entity.fields[key].name
                issues.append(issue(MESSAGES, "record-line-twice", f"/{key}/{position}/id", None, name=name))
            seen |= {row["id"]} if "id" in row else set()
    return issues


def _nameless_rows(values: Values, lines: Iterable[str]) -> list[Values]:
    """Return the rows that have no id yet."""
    return [row for key in lines for row in values.get(key) or () if "id" not in row]


def _identify(nameless: Sequence[Values]) -> None:
    """Give records and rows an id; those of all at once, and in order, cost a fourth of one after the other."""
    if nameless:
        for record, record_id in zip(nameless, new_ids(len(nameless)), strict=True):
            record["id"] = record_id
