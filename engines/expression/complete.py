"""Takes half-written text, a position and a scope, gives what could stand there and the call around it; never raises."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Literal as OneOf

from engines.expression.check import Checker, is_record_list
from engines.expression.complete_decide import arguments_of, outputs_of
from engines.expression.complete_rank import Sounds, match_rank, type_rank
from engines.expression.function import Arg, Function
from engines.expression.functions import ALIASES, FUNCTION_NAMES, GROUPS, WRITTEN
from engines.expression.help import choices_of, insertion_of
from engines.expression.parse import parse
from engines.expression.place import Bracket, Place, read_place
from engines.expression.rows_workday import CALENDAR, CALENDAR_PARTS, DATES
from engines.expression.rule import SIGNS
from engines.expression.scope import Scope, Words
from engines.expression.tree import Call, Literal, Path, Span, TypedPath, TypedTree
from engines.expression.write import write_name, write_value
from engines.values.value_types import ANY, BOOL, DATE, NUMBER, TEXT, ValueType, list_of, record_of

MOST = 100
CompletionKind = OneOf["field", "root", "option", "function", "constant", "operator"]
Label = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Completion:
    """One thing that can stand at a position.

    insert: what takes the place of `span`;
    caret: how many of its characters lie before the caret then. type: of the value, None for an operator.
    """

    kind: CompletionKind
    label: Label
    insert: str
    caret: int
    span: Span
    type: ValueType | None
    doc: Label


@dataclass(frozen=True, slots=True)
class Signature:
    """The call around a position: its function as written, its row, and which of the row's arguments is being written."""

    name: str
    row: Function
    active: int
    span: Span


@dataclass(frozen=True, slots=True)
class Help:
    """What can be said about a position."""

    completions: tuple[Completion, ...] = ()
    signature: Signature | None = None


def complete(
    text: str,
    position: int,
    scope: Scope,
    wanted: ValueType | None = None,
    allowed: Callable[[Function], bool] = lambda row: True,
    sounds: Sounds | None = None,
) -> Help:
    """Return what could be written at a position of a text that need not be complete, the likeliest first.

    wanted: the type the whole text should have. allowed: which functions may be used there.
    sounds: how a label sounds in Latin letters, so that it is found by them too.

    >>> scope = Scope({"quantity": NUMBER, "price": NUMBER}, {}.get)
    >>> help = complete("ROUND(qu", 8, scope)
    >>> help.completions[0].insert, help.signature.name, help.signature.active
    ('quantity', 'ROUND', 0)
    """
    place = read_place(text, position)
    if place.kind == "nothing":
        return Help()
    checker = _in_frames(text, place, scope)
    signature = _signature(place)
    rows = _table(text, place, checker)
    if signature is not None and rows is not None:
        signature = replace(signature, row=arguments_of(signature.row, checker, rows))
    wanted = _wanted(place, checker, signature, wanted)
    found = list(_candidates(text, place, checker, signature, allowed, rows))
    if text[place.span[0] : place.span[0] + 1] in ("{", "｛"):
        found = [entry for entry in found if entry[1].kind == "field"]
    ranked: list[tuple[tuple[int, int, int, int], int, Completion]] = []
    for number, (rank, completion) in enumerate(found):
        names = (completion.insert, *completion.label.values())
        matched = match_rank(place.word, names, completion.doc.values(), sounds)
        if matched is not None:
            # A field that sounds so comes before a function that is written so: people write their own words.
            fits = matched if rank < _FUNCTION else max(matched, _SOUNDS)
            ranked.append(((fits, rank, matched, type_rank(completion.type, wanted)), number, completion))
    ranked.sort(key=lambda entry: entry[:2])
    return Help(tuple(completion for *_, completion in ranked[:MOST]), signature)


def _in_frames(text: str, place: Place, scope: Scope) -> Checker:
    """Return a checker that stands in the rows of every list whose brackets are open."""
    checker = Checker(scope)
    for bracket in place.brackets:
        rows: Span | None = None
        if bracket.kind == "filter":
            rows = bracket.base
        elif bracket.kind == "call" and len(bracket.starts) > 1 and bracket.name != "DECIDE":
            rows = (bracket.starts[0], bracket.starts[1] - 1)
        node = _typed(checker, text, rows)
        if node is not None and is_record_list(node.type) and node.type.of is not None:
            checker.frames.append(checker.frame_of(node.type.of.entity))
    return checker


