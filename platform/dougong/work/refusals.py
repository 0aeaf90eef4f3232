"""What refuses changes: constraints of the database in, what people are told about the field that broke one out."""

from collections.abc import Mapping

import asyncpg

from dougong.errors import PlatformError
from dougong.model.app_model import AppModel
from dougong.store.names import link_name, name_of, unique_name
from dougong.store.required import required_name
from dougong.work.request import Create, Request
from engines.entity.entity import Entity
from engines.entity.messages import MESSAGES
from engines.entity.uniques import not_unique
from engines.values.issue import Issue, issue


class EachRefused(Exception):
    """Some of many changes of one group are refused, each for a reason of its own; by their place in the group."""

    def __init__(self, errors: Mapping[int, PlatformError]) -> None:
        """Keep the reasons."""
        super().__init__(errors)
        self.errors = errors


def refuse(errors: Mapping[int, PlatformError], count: int) -> None:
    """Raise the reason for which the only change of a group is refused, or the reasons of those of many."""
    if errors and count == 1:
        raise errors[0]
    if errors:
        raise EachRefused(errors)


def told(error: PlatformError, pointer: str) -> list[Issue]:
    """Return what refuses one change of many as issues of their request."""
    if error.issues:
        return [found.at(pointer + found.pointer) for found in error.issues]
    return [Issue(error.code, {language: error.detail(language) for language in ("zh-CN", "en")}, pointer)]


def is_key_taken(error: asyncpg.PostgresError) -> bool:
    """Whether the idempotency key of a request came before."""
    return isinstance(error, asyncpg.UniqueViolationError) and error.constraint_name == "idempotency_pkey"


def is_record_taken(model: AppModel, request: Request, error: asyncpg.PostgresError) -> bool:
    """Whether a record that was to be created has the id of one that exists."""
    if not isinstance(error, asyncpg.UniqueViolationError):
        return False
    creates = {change.entity for change in request.changes if isinstance(change, Create)}
    return any(error.constraint_name == name_of(model.entities[key], "id", "pk") for key in creates)


def issues_of(model: AppModel, request: Request, error: asyncpg.PostgresError) -> tuple[Issue, ...]:
    """Return what a broken constraint means for the sender, nothing when it is none of theirs."""
    name = getattr(error, "constraint_name", None)
    for key in dict.fromkeys(change.entity for change in request.changes):
        entity = model.entities[key]
        lines = [(f"/{f.key}", model.entities[f.lines]) for f in entity.line_fields if f.lines is not None]
        for at, found in [("", entity), *lines]:
            issues = _issues(at, found, name) or _soon(at, found, error)
            if issues:
                return issues
    return ()


def _soon(at: str, entity: Entity, error: asyncpg.PostgresError) -> tuple[Issue, ...]:
    """Return what breaks a constraint that no version has yet: the one being published will, and its index holds already."""
    if not isinstance(error, asyncpg.UniqueViolationError) or (error.schema_name, error.table_name) != (entity.schema, entity.table):
        return ()
    columns = {part.strip(' "') for part in (error.detail or "").partition("(")[2].partition(")")[0].split(",")}
    return tuple(
        issue(MESSAGES, "record-not-unique-soon", f"{at}/{field.key}", None, name=field.name)
        for field in entity.stored_fields
        if field.column in columns
    )


def _issues(at: str, entity: Entity, name: str | None) -> tuple[Issue, ...]:
    for unique in entity.unique:
        if name == unique_name(entity, unique):
            return tuple(not_unique(entity, unique, at))
    for field in entity.reference_fields:
        if field.column is not None and name == name_of(entity, field.column, "fk"):
            return (issue(MESSAGES, "record-reference-missing", f"{at}/{field.key}", None, name=field.name),)
    for field in entity.link_fields:
        if name == link_name(field, "target_fk"):
            return (issue(MESSAGES, "record-reference-missing", f"{at}/{field.key}", None, name=field.name),)
    for field in entity.stored_fields:
        if field.is_required and name == required_name(entity, field.column or ""):
            return (issue(MESSAGES, "record-required", f"{at}/{field.key}", None, name=field.name),)
    if at and name == name_of(entity, "id", "pk"):
        return (issue(MESSAGES, "record-line-unknown", at, None, name=entity.name),)
    return ()
