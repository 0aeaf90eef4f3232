"""Users as they were and as they are in; those who may not act, or could not until just now, out of all they were signed in with.

Whose e-mail is another keeps their sessions; links that went to the one before are ended.
"""

from collections.abc import Iterable
from datetime import date

from dougong.people.links import end_links
from dougong.people.shut_out import shut_out
from dougong.store.save import Values
from dougong.work.moves import Images
from dougong.work.unit import Unit


async def shut_leavers_out(unit: Unit, pairs: Iterable[Images]) -> None:
    """End what users are signed in with who are inactive, in the trash or over their last day, before or after the save.

    Before it too: a last day passes without a save, and somebody may have signed in while another was making them inactive.
    """
    today = unit.change_set.at.astimezone(unit.site.zone).date()
    out = [after or before for before, after in pairs if not (_may_act(before, today) and _may_act(after, today))]
    await shut_out(unit.executor, unit.actor, [(user["id"], str(user["email"])) for user in out if user is not None])


async def end_links_of_other_emails(unit: Unit, pairs: Iterable[Images]) -> None:
    """End the one-time links of users whose e-mail is another now, which whoever reads mail at the one before could still use."""
    users = [after["id"] for before, after in pairs if before is not None and after is not None and before.get("email") != after.get("email")]
    if users:
        await end_links(unit.executor, users)


def _may_act(user: Values | None, today: date) -> bool:
    if user is None or user.get("active") is not True:
        return False
    last_day = user.get("left_on")
    return last_day is None or today <= last_day
