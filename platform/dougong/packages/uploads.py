"""Packages people uploaded to a site: a package in, kept by its key and version with its files; listed, read and removed."""

import asyncio
from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any
from uuid import UUID

import orjson

from dougong.files.contents import Contents
from dougong.model.stored_document import stored_document
from dougong.packages.compose import well_formed
from dougong.packages.errors import PackageNotFound, PackageVersionTaken
from dougong.packages.kept_files import drop_files, keep_files
from dougong.packages.library import shipped_packages
from dougong.packages.package_file import Package, content_hash
from dougong.permissions.actor import Actor
from dougong.sites import Reader, Site

Document = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Upload:
    """A version of a package that somebody uploaded. size: of the document and its files, in bytes."""

    key: str
    version: str
    hash: str
    size: int
    uploaded_by: UUID
    uploaded_at: datetime


async def keep_upload(site: Site, contents: Contents, actor: Actor, package: Package) -> Upload:
    """Keep a package in the library of the site; the same content again changes nothing.

    Raises DefinitionInvalid, PackageInvalid, and PackageVersionTaken where the library has this version with another content.
    """
    document = await asyncio.to_thread(well_formed, package.document)
    key, version, found = document["key"], document.get("version", "1.0.0"), content_hash(document)
    known = await read_upload(site, key, version)
    shipped = shipped_packages().get(key)
    is_shipped = shipped is not None and shipped.get("version", "1.0.0") == version and content_hash(shipped) != found
    if is_shipped or (known is not None and known[0].hash != found):
        raise PackageVersionTaken(package=key, version=version)
    if known is not None:
        return known[0]
    text = orjson.dumps(dict(document)).decode()
    size = len(text.encode()) + sum(len(content) for content in package.files.values())
    files = await keep_files(site, contents, actor, Package(document, package.files))
    try:
        async with site.pool.acquire() as connection, connection.transaction():
            kept = await connection.fetchrow(
                "INSERT INTO dougong.uploaded_package (key, version, hash, size, document, uploaded_by) VALUES ($1, $2, $3, $4, $5::text::json, $6)"
                " ON CONFLICT DO NOTHING RETURNING key, version, hash, size, uploaded_by, uploaded_at",
                key, version, found, size, text, actor.id,
            )  # fmt: skip
            if kept is not None:
                await connection.execute(
                    "INSERT INTO dougong.uploaded_file SELECT $1, $2, file FROM unnest($3::uuid[]) AS file", key, version, list(files.values())
                )
    except BaseException:
        await drop_files(site, files.values())
        raise
    if kept is not None:
        return Upload(*kept.values())
    await drop_files(site, files.values())  # somebody else has uploaded it since
    return await keep_upload(site, contents, actor, package)


async def read_uploads(reader: Reader, keys: Collection[str]) -> list[tuple[Upload, Document]]:
    """Return what was uploaded of some keys, by key and time."""
    return await _read(reader, "document", sorted(keys))


async def read_upload_covers(reader: Reader) -> list[tuple[Upload, Document]]:
    """Return everything that was uploaded, of the documents only what a list shows: key, version, name, description and icon."""
    parts = ", ".join(f"'{name}', document -> '{name}'" for name in ("key", "version", "name", "description", "icon"))
    return await _read(reader, f"json_strip_nulls(json_build_object({parts}))", None)


async def _read(reader: Reader, document: str, keys: list[str] | None) -> list[tuple[Upload, Document]]:
    query = (
        f"SELECT key, version, hash, size, uploaded_by, uploaded_at, {document}::text AS document FROM dougong.uploaded_package"
        " WHERE $1::text[] IS NULL OR key = ANY($1) ORDER BY key, uploaded_at"
    )
    rows = await reader.fetch(query, keys)
    return [_upload(row) for row in rows]


def _upload(row: Any) -> tuple[Upload, Document]:  # noqa: ANN401 – asyncpg's
    """Return what was uploaded in the present format; its hash is that of the document as it is read, also where it came in a former one."""
    *facts, text = row.values()
    document, stored = stored_document(text), Upload(*facts)
    is_of_now = orjson.loads(text).get("format") == document.get("format")
    return (stored if is_of_now else replace(stored, hash=content_hash(document))), document


async def read_upload(site: Site, key: str, version: str) -> tuple[Upload, Document] | None:
    """Return one version of a package that was uploaded, None where there is no such."""
    return next((one for one in await read_uploads(site.pool, [key]) if one[0].version == version), None)


async def remove_upload(site: Site, key: str, version: str) -> None:
    """Remove a version of a package from the library; apps it was installed as stay. Raises PackageNotFound."""
    gone = await site.pool.fetchval("DELETE FROM dougong.uploaded_package WHERE key = $1 AND version = $2 RETURNING true", key, version)
    if gone is None:
        raise PackageNotFound(package=f"{key} {version}")
