"""Takes the tree of a pattern, tells which match RE2 prefers: whether it is always the longest or the shortest, and its groups alone possible.

PostgreSQL takes the longest match from the first possible start, or the shortest, as a pattern asks for; RE2 takes the one
that greedy and lazy signs lead to first. Both are followed here over all possible texts at once, as sets of states, so that what
is the same is proved and not guessed.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field

from engines.expression.pattern import Assertion, Choice, Group, Node, OneOf, Repeat, Sequence
from engines.expression.pattern_sets import LAST, Ranges, ranges_of

_MOST_STATES = 1000
_MOST_PAIRS = 10_000
_MOST_SYMBOLS = 200
_WORD = ((48, 57), (65, 90), (95, 95), (97, 122))
# What stands before or behind a place: nothing, a word character, a line end, anything else.
_NOTHING, _IN_WORD, _LINE_END, _OTHER = range(4)


class TooMany(Exception):
    """Raised when there is too much to follow."""


@dataclass(frozen=True, slots=True)
class Symbol:
    """Characters that no part of the pattern tells apart: the sets they are in, and what kind they are."""

    sets: frozenset[int]
    kind: int


@dataclass(slots=True)
class Program:
    """The steps of a pattern. A step is ("one", set, next), ("either", first, second), ("if", kind, next), ("mark", number, next) or ("end",)."""

    steps: list[tuple[object, ...]] = field(default_factory=list)
    sets: list[Ranges] = field(default_factory=list)

    def add(self, *step: object) -> int:
        """Add a step and return its number."""
        self.steps.append(step)
        return len(self.steps) - 1

    def set_of(self, ranges: Ranges) -> int:
        """Return the number of a set."""
        if ranges not in self.sets:
            self.sets.append(ranges)
        return self.sets.index(ranges)


def preference(tree: Node) -> str | None:
    """Return "longest" or "shortest" when RE2's match is always that one, None when it is neither; raises `TooMany`.

    >>> from engines.expression.pattern import read_pattern
    >>> [preference(read_pattern(text).tree) for text in ("a+b*", "a.*?b", "ab|a", "ab|a|abc")]
    ['longest', 'shortest', 'longest', None]
    """
    program, start = _program(tree, frozenset())
    symbols = _symbols(program)
    for name in ("longest", "shortest"):
        if _always(program, start, symbols, name == "longest"):
            return name
    return None


def has_one_reading(tree: Node, groups: frozenset[int]) -> bool:
    """Tell whether a text that matches as a whole leaves no choice what these groups hold; raises `TooMany`.

    >>> from engines.expression.pattern import read_pattern
    >>> [has_one_reading(read_pattern(text).tree, frozenset({1})) for text in ("(a+)(b*)", "(a*)(a*)")]
    [True, False]
    """
    program, start = _program(tree, groups)
    symbols = _symbols(program)
    seen: set[tuple[int, int, bool, int]] = set()
    waiting = [(start, start, False, before) for before in range(4)]
    while waiting:
        state = waiting.pop()
        if state in seen:
            continue
        seen.add(state)
        if len(seen) > _MOST_PAIRS:
            raise TooMany
        one, other, differs, before = state
        for symbol in symbols:
            ones = set(_marked(program, one, before, symbol.kind))
            others = ones if one == other else set(_marked(program, other, before, symbol.kind))
            for marks, reached in ones:
                for other_marks, other_reached in others:
                    apart = differs or marks != other_marks
                    following = _follow(program, reached, symbol), _follow(program, other_reached, symbol)
                    if program.steps[reached][0] == "end" and program.steps[other_reached][0] == "end" and apart:
                        return False
                    if following[0] is not None and following[1] is not None:
                        waiting.append((following[0], following[1], apart, symbol.kind))
    return True


def _program(tree: Node, groups: frozenset[int]) -> tuple[Program, int]:
    program = Program()
    end = program.add("end")
    return program, _steps(program, tree, end, groups)


def _steps(program: Program, node: Node, following: int, groups: frozenset[int]) -> int:
    """Add the steps of a node that go on at another one; return the first."""
    if isinstance(node, OneOf):
        return program.add("one", program.set_of(ranges_of(node.written)), following)
    if isinstance(node, Assertion):
        return program.add("if", node.kind, following)
    if isinstance(node, Sequence):
        for part in reversed(node.parts):
            following = _steps(program, part, following, groups)
        return following
    if isinstance(node, Choice):
        first = _steps(program, node.parts[-1], following, groups)
        for part in reversed(node.parts[:-1]):
            first = program.add("either", _steps(program, part, following, groups), first)
        return first
    if isinstance(node, Group):
        if node.number not in groups:
            return _steps(program, node.part, following, groups)
        behind = program.add("mark", 2 * node.number + 1, following)
        return program.add("mark", 2 * node.number, _steps(program, node.part, behind, groups))
    return _repeated(program, node, following, groups)


def _repeated(program: Program, node: Repeat, following: int, groups: frozenset[int]) -> int:
    if node.most is None:
        loop = program.add("either", 0, 0)
        inner = _steps(program, node.part, loop, groups)
        program.steps[loop] = ("either", following, inner) if node.is_lazy else ("either", inner, following)
        first = loop
    else:
        first = following
        for _ in range(node.most - node.least):
            inner = _steps(program, node.part, first, groups)
            first = program.add("either", following, inner) if node.is_lazy else program.add("either", inner, following)
    for _ in range(node.least):
        first = _steps(program, node.part, first, groups)
    if len(program.steps) > _MOST_STATES:
        raise TooMany
    return first


def _symbols(program: Program) -> tuple[Symbol, ...]:
    """Return the kinds of characters there are, the end of the text first."""
    edges = {1, 10, 11, LAST + 1}
    for ranges in (*program.sets, _WORD):
        for low, high in ranges:
            edges |= {low, high + 1}
    starts = sorted(edges)
    members: list[set[int]] = [set() for _ in starts]
    words: set[int] = set()
    place = {start: number for number, start in enumerate(starts)}
    for number, ranges in enumerate((*program.sets, _WORD)):
        for low, high in ranges:
            for interval in range(place[low], place[high + 1]):
                if number == len(program.sets):
                    words.add(interval)
                else:
                    members[interval].add(number)
    found = {Symbol(frozenset(), _NOTHING): None}
    for interval, start in enumerate(starts[:-1]):
        kind = _IN_WORD if interval in words else _LINE_END if start == 10 else _OTHER
        found[Symbol(frozenset(members[interval]), kind)] = None
    if len(found) > _MOST_SYMBOLS:
        raise TooMany
    return tuple(found)


def _holds(kind: object, before: int, behind: int) -> bool:
    """Tell whether an assertion holds between two characters."""
    if kind == "start":
        return before == _NOTHING
    if kind == "end":
        return behind == _NOTHING
    if kind == "line_start":
        return before in (_NOTHING, _LINE_END)
    if kind == "line_end":
        return behind in (_NOTHING, _LINE_END)
    return ((before == _IN_WORD) != (behind == _IN_WORD)) == (kind == "word")


def _reached(program: Program, states: tuple[int, ...], before: int, behind: int, ends_at_match: bool) -> tuple[list[int], bool]:
    """Return the steps that read a character, in order of preference, and whether the end is reached; all behind it is cut if so wished."""
    ordered: list[int] = []
    seen: set[int] = set()
    is_match = False
    for state in states:
        waiting = [state]
        while waiting:
            number = waiting.pop()
            if number in seen:
                continue
            seen.add(number)
            step = program.steps[number]
            if step[0] == "end":
                is_match = True
                if ends_at_match:
                    return ordered, True
            elif step[0] == "one":
                ordered.append(number)
            elif step[0] == "either":
                waiting += (step[2], step[1])  # type: ignore[arg-type]
            elif step[0] == "mark" or _holds(step[1], before, behind):
                waiting.append(step[2])  # type: ignore[arg-type]
    return ordered, is_match


def _follow(program: Program, number: int, symbol: Symbol) -> int | None:
    step = program.steps[number]
    return step[2] if step[0] == "one" and step[1] in symbol.sets else None  # type: ignore[return-value]


def _always(program: Program, start: int, symbols: tuple[Symbol, ...], is_longest: bool) -> bool:
    """Tell whether the preferred match is always the longest, or the shortest, from a start."""
    waiting: list[tuple[tuple[int, ...], tuple[int, ...], int]] = [((start,), (start,), before) for before in range(4)]
    seen = set(waiting)
    while waiting:
        preferred, possible, before = waiting.pop()
        for symbol in symbols:
            kept, is_match = _reached(program, preferred, before, symbol.kind, True)
            every, could_match = _reached(program, possible, before, symbol.kind, False)
            if could_match and not is_match:
                return False
            if could_match and not is_longest:
                if kept:
                    return False
                continue
            following = _moved(program, kept, symbol), tuple(sorted(_moved(program, every, symbol))), symbol.kind
            if following[1] and following not in seen:
                seen.add(following)
                waiting.append(following)
                if len(seen) > _MOST_STATES:
                    raise TooMany
    return True


def _moved(program: Program, states: list[int], symbol: Symbol) -> tuple[int, ...]:
    found = (_follow(program, state, symbol) for state in states)
    return tuple(dict.fromkeys(state for state in found if state is not None))


def _marked(program: Program, start: int, before: int, behind: int) -> Iterator[tuple[frozenset[object], int]]:
    """Give each step that reads a character or ends, with the marks on the way there."""
    nothing: frozenset[object] = frozenset()
    waiting = [(nothing, start)]
    seen = set(waiting)
    while waiting:
        marks, number = waiting.pop()
        step = program.steps[number]
        if step[0] in ("one", "end"):
            yield marks, number
            continue
        if step[0] == "either":
            further = [(marks, step[1]), (marks, step[2])]
        elif step[0] == "mark":
            further = [(marks | {step[1]}, step[2])]
        else:
            further = [(marks, step[2])] if _holds(step[1], before, behind) else []
        for one in further:
            if one not in seen:
                seen.add(one)  # type: ignore[arg-type]
                waiting.append(one)  # type: ignore[arg-type]
                if len(seen) > _MOST_STATES:
                    raise TooMany
