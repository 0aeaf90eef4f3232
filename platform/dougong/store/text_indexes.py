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
            yield f"DROP INDEX {quoted(entity.schema, name)}"
        for name in sorted(wanted.keys() - set(names)):
            yield f"CREATE INDEX {quoted(name)} ON {table_name(entity)} {wanted[name]}"


def _wanted(entity: Entity) -> Iterator[tuple[str, str]]:
    for field in entity.stored_fields:
        if field.is_words and (field.is_indexed or field.key == entity.title):
            column = field.column or ""
            where = "" if field.key == entity.title else " WHERE deleted_at IS NULL"
            yield name_of(entity, column, "order"), f"(dougong.sort_key({quoted(column)}), id){where}"
    columns = [quoted(field.column or "") for field in entity.search_fields]
    if columns:
        text = " || E'\\n' || ".join(f"coalesce({column}, '')" for column in columns)
        digest = sha256(text.encode()).hexdigest()[:6]
        yield _terms_name(entity, digest), f"USING gin (dougong.search_terms({text})) WHERE deleted_at IS NULL"


def _terms_name(entity: Entity, digest: str) -> str:
    """Return the name of the index of its terms; what it indexes is part of it, so that another choice of fields is another index."""
    return f"{entity.table}__terms__{digest}"
