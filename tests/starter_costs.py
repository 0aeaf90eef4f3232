"""The starter's document in, the same with what an order costs and earns out; and the figures of the item and the order that tests make."""

from __future__ import annotations

from tests.workshop import Document, element, with_fields

COST = "7315.46"
PROFIT = "1111.11"
ORDER_COST = "14630.92"
ORDER_PROFIT = "2222.22"


def with_costs(document: Document) -> Document:
    """Return the starter with what an order costs and earns, as a company adds it; no policy says a word of it."""
    cost = element("x_cost", "money", formula="SUM(lines, quantity * item.cost_price)")
    return with_fields(document, "sales_order", cost, element("x_profit", "money", formula="total - x_cost"))
