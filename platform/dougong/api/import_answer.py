"""An import and the model in, how it is answered out: columns by their letters, fields by their labels, what is wrong with the mapping."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from dougong.api.import_shapes import (
    ImportAnswer,
    ImportColumn,
    ImportCounts,
    ImportField,
    ImportIssue,
    ImportMapping,
    MappingIssue,
    Refusal,
    Severity,
)
from dougong.api.shapes import label
from dougong.errors import PlatformError
from dougong.model.app_model import AppModel
from dougong.permissions.access import seen_by
from dougong.permissions.actor import Actor
from dougong.sheets.columns import JOINT
from dougong.sheets.imports import Import
from dougong.sheets.plan import importable, matchable, must_be_filled, read_plan
from dougong.sheets.write_chunk import WARNING
from dougong.sheets.write_sheet import letters_of
from dougong.sites import Site


def import_answer(site: Site, model: AppModel, actor: Actor, found: Import, entities: Sequence[str]) -> ImportAnswer:
    """Return the answer."""
    said = found.found
    done, total = found.progress
    return ImportAnswer(
        id=found.id,
        state=found.state,  # type: ignore[arg-type]
        file_name=found.file_name,
        file_bytes=found.file_bytes,
        created_at=found.created_at,
        sheets=said.get("sheets", []),
        format=said.get("format", ""),
        encoding=said.get("encoding", ""),
        delimiter=said.get("delimiter", ""),
        rows=said.get("rows", 0),
        merged=said.get("merged", 0),
        columns=[ImportColumn(letters=letters_of(one["column"]), **one) for one in said.get("columns", [])],
        fields=_fields(seen_by(site, model, actor), found.mapping.get("entity", "")),
        entities=list(entities),
        mapping=ImportMapping(**found.mapping),
        mapping_issues=_mapping_issues(site, model, actor, found),
        counts=ImportCounts(**{name: found.counts.get(name, 0) for name in ImportCounts.model_fields}),
        done=done,
        total=total,
        written=found.done,
        change_set=found.change_set,
        refusal=None if found.refusal is None else Refusal(**found.refusal),
    )


def issue_entry(row: Any) -> ImportIssue:  # noqa: ANN401 – a row of asyncpg
    """Return one error with the address of its cell."""
    cell = f"{letters_of(row['col']) if row['col'] >= 0 else ''}{row['row']}"
    severity: Severity = "warning" if row["code"] == WARNING else "error"
    return ImportIssue(row=row["row"], column=row["col"], cell=cell, severity=severity, code=row["code"], message=orjson.loads(row["message"]))


def _fields(model: AppModel, entity_key: str) -> list[ImportField]:
    entity = model.entities.get(entity_key)
    if entity is None:
        return []
    listed = []
    for key, (field, lines) in importable(model, entity).items():
        name: Mapping[str, str] = field.name
        if lines is not None:
            languages = dict.fromkeys((*lines.name, *field.name))
            name = {language: f"{lines.name.get(language, lines.key)}{JOINT}{field.name.get(language, field.key)}" for language in languages}
        matches = []
        if field.target is not None:
            owner = entity if lines is None or lines.lines is None else model.entities[lines.lines]
            matches = [one.key for one in matchable(model.entity(owner.everywhere(field.target)))] + ["id"]
        required = must_be_filled(field) if lines is None else field.is_required
        listed.append(ImportField(key=key, label=label(name), kind=field.kind.key, required=required, matches=matches))
    return listed


def _mapping_issues(site: Site, model: AppModel, actor: Actor, found: Import) -> list[MappingIssue]:
    if found.state not in ("mapping", "checked") or not found.mapping.get("entity"):
        return []
    try:
        _, wrong = read_plan(site, model, actor, found.mapping, len(found.found["columns"]), found.found["last_row"])
    except PlatformError as refused:
        told = {language: refused.detail(language) for language in ("zh-CN", "en")}
        return [MappingIssue(pointer="/entity", code=refused.code, message=told)]
    return [MappingIssue(pointer=one.pointer, code=one.code, message=label(one.message)) for one in wrong]