def _table(text: str, place: Place, checker: Checker) -> TypedTree | None:
    """Return the rows of the table that the innermost call asks, None where it is no DECIDE."""
    call = next((bracket for bracket in reversed(place.brackets) if bracket.kind == "call"), None)
    if call is None or call.name != "DECIDE" or len(call.starts) < 2:
        return None
    return _typed(checker, text, (call.starts[0], call.starts[1] - 1))


def _typed(checker: Checker, text: str, span: Span | None) -> TypedTree | None:
    """Return the typed tree of a part of the text, None where there is none."""
    tree = None if span is None else parse(text[span[0] : span[1]]).tree
    if tree is None:
        return None
    before = len(checker.issues)
    node = checker.node(tree)
    return node if len(checker.issues) == before else None


def _signature(place: Place) -> Signature | None:
    """Return the innermost call around a position."""
    for bracket in reversed(place.brackets):
        if bracket.kind == "call":
            row = WRITTEN.get(ALIASES.get(bracket.name, bracket.name))
            if row is None:
                return None
            return Signature(bracket.name, row, _active(row, len(bracket.starts) - 1), (bracket.start, place.span[0]))
    return None


def _active(row: Function, given: int) -> int:
    """Return which argument of a row the given-th one of a call is."""
    count = len(row.takes)
    if given < count or not row.repeats:
        return given
    return count - row.repeats + (given - count) % row.repeats


def _wanted(place: Place, checker: Checker, signature: Signature | None, whole: ValueType | None) -> ValueType | None:
    """Return the type that fits best at a position; conditions may begin with anything."""
    top = place.brackets[-1]
    argument = _argument(signature)
    if top.kind == "call" and signature is not None and argument is not None and signature.row in GROUPS["list"]:
        # Lists are what such a function is for; in a row of one, what it adds up.
        if len(top.starts) == 1 and argument.type.name == "any":
            return list_of(ANY)
        if len(checker.frames) > 1 and len(top.starts) > 1 and signature.row.returns == NUMBER:
            return NUMBER
    wanted = argument.type if top.kind == "call" and argument is not None else whole if top.kind == "whole" else None
    return None if wanted is None or wanted.name in ("any", "bool") else wanted


def _argument(signature: Signature | None) -> Arg | None:
    if signature is None or signature.active >= len(signature.row.takes):
        return None
    return signature.row.takes[signature.active]


# The rank of functions among the kinds, and of what sounds like the word among what fits it.
_FUNCTION, _SOUNDS = 3, 3


def _candidates(
    text: str, place: Place, checker: Checker, signature: Signature | None, allowed: Callable[[Function], bool], rows: TypedTree | None
) -> Iterator[tuple[int, Completion]]:
    """Give everything that may stand at a position, whatever its name, with the rank of its kind."""
    if place.kind == "member":
        yield from _members(text, place, checker)
        return
    if place.kind == "whole":
        if allowed(WRITTEN["entity"]):
            yield from _entities(place, checker.scope, "")
        return
    if place.kind == "operator":
        yield from _operators(text, place, _typed(checker, text, place.before))
        return
    if rows is not None and len(place.brackets[-1].starts) == 2 and place.brackets[-1].kind == "call":
        yield from _outputs(place, checker, rows)
        return
    yield from _values(text, place, checker, signature)
    if place.kind == "text":
        return
    yield from _fields(place, checker)
    for name in FUNCTION_NAMES:
        row = WRITTEN[ALIASES.get(name, name)]
        if allowed(row):
            yield _FUNCTION, _function(text, place.span, name, row)
    for word, value_type, doc in _CONSTANTS:
        yield 4, Completion("constant", {"zh-CN": word, "en": word}, word, len(word), place.span, value_type, doc)


_CONSTANTS = (
    ("TRUE", BOOL, {"zh-CN": "是", "en": "Yes"}),
    ("FALSE", BOOL, {"zh-CN": "否", "en": "No"}),
    ("NULL", None, {"zh-CN": "空值", "en": "A blank"}),
    ("NOT", BOOL, WRITTEN["not"].doc),
)


