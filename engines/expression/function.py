"""Says what a row of the functions table holds; knows no function by name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal as OneOf

from engines.values.value_types import ValueType

# What a blank argument does: "default" it counts as 0, as an empty text or as FALSE (a blank date makes the answer
# blank); "blank" any blank argument makes the answer blank; "kept" the function looks at blanks itself.
NullRule = OneOf["default", "blank", "kept"]
Place = OneOf["python", "sql", "browser"]
EVERYWHERE: tuple[Place, ...] = ("python", "sql", "browser")


@dataclass(frozen=True, slots=True)
class Arg:
    """One argument. default: an expression, used when it is left out; optional: it may be left out without one.

    label: what people call it, where its name does not tell.
    """

    name: str
    type: ValueType
    default: str | None = None
    optional: bool = False
    label: Mapping[str, str] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class Function:
    """One row: everything about a function but its three implementations.

    takes: the arguments; when `repeats` is so many, the last so many may be given again and again.
    returns: the type of the answer; for rows with a typing rule of their own (`rules_*.py`), its usual type.
    blank: the answer may be blank though no argument is. fails: the error codes of its own.
    steady: the same arguments always give the same answer (TODAY does not).
    expands: the checker puts other calls in its place, so that it needs no implementation of its own.
    least, most: how many arguments must and may be given; None for any number.
    examples: expressions without fields, and the expression that gives the same.
    """

    name: str
    takes: tuple[Arg, ...]
    returns: ValueType
    doc: Mapping[str, str]
    examples: tuple[tuple[str, str], ...]
    null: NullRule = "default"
    blank: bool = False
    fails: tuple[str, ...] = ()
    repeats: int = 0
    steady: bool = True
    runs_in: tuple[Place, ...] = EVERYWHERE
    expands: bool = False
    least: int = field(init=False)
    most: int | None = field(init=False)

    def __post_init__(self) -> None:
        """Count the arguments once: the checker asks at every call."""
        least = sum(1 for arg in self.takes if arg.default is None and not arg.optional)
        object.__setattr__(self, "least", least)
        object.__setattr__(self, "most", None if self.repeats else len(self.takes))


def row(
    name: str,
    takes: tuple[Arg, ...],
    returns: ValueType,
    chinese: str,
    english: str,
    *examples: tuple[str, str],
    null: NullRule = "default",
    blank: bool = False,
    fails: tuple[str, ...] = (),
    repeats: int = 0,
    steady: bool = True,
    runs_in: tuple[Place, ...] = EVERYWHERE,
    expands: bool = False,
) -> Function:
    """Return a row, written so that a table of them reads as one."""
    doc = {"zh-CN": chinese, "en": english}
    return Function(name, takes, returns, doc, examples, null, blank, fails, repeats, steady, runs_in, expands)
