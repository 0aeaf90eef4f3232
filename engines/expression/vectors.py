"""Takes the lines of `vectors/`, gives what each asks and expects: text, scope, record, context, answer; evaluates nothing."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any
from unicodedata import normalize
from uuid import NAMESPACE_OID, UUID, uuid5
from zoneinfo import ZoneInfo

from engines.expression.check import text_to_typed
from engines.expression.conversions import common
from engines.expression.evaluate import compile_python
from engines.expression.failure import Calendar, EvalContext, Given
from engines.expression.functions import FUNCTIONS
from engines.expression.rows_workday import CALENDAR_PARTS
from engines.expression.scope import Scope
from engines.values.issue import Issue
from engines.values.value_types import (
    BLANK,
    BOOL,
    DATE,
    DATETIME,
    NUMBER,
    OPTION,
    TEXT,
    AnyRecord,
    ErrorValue,
    Value,
    ValueType,
    any_record_of,
    entities_of,
    failing,
    list_of,
    name_among,
    record_of,
    type_from_text,
)

FOLDER = Path(__file__).with_name("vectors")
# JSON as it is read.
Json = Any
_NOW = "2024-05-15T10:00:00+08:00"


def random_digits() -> int:
    """Return the random digits of every vector, always the same so that answers can be compared."""
    return 123_456_789


def new_ids() -> Callable[[], UUID]:
    """Return what gives the new ids of a vector: another each time, and in each run the same."""
    numbers = count(1)
    return lambda: UUID(int=next(numbers), version=4)


@dataclass(frozen=True, slots=True)
class Approximate:
    """An expected number of which so many digits must be right."""

    value: Decimal
    relative: Decimal


@dataclass(frozen=True, slots=True)
class Vector:
    """One question to the language and its answer. tier: 2 when it calls a second-tier function, else 1."""

    id: str
    group: str
    tier: int
    text: str
    scope: Scope
    record: Mapping[str, Value]
    context: EvalContext
    expect: Value | Approximate


@cache
def read_vectors() -> tuple[Vector, ...]:
    """Return all vectors, in the order of their files and lines."""
    return tuple(
        read_vector(line) for path in sorted(FOLDER.glob("*.jsonl")) for line in path.read_text("utf-8").splitlines()
    )


def read_vector(line: str) -> Vector:
    """Return the vector a line writes; raises ValueError or KeyError for a line that writes none."""
    return _vector(json.loads(line, parse_float=Decimal, parse_int=Decimal))


# What a formula may be too much of is the error LIMIT, where a spreadsheet would show an error in the cell.
_LIMITS = ("expression-too-", "expression-number-too-large")


def refusal(issues: Iterable[Issue]) -> ErrorValue:
    """Return the error value that a text answers which a checker refuses: VALUE, unless it goes beyond a limit."""
    return ErrorValue("LIMIT" if any(issue.code.startswith(_LIMITS) for issue in issues) else "VALUE")


@cache
def read_examples() -> tuple[Vector, ...]:
    """Return the examples of the functions table as vectors: what each gives is another formula, computed by Python."""
    context = EvalContext(datetime.fromisoformat(_NOW), ZoneInfo("Asia/Shanghai"), random=random_digits, new_id=new_ids())
    nothing = Scope({}, lambda entity: None)

    def answer(text: str) -> Value:
        checked = text_to_typed(text, nothing)
        return refusal(checked.issues) if checked.tree is None else compile_python(checked.tree)({}, context)

    return tuple(
        Vector(f"{row.name}-{place}", "example", 1, text, nothing, {}, context, answer(gives))
        for row in FUNCTIONS.values()
        for place, (text, gives) in enumerate(row.examples, 1)
    )


@cache
def read_agreement() -> tuple[Vector, ...]:
    """Return formulas over records full of blanks, zeros and edges; what they expect is that all back ends agree.

    A `ratio` that is an error stands for a stored field whose formula failed. More formulas over the same records stand in
    lists of their own, one file a subject.
    """
    given = json.loads((FOLDER / "agreement.json").read_text("utf-8"), parse_float=Decimal, parse_int=Decimal)
    context = EvalContext(datetime.fromisoformat(given["now"]), ZoneInfo(given["zone"]), _id("user"), random_digits)
    records = [{name: _value(raw) for name, raw in record.items()} for record in given["records"]]
    more = [json.loads(path.read_text("utf-8")) for path in sorted(FOLDER.glob("agreement_*.json"))]
    return tuple(
        Vector(f"{text} of {place}", "agreement", 1, text, AGREEMENT_SCOPE, record, context, None)
        for text in (*given["formulas"], *(text for formulas in more for text in formulas))
        for place, record in enumerate(records)
    )


AGREEMENT_LINE = {"order": NUMBER, "q": NUMBER, "p": NUMBER, "name": TEXT}
AGREEMENT_FIELDS = {
    "id": NUMBER, "a": NUMBER, "b": NUMBER, "s": TEXT, "ok": BOOL, "day": DATE, "at": DATETIME,
    "ratio": failing(NUMBER), "lines": list_of(record_of("line")),
}  # fmt: skip
AGREEMENT_SCOPE = Scope(AGREEMENT_FIELDS, {"line": AGREEMENT_LINE}.get)


def holds(found: Value, expect: Value | Approximate) -> bool:
    """Tell whether an answer is the expected one: numbers by value, records by id (any text in a vector), times as instants."""
    if isinstance(expect, Approximate):
        return isinstance(found, Decimal) and abs(found - expect.value) <= expect.relative * max(abs(expect.value), Decimal(1))
    if isinstance(found, Mapping):
        return holds(found["id"], expect)
    if isinstance(expect, Mapping):
        return holds(found, expect["id"])
    if isinstance(expect, list):
        same_length = isinstance(found, list | tuple) and len(found) == len(expect)
        return same_length and all(holds(one, other) for one, other in zip(found, expect, strict=True))  # type: ignore[call-overload]
    if isinstance(expect, bool) or isinstance(found, bool):
        return found is expect
    if isinstance(found, UUID) and isinstance(expect, str):
        return found == _id(expect)
    return found == expect


def _vector(line: Mapping[str, Any]) -> Vector:
    context = line.get("ctx", {})
    entities: dict[str, dict[str, ValueType]] = {}
    given = {name: _value(raw) for name, raw in line["env"].items()}
    types = {name: _type(value, name, entities) for name, value in given.items()}
    record = {name: _kept(value) for name, value in given.items()}
    types |= {name: _declared(kind, types.get(name)) for name, kind in context.get("types", {}).items()}
    was = {name: _value(raw) for name, raw in context["old"].items()} if "old" in context else None
    for name, value in (was or {}).items():
        if types.get(name, BLANK) == BLANK:
            types[name] = _type(value, name, entities)
    old = None if was is None else {name: _kept(value) for name, value in was.items()}
    user: Any = _value(context["user"]) if "user" in context else None
    entities |= {name: {**fields} for name, fields in USER_FIELDS.items()}
    if user is not None:
        _type(user, "organization.user", entities)
    calendar = Calendar(*[tuple(_value(context.get("calendar", {}).get(part, []))) for part in CALENDAR_PARTS])  # type: ignore[arg-type]
    evaluation = EvalContext(
        datetime.fromisoformat(context.get("now", _NOW)), ZoneInfo(context.get("tz", "Asia/Shanghai")), user,
        calendar=calendar, random=random_digits,
        roles=frozenset(role for role in (user or {}).get("roles") or () if isinstance(role, str)),
        departments=frozenset(_names_of_departments(context.get("user"))), old=old, new_id=new_ids(),
    )  # fmt: skip
    for one in types.values():
        if among := entities_of(one):
            entities[one.entity or ""] = {**{name_among(key): record_of(key) for key in among}, "entity": OPTION}
            entities |= {key: {} for key in among if key not in entities}
    known = {name: _settled(fields) for name, fields in entities.items()}
    scope = Scope(_settled(types), known.get)
    record = {name: _sound(value, name) for name, value in record.items()}
    expect = _named(_expected(line["expect"]), _records(list(record.values())))
    return Vector(line["id"], line["group"], int(line.get("tier", 1)), line["expr"], scope, record, evaluation, expect)


# What a field of a vector may be declared to be, alone or as a list.
_DECLARED = frozenset({"number", "text", "bool", "date", "datetime", "option", "record", "blank"})
# What may be asked of the user at work where a vector names nobody.
_PERSON = {"name": TEXT, "mobile": TEXT, "email": TEXT}
USER_FIELDS: Mapping[str, Mapping[str, ValueType]] = {
    "organization.user": {
        **_PERSON,
        "roles": list_of(TEXT),
        "department": record_of("organization.user.department"),
        "manager": record_of("organization.user.manager"),
    },
    "organization.user.department": {"name": TEXT},
    "organization.user.manager": _PERSON,
}


def _names_of_departments(user: Json) -> Iterator[str]:
    """Give what names the departments of a user: names and ids, the latter also as they are written."""
    department = (user or {}).get("department")
    while department is not None:
        written = department["id"]
        yield from (written, str(_id(written)), department.get("name") or written)
        department = department.get("parent")


def _declared(kind: str, found: ValueType | None) -> ValueType:
    """Return a type that a vector names, as one that may be an error where its value is one; what it is else called is a blank."""
    declared = list_of(BLANK) if kind == "list" else type_from_text(kind)
    if (declared.of or declared).name not in _DECLARED:
        declared = BLANK
    return failing(declared) if found is not None and found.fails else declared


def _expected(raw: Json) -> Value | Approximate:
    if isinstance(raw, dict) and "$approx" in raw:
        return Approximate(Decimal(raw["$approx"]), Decimal(raw["rel"]))
    return [_expected(part) for part in raw] if isinstance(raw, list) else _value(raw)


def _value(raw: Json) -> Value:
    if isinstance(raw, list):
        return [_value(part) for part in raw]
    if isinstance(raw, str):
        return normalize("NFC", raw)
    if not isinstance(raw, dict):
        return raw
    if "$any" in raw:
        fields = {name: part for name, part in raw.items() if name != "$any"}
        record: Any = _value(fields)
        return {"id": AnyRecord(raw["$any"], record["id"]), name_among(raw["$any"]): record, "entity": raw["$any"]}
    if "$error" in raw:
        return ErrorValue(raw["$error"])
    if "$date" in raw:
        return date.fromisoformat(raw["$date"])
    if "$datetime" in raw:
        return datetime.fromisoformat(raw["$datetime"])
    return {name: _id(part) if name == "id" and isinstance(part, str) else _value(part) for name, part in raw.items()}


def _kept(value: Value) -> Value:
    """Return a field's value as a record keeps it: an empty text is a blank."""
    if isinstance(value, Mapping):
        return {name: _kept(part) for name, part in value.items()}
    if isinstance(value, list):
        return [_kept(part) if isinstance(part, Mapping) else part for part in value]
    return None if value == "" else value


