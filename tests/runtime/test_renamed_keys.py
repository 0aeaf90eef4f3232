"""What is called as before under another key: each kind of element whose data would not follow is told, nothing else is."""

from __future__ import annotations

from copy import deepcopy
from typing import Any

import pytest

from dougong.model.renamed_keys import renamed_keys
from tests.workshop import Document, element, entity, label, options


def document() -> Document:
    states = {"key": "state", "start": "open", "states": options("open", "done"), "transitions": []}
    rows = element("rows", "lines", fields=[element("worth", "number")])
    return {"entities": [entity("card", "name", element("name", "text"), element("rank", "choice", options=options("low")), rows, states=states)]}


def renamed(at: str, key: str) -> Document:
    """Return the document with another key of an element, whose label stays."""
    made: Any = deepcopy(document())
    here = made["entities"]
    for segment in at.split("/"):
        here = next(one for one in here if one["key"] == segment) if isinstance(here, list) else here[segment]
    here["key"] = key
    return dict(made)


@pytest.mark.parametrize(("at", "pointer"), [
    ("card", "/entities/other"), ("card/fields/name", "/entities/card/fields/other"), ("card/fields/rank/options/low", "/entities/card/fields/rank/options/other"),
    ("card/fields/rows", "/entities/card/fields/other"), ("card/fields/rows/fields/worth", "/entities/card/fields/rows/fields/other"),
    ("card/states/states/done", "/entities/card/states/states/other"),
])  # fmt: skip
def test_data_does_not_follow(at: str, pointer: str) -> None:
    (told,) = renamed_keys(document(), renamed(at, "other"))
    assert (told.code, told.pointer) == ("definition-key-renamed", pointer)
    old = at.rsplit("/", 1)[-1]
    assert all(f" {old}" in told.message[language] and "other" in told.message[language] for language in ("zh-CN", "en"))


def test_what_is_no_other_key() -> None:
    same = document()
    assert renamed_keys(same, same) == ()
    added: Any = document()
    added["entities"][0]["fields"].append({**element("more", "text"), "name": label("name")})
    assert renamed_keys(same, added) == (), "nothing is gone"
    other: Any = renamed("card/fields/name", "other")
    other["entities"][0]["fields"][0]["kind"] = "number"
    assert renamed_keys(same, other) == (), "what is of another kind is something else"
    assert renamed_keys(same, {"entities": None}) == () == renamed_keys({}, same)
