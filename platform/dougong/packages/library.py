"""The packages that come with Dougong: `templates_library/<name>/package.json` and the composing apps of `apps/`."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import orjson

from dougong.packages.errors import PackageFileNotFound, PackageInvalid, PackageNotFound
from dougong.shipped import apps, templates_library
from engines.entity.messages import MESSAGES
from engines.values.issue import issue

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class PackageEntry:
    """What the library shows of a package."""

    key: str
    name: Mapping[str, str]
    description: Mapping[str, str]
    icon: str | None
    version: str


def list_packages() -> list[PackageEntry]:
    """Return the packages of the library by key."""
    return [_entry(document) for _, document in sorted(_documents().items())]


def read_package(key: str) -> Document:
    """Return the document of a package of the library; raises PackageNotFound."""
    documents = _documents()
    if key not in documents:
        raise PackageNotFound(package=key)
    return documents[key]


def read_package_file(path: Path) -> Document:
    """Return the document in a file or in the `package.json` of a folder; raises PackageFileNotFound, PackageInvalid."""
    file = path / "package.json" if path.is_dir() else path
    if not file.is_file():
        raise PackageFileNotFound(file=str(file))
    return parse_package(file.read_bytes())


def parse_package(content: bytes) -> Document:
    """Return the document that bytes of JSON hold; raises PackageInvalid."""
    try:
        document = orjson.loads(content)
    except orjson.JSONDecodeError as error:
        raise PackageInvalid((issue(MESSAGES, "record-not-json", "", None, reason=str(error)),)) from error
    if not isinstance(document, dict):
        raise PackageInvalid((issue(MESSAGES, "record-not-object", ""),))
    return document


def _documents() -> dict[str, Document]:
    files = [*templates_library().glob("*/package.json"), *apps().glob("*.json")]
    documents = [parse_package(file.read_bytes()) for file in files]
    return {str(document["key"]): document for document in documents}


def _entry(document: Document) -> PackageEntry:
    return PackageEntry(
        document["key"],
        document["name"],
        document.get("description", {}),
        document.get("icon"),
        document.get("version", "1.0.0"),
    )
