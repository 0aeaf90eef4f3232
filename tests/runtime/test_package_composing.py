"""Packages composed: which version of each is taken, what is said where none fits, and where additions to others' elements go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from copy import deepcopy
from typing import Any

import pytest

from dougong.model.resolve import resolve
from dougong.packages.compose import compose
from dougong.packages.errors import PackageInvalid
from dougong.packages.requirements import MOST_PACKAGES
from tests.workshop import Document, element, entity, label, options, package

Place = tuple[str, str]


def of(key: str, version: str = "1.0.0", **requires: str) -> Document:
    """Return a package of one entity of its own, that requires others in some versions."""
    wanted = [{"package": name, "version": text} for name, text in requires.items()]
    return package(key, entity(f"{key}_thing", "name", element("name", "text")), version=version, requires=wanted, roles=[], policies=[])


def library(*packages: Document) -> Any:  # noqa: ANN401 – what compose takes
    """Return what gives the versions of packages."""
    return lambda key: [one for one in packages if one["key"] == key]


def refusal(document: Document, *packages: Document) -> Sequence[Mapping[str, Any]]:
    """Return what is wrong with a package among others."""
    with pytest.raises(PackageInvalid) as found:
        compose(document, library(*packages))
    return [{"place": (one.code, one.pointer), "en": one.message["en"]} for one in found.value.issues]


def entities(document: Mapping[str, Any]) -> list[str]:
    """Return the keys of a document's entities."""
    return [one["key"] for one in document["entities"]]


def test_what_is_required_comes_first_and_once() -> None:
    composed = compose(of("a", b=">=1", c=""), library(of("b", c=">=1,<3"), of("c", "2.0.0"), of("c", "3.0.0"), of("c", "1.0.0")))
    assert entities(composed) == ["c_thing", "b_thing", "a_thing"]
    assert composed["key"] == "a"
    assert composed["requires"] == []


def test_the_newest_version_is_taken_that_all_take() -> None:
    """C is chosen for A first; what B says of it narrows that, and the C that is taken then needs D no more."""
    newer = of("c", "2.1.0", d="")
    older = package("c", entity("older", "name", element("name", "text")), version="1.10.0", requires=[], roles=[], policies=[])
    oldest = package("c", entity("oldest", "name", element("name", "text")), version="1.9.0", requires=[], roles=[], policies=[])
    composed = compose(of("a", c="", b=""), library(newer, oldest, older, of("b", c="<2"), of("d")))
    assert entities(composed) == ["older", "b_thing", "a_thing"]


def test_what_does_not_fit_is_told_with_who_requires_what() -> None:
    (found,) = refusal(of("a", b="", c=">=2"), of("b", c="<2"), of("c", "1.0.0"), of("c", "2.0.0"))
    assert found["place"] == ("package-requires-conflict", "/requires/b")
    assert all(part in found["en"] for part in ("b: <2", "a: >=2", "2.0.0, 1.0.0")), found
    (found,) = refusal(of("a", b=">=2"), of("b"))
    assert found["place"] == ("package-requires-missing", "/requires/b")
    assert "versions there are: 1.0.0" in found["en"]
    (found,) = refusal(of("a", b=""), of("b", nothing="==1"))
    assert found["place"] == ("package-requires-missing", "/requires/b")
    assert "b requires it" in found["en"]
    (found,) = refusal(of("a", b="the newest"), of("b"))
    assert found["place"] == ("package-requires-range", "/requires/b/version")
    assert [one["place"] for one in refusal(of("a", b="1" * 80), of("b"))] == [("package-requires-range", "/requires/b/version")]


def test_packages_that_require_each_other() -> None:
    (found,) = refusal(of("a", b=""), of("b", c=""), of("c", a=""), of("a"))
    assert found["place"] == ("package-requires-cycle", "/requires/b")
    assert "a → b → c → a" in found["en"]
    (found,) = refusal(of("a", a=""))
    assert found["place"] == ("package-requires-cycle", "/requires/a")
    (found,) = refusal(of("a", b=""), of("b", c=""), of("c", b=""))
    assert "b → c → b" in found["en"]


