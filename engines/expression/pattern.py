"""Takes a regular expression as people write it, gives its tree and the same in RE2's words; matches nothing itself.

The syntax is the part of RE2's that means the same in every back end, and `\\uFFFF` for a character. Everything has a size in
advance, so that no engine is ever asked for more than it can hold.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import lru_cache

MAX_PATTERN = 1000
MAX_SIZE = 1000
MAX_REPEAT = 1000
MAX_GROUPS = 50
_CLASS_SIZE = 20
_REPEAT = re.compile(r"\{([0-9]{1,4})(,([0-9]{1,4})?)?\}")
_FLAGS = re.compile(r"\(\?([ims]*)(-([ims]+))?([:)])")
_NAME = re.compile(r"\(\?P?<([A-Za-z_][A-Za-z0-9_]*)>")
_HEX = re.compile(r"\\(?:x([0-9A-Fa-f]{2})|x\{([0-9A-Fa-f]{1,6})\}|u([0-9A-Fa-f]{4}))")
_KNOWN_CLASS = re.compile(r"\\([pP])(?:\{(\^?)([A-Za-z]+)\}|([A-Z]))")
_POSIX = re.compile(r"\[:(\^?)([a-z]+):\]")
_CONTROLS = {"a": 7, "t": 9, "n": 10, "v": 11, "f": 12, "r": 13}
UNICODE_CLASSES = frozenset(
    (
        "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N", "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps",
        "S", "Sc", "Sk", "Sm", "So", "Z", "Zl", "Zp", "Zs", "Cc", "Co", "Han", "Latin", "Greek", "Cyrillic", "Hiragana", "Katakana",
        "Hangul", "Bopomofo", "Arabic", "Hebrew", "Thai", "Tibetan", "Mongolian", "Devanagari",
    )
)  # fmt: skip
POSIX_CLASSES = frozenset(
    (
        "alnum", "alpha", "ascii", "blank", "cntrl", "digit", "graph", "lower", "print", "punct", "space", "upper", "word", "xdigit",
    )
)  # fmt: skip


class BadPattern(Exception):
    """Raised for a pattern that is none, or too large a one."""


@dataclass(frozen=True, slots=True)
class OneOf:
    """One character: `written` is how RE2 writes the set it is of, with the flags that matter."""

    written: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class Assertion:
    """A place in the text: start, end, line_start, line_end, word, not_word."""

    kind: str
    size: int = 1


@dataclass(frozen=True, slots=True)
class Sequence:
    """One part after the other."""

    parts: tuple[Node, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Choice:
    """One of several parts, an earlier one rather than a later one."""

    parts: tuple[Node, ...]
    size: int


@dataclass(frozen=True, slots=True)
class Repeat:
    """A part so many times, without end when `most` is None, rather often than seldom unless it is lazy."""

    part: Node
    least: int
    most: int | None
    is_lazy: bool
    size: int


@dataclass(frozen=True, slots=True)
class Group:
    """A part that is remembered under a number."""

    part: Node
    number: int
    size: int


Node = OneOf | Assertion | Sequence | Choice | Repeat | Group


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression: its tree, how RE2 writes it, and how many groups it has."""

    tree: Node
    written: str
    groups: int


@lru_cache(maxsize=256)
def read_pattern(text: str) -> Pattern:
    """Return the tree of a regular expression; raises `BadPattern`.

    >>> read_pattern(r"(a+)[b-d]").written
    '(\\\\x{61}+)[\\\\x{62}-\\\\x{64}]'
    """
    if len(text) > MAX_PATTERN:
        raise BadPattern
    reader = _Reader(text)
    tree = reader.choice(0)
    if reader.place < len(text) or tree.size > MAX_SIZE:
        raise BadPattern
    return Pattern(tree, "".join(reader.written), reader.groups)


