"""Many changes in, in one transaction: all of them saved or none, or those that can be; what became of each out.

A repeat with the same idempotency key gets the answer that was given the first time, refusals included; of records what may be seen today.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.sites import Site
from dougong.store.errors import refusal_of
from dougong.store.save import ChangeSet
from dougong.work.carry_out_each import Each, carry_out_each
from dougong.work.changes import entity_access, groups_of
from dougong.work.perform import try_until_done
from dougong.work.repeats import claim_key, keep_answer
from dougong.work.request import Outcome, Request
from dougong.work.turns import take_turns, turns_of
from dougong.work.unit import Unit, without_key

Mode = Literal["all", "each"]
MOST_CHANGES = 10_000
"""The most changes of one request."""


@dataclass(frozen=True, slots=True)
class Bulk:
    """What became of many changes: the saved records and the issues of the others by the number of the change."""

    each: Each
    change_set: UUID


async def perform_bulk(site: Site, request: Request, mode: Mode, write: Callable[[Bulk], bytes]) -> bytes:
    """Carry out many changes and return what `write` makes of the outcome, which is kept for repeats.

    Raises RecordInvalid with every issue, pointers beginning with the number of the change, where one of `all` is refused;
    and what refuses the request as a whole, as `perform` does.
    """

    async def attempt(site: Site, model: AppModel, change_set: ChangeSet, tries: int) -> Outcome:
        async with site.pool.acquire() as connection, connection.transaction():
            calendar = await site.calendar(connection)
            unit = Unit(connection, site, model, request.actor, without_key(change_set), True, calendar, request.is_confirmed)
            if change_set.key is not None:
                for group in groups_of(request.changes):
                    entity_access(unit, group[0])  # who may do this no longer is refused, and hears nothing of the first time
                await claim_key(connection, change_set, change_set.key)
            turns = turns_of(model, request.changes)
            if turns:
                await take_turns(connection, turns)
            each = await carry_out_each(unit, connection, request.changes)
            if each.refused and mode == "all":
                raise refusal_of(each.issues)
            answer = write(Bulk(each, change_set.id))
            if change_set.key is not None:
                await keep_answer(connection, change_set, change_set.key, answer)
        return Outcome((), change_set.id, answer=answer)

    outcome = await try_until_done(site, request, attempt)
    return outcome.answer or write(Bulk(Each(dict(enumerate(outcome.records)), {}), outcome.change_set))
