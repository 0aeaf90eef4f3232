"""A form and an entity in, the fields a public link shows of it out, and those they are computed from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from dougong.model.app_model import AppModel
from dougong.model.definition import FormDefinition, InputNode
from engines.entity.entity import FILES, Entity, Field


def shown_fields(model: AppModel, entity: Entity, form: FormDefinition | None) -> dict[str, Field]:
    """Return what a form shows by its path, rows as `lines.price`, without what it hides; without a form everything."""
    found: dict[str, Field] = {}
    nodes = _inputs(form) if form is not None else [(key, None) for key in entity.fields]
    for key, node in nodes:
        field = entity.fields.get(key)
        if field is None:
            continue
        found[key] = field
        if field.lines is None:
            continue
        rows = model.entities[field.lines].fields
        columns = rows if node is None or node.columns is None else [column.key for column in node.columns if not column.hidden]
        found |= {f"{key}.{column}": rows[column] for column in columns if column in rows}
    return {path: field for path, field in found.items() if field.target != FILES}


def _inputs(form: FormDefinition) -> Iterator[tuple[str, InputNode | None]]:
    for section in form.nodes:
        if not section.hidden:
            yield from ((node.field, node) for node in section.nodes if not node.hidden)


def targets_of(field: Field) -> tuple[str, ...]:
    """Return the entities whose records a field can hold, none for one that points to nothing."""
    return field.any_of or ((field.target,) if field.target is not None else ())


def computed_from(model: AppModel, entity: Entity, paths: Iterable[str]) -> frozenset[str]:
    """Return the fields of an entity and its rows that some of them are computed from, and those again, as paths."""
    found: set[str] = set()
    waiting = list(paths)
    while waiting:
        for path in _reads(model, entity, waiting.pop()):
            if path not in found:
                found.add(path)
                waiting.append(path)
    return frozenset(found)


def _reads(model: AppModel, entity: Entity, path: str) -> Iterator[str]:
    lines, _, key = path.rpartition(".")
    field = (model.entities[f"{entity.key}.{lines}"] if lines else entity).fields[key]
    for read in () if field.formula is None else field.formula.reads:
        steps = (lines, *read) if lines and read[0] != "parent" else read[1:] if lines else read
        first = entity.fields.get(steps[0]) if steps else None
        if first is None:
            continue
        yield first.key
        if first.lines is not None and len(steps) > 1 and steps[1] in model.entities[first.lines].fields:
            yield f"{first.key}.{steps[1]}"
