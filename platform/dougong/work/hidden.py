"""Records as they are and what an actor sends for them in; what those records do not show them, kept out of what is sent and of what is worked out."""

from collections.abc import Iterable, Sequence
from typing import Any

from dougong.permissions.access import Access
from dougong.store.errors import RecordInvalid
from dougong.store.save import Values
from dougong.work.inputs import placed
from dougong.work.permitted import judge, not_writable
from dougong.work.unit import Unit

_NOTHING: frozenset[str] = frozenset()


async def hidden_in(unit: Unit, access: Access, befores: Sequence[Values]) -> list[frozenset[str]]:
    """Return for each of some records, as it is saved now, the fields it does not show, of rows as `lines.price`."""
    if not access.shows or not befores:
        return [_NOTHING] * len(befores)
    asked = {path: condition for path, condition in access.shows.items() if f"read.{path}" not in access.told}
    found = await judge(unit, access, ("shows", "read"), asked, [before["id"] for before in befores]) if asked else {}
    hidden = []
    for before in befores:
        told = {path for path, condition in access.shows.items() if path not in asked and condition.run(before, unit.context) is not True}
        hidden.append(frozenset(told | {path for path in asked if not found[before["id"]][path]}))
    return hidden


async def leave_hidden(unit: Unit, access: Access, befores: Sequence[Values], sents: Sequence[Values], at: int | None) -> list[Values]:
    """Return what is sent for records without the blanks of fields they do not show: sent again as it is shown, nothing changes.

    Raises RecordInvalid where another value is sent for such a field, whatever is there. A record that was not found is an empty one.
    """
    if not access.shows:
        return list(sents)
    places = [place for place, sent in enumerate(sents) if befores[place] and any(path.partition(".")[0] in sent for path in access.shows)]
    if not places:
        return list(sents)
    left, issues = list(sents), []
    for place, hidden in zip(places, await hidden_in(unit, access, [befores[place] for place in places]), strict=True):
        left[place], wrong = _left(befores[place], sents[place], hidden)
        issues += placed([not_writable(unit.model, access.entity, path) for path in sorted(wrong)], at, place)
    if issues:
        raise RecordInvalid(tuple(issues))
    return left


def blanked(record: Values, hidden: Iterable[str]) -> Values:
    """Return a record without the values of fields that it does not show."""
    shown = dict(record)
    for path in hidden:
        lines, _, key = path.rpartition(".")
        if lines:
            shown[lines] = [{**row, key: None} for row in shown.get(lines) or ()]
        else:
            shown[key] = [] if isinstance(shown.get(key), list) else None
    return shown


def _left(before: Values, sent: Values, hidden: Iterable[str]) -> tuple[Values, set[str]]:
    """Return what is sent without the blanks of hidden fields, and those that something else is sent for."""
    left, wrong = dict(sent), set()
    for path in sorted(hidden):
        lines, _, key = path.rpartition(".")
        if not lines:
            if left.pop(key, None) not in (None, []):
                wrong.add(path)
        elif lines in left:
            there = {row["id"] for row in before.get(lines) or ()}
            wrong |= {path for row in left[lines] or () if row.get(key) is not None}
            left[lines] = [_without(row, key) if row.get("id") in there else row for row in left[lines] or ()]
    return left, wrong


def _without(row: Values, key: str) -> dict[str, Any]:
    return {name: value for name, value in row.items() if name != key}
