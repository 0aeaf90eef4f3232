"""Whose is what, as SQL: ids of users, departments and records in, whether they are of the user at work's circle out."""

from typing import Any

from sqlalchemy import Boolean, ColumnElement

from dougong.model.app_model import AppModel
from dougong.store.names import quoted
from dougong.store.people_sql import MOST_LEVELS, PeopleSql, written


class MineSql(PeopleSql):
    """The same as PeopleSql for one user at work: a parameter or any other column. roles: what their roles are called, an array."""

    def __init__(self, organization: AppModel, user: ColumnElement[Any], roles: ColumnElement[Any]) -> None:
        """Look at the tables of users and departments."""
        super().__init__(organization)
        self._me, self._roles = user, roles
        manager = organization.entities["user"].fields.get("manager")
        self._by_name = None if manager is None or manager.column is None else quoted(manager.column)

    def in_mine(self, whose: ColumnElement[Any], of: str, below: bool) -> ColumnElement[Any]:
        """Return whether a user, or a department, is of the department of the user at work, or with `below` of one below it."""
        start = self._of("{1}")
        down = self._down(start) if below else f"WITH down AS (SELECT d.id FROM {start} AND d.deleted_at IS NULL)"
        return written(f"({{0}} IN ({down} {self._of_them if of == 'user' else 'SELECT id FROM down'}))", Boolean(), whose, self._me)

    def led_by_me(self, user: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return whether a user is of a department that the user at work leads, or of one below it."""
        led = self._down(f"{self._departments} d WHERE {self._leader} = {{1}}")
        own = "" if self._by_name is None else f" UNION SELECT o.id FROM {self._users} o WHERE o.{self._by_name} = {{1}}"
        return written(f"({{0}} IN ({led} {self._of_them}{own}))", Boolean(), user, self._me)

    def shared_with_me(self, record: ColumnElement[Any], action: str) -> ColumnElement[Any]:
        """Return whether a record is shared with the user at work, with a department they belong to, or with one of their roles."""
        up = f"{self._up(self._of('{1}'))} SELECT id FROM up"
        which = "s.may_update AND " if action == "update" else ""
        template = (
            f"({{0}} IN (SELECT s.record_id FROM dougong.share s WHERE {which}(s.expires_at IS NULL OR s.expires_at > now())"
            f" AND (s.to_user = {{1}} OR s.to_role = ANY({{2}}) OR s.to_department IN ({up}))))"
        )
        return written(template, Boolean(), record, self._me, self._roles)

    def _down(self, start: str) -> str:
        """Return a WITH of departments and of all below them: `down`."""
        return (
            f"WITH RECURSIVE down(id, depth) AS (SELECT d.id, 0 FROM {start} AND d.deleted_at IS NULL"
            f" UNION ALL SELECT d.id, down.depth + 1 FROM {self._departments} d JOIN down ON d.{self._above} = down.id"
            f" WHERE down.depth < {MOST_LEVELS} AND d.deleted_at IS NULL)"
        )

    @property
    def _of_them(self) -> str:
        """The users of the departments `down`, also those in the trash: what they left behind is still their department's."""
        return f"SELECT u.id FROM {self._users} u WHERE u.{self._of_user} IN (SELECT id FROM down)"
