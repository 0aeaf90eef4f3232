"""An app's model and the indexes there are in; the statements out that index its texts for search and for the order people expect."""

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from hashlib import sha256

from dougong.model.app_model import AppModel
from dougong.store.columns import Physical
from dougong.store.names import name_of, quoted, table_name
from dougong.store.save import Executor
from engines.entity.entity import Entity

# As PostgreSQL's planner guesses it: rows a page when it was last looked at, for the pages there are now.
_LARGE = """
    SELECT c.relname FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND c.relkind = 'r' AND pg_relation_size(c.oid) / 8192.0
        * CASE WHEN c.reltuples > 0 AND c.relpages > 0 THEN c.reltuples / c.relpages ELSE 80 END > $2"""
_UNFINISHED = """
    SELECT c.relname FROM pg_index i JOIN pg_class c ON c.oid = i.indexrelid JOIN pg_namespace n ON n.oid = c.relnamespace
    WHERE n.nspname = $1 AND NOT i.indisvalid"""


@dataclass(frozen=True, slots=True)
class TextIndex:
    """An index on texts of an entity. form: what it is made of, in SQL."""

    entity: Entity
    name: str
    form: str

    @property
    def quoted_name(self) -> str:
        """Its name with its schema."""
        return quoted(self.entity.schema, self.name)

    def create(self, concurrently: bool) -> str:
        """Return the statement that makes it; concurrently: while others write, outside a transaction."""
        return f"CREATE INDEX {'CONCURRENTLY ' if concurrently else ''}{quoted(self.name)} ON {table_name(self.entity)} {self.form}"

    @property
    def statistics(self) -> str | None:
        """The statement by which the planner will know how common each word is.

        What the index itself is analysed for the planner does not look at: without this every word counts as rare as any.
        """
        if not self.name.startswith(_terms_name(self.entity, "")):
            return None
        return f"CREATE STATISTICS IF NOT EXISTS {self.quoted_name} ON ({_terms(self.entity)}) FROM {table_name(self.entity)}"


@dataclass(frozen=True, slots=True)
class TextIndexPlan:
    """What a publish does about indexes of texts. now: statements that are soon done; late: indexes that are made after it."""

    now: tuple[str, ...]
    late: tuple[TextIndex, ...]


async def read_large(executor: Executor, app: str, rows: int) -> frozenset[str]:
    """Return the tables of an app that have more rows than so many: nobody is to wait while something is made of all of them."""
    return frozenset(row["relname"] for row in await executor.fetch(_LARGE, f"app_{app}", rows))


async def read_unfinished(executor: Executor, app: str) -> frozenset[str]:
    """Return the names of an app's indexes that are being made, or were until something stopped it; PostgreSQL does not use them."""
    return frozenset(row["relname"] for row in await executor.fetch(_UNFINISHED, f"app_{app}"))


def plan_text_indexes(
    model: AppModel, tables: Physical, names: Collection[str], large: Collection[str], unfinished: Collection[str]
) -> TextIndexPlan:
    """Return what drops the indexes that are not wanted any more and what makes the missing ones; rows of sub-tables have none.

    The order of titles has an index over all records: a reference to one in the trash is still shown, and sorted, by its title.
    """
    now: list[str] = []
    late: list[TextIndex] = []
    for entity in model.entities.values():
        if entity.parent is not None:
            continue
        wanted = {index.name: index for index in _wanted(entity)}
        columns = {*tables.get(entity.table, {}), *(field.column or "" for field in entity.stored_fields)}
        former = {name_of(entity, column, "order") for column in columns}
        former |= {name for name in names if name.startswith(_terms_name(entity, ""))}
        is_large = entity.table in large
        broken = set() if is_large else wanted.keys() & set(unfinished)
        for name in sorted(((former & set(names)) - wanted.keys()) | broken):
            now.append(f"DROP STATISTICS IF EXISTS {quoted(entity.schema, name)}")
            now.append(f"DROP INDEX {quoted(entity.schema, name)}")
        for name in sorted(wanted.keys() - (set(names) - set(unfinished))):
            if is_large:
                late.append(wanted[name])
            else:
                now += [wanted[name].create(False), *filter(None, [wanted[name].statistics])]
    return TextIndexPlan(tuple(now), tuple(late))


def _wanted(entity: Entity) -> Iterator[TextIndex]:
    for field in entity.stored_fields:
        if field.is_words and (field.is_indexed or field.key == entity.title):
            column = field.column or ""
            where = "" if field.key == entity.title else " WHERE deleted_at IS NULL"
            yield TextIndex(entity, name_of(entity, column, "order"), f"(dougong.sort_key({quoted(column)}), id){where}")
    if entity.search_fields:
        digest = sha256(_text(entity).encode()).hexdigest()[:6]
        yield TextIndex(entity, _terms_name(entity, digest), f"USING gin ({_terms(entity)}) WHERE deleted_at IS NULL")


def _terms(entity: Entity) -> str:
    return f"dougong.search_terms({_text(entity)})"


def _text(entity: Entity) -> str:
    """Return the searched text of a record as `engines.dataset.sql.searched` writes it."""
    return " || E'\\n' || ".join(f"coalesce({quoted(field.column or '')}, '')" for field in entity.search_fields)


def _terms_name(entity: Entity, digest: str) -> str:
    """Return the name of the index of its terms; what it indexes is part of it, so that another choice of fields is another index."""
    return f"{entity.table}__terms__{digest}"
