"""What a publish means for values there are: the version in use and the next model in, warnings with counts out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dougong.model.app_model import AppModel
from dougong.publishing.messages import MESSAGES
from dougong.sites import Site
from dougong.store.convert import conversion
from dougong.store.names import quoted
from dougong.store.save import Executor
from engines.entity.entity import Entity, Field
from engines.values.issue import Issue, issue

Labels = Mapping[str, str]
_OF_LIVE = "EXISTS (SELECT FROM {} owner WHERE owner.id = parent AND owner.deleted_at IS NULL)"


@dataclass(frozen=True, slots=True)
class _Question:
    """How many rows of a table are concerned by something. where: SQL over its columns; `{}` is the number of its parameter."""

    table: str
    where: str
    code: str
    pointer: str
    name: Labels
    parameter: object = None


async def read_warnings(executor: Executor, site: Site, before: AppModel, after: AppModel) -> tuple[Issue, ...]:
    """Return a warning for everything that leaves values behind, hides them or finds them wanting."""
    questions: dict[str, list[_Question]] = {}
    for question in _questions(before, after, str(site.zone)):
        questions.setdefault(question.table, []).append(question)
    warnings: list[Issue] = []
    for asked in questions.values():
        parameters = [question.parameter for question in asked if question.parameter is not None]
        places = iter(range(1, len(parameters) + 1))
        counts = ", ".join(
            f"count(*) FILTER (WHERE {q.where.format(next(places)) if q.parameter is not None else q.where}) AS n{index}"
            for index, q in enumerate(asked)
        )
        (row,) = await executor.fetch(f"SELECT {counts} FROM {asked[0].table}", *parameters)
        for index, question in enumerate(asked):
            count = row[f"n{index}"]
            if count:
                found = issue(MESSAGES, question.code, question.pointer, None, name=question.name, count=count)
                warnings.append(found)
    return tuple(warnings)


def _questions(before: AppModel, after: AppModel, zone: str) -> Iterator[_Question]:
    for key, entity in before.entities.items():
        live = "deleted_at IS NULL" if entity.parent is None else _OF_LIVE.format(quoted(entity.schema, entity.parent))
        table = quoted(entity.schema, entity.table)
        wanted = after.entities.get(key)
        if wanted is None:
            yield _Question(table, live, "definition-records-retired", entity.pointer, entity.name)
            continue
        for field in entity.stored_fields:
            if field.formula is None and field.kind.is_input:
                yield from _kept(table, live, entity, field, wanted.fields.get(field.key), zone)
        for field in entity.link_fields:
            yield from _kept_links(table, live, entity, field, wanted.fields.get(field.key))
        for field in wanted.fields.values():
            yield from _missing(table, live, entity, wanted, field)


def _kept(table: str, live: str, entity: Entity, field: Field, wanted: Field | None, zone: str) -> Iterator[_Question]:
    column = quoted(field.column or "")
    has_value = f"{live} AND {column} IS NOT NULL"
    at = f"{entity.pointer}/fields/{field.key}"
    if wanted is None:
        yield _Question(table, has_value, "definition-values-retired", at, field.name)
    elif wanted.column != field.column:
        rule = None if wanted.formula is not None else conversion(field, wanted, zone)
        if rule is None:
            yield _Question(table, has_value, "definition-values-left", at, wanted.name)
        else:
            yield _Question(table, f"{live} AND {rule.is_lost}", "definition-values-unconverted", at, wanted.name)
            yield _Question(table, f"{has_value} AND NOT {rule.is_lost}", "definition-values-converted", at, wanted.name)
    elif wanted.formula is None:
        for where, parameter in _limits(column, field, wanted):
            yield _Question(table, f"{live} AND {where}", "definition-values-outside", at, wanted.name, parameter)


def _kept_links(table: str, live: str, entity: Entity, field: Field, wanted: Field | None) -> Iterator[_Question]:
    has_value = f"{live} AND {_has_links(table, entity, field)}"
    at = f"{entity.pointer}/fields/{field.key}"
    if wanted is None:
        yield _Question(table, has_value, "definition-values-retired", at, field.name)
    elif wanted.link_table != field.link_table:
        yield _Question(table, has_value, "definition-values-left", at, wanted.name)


def _has_links(table: str, entity: Entity, field: Field) -> str:
    return f"EXISTS (SELECT FROM {quoted(entity.schema, field.link_table or '')} k WHERE k.record = {table}.id)"


def _limits(column: str, before: Field, after: Field) -> Iterator[tuple[str, object]]:
    """Give what a value there is may break of the limits that have become narrower."""
    gone = {option.key for option in before.options} - {option.key for option in after.options}
    if gone:
        yield f"{column} {'&&' if after.value_type.of is not None else '= ANY'} (${{}}::text[])", sorted(gone)
    if after.max_length is not None and (before.max_length is None or after.max_length < before.max_length):
        yield f"char_length({column}) > ${{}}::integer", after.max_length
    if after.minimum is not None and (before.minimum is None or after.minimum > before.minimum):
        yield f"{column} < ${{}}::numeric", after.minimum
    if after.maximum is not None and (before.maximum is None or after.maximum < before.maximum):
        yield f"{column} > ${{}}::numeric", after.maximum


def _missing(table: str, live: str, entity: Entity, wanted: Entity, field: Field) -> Iterator[_Question]:
    """Ask for records without a value of a field that becomes required."""
    former = entity.fields.get(field.key)
    if not field.is_required or field.formula is not None or not field.kind.is_input or (former and former.is_required):
        return
    at = f"{wanted.pointer}/fields/{field.key}"
    if field.lines is not None:
        rows = quoted(entity.schema, f"{entity.table}__{field.key}")
        lack = "true" if former is None else f"NOT EXISTS (SELECT FROM {rows} r WHERE r.parent = {table}.id)"
    elif field.link_table is not None:
        is_there = former is not None and former.link_table == field.link_table
        lack = f"NOT {_has_links(table, entity, field)}" if is_there else "true"
    else:
        is_there = former is not None and former.column == field.column
        lack = f"{quoted(field.column or '')} IS NULL" if is_there else "true"
    yield _Question(table, f"{live} AND {lack}", "definition-values-missing", at, field.name)
