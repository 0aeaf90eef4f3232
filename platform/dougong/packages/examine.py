"""A package in, what it would become out: the packages it is composed of, what it adds, and every issue; nothing is installed."""

import asyncio
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.packages.compose import LISTS, compose, well_formed
from dougong.packages.errors import PackageInvalid
from dougong.packages.package_file import named_files
from dougong.packages.requirements import choose
from dougong.packages.shelf import read_versions
from dougong.registry.errors import DefinitionInvalid
from dougong.sites import Site, resolve_aside
from engines.values.issue import Issues

Document = Mapping[str, Any]
Labels = Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Part:
    """The elements of one list of the document: how many, and the key and label of each that has one."""

    name: str
    count: int
    elements: tuple[tuple[str, Labels], ...]


@dataclass(frozen=True, slots=True)
class Examined:
    """What a package would become. document: composed, None while that cannot be. packages: key and version of each it is composed of."""

    document: Document | None
    packages: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    files: int
    issues: Issues


async def examine(site: Site, package: Document) -> Examined:
    """Return what would be installed of a package, and what is in the way."""
    versions = await read_versions(site, package)
    chosen: list[tuple[str, str]] = []
    try:
        written = await asyncio.to_thread(well_formed, package)
        chosen = [(key, str(one.get("version", "1.0.0"))) for key, one in choose(written, versions).items()]
        document = await asyncio.to_thread(compose, package, versions)
    except (PackageInvalid, DefinitionInvalid) as refused:
        return Examined(None, tuple(chosen), parts_of(package), _count_files(package), refused.issues)
    organization: AppModel | None = await site.app(ORGANIZATION)
    if document["key"] == ORGANIZATION:
        organization = None
    _, issues = await resolve_aside(document, 0, {}, organization)
    return Examined(document, tuple(chosen), parts_of(document), _count_files(document), issues)


def parts_of(document: Document) -> tuple[Part, ...]:
    """Return what is in the lists of a document, of any shape; what is empty is left out."""
    found = []
    for name in LISTS:
        elements = document.get(name)
        if isinstance(elements, list) and elements:
            named = [one for one in elements if isinstance(one, Mapping) and isinstance(one.get("name"), Mapping)]
            found.append(Part(name, len(elements), tuple((str(one.get("key", one.get("extend", ""))), one["name"]) for one in named)))
    return tuple(found)


def _count_files(document: Document) -> int:
    return len({one.hash for one in named_files(document)})