def _id(text: str) -> UUID:
    return uuid5(NAMESPACE_OID, text)


_TYPES: dict[type, ValueType] = {
    type(None): BLANK, Decimal: NUMBER, str: TEXT, bool: BOOL, date: DATE, datetime: DATETIME, UUID: record_of(None),
    ErrorValue: failing(BLANK),
}  # fmt: skip


def _type(value: Given, name: str, entities: dict[str, dict[str, ValueType]]) -> ValueType:
    """Return the type of a value; a record makes an entity of the fields it has."""
    if isinstance(value, list):
        element = _common([_type(part, name, entities) for part in value])
        return failing(list_of(element)) if element.fails else list_of(element)
    if not isinstance(value, dict):
        return _TYPES[type(value)]
    if isinstance(value.get("id"), AnyRecord):
        _type(value[name_among(value["entity"])], value["entity"], entities)
        return any_record_of([value["entity"]])
    fields = entities.setdefault(name, {})
    for key, part in value.items():
        known = fields.get(key, BLANK)
        fields[key] = _common([known, _type(part, f"{name}.{key}", entities)])
    return record_of(name)


def _common(types: list[ValueType]) -> ValueType:
    """Return the type of several values; an error among them says no more than that there may be one."""
    shared = common(types)
    return failing(shared) if any(value_type.fails for value_type in types) else shared


