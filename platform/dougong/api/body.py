"""Bodies of requests: ASGI messages in, bytes or JSON out; refuses what is too large, too deep or not JSON, early."""

from collections.abc import Iterable, Sequence
from itertools import chain

import orjson
from starlette.types import Receive, Scope

from dougong.errors import PlatformError, RequestTooLarge

JSON_LIMIT_BYTES = 1_000_000
DEPTH_LIMIT = 100
MOST_PARTS = 2_000_000
"""The most a body may have of lists, objects and values: other requests wait while they are read."""
_WHOLE = frozenset({list, dict})


class NotJson(PlatformError):
    """The body is not a JSON document in UTF-8; the parts say where reading stopped."""

    code = "request-not-json"
    title = {"zh-CN": "请求正文不是 JSON", "en": "The body is not JSON"}
    status = 400
    sentence = {
        "zh-CN": "请求正文不是有效的 JSON（UTF-8）：第 {line} 行第 {column} 列，{reason}。",
        "en": "The body is not valid JSON in UTF-8: line {line}, column {column}: {reason}.",
    }


class TooDeep(PlatformError):
    """Lists and objects in the body lie in each other more than `limit` deep."""

    code = "request-too-deep"
    title = {"zh-CN": "请求正文嵌套过深", "en": "The body is nested too deep"}
    status = 400
    sentence = {
        "zh-CN": "请求正文的嵌套超过 {limit} 层。",
        "en": "Lists and objects in the body are nested more than {limit} levels deep.",
    }


class TooMany(PlatformError):
    """Lists, objects and values in the body are more than `limit`."""

    code = "request-too-many"
    title = {"zh-CN": "请求正文的内容过多", "en": "There is too much in the body"}
    status = 400
    sentence = {
        "zh-CN": "请求正文中的列表、对象和值超过 {limit} 个。",
        "en": "There are more than {limit} lists, objects and values in the body.",
    }


class TextInvalid(PlatformError):
    """A text in the body holds the character U+0000, which no text can keep."""

    code = "request-text-invalid"
    title = {"zh-CN": "请求中有无法保存的字符", "en": "The request holds a character that cannot be kept"}
    status = 400


class ClientGone(Exception):
    """The client closed the connection before its request was whole; nobody is there to be answered."""


async def read_json(scope: Scope, receive: Receive, limit_bytes: int = JSON_LIMIT_BYTES) -> object:
    """Return the body's JSON value; raises RequestTooLarge, NotJson, TooDeep or TextInvalid."""
    return parse_json(await read_body(scope, receive, limit_bytes))


async def read_body(scope: Scope, receive: Receive, limit_bytes: int = JSON_LIMIT_BYTES) -> bytes:
    """Return the whole body; raises RequestTooLarge before more than the limit has been read, also without a length."""
    for name, value in scope["headers"]:
        if name == b"content-length" and value.isdigit() and int(value) > limit_bytes:
            raise RequestTooLarge(limit_bytes=limit_bytes)
    parts: list[bytes] = []
    size = 0
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientGone
        parts.append(message.get("body", b""))
        size += len(parts[-1])
        if size > limit_bytes:
            raise RequestTooLarge(limit_bytes=limit_bytes)
        more = message.get("more_body", False)
    return parts[0] if len(parts) == 1 else b"".join(parts)


def parse_json(body: bytes) -> object:
    """Return the value a JSON document writes; raises NotJson, TooDeep, TooMany or TextInvalid."""
    if len(body) > MOST_PARTS and sum(body.count(sign) for sign in (b"{", b"[", b",")) > MOST_PARTS:
        raise TooMany(limit=f"{MOST_PARTS:,}")
    try:
        value: object = orjson.loads(body)
    except orjson.JSONDecodeError as error:
        if "limit" in error.msg:  # orjson stops at 1024 levels
            raise TooDeep(limit=DEPTH_LIMIT) from None
        raise NotJson(line=error.lineno, column=error.colno, reason=error.msg.rstrip(".")) from None
    has_zero = b"\\u0000" in body
    if has_zero or body.count(b"[") + body.count(b"{") > DEPTH_LIMIT:
        _check(value, has_zero)
    return value


def _check(value: object, has_zero: bool) -> None:
    """Look at a value level by level; the recursion limit of Python does not matter here."""
    level: Sequence[object] = [value]
    for _ in range(DEPTH_LIMIT + 1):
        if has_zero and any("\x00" in part for part in level if isinstance(part, str)):
            raise TextInvalid
        level = _parts(level) if has_zero else _wholes(level)
        if not level:
            return
    raise TooDeep(limit=DEPTH_LIMIT)


def _parts(level: Iterable[object]) -> list[object]:
    """Return what is in lists and objects, the keys of objects too."""
    lists = [part for whole in level if isinstance(whole, list) for part in whole]
    return [*lists, *(part for whole in level if isinstance(whole, dict) for part in chain(whole, whole.values()))]


def _wholes(level: Iterable[object]) -> list[object]:
    """Return the lists and objects that are in others: texts and numbers hold nothing more, and of large bodies they are most of it."""
    found: list[object] = []
    for whole in level:
        parts = whole.values() if isinstance(whole, dict) else whole if isinstance(whole, list) else ()
        if not _WHOLE.isdisjoint(map(type, parts)):
            found += [part for part in parts if type(part) in _WHOLE]
    return found
