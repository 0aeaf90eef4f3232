"""Who leads whom in the organization: its users and departments read, the manager of a user and the path of a department out."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.store.names import quoted, table_name
from dougong.store.people_sql import MOST_LEVELS, leader_sql, own_manager_sql
from dougong.store.save import Executor
from engines.entity.entity import Entity


@dataclass(frozen=True, slots=True)
class Department:
    """One department: what is above it, who leads it, its name."""

    above: UUID | None
    leader: UUID | None
    name: str | None


@dataclass(frozen=True, slots=True)
class Structure:
    """All departments, and the department of every user; answers as `PeopleSql` does. managers: of users who have one of their own."""

    departments: Mapping[UUID, Department]
    users: Mapping[UUID, UUID | None]
    managers: Mapping[UUID, UUID]

    def manager_of(self, user: UUID, level: int) -> UUID | None:
        """Return whoever leads the user's department, or else the next above; level: how often to go up."""
        found: UUID | None = user
        for _ in range(level):
            if found is None:
                return None
            leaders = (department.leader for department in self._up(self.users.get(found)))
            found = self.managers.get(found) or next((leader for leader in leaders if leader not in (None, found)), None)
        return found

    def leader_of(self, department: UUID) -> UUID | None:
        """Return the user who leads a department."""
        known = self.departments.get(department)
        return None if known is None else known.leader

    def path_of(self, department: UUID) -> str | None:
        """Return the names from the top department down."""
        names = [one.name for one in reversed(self._up(department)) if one.name is not None]
        return "/".join(names) if names else None

    def _up(self, department: UUID | None) -> list[Department]:
        """Return a department and those above it."""
        found: list[Department] = []
        while department is not None and department in self.departments and len(found) <= MOST_LEVELS:
            found.append(self.departments[department])
            department = found[-1].above
        return found


async def read_structure(executor: Executor, organization: AppModel) -> Structure:
    """Return the structure as it is now; what is in the trash is not part of it."""
    department, user = organization.entities["department"], organization.entities["user"]
    above, name = (_column(department, key) for key in ("parent_department", "name"))
    leader = leader_sql(organization, "d")
    rows = await executor.fetch(f"SELECT d.id, d.{above}, {leader}, d.{name} FROM {table_name(department)} d WHERE d.deleted_at IS NULL")
    # A user in the trash may still be the one a record names.
    own = own_manager_sql(organization, "m.id")
    users = await executor.fetch(f"SELECT m.id, m.{_column(user, 'department')}, {own} FROM {table_name(user)} m")
    departments = {row[0]: Department(row[1], row[2], row[3]) for row in rows}
    return Structure(departments, {row[0]: row[1] for row in users}, {row[0]: row[2] for row in users if row[2] is not None})


def _column(entity: Entity, key: str) -> str:
    column = entity.fields[key].column
    assert column is not None
    return quoted(column)
