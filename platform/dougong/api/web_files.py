"""The built web pages: a path in, a file with the right cache and encoding headers out; unknown paths get the start page.

The list of files is read at start, and again when the pages were built anew; a request can name a file of that list and nothing
else, so no path leads out of the folder. Files with a hash in their name may be kept for ever, everything else is asked for
again.
"""

import hashlib
import os
from dataclasses import dataclass
from pathlib import Path

from anyio import to_thread
from starlette.exceptions import HTTPException
from starlette.types import Receive, Scope, Send

from dougong.api.answer import PAGE_HEADERS, Header, send_bytes

START_PAGE = "index.html"

# The order of preference; Brotli is the smaller of the two.
_ENCODINGS = (("br", ".br"), ("gzip", ".gz"))

_TYPES = {
    ".html": "text/html; charset=utf-8",
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".json": "application/json",
    ".webmanifest": "application/manifest+json",
    ".svg": "image/svg+xml",
    ".png": "image/png",
    ".ico": "image/x-icon",
    ".woff2": "font/woff2",
    ".txt": "text/plain; charset=utf-8",
}


@dataclass(frozen=True, slots=True)
class WebFile:
    """One file of the build: where it and its compressed copies lie, and the headers it is sent with."""

    paths: dict[str, Path]
    headers: tuple[Header, ...]
    etag: bytes


class WebFiles:
    """The files of a build by their path in the address, without the leading slash."""

    def __init__(self, folder: Path) -> None:
        """folder: where the build lies; it may be absent, or come later."""
        self._folder = folder
        self._built_at = _built_at(folder)
        self._files = _read_files(folder)

    def find(self, name: str) -> WebFile | None:
        """Return the file of this name. The start page, and what is not known, are looked for in what lies there now."""
        if name == START_PAGE or name not in self._files:
            built_at = _built_at(self._folder)
            if built_at != self._built_at:
                self._files = _read_files(self._folder)
                self._built_at = built_at
        return self._files.get(name)


def _built_at(folder: Path) -> int:
    """Return when something in a build was last written, as its folders and start page tell; 0 without one."""
    places = (folder / START_PAGE, folder, folder / "assets")
    return max((place.stat().st_mtime_ns for place in places if place.exists()), default=0)


def _read_files(folder: Path) -> dict[str, WebFile]:
    files: dict[str, WebFile] = {}
    for path in sorted(folder.rglob("*")):
        name = path.relative_to(folder).as_posix()
        if not path.is_file() or path.suffix in (".br", ".gz") or name.startswith(".") or "/." in name:
            continue
        paths = {encoding: packed for encoding, ending in _ENCODINGS if (packed := path.with_name(path.name + ending)).is_file()}
        state = path.stat()
        etag = hashlib.sha256(f"{name} {state.st_mtime_ns} {state.st_size}".encode()).hexdigest()[:20]
        cache = "public, max-age=31536000, immutable" if name.startswith("assets/") else "no-cache"
        kind = _TYPES.get(path.suffix, "application/octet-stream")
        headers = ((b"content-type", kind.encode()), (b"cache-control", cache.encode()), (b"vary", b"accept-encoding"))
        files[name] = WebFile({**paths, "": path}, headers, f'W/"{etag}"'.encode())
    return files


async def send_web_file(web: WebFiles, scope: Scope, receive: Receive, send: Send) -> None:
    """Answer a GET or HEAD of a page: the file of that name, or the start page, where the browser's router takes over.

    A path whose last part looks like a file gets 404 rather than the start page, so that a missing script is noticed.
    """
    if scope["method"] not in ("GET", "HEAD"):
        raise HTTPException(405, headers={"Allow": "GET, HEAD"})
    name = scope["path"].lstrip("/")
    file = web.find(name or START_PAGE)
    if file is None and "." not in os.path.basename(name) and not name.startswith(("api/", "assets/")):
        file = web.find(START_PAGE)
    if file is None:
        raise HTTPException(404)
    asked = {key: value.decode("latin-1") for key, value in scope["headers"] if key in (b"accept-encoding", b"if-none-match")}
    headers = (*PAGE_HEADERS, *file.headers, (b"etag", file.etag))
    if file.etag.decode() in asked.get(b"if-none-match", ""):
        await send({"type": "http.response.start", "status": 304, "headers": list(headers)})
        await send({"type": "http.response.body", "body": b""})
        return
    encoding = _encoding(file, asked.get(b"accept-encoding", ""))
    if encoding:
        headers = (*headers, (b"content-encoding", encoding.encode()))
    try:
        content = await to_thread.run_sync(file.paths[encoding].read_bytes)
    except FileNotFoundError:  # the pages are being built anew
        raise HTTPException(404) from None
    if scope["method"] == "HEAD":
        length = (b"content-length", str(len(content)).encode())
        await send({"type": "http.response.start", "status": 200, "headers": [length, *headers]})
        await send({"type": "http.response.body", "body": b""})
        return
    await send_bytes(send, 200, content, headers)


def _encoding(file: WebFile, accepted: str) -> str:
    """Return the encoding to send: the smallest copy the client takes, empty for the file as it is."""
    taken = {
        name.strip().lower()
        for name, _, parameters in (item.partition(";") for item in accepted.split(","))
        if parameters.replace(" ", "") not in ("q=0", "q=0.0", "q=0.00", "q=0.000")
    }
    return next((encoding for encoding, _ in _ENCODINGS if encoding in file.paths and encoding in taken), "")
