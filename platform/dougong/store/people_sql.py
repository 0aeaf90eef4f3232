"""People as expressions: the site's organization in, SQL over its users and departments out, for whoever the parameter `user` is."""

from dataclasses import replace
from typing import Any

from sqlalchemy import ARRAY, ColumnElement, Text, bindparam, select
from sqlalchemy.dialects.postgresql import UUID as SQL_UUID
from sqlalchemy.ext.compiler import compiles
from sqlalchemy.sql.compiler import SQLCompiler
from sqlalchemy.sql.functions import FunctionElement

from dougong.model.app_model import AppModel
from dougong.store.names import quoted, table_name
from engines.dataset.query import Sources
from engines.dataset.rows import Rows
from engines.entity.entity import Entity
from engines.expression.sql_context import SqlContext
from engines.expression.tree import TypedPath

MOST_LEVELS = 100
"""Departments above a department that are looked at; a circle of departments ends there."""


class Written(FunctionElement[Any]):
    """SQL text in which `{0}`, `{1}` stand for values."""

    inherit_cache = False
    template = ""


@compiles(Written)
def _written_text(element: Written, compiler: SQLCompiler, **options: object) -> str:
    for option in ("add_to_result_map", "within_columns_clause"):
        options.pop(option, None)
    return element.template.format(*[compiler.process(value, **options) for value in element.clauses])


def written(template: str, kind: Any, *values: ColumnElement[Any]) -> ColumnElement[Any]:  # noqa: ANN401 – a column type
    """Return SQL text in which `{0}`, `{1}` stand for values, as a column of a type."""
    element = Written(*values)
    element.template = template
    element.type = kind
    return element


class PeopleSql:
    """Who leads whom, by the organization's departments: whoever leads a user's department, or else the next above, is their manager.

    A user may have a manager of their own instead. A department is led by its manager, or by the first of its deputies where nobody
    is manager who is at work: active and not in the trash. Whoever is not at work leads nobody.
    """

    def __init__(self, organization: AppModel) -> None:
        """Look at the tables of users and departments."""
        user, department = organization.entities["user"], organization.entities["department"]
        self._users, self._departments = table_name(user), table_name(department)
        self._of_user = _column(user, "department")
        self._above, self._name = (_column(department, key) for key in ("parent_department", "name"))
        self._leader, self._own = leader_sql(organization, "d"), own_manager_sql(organization, "m.id")

    def _up(self, start: str) -> str:
        """Return a WITH of a department and those above it; `height` counts from the lowest."""
        columns = f"d.id, d.{self._above}, {self._leader}, d.{self._name}"
        return (
            f"WITH RECURSIVE up(id, above, leader, name, height) AS (SELECT {columns}, 0 FROM {start} AND d.deleted_at IS NULL"
            f" UNION ALL SELECT {columns}, up.height + 1 FROM {self._departments} d JOIN up ON d.id = up.above"
            f" WHERE up.height < {MOST_LEVELS} AND d.deleted_at IS NULL)"
        )

    def _of(self, user: str) -> str:
        return f"{self._departments} d JOIN {self._users} u ON u.{self._of_user} = d.id WHERE u.id = {user}"

    def manager_of(self, user: ColumnElement[Any], level: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the manager of a user, or of that manager and so on."""
        next_one = (
            f"coalesce({self._own}, ({self._up(self._of('m.id'))} SELECT leader FROM up WHERE leader IS NOT NULL AND leader <> m.id ORDER BY height LIMIT 1))"
        )
        template = (
            "(WITH RECURSIVE managers(id, steps) AS (SELECT CAST({0} AS uuid), 0 UNION ALL"
            f" SELECT {next_one}, m.steps + 1 FROM managers m WHERE m.steps < {{1}} AND m.id IS NOT NULL)"
            " SELECT id FROM managers WHERE steps = {1})"
        )
        return written(template, SQL_UUID(), user, level)

    def leader_of(self, department: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the user who leads a department."""
        template = f"(SELECT {self._leader} FROM {self._departments} d WHERE d.id = {{0}} AND d.deleted_at IS NULL)"
        return written(template, SQL_UUID(), department)

    def path_of(self, department: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return the names from the top department down."""
        up = self._up(f"{self._departments} d WHERE d.id = {{0}}")
        return written(f"({up} SELECT string_agg(name, '/' ORDER BY height DESC) FROM up)", Text(), department)

    def departments_of(self, user: ColumnElement[Any]) -> ColumnElement[Any]:
        """Return what names the department of a user or one above it: ids and names."""
        names = "SELECT CAST(id AS text) FROM up UNION SELECT name FROM up WHERE name IS NOT NULL"
        return written(f"ARRAY({self._up(self._of('{0}'))} {names})", ARRAY(Text()), user)


def leader_sql(organization: AppModel, department: str) -> str:
    """Return SQL of the user who leads a department at present. department: what the statement calls its table."""
    entity = organization.entities["department"]
    manager = f"(SELECT u.id FROM {_at_work(organization)} AND u.id = {department}.{_column(entity, 'manager')})"
    deputies = entity.fields.get("deputies")
    if deputies is None or deputies.link_table is None:
        return manager
    links = quoted(entity.schema, deputies.link_table)
    deputy = f"SELECT u.id FROM {links} x, {_at_work(organization)} AND u.id = x.target AND x.record = {department}.id ORDER BY x.position LIMIT 1"
    return f"coalesce({manager}, ({deputy}))"


def own_manager_sql(organization: AppModel, user: str) -> str:
    """Return SQL of the manager a user has besides those of departments, where that manager is at work. user: an id in SQL."""
    entity = organization.entities["user"]
    if "manager" not in entity.fields:
        return "CAST(NULL AS uuid)"
    return f"(SELECT u.id FROM {_at_work(organization)} AND u.id = (SELECT o.{_column(entity, 'manager')} FROM {table_name(entity)} o WHERE o.id = {user}))"


def _at_work(organization: AppModel) -> str:
    """Return SQL that goes on after FROM and ends in a condition: users who are at work, as `u`."""
    user = organization.entities["user"]
    return f"{table_name(user)} u WHERE u.deleted_at IS NULL AND u.{_column(user, 'active')}"


def _column(entity: Entity, key: str) -> str:
    column = entity.fields[key].column
    assert column is not None
    return quoted(column)


def user_field(organization: AppModel, sources: Sources, context: SqlContext, path: TypedPath) -> ColumnElement[Any]:
    """Return the value of a path from the user on; the user may read their own, so `sources` let everything be read."""
    rows = Rows(organization.entities["user"], sources, context, "me")
    if path.type.of is not None and path.type.of.name == "record" and path.many == len(path.names):
        path = replace(path, names=(*path.names, "id"))  # of rows there is no list, but of their ids
    value = rows.computed(path)
    return select(value).select_from(rows.source).where(rows.root.c.id == bindparam("user", type_=SQL_UUID())).scalar_subquery()
