"""What the code's tables say, gathered for the reference pages: error codes, functions, commands, endpoints; it changes nothing."""

import importlib
import pkgutil
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from types import ModuleType
from typing import Any

from typer.main import get_command

import dougong
import engines
from dougong.api.error_table import ErrorRow, error_table
from dougong.api.platform_app import build_platform_app
from dougong.cli import cli


def all_errors() -> Mapping[str, ErrorRow]:
    """Return every error and issue code of the product, sorted by code, whichever module it is in."""
    list(all_modules())
    return error_table()


def message_codes() -> set[str]:
    """Return every code in a `messages` module."""
    return {code for module in all_modules() if module.__name__.endswith(".messages") for code in module.MESSAGES}


def all_modules() -> Iterator[ModuleType]:
    """Import and return every module of the product."""
    for package in (engines, dougong):
        for found in pkgutil.walk_packages(package.__path__, package.__name__ + "."):
            if not found.name.endswith("__main__"):
                yield importlib.import_module(found.name)


@dataclass(frozen=True, slots=True)
class Command:
    """One command: its words after `dougong`, what it does, its arguments and options as (how it is written, what it means)."""

    words: tuple[str, ...]
    help: str
    parameters: tuple[tuple[str, str], ...]


def commands() -> tuple[Command, ...]:
    """Return the commands of the command line, in its order."""
    return tuple(_commands(get_command(cli), ()))


def command_paths() -> tuple[tuple[str, ...], ...]:
    """Return the words of every command."""
    return tuple(command.words for command in commands())


def _commands(command: Any, words: tuple[str, ...]) -> Iterator[Command]:  # noqa: ANN401 – typer's own type
    inside = getattr(command, "commands", None)
    if inside is not None:
        for name, sub in inside.items():
            yield from _commands(sub, (*words, name))
        return
    parameters = tuple(_parameter(one) for one in command.params if one.name != "help")
    yield Command(words, (command.help or "").strip(), parameters)


def _parameter(parameter: Any) -> tuple[str, str]:  # noqa: ANN401 – typer's own type
    names = ", ".join([*parameter.opts, *parameter.secondary_opts])
    is_argument = parameter.param_type_name == "argument"
    named = str(getattr(parameter, "metavar", None) or parameter.name).lower()
    return (f"<{named}>" if is_argument else names), str(getattr(parameter, "help", "") or "")


@dataclass(frozen=True, slots=True)
class Endpoint:
    """One call of the platform's API: method, path, name of the operation and what it does."""

    method: str
    path: str
    operation: str
    summary: str


@cache
def endpoints() -> tuple[Endpoint, ...]:
    """Return the platform's own endpoints, as its OpenAPI document lists them."""
    paths = build_platform_app().openapi()["paths"]
    return tuple(
        Endpoint(method.upper(), path, call["operationId"], call.get("description", ""))
        for path, calls in paths.items()
        for method, call in calls.items()
    )
