"""A statement of a publish in, run; what the records there are do not allow out as issues that name field and constraint."""

from collections.abc import Iterator
from contextlib import contextmanager

import asyncpg

from dougong.model.app_model import AppModel
from dougong.model.definition import EntityDefinition
from dougong.model.messages import MESSAGES
from dougong.model.resolve_fields import unique_pointer
from dougong.publishing.broken import unique_names
from dougong.registry.errors import DefinitionInvalid
from dougong.store.names import name_of, place_of, quoted, unique_name
from dougong.store.save import Executor
from engines.entity.entity import Entity
from engines.values.issue import Issue, issue


async def run_statement(executor: Executor, model: AppModel, statement: str) -> None:
    """Run a statement; raises DefinitionInvalid where records break a constraint or are too long for an index."""
    with telling(model, statement):
        await executor.fetch(statement)


@contextmanager
def telling(model: AppModel, statement: str = "") -> Iterator[None]:
    """Let what records do not allow be told as issues: raises DefinitionInvalid in place of what PostgreSQL raised.

    statement: the one being run; PostgreSQL does not say of which index a text is too long.
    """
    try:
        yield
    except asyncpg.UniqueViolationError as error:
        for entry, entity in _defined(model):
            for unique in entity.unique:
                name = unique_name(entity, unique)
                if error.constraint_name in (name, place_of(entity, name)):
                    at, names = unique_pointer(entry, unique.key), unique_names(entity, unique)
                    # What is saved while the index is made; whoever publishes again is told which records.
                    raise DefinitionInvalid(
                        (issue(MESSAGES, "definition-unique-broken", at, None, name=names, records="…"),)
                    ) from error
        raise
    except asyncpg.ProgramLimitExceededError as error:
        # Texts of a time when nothing was indexed here; the definition itself allows none that are so long.
        issues = tuple(_too_long(model, statement))
        raise (DefinitionInvalid(issues) if issues else error) from error


def _too_long(model: AppModel, statement: str) -> Iterator[Issue]:
    """Give an issue for the field or constraint whose index a statement was to make."""
    places = [
        (entity, f"{entity.pointer}/fields/{field.key}/indexed", field.name, name_of(entity, field.column or "", "index"))
        for entity in model.entities.values()
        for field in entity.stored_fields
    ]
    places += [
        (entity, unique_pointer(entry, unique.key), unique_names(entity, unique), unique_name(entity, unique))
        for entry, entity in _defined(model)
        for unique in entity.unique
    ]
    for entity, place, label, name in places:
        if quoted(name) in statement or quoted(place_of(entity, name)) in statement:
            yield issue(MESSAGES, "definition-index-values", place, None, name=label)


def _defined(model: AppModel) -> Iterator[tuple[EntityDefinition, Entity]]:
    """Give every entity as it is resolved, rows too, with how it, or what owns it, is written."""
    entries = {entry.key: entry for entry in model.definition.entities if isinstance(entry, EntityDefinition)}
    for entity in model.entities.values():
        yield entries[entity.parent or entity.key], entity