def _fields(place: Place, checker: Checker) -> Iterator[tuple[int, Completion]]:
    """Give the fields in reach, those of the innermost row first, and what leads to the others."""
    seen: set[str] = set()
    for frame in reversed(checker.frames):
        words = _words(checker.scope, frame.entity)
        for key, value_type in frame.names.items():
            if key not in seen:
                rank = 0 if key in words and not words[key].is_system else 2
                yield rank, _field(place.span, key, value_type, words.get(key), is_first=True)
        for key, value_type in frame.roots.items():
            if key not in seen:
                yield 1, _root(place.span, key, value_type)
        seen.update(frame.names, frame.roots)
    if len(checker.frames) > 1 and "parent" not in seen:
        yield 1, _root(place.span, "parent", None)
    if CALENDAR not in seen:
        yield 5, _root(place.span, CALENDAR, None)


def _members(text: str, place: Place, checker: Checker) -> Iterator[tuple[int, Completion]]:
    """Give the fields of the record, or of the rows, before a dot."""
    node: TypedTree | None = None
    if place.before is not None:
        tree = parse(text[place.before[0] : place.before[1]]).tree
        steps = len(tree.names) if isinstance(tree, Path) and set(tree.names) == {"parent"} else 0
        if 0 < steps < len(checker.frames):
            yield from _around(place, checker, len(checker.frames) - 1 - steps)
            return
        if isinstance(tree, Path) and tree.names == (CALENDAR,) and not any(CALENDAR in frame.names for frame in checker.frames):
            for part in CALENDAR_PARTS:
                yield 0, _field(place.span, part, DATES, Words(_CALENDAR_WORDS[part]), is_first=False)
            return
        if isinstance(tree, Call) and tree.name == "entity" and isinstance(tree.args[0], Literal):
            # The app's own entities go by one name, the organization's by two.
            yield from _entities(place, checker.scope, f"{tree.args[0].value}.")
        node = _typed(checker, text, place.before)
    element = None if node is None else node.type.of if node.type.of is not None else node.type
    if element is None or element.name != "record":
        return
    frame = checker.frame_of(element.entity)
    words = _words(checker.scope, frame.entity)
    for key, value_type in frame.names.items():
        rank = 2 if key in words and words[key].is_system else 0
        yield rank, _field(place.span, key, value_type, words.get(key), is_first=False)


def _around(place: Place, checker: Checker, row: int) -> Iterator[tuple[int, Completion]]:
    """Give the fields that `parent.` reaches: those of the nearest record around, then of the ones around that."""
    seen: set[str] = set()
    for frame in reversed(checker.frames[: row + 1]):
        words = _words(checker.scope, frame.entity)
        for key, value_type in frame.names.items():
            if key not in seen:
                yield 0, _field(place.span, key, value_type, words.get(key), is_first=False)
        seen.update(frame.names)


def _entities(place: Place, scope: Scope, prefix: str) -> Iterator[tuple[int, Completion]]:
    """Give the entities whose key begins so, by what follows."""
    for key, labels in scope.wholes.items():
        if key.startswith(prefix) and labels:
            rest = key.removeprefix(prefix)
            label = {"zh-CN": labels[0], "en": labels[-1]}
            yield 0, Completion("field", label, rest, len(rest), place.span, list_of(record_of(key)), {})


def _outputs(place: Place, checker: Checker, rows: TypedTree) -> Iterator[tuple[int, Completion]]:
    """Give the outputs of a decision table."""
    found = outputs_of(checker, rows)
    if found is not None:
        frame, decision = found
        words = _words(checker.scope, frame.entity)
        for key in decision.outputs:
            yield 0, _field(place.span, key, frame.names[key], words.get(key), is_first=True)


def _words(scope: Scope, entity: str | None) -> Mapping[str, Words]:
    return {} if scope.words is None or entity is None else scope.words(entity)


def _field(span: Span, key: str, value_type: ValueType, words: Words | None, is_first: bool) -> Completion:
    label = words.label if words is not None else {"zh-CN": key, "en": key}
    insert = write_name(key, is_first)
    return Completion("field", label, insert, len(insert), span, value_type, words.help if words is not None else {})


