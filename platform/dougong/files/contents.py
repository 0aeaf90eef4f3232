"""Contents of files by their SHA-256: a place in the settings in, bytes kept and given back; a folder or S3 alike.

The library's calls block and are made in threads: its asynchronous ones abort the process when it ends right after one.
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from datetime import timedelta
from functools import cached_property
from typing import IO, Any
from urllib.parse import urlsplit

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import LocalStore, S3Store

from dougong.files.errors import FileStoreUnavailable
from dougong.settings import Settings

CHUNK_BYTES = 262_144


class Contents:
    """What keeps the contents of files."""

    def __init__(self, settings: Settings) -> None:
        """Remember the place; it is made, or asked, when the first file comes."""
        self._settings = settings

    @cached_property
    def _store(self) -> Any:  # noqa: ANN401 – the library has no type for all its stores
        return _store_of(self._settings)

    async def has(self, key: str) -> bool:
        """Whether something is kept under a key."""
        try:
            await _call(obstore.head, self._store, key)
        except FileNotFoundError:
            return False
        return True

    async def put(self, key: str, content: IO[bytes] | bytes) -> None:
        """Keep a content whole or not at all; large ones go in parts."""
        try:
            await _call(obstore.put, self._store, key, content)
        except FileNotFoundError as error:  # the bucket is not there
            raise FileStoreUnavailable from error

    async def read(self, key: str, start: int, end: int) -> AsyncIterator[bytes]:
        """Give the bytes from `start` to before `end`, some at a time; raises FileNotFoundError at the first."""
        if start >= end:
            return
        options: Any = {"range": (start, end)}
        found = await _call(obstore.get, self._store, key, options=options)
        parts = iter(found.stream(min_chunk_size=CHUNK_BYTES))
        while (part := await _call(next, parts, None)) is not None:
            yield bytes(part)

    async def whole(self, key: str) -> bytes | None:
        """Return all the bytes of something small, None when it is not there."""
        try:
            found = await _call(obstore.get, self._store, key)
        except FileNotFoundError:
            return None
        return bytes(await _call(found.bytes))

    async def delete(self, key: str) -> None:
        """Remove what is kept under a key, if anything is."""
        try:
            await _call(obstore.delete, self._store, key)
        except FileNotFoundError:
            return


async def _call(act: Callable[..., Any], *given: Any, **named: Any) -> Any:  # noqa: ANN401 – the library's own
    """Make a call of the library in a thread; raises FileNotFoundError, FileStoreUnavailable."""
    try:
        return await asyncio.to_thread(act, *given, **named)
    except FileNotFoundError:
        raise
    except (BaseError, OSError) as error:
        structlog.get_logger("dougong.files").error("store.failed", reason=str(error))
        raise FileStoreUnavailable from error


def _store_of(settings: Settings) -> Any:  # noqa: ANN401
    """Return the library's store the settings name: a folder, or a bucket of S3 or of something that speaks like it."""
    if not settings.files.startswith("s3://"):
        folder = settings.data_dir / settings.files
        folder.mkdir(parents=True, exist_ok=True)
        return LocalStore(folder)
    place = urlsplit(settings.files)
    given: dict[str, Any] = {"region": settings.files_region}
    if settings.files_endpoint is not None:
        given |= {"endpoint": settings.files_endpoint, "virtual_hosted_style_request": False}
    if settings.files_key_id:
        given |= {"access_key_id": settings.files_key_id, "secret_access_key": settings.files_secret}
    options: Any = {"allow_http": True} if (settings.files_endpoint or "").startswith("http:") else {}
    patience: Any = {"max_retries": 3, "retry_timeout": timedelta(seconds=20)}
    prefix = place.path.strip("/") or None
    return S3Store(place.netloc, prefix=prefix, client_options=options, retry_config=patience, **given)


def content_key(digest: bytes) -> str:
    """Return where a content is kept.

    >>> content_key(bytes(32))[:8]
    '00/00/00'
    """
    name = digest.hex()
    return f"{name[:2]}/{name[2:4]}/{name}"


def small_key(digest: bytes) -> str:
    """Return where the small picture of a content is kept."""
    return f"{content_key(digest)}.small"
