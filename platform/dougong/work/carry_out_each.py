"""Many changes in one transaction in; those that can be saved saved, and for each of the others why it cannot, out.

A group is first tried as a whole. What refuses some of it names them, and the rest is tried again; a constraint of the
database that names none makes halves of it.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any, Protocol

from dougong.errors import PlatformError
from dougong.permissions.access import Access
from dougong.store.errors import RecordInvalid
from dougong.store.save import Saved
from dougong.work.as_seen import as_seen
from dougong.work.changes import STAGES, entity_access, groups_of, parts_of
from dougong.work.clashes import Clashing, find_clashes
from dougong.work.followed import as_they_are
from dougong.work.inputs import renumbered
from dougong.work.numbering import forgetting, number_all, numbering_last
from dougong.work.permitted import outside_way, refuse_outside
from dougong.work.refusals import EachRefused, told
from dougong.work.request import Change
from dougong.work.unit import Unit
from engines.entity.messages import MESSAGES
from engines.values.issue import Issue, issue

MOST_HALVES = 500
"""How often a request is halved to find what a constraint of the database refuses."""


@dataclass(frozen=True, slots=True)
class Each:
    """The saved records and the issues of the others, by the number of the change; pointers begin with that number."""

    saved: dict[int, Saved]
    refused: dict[int, list[Issue]]

    @property
    def issues(self) -> tuple[Issue, ...]:
        """Every issue, in the order of the changes."""
        return tuple(found for number in sorted(self.refused) for found in self.refused[number])


class Savepoints(Protocol):
    """The connection of a unit: blocks of it can be undone."""

    def transaction(self) -> Any:  # noqa: ANN401 – asyncpg's own
        """Return a savepoint for a block."""


async def carry_out_each(unit: Unit, connection: Savepoints, changes: Sequence[Change]) -> Each:
    """Save what can be saved of many changes; raises what refuses them all."""
    each = Each({}, {})
    first = 0
    groups = groups_of(changes)
    unit = await numbering_last(unit, changes, len(groups) > 1 or any(len(parts_of(unit.model, group)) > 1 for group in groups))
    for group in groups:
        numbers = range(first, first + len(group))
        first += len(group)
        access = entity_access(unit, group[0])
        numbered = _once(changes, numbers, each)
        is_whole = len(parts_of(unit.model, group)) == 1
        # The last is taken first.
        parts = [numbered] if is_whole else [[number] for number in reversed(numbered)]
        halves = 0
        while parts:
            left = await _save(unit, connection, access, changes, parts.pop(), each)
            if left:
                halves += 1
                if halves > MOST_HALVES:
                    raise left.error
                middle = len(left.numbers) // 2
                parts += [left.numbers[middle:], left.numbers[:middle]]
    if unit.unnumbered:
        each.saved.update(zip(each.saved, await number_all(unit, list(each.saved.values())), strict=True))
    if unit.touched:
        each.saved.update(await as_they_are(unit, {number: (changes[number], record) for number, record in each.saved.items()}))
    done = list(each.saved)
    shown = await as_seen(unit.executor, unit.site, unit.model, unit.actor, [(changes[number], each.saved[number]) for number in done])
    each.saved.update(zip(done, shown, strict=True))
    return each


@dataclass(frozen=True, slots=True)
class _Unknown:
    """Changes of which a constraint refuses some, nobody knows which."""

    error: Exception
    numbers: list[int]


def _once(changes: Sequence[Change], numbers: Iterable[int], each: Each) -> list[int]:
    """Return the numbers of a group's changes without those that are about a record that came before in it."""
    seen: dict[object, int] = {}
    kept = []
    for number in numbers:
        record = changes[number].id
        first = number if record is None else seen.setdefault(record, number)
        if first == number:
            kept.append(number)
        else:
            each.refused[number] = [issue(MESSAGES, "record-change-twice", f"/{number}", None, first=first + 1)]
    return kept


async def _save(
    unit: Unit, connection: Savepoints, access: Access, changes: Sequence[Change], numbers: list[int], each: Each
) -> _Unknown | None:
    """Save some changes of one group but for those that are refused; return those of which nobody knows which are."""
    left = numbers
    while left:
        issues: Iterable[Issue]
        part = [changes[number] for number in left]
        try:
            async with connection.transaction(), forgetting(unit):
                before = await outside_way(unit, access, [change.id for change in part])
                records = await STAGES[type(part[0])].save(unit, access, part, 0)
                ids = [record.id for record in records]
                refuse_outside(unit, access, ids, before | await outside_way(unit, access, ids))
        except RecordInvalid as invalid:
            issues = renumbered(invalid.issues, left)
        except EachRefused as refused:
            issues = [one for place, error in refused.errors.items() for one in told(error, f"/{left[place]}")]
        except Clashing as clash:
            found = await find_clashes(unit.executor, clash)
            if not found and len(left) == 1:
                raise clash.error from clash
            if not found:
                return _Unknown(clash.error, left)
            issues = renumbered((one.at(f"/{place}{one.pointer}") for place, of in found.items() for one in of), left)
        except PlatformError as error:
            if len(left) > 1:
                raise
            issues = told(error, f"/{left[0]}")
        else:
            each.saved.update(zip(left, records, strict=True))
            return None
        for one in issues:
            each.refused.setdefault(int(one.pointer[1:].partition("/")[0]), []).append(one)
        left = [number for number in left if number not in each.refused]
    return None

