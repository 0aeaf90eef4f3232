"""Problems: any exception a request ended with in, one RFC 9457 problem document out; the only function that makes them.

What the platform raises shows its code, title and details in the language asked for. What FastAPI and Starlette raise is
translated to the platform's own errors first. Anything else is a bug: its traceback goes to the log with the request id,
and the answer shows that id alone.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from uuid import uuid4

import asyncpg
import orjson
import structlog
from fastapi.exceptions import RequestValidationError
from starlette.exceptions import HTTPException
from starlette.types import Scope, Send

from dougong.api.answer import DATA_HEADERS, Header, send_bytes
from dougong.api.language import language_of
from dougong.api.messages import MESSAGES
from dougong.errors import (
    AddressUnknown,
    DatabaseTooSlow,
    DatabaseUnavailable,
    InternalError,
    MethodNotAllowed,
    PlatformError,
    RequestInvalid,
    RequestMalformed,
)
from dougong.people.errors import TooManyAttempts
from dougong.store.errors import QueryInvalid
from engines.values.issue import Issue, Issues, issue, pointer_to

_PARAMETER_PLACES = frozenset(("query", "path", "header", "cookie"))

_CODES: Mapping[str, str] = {
    "missing": "request-value-missing",
    "extra_forbidden": "request-value-unknown",
    "string_too_long": "request-value-too-long",
    "too_long": "request-value-too-long",
    "string_too_short": "request-value-too-short",
    "too_short": "request-value-too-short",
    "greater_than_equal": "request-value-out-of-range",
    "less_than_equal": "request-value-out-of-range",
    "value_error": "request-value-invalid",
    "literal_error": "request-value-invalid",
    "string_pattern_mismatch": "request-value-invalid",
}
"""Codes by pydantic's type of error; every other type is a wrong type."""


_UNAVAILABLE = (
    asyncpg.PostgresConnectionError,
    asyncpg.OperatorInterventionError,  # shut down, starting
    asyncpg.InsufficientResourcesError,
    asyncpg.InternalClientError,  # the server said goodbye to a connection just as it was taken from the pool
)


@dataclass(frozen=True, slots=True)
class Problem:
    """A problem document as it is sent: status, JSON bytes and headers."""

    status: int
    body: bytes
    headers: tuple[Header, ...]


def problem(error: Exception, scope: Scope) -> Problem:
    """Return the answer to a request that ended with an exception; a bug is logged here."""
    known = _platform_error(error)
    if known is None:
        request_id = uuid4().hex
        structlog.get_logger("dougong.api").error(
            "request failed", request_id=request_id, method=scope["method"], path=scope["path"], exc_info=error
        )
        known = InternalError(request_id=request_id)
    language = language_of(scope)
    document: dict[str, Any] = {
        "type": f"/problems/{known.code}",
        "title": known.title[language],
        "status": known.status,
        "detail": known.detail(language),
        "instance": scope["path"],
        "code": known.code,
    }
    document |= known.members
    if known.issues:
        write = _parameter if isinstance(known, QueryInvalid) else _item
        document["errors"] = [write(found, language) for found in known.issues]
    headers = (
        (b"content-type", b"application/problem+json"),
        (b"content-language", language.encode()),
        (b"vary", b"accept-language"),
        *DATA_HEADERS,
        *_extra_headers(known),
    )
    return Problem(known.status, orjson.dumps(document), headers)


def problem_items(issues: Issues, language: str) -> list[dict[str, Any]]:
    """Return issues as problems list them, for answers that hold some."""
    return [_item(found, language) for found in issues]


async def send_problem(error: Exception, scope: Scope, send: Send) -> None:
    """Answer a request that ended with an exception."""
    answer = problem(error, scope)
    await send_bytes(send, answer.status, answer.body, answer.headers)


def field_path(pointer: str) -> str:
    """Return a pointer as people and forms write it.

    >>> field_path("/lines/2/quantity")
    'lines[2].quantity'
    """
    path = ""
    for part in pointer.split("/")[1:]:
        part = part.replace("~1", "/").replace("~0", "~")
        path += f"[{part}]" if part.isdigit() else f".{part}" if path else part
    return path