def _root(span: Span, key: str, value_type: ValueType | None) -> Completion:
    return Completion("root", {"zh-CN": key, "en": key}, key, len(key), span, value_type, _ROOT_WORDS.get(key, {}))


_ROOT_WORDS: Mapping[str, Label] = {
    "parent": {"zh-CN": "所属的记录", "en": "The record it belongs to"},
    CALENDAR: {"zh-CN": "站点的工作日历", "en": "The site's calendar of working days"},
}
_CALENDAR_WORDS: Mapping[str, Label] = {
    "holidays": {"zh-CN": "节假日", "en": "Holidays"},
    "workdays": {"zh-CN": "调休上班日", "en": "Days worked instead"},
}


def _function(text: str, span: Span, name: str, row: Function) -> Completion:
    if text[span[1] : span[1] + 1] in ("(", "（"):
        insert, caret = name, len(name)
    elif name == row.name:
        insert, caret = insertion_of(row)
    else:
        insert, caret = f"{name}()", len(name) + (1 if row.takes else 2)
    return Completion("function", {"zh-CN": name, "en": name}, insert, caret, span, row.returns, row.doc)


def _values(text: str, place: Place, checker: Checker, signature: Signature | None) -> Iterator[tuple[int, Completion]]:
    """Give the values that are chosen from a list: options of the field being compared, units of time and the like."""
    argument = _argument(signature)
    if signature is not None and argument is not None and place.brackets[-1].kind == "call":
        for key, label in choices_of(signature.row.name, argument.name).items():
            yield 0, _option(place.span, key, label)
    node = _typed(checker, text, _compared(place))
    if not isinstance(node, TypedPath) or node.type.name != "option":
        return
    frame = checker.frames[min(node.row, len(checker.frames) - 1)]
    entity = frame.entity
    value_type: ValueType | None = None
    for key in node.names[:-1]:
        value_type = frame.names.get(key) or frame.roots.get(key)
        entity = value_type.entity if value_type is not None else None
        frame = checker.frame_of(entity)
    words = _words(checker.scope, entity).get(node.names[-1])
    for option, label in (words.options if words is not None else {}).items():
        yield 0, _option(place.span, option, label)


def _compared(place: Place) -> Span | None:
    """Return the value that the one at the position is compared with."""
    top: Bracket = place.brackets[-1]
    if top.compared is not None:
        return top.compared
    if top.kind == "call" and top.name in ("IN", "SWITCH") and len(top.starts) > 1:
        return (top.starts[0], top.starts[1] - 1)
    return None


def _option(span: Span, key: str, label: Label) -> Completion:
    insert = write_value(key)
    return Completion("option", label, insert, len(insert), span, TEXT, {})


# What may follow a value of a type; of others, comparison alone.
_COMPARISONS = ("eq", "ne", "lt", "le", "gt", "ge")
_FOLLOWING: Mapping[str, tuple[str, ...]] = {
    NUMBER.name: ("add", "sub", "mul", "div", *_COMPARISONS, "pow", "percent", "concat"),
    TEXT.name: ("concat", "eq", "ne", "lt", "le", "gt", "ge"),
    BOOL.name: ("and", "or", "eq", "ne"),
    DATE.name: ("add", "sub", *_COMPARISONS),
    "datetime": ("add", "sub", *_COMPARISONS),
    "record": ("field", "eq", "ne"),
    "list": ("filter", "field"),
}
_ANYTHING = ("add", "sub", "mul", "div", "concat", *_COMPARISONS, "and", "or")


def _operators(text: str, place: Place, node: TypedTree | None) -> Iterator[tuple[int, Completion]]:
    names = _ANYTHING if node is None else _FOLLOWING.get(node.type.name, ("eq", "ne"))
    if place.word and "and" not in names:
        names = (*names, "and", "or")
    start = place.span[0]
    gap = "" if start == 0 or text[start - 1].isspace() else " "
    for name in names:
        row, sign = WRITTEN[name], SIGNS[name]
        insert, caret = f"{gap}{sign} ", len(gap) + len(sign) + 1
        if name in ("filter", "field", "percent"):
            insert = {"filter": "[]", "field": ".", "percent": "%"}[name]
            caret = 1
        yield 0, Completion("operator", {"zh-CN": sign, "en": sign}, insert, caret, place.span, None, row.doc)

