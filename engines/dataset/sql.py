"""Query -> one SELECT that answers with the page as JSON: records, cursors of both ends and the count asked for."""

from collections.abc import Callable, Iterable
from typing import Any

from sqlalchemy import (
    ColumnElement,
    Select,
    Text,
    and_,
    bindparam,
    case,
    cast,
    collate,
    false,
    func,
    literal_column,
    null,
    or_,
    select,
    union_all,
)
from sqlalchemy.dialects.postgresql import ARRAY, TSQUERY
from sqlalchemy.sql.selectable import CTE, Subquery

from engines.dataset.any_reference import any_title
from engines.dataset.links import NONE, link_columns
from engines.dataset.paths import Path
from engines.dataset.query import Query, Sort, Sources
from engines.dataset.rows import Rows
from engines.entity.entity import Entity
from engines.expression.sql_context import SqlContext

COUNTED = 10_000
"""An estimate counts so many rows exactly; where there are more it says so."""
USERS = ("created_by", "updated_by")


def page_sql(query: Query, sources: Sources, context: SqlContext) -> Select[Any]:
    """Return the statement of a list page.

    Parameters it binds beside those of the conditions: `key_0`, `key_1`, … (the row of `after` and `before`, the value
    of `from`), `limit`, and what a Search binds when the query searches.
    """
    backwards = query.page.kind in ("end", "before")
    page, *beyond = [_arm(query, sources, context, branch, backwards) for branch in _branches(query, backwards)]
    if beyond:
        first = page.cte("near")
        # The rest is looked for only where the near part does not fill the page.
        is_short = select(func.count()).select_from(first).scalar_subquery() < bindparam("limit")
        parts = [select(first), *(select(arm.where(is_short).subquery()) for arm in beyond)]
        page = _ordered(query, union_all(*parts).subquery("u"), backwards)
    rows = page.cte("q")
    shown = select(*(rows.c[name] for name in list(rows.c.keys()) if not name.startswith("__"))).select_from(rows)
    order = _order([rows.c[f"__{i}"] for i in range(len(query.sort))], query.sort, False)
    record = shown.order_by(*order).subquery("_r") if backwards else shown.subquery("_r")
    records = select(func.coalesce(cast(func.json_agg(func.row_to_json(literal_column("_r"))), Text), "[]")).select_from(
        record
    )
    near, far = _cursor(query, rows, None), _cursor(query, rows, bindparam("limit") - 1)
    following, preceding = (near, far) if backwards else (far, near)
    nothing: Select[Any] = select(literal_column("'null'"))
    following = nothing if query.page.kind == "end" else following
    preceding = nothing if query.page.kind == "start" else preceding
    total, is_exact = _total(query, sources, context)
    return select(
        as_bytes(func.concat(
            '{"records":', records.scalar_subquery(),
            ',"next":', func.coalesce(following.scalar_subquery(), literal_column("'null'")),
            ',"previous":', func.coalesce(preceding.scalar_subquery(), literal_column("'null'")),
            ',"total":', total, ',"total_is_exact":', is_exact, "}",
        ))
    )  # fmt: skip


def rows_sql(query: Query, sources: Sources, context: SqlContext) -> Select[Any]:
    """Return the statement of all records of a list in its order, each as JSON in bytes; it binds what a Search binds when the query searches."""
    rows = Rows(query.entity, sources, context)
    where = _where(query, rows, context)
    keys = [_key(rows.value(s.path.in_order), s) for s in query.sort]
    shown = output_columns(rows, query.fields, False)
    record = select(*shown).select_from(rows.source).where(and_(*where)).order_by(*_order(keys, query.sort, False)).subquery("_r")
    return select(as_bytes(cast(func.row_to_json(literal_column("_r")), Text))).select_from(record)


def matching_sql(query: Query, sources: Sources, context: SqlContext) -> Select[Any]:
    """Return the statement of all records that match, for PostgreSQL to say how many it expects."""
    rows = Rows(query.entity, sources, context)
    where = _where(query, rows, context)
    return select(literal_column("1")).select_from(rows.source).where(and_(*where))


