"""Everything a site can install: a key in, its versions out, those that come with Dougong and those people uploaded, the newest first."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from dougong.model.app_model import ORGANIZATION
from dougong.packages.errors import PackageNotFound
from dougong.packages.library import shipped_packages
from dougong.packages.requirements import Versions, numbers
from dougong.packages.uploads import Upload, read_upload_covers, read_uploads
from dougong.sites import AppNotFound, Reader, Site

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Shelved:
    """A version of a package. upload: who brought it and when, None for one that comes with Dougong."""

    document: Document
    upload: Upload | None = None

    @property
    def key(self) -> str:
        """Its key."""
        return str(self.document["key"])

    @property
    def version(self) -> str:
        """Its version."""
        return str(self.document.get("version", "1.0.0"))


async def read_shelf(site: Site, keys: Iterable[str], reader: Reader | None = None) -> Mapping[str, list[Shelved]]:
    """Return the versions there are of some packages, by key; of one version the one that was uploaded counts."""
    wanted = set(keys)
    shipped = {key: document for key, document in shipped_packages().items() if key in wanted}
    return _together(shipped, await read_uploads(reader or site.pool, wanted))


async def read_covers(site: Site) -> Mapping[str, list[Shelved]]:
    """Return the versions there are of all packages, as `read_shelf` does; of those uploaded only what a list shows."""
    return _together(shipped_packages(), await read_upload_covers(site.pool))


def _together(shipped: Mapping[str, Document], uploads: Iterable[tuple[Upload, Document]]) -> Mapping[str, list[Shelved]]:
    found = {key: {one.version: one} for key, one in ((key, Shelved(document)) for key, document in shipped.items())}
    for upload, document in uploads:
        found.setdefault(upload.key, {})[upload.version] = Shelved(document, upload)
    return {key: sorted(there.values(), key=lambda one: numbers(one.version), reverse=True) for key, there in sorted(found.items())}


async def find_package(site: Site, key: str, version: str = "") -> Shelved:
    """Return a version of a package, the newest where none is named; raises PackageNotFound."""
    there = (await read_shelf(site, [key])).get(key, [])
    for one in there:
        if version in ("", one.version):
            return one
    raise PackageNotFound(package=f"{key} {version}".strip())


async def read_versions(site: Site, document: Document, reader: Reader | None = None) -> Versions:
    """Return what gives the versions of all that a package may need; of the organization there is the one that is installed."""
    try:
        organization = [(await site.app(ORGANIZATION, reader)).document]
    except AppNotFound:  # which is installed now
        organization = []
    found: dict[str, list[Document]] = {ORGANIZATION: organization}
    wanted = _required(document) - found.keys()
    while wanted:
        shelf = await read_shelf(site, wanted, reader)
        found |= {key: [one.document for one in shelf.get(key, [])] for key in wanted}
        wanted = {name for key in wanted for one in found[key] for name in _required(one)} - found.keys()
    return lambda key: found.get(key, [])


def _required(document: Document) -> set[str]:
    """Return the keys of what a document requires; it may have any shape yet."""
    places = document.get("requires", [])
    names = {place.get("package") for place in places if isinstance(place, Mapping)} if isinstance(places, list) else set()
    return {name for name in names if isinstance(name, str)}
