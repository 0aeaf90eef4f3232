"""The graph of computed fields over entities: circles are refused with the way they go, names of ways back are the target's own."""

from __future__ import annotations

import pytest

from dougong.model.app_model import AppModel
from dougong.model.resolve import resolve
from dougong.packages.library import read_package
from tests.workshop import Document, element, entity, label, package


@pytest.fixture(scope="module")
def organization() -> AppModel:
    """Return the organization."""
    model, issues = resolve(read_package("organization"), 1)
    assert model is not None, issues
    return model


def trade(order: list[Document], customer: list[Document], back: str = "orders") -> Document:
    """Return customers with orders that have more fields."""
    reference = element("customer", "reference", to="customer", inverse={"key": back, "name": label(back)})
    lines = element("lines", "lines", fields=[element("amount", "money")])
    return package(
        "trade", entity("customer", "name", element("name", "text"), *customer),
        entity("order", "name", element("name", "text"), reference, lines, *order),
    )  # fmt: skip


def codes(document: Document, organization: AppModel) -> list[tuple[str, str | None, str]]:
    """Return what is wrong: code, where, what people are told."""
    _, issues = resolve(document, 1, {}, organization)
    return [(found.code, found.pointer, found.message["en"]) for found in issues]


def test_a_circle_over_entities_is_refused_and_shown(organization: AppModel) -> None:
    document = trade(
        [element("part", "number", formula="total / customer.total"), element("total", "money", formula="SUM(lines.amount) + part")],
        [element("total", "money", formula="SUM(orders.total)")],
    )
    ((code, pointer, message),) = codes(trade([element("part", "number", formula="customer.total")], [element("total", "money", formula="SUM(orders.part)")]),
                                        organization)  # fmt: skip
    assert code == "definition-formula-cycle"
    assert pointer in ("/entities/order/fields/part", "/entities/customer/fields/total")
    assert "order.part → customer.total → order.part" in message or "customer.total → order.part → customer.total" in message
    assert [found[0] for found in codes(document, organization)] == ["definition-formula-cycle"]


@pytest.mark.parametrize(
    ("back", "code"), [("name", "definition-key-taken"), ("parent", "definition-key-reserved")], ids=["taken", "reserved"]
)
def test_a_way_back_has_a_name_of_its_own(organization: AppModel, back: str, code: str) -> None:
    assert [found[:2] for found in codes(trade([], [], back), organization)] == [(code, "/entities/order/fields/customer/inverse/key")]


def test_what_cannot_be_followed_is_refused(organization: AppModel) -> None:
    """Rows have no revision of their own; rules and defaults read no way back."""
    wrong = trade([], [element("n", "number", formula="SUM(orders.lines.revision)")])
    assert [found[:2] for found in codes(wrong, organization)] == [
        ("definition-formula-unfollowed", "/entities/customer/fields/n/formula")
    ]
    assert [found[0] for found in codes(trade([], [element("n", "number", default="COUNT(orders)")]), organization)] == [
        "definition-formula-path"
    ]
    late = trade([], [element("n", "number", formula="COUNT(orders)")])
    late["entities"][0]["rules"] = [{"key": "once", "check": "n >= OLD(n)", "message": label("Never fewer")}]
    assert [found[:2] for found in codes(late, organization)] == [("definition-formula-misplaced", "/entities/customer/rules/once/check")]


def test_far_fields_and_the_order_of_all(organization: AppModel) -> None:
    document = trade(
        [element("total", "money", formula="SUM(lines.amount)"), element("share", "number", formula="total / customer.total")],
        [element("total", "money", formula="SUM(orders.total)"), element("big", "boolean", formula="total > 100")],
    )
    model, issues = resolve(document, 1, {}, organization)
    assert model is not None, issues
    order = model.graph.order
    wanted = [("order", "total"), ("customer", "total"), ("order", "share")]
    assert [node for node in order if node in wanted] == wanted
    far = {(entity.key, field.key) for entity in model.entities.values() for field in entity.fields.values() if field.is_far}
    assert far == {("customer", "total"), ("customer", "big"), ("order", "share")}
