"""The bodies and answers of the endpoints that help while an expression is written, as pydantic types."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import BaseModel, Field, StringConstraints

from dougong.api.shapes import Body, Label

Span = tuple[int, int]
TypeText = Annotated[str, StringConstraints(pattern=r"^[a-z]+(<[a-z]+(:[a-z0-9_.]+)?>|:[a-z0-9_.]+)?$", max_length=120)]


UseText = Literal["formula", "default", "rule", "where", "filter", "condition"]


class ExpressionBody(Body):
    """An expression being written, and the entity whose names it may use.

    `position`: the caret, counted in code points; with it, completions and the signature are answered. `use`: what the
    expression is for. `wanted`: the type its answer must have, as in the answer's `type`.
    """

    text: Annotated[str, StringConstraints(max_length=20_000)]
    entity: Annotated[str, StringConstraints(max_length=81)]
    position: Annotated[int, Field(ge=0, le=20_000)] | None = None
    use: UseText | None = None
    wanted: TypeText | None = None


class TrialBody(Body):
    """An expression being written, and the saved record it is to be tried on; the rest as for checking it."""

    text: Annotated[str, StringConstraints(max_length=20_000)]
    entity: Annotated[str, StringConstraints(max_length=81)]
    use: UseText
    wanted: TypeText | None = None
    record: UUID


class ExpressionFix(BaseModel):
    """A change of the text that would put an issue right."""

    span: Span
    insert: str


class ExpressionIssue(BaseModel):
    """What is wrong with an expression, where, and what would put it right."""

    code: str
    message: Label
    span: Span | None
    fixes: list[ExpressionFix]


class ExpressionName(BaseModel):
    """A name in the text that means a field: where, its key, what it is called, and whose it is.

    `written`: how the key is written at this place, with `parent.` past rows that have a field of the same key.
    """

    span: Span
    key: str
    written: str
    label: Label
    entity: str | None


class CompletionEntry(BaseModel):
    """Something that can stand at the position: `insert` takes the place of `span`, `caret` of its characters lie before the caret then."""

    kind: Literal["field", "root", "option", "function", "constant", "operator"]
    label: Label
    insert: str
    caret: int
    span: Span
    type: str | None
    doc: Label


class ArgumentEntry(BaseModel):
    """An argument of a function. `optional`: it may be left out, and counts as `default` then where there is one."""

    name: str
    label: Label
    type: str
    optional: bool
    default: str | None


class SignatureEntry(BaseModel):
    """The call around the position and its active argument; the last `repeats` arguments may be given again and again."""

    name: str
    arguments: list[ArgumentEntry]
    repeats: int
    active: int
    type: str
    doc: Label


class ExpressionAnswer(BaseModel):
    """What an expression is worth: its issues, or its type and the tree the browser evaluates; and help for writing on.

    `canonical`: the text as it should be stored, keys in the place of labels.
    """

    issues: list[ExpressionIssue]
    type: str | None
    tree: Any
    canonical: str
    names: list[ExpressionName]
    completions: list[CompletionEntry]
    signature: SignatureEntry | None


class TrialAnswer(BaseModel):
    """What an expression gives for a record: its issues, or a value as JSON, or an error and what that means.

    `value`: null for a blank; of a list the first parts, of a long text its beginning. `count`: how many parts a list has, how many
    characters a text. `titles`: of the records it gives, by id. `unpublished`: names of which nothing is kept before the draft is
    published; they count as blanks. `is_known`: false where only publishing can tell what it gives.
    """

    issues: list[ExpressionIssue]
    type: str | None = None
    value: Any = None
    count: int | None = None
    titles: dict[str, str] = {}
    error: str | None = None
    explanation: Label | None = None
    unpublished: list[ExpressionName] = []
    is_known: bool = True


class ExampleEntry(BaseModel):
    """An expression and one that gives the same."""

    text: str
    answer: str


class FunctionEntry(BaseModel):
    """A function or an operator. `written`: how it is written; `insert`: what to put into a text, `caret` of its characters before the caret.

    `blank`: what a blank argument does: it counts as 0, as an empty text or as FALSE ("default"), makes the answer blank ("blank"), or the
    function looks at it itself ("kept"). `steady`: the same arguments always give the same answer.
    """

    name: str
    written: str
    insert: str
    caret: int
    doc: Label
    arguments: list[ArgumentEntry]
    repeats: int
    type: str
    blank: Literal["blank", "default", "kept"]
    errors: list[str]
    steady: bool
    runs_in: list[Literal["python", "sql", "browser"]]
    aliases: list[str]
    examples: list[ExampleEntry]


class FunctionGroup(BaseModel):
    """Functions that belong together."""

    key: str
    name: Label
    functions: list[FunctionEntry]


class FunctionsAnswer(BaseModel):
    """Everything an expression can call."""

    groups: list[FunctionGroup]


def both(texts: Mapping[str, str]) -> Label:
    """Return a text of the language's tables as it is answered."""
    return dict(texts)
