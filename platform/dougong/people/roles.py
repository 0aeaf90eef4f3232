"""Which roles somebody has and where each comes from: a user's id in; their own, those of their positions and of their groups out."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from dougong.model.app_model import AppModel
from dougong.sites import Reader
from dougong.store.names import quoted, table_name
from engines.entity.entity import Entity

Source = Literal["user", "position", "group"]


@dataclass(frozen=True, slots=True)
class RoleGiven:
    """A role and what gives it. key: full, `trading.sales`. source, source_id: the record in whose roles it stands, `name` its title."""

    role: UUID
    key: str
    role_name: str
    source: Source
    source_id: UUID
    name: str


async def read_roles(reader: Reader, organization: AppModel, user_id: UUID) -> tuple[RoleGiven, ...]:
    """Return every way in which a user has a role, in one statement; what is in the trash gives none."""
    rows = await reader.fetch(_query(organization), user_id)
    return tuple(RoleGiven(*row.values()) for row in rows)


def _query(organization: AppModel) -> str:
    """Return the statement for what the version of the organization has: positions and groups came later than users."""
    entities = organization.entities
    user = entities["user"]
    parts = [_part(organization, "user", "user", f"SELECT id FROM {table_name(user)} WHERE id = $1")]
    if "position" in entities and "main_position" in user.fields:
        held = f"SELECT {_column(user, 'main_position')} FROM {table_name(user)} WHERE id = $1"
        rows = entities.get("user.other_positions")
        if rows is not None and "other_position" in rows.fields:
            held += f" UNION SELECT {_column(rows, 'other_position')} FROM {table_name(rows)} WHERE parent = $1"
        parts.append(_part(organization, "position", "position", held))
    group = entities.get("group")
    members = group.fields.get("members") if group is not None else None
    if group is not None and members is not None and members.link_table is not None:
        links = quoted(group.schema, members.link_table)
        parts.append(_part(organization, "group", "group", f"SELECT record FROM {links} WHERE target = $1"))
    return " UNION ALL ".join(parts) + " ORDER BY key, source DESC, name"


def _part(organization: AppModel, source: Source, key: str, holders: str) -> str:
    entity, lines, role = (organization.entities[one] for one in (key, f"{key}.roles", "role"))
    return (
        f"SELECT r.id AS role, r.{_column(role, 'key')} AS key, r.{_column(role, 'name')} AS role_name, '{source}' AS source, h.id AS source_id,"
        f" h.{_column(entity, 'name')} AS name FROM {table_name(entity)} h JOIN {table_name(lines)} l ON l.parent = h.id"
        f" JOIN {table_name(role)} r ON r.id = l.{_column(lines, 'role')}"
        f" WHERE h.id IN ({holders}) AND h.deleted_at IS NULL AND r.deleted_at IS NULL"
    )


def _column(entity: Entity, key: str) -> str:
    column = entity.fields[key].column
    assert column is not None
    return quoted(column)
