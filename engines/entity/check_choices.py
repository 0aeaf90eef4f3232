"""What somebody sent for a field of several options in, the options as they are kept out: each once, in the order of the list."""

from collections.abc import Callable, Mapping

from engines.entity.check_texts import Check
from engines.entity.entity import Field
from engines.entity.refusal import refused


def _choices(field: Field) -> Callable[[object], object]:
    keys = [option.key for option in field.options]
    known = frozenset(keys)

    def check(value: object) -> list[str] | None:
        if not isinstance(value, list) or not all(isinstance(part, str) for part in value):
            raise refused("record-options-expected")
        chosen = set(value)
        if chosen - known:
            raise refused("record-option-unknown")
        return [key for key in keys if key in chosen] or None

    return check


def below(field: Field, key: str) -> tuple[str, ...]:
    """Return an option of a tree and all that lie under it, in the order of the list."""
    found = {key}
    grown = True
    while grown:
        more = {option.key for option in field.options if option.parent in found} - found
        grown = bool(more)
        found |= more
    return tuple(option.key for option in field.options if option.key in found)


CHOICE_CHECKS: Mapping[str, Check] = {"choices": _choices}
"""The checks of these kinds."""
