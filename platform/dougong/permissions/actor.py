"""Who asks: a person or the platform itself, as a value that is passed to everything that reads or writes."""

from dataclasses import dataclass
from uuid import UUID

SYSTEM_ID = UUID("00000000-0000-7000-8000-000000000001")
"""Id the platform's own work is signed with; no record of organization.user has it."""


@dataclass(frozen=True, slots=True)
class Actor:
    """Who asks.

    language: BCP 47. roles: full keys, `trading_starter.sales`. may: `<app>.design`, `<app>.publish`, or `*.install`,
    `*.design`, `*.publish` where it holds for every app.
    """

    id: UUID
    name: str
    language: str
    roles: frozenset[str] = frozenset()
    may: frozenset[str] = frozenset()
    is_system: bool = False

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
        return f"*.{act}" in self.may or f"{app}.{act}" in self.may


SYSTEM = Actor(SYSTEM_ID, "Dougong", "en", may=frozenset({"*.install", "*.design", "*.publish"}), is_system=True)
"""The platform: installs packages, keeps role records; its policy is everything, and history shows it."""
