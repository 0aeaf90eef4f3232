"""An app document that holds every element and every property there is: its document out, with each place by the type that describes it.

Every key in it ends with `_k`, which no label does: words people read show no such key.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from types import UnionType
from typing import Annotated, Any, Literal, NamedTuple, Union, get_args, get_origin

from pydantic import BaseModel
from pydantic.fields import FieldInfo

from dougong.model.definition import AppDefinition
from dougong.model.definition_element import Words

Document = dict[str, Any]
Place = tuple[str | int, ...]


class Property(NamedTuple):
    """A property of a place: the type the place is of, the name in the document, and what its type says of it."""

    place: Place
    type: type[BaseModel]
    name: str
    info: FieldInfo


def label(text: str) -> Mapping[str, str]:
    """Return a label whose languages can be told apart."""
    return {"zh-CN": f"{text}（中）", "en": text.capitalize()}


def named(key: str, **others: object) -> Document:
    """Return an element; `from_` and `set_` stand for words Python keeps for itself."""
    return {"key": f"{key}_k", "name": label(key), **{name.rstrip("_"): value for name, value in others.items()}}


def field(key: str, kind: str, **others: object) -> Document:
    """Return a field."""
    return {**named(key, **others), "kind": kind}


def everything() -> Document:
    """Return the document."""
    options = [named("red", color="red"), named("green", color="green")]
    way_back = {"key": "backs_k", "name": label("backs")}
    fields = [
        field("word", "text", min_length=2, pattern="[A-Z]+", pattern_message=label("capitals"), help=label("hint"), required_when="flag_k"),
        field("story", "long_text"), field("number", "number", scale=3, min="1", max="9", default="2"),
        field("cost", "money", currency="CNY", currency_field="word_k"), field("flag", "boolean"), field("day", "date", min="TODAY()", max="TODAY() + 9"),
        field("moment", "datetime", min="NOW()"), field("colour", "choice", options=options, default='"red_k"'),
        field("friend", "reference", to="thing_k", where="active_k", inverse=way_back), field("friends", "references", to="thing_k"),
        field("whatever", "any_reference", to=["thing_k", "base_k"]), field("person", "member", where="active"), field("people", "members"),
        field("team", "department"), field("teams", "departments"), field("papers", "attachments", types=[".pdf"], max_size=5, max_count=3),
        field("pictures", "images", max_size=5), field("signed", "signature"), field("counted", "sequence", pattern="A-{0000}", mode="gapless", per=["colour_k"], date="day_k"),
        field("rich", "rich_text"), field("call", "phone"), field("mail", "email"), field("site", "url"), field("bars", "barcode"), field("hush", "secret"),
        field("part", "percent"), field("weight", "quantity", unit="kg", unit_field="word_k"), field("stars", "rating"), field("hour", "time"),
        field("span", "duration"), field("tags", "choices", options=options), field("region", "tree_choice", options=[*options, named("light", parent="red_k")]),
        field("home", "address"), field("spot", "location"), field("loose", "json", schema={"type": "object"}),
        field("twice", "number", formula="number_k * 2"), field("copied", "text", copy="friend_k.title_k"),
        field("rows", "lines", fields=[field("goods", "reference", to="thing_k", required=True), field("pieces", "number", min="0")]),
    ]  # fmt: skip
    thing = named(
        "thing", title="title_k", fields=[field("title", "text"), field("active", "boolean"), field("stock", "number"), field("low", "number"), field("high", "number")],
        unique=[{"key": "title_k", "fields": ["title_k"]}], guards=[{"key": "enough_k", "check": "stock_k >= 0", "message": label("enough")}],
    )  # fmt: skip
    base = named(
        "base", title="word_k", search=["word_k"], fields=fields,
        rules=[{"key": "sane_k", "check": "number_k > 0", "at": "number_k", "message": label("sane"), "severity": "warning"}],
        unique=[{"key": "once_k", "fields": ["rows_k.goods_k"], "where": "pieces_k > 1", "within": "parent", "message": label("once")}],
        period_lock={"date": "day_k", "entity": "period_k", "first": "begins_k", "last": "ends_k", "closed": "shut_k", "same": ["word_k"]},
        states=named(
            "phase", start="raw_k", states=[named("raw", color="grey"), named("done", can_delete=False)],
            transitions=[named("finish", from_=["raw_k"], to="done_k", when="number_k > 1", message=label("not yet"), set_={"flag_k": "TRUE"}, confirm=label("sure"))],
        ),
    )  # fmt: skip
    book = named(
        "book", kind="ledger", title="word_k", negates=["number_k"],
        fields=[field("word", "text"), field("number", "number"), field("rows", "lines", fields=[field("goods", "reference", to="thing_k"), field("pieces", "number"), field("code", "text")])],
        projections=[{
            "key": "sums_k", "entity": "thing_k", "rows": "rows_k", "by": {"title_k": "code_k"}, "add": {"stock_k": "pieces_k"},
            "guard": "stock_k >= 0", "message": label("short"),
        }],
    )  # fmt: skip
    period = named("period", title="word_k", fields=[field("word", "text"), field("begins", "date"), field("ends", "date"), field("shut", "boolean")])
    table = named(
        "table", kind="decision", title="word_k",
        fields=[field("word", "text"), field("low", "number"), field("high", "number"), field("rate", "number"), field("rank", "number"), field("since", "date"), field("till", "date")],
        decision={
            "inputs": [named("exact", match="eq", field="word_k"), named("between", match="range", from_="low_k", to="high_k")],
            "outputs": ["rate_k"], "policy": "first", "order": "rank_k", "first": "since_k", "last": "till_k", "overlap": "refuse",
        },
    )  # fmt: skip
    lines = {"key": "rows_k", "kind": "input", "field": "rows_k", "columns": [{"key": "goods_k", "width": 90}, {"key": "pieces_k", "hidden": True}]}
    inputs = [named("word", kind="input", field="word_k", span=2), lines]
    return {
        "format": "dougong.app/1", "key": "everything_k", "version": "1.2.3", "name": label("everything"), "description": label("all of it"), "icon": "shop",
        "languages": ["zh-CN", "en"], "requires": [{"package": "organization", "version": ">=1.0,<2"}],
        "entities": [base, thing, book, period, table],
        "forms": [named("sheet", entity="base_k", nodes=[named("main", kind="section", columns=3, nodes=inputs)]), named("slip", entity="thing_k", nodes=[])],
        "views": [
            named("list", kind="list", entity="base_k", form="sheet_k", filter='colour_k = "red_k"', columns=[{"key": "word_k", "width": 90}, {"key": "friend_k.title_k"}],
                  sort=[{"key": "day_k", "order": "descending"}]),
            named("things", kind="list", entity="thing_k", columns=[{"key": "title_k"}]),
        ],
        "menus": [named("work", icon="box", items=[named("all", view="list_k")])],
        "roles": [named("chief", installer=True, may=["design"]), named("clerk")],
        "policies": [{"key": "chief_base_k", "role": "chief_k", "entity": "base_k", "actions": ["read", "update"], "without": ["export"],
                      "rows": "own", "owner": "created_by", "where": "flag_k", "others": "read",
                      "levels": [{"key": "word_k", "level": "masked", "when": "number_k > 5"}, {"key": "rows_k.pieces_k", "level": "hidden"}]}],
        "seed": [{"key": "first_k", "entity": "thing_k", "by": "second_k", "values": {"title_k": "Bolt", "active_k": True}}],
        "demo": [{"key": "second_k", "entity": "base_k", "values": {"word_k": "AB", "colour_k": "red_k", "rows_k": [{"goods_k": "first_k", "pieces_k": "2"}]}}],
    }  # fmt: skip


def properties(document: Document) -> Iterator[Property]:
    """Give every property of the first place of each type in a document."""
    met: set[type[BaseModel]] = set()
    for place, model in _models(AppDefinition.model_validate(document), ()):
        if type(model) not in met:
            met.add(type(model))
            yield from (Property(place, type(model), info.alias or name, info) for name, info in type(model).model_fields.items())


def others(one: Property, now: object) -> Iterator[Any]:
    """Give values a property may say in the place of what it says now, None where it may be left out."""
    default = one.info.default
    kinds = list(_leaves(one.info.annotation))
    words = [value for kind in kinds if get_origin(kind) is Literal for value in get_args(kind)]
    if (one.type.__name__, one.name) in SAMPLES or one.name in SAMPLES:
        yield from SAMPLES.get((one.type.__name__, one.name), SAMPLES.get(one.name, ()))
    elif bool in kinds:
        yield not (default if now is None else now)
    elif int in kinds:
        yield int(str(now or default or 1)) + 1
    elif words:
        yield from ([value] if isinstance(now, list) or default == [] else value for value in words)
    elif Words in kinds:
        yield {"zh-CN": "新", "en": "New"}
    elif not any(_types(kind) for kind in kinds):
        raise AssertionError(f"no other value is known for {one.type.__name__}.{one.name}")
    if not one.info.is_required():
        yield None


SAMPLES: Mapping[str | tuple[str, str], Sequence[Any]] = {
    "key": (), "format": (), ("InverseDefinition", "key"): ("others_k",), ("StatesDefinition", "key"): ("others_k",), "kind": (),
    ("EntityDefinition", "kind"): ("single",), ("TextField", "kind"): ("long_text",), ("BarcodeField", "format"): ("qrcode", "ean13"),
    "version": ("2.0.0",), "icon": ("truck",), "package": (), ("Requirement", "version"): (">=1.1",),
    "requires": ([{"package": "organization", "version": ">=1.1"}],),
    "required_when": ("NOT flag_k",), "default": ("number_k",), "formula": ("number_k * 3",), "copy": ("friend_k.title_k",),
    "where": ("active_k OR stock_k > 2",), ("UniqueDefinition", "where"): ("pieces_k > 3",),
    **{(f"{kind}Field", "where"): ("NOT active",) for kind in ("Member", "Members", "Department", "Departments")},
    "to": ("base_k",), ("AnyReferenceField", "to"): (["base_k"],), "inverse": ({"key": "backs_k", "name": {"en": "Others"}},),
    "pattern": ("B-{000}",), "min": ("3",), "max": ("8",), ("RatingField", "max"): (6,), "currency": ("EUR",), "unit": ("g",),
    "currency_field": ("story_k",), "unit_field": ("story_k",), "types": ([".png", "image/*"],), "parent": ("green_k",), "schema": ({"type": "array"},),
    "per": (["word_k"],), "date": ("moment_k",), "check": ("number_k > 1",), ("GuardDefinition", "check"): ("low_k > 3",), "at": ("word_k",),
    "title": ("story_k",), "search": (["story_k"],), "negates": (["number_k"],), "period_lock": (), "states": (), "decision": (),
    ("UniqueDefinition", "fields"): (["rows_k.pieces_k"],), ("PeriodLockDefinition", "first"): ("ends_k",), ("PeriodLockDefinition", "last"): ("begins_k",), "closed": ("NOT shut_k",),
    ("PeriodLockDefinition", "entity"): ("thing_k",), "same": (["story_k"],), ("StatesDefinition", "start"): ("done_k",),
    "when": ("number_k > 7",), "from": (["raw_k", "done_k"],), ("TransitionDefinition", "to"): ("raw_k",),
    "set": ({"flag_k": "FALSE", "word_k": '"x"', "colour_k": '"green_k"'},), "guard": ("stock_k > 1",), "rows": (),
    ("PolicyDefinition", "rows"): ("all", "reports", "shared"), "actions": (["read"], ["update", "share"]), "without": (["print", "import"],), "owner": ("person_k",),
    ("PolicyDefinition", "where"): ("number_k > 7",), "levels": (), "offered_to": (["chief_k"],), "by": ({"title_k": 'code_k & "a"'},), "add": ({"low_k": "pieces_k", "stock_k": "-pieces_k"},),
    ("DecisionDefinition", "outputs"): (["rate_k", "rank_k"],), ("DecisionDefinition", "order"): ("low_k",),
    ("DecisionDefinition", "first"): ("till_k",), ("DecisionDefinition", "last"): ("since_k",), ("DecisionInputDefinition", "from"): ("high_k",),
    ("DecisionInputDefinition", "to"): ("low_k",), "field": ("story_k",), ("DecisionInputDefinition", "field"): ("low_k",),
    "entity": ("book_k",), "role": ("clerk_k",), "view": ("things_k",), "form": ("slip_k",), "filter": ("number_k > 7",),
    ("SeedRecord", "by"): ("first_k",), "values": ({"title_k": "Nut", "active_k": False, "stock_k": "3.5"},),
}  # fmt: skip
"""What else properties may say whose type does not tell, by name; where a name means several things, by type and name."""


def _leaves(annotation: Any) -> Iterator[Any]:  # noqa: ANN401 – any annotation
    """Give what an annotation may be: without what is said of it, one by one."""
    if get_origin(annotation) is Annotated:
        yield from _leaves(get_args(annotation)[0])
    elif get_origin(annotation) in (Union, UnionType):
        for part in get_args(annotation):
            yield from _leaves(part)
    elif get_origin(annotation) is list and get_origin(inner := next(_leaves(get_args(annotation)[0]))) is Literal:
        yield inner
    else:
        yield annotation


def _types(annotation: Any) -> bool:  # noqa: ANN401 – any annotation
    """Whether an annotation holds a type of elements, which are told by themselves."""
    is_type = isinstance(annotation, type) and get_origin(annotation) is None and issubclass(annotation, BaseModel)
    return is_type or any(_types(part) for part in get_args(annotation))


def _models(value: object, place: Place) -> Iterator[tuple[Place, BaseModel]]:
    if isinstance(value, BaseModel):
        yield place, value
        for name, info in type(value).model_fields.items():
            yield from _models(getattr(value, name), (*place, info.alias or name))
    elif isinstance(value, Sequence) and not isinstance(value, str):
        for number, one in enumerate(value):
            yield from _models(one, (*place, number))