class _Reader:
    """Reads one pattern from left to right; `written` grows as it does."""

    __slots__ = ("flags", "groups", "names", "place", "text", "written")

    def __init__(self, text: str) -> None:
        self.text = text
        self.place = 0
        self.flags: frozenset[str] = frozenset()
        self.groups = 0
        self.names: set[str] = set()
        self.written: list[str] = []

    def next(self) -> str:
        """Return the character that comes next, empty at the end."""
        return self.text[self.place : self.place + 1]

    def take(self, expression: re.Pattern[str]) -> re.Match[str] | None:
        """Return what matches here and go on behind it."""
        found = expression.match(self.text, self.place)
        if found is not None:
            self.place = found.end()
        return found

    def choice(self, depth: int) -> Node:
        """Read alternatives up to a closing bracket or the end; flags set inside end there."""
        if depth > MAX_GROUPS:
            raise BadPattern
        flags = self.flags
        parts = [self.sequence(depth)]
        while self.next() == "|":
            self.place += 1
            self.written.append("|")
            parts.append(self.sequence(depth))
        self.flags = flags
        return parts[0] if len(parts) == 1 else Choice(tuple(parts), sum(part.size for part in parts) + 1)

    def sequence(self, depth: int) -> Node:
        """Read one alternative."""
        parts: list[Node] = []
        while self.next() not in ("", "|", ")"):
            part = self.part(depth)
            if part is not None:
                parts.append(self.repeated(part))
        return parts[0] if len(parts) == 1 else Sequence(tuple(parts), max(1, sum(part.size for part in parts)))

    def repeated(self, part: Node) -> Node:
        """Read how often a part is repeated."""
        start = self.place
        sign = self.next()
        if sign and sign in "*+?":
            self.place += 1
            least, most = {"*": (0, None), "+": (1, None), "?": (0, 1)}[sign]
        elif (found := self.take(_REPEAT)) is not None:
            least = int(found[1])
            most = least if found[2] is None else None if found[3] is None else int(found[3])
        else:
            return part
        if isinstance(part, Assertion) or least > MAX_REPEAT or (most is not None and (most > MAX_REPEAT or most < least)):
            raise BadPattern
        is_lazy = self.next() == "?"
        self.place += is_lazy
        if (self.next() and self.next() in "*+?") or _REPEAT.match(self.text, self.place):
            raise BadPattern
        self.written.append(self.text[start : self.place])
        size = part.size * max(1, least if most is None else most)
        if size > MAX_SIZE:
            raise BadPattern
        return Repeat(part, least, most, is_lazy, size)

    def part(self, depth: int) -> Node | None:
        """Read one part; None for flags, which are none."""
        sign = self.next()
        if sign == "(":
            return self.group(depth)
        if sign == "[":
            return self.one_of(self.set())
        if sign in "*+?":
            raise BadPattern
        if sign == "\\":
            return self.escape()
        self.place += 1
        if sign == ".":
            return self.one_of(".")
        if sign in "^$":
            self.written.append(sign)
            kind = "start" if sign == "^" else "end"
            return Assertion(f"line_{kind}" if "m" in self.flags else kind)
        return self.one_of(_character(ord(sign)))

    def group(self, depth: int) -> Node | None:
        """Read brackets, or flags in them."""
        flags = self.flags
        number = 0
        if (found := self.take(_FLAGS)) is not None:
            if found[0] in ("(?)", "(?-)"):
                raise BadPattern
            self.flags = (flags | set(found[1])) - set(found[3] or "")
            self.written.append(found[0])
            if found[4] == ")":
                return None
        else:
            named = self.take(_NAME)
            if named is None:
                self.place += 1
                if self.next() == "?":
                    raise BadPattern
            elif named[1] in self.names:
                raise BadPattern
            else:
                self.names.add(named[1])
            self.groups += 1
            number = self.groups
            self.written.append("(")
        inner = self.choice(depth + 1)
        if self.next() != ")":
            raise BadPattern
        self.place += 1
        self.written.append(")")
        self.flags = flags
        if number:
            return Group(inner, number, inner.size)
        # A sequence of its own keeps a repeated part together with the sign behind it.
        return Sequence((inner,), inner.size)

    def escape(self) -> Node:
        """Read a backslash and what belongs to it."""
        following = self.text[self.place + 1 : self.place + 2]
        if following and following in "bBAz":
            self.place += 2
            self.written.append("\\" + following)
            return Assertion({"b": "word", "B": "not_word", "A": "start", "z": "end"}[following])
        known = self.known_class()
        if known:
            return self.one_of(known)
        return self.one_of(_character(self.code()))

    def known_class(self) -> str:
        """Read `\\d`, `\\pL` and their like; empty when something else stands here."""
        following = self.text[self.place + 1 : self.place + 2]
        if following and following in "dDwWsS":
            self.place += 2
            return "\\" + following
        found = self.take(_KNOWN_CLASS)
        if found is None:
            return ""
        name = found[3] or found[4]
        if name not in UNICODE_CLASSES:
            raise BadPattern
        is_turned = (found[1] == "P") != (found[2] == "^")
        return ("\\P{" if is_turned else "\\p{") + name + "}"

    def code(self) -> int:
        """Read an escaped character and return its code."""
        found = self.take(_HEX)
        if found is not None:
            code = int(found[1] or found[2] or found[3], 16)
        else:
            character = self.text[self.place + 1 : self.place + 2]
            self.place += 2
            code = _CONTROLS.get(character, -1)
            if code < 0 and character and character.isascii() and not character.isalnum() and character != "_":
                code = ord(character)
        if not 0 <= code <= 0x10FFFF or 0xD800 <= code <= 0xDFFF:
            raise BadPattern
        return code

    def set(self) -> str:
        """Read a set in square brackets and return how RE2 writes it."""
        made = ["["]
        self.place += 1
        if self.next() == "^":
            self.place += 1
            made.append("^")
        is_first = True
        while is_first or self.next() != "]":
            is_first = False
            if not self.next():
                raise BadPattern
            made.append(self.item())
        self.place += 1
        return "".join([*made, "]"])

    def item(self) -> str:
        """Read one character, range or class inside a set."""
        posix = self.take(_POSIX)
        if posix is not None:
            if posix[2] not in POSIX_CLASSES:
                raise BadPattern
            return posix[0]
        if self.text.startswith("[:", self.place):
            raise BadPattern
        if self.next() == "\\":
            known = self.known_class()
            if known:
                return known
        low = self.member()
        rest = self.text[self.place : self.place + 2]
        if len(rest) < 2 or rest[0] != "-" or rest[1] == "]":
            return _character(low)
        self.place += 1
        high = self.member()
        if high < low:
            raise BadPattern
        return f"{_character(low)}-{_character(high)}"

    def member(self) -> int:
        """Read one character inside a set and return its code."""
        if self.next() == "\\":
            return self.code()
        self.place += 1
        return ord(self.text[self.place - 1])

    def one_of(self, written: str) -> Node:
        """Return a part that is one character of a set."""
        self.written.append(written)
        flags = "".join(sorted(self.flags & ({"s"} if written == "." else {"i"})))
        return OneOf(f"(?{flags}:{written})" if flags else written, _CLASS_SIZE if "\\p" in written.lower() else 1)


def _character(code: int) -> str:
    if 0xD800 <= code <= 0xDFFF:
        raise BadPattern
    return f"\\x{{{code:x}}}"
