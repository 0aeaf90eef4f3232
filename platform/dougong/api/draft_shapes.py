"""The bodies and answers of the endpoints of drafts: gestures and commands, conflicts, the log, problems."""

from typing import Annotated, Any, Literal
from uuid import UUID

from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints
from pydantic_core import PydanticCustomError

from dougong.api.shapes import Body, Document, IssueAnswer, Label, Revision, storable

PointerText = Annotated[str, StringConstraints(pattern=r"^(/[^/]+)+$", max_length=2000)]
ElementKey = Annotated[str, StringConstraints(pattern=r"^[^/]+$", max_length=200)]


def _with_key(element: dict[str, Any]) -> dict[str, Any]:
    key = element.get("key")
    if not isinstance(key, str) or not key or "/" in key or len(key) > 200:
        raise PydanticCustomError("value_error", "an element needs a key")
    return element


Storable = Annotated[Any, AfterValidator(storable)]
Element = Annotated[dict[str, Any], AfterValidator(_with_key), AfterValidator(storable)]


class PlaceBody(Body):
    """A place in a list: before the element with this key, or at the end."""

    list: PointerText
    before: ElementKey | None


class InsertCommand(Body):
    """Put an element into a list."""

    kind: Literal["insert"]
    to: PlaceBody
    element: Element


class RemoveCommand(Body):
    """Take an element out of a list; `element` is what the sender knows it to be."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    kind: Literal["remove"]
    origin: Annotated[PlaceBody, Field(alias="from")]
    element: Element


class MoveCommand(Body):
    """Take an element to another place."""

    model_config = ConfigDict(extra="forbid", serialize_by_alias=True)

    kind: Literal["move"]
    key: ElementKey
    origin: Annotated[PlaceBody, Field(alias="from")]
    to: PlaceBody


class SetCommand(Body):
    """Give a property a value, or take it away where there is no `value`; `previous` is what the sender knows to be there."""

    kind: Literal["set"]
    at: PointerText
    value: Storable = None
    previous: Storable = None


CommandBody = Annotated[InsertCommand | RemoveCommand | MoveCommand | SetCommand, Field(discriminator="kind")]


class GestureLabel(Body):
    """What the designer of the sender calls a gesture: a message of it, and the parts of that."""

    message: Annotated[str, StringConstraints(max_length=100)]
    parts: Annotated[dict[str, Annotated[str, StringConstraints(max_length=1000)]], Field(max_length=10)] = {}


class GestureBody(Body):
    """What somebody did in one go: all of it is carried out, or none. `undoes`: earlier gestures it takes back."""

    id: UUID
    label: GestureLabel
    commands: Annotated[list[CommandBody], Field(min_length=1, max_length=5000)]
    undoes: Annotated[list[UUID], Field(max_length=1000)] = []


class GesturesBody(Body):
    """Gestures in their order; `revision` is that of the draft they were made on."""

    revision: Revision
    gestures: Annotated[list[GestureBody], Field(min_length=1, max_length=500)]


class PresenceBody(Body):
    """The revision that the asker knows; `leaves` when the draft is closed."""

    revision: Revision
    leaves: bool = False


class PersonAnswer(BaseModel):
    """Who somebody is."""

    id: str
    name: str


class GestureAnswer(BaseModel):
    """A line of the log: `edit` with its commands, `document` for a draft that was saved whole, or how a chapter ended.

    `text` says what was done. `undone`: whether it is undone now. `ended`, `version`: how the draft it belongs to ended, and as or
    with which version.
    """

    id: str
    revision: int
    kind: Literal["edit", "document", "published", "discarded"]
    actor: PersonAnswer
    at: str
    label: GestureLabel
    text: Label
    commands: list[Document]
    undoes: list[str]
    undone: bool
    ended: Literal["published", "discarded"] | None
    version: int | None


class ConflictAnswer(BaseModel):
    """Where a gesture met what somebody else did to an element: it was not carried out. `text` says which element."""

    gesture: str
    pointer: str
    reason: Literal["missing", "taken", "into-itself", "key-of-element", "changed", "published"]
    text: Label
    theirs: Any
    mine: Any
    by: PersonAnswer | None
    at: str | None


class SinceAnswer(BaseModel):
    """The draft's revision, and every gesture that leads to it from the one that was sent; where `reread`, read the draft again."""

    revision: int
    base_version: int
    reread: bool
    gestures: list[GestureAnswer]


class GesturesSavedAnswer(SinceAnswer):
    """What came of the gestures: they are among `gestures` as they were carried out, or in `conflicts`; others changed nothing."""

    conflicts: list[ConflictAnswer]


class PresenceAnswer(SinceAnswer):
    """What is new, and who has the draft open."""

    editors: list[PersonAnswer]


class LogAnswer(BaseModel):
    """A page of the log, the newest first; `next` is where the following one begins."""

    gestures: list[GestureAnswer]
    next: int | None


class ElementProblemsAnswer(BaseModel):
    """What is wrong with one element; `text` says which."""

    pointer: str
    text: Label
    issues: list[IssueAnswer]


class ProblemsAnswer(BaseModel):
    """What is wrong with the draft of a revision."""

    revision: int
    count: int
    elements: list[ElementProblemsAnswer]
