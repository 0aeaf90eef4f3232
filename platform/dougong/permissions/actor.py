"""Who asks: a person or the platform itself, as a value that is passed to everything that reads or writes."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING
from uuid import UUID

from dougong.model.app_model import ORGANIZATION

if TYPE_CHECKING:
    from dougong.permissions.limits import Limits

SYSTEM_ID = UUID("00000000-0000-7000-8000-000000000001")
"""Id the platform's own work is signed with; no record of organization.user has it."""

READING = frozenset(("read", "export", "print"))
"""Acts on records that change nothing; every other one is writing to a token."""
_ADMINISTER = frozenset(("*.administer", f"{ORGANIZATION}.administer"))


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks.

    language: BCP 47. roles: full keys, `trading_starter.sales`. may: `<app>.design`, `<app>.publish`, or `*.install`,
    `*.design`, `*.publish` where it holds for every app. scopes: what the token they came with may be used for, None: for everything.
    rights: what decides what the actor may do, and nothing else: what is compiled for one actor holds for all with the same.
    viewer: id and name of the administrator who looks as them, and can change nothing. limits: what is left of all that where they act by a public link.
    """

    id: UUID
    name: str
    language: str
    roles: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    is_system: bool = False
    scopes: frozenset[str] | None = None
    viewer: tuple[UUID, str] | None = None
    limits: Limits | None = None
    rights: tuple[object, ...] = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        """Make once what each query looks its statement up by."""
        object.__setattr__(self, "rights", (self.is_system, self.roles, self.scopes, self.limits))

    def roles_in(self, app: str) -> frozenset[str]:
        """Return what names the roles in formulas of an app: full keys, and the app's own without its name.

        >>> sorted(Actor(SYSTEM_ID, "x", "en", roles=frozenset({"crm.sales", "hr.boss"})).roles_in("crm"))
        ['crm.sales', 'hr.boss', 'sales']
        """
        own = {role.removeprefix(f"{app}.") for role in self.roles if role.startswith(f"{app}.")}
        return self.roles | own

    def may_do(self, act: str, app: str) -> bool:
        """Whether the actor may `design`, `publish` or `install` in an app.

        >>> Actor(SYSTEM_ID, "x", "en", may=frozenset({"*.design"})).may_do("design", "crm")
        True
        """
        return (f"*.{act}" in self.may or f"{app}.{act}" in self.may) and self.is_within(app, "", act)

    def is_within(self, app: str, entity: str, act: str) -> bool:
        """Whether the scopes let an act through: on records of an entity, or without one on the app itself.

        `read` and `write` hold for all records, `<app>.read` for those of an app, `<app>.<entity>.read` for those of an entity and
        its lines; `write` includes `read`. Acts on an app have scopes of their own: `<app>.design`, or `*.design` for every app. Who changes people and
        their roles can become anybody: of the organization nothing is written without `organization.administer` or `*.administer` beside.

        >>> token = Actor(SYSTEM_ID, "x", "en", scopes=frozenset({"crm.read", "crm.order.write", "*.design"}))
        >>> [token.is_within("crm", "customer", act) for act in ("read", "export", "update")]
        [True, True, False]
        >>> [token.is_within("crm", entity, "delete") for entity in ("order", "order.lines", "orders")]
        [True, True, False]
        >>> token.is_within("hr", "person", "read"), token.is_within("hr", "", "design"), token.is_within("hr", "", "publish")
        (False, True, False)
        >>> Actor(SYSTEM_ID, "x", "en").is_within("hr", "person", "delete")
        True
        >>> [Actor(SYSTEM_ID, "x", "en", scopes=frozenset(one.split())).is_within("organization", "user", "update") for one in ("write", "write *.administer")]
        [False, True]
        """
        if self.scopes is None:
            return True
        if not entity:
            return f"*.{act}" in self.scopes or f"{app}.{act}" in self.scopes
        if app == ORGANIZATION and act not in READING and not self.scopes & _ADMINISTER:
            return False
        places = ("", f"{app}.", f"{app}.{entity.partition('.')[0]}.")
        words = ("read", "write") if act in READING else ("write",)
        return any(f"{place}{word}" in self.scopes for place in places for word in words)


SYSTEM = Actor(SYSTEM_ID, "Dougong", "en", may=frozenset({"*.install", "*.design", "*.publish"}), is_system=True)
"""The platform: installs packages, keeps role records; its policy is everything, and history shows it."""
