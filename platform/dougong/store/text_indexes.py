"""An app's model and the indexes there are in; the statements out that index its texts for search and for the order people expect."""

from collections.abc import Collection, Iterator
from hashlib import sha256

from dougong.model.app_model import AppModel
from dougong.store.columns import Physical
from dougong.store.names import name_of, quoted, table_name
from engines.entity.entity import Entity


def text_index_statements(model: AppModel, tables: Physical, names: Collection[str]) -> Iterator[str]:
    """Give the statements that drop what is not wanted any more and make what is missing; rows of sub-tables have none.

    The order of titles has an index over all records: a reference to one in the trash is still shown, and sorted, by its title.
    """
    for entity in model.entities.values():
        if entity.parent is not None:
            continue
        wanted = dict(_wanted(entity))
        columns = {*tables.get(entity.table, {}), *(field.column or "" for field in entity.stored_fields)}
        former = {name_of(entity, column, "order") for column in columns}
        former |= {name for name in names if name.startswith(_terms_name(entity, ""))}
        for name in sorted((former & set(names)) - wanted.keys()):
            yield f"DROP STATISTICS IF EXISTS {quoted(entity.schema, name)}"
            yield f"DROP INDEX {quoted(entity.schema, name)}"
        for name in sorted(wanted.keys() - set(names)):
            yield f"CREATE INDEX {quoted(name)} ON {table_name(entity)} {wanted[name]}"
            if name.startswith(_terms_name(entity, "")):
                # What the index itself is analysed for the planner does not look at: without this every word counts as rare as any.
                yield f"CREATE STATISTICS IF NOT EXISTS {quoted(entity.schema, name)} ON ({_terms(entity)}) FROM {table_name(entity)}"


def _wanted(entity: Entity) -> Iterator[tuple[str, str]]:
    for field in entity.stored_fields:
        if field.is_words and (field.is_indexed or field.key == entity.title):
            column = field.column or ""
            where = "" if field.key == entity.title else " WHERE deleted_at IS NULL"
            yield name_of(entity, column, "order"), f"(dougong.sort_key({quoted(column)}), id){where}"
    if entity.search_fields:
        digest = sha256(_text(entity).encode()).hexdigest()[:6]
        yield _terms_name(entity, digest), f"USING gin ({_terms(entity)}) WHERE deleted_at IS NULL"


def _terms(entity: Entity) -> str:
    return f"dougong.search_terms({_text(entity)})"


def _text(entity: Entity) -> str:
    """Return the searched text of a record as `engines.dataset.sql.searched` writes it."""
    return " || E'\\n' || ".join(f"coalesce({quoted(field.column or '')}, '')" for field in entity.search_fields)


def _terms_name(entity: Entity, digest: str) -> str:
    """Return the name of the index of its terms; what it indexes is part of it, so that another choice of fields is another index."""
    return f"{entity.table}__terms__{digest}"
