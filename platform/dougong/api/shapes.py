"""The bodies and answers of the platform's endpoints, as pydantic types; `openapi.json` and the browser's types come from them."""

from collections.abc import Mapping
from typing import Annotated, Any, Literal
from uuid import UUID

import orjson
from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    StringConstraints,
    ValidationError,
    ValidatorFunctionWrapHandler,
    WrapValidator,
)
from pydantic_core import PydanticCustomError

from dougong.model.definition_element import Key, Language
from dougong.people.passwords import MAXIMUM_LENGTH

Label = dict[str, str]
Document = dict[str, Any]
Revision = Annotated[int, Field(ge=0, le=2**31 - 1)]
Act = Literal["install", "design", "publish", "audit"]
Email = Annotated[str, StringConstraints(max_length=320)]
Password = Annotated[str, StringConstraints(max_length=MAXIMUM_LENGTH)]


class Body(BaseModel):
    """What every body shares: unknown properties are refused."""

    model_config = ConfigDict(extra="forbid")


class SignInBody(Body):
    """E-mail and password."""

    email: Email
    password: Password


class CodeBody(Body):
    """Six digits that an authenticator shows now, or where one may be used a recovery code."""

    code: Annotated[str, StringConstraints(max_length=100)]


class LanguageBody(Body):
    """The language a user wants to see."""

    language: Language


def one_place(value: object, check: ValidatorFunctionWrapHandler) -> object:
    """Refuse what is neither of two things with one error at its own place, where pydantic has one for each."""
    try:
        return check(value)
    except ValidationError:
        raise PydanticCustomError("value_error", "neither of both") from None


class InstallBody(Body):
    """A package to install: the key of one in the library, in its newest version or the one that is named, or a whole document.

    hash: the content hash it must have, as it was shown to whoever installs it.
    """

    package: Annotated[Key | Document, WrapValidator(one_place)]
    version: Annotated[str, StringConstraints(max_length=40)] = ""
    demo: bool = False
    hash: Annotated[str, StringConstraints(max_length=80)] = ""


def storable(value: Any) -> Any:  # noqa: ANN401 – any JSON
    """Refuse a number that no document can keep: a whole one of more than 64 bits, which is written as a text."""
    try:
        orjson.dumps(value)
    except TypeError:
        raise PydanticCustomError("value_error", "a number is too long") from None
    return value


class DraftBody(Body):
    """A draft to keep; `revision` is the one it was made from."""

    revision: Revision
    document: Annotated[Document, AfterValidator(storable)]


class KeyBody(Body):
    """A label that needs a key, the keys it must not clash with, and how the key has to begin."""

    label: Annotated[str, StringConstraints(max_length=500)]
    taken: Annotated[list[str], Field(max_length=10_000)] = []
    prefix: Annotated[str, StringConstraints(pattern=r"^([a-z](_?[a-z0-9])*_)?$", max_length=20)] = ""


class CalendarDay(Body):
    """A day that is not as its weekday says: a holiday, or a working day on a weekend; `name` says what for."""

    day: Annotated[str, StringConstraints(max_length=20)]
    kind: Literal["holiday", "workday"]
    name: Annotated[str, StringConstraints(max_length=100)] = ""


class CalendarBody(Body):
    """The listed days of a year; `revision` is the one they were made from, `source` where they come from."""

    revision: Revision
    source: Annotated[str, StringConstraints(max_length=500)] = ""
    days: Annotated[list[CalendarDay], Field(max_length=366)]


class SessionUser(BaseModel):
    """Who is signed in."""

    id: UUID
    name: str
    email: str
    language: Language
    roles: list[str]


class SessionAnswer(BaseModel):
    """The session of the browser that asks; `csrf_token` goes into the header X-CSRF-Token of everything that changes something.

    time_zone: the site's, in which every time is shown, wherever the browser is. must_enrol: nothing else is answered until the user
    has set up a second factor.
    """

    user: SessionUser
    may: list[Act]
    csrf_token: str
    time_zone: str
    must_enrol: bool


class SecondStepAnswer(BaseModel):
    """A sign-in that is half done: the browser has been given a cookie, and within so many seconds a code has to follow."""

    needs: Literal["code"]
    seconds: int


class AppEntry(BaseModel):
    """An installed app in the launcher, and what the user may do with the app itself."""

    key: str
    name: Label
    description: Label | None
    icon: str | None
    version: int
    may: list[Act]


class AppsAnswer(BaseModel):
    """The apps in which the user may read something."""

    apps: list[AppEntry]


class InstalledAnswer(BaseModel):
    """The app a package has become."""

    key: str
    version: int


class IssueAnswer(BaseModel):
    """One thing that is wrong with what an author wrote; `span` is the range of characters in an expression."""

    code: str
    message: Label
    pointer: str
    span: tuple[int, int] | None


class DraftAnswer(BaseModel):
    """A draft; without one, the definition in use."""

    revision: int
    base_version: int
    document: Document


class DraftSavedAnswer(BaseModel):
    """The revision a draft has now, and what is wrong in it."""

    revision: int
    issues: list[IssueAnswer]


class ChangeEntry(BaseModel):
    """One difference between the draft and the version in use."""

    pointer: str
    kind: Literal["added", "changed", "removed"]
    text: Label


class ChangesAnswer(BaseModel):
    """What publishing the draft would change, what stands in its way, what it means for values there are, and its SQL.

    is_long: it goes on in the background, for it makes something of tables that are large.
    """

    changes: list[ChangeEntry]
    issues: list[IssueAnswer]
    warnings: list[IssueAnswer]
    statements: list[str]
    is_long: bool


class CalendarYearEntry(BaseModel):
    """A year of the calendar: where its days come from, and how many are listed."""

    year: int
    source: str
    holidays: int
    workdays: int


class FileAnswer(BaseModel):
    """A file that was uploaded: its type by its content, its size in bytes, and in pixels where it is a picture."""

    id: UUID
    name: str
    type: str
    size: int
    width: int | None
    height: int | None


class CalendarAnswer(BaseModel):
    """The site's calendar as formulas read it, and the years that are listed."""

    holidays: list[str]
    workdays: list[str]
    years: list[CalendarYearEntry]


class CalendarYearAnswer(BaseModel):
    """The listed days of a year, in their order."""

    year: int
    revision: int
    source: str
    days: list[CalendarDay]


class KeyAnswer(BaseModel):
    """A key that fits the label."""

    key: str


class ProblemItem(BaseModel):
    """One thing that is wrong in a request: `pointer` and `field` for the body, `parameter` for the address and headers."""

    code: str
    detail: str
    pointer: str | None = None
    field: str | None = None
    parameter: str | None = None
    span: tuple[int, int] | None = None


class ProblemAnswer(BaseModel):
    """Why a request was refused (RFC 9457)."""

    type: str
    title: str
    status: int
    detail: str
    instance: str
    code: str
    errors: list[ProblemItem] = []


class HealthAnswer(BaseModel):
    """The server runs and reaches its database."""

    status: Literal["ok"]


def label(texts: Mapping[Any, str]) -> Label:
    """Return a label of a definition or an issue as it is answered."""
    return {str(language): text for language, text in texts.items()}
