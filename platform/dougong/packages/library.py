"""The packages that come with Dougong: `templates_library/<name>/package.json` and the composing apps of `apps/`, by key."""

from collections.abc import Mapping
from typing import Any

from dougong.model.stored_document import stored_document
from dougong.packages.errors import PackageNotFound
from dougong.shipped import apps, templates_library

Document = Mapping[str, Any]


def shipped_packages() -> Mapping[str, Document]:
    """Return the documents of the packages that come with Dougong, by key."""
    files = [*templates_library().glob("*/package.json"), *apps().glob("*.json")]
    documents = [stored_document(file.read_bytes()) for file in files]
    return dict(sorted((str(document["key"]), document) for document in documents))


def read_package(key: str) -> Document:
    """Return the document of a package that comes with Dougong; raises PackageNotFound."""
    documents = shipped_packages()
    if key not in documents:
        raise PackageNotFound(package=key)
    return documents[key]


def shipped_file(digest: str) -> bytes | None:
    """Return a file that records of these packages hold, by its SHA-256, None where there is none: `templates_library/<name>/files/<sha256>`."""
    return next((file.read_bytes() for file in templates_library().glob(f"*/files/{digest}")), None)
