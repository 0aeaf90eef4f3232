"""What stands against the records of a save, collected from all of them, in; the error that refuses the request, with the rows that are there twice, out."""

from collections.abc import Sequence
from dataclasses import dataclass, field

from dougong.errors import PlatformError
from dougong.store.errors import RecordInvalid, RecordUnconfirmed
from dougong.store.save import Values
from dougong.work.inputs import placed
from dougong.work.refusals import refuse
from dougong.work.row_clashes import row_clashes
from dougong.work.unit import Unit
from engines.entity.compute import ComputePlan
from engines.values.issue import Issue


@dataclass(slots=True)
class Wrong:
    """What stands against the records of a save. denied: by their place what the actor may not make of them."""

    issues: list[Issue] = field(default_factory=list)
    warnings: list[Issue] = field(default_factory=list)
    denied: dict[int, PlatformError] = field(default_factory=dict)

    def note(self, issues: Sequence[Issue], at: int | None, offset: int) -> None:
        """Add issues of the record at a place. at: number of the first record in its request, None where there is but one."""
        if issues:
            self.issues += placed(issues, at, offset)

    def warn(self, issues: Sequence[Issue], at: int | None, offset: int) -> None:
        """Add what rules warn of, placed as by `note`."""
        if issues:
            self.warnings += placed(issues, at, offset)

    def is_any(self, unit: Unit) -> bool:
        """Whether anything stands against the save, warnings that were confirmed left out."""
        return bool(self.issues or self.denied or (self.warnings and not unit.is_confirmed))


async def refuse_wrong(
    unit: Unit, plan: ComputePlan, befores: Sequence[Values] | None, records: Sequence[Values], wrong: Wrong, at: int | None
) -> None:
    """Raise RecordInvalid with what is wrong, what would be there twice with it, RecordUnconfirmed with what rules warn of, or what is denied."""
    for offset, found in enumerate(await row_clashes(unit, plan, befores, records) if plan.lines else ()):
        wrong.note(found, at, offset)
    if wrong.issues:
        raise RecordInvalid(tuple(wrong.issues))
    if wrong.warnings and not unit.is_confirmed:
        raise RecordUnconfirmed(tuple(wrong.warnings))
    refuse(wrong.denied, len(records))
