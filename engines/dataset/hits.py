"""Entities whose texts are looked through -> one SELECT that answers with the few best records of each, as JSON.

Of each entity two parts are asked for, and both stop early: records whose title begins with what was typed, in the order of titles, and
the latest that have all its words. The words may be pinyin, so what is typed is compared with titles only to say how good a record is.
"""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    func,
    literal_column,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY

from engines.dataset.query import Sources
from engines.dataset.rows import Rows
from engines.dataset.search import folded, literal, words_of
from engines.dataset.sql import as_bytes, folded_sql, is_found, live
from engines.entity.entity import Entity
from engines.expression.sql_context import SqlContext
from engines.expression.tree import TypedTree

EXACT, BEGINS, WORD, OTHER = range(4)
"""How good a hit is: its title is what was typed, begins with it, has its words at the beginning of words; the words are elsewhere."""

EACH = 5
"""Most records of one entity."""
_LOOKED_AT = 50
"""Of the records that have the words so many, the latest, are compared."""


@dataclass(frozen=True, slots=True)
class Titles:
    """What titles are compared with. begins: a LIKE pattern; words: regular expressions that a good title all matches."""

    typed: str
    begins: str
    words: tuple[str, ...]

    @property
    def bound(self) -> Mapping[str, object]:
        """The parameters of the statement beside those of the Search and of conditions."""
        return {"typed": self.typed, "begins": self.begins, "words": list(self.words), "each": EACH, "looked_at": _LOOKED_AT}


def titles_like(text: str) -> Titles:
    """Return how titles are compared with what somebody typed.

    >>> titles_like("ab 上海").words
    ('(^|[^a-z0-9])ab', '上海')
    """
    typed = " ".join(folded(text).split())
    begins = re.sub(r"([\\%_])", r"\\\1", typed) + "%"
    return Titles(typed, begins, tuple(_at_the_beginning(word) for word in words_of(text)))


def _at_the_beginning(word: str) -> str:
    pattern = literal(word)
    return f"(^|[^a-z0-9]){pattern}" if word[0].isascii() and word[0].isalnum() else pattern


def hits_sql(asked: Sequence[tuple[Entity, TypedTree | None]], sources: Sources, context: SqlContext) -> Select[Any]:
    """Return the statement for entities and the conditions on their readable rows; it binds what a Search and a Titles bind.

    The answer is a list of `{"entity", "id", "title", "rank", "texts"}`; a record may be in it twice. texts: the texts that were looked through.
    """
    parts = [part for entity, condition in asked for part in _parts(entity, condition, sources, context)]
    every = union_all(*(select(part) for part in parts)).subquery("_r")
    listed = func.coalesce(cast(func.json_agg(func.row_to_json(literal_column("_r"))), Text), "[]")
    return select(as_bytes(listed)).select_from(every)


def _parts(entity: Entity, condition: TypedTree | None, sources: Sources, context: SqlContext) -> list[Any]:
    parts = [_with_words(entity, condition, sources, context)]
    titled = entity.fields.get(entity.title)
    if titled is not None and titled.is_words and titled.column is not None:  # its order has an index
        parts.append(_beginning(entity, condition, sources, context))
    return parts


def _with_words(entity: Entity, condition: TypedTree | None, sources: Sources, context: SqlContext) -> Any:  # noqa: ANN401 – a subquery
    rows = Rows(entity, sources, context)
    where = [live(rows), *([] if condition is None else [rows.policy(condition)]), is_found(rows)]
    found = select(*_shown(rows)).select_from(rows.source).where(and_(*where))
    latest = found.order_by(rows.root.c.id.desc()).limit(bindparam("looked_at")).subquery()
    plain = folded_sql(latest.c.title)
    words = func.all(bindparam("words", type_=ARRAY(Text())))
    rank = case(
        (plain == bindparam("typed", type_=Text()), literal_column(str(EXACT))),
        (plain.op("LIKE")(bindparam("begins", type_=Text())), literal_column(str(BEGINS))),
        (plain.op("~")(words), literal_column(str(WORD))),
        else_=literal_column(str(OTHER)),
    )
    ranked = select(_named(entity), latest.c.id, latest.c.title, rank.label("rank"), latest.c.texts)
    return ranked.order_by(rank, latest.c.id.desc()).limit(bindparam("each")).subquery()


def _beginning(entity: Entity, condition: TypedTree | None, sources: Sources, context: SqlContext) -> Any:  # noqa: ANN401 – a subquery
    rows = Rows(entity, sources, context)
    title = rows.column((entity.title,))
    key, typed = func.dougong.sort_key(title, type_=Text()), bindparam("typed", type_=Text())
    first = func.dougong.sort_key(typed, type_=Text())
    plain = folded_sql(title)
    where = [live(rows), *([] if condition is None else [rows.policy(condition)])]
    # What begins with the typed text begins with its key but for characters that are read in another way before the next one.
    where += [key >= first, key < func.concat(first, literal_column("chr(1114111)")), plain.op("LIKE")(bindparam("begins", type_=Text()))]
    rank = case((plain == typed, literal_column(str(EXACT))), else_=literal_column(str(BEGINS)))
    found = select(_named(entity), *_shown(rows)[:2], rank.label("rank"), _shown(rows)[2]).select_from(rows.source)
    return found.where(and_(*where)).order_by(key, rows.root.c.id).limit(bindparam("each")).subquery()


def _named(entity: Entity) -> ColumnElement[Any]:
    return literal_column(f"'{entity.key}'", Text()).label("entity")


def _shown(rows: Rows) -> list[ColumnElement[Any]]:
    entity = rows.entity
    title = rows.column(rows.titled)
    texts = func.json_build_array(*(func.left(rows.column((field.key,)), literal_column("2000")) for field in entity.search_fields))
    return [rows.root.c.id, cast(title, Text).label("title"), texts.label("texts")]