def _settled(types: Mapping[str, ValueType]) -> dict[str, ValueType]:
    """Return types of fields in which what is nothing but an error may be a number."""
    return {name: _or_number(value_type) if value_type.fails else value_type for name, value_type in types.items()}


def _or_number(value_type: ValueType) -> ValueType:
    return failing({BLANK: NUMBER, list_of(BLANK): list_of(NUMBER)}.get(value_type, value_type))


def _sound(value: Json, way: str) -> Json:
    """Return a value in which each list with an error in it is that error, and each record has an id."""
    if isinstance(value, dict):
        return {"id": _id(way), **{name: _sound(part, f"{way}/{name}") for name, part in value.items()}}
    if isinstance(value, list):
        failures = [part for part in value if isinstance(part, ErrorValue)]
        return failures[0] if failures else [_sound(part, f"{way}/{place}") for place, part in enumerate(value)]
    return value


def _named(expect: Json, records: list[Json]) -> Json:
    """Return an expected value in which a record without an id is the one that has its fields."""
    if isinstance(expect, list):
        return [_named(part, records) for part in expect]
    if isinstance(expect, dict) and "id" not in expect:
        return next((each for each in records if expect.items() <= each.items()), {"id": None, **expect})
    return expect


def _records(value: Json) -> list[Json]:
    """Return the records in a value, outer ones first."""
    if isinstance(value, dict):
        return [value, *(record for part in value.values() for record in _records(part))]
    return [record for part in value for record in _records(part)] if isinstance(value, list) else []