def test_an_app_has_so_many_packages() -> None:
    chain = [of(f"p{n}", **({f"p{n + 1}": ""} if n < 2000 else {})) for n in range(2001)]
    by_key = {one["key"]: [one] for one in chain}
    with pytest.raises(PackageInvalid) as found:
        compose(chain[0], lambda key: by_key.get(key, []))
    assert [one.code for one in found.value.issues] == ["package-requires-many"]
    assert entities(compose(chain[2000 - MOST_PACKAGES + 1], lambda key: by_key.get(key, [])))[-1] == f"p{2000 - MOST_PACKAGES + 1}_thing"


@pytest.mark.parametrize(("name", "one"), [
    ("entities", entity("b_thing", "name", element("name", "text"))),
    ("roles", {"key": "boss", "name": label("Boss")}),
    ("menus", {"key": "main", "name": label("Main"), "items": []}),
    ("seed", {"key": "x", "entity": "b_thing", "values": {"name": "X"}}),
])  # fmt: skip
def test_two_packages_with_one_key(name: str, one: Document) -> None:
    theirs, ours = of("b"), of("a", b="")
    theirs[name] = [one]
    ours[name] = [*ours[name], deepcopy(one)]
    (found,) = refusal(ours, theirs)
    assert found["place"] == ("package-key-clash", f"/{name}/{one['key']}")
    assert "package b and in package a" in found["en"]


def base() -> Document:
    """Return a package with an element of every kind that can be extended."""
    item = entity(
        "item", "name", element("name", "text"), element("level", "choice", options=options("low", "high")), element("price", "money"),
        states={"key": "state", "start": "new", "states": [{"key": "new"}, {"key": "old"}],
                "transitions": [{"key": "age", "from": ["new"], "to": "old"}]},
    )  # fmt: skip
    nodes = [{"key": f"n_{name}", "kind": "input", "field": name} for name in ("name", "price")]
    return package(
        "base", item, requires=[],
        forms=[{"key": "item", "entity": "item", "name": label("Item"), "nodes": [
            {"key": "main", "kind": "section", "nodes": nodes}, {"key": "more", "kind": "section", "nodes": []}]}],
        views=[{"key": "items", "kind": "list", "entity": "item", "name": label("Items"), "columns": [{"key": "name"}, {"key": "price"}]}],
        menus=[{"key": "main", "name": label("Main"), "items": [{"key": "items", "view": "items"}]}],
        roles=[{"key": "manager", "name": label("Manager"), "may": ["design"]}],
    )  # fmt: skip


ADDED: Mapping[str, list[Any]] = {
    "entities": [{
        "extend": "item", "before": "price",
        "fields": [element("crm_score", "number"), {"extend": "level", "before": "high", "options": options("crm_middle")}],
        "rules": [{"key": "crm_positive", "check": "ISBLANK(crm_score) OR crm_score > 0", "message": label("Positive")}],
        "guards": [{"key": "crm_guard", "check": "ISBLANK(crm_score) OR crm_score < 100", "message": label("Below")}],
        "unique": [{"key": "crm_unique", "fields": ["crm_score", "name"]}],
        "states": {"states": [{"key": "crm_lost"}], "transitions": [{"key": "crm_lose", "from": ["new", "old"], "to": "crm_lost"}]},
    }],
    "forms": [
        {"extend": "item", "before": "more", "nodes": [
            {"key": "crm_section", "kind": "section", "nodes": [{"key": "level", "kind": "input", "field": "level"}]},
            {"extend": "main", "before": "n_price", "nodes": [{"key": "crm_score", "kind": "input", "field": "crm_score"}]}]},
        {"extend": "item", "nodes": [{"key": "crm_last", "kind": "section", "nodes": []}]},
    ],
    "views": [{"extend": "items", "before": "price", "columns": [{"key": "crm_score"}]}],
    "menus": [{"extend": "main", "items": [{"key": "crm_items", "view": "items"}]}],
    "roles": [{"extend": "manager", "may": ["publish", "design"]}],
}  # fmt: skip


