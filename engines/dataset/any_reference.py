"""References to a record of one of several entities as parts of a query: a field in, its value, its ways on and its title out."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from sqlalchemy import ColumnElement, FromClause, Text, case, cast, func, literal_column

from engines.entity.entity import Entity, Field
from engines.entity.field_kinds import FIELD_KINDS
from engines.values.value_types import OPTION, name_among, record_of

if TYPE_CHECKING:
    from engines.dataset.rows import Rows

_ENTITY, _ID, _BETWEEN = (literal_column(text, Text()) for text in ("'entity'", "'id'", "'/'"))


def among(entity: Entity, field: Field) -> Entity:
    """Return what paths go on to from a reference to any, as an entity: which entity it is, its id, and a reference to each that it may be."""
    ways = {name_among(one): Field(name_among(one), FIELD_KINDS["reference"], {}, record_of(one), column=field.column, to=one, any_of=(one,))
            for one in field.any_of}  # fmt: skip
    own = {
        "entity": Field("entity", FIELD_KINDS["choice"], {}, OPTION, column=field.entity_column),
        "id": Field("id", FIELD_KINDS["reference"], {}, record_of(None), column=field.column),
    }
    return Entity(entity.app, field.key, {}, "id", {**ways, **own})


def any_id(table: FromClause, field: Field) -> ColumnElement[Any]:
    """Return the id of the record where it is one of the entity that a way goes on to, NULL where it is of another."""
    is_one = table.c[field.entity_column or ""] == literal_column(f"'{field.to}'", Text())
    return case((is_one, table.c[field.column or ""]))


def any_json(table: FromClause, field: Field) -> ColumnElement[Any]:
    """Return the value as JSON shows it, NULL for a blank."""
    record = table.c[field.column or ""]
    return case((record.is_not(None), func.json_build_object(_ENTITY, table.c[field.entity_column or ""], _ID, record)))


def any_text(table: FromClause, field: Field) -> ColumnElement[Any]:
    """Return the value as expressions compare it: `customer/…`."""
    return table.c[field.entity_column or ""].op("||")(_BETWEEN).op("||")(cast(table.c[field.column or ""], Text()))


def any_title(rows: Rows, names: tuple[str, ...], field: Field) -> ColumnElement[Any]:
    """Return the title of the record, NULL where the actor may not read it."""
    titles = []
    for one in field.any_of:
        way = (*names, name_among(one))
        target, _ = rows.join(way)
        titles.append(cast(rows.column((*way, target.title)), Text()))
    return titles[0] if len(titles) == 1 else func.coalesce(*titles)
