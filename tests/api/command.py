"""Commands as a test runs them: words in, what was printed out; and documents as files to name in them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

from typer.testing import CliRunner, Result

from dougong.cli import cli
from tests.workshop import Document

Command = Callable[..., Result]


def command_for(dsn: str) -> Command:
    """Return what runs a command against a site and sees that it ends with `code`; what stops it is raised."""

    def run(*words: str, code: int = 0) -> Result:
        environment = {"DATABASE_URL": dsn, "DOUGONG_POOL_MIN": "0", "LANG": "C"}
        result = CliRunner().invoke(cli, words, env=environment)
        if result.exception is not None and not isinstance(result.exception, SystemExit):
            raise result.exception
        assert result.exit_code == code, result.output
        return result

    return run


def written(folder: Path, document: Document, name: str = "") -> str:
    """Write a document to a file, named by its version where no name is given, and return its path."""
    file = folder / f"{name or document['version']}.json"
    file.write_text(json.dumps(document), encoding="utf-8")
    return str(file)
