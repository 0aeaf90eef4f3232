"""One try at a request: the connection it runs on, the model it was begun with, who asks, and what its writes share."""

from collections.abc import Sequence
from dataclasses import field, replace
from functools import partial
from secrets import randbelow
from time import monotonic
from typing import Any
from uuid import UUID, uuid4

from dougong.model.app_model import AppModel
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.save import ChangeSet, Executor, Values
from engines.entity.entity import Entity
from engines.expression.failure import Calendar, EvalContext
from engines.values.frozen import frozen

# Nine digits that nobody can foresee.
random_digits = partial(randbelow, 10**9)


class Overtaken(Exception):
    """Somebody else was faster: what was read does not hold any more, and the request is to begin again."""


def without_key(change_set: ChangeSet) -> ChangeSet:
    """Return a change set whose statements do not keep what they came to: the request keeps it, once for all of them."""
    return replace(change_set, key=None)


@frozen
class Unit:
    """What every stage of one try needs.

    is_locking: records are locked when they are read; the first try reads without, and relies on revisions.
    is_confirmed: whoever asks has confirmed what rules warn of.
    unnumbered: records that were saved without their gapless numbers, which all get at the end; None where each save gives them.
    asked: what whole entities have answered about the records that are being saved together, None where it is asked anew each time.
    context: what expressions may know: the time of the request, the site's zone, who asks, what chance gives, the calendar.
    touched: records of the app that were computed anew by what was saved, as entity key and id.
    """

    executor: Executor
    site: Site
    model: AppModel
    actor: Actor
    change_set: ChangeSet
    is_locking: bool
    calendar: Calendar
    is_confirmed: bool = False
    touched: set[tuple[str, UUID]] = field(default_factory=set)
    asked: dict[Any, Any] | None = None
    unnumbered: list[tuple[Entity, Sequence[Values]]] | None = None
    context: EvalContext = field(init=False)

    def __post_init__(self) -> None:
        """Make the context once: each condition and formula of each record is given it."""
        context = EvalContext(self.change_set.at, self.site.zone, self.actor.id, random_digits, self.calendar, new_id=uuid4, clock=monotonic)
        object.__setattr__(self, "context", context)


def together(unit: Unit, count: int) -> Unit:
    """Return the unit for records that are saved together: what is asked about several is asked once, until they are saved."""
    return replace(unit, asked={}) if count > 1 else unit
