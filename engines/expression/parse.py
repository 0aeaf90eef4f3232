"""Takes the text of an expression, gives its tree and issues; knows no names, goes on after an error, never raises."""

from __future__ import annotations

import unicodedata
from dataclasses import dataclass, replace
from datetime import date, datetime
from decimal import Decimal, InvalidOperation

from engines.expression.messages import MESSAGES, found_words
from engines.expression.tokens import Token, read_tokens
from engines.expression.tree import MAX_DEPTH, MAX_NODES, Call, Literal, Path, Tree
from engines.values.decimals import is_in_limits
from engines.values.issue import Fix, Issue, Issues, issue


@dataclass(frozen=True, slots=True)
class Parsed:
    """A tree, None when nothing could be made of the text, and what is wrong with the text.

    With issues, missing parts of the tree stand as blank literals.
    """

    tree: Tree | None
    issues: Issues = ()


# sign or word -> (how tightly it binds, name of the call); all bind to the left.
_BINARY: dict[str, tuple[int, str]] = {
    "||": (1, "or"),
    "&&": (2, "and"),
    "=": (4, "eq"),
    "==": (4, "eq"),
    "<>": (4, "ne"),
    "!=": (4, "ne"),
    "<": (4, "lt"),
    "<=": (4, "le"),
    ">": (4, "gt"),
    ">=": (4, "ge"),
    "&": (5, "concat"),
    "+": (6, "add"),
    "-": (6, "sub"),
    "*": (7, "mul"),
    "/": (7, "div"),
    "^": (8, "pow"),
}
_BINARY_WORDS = {"OR": (1, "or"), "AND": (2, "and")}
_NOT, _COMPARISON, _UNARY = 3, 4, 9
_WORDS = frozenset({"TRUE", "FALSE", "NULL", "AND", "OR", "NOT"})
# Functions that are another spelling of an operator.
_SAME = {"AND": "and", "OR": "or", "NOT": "not", "POWER": "pow", "FILTER": "filter", "MAP": "map", "COALESCE": "IFBLANK"}
_MAX_NEST = 100
_MOST_DECIMALS = 1000


class _Stop(Exception):
    """Raised inside the parser alone when a limit is met."""


def parse(text: str) -> Parsed:
    """Return the tree of a text.

    >>> parse("a + 2").tree
    Call(name='add', args=(Path(names=('a',), span=(0, 1)), Literal(value=Decimal('2'), span=(4, 5))), span=(0, 5))
    >>> parse("IF(a > 1, 2").issues[0].message["en"]
    "Expected ')' to close IF(, but the formula ends here"
    """
    tokens, issues = read_tokens(text)
    if tokens[0].kind == "end":
        if not issues:
            issues.append(issue(MESSAGES, "expression-empty", span=(0, len(text))))
        return Parsed(None, tuple(issues))
    parser = _Parser(tokens, issues)
    try:
        tree = parser.expression(0)
        parser.end()
    except _Stop:
        return Parsed(None, tuple(parser.issues))
    # A tree is no deeper than it has nodes.
    if parser.node_count > MAX_DEPTH and _depth(tree) > MAX_DEPTH:
        parser.note("expression-too-deep", tree.span, most=MAX_DEPTH)
        return Parsed(None, tuple(parser.issues))
    return Parsed(tree, tuple(parser.issues))


