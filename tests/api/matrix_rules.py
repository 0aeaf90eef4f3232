"""The rules of the channel × rule matrix: an app with one rule of each kind, and for each what breaks it and what lifts it."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from copy import deepcopy
from dataclasses import dataclass
from typing import Any

from engines.entity.messages import MESSAGES
from tests.workshop import Document, element, entity, label, options, package


@dataclass(frozen=True)
class Rule:
    """One kind of rule.

    code, at: what is told and where. values: what breaks it; `@name` stands for the id of a record that was made before.
    lift: takes the rule out of the document, in the one place where it is written. state: the state the record is in.
    """

    key: str
    code: str
    at: str
    values: Mapping[str, Any]
    lift: Callable[[Document], object]
    state: str = "open"


def laboratory(key: str) -> Document:
    """Return an app whose things have one rule of each kind."""
    rows = element("rows", "lines", fields=[
        element("item", "text", required=True), element("seat", "number", scale=0), element("serial", "text"),
        element("due", "date", max_="parent.until"),
    ])  # fmt: skip
    states = {
        "key": "state", "start": "open",
        "states": [{"key": "open"}, {"key": "sent"}, {"key": "shut", "read_only": True}, {"key": "gone"}],
        "transitions": [
            {"key": "send", "from": ["open"], "to": "sent", "when": "remark = \"ready\"", "message": label("Not ready")},
            {"key": "shut", "from": ["open"], "to": "shut"}, {"key": "touch", "from": ["open"], "to": "gone"},
            {"key": "lock", "from": ["shut"], "to": "shut"},
        ],
    }  # fmt: skip
    thing = entity(
        "thing", "name",
        element("code", "text", unique=True), element("name", "text", required=True, max_length=20, min_length=1), element("remark", "text"),
        element("n", "number", scale=2, min_="0", max_="100"), element("kind", "choice", options=options("a", "b")),
        element("ref", "reference", to="base", where="active"), element("fixed", "text", read_only=True),
        element("mark", "text", pattern="[a-z]*"), element("badge", "text"), element("from", "date", min_="DATE(2020, 1, 1)"), element("until", "date"), element("booked", "date"), element("lane", "text", default="UUID()"),
        element("reason", "text", required_when="n = 5"), rows,
        rules=[
            {"key": "luck", "check": "n <> 13", "at": "n", "message": label("Thirteen")},
            {"key": "doubt", "check": "n <> 7", "at": "n", "severity": "warning", "message": label("Seven")},
            {"key": "near", "check": "ISBLANK(ref.most) OR n <= ref.most", "at": "n", "message": label("Too many")},
            {"key": "others", "check": "COUNT(@thing[remark = parent.remark AND remark = \"once\" AND id <> parent.id]) = 0", "at": "remark",
             "message": label("Once")},
        ],
        guards=[{"key": "left", "check": "n <> 11", "message": label("Eleven")}],
        unique=[
            {"key": "seats", "fields": ["rows.seat"], "within": "parent"}, {"key": "serials", "fields": ["rows.serial"]},
            {"key": "badges", "fields": ["badge"], "where": 'kind = "a"'},
        ],
        kind="decision", decision={"inputs": [{"key": "lane", "match": "eq", "field": "lane"}], "outputs": ["n"], "policy": "only", "overlap": "refuse"},
        states=states, period_lock={"date": "booked", "entity": "base", "first": "first", "last": "last", "closed": "NOT active"},
    )  # fmt: skip
    base = entity("base", "name", element("name", "text"), element("active", "boolean"), element("most", "number"), element("first", "date"), element("last", "date"))
    return package(key, base, thing)


THING: Mapping[str, Any] = {
    "name": "x", "n": "1", "kind": "a", "until": "2030-01-01", "rows": [{"item": "i", "seat": "1"}, {"item": "j", "seat": "2"}],
}  # fmt: skip
"""A thing that breaks no rule."""


def _field(document: Document, key: str, rows: bool = False) -> Document:
    fields = document["entities"][1]["fields"]
    if rows:
        fields = next(one for one in fields if one["key"] == "rows")["fields"]
    return next(one for one in fields if one["key"] == key)


def _without(key: str, *names: str, rows: bool = False) -> Callable[[Document], object]:
    return lambda document: [_field(document, key, rows).pop(name) for name in names]


def _less(part: str, key: str) -> Callable[[Document], object]:
    """Return what takes an element out of a list of the entity."""

    def lift(document: Document) -> None:
        entity = document["entities"][1]
        entity[part] = [one for one in entity[part] if one["key"] != key]

    return lift


def _states(change: Callable[[Document], object]) -> Callable[[Document], object]:
    return lambda document: change(document["entities"][1]["states"])


def _transition(states: Document, key: str) -> Document:
    return next(one for one in states["transitions"] if one["key"] == key)


ROWS = THING["rows"]
RULES: Mapping[str, Rule] = {rule.key: rule for rule in (
    Rule("required", "record-required", "/name", {"name": None}, _without("name", "required")),
    Rule("required_in_rows", "record-required", "/rows/0/item", {"rows": [{**ROWS[0], "item": None}, ROWS[1]]}, _without("item", "required", rows=True)),
    Rule("required_when", "record-required", "/reason", {"n": "5"}, _without("reason", "required_when")),
    Rule("least", "record-number-too-small", "/n", {"n": "-1"}, _without("n", "min")),
    Rule("most", "record-number-too-large", "/n", {"n": "101"}, _without("n", "max")),
    Rule("longest", "record-text-too-long", "/name", {"name": "x" * 21}, _without("name", "max_length")),
    Rule("pattern", "record-text-pattern", "/mark", {"mark": "A1"}, _without("mark", "pattern")),
    Rule("option", "record-option-unknown", "/kind", {"kind": "c"}, lambda document: _field(document, "kind")["options"].extend(options("c"))),
    Rule("date", "record-date-early", "/from", {"from": "2019-12-31"}, _without("from", "min")),
    Rule("date_in_rows", "record-date-late", "/rows/1/due", {"rows": [ROWS[0], {**ROWS[1], "due": "2030-01-02"}]}, _without("due", "max", rows=True)),
    Rule("read_only", "record-field-read-only", "/fixed", {"fixed": "y"}, _without("fixed", "read_only")),
    Rule("reference", "record-reference-refused", "/ref", {"ref": "@idle"}, _without("ref", "where")),
    Rule("unique", "record-not-unique", "/code", {"code": "taken"}, _without("code", "unique")),
    Rule("unique_where", "record-not-unique", "/badge", {"badge": "taken"}, _less("unique", "badges")),
    Rule("unique_in_rows", "record-not-unique", "/rows/1/seat", {"rows": [ROWS[0], {**ROWS[1], "seat": "1"}]}, _less("unique", "seats")),
    Rule("unique_of_rows", "record-not-unique", "/rows/0/serial", {"rows": [{**ROWS[0], "serial": "taken"}, ROWS[1]]}, _less("unique", "serials")),
    Rule("check", "record-rule-broken", "/n", {"n": "13"}, _less("rules", "luck")),
    Rule("check_of_reference", "record-rule-broken", "/n", {"ref": "@small", "n": "4"}, _less("rules", "near")),
    Rule("check_of_others", "record-rule-broken", "/remark", {"remark": "once"}, _less("rules", "others")),
    Rule("guard", "record-rule-broken", "", {"n": "11"}, _less("guards", "left")),
    Rule("warning", "record-warning", "/n", {"n": "7"}, _less("rules", "doubt")),
    Rule("period", "record-period-closed", "/booked", {"booked": "2010-06-01"}, lambda document: document["entities"][1].pop("period_lock")),
    Rule("overlap", "record-rows-overlap", "/lane", {"lane": "taken"}, lambda document: document["entities"][1]["decision"].pop("overlap")),
    Rule("transition", "record-transition-guard", "/state", {"state": "sent"}, _states(lambda states: _transition(states, "send").pop("when"))),
    Rule("no_transition", "record-transition-end", "/state", {"state": "sent"},
         _states(lambda states: states["transitions"].append({"key": "more", "from": ["gone"], "to": "sent"})), "gone"),
    Rule("state", "record-state-read-only", "/remark", {"remark": "y"}, _states(lambda states: states["states"][2].pop("read_only")), "shut"),
)}  # fmt: skip
"""One rule of each kind, by name."""


def lifted(document: Document, rule: Rule) -> Document:
    """Return a copy of a document without a rule."""
    changed = deepcopy(document)
    rule.lift(changed)
    return changed


_SHAPE = "says that what was sent is no value of the field, or no request, at all; held by the tests of reading values"
_FORMULA = "is told of a formula that is to give the value in many changes; held by the tests of those"
_CHANNEL = "is told by one channel alone, about its own request"
OTHER_CODES: Mapping[str, str] = {
    "record-below-itself": "departments of the organization alone; tests/api/test_people.py",
    **dict.fromkeys(
        ("record-field-unknown", "record-wrong-type", "record-text-expected", "record-phone-invalid", "record-email-invalid", "record-url-invalid",
         "record-barcode-invalid", "record-time-invalid", "record-number-whole", "record-options-expected", "record-address-expected",
         "record-location-invalid", "record-part-unknown", "record-json-unstorable", "record-json-too-large", "record-json-schema",
         "record-text-invalid", "record-number-invalid", "record-number-inexact", "record-date-invalid", "record-datetime-invalid",
         "record-reference-invalid", "record-any-reference-invalid", "record-any-reference-entity", "record-file-invalid", "record-not-json", "record-not-object", "record-too-many-lines", "record-too-many-links"),
        _SHAPE,
    ),
    **dict.fromkeys(
        ("record-line-unknown", "record-line-twice", "record-key-unknown", "record-line-key-unknown", "record-key-blank", "record-field-changed",
         "record-change-twice", "record-guarded-missing", "record-guarded-key", "record-guarded-add", "record-guarded-one", "record-guarded-twice",
         "record-id-differs"),
        _CHANNEL,
    ),
    "record-not-unique-soon": "is told while a publish makes the index of a unique constraint; held by the tests of publishing",
    "record-guard-broken": "a guard is a rule; guarded changes tell it by this code of their own",
    **dict.fromkeys(("record-formula-type", "record-formula-reach", "record-formula-failed"), _FORMULA),
    **dict.fromkeys(("record-reversal-differs", "record-reversed", "record-projection-blank"), "is told of the entries of a ledger; held by its tests"),
    "record-text-too-short": "the same check of a text's length as the longest",
    "record-reference-missing": "no document can lift it: the database holds it as well",
    "record-secret-gone": "is told by undo of a secret that does not come back; held by the tests of secrets",
    "record-secret-mask": "is told of the mask of a secret that is sent back in place of a value; held by the tests of secrets",
    "record-file-missing": "no document can lift it: the database holds it as well",
    "record-file-type": "judges the file where it is uploaded and named; held by the tests of files",
    "record-file-too-large": "judges the file where it is uploaded and named; held by the tests of files",
    "record-transition-none": "the same judgement as at the end of the way, with other words",
    "record-transition-refused": "the same judgement as a guard with words of its own",
    "record-transition-value": "a value that a transition cannot work out; held by the tests of states",
    "record-state-kept": "judges a deletion, which carries no values; held by the tests of states",
}  # fmt: skip
"""Codes of records that are no row of the matrix, and why."""


def codes_left_out() -> set[str]:
    """Return the codes of records that are neither a rule of the matrix nor named as something else."""
    return set(MESSAGES) - {rule.code for rule in RULES.values()} - set(OTHER_CODES)
