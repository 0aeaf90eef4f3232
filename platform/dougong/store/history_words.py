"""What history keeps of one change in, its fields and rows out as people are told of them: from, to, titles of records."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from typing import Any

from dougong.model.app_model import AppModel
from dougong.permissions.access import Access
from dougong.store.titles import Titles
from engines.entity.entity import FILES, SYSTEM_TYPES, Entity
from engines.entity.shown import as_shown, value_shown

Pair = tuple[str, Any, Any]
FilesOf = Callable[[object], object]
"""What is known of the files of a list."""


def told(
    model: AppModel, access: Access, action: str, changes: Mapping[str, Any], titles: Titles, files_of: FilesOf, only: str | None = None
) -> dict[str, Any]:
    """Return `fields` (field, from, to, and titles where they are records, and what is known of files), `rows` (field, id, action, fields), and `transition`.

    That is the key of the transition the record took by the change, None where it took none.

    model: as who asks sees it. only: the one field to tell of, None for all.
    """
    entity, changes = access.seen, _told_of(model, access, action, changes)
    fields = [pair for pair in _pairs(entity, action, changes) if only in (None, pair[0])]
    return {
        "transition": None if entity.states is None or action == "create" else changes.get(f"{entity.states.key}__transition"),
        "fields": [_told(entity, pair, titles, files_of) for pair in fields],
        "rows": [
            {"field": key, "id": row_id, "action": did, "fields": [_told(rows, pair, titles, files_of) for pair in pairs]}
            for key, rows, row_id, did, pairs in _rows(model, entity, action, changes)
            if only in (None, key)
        ],
    }


def _told_of(model: AppModel, access: Access, action: str, changes: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return a change without what is hidden from who asks, also what was a field once: nobody can say any more whom it was hidden from."""
    if access.is_whole:
        return changes
    if action == "create":
        return as_shown(access.seen, model.entities.__getitem__, changes)
    return _changes_shown(access.seen, model, changes)


def _changes_shown(seen: Entity, model: AppModel, changes: Mapping[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key, change in changes.items():
        field = seen.fields.get(key.partition("__")[0])
        if field is None or field.shown_when is not None:
            continue
        if field.lines is not None and isinstance(change, dict):
            found[key] = {row_id: _row_shown(model.entities[field.lines], model, row_id, what) for row_id, what in change.items()}
        else:
            found[key] = [value_shown(field, one) for one in change] if isinstance(change, list) else change
    return found


def _row_shown(rows: Entity, model: AppModel, row_id: str, what: Any) -> Any:  # noqa: ANN401 – as history keeps it
    if row_id == "order":
        return what
    if isinstance(what, dict):
        return _changes_shown(rows, model, what)
    return [None if row is None else as_shown(rows, model.entities.__getitem__, row) for row in what]


def written_references(model: AppModel, access: Access, action: str, changes: Mapping[str, Any]) -> Mapping[str, set[str]]:
    """Return the ids of the records that a change speaks of, by entity key; model: as who asks sees it."""
    entity, changes = access.seen, _told_of(model, access, action, changes)
    found: dict[str, set[str]] = {}
    for pair in _pairs(entity, action, changes):
        _collect(entity, pair, found)
    for _, rows, _, _, pairs in _rows(model, entity, action, changes):
        for pair in pairs:
            _collect(rows, pair, found)
    return found


def _collect(entity: Entity, pair: Pair, found: dict[str, set[str]]) -> None:
    field = entity.fields.get(pair[0])
    if field is not None and field.target is not None:
        for value in pair[1:]:
            found.setdefault(field.target, set()).update(_ids(value))
    if field is not None and field.any_of:
        for value in pair[1:]:
            if isinstance(value, Mapping) and value.get("entity") in field.any_of:
                found.setdefault(value["entity"], set()).add(value["id"])


def titles_of(titles: Titles, target: str, value: object) -> object:
    """Return the title of the record a value points to, or the titles of several; None where nobody may tell it."""
    names = titles.get(target, {})
    if isinstance(value, list):
        return [names.get(one) for one in value]
    return names.get(value) if isinstance(value, str) else None


def title_of_any(titles: Titles, value: object) -> str | None:
    """Return the title of a record of one of several entities; None where nobody may tell it."""
    return None if not isinstance(value, Mapping) else titles.get(value["entity"], {}).get(value["id"])


def _ids(value: object) -> list[str]:
    """Return the ids in the value of a reference, or of a field of several."""
    return [value] if isinstance(value, str) else [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _told(entity: Entity, pair: Pair, titles: Titles, files_of: FilesOf) -> dict[str, Any]:
    key, old, new = pair
    shown = {"field": key, "from": old, "to": new}
    field = entity.fields.get(key)
    if field is not None and field.target is not None:
        for name, value in (("from__title", old), ("to__title", new)):
            shown[name] = titles_of(titles, field.target, value)
    if field is not None and field.links == FILES:
        shown |= {"from__files": files_of(old), "to__files": files_of(new)}
    if field is not None and field.any_of:
        for name, value in (("from__title", old), ("to__title", new)):
            shown[name] = title_of_any(titles, value)
    return shown


def _pairs(entity: Entity, action: str, changes: Mapping[str, Any]) -> Iterator[Pair]:
    """Give each field's old and new value, in the order of the entity's fields; what is no field any more comes last."""
    if action != "create":
        for key in _in_order(entity, changes):
            if isinstance(changes[key], list) and not key.endswith("__error"):
                yield key, changes[key][0], changes[key][1]
        return
    yield from _made(entity, changes)


def _made(entity: Entity, record: Mapping[str, Any]) -> Iterator[Pair]:
    for key in _in_order(entity, record):
        value = record[key]
        is_own = key not in SYSTEM_TYPES and "__" not in key and key not in ("position", "parent")
        if is_own and value is not None and not _is_rows(entity, key, value):
            yield key, None, value


def _is_rows(entity: Entity, key: str, value: object) -> bool:
    field = entity.fields.get(key)
    if field is not None:
        return field.lines is not None
    return isinstance(value, list) and all(isinstance(row, dict) and "id" in row for row in value)


def _rows(
    model: AppModel, entity: Entity, action: str, changes: Mapping[str, Any]
) -> Iterator[tuple[str, Entity, str, str, list[Pair]]]:
    """Give each row that was added, changed or taken away, with its fields."""
    for field in entity.line_fields:
        assert field.lines is not None
        rows, changed = model.entities[field.lines], changes.get(field.key)
        if action == "create":
            for row in changed or ():
                yield field.key, rows, row["id"], "create", list(_made(rows, row))
        elif isinstance(changed, dict):
            for row_id, what in changed.items():
                if row_id == "order":
                    continue
                if isinstance(what, dict):
                    yield field.key, rows, row_id, "update", list(_pairs(rows, "update", what))
                elif what[0] is None:
                    yield field.key, rows, row_id, "create", list(_made(rows, what[1]))
                else:
                    yield field.key, rows, row_id, "delete", [(k, old, None) for k, _, old in _made(rows, what[0])]


def _in_order(entity: Entity, keys: Iterable[str]) -> list[str]:
    """Return keys in the order of the entity's fields, others behind them."""
    there = list(keys)
    return [key for key in entity.fields if key in there] + [key for key in there if key not in entity.fields]