def crm(**lists: list[Any]) -> Document:
    """Return a package that adds to the other."""
    return package("crm", **{"requires": [{"package": "base", "version": ""}], "roles": [], **deepcopy(dict(lists))})


def test_a_package_adds_to_elements_of_every_kind_in_their_places() -> None:
    before = base()
    composed = compose(crm(**ADDED), library(before))
    assert before == base()
    model, issues = resolve(composed)
    assert issues == ()
    assert model is not None
    item = model.entities["item"]
    assert list(item.fields) == ["name", "level", "crm_score", "price", "state"]
    assert [option.key for option in item.fields["level"].options] == ["low", "crm_middle", "high"]
    assert item.states is not None
    assert (list(item.states.states), list(item.states.transitions)) == (["new", "old", "crm_lost"], ["age", "crm_lose"])
    (found,) = composed["entities"]
    assert [found[name][-1]["key"] for name in ("rules", "guards", "unique")] == ["crm_positive", "crm_guard", "crm_unique"]
    assert [section.key for section in model.forms["item"].nodes] == ["main", "crm_section", "more", "crm_last"]
    assert [node.key for node in model.forms["item"].nodes[0].nodes] == ["n_name", "crm_score", "n_price"]
    assert [column.key for column in model.views["items"].columns] == ["name", "crm_score", "price"]
    assert [one.key for one in model.menus[0].items] == ["items", "crm_items"]
    assert model.roles["manager"].may == ["design", "publish"]
    assert compose(composed, library()) == composed


WRONG: list[tuple[Mapping[str, list[Any]], Place]] = [
    ({"entities": [{"extend": "item", "fields": [element("score", "number")]}]}, ("package-key-prefix", "/entities/item/fields/score")),
    ({"entities": [{"extend": "item", "fields": [element("crmscore", "number")]}]}, ("package-key-prefix", "/entities/item/fields/crmscore")),
    ({"entities": [{"extend": "item", "fields": [{"extend": "level", "options": options("middle")}]}]},
     ("package-key-prefix", "/entities/item/fields/level/options/middle")),
    ({"entities": [{"extend": "item", "states": {"states": [{"key": "lost"}]}}]}, ("package-key-prefix", "/entities/item/states/states/lost")),
    ({"forms": [{"extend": "item", "nodes": [{"key": "s", "kind": "section"}]}]}, ("package-key-prefix", "/forms/item/nodes/s")),
    ({"menus": [{"extend": "main", "items": [{"key": "i", "view": "items"}]}]}, ("package-key-prefix", "/menus/main/items/i")),
    ({"entities": [{"extend": "thing", "fields": []}]}, ("package-extends-unknown", "/entities/thing")),
    ({"entities": [{"extend": "organization.user", "fields": []}]}, ("package-extends-unknown", "/entities/organization.user")),
    ({"forms": [{"extend": "item", "nodes": [{"extend": "side", "nodes": []}]}]}, ("package-extends-unknown", "/forms/item/nodes/side")),
    ({"forms": [{"extend": "item", "before": "side", "nodes": []}]}, ("package-before-unknown", "/forms/item/before")),
    ({"roles": [{"extend": "boss", "may": []}]}, ("package-extends-unknown", "/roles/boss")),
]  # fmt: skip


@pytest.mark.parametrize(("lists", "place"), WRONG, ids=[" ".join(place) for _, place in WRONG])
def test_what_cannot_be_added(lists: Mapping[str, list[Any]], place: Place) -> None:
    assert [one["place"] for one in refusal(crm(**lists), base())] == [place]


def test_states_cannot_be_added_to_an_entity_without() -> None:
    without = base()
    del without["entities"][0]["states"]
    found = refusal(crm(entities=[{"extend": "item", "states": {"states": [{"key": "crm_lost"}]}}]), without)
    assert [one["place"] for one in found] == [("package-extends-unknown", "/entities/item/states")]


def test_a_customer_adds_under_keys_of_their_own() -> None:
    composed = compose(crm(entities=[{"extend": "item", "fields": [element("x_shelf", "text")]}]), library(base()))
    assert composed["entities"][0]["fields"][-1]["key"] == "x_shelf"
