"""A command as JSON in, the command out, and back; what is no command is refused before it comes here."""

from collections.abc import Mapping, Sequence
from typing import Any, assert_never

from dougong.model.commands import ABSENT, Command, Insert, Move, Place, Remove, SetValue


def command_of(written: Mapping[str, Any]) -> Command:
    """Return the command that was written.

    >>> command_of({"kind": "set", "at": "/icon", "value": "a"})
    SetValue(at='/icon', value='a', previous=<Absent.ABSENT: 'absent'>)
    """
    match written["kind"]:
        case "insert":
            return Insert(_place(written["to"]), written["element"])
        case "remove":
            return Remove(_place(written["from"]), written["element"])
        case "move":
            return Move(written["key"], _place(written["from"]), _place(written["to"]))
        case "set":
            return SetValue(written["at"], written.get("value", ABSENT), written.get("previous", ABSENT))
        case kind:
            raise ValueError(f"unknown kind of command: {kind}")


def commands_of(written: Sequence[Mapping[str, Any]]) -> tuple[Command, ...]:
    """Return the commands that were written."""
    return tuple([command_of(one) for one in written])


def command_json(command: Command) -> dict[str, Any]:
    """Return the command as it is written."""
    match command:
        case Insert():
            return {"kind": "insert", "to": _written(command.to), "element": command.element}
        case Remove():
            return {"kind": "remove", "from": _written(command.origin), "element": command.element}
        case Move():
            return {"kind": "move", "key": command.key, "from": _written(command.origin), "to": _written(command.to)}
        case SetValue():
            parts = {"value": command.value, "previous": command.previous}
            return {"kind": "set", "at": command.at, **{name: part for name, part in parts.items() if part is not ABSENT}}
        case _:
            assert_never(command)


def _place(written: Mapping[str, Any]) -> Place:
    return Place(written["list"], written["before"])


def _written(place: Place) -> dict[str, Any]:
    return {"list": place.list, "before": place.before}
