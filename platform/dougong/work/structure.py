"""Who leads whom in the organization: its users and departments read, the manager of a user and the path of a department out."""

from collections.abc import Mapping
from dataclasses import dataclass
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.store.names import quoted, table_name
from dougong.store.people_sql import MOST_LEVELS
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
    """All departments, and the department of every user; answers as `PeopleSql` does."""

    departments: Mapping[UUID, Department]
    users: Mapping[UUID, UUID | None]

    def manager_of(self, user: UUID, level: int) -> UUID | None:
        """Return whoever leads the user's department, or else the next above; level: how often to go up."""
        found: UUID | None = user
        for _ in range(level):
            if found is None:
                return None
            leaders = (department.leader for department in self._up(self.users.get(found)))
            found = next((leader for leader in leaders if leader not in (None, found)), None)
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
    columns = ", ".join(_column(department, key) for key in ("parent_department", "manager", "name"))
    rows = await executor.fetch(f"SELECT id, {columns} FROM {table_name(department)} WHERE deleted_at IS NULL")
    # A user in the trash may still be the one a record names.
    users = await executor.fetch(f"SELECT id, {_column(user, 'department')} FROM {table_name(user)}")
    return Structure({row[0]: Department(row[1], row[2], row[3]) for row in rows}, {row[0]: row[1] for row in users})


def _column(entity: Entity, key: str) -> str:
    column = entity.fields[key].column
    assert column is not None
    return quoted(column)