def as_bytes(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return JSON text as bytes in UTF-8, so that the server hands them on without decoding and encoding them."""
    return func.convert_to(text, literal_column("'UTF8'"))


def output_columns(rows: Rows, paths: Iterable[Path], users: bool) -> list[ColumnElement[Any]]:
    """Return the columns of a record as JSON shows them: numbers as text, references with the title of their record.

    users: whether created_by and updated_by get the person's name as well.
    """
    columns: list[ColumnElement[Any]] = []
    for path in paths:
        field = path.field
        if field is not None and field.link_table is not None:
            columns += [_where_shown(rows, path, column, NONE) for column in link_columns(rows, path.names, field)]
            continue
        column = rows.column(path.names)
        if field is not None and field.value_type.name == "number":
            column = cast(func.trim_scale(column), Text)
        columns.append(column.label(path.key))
        if path.to is not None and (users or path.names[-1] not in USERS):
            columns.append(rows.column(path.in_order).label(f"{path.key}__title"))
        if field is not None and field.any_of:
            columns.append(_where_shown(rows, path, any_title(rows, path.names, field).label(f"{path.key}__title"), null()))
        if field is not None and field.error_column is not None:
            columns.append(rows.column((*path.names[:-1], f"{path.names[-1]}__error")).label(f"{path.key}__error"))
    return columns


def _where_shown(rows: Rows, path: Path, column: ColumnElement[Any], otherwise: ColumnElement[Any]) -> ColumnElement[Any]:
    shown = rows.shown(path.names)
    return column if shown is None else case((shown, column), else_=otherwise).label(column.name)


def live(rows: Rows) -> ColumnElement[bool]:
    """Return the condition that a record, or the owner of a row, is not in the trash."""
    if rows.entity.parent is None:
        return rows.root.c.deleted_at.is_(None)
    _, owner = rows.join(("parent",))
    return owner.c.deleted_at.is_(None)


def searched(entity: Entity, column: Callable[[str], ColumnElement[Any]]) -> ColumnElement[Any] | None:
    """Return the text of a record that words are looked for in, as the index on its terms has it; None where there is none."""
    text: ColumnElement[Any] | None = None
    for field in entity.search_fields:
        one = func.coalesce(column(field.key), literal_column("''"))
        text = one if text is None else text.op("||")(literal_column("E'\\n'")).op("||")(one)
    return text


def folded_sql(text: ColumnElement[Any]) -> ColumnElement[Any]:
    """Return a text without width and case, as `folded` has what somebody typed."""
    return func.lower(collate(func.normalize(text, literal_column("NFKC")), "C"))


def is_found(rows: Rows) -> ColumnElement[bool]:
    """Return the condition that a record has the words of a Search, bound as its `bound` says."""
    text = searched(rows.entity, lambda key: rows.column((key,)))
    kept = searched(rows.guard.entity, lambda key: rows.guard.column((key,)))
    if text is None or kept is None:
        return false()
    likes, patterns = (bindparam(name, type_=ARRAY(Text())) for name in ("likes", "patterns"))
    terms = cast(bindparam("terms", type_=Text()), TSQUERY())
    # The index is on the terms of all texts; which of them who asks may read is seen in those few records.
    has_terms = func.dougong.search_terms(kept).op("@@", is_comparison=True)(terms)
    # Terms that say it all have neither likes nor patterns: they are then looked for among what is shown as well.
    known = [] if _is_all_shown(rows) else [func.dougong.search_terms(text).op("@@", is_comparison=True)(terms)]
    nothing: ColumnElement[Any] = literal_column("0")
    alike = or_(func.cardinality(likes) == nothing, folded_sql(text).op("LIKE")(func.all(likes)))
    spelt = or_(func.cardinality(patterns) == nothing, func.dougong.search_text(text).op("~")(func.all(patterns)))
    # What has the terms has most likely the words as well. PostgreSQL takes conditions for independent, and would expect next to nothing
    # of a common word and collect all its records; it takes coalesce for one in two, and walks to the few a page shows.
    return and_(has_terms, *(func.coalesce(one, false()) for one in (alike, spelt, *known)))


def _is_all_shown(rows: Rows) -> bool:
    """Whether who asks may read every text that the index is on, in each record."""
    shown = [rows.entity.fields.get(field.key) for field in rows.guard.entity.search_fields]
    return all(field is not None and field.shown_when is None and not field.is_masked for field in shown)


def _where(query: Query, rows: Rows, context: SqlContext) -> list[ColumnElement[bool]]:
    conditions = [~live(rows) if query.trash else live(rows), *(rows.policy(tree) for tree in query.policies)]
    conditions += [rows.condition(tree) for tree in query.conditions]
    if query.search:
        conditions.append(is_found(rows))
    return conditions


def _arm(query: Query, sources: Sources, context: SqlContext, branch: list[str], backwards: bool) -> Select[Any]:
    rows = Rows(query.entity, sources, context)
    where = _where(query, rows, context)
    keys = [_key(rows.value(s.path.in_order), s) for s in query.sort]
    where += _position(query, keys, rows.value(query.sort[0].path.in_order), branch, backwards)
    shown = output_columns(rows, query.fields, False)
    values = [rows.value(s.path.in_order).label(f"__value_{i}") for i, s in enumerate(query.sort) if s.path.is_words]
    statement = select(*shown, *(k.label(f"__{i}") for i, k in enumerate(keys)), *values)
    statement = statement.select_from(rows.source).where(and_(*where))
    return statement.order_by(*_order(keys, query.sort, backwards)).limit(bindparam("limit"))


def _key(value: ColumnElement[Any], sort: Sort) -> ColumnElement[Any]:
    return func.dougong.sort_key(value, type_=Text()) if sort.path.is_words else value


def _ordered(query: Query, union: Subquery, backwards: bool) -> Select[Any]:
    keys = [union.c[f"__{i}"] for i in range(len(query.sort))]
    return select(union).order_by(*_order(keys, query.sort, backwards)).limit(bindparam("limit"))


def _order(keys: list[Any], sort: tuple[Sort, ...], backwards: bool) -> list[Any]:
    # PostgreSQL's defaults, blanks last ascending and first descending, are what an index on the column serves both ways.
    return [key.desc() if s.descending is not backwards else key.asc() for key, s in zip(keys, sort, strict=True)]


def _branches(query: Query, backwards: bool) -> list[list[str]]:
    """Return the regions of the page, each a range an index can seek to.

    A position in the order of a column that can be blank lies among the values, with the blanks after them or not, or
    among the blanks. `rest` is the region of the first column, `seek` the place inside it.
    """
    page, first = query.page, query.sort[0]
    blanks_follow = first.descending is backwards
    if page.kind in ("start", "end"):
        # Blanks apart, PostgreSQL can walk the other table in its order and look up the records of each of its rows.
        is_far = len(first.path.in_order) > 1
        return [["all"]] if not is_far else [["values"], ["blanks"]] if blanks_follow else [["blanks"], ["values"]]
    if page.kind == "from":
        return [["from"], ["blanks"]] if blanks_follow and not first.is_id else [["from"]]
    if first.is_id:
        return [["seek"]]
    is_blank = page.blanks[0]
    if is_blank:
        return [["seek-blank"]] if blanks_follow else [["seek-blank"], ["values"]]
    return [["seek"], ["blanks"]] if blanks_follow else [["seek"]]


def _position(query: Query, keys: list[Any], first_value: ColumnElement[Any], branch: list[str], backwards: bool) -> list[ColumnElement[bool]]:
    region, first = branch[0], query.sort[0]
    bounds = [_key(bindparam(f"key_{i}", type_=key.type), query.sort[i]) for i, key in enumerate(keys)]
    if region == "all":
        return []
    if region == "blanks":
        return [first_value.is_(None)]  # not its key, which would be made for every record to see that it is blank
    if region == "values":
        return [keys[0].is_not(None)]
    if region == "from":
        return [keys[0] <= bounds[0] if first.descending else keys[0] >= bounds[0]]
    if region == "seek-blank":
        return [first_value.is_(None), _beyond(query, keys, bounds, 1, backwards)]
    edge = keys[0] <= bounds[0] if first.descending is not backwards else keys[0] >= bounds[0]
    return [edge, _beyond(query, keys, bounds, 0, backwards)]


def _beyond(query: Query, keys: list[Any], bounds: list[Any], at: int, backwards: bool) -> ColumnElement[bool]:
    """Return the condition that a row comes after the given one, by the sort fields from `at` on."""
    if at == len(keys):
        return false()
    key, bound, falls = keys[at], bounds[at], query.sort[at].descending is not backwards
    rest = _beyond(query, keys, bounds, at + 1, backwards)
    if query.page.blanks[at] and at > 0:
        return or_(and_(key.is_(None), rest), key.is_not(None) if falls else false())
    past = key < bound if falls else key > bound
    if not query.sort[at].is_id and at > 0 and not falls:
        past = or_(past, key.is_(None))
    return or_(past, and_(key == bound, rest)) if at + 1 < len(keys) else past


def _cursor(query: Query, rows: CTE, offset: ColumnElement[Any] | None) -> Select[Any]:
    parts = []
    for index, s in enumerate(query.sort):
        column = rows.c[f"__value_{index}" if s.path.is_words else f"__{index}"]
        is_number = s.path.field is not None and s.path.order_type.name == "number"
        parts.append(cast(func.trim_scale(column), Text) if is_number else column)
    statement = select(cast(func.json_build_array(*parts), Text)).select_from(rows)
    return statement.limit(1) if offset is None else statement.offset(offset).limit(1)


def _total(query: Query, sources: Sources, context: SqlContext) -> tuple[Any, Any]:
    if query.total == "none":
        return literal_column("'null'"), literal_column("'null'")
    rows = Rows(query.entity, sources, context)
    where = _where(query, rows, context)
    if query.total == "exact":
        count = select(func.count()).select_from(rows.source).where(and_(*where)).scalar_subquery()
        return count, literal_column("'true'")
    some = select(literal_column("1")).select_from(rows.source).where(and_(*where)).limit(COUNTED + 1).subquery()
    counted = select(func.count().label("n")).select_from(some).cte("counted")
    found = select(counted.c.n).scalar_subquery()
    is_plain = not query.conditions and not query.policies and not query.search
    estimate: Any = func.greatest(_table_rows(query.entity), COUNTED) if is_plain else literal_column(str(COUNTED))
    is_more = found > COUNTED
    return case((is_more, estimate), else_=found), case((is_more, "false"), else_="true")


def _table_rows(entity: Entity) -> ColumnElement[Any]:
    name = f'"{entity.schema}"."{entity.table}"'
    return literal_column(f"(SELECT greatest(reltuples, 0)::bigint FROM pg_class WHERE oid = '{name}'::regclass)")