def _platform_error(error: Exception) -> PlatformError | None:
    match error:
        case PlatformError():
            return error
        case RequestValidationError():
            return RequestInvalid(_validation_issues(error.errors(), error.body))
        case HTTPException(status_code=404):
            return AddressUnknown()
        case HTTPException(status_code=405):
            return MethodNotAllowed(allowed=error.headers["Allow"].split(", ") if error.headers else [])
        case HTTPException():
            return RequestMalformed()
        case asyncpg.QueryCanceledError():
            return DatabaseTooSlow()
        case _ if _is_of_lost_connection(error):
            return DatabaseUnavailable()
        case _:
            return None


def _is_of_lost_connection(error: BaseException) -> bool:
    """Say whether an error came of a connection that was lost; the end of a transaction on it raises another on top."""
    if isinstance(error, asyncpg.InterfaceError) and error.__context__ is not None:
        return _is_of_lost_connection(error.__context__)
    return isinstance(error, _UNAVAILABLE) or isinstance(error, OSError) and _is_from_asyncpg(error)


def _is_from_asyncpg(error: BaseException) -> bool:
    """Say whether an error of the network or of a socket was met on the way to the database, not while reading some file."""
    step = error.__traceback__
    while step is not None:
        if str(step.tb_frame.f_globals.get("__name__")).partition(".")[0] == "asyncpg":
            return True
        step = step.tb_next
    return False


def _extra_headers(known: PlatformError) -> tuple[Header, ...]:
    match known:
        case TooManyAttempts():
            return ((b"retry-after", str(known.retry_after_s).encode()),)
        case PlatformError(status=503):
            return ((b"retry-after", b"2"),)
        case MethodNotAllowed(parts={"allowed": list(methods)}):
            return ((b"allow", ", ".join(methods).encode()),)
        case _:
            return ()


def _item(found: Issue, language: str) -> dict[str, Any]:
    place, _, name = found.pointer.partition(":")
    if place in _PARAMETER_PLACES:
        return {"parameter": name, **_words(found, language)}
    return {"pointer": found.pointer, "field": field_path(found.pointer), **_words(found, language)}


def _parameter(found: Issue, language: str) -> dict[str, Any]:
    """Return what is wrong in a query string, where the pointer names the parameter."""
    return {"parameter": found.pointer.removeprefix("/"), **_words(found, language)}


def _words(found: Issue, language: str) -> dict[str, Any]:
    span = {} if found.span is None else {"span": list(found.span)}
    return {"code": found.code, "detail": found.message[language], **span}


def _validation_issues(errors: Sequence[Mapping[str, Any]], body: object) -> Issues:
    found = [_validation_issue(item["type"], item["loc"], item.get("ctx") or {}, body) for item in errors]
    first = {one.pointer: one for one in reversed(found)}  # what may be one thing or another is wrong as each of them
    return tuple(first.values())[::-1]


def _validation_issue(kind: str, loc: Sequence[int | str], ctx: Mapping[str, Any], body: object) -> Issue:
    """Return the issue of one of pydantic's errors; a parameter's pointer is `query:limit` until it is written."""
    place = str(loc[0])
    if place in _PARAMETER_PLACES:
        name = ".".join(str(part) for part in loc[1:])
        pointer = f"{place}:{name}"
    else:
        pointer = pointer_to(_place_in(body, loc[1:], kind == "missing"))
        name = field_path(pointer) or "body"
    limit = ctx.get("max_length", ctx.get("min_length", ""))
    return issue(MESSAGES, _CODES.get(kind, "request-value-wrong-type"), pointer, None, name=name, limit=limit)


def _place_in(body: object, loc: Sequence[int | str], is_missing: bool) -> Iterator[int | str]:
    """Give the parts of a place that the body has: on the way pydantic also names types, such as `dict[str,any]`.

    is_missing: the last part is a key the body lacks.
    """
    here = body
    for step, part in enumerate(loc):
        if isinstance(here, Mapping) and part in here or isinstance(here, list) and isinstance(part, int) and part < len(here):
            here = here[part]  # type: ignore[index]
            yield part
        elif is_missing and step == len(loc) - 1:
            yield part
