"""What is said of a conflict: where it is and what each side has there, in both languages."""

from __future__ import annotations

from typing import Any

import pytest

from dougong.model.conflict_words import conflict_words, namings_of
from dougong.model.merge import merge

Document = dict[str, Any]
NAME = {"zh-CN": "货品", "en": "Goods"}


def app(*fields: Document, sections: Document | None = None, **others: object) -> Document:
    """Return a document of one entity and one form of it: inputs by section."""
    nodes = [
        {"key": key, "kind": "section", "name": {"en": key.upper()}, "nodes": [{"key": one, "kind": "input", "field": one} for one in inputs]}
        for key, inputs in (sections or {}).items()
    ]
    forms = [{"key": "goods", "entity": "goods", "name": NAME, "nodes": nodes}] if sections else []
    title = {"title": fields[0]["key"]} if fields else {}
    entity = {"key": "goods", "name": NAME, **title, "fields": list(fields)}
    return {"format": "dougong.app/1", "key": "shop", "name": NAME, "entities": [entity], "forms": forms, **others}


def field(key: str, **others: object) -> Document:
    return {"key": key, "kind": "text", "name": {"zh-CN": f"字段{key}", "en": f"Field {key}"}, **others}


A, B = field("a"), field("b")
AT = "Entity “Goods” › field “Field a”"
ROWS = [
    (app(field("a", max=1)), app(field("a", max=2)), app(A), (f"{AT}: maximum", "1", "2", "(nothing)")),
    (app(A), app(field("a", required=True)), app(field("a", required=False)), (f"{AT}: required", "(nothing)", "yes", "no")),
    (app(A, B), app(B), app(field("a", max=2), B), (AT, "there", "removed", f"changed: {AT}: maximum")),
    (app(), app(field("a", scale=1)), app(field("a", scale=2)), (f"{AT}: decimals", "(nothing)", "1", "2")),
    (app(A, B, field("c")), app(B, A, field("c")), app(A, field("c"), B), (
        "Entity “Goods”: order", "Field a, Field b, Field c", "Field b, Field a, Field c", "Field a, Field c, Field b")),
    (app(A, sections={"p": "a", "q": "", "r": ""}), app(A, sections={"p": "", "q": "a", "r": ""}), app(A, sections={"p": "", "q": "", "r": "a"}), (
        "Form “Goods” › form element “Q” › form element “Field a”: section it is in", "P", "Q", "R")),
    (app(A, languages=["en"]), app(A, languages=["en", "zh-CN"]), app(A, languages=[]), ("App: languages", "English", "English, Chinese", "(nothing)")),
    (app(A, field("n", kind="number", formula="1")), app(A, field("n", kind="number", formula="LEN(a)")), app(A, field("n", kind="number", formula="LEN(a) + 1")), (
        "Entity “Goods” › field “Field n”: formula", "1", "LEN({Field a})", "LEN({Field a}) + 1")),
    (app(field("a", name={"en": "A"})), app(field("a", name={"en": "B"})), app(field("a", name={"en": "C"})), (
        "Entity “Goods” › field “B”: label (English)", "A", "B", "C")),
]  # fmt: skip


@pytest.mark.parametrize(("base", "ours", "theirs", "said"), ROWS, ids=[row[3][0] for row in ROWS])
def test_conflict_in_words(base: Document, ours: Document, theirs: Document, said: tuple[str, ...]) -> None:
    found = merge(base, ours, theirs)
    [conflict] = found.open
    words = conflict_words(found, namings_of(found, None), conflict)
    assert tuple(one["en"] for one in (words.place, words.base, words.ours, words.theirs)) == said
    assert all(one["zh-CN"] for one in (words.place, words.base, words.ours, words.theirs))


def test_conflict_in_chinese() -> None:
    found = merge(app(A, B), app(field("a", max=2), B), app(B))
    words = conflict_words(found, namings_of(found, None), found.open[0])
    assert (words.place["zh-CN"], words.theirs["zh-CN"]) == ("实体“货品” › 字段“字段a”", "已删除")
    assert words.ours["zh-CN"] == "已修改：实体“货品” › 字段“字段a”：最大值"
