"""What an app was made of: the packages that went into it, each as its author wrote it, kept with the app and read again."""

import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any
from uuid import UUID

import orjson

from dougong.model.app_model import ORGANIZATION
from dougong.model.stored_document import stored_document
from dougong.packages.compose import compose, parts_of_app
from dougong.packages.requirements import Versions, numbers
from dougong.registry.version_packages import keep_version_packages
from dougong.store.save import Executor

Document = Mapping[str, Any]
Documents = Mapping[str, Document]
"""Packages by key; the one with the key of the app is the app's own, which requires the others."""


async def read_installed(executor: Executor, app: str) -> Documents:
    """Return the packages an app is made of; an app of earlier days has one, composed of whatever went into it."""
    query = "SELECT package, document::text FROM dougong.installed_package WHERE app = $1 ORDER BY package"
    return {package: stored_document(document) for package, document in await executor.fetch(query, app)}


async def record_installed(executor: Executor, app: str, documents: Documents, actor: UUID, version: int) -> None:
    """Keep what an app is made of from a version on; what is kept of a package that stays the same stays as it is."""
    await keep_version_packages(executor, app, version, documents)
    rows = [(key, version_of(document), orjson.dumps(dict(document)).decode()) for key, document in documents.items()]
    await executor.fetch(
        "DELETE FROM dougong.installed_package WHERE app = $1 AND package <> ALL($2::text[])", app, list(documents)
    )
    await executor.fetch(
        """INSERT INTO dougong.installed_package AS i (app, package, version, document, installed_by)
           SELECT $1, n.package, n.version, n.document::json, $5
           FROM unnest($2::text[], $3::text[], $4::text[]) AS n (package, version, document)
           ON CONFLICT (app, package) DO UPDATE SET version = excluded.version, document = excluded.document,
               installed_at = now(), installed_by = excluded.installed_by
           WHERE i.document::text <> excluded.document::text""",
        app, [row[0] for row in rows], [row[1] for row in rows], [row[2] for row in rows], actor,
    )  # fmt: skip


def packages_in(document: Document, versions: Versions, beside: Sequence[Document] = ()) -> Documents:
    """Return the packages that go into an app with this one as its own and others beside it, by key; raises what `compose` raises."""
    return {str(part["key"]): part for part in parts_of_app(document, versions, beside)}


def beside(app: str, documents: Documents) -> list[Document]:
    """Return the packages of an app that neither its own requires nor those that this one requires: they were added to it."""
    required: set[str] = set()
    waiting = [app]
    while waiting:
        key = waiting.pop()
        if key in documents and key not in required:
            required.add(key)
            waiting += [place["package"] for place in documents[key].get("requires", ())]
    return [document for key, document in sorted(documents.items()) if key not in required]


def required_by(packages: Documents, package: str) -> Sequence[str]:
    """Return the packages of an app that require one of them.

    >>> required_by({"crm": {"requires": [{"package": "base", "version": ">=1"}]}, "base": {}}, "base")
    ['crm']
    """
    return [key for key, document in packages.items() if any(place["package"] == package for place in document.get("requires", ()))]


def composed(app: str, documents: Documents) -> Document:
    """Return the document of an app as its packages make it, before anybody changed it; nothing where it has none of its own."""
    if app not in documents:
        return {}
    organization = [{"key": ORGANIZATION, "version": version} for version in _organization_versions(documents)]

    def versions(key: str) -> Sequence[Document]:
        return organization if key == ORGANIZATION else [documents[key]] if key in documents else []

    return compose(documents[app], versions, beside(app, documents))


def _organization_versions(documents: Documents) -> Iterable[str]:
    """Give versions of the organization among which each of the packages finds one: it was there when they were installed."""
    for document in documents.values():
        for place in document.get("requires", ()):
            if place["package"] == ORGANIZATION:
                yield from re.findall(r"[0-9.]+", place["version"])
    yield "0"


def version_of(document: Document) -> str:
    """Return the version of a package.

    >>> version_of({"key": "notes"})
    '1.0.0'
    """
    return str(document.get("version", "1.0.0"))


def is_newer(one: Document | None, other: Document) -> bool:
    """Whether there is a package whose version is higher than that of another.

    >>> is_newer({"version": "1.10.0"}, {"version": "1.9.0"})
    True
    """
    return one is not None and numbers(version_of(one)) > numbers(version_of(other))