class _Parser:
    """Walks the tokens once; after an error it goes on where a reader would."""

    __slots__ = ("issues", "nest", "node_count", "position", "tokens")

    def __init__(self, tokens: list[Token], issues: list[Issue]) -> None:
        self.tokens = tokens
        self.issues = issues
        self.position = 0
        self.nest = 0
        self.node_count = 0

    def note(self, code: str, span: tuple[int, int], **parts: object) -> None:
        self.issues.append(issue(MESSAGES, code, "", span, **parts))

    def note_with(self, fix: Fix, code: str, span: tuple[int, int], **parts: object) -> None:
        self.issues.append(replace(issue(MESSAGES, code, "", span, **parts), fixes=(fix,)))

    def expression(self, floor: int) -> Tree:
        """Read an expression whose operators bind more tightly than `floor`."""
        self.nest += 1
        if self.nest > _MAX_NEST:
            token = self.tokens[self.position]
            self.note("expression-too-deep", (token.start, self.tokens[-1].end), most=MAX_DEPTH)
            raise _Stop
        left = self.prefix()
        compared = False
        while True:
            token = self.tokens[self.position]
            if token.kind == "sign":
                binding = _BINARY.get(token.text)
            elif token.kind == "name":
                binding = _BINARY_WORDS.get(token.text.upper())
            else:
                binding = None
            if binding is None or binding[0] <= floor:
                self.nest -= 1
                return left
            power, name = binding
            if power == _COMPARISON:
                if compared:
                    self.note("expression-chained-comparison", (left.span[0], token.end))
                compared = True
            elif power < _COMPARISON:
                compared = False
            self.position += 1
            right = self.expression(power)
            left = self.call(name, (left, right), (left.span[0], right.span[1]))

    def prefix(self) -> Tree:
        """Read what can begin an expression, and what follows it without an operator."""
        token = self.tokens[self.position]
        kind, text = token.kind, token.text
        if kind == "sign":
            if text in "-+" or text == "!":
                self.position += 1
                operand = self.expression(_NOT if text == "!" else _UNARY)
                span = (token.start, operand.span[1])
                if text == "+":
                    return operand if _is_number(operand) else self.call("add", (self.nothing(token), operand), span)
                return self.call("neg" if text == "-" else "not", (operand,), span)
            if text == "(":
                self.position += 1
                inner = self.expression(0)
                self.close(")", "(")
                return self.postfix(inner)
            if text == "[":
                self.position += 1
                items = self.arguments("]", "[")
                return self.postfix(self.call("list", items, (token.start, self.tokens[self.position - 1].end)))
            if text == "@":
                self.position += 1
                return self.postfix(self.entity(token))
            return self.missing(token)
        if kind == "name":
            return self.word(token)
        if kind == "end":
            return self.missing(token)
        self.position += 1
        if kind == "braced":
            if not text:
                self.note("expression-empty-name", (token.start, token.end))
            return self.postfix(self.path((unicodedata.normalize("NFC", text),), (token.start, token.end)))
        return self.postfix(self.literal(token))

    def nothing(self, sign: Token) -> Tree:
        """Return the 0 that a `+` in front adds to, so that a blank counts as 0 behind it too and a text is refused."""
        return self.leaf(Literal(Decimal(0), (sign.start, sign.end)))

    def word(self, token: Token) -> Tree:
        """Read a name: a constant, NOT, a function call, or a path."""
        following = self.tokens[self.position + 1]
        upper = token.text.upper()
        opens = following.kind == "sign" and following.text == "("
        if upper in _WORDS and not (opens and (upper != "NOT" or following.start == token.end)):
            if upper in ("AND", "OR"):
                return self.missing(token)
            self.position += 1
            if upper == "NOT":
                operand = self.expression(_NOT)
                return self.call("not", (operand,), (token.start, operand.span[1]))
            value = None if upper == "NULL" else upper == "TRUE"
            return self.postfix(self.leaf(Literal(value, (token.start, token.end))))
        self.position += 1
        if not opens:
            return self.postfix(self.path((unicodedata.normalize("NFC", token.text),), (token.start, token.end)))
        self.position += 1
        args = self.arguments(")", upper + "(")
        if upper in ("TRUE", "FALSE", "NULL") and not args:
            return self.postfix(Literal(None if upper == "NULL" else upper == "TRUE", (token.start, following.end)))
        span = (token.start, self.tokens[self.position - 1].end)
        return self.postfix(self.call(_SAME.get(upper, upper), args, span))

    def postfix(self, node: Tree) -> Tree:
        """Read the `%`, `.name` and `[filter]` that follow a value."""
        while True:
            token = self.tokens[self.position]
            if token.kind != "sign":
                return node
            if token.text == "%":
                self.position += 1
                node = self.call("percent", (node,), (node.span[0], token.end))
            elif token.text == ".":
                self.position += 1
                node = self.member(node, token)
            elif token.text == "[":
                self.position += 1
                condition = self.expression(0)
                self.close("]", "[")
                node = self.call("filter", (node, condition), (node.span[0], self.tokens[self.position - 1].end))
            else:
                return node

    def entity(self, sign: Token) -> Tree:
        """Read the name of a whole entity, whose sign has been read."""
        token = self.tokens[self.position]
        if token.kind not in ("name", "braced"):
            self.note("expression-expected-entity", (sign.start, token.end), found=found_words(token.text))
            return self.leaf(Literal(None, (sign.start, sign.end)))
        self.position += 1
        name = unicodedata.normalize("NFC", token.text)
        span = (sign.start, token.end)
        return self.call("entity", (self.leaf(Literal(name, (token.start, token.end))),), span)

    def member(self, node: Tree, dot: Token) -> Tree:
        token = self.tokens[self.position]
        if token.kind not in ("name", "braced"):
            self.note("expression-expected-name", (dot.start, token.end), found=found_words(token.text))
            return node
        self.position += 1
        name = unicodedata.normalize("NFC", token.text)
        span = (node.span[0], token.end)
        if isinstance(node, Path):
            return Path((*node.names, name), span, (*node.places, (token.start, token.end)))
        return self.call("field", (node, self.leaf(Literal(name, (token.start, token.end)))), span)

    def arguments(self, closer: str, opener: str) -> tuple[Tree, ...]:
        """Read a list in brackets whose opening bracket has been read, and its closing bracket."""
        args: list[Tree] = []
        token = self.tokens[self.position]
        if token.kind == "sign" and token.text == closer:
            self.position += 1
            return ()
        while True:
            args.append(self.expression(0))
            token = self.tokens[self.position]
            if token.kind == "sign" and token.text == ",":
                self.position += 1
                continue
            self.close(closer, opener)
            return tuple(args)

    def close(self, closer: str, opener: str) -> None:
        """Read a closing bracket; when it is missing, say so and look for it further on."""
        token = self.tokens[self.position]
        if token.kind == "sign" and token.text == closer:
            self.position += 1
            return
        span = (token.start, max(token.end, token.start))
        if token.kind == "end":
            code, fix = "expression-expected-closing-at-end", Fix((token.start, token.start), closer)
            self.note_with(fix, code, span, closer=closer, opener=opener, found=found_words(token.text))
            return
        self.note("expression-expected-closing", span, closer=closer, opener=opener, found=found_words(token.text))
        self.skip_to(closer)

    def skip_to(self, closer: str) -> None:
        """Go past the closing bracket of this level, or to the end."""
        open_count = 0
        while (token := self.tokens[self.position]).kind != "end":
            self.position += 1
            if token.kind != "sign":
                continue
            if token.text in "([":
                open_count += 1
            elif token.text in ")]":
                if open_count == 0:
                    return
                open_count -= 1

    def missing(self, token: Token) -> Tree:
        """Note that a value should stand before a token; return a blank in its place."""
        code = "expression-expected-value" if token.kind != "end" else "expression-expected-value-at-end"
        self.note(code, (token.start, token.end), found=found_words(token.text))
        # An operator without its left side is kept for the caller, anything else that cannot go on is stepped over.
        follows = token.text in _BINARY or token.text.upper() in _BINARY_WORDS or token.text in (")", "]", ",")
        if token.kind != "end" and not follows:
            self.position += 1
        return self.leaf(Literal(None, (token.start, token.start)))

    def end(self) -> None:
        """Note what stands after the expression."""
        token = self.tokens[self.position]
        if token.kind == "end":
            return
        span, found = (token.start, token.end), found_words(token.text)
        if token.text in (")", "]") and token.kind == "sign":
            self.note_with(Fix(span, ""), "expression-unopened", span, found=found)
        else:
            self.note("expression-expected-operator", span, found=found)

    def literal(self, token: Token) -> Tree:
        span = (token.start, token.end)
        match token.kind:
            case "number":
                return self.leaf(Literal(self.number(token.text, span), span))
            case "date":
                return self.leaf(Literal(self.moment(token.text, span), span))
        text = token.text
        if "\x00" in text or any("\ud800" <= character <= "\udfff" for character in text):
            self.note("expression-bad-character", span, found="\\0" if "\x00" in text else "\ufffd")
            text = ""
        return self.leaf(Literal(text if text.isascii() else unicodedata.normalize("NFC", text), span))

    def number(self, text: str, span: tuple[int, int]) -> Decimal | None:
        try:
            number = Decimal(text)
        except InvalidOperation:
            number = Decimal("Infinity")
        if is_in_limits(number) and int(number.as_tuple().exponent) >= -_MOST_DECIMALS:
            return number
        self.note("expression-number-too-large", span)
        return None

    def moment(self, text: str, span: tuple[int, int]) -> date | datetime | None:
        try:
            if len(text) == 10:
                return date.fromisoformat(text)
            if len(text) in (16, 19) and text[10] in " T":
                return datetime.fromisoformat(text)
        except ValueError:
            pass
        self.note("expression-bad-date", span, found=text)
        return None

    def path(self, names: tuple[str, ...], span: tuple[int, int]) -> Tree:
        self.count(span)
        return Path(names, span, (span,))

    def leaf(self, literal: Literal) -> Tree:
        self.count(literal.span)
        return literal

    def call(self, name: str, args: tuple[Tree, ...], span: tuple[int, int]) -> Tree:
        self.count(span)
        return Call(name, args, span)

    def count(self, span: tuple[int, int]) -> None:
        self.node_count += 1
        if self.node_count > MAX_NODES:
            self.note("expression-too-large", (span[0], self.tokens[-1].end), most=MAX_NODES)
            raise _Stop


def _is_number(tree: Tree) -> bool:
    return isinstance(tree, Literal) and isinstance(tree.value, Decimal)


def _depth(tree: Tree) -> int:
    """Return how many nodes lie on the longest way down."""
    depth, level = 0, [tree]
    while level:
        depth += 1
        level = [arg for node in level if node.__class__ is Call for arg in node.args]
    return depth
