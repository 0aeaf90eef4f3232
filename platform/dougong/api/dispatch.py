"""The outermost ASGI function: chooses between records, the platform's endpoints and web pages, and answers what they raise.

Records are chosen by their path before anything else and pass through no framework's layers. Bodies of the platform's
endpoints are read here, so that one that is too large, too deep or not JSON never reaches them.
"""

import asyncpg
import structlog
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from dougong.api.answer import DATA_HEADERS
from dougong.api.body import JSON_LIMIT_BYTES, ClientGone, parse_json, read_body
from dougong.api.guard import find_session
from dougong.api.house import House, house_of, put_house
from dougong.api.platform_app import build_platform_app
from dougong.api.problem import send_problem
from dougong.api.records import records
from dougong.api.web_files import WebFiles, send_web_file
from dougong.errors import AddressUnknown, RequestMalformed
from dougong.packages.package_file import MEGABYTE, MOST_DOCUMENT_MB
from dougong.sites import AppNotFound

UPLOAD_PATH = "/api/files"
"""Where files are sent: their bodies are read bit by bit by who keeps them."""
_PLATFORM_PATHS = ("/api/", "/problems/", "/schemas/")
_GONE = (asyncpg.UndefinedTableError, asyncpg.InvalidSchemaNameError)
_WITH_BODY = frozenset(("POST", "PUT", "PATCH"))


def build_dispatch(house: House, web: WebFiles) -> ASGIApp:
    """Return the application of one site, ready to serve."""
    platform = build_platform_app()

    async def dispatch(scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await platform(scope, receive, send)
            return
        put_house(scope, house)
        path: str = scope["path"]
        has_begun = False

        async def watched(message: Message) -> None:
            nonlocal has_begun
            has_begun = True
            await send(message)

        try:
            if "\x00" in path:
                raise AddressUnknown
            if b"%00" in scope["query_string"]:
                raise RequestMalformed
            if path.startswith("/api/apps/") and "/records/" in path:
                await records(scope, receive, watched)
            elif path.startswith(_PLATFORM_PATHS):
                await _call_platform(platform, scope, receive, watched)
            else:
                await send_web_file(web, scope, receive, watched)
        except ClientGone:
            return
        except Exception as error:  # noqa: BLE001 – the edge: whatever it is becomes a problem document
            if not has_begun:
                await send_problem(await _uninstalled(house, path, error) if isinstance(error, _GONE) else error, scope, send)
            elif not path.startswith(_PLATFORM_PATHS) or "/records/" in path:  # else answered and logged below
                structlog.get_logger("dougong.api").error("answer broken off", path=path, exc_info=error)

    return dispatch


async def _uninstalled(house: House, path: str, error: Exception) -> Exception:
    """Return what a request met whose tables went with their app while it was under way; anything else stays what it was."""
    app = path.split("/")[3]
    if app in await house.site.app_keys():
        return error
    house.site.forget(app)
    return AppNotFound(app=app)


async def _call_platform(platform: ASGIApp, scope: Scope, receive: Receive, send: Send) -> None:
    """Call the platform's endpoints with a checked body, and put the headers of data on what they answer."""

    async def with_headers(message: Message) -> None:
        if message["type"] == "http.response.start":
            given = {name for name, _ in message["headers"]}
            missing = [header for header in DATA_HEADERS if header[0] not in given]
            message = {**message, "headers": [*message["headers"], *missing]}
        await send(message)

    if scope["method"] in _WITH_BODY and scope["path"] != UPLOAD_PATH and not _is_stream(scope):
        body = await read_body(scope, receive, await _limit_bytes(scope))
        if body and _is_json(scope):
            parse_json(body)
        receive = _again(body, receive)
    await platform(scope, receive, with_headers)


async def _limit_bytes(scope: Scope) -> int:
    """Return how large a body may be: whole documents are larger, but only from somebody who is signed in."""
    path: str = scope["path"]
    is_file = path == "/api/library"
    is_document = is_file or path == "/api/apps" or (path.startswith("/api/apps/") and path.endswith("/draft"))
    if not is_document or not await find_session(scope):
        return JSON_LIMIT_BYTES
    most = house_of(scope).site.settings.package_mb
    return (most if is_file else min(most, MOST_DOCUMENT_MB)) * MEGABYTE


def _is_stream(scope: Scope) -> bool:
    """Whether the body is a file, which its endpoint takes piece by piece with a limit of its own."""
    path: str = scope["path"]
    return scope["method"] == "POST" and path.startswith("/api/apps/") and path.endswith("/imports") and path.count("/") == 4


def _is_json(scope: Scope) -> bool:
    return any(name == b"content-type" and b"json" in value.lower() for name, value in scope["headers"])


def _again(body: bytes, receive: Receive) -> Receive:
    """Return a `receive` that gives the body that was read already, then whatever comes next."""
    is_given = False

    async def receive_again() -> Message:
        nonlocal is_given
        if is_given:
            return await receive()
        is_given = True
        return {"type": "http.request", "body": body, "more_body": False}

    return receive_again
