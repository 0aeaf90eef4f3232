"""Each property of each type of element is changed in turn: what differs is told once, in words, without keys; documents in, texts out."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from dougong.model.app_model import AppModel
from dougong.model.compare import Change, compare
from dougong.model.definition import AppDefinition, EntityExtension
from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from tests.everything import Property, everything, others, properties

Document = dict[str, Any]
PROPERTIES = tuple(properties(everything()))
TYPES = sorted({one.type.__name__ for one in PROPERTIES})
NO_LABEL = {"InverseDefinition.key", "StatesDefinition.key", "StateDefinition.name", "SectionNode.name"}
"""What shows a key, having nothing else to show: the key itself has changed, or a name is gone."""


@pytest.fixture(scope="module")
def organization() -> AppModel:
    """Return the model of the organization package."""
    model, _ = resolve(read_package("organization"))
    assert model is not None
    return model


def test_everything_is_an_app_and_holds_every_type(organization: AppModel) -> None:
    model, issues = resolve(everything(), 1, {}, organization)
    assert model is not None, issues
    assert {*TYPES, EntityExtension.__name__, AppDefinition.__name__} == {*AppDefinition.model_json_schema()["$defs"], AppDefinition.__name__}


@pytest.mark.parametrize("kind", TYPES)
def test_each_property_is_told_in_words(organization: AppModel, kind: str) -> None:
    wrong = {}
    for one in PROPERTIES:
        if one.type.__name__ == kind:
            for changed, value in variants(one):
                before, after = compare(whole(), changed, organization), compare(changed, whole(), organization)
                count = _count(one) if value is None else 1
                told = [*_wrong(one, before, count), *_wrong(one, after, count)]
                if told:
                    wrong[f"{one.name} = {value}"] = told
    assert wrong == {}


@pytest.mark.parametrize("name", [name for name, value in everything().items() if isinstance(value, list) and name not in ("languages", "requires")])
def test_what_is_new_is_told_without_keys(organization: AppModel, name: str) -> None:
    """Each element of a list is taken out and put in again."""
    for number in range(len(everything()[name])):
        document = whole()
        del document[name][number]
        [new], [gone] = compare(document, whole(), organization), compare(whole(), document, organization)
        assert (new.kind, gone.kind) == ("added", "removed")
        assert [text for text in (*_texts(new), *_texts(gone)) if _is_raw(text)] == []


def whole() -> Document:
    """Return the document of everything, whose parts are nowhere the same object."""
    document: Document = json.loads(json.dumps(everything()))
    return document


def variants(one: Property) -> Iterator[tuple[Document, Any]]:
    """Give the document with each other value of a property that says something else than now."""
    here: Any = everything()
    for part in one.place:
        here = here[part]
    for value in others(one, here.get(one.name)):
        said = [one.info.default if each is None and not one.info.is_required() else each for each in (here.get(one.name), value)]
        if said[0] == said[1] or not (said[0] or said[1]):
            continue
        changed: Any = whole()
        there = changed
        for part in one.place:
            there = there[part]
        if value is None:
            del there[one.name]
        else:
            there[one.name] = value
        yield changed, value


def _count(one: Property) -> int:
    """Return how often it is told that a property is gone: once for each element it holds."""
    here: Any = everything()
    for part in (*one.place, one.name):
        here = here[part]
    return len(here) if isinstance(here, list) and here and isinstance(here[0], dict) else 1


def _wrong(one: Property, changes: tuple[Change, ...], count: int) -> list[str]:
    """Return what is wrong with how a change of one property is told."""
    if len(changes) != count:
        return [f"told {len(changes)} times"]
    told = list(_texts(changes[0]))
    raw = [] if f"{one.type.__name__}.{one.name}" in NO_LABEL else [text for text in told if _is_raw(text)]
    nameless = [name["en"] for part in changes[0].properties if not re.search("[一-龥]", (name := part.name)["zh-CN"])]
    silent = [] if changes[0].properties or changes[0].kind != "changed" else ["no property is told"]
    same = [part.name["en"] for part in changes[0].properties if part.before == part.after and f"{one.type.__name__}.{one.name}" not in NO_LABEL]
    return [*raw, *nameless, *silent, *same]


def _texts(change: Change) -> Iterator[str]:
    for words in (change.text, *(one for part in change.properties for one in (part.name, part.before, part.after))):
        yield from _spoken(words)


def _spoken(words: Mapping[str, str] | None) -> Iterator[str]:
    yield from (() if words is None else words.values())


def _is_raw(text: str) -> bool:
    """Whether a text holds a key, or JSON."""
    return "_k" in text or re.search(r'[\[{]"|":', text) is not None
