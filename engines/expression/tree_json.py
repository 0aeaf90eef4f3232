"""Takes a typed tree, gives its JSON form for the model and the browser, and back; keeps no spans."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from decimal import Decimal
from typing import Any
from uuid import UUID

from engines.expression.tree import TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.values.decimals import number_text
from engines.values.value_types import AnyRecord, Value, ValueType, any_record, entities_of, type_from_text, type_text


def tree_to_json(tree: TypedTree) -> dict[str, Any]:
    """Return the JSON form of a tree.

    `{"literal": "2", "type": "number"}`, `{"path": ["lines", "amount"], "type": "list<number>", "many": 1}`,
    `{"call": "add", "args": […], "type": "number"}`; with "row" when a path starts at a row, and with
    "blank": true and "fails": true where the value may be so.

    >>> tree_to_json(TypedLiteral(Decimal("2.50"), ValueType("number")))
    {'literal': '2.5', 'type': 'number'}
    """
    result: dict[str, Any]
    if isinstance(tree, TypedLiteral):
        return {"literal": _literal_to_json(tree.value), "type": type_text(tree.type)}
    if isinstance(tree, TypedPath):
        result = {"path": list(tree.names), "type": type_text(tree.type)}
        if tree.row:
            result["row"] = tree.row
        if tree.many:
            result["many"] = tree.many
    else:
        args = [tree_to_json(arg) for arg in tree.args]
        result = {"call": tree.name, "args": args, "type": type_text(tree.type)}
        if tree.may_be_blank:
            result["blank"] = True
    if tree.may_fail:
        result["fails"] = True
    return result


def tree_from_json(json: Mapping[str, Any]) -> TypedTree:
    """Return the tree a JSON form stands for.

    >>> tree_from_json({"literal": "2.5", "type": "number"}).value
    Decimal('2.5')
    """
    value_type = type_from_text(json["type"])
    fails = json.get("fails", False)
    if "path" in json:
        return TypedPath(
            tuple(json["path"]), value_type, row=json.get("row", 0), many=json.get("many", 0), may_fail=fails
        )
    if "call" in json:
        args = tuple([tree_from_json(arg) for arg in json["args"]])
        return TypedCall(json["call"], args, value_type, may_be_blank=json.get("blank", False), may_fail=fails)
    return TypedLiteral(_literal_from_json(json["literal"], value_type), value_type)


def _literal_to_json(value: Value) -> object:
    if isinstance(value, Decimal):
        return number_text(value)
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, UUID | AnyRecord):
        return str(value)
    return value


def _literal_from_json(raw: object, value_type: ValueType) -> Value:
    if raw is None:
        return None
    match value_type.name:
        case "number":
            return Decimal(str(raw))
        case "date":
            return date.fromisoformat(str(raw))
        case "record":
            return any_record(str(raw)) if entities_of(value_type) else UUID(str(raw))
    return raw
