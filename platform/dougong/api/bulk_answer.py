"""What became of many changes in, the JSON that is answered out; and the issues of a refusal with pointers into the body."""

from collections.abc import Iterable, Sequence
from typing import Any

import orjson

from dougong.api.bulk_body import Asked
from dougong.api.problem import problem_items
from dougong.work.perform_bulk import Bulk
from dougong.work.request import Change
from engines.values.issue import Issue, Issues

_BESIDES = ("by", "lines_by")
"""What an issue of a change may point to beside its values."""


def bulk_answer(asked: Asked, changes: Sequence[Change], language: str, bulk: Bulk) -> bytes:
    """Return `change_set`, the numbers of `saved` and `refused`, and `results`: of each change, or by filter of each refused."""
    results: list[dict[str, Any]] = []
    for number, change in enumerate(changes):
        saved = bulk.each.saved.get(number)
        if saved is None:
            errors = problem_items(placed_in_body(asked, changes, bulk.each.refused.get(number, ())), language)
            known = {} if change.id is None else {"id": str(change.id)}
            results.append({"number": number, **known, "errors": errors})
        elif not asked.is_by_filter:
            whole = {"record": orjson.Fragment(saved.json)} if asked.body.answer == "records" else {}
            results.append({"number": number, "id": saved.id, "revision": saved.revision, **whole})
    counts = {"saved": len(bulk.each.saved), "refused": len(changes) - len(bulk.each.saved)}
    return orjson.dumps({"change_set": bulk.change_set, **counts, "results": results}, default=str)


def placed_in_body(asked: Asked, changes: Sequence[Change], issues: Iterable[Issue]) -> Issues:
    """Return issues whose pointers lead into the body: `/17/quantity` to `/changes/17/values/quantity`, or to the record by its id."""
    return tuple(found.at(_pointer(asked, changes, found.pointer)) for found in issues)


def _pointer(asked: Asked, changes: Sequence[Change], pointer: str) -> str:
    number, slash, rest = pointer[1:].partition("/")
    if not number.isdigit():
        return pointer
    if asked.is_by_filter:
        return f"/records/{changes[int(number)].id}{slash}{rest}"
    is_besides = rest.partition("/")[0] in _BESIDES or not rest
    return f"/changes/{number}{slash}{rest}" if is_besides else f"/changes/{number}/values/{rest}"
