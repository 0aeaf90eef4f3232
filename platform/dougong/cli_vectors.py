"""The command `dougong vectors …`: a file of vectors and a back end in, each difference and the counts out."""

from __future__ import annotations

import os
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Sequence

    from dougong.conformance.question import Answer, Question

vectors = typer.Typer(help="Conformance: what a language must answer.", no_args_is_help=True)


class Backend(StrEnum):
    """Where expressions are computed."""

    PYTHON = "python"
    SQL = "sql"
    BROWSER = "browser"


@vectors.command()
def expression(
    file: Annotated[Path, typer.Argument(help="Lines of JSON: id, tier, group, expr, env, expect and, if need be, ctx.")],
    backend: Annotated[Backend, typer.Option(help="Where the expressions are computed.")] = Backend.PYTHON,
    tier: Annotated[int | None, typer.Option(min=1, max=2, help="Only the vectors of this tier.")] = None,
) -> None:
    """Ask a back end of the expression language every question of a file; the exit code is 1 when an answer differs."""
    from dougong.conformance.question import read_questions
    from dougong.conformance.report import report

    questions = read_questions(file, tier)
    found = report(questions, _answers(questions, backend))
    for difference in found.differences:
        typer.echo(difference)
    typer.echo(found.closing)
    raise typer.Exit(1 if found.failed else 0)


def _answers(questions: Sequence[Question], backend: Backend) -> dict[str, Answer]:
    if backend is Backend.PYTHON:
        from dougong.conformance.python_answers import python_answers

        return python_answers(questions)
    if backend is Backend.BROWSER:
        from dougong.conformance.browser_answers import browser_answers

        return browser_answers(questions)
    import asyncio

    from dougong.database.address import database_in_use
    from dougong.settings import read_settings

    with database_in_use(read_settings(os.environ)) as dsn:
        return asyncio.run(_ask_database(questions, dsn))


async def _ask_database(questions: Sequence[Question], dsn: str) -> dict[str, Answer]:
    from dougong.conformance.sql_answers import sql_answers
    from dougong.database.pool import connect

    connection = await connect(dsn)
    try:
        return await sql_answers(questions, connection)
    finally:
        await connection.close()
