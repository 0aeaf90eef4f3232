"""Takes no input, prints the vectors with their typed trees as JSON for the browser's tests: `python -m engines.expression.vectors_json`."""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping
from datetime import datetime
from decimal import Decimal
from typing import Any

from engines.expression.check import text_to_typed
from engines.expression.evaluate import compile_python
from engines.expression.functions import FUNCTIONS
from engines.expression.rows_workday import CALENDAR_PARTS
from engines.expression.tree_json import tree_to_json
from engines.expression.vectors import Approximate, Vector, read_agreement, read_examples, read_vectors
from engines.values.json_values import value_to_json
from engines.values.value_types import AnyRecord, ErrorValue, Value


def vectors_to_json() -> dict[str, Any]:
    """Return the vectors that have a tree, which functions the browser must know, and what it must agree to.

    What agreement expects is what Python answers.
    """
    names = sorted(name for name, row in FUNCTIONS.items() if "browser" in row.runs_in)
    asked = [made for vector in (*read_vectors(), *read_examples()) if (made := vector_to_json(vector))]
    agreed = [made for vector in read_agreement() if (made := vector_to_json(vector))]
    return {"functions": names, "vectors": asked, "agreement": agreed}


def vector_to_json(vector: Vector) -> dict[str, Any] | None:
    """Return a vector with its typed tree, None when the checker refuses its text."""
    tree = text_to_typed(vector.text, vector.scope).tree
    if tree is None:
        return None
    expect = vector.expect
    # The ids of records are any texts in a vector.
    is_of_records = "record" in (tree.type.name, tree.type.of and tree.type.of.name)
    if _is_approximate(expect) or vector.group == "agreement" or is_of_records:
        expect = compile_python(tree)(vector.record, vector.context)
    return {
        "id": vector.id,
        "text": vector.text,
        "tree": tree_to_json(tree),
        "record": _plain(vector.record),
        "now": vector.context.now.isoformat(),
        "zone": str(vector.context.zone),
        "user": _plain(vector.context.user),
        "calendar": {part: _plain(getattr(vector.context.calendar, part)) for part in CALENDAR_PARTS},
        "roles": sorted(vector.context.roles),
        "departments": sorted(vector.context.departments),
        "old": _plain(vector.context.old),
        "expect": _plain(expect),
        "relative": str(vector.expect.relative) if isinstance(vector.expect, Approximate) else None,
    }


def _is_approximate(expect: Value | Approximate) -> bool:
    """Tell whether an answer need not be right to the last digit."""
    return any(map(_is_approximate, expect)) if isinstance(expect, list) else isinstance(expect, Approximate)


def _plain(value: Value) -> object:
    """Return a value as the record API gives it; numbers are marked, for here no field says that they are."""
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    if isinstance(value, Decimal):
        return {"$number": value_to_json(value)}
    if isinstance(value, datetime):
        return {"$time": value_to_json(value)}
    if isinstance(value, AnyRecord):
        return str(value)
    if isinstance(value, ErrorValue):
        return {"$error": value.code}
    return value_to_json(value)


if __name__ == "__main__":
    json.dump(vectors_to_json(), sys.stdout, ensure_ascii=False, indent=1)
    sys.stdout.write("\n")
