"""What a guarded change would have broken in, and the refusal that says how much was asked and how much there is, out."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal

from dougong.store.errors import RecordShort
from engines.entity.entity import Text
from engines.entity.messages import MESSAGES
from engines.values.decimals import number_text
from engines.values.issue import issue

Amounts = Mapping[str, Decimal]


@dataclass(frozen=True, slots=True)
class Broken:
    """A guard that would not hold: its key, empty where it is no guard of the entity, and what people are told."""

    key: str
    message: Text


@dataclass(frozen=True, slots=True)
class Short:
    """A change that asks for more than there is.

    place: its number in the request. name: what its record is called. available: None where more than one field is added to.
    """

    place: int
    name: str
    broken: Broken
    asked: Amounts
    available: Decimal | None

    @property
    def is_short(self) -> bool:
        """Whether less is there than was asked."""
        return self.available is None or self.available != next(iter(self.asked.values()))


def shortage(short: Sequence[Short], pointer: Callable[[int], str]) -> RecordShort:
    """Return the refusal that lists what is short; pointer: where in the request a change of some number is."""
    issues = []
    listed = []
    for one in short:
        left = {"zh-CN": f"（{one.name}）" if one.name else "", "en": f" ({one.name})" if one.name else ""}
        if one.available is not None:
            wanted, there = number_text(abs(next(iter(one.asked.values())))), number_text(abs(one.available))
            called = {"zh-CN": f"{one.name}：" if one.name else "", "en": f"{one.name}: " if one.name else ""}
            left = {
                "zh-CN": f"（{called['zh-CN']}需要 {wanted}，可用 {there}）",
                "en": f" ({called['en']}{wanted} asked, {there} available)",
            }
        issues.append(issue(MESSAGES, "record-guard-broken", pointer(one.place), None, message=one.broken.message, left=left))
        asked = {key: number_text(value) for key, value in one.asked.items()}
        available = None if one.available is None else number_text(one.available)
        listed.append({"row": one.place, "guard": one.broken.key or None, "asked": asked, "available": available})
    return RecordShort(tuple(issues), count=len(short), short=listed)
