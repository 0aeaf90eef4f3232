"""Keeping a file: a content somebody sent in, looked at and kept by its hash, its row out; refuses what may not be kept."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from hashlib import sha256
from typing import IO
from uuid import UUID

from dougong.files.contents import Contents, content_key, small_key
from dougong.files.errors import FileRefused
from dougong.files.names import safe_name
from dougong.files.pictures import Picture, read_picture
from dougong.files.recognise import DRAWING, HEAD_BYTES, PICTURES, TAIL_BYTES, Sample, content_type, type_of
from dougong.sites import Site

MOST_DRAWING_BYTES = 5_000_000
_PART_BYTES = 1_048_576
_ONE_PICTURE = asyncio.Semaphore(1)
"""One picture is unpacked at a time: each may take a hundred megabytes for a moment."""


@dataclass(frozen=True, slots=True)
class KeptFile:
    """A file as it is kept: its type by content, its size in bytes, and in pixels where it is a picture."""

    id: UUID
    name: str
    type: str
    size: int
    width: int | None
    height: int | None


@dataclass(frozen=True, slots=True)
class _Looked:
    kind: str
    size: int
    digest: bytes


async def keep_file(site: Site, contents: Contents, actor: UUID, file_id: UUID, sent_name: str, content: IO[bytes]) -> KeptFile:
    """Keep a file of somebody; raises FileRefused, FileDisguised, PictureTooLarge, PictureDamaged, FileStoreUnavailable."""
    name = safe_name(sent_name)
    looked = await asyncio.to_thread(_look, name, content)
    picture: Picture | None = None
    if looked.kind in PICTURES:
        async with _ONE_PICTURE:
            picture = await asyncio.to_thread(read_picture, content, looked.kind, name)
    width, height = (None, None) if picture is None else (picture.width, picture.height)
    kept = KeptFile(file_id, name, looked.kind, looked.size, width, height)
    while not await _write(site, contents, actor, kept, looked.digest, content, picture):
        pass  # what was there has just been collected
    return kept


def _look(name: str, content: IO[bytes]) -> _Looked:
    size = content.seek(0, 2)
    content.seek(0)
    head = content.read(HEAD_BYTES)
    if content_type(head) == DRAWING:
        if size > MOST_DRAWING_BYTES:
            raise FileRefused(name=name, found={"zh-CN": "过大的 SVG 图形", "en": "an SVG drawing that is too large"})
        head += content.read()
    content.seek(max(0, size - TAIL_BYTES))
    kind = type_of(Sample(name, head, content.read()))
    content.seek(0)
    digest = sha256()
    while part := content.read(_PART_BYTES):
        digest.update(part)
    return _Looked(kind, size, digest.digest())


async def _write(
    site: Site, contents: Contents, actor: UUID, kept: KeptFile, digest: bytes, content: IO[bytes], picture: Picture | None
) -> bool:
    """Write content and row; False when the content was collected before it could be held.

    The row of the content is there before the content is, so that one nobody came to refer to is found and collected.
    """
    await site.pool.execute(
        "INSERT INTO dougong.file_content (hash, size) VALUES ($1, $2) ON CONFLICT (hash) DO UPDATE SET at = now()", digest, kept.size
    )
    async with site.pool.acquire() as connection, connection.transaction():
        held = await connection.fetchval("SELECT true FROM dougong.file_content WHERE hash = $1 FOR KEY SHARE", digest)
        if held is None:
            return False
        if not await contents.has(content_key(digest)):
            content.seek(0)
            await contents.put(content_key(digest), content)
        if picture is not None and not await contents.has(small_key(digest)):
            await contents.put(small_key(digest), picture.small)
        await connection.execute(
            "INSERT INTO dougong.file (id, created_by, updated_by, hash, name, type, size, width, height)"
            " VALUES ($1, $2, $2, $3, $4, $5, $6, $7, $8)",
            kept.id, actor, digest, kept.name, kept.type, kept.size, kept.width, kept.height,
        )  # fmt: skip
    return True
