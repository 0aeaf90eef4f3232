"""Files of packages: their bytes or what is kept of them in, files that records can hold out; and their bytes again for an export."""

import io
from collections.abc import Collection, Iterable, Mapping
from typing import Any
from uuid import UUID

from dougong.errors import PlatformError
from dougong.files.contents import Contents, content_key
from dougong.files.keep import keep_file
from dougong.packages.errors import PackageInvalid
from dougong.packages.library import shipped_file
from dougong.packages.messages import MESSAGES
from dougong.packages.package_file import NamedFile, Package, named_files
from dougong.permissions.actor import Actor
from dougong.sites import Reader, Site
from dougong.store.ids import new_id
from engines.values.issue import Issue, issue

FileIds = Mapping[tuple[str, str], UUID]
"""Ids of files by their SHA-256 and name."""

_OF_PACKAGES = """
    SELECT f.id, encode(f.hash, 'hex') AS hash, f.name, f.size::bigint AS size FROM dougong.file f
    WHERE f.hash = ANY($1::bytea[]) AND (EXISTS (SELECT FROM dougong.uploaded_file u WHERE u.target = f.id)
        OR EXISTS (SELECT FROM dougong.app_file a WHERE a.target = f.id)) ORDER BY f.id"""
_COPY = """
    INSERT INTO dougong.file (id, created_by, updated_by, hash, name, type, size, width, height)
    SELECT $1, $2, $2, hash, $3, type, size, width, height FROM dougong.file WHERE id = $4"""


async def keep_files(site: Site, contents: Contents, actor: Actor, package: Package) -> FileIds:
    """Keep the files that records of a package hold, those it has and those of other packages the site has.

    Raises PackageInvalid for one that is nowhere, or is not taken: then none is kept.
    """
    named = {(one.hash, one.name): one for one in named_files(package.document)}
    there = await _there(site.pool, {digest for digest, _ in named})
    given = {**_shipped({digest for digest, _ in named} - there.keys()), **package.files}
    missing = [one for (digest, _), one in named.items() if digest not in given and digest not in there]
    if missing:
        raise PackageInvalid(tuple(issue(MESSAGES, "package-file-missing", one.pointer, None, name=one.hash) for one in missing))
    made: dict[tuple[str, str], UUID] = {}
    wrong: list[Issue] = []
    for place, one in named.items():
        try:
            made[place] = await _keep(site, contents, actor, one, given.get(one.hash), there)
        except PlatformError as refused:
            wrong.append(Issue(refused.code, {language: refused.detail(language) for language in ("zh-CN", "en")}, one.pointer))
    if wrong:
        await drop_files(site, made.values())
        raise PackageInvalid(tuple(wrong))
    return made


async def missing_files(reader: Reader, document: Mapping[str, Any]) -> tuple[Issue, ...]:
    """Return an issue for every file that records hold and no package of the site has."""
    named = list(named_files(document))
    there = await _there(reader, {one.hash for one in named})
    return tuple(issue(MESSAGES, "package-file-missing", one.pointer, None, name=one.hash) for one in named if one.hash not in there)


async def copy_files(executor: Reader, actor: UUID, document: Mapping[str, Any]) -> FileIds:
    """Keep the files that records hold from those packages of the site have, inside a transaction; raises PackageInvalid."""
    missing = await missing_files(executor, document)
    if missing:
        raise PackageInvalid(missing)
    named = {(one.hash, one.name): one for one in named_files(document)}
    there = await _there(executor, {digest for digest, _ in named})
    made = {}
    for (digest, name), one in named.items():
        made[digest, name] = new_id()
        await executor.fetch(_COPY, made[digest, name], actor, one.name[:200], there[digest][0]["id"])
    return made


async def drop_files(site: Site, ids: Iterable[UUID]) -> None:
    """Remove files that were kept for nothing."""
    await site.pool.execute("DELETE FROM dougong.file WHERE id = ANY($1::uuid[])", list(ids))


async def read_files(site: Site, contents: Contents, document: Mapping[str, Any]) -> Mapping[str, bytes]:
    """Return the bytes of the files that records of a package hold, by their SHA-256; what is lost is not among them."""
    there = await _there(site.pool, {one.hash for one in named_files(document)})
    found: dict[str, bytes] = {}
    for digest, rows in there.items():
        try:
            found[digest] = b"".join([part async for part in contents.read(content_key(bytes.fromhex(digest)), 0, rows[0]["size"])])
        except FileNotFoundError:
            continue
    return found


def _shipped(digests: Collection[str]) -> Mapping[str, bytes]:
    found = {digest: shipped_file(digest) for digest in digests}
    return {digest: content for digest, content in found.items() if content is not None}


async def _there(reader: Reader, digests: Collection[str]) -> dict[str, list[Any]]:
    found: dict[str, list[Any]] = {}
    if digests:
        for row in await reader.fetch(_OF_PACKAGES, [bytes.fromhex(digest) for digest in sorted(digests)]):
            found.setdefault(row["hash"], []).append(row)
    return found


async def _keep(site: Site, contents: Contents, actor: Actor, one: NamedFile, content: bytes | None, there: Mapping[str, list[Any]]) -> UUID:
    file_id = new_id()
    if one.hash in there:
        await site.pool.execute(_COPY, file_id, actor.id, one.name[:200], there[one.hash][0]["id"])
    else:
        assert content is not None
        await keep_file(site, contents, actor.id, file_id, one.name, io.BytesIO(content))
    return file_id
