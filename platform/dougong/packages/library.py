"""The packages there are: those that come with Dougong, `templates_library/<name>/package.json` and the composing apps of `apps/`."""

from collections.abc import Mapping, Sequence
from typing import Any

import orjson

from dougong.model.app_model import ORGANIZATION
from dougong.packages.errors import PackageNotFound
from dougong.packages.requirements import Versions
from dougong.shipped import apps, templates_library
from dougong.sites import AppNotFound, Reader, Site

Document = Mapping[str, Any]


def shipped_packages() -> Mapping[str, Document]:
    """Return the documents of the packages that come with Dougong, by key."""
    files = [*templates_library().glob("*/package.json"), *apps().glob("*.json")]
    documents = [orjson.loads(file.read_bytes()) for file in files]
    return dict(sorted((str(document["key"]), document) for document in documents))


def read_package(key: str) -> Document:
    """Return the document of a package that comes with Dougong; raises PackageNotFound."""
    documents = shipped_packages()
    if key not in documents:
        raise PackageNotFound(package=key)
    return documents[key]


async def read_versions(site: Site, reader: Reader | None = None) -> Versions:
    """Return what gives the versions there are of a package for a site; of the organization there is the one that is installed."""
    shipped = shipped_packages()
    try:
        organization = [(await site.app(ORGANIZATION, reader)).document]
    except AppNotFound:  # which is installed now
        organization = []

    def versions(key: str) -> Sequence[Document]:
        if key == ORGANIZATION:
            return organization
        return [shipped[key]] if key in shipped else []

    return versions

