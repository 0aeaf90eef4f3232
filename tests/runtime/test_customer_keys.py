"""Keys of what a customer adds to elements of packages: which of them a later version of the package may bring as well."""

from __future__ import annotations

from typing import Any

import pytest

from dougong.packages.customer_keys import key_warnings
from tests.workshop import Document, element, entity, options


def document(**others: object) -> Document:
    """Return entities that hold something of every kind."""
    card = entity(
        "card", "name", element("name", "text"), element("rank", "choice", options=options("low")),
        element("rows", "lines", fields=[element("worth", "number")]),
        states={"key": "state", "start": "open", "states": options("open"), "transitions": [{"key": "close", "from": ["open"], "to": "open"}]},
    )  # fmt: skip
    return {"entities": [card], **others}


def added(at: str, key: str) -> Document:
    """Return the document with an element more in a list."""
    made: Any = document()
    here = made["entities"][0]
    for segment in at.split("/"):
        here = next(one for one in here if one["key"] == segment) if isinstance(here, list) else here[segment]
    here.append({"key": key, "kind": "text"})
    return dict(made)


@pytest.mark.parametrize("at", ["fields", "fields/rank/options", "fields/rows/fields", "states/states", "states/transitions"])
def test_what_is_added_to_an_element_of_a_package(at: str) -> None:
    packages = {"cards": document()}
    (told,) = key_warnings(packages, document(), added(at, "more"))
    assert (told.code, told.pointer) == ("package-customer-key", f"/entities/card/{at}/more")
    assert "cards" in told.message["zh-CN"] and "cards" in told.message["en"]
    assert key_warnings(packages, document(), added(at, "x_more")) == ()
    assert key_warnings({}, document(), added(at, "more")) == (), "who offers no package brings no later version"
    assert key_warnings(packages, added(at, "more"), added(at, "more")) == (), "what is published is fixed"
    assert key_warnings({"cards": added(at, "more")}, document(), added(at, "more")) == (), "the package has it itself"


def test_what_packages_add_and_what_is_all_the_customers_own() -> None:
    adding = {"entities": [{"extend": "card", "fields": [{"key": "crm_score", "kind": "number"}]}]}
    packages = {"cards": document(), "crm": adding}
    assert key_warnings(packages, document(), added("fields", "crm_score")) == ()
    own = document()
    own["entities"] = [*own["entities"], entity("visit", "name", element("name", "text"))]
    assert key_warnings(packages, document(), own) == ()
    assert key_warnings(packages, document(), {"entities": "none"}) == ()
