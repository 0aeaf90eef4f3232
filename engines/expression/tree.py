"""The tree of an expression before and after checking: three kinds of node each; operators are calls."""

from __future__ import annotations

from dataclasses import dataclass, field

from engines.values.value_types import Value, ValueType

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Literal:
    """A value written in the text: Decimal, str, bool, date, naive datetime (local time) or None.

    span: first and last-plus-one character in the text; not part of equality.
    """

    value: Value
    span: Span = field(default=(0, 0), compare=False)


@dataclass(frozen=True, slots=True)
class Path:
    """A field, or a field reached over others: names as the author wrote them, keys or labels.

    places: where each name lies in the text; empty for a path that nobody wrote.
    """

    names: tuple[str, ...]
    span: Span = field(default=(0, 0), compare=False)
    places: tuple[Span, ...] = field(default=(), compare=False, repr=False)


@dataclass(frozen=True, slots=True)
class Call:
    """A function in capitals ("ROUND"), an operator in small letters ("add"), a `filter` or a `field` of something."""

    name: str
    args: tuple[Tree, ...]
    span: Span = field(default=(0, 0), compare=False)


Tree = Literal | Path | Call


@dataclass(frozen=True, slots=True)
class TypedLiteral:
    """A literal with its type."""

    value: Value
    type: ValueType
    span: Span = field(default=(0, 0), compare=False)
    may_fail: bool = field(default=False, init=False, compare=False)

    @property
    def may_be_blank(self) -> bool:
        """Tell whether the literal is NULL."""
        return self.value is None


@dataclass(frozen=True, slots=True)
class TypedPath:
    """A path by field keys.

    row: whose field it starts at: 0 the record, 1 the row of the outermost filter or row expression, and so on.
    many: how many leading names lead to the last to-many step; 0 when the path reaches one value.
    """

    names: tuple[str, ...]
    type: ValueType
    span: Span = field(default=(0, 0), compare=False)
    row: int = 0
    many: int = 0
    may_be_blank: bool = True
    may_fail: bool = False


@dataclass(frozen=True, slots=True)
class TypedCall:
    """A call whose arguments have exactly the types its row takes: every conversion is a call of its own.

    may_be_blank, may_fail: what the answer can be, beside a value.
    """

    name: str
    args: tuple[TypedTree, ...]
    type: ValueType
    span: Span = field(default=(0, 0), compare=False)
    may_be_blank: bool = False
    may_fail: bool = False


TypedTree = TypedLiteral | TypedPath | TypedCall

# What an author may write, and no more (counted before anything recursive sees it).
MAX_LENGTH = 20_000
MAX_NODES = 500
MAX_DEPTH = 50
