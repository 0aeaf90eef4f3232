"""A SQLAlchemy statement in, SQL text with the names of its parameters in order out, ready for asyncpg."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ClauseElement, Executable
from sqlalchemy.dialects.postgresql import asyncpg

_DIALECT = asyncpg.dialect()  # type: ignore[no-untyped-call]


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with `$1`, `$2`, … and what goes there: constants of the compiled shape, or values given at each run."""

    sql: str
    names: tuple[str, ...]
    constants: Mapping[str, Any]

    def arguments(self, values: Mapping[str, Any]) -> list[Any]:
        """Return the arguments of one run in order."""
        constants = self.constants
        return [values[name] if name in values else constants[name] for name in self.names]


def compile_statement(statement: Executable) -> Statement:
    """Return the text and parameters of a statement for PostgreSQL through asyncpg."""
    compiled = statement.compile(dialect=_DIALECT, compile_kwargs={"render_postcompile": True})  # type: ignore[attr-defined]
    return Statement(str(compiled), tuple(compiled.positiontup), dict(compiled.params))


def written_out(expression: ClauseElement) -> str:
    """Return the text of an expression with its constants in it, for a statement that is put together as text."""
    return str(expression.compile(dialect=_DIALECT, compile_kwargs={"literal_binds": True}))
