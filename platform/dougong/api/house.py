"""What every request needs of the running server: the site it is for, its sessions, and the thread that checks passwords."""

from dataclasses import dataclass, field
from uuid import UUID

from starlette.types import Scope

from dougong.files.contents import Contents
from dougong.people.passwords import Passwords
from dougong.people.sessions import Sessions
from dougong.sites import Site

_KEY = "dougong.house"


@dataclass(frozen=True, slots=True)
class House:
    """The parts put together at start, passed to every request in its scope.

    viewed: until when it need not be written down again that an administrator looks as a user, by the ids of both.
    """

    site: Site
    sessions: Sessions
    passwords: Passwords
    contents: Contents
    viewed: dict[tuple[UUID, UUID], float] = field(default_factory=dict)


def house_of(scope: Scope) -> House:
    """Return the house a request came to."""
    house: House = scope[_KEY]
    return house


def put_house(scope: Scope, house: House) -> None:
    """Give the house to whoever handles the request."""
    scope[_KEY] = house
