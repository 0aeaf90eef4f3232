"""The answers of the library's endpoints, as pydantic types."""

from datetime import datetime
from typing import Literal

from pydantic import BaseModel

from dougong.api.shapes import IssueAnswer, Label

Source = Literal["shipped", "uploaded"]


class PackageVersion(BaseModel):
    """A version of a package: it comes with Dougong, or somebody uploaded it."""

    version: str
    source: Source
    uploaded_by: str | None
    uploaded_at: datetime | None


class PackageEntry(BaseModel):
    """A package of the library in its newest version, the others after it; `app_version` is the package version of the installed app."""

    key: str
    name: Label
    description: Label | None
    icon: str | None
    version: str
    installed: bool
    app_version: str | None
    versions: list[PackageVersion]


class LibraryAnswer(BaseModel):
    """What can be installed."""

    packages: list[PackageEntry]


class PackageRef(BaseModel):
    """A package in one version, or in the versions that will do."""

    package: str
    version: str


class PartElement(BaseModel):
    """An element with a label."""

    key: str
    name: Label


class PackagePart(BaseModel):
    """One list of a package: `entities`, `forms`, … `seed`, `demo`. elements: the first hundred that have a label."""

    part: str
    count: int
    elements: list[PartElement]


class PackageDetails(BaseModel):
    """A version of a package and what installing it would add, composed with what it requires.

    hash: names its content. packages: what it is composed of. files: how many its records hold. issues: what is in the way of installing it.
    """

    key: str
    name: Label
    description: Label | None
    icon: str | None
    version: str
    format: str
    source: Source
    hash: str
    requires: list[PackageRef]
    packages: list[PackageRef]
    parts: list[PackagePart]
    files: int
    issues: list[IssueAnswer]
    installed: bool
