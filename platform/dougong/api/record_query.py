"""What record endpoints are told beside the body: a PageRequest, a revision or an idempotency key out; the wrong is refused by name."""

from collections.abc import Iterable, Mapping
from typing import Any, get_args
from urllib.parse import parse_qsl

from dougong.api.messages import MESSAGES as REQUEST_MESSAGES
from dougong.errors import RequestInvalid
from dougong.store.errors import QueryInvalid
from dougong.store.messages import MESSAGES
from dougong.store.page_request import MOST_RECORDS, PageRequest
from engines.dataset.query import Total
from engines.values.issue import Issue, issue

_PLAIN = ("filter", "search", "sort")
_POSITIONS = ("after", "before", "from")
_LIMIT: Mapping[str, str] = {"zh-CN": f"应为 1 到 {MOST_RECORDS} 的整数", "en": f"a whole number from 1 to {MOST_RECORDS}"}
LONGEST_KEY = 255
"""The most characters of an idempotency key."""

_REVISION: Mapping[str, str] = {"zh-CN": "应为正整数", "en": "a whole number from 1"}


def read_page_request(query: bytes) -> PageRequest:
    """Return what a list request asks for; raises QueryInvalid with an issue for each wrong parameter.

    >>> read_page_request(b"sort=-date&limit=2").limit
    2
    """
    asked: dict[str, Any] = {}
    issues: list[Issue] = []
    for name, value in pairs_of(query):
        if name in _PLAIN:
            asked[name] = value
        elif name == "fields":
            asked["fields"] = tuple(key.strip() for key in value.split(",") if key.strip())
        elif name == "limit":
            if value.isascii() and value.isdigit() and 1 <= int(value[:4]) <= MOST_RECORDS and len(value) < 4:
                asked["limit"] = int(value)
            else:
                issues.append(wrong(name, _LIMIT))
        elif name == "total":
            _choose(asked, issues, name, value, get_args(Total))
        elif name == "at":
            _choose(asked, issues, "at", value, ("start", "end"))
            asked["position"] = asked.pop("at", "start")
        elif name == "similar":
            _choose(asked, issues, name, value, ("true", "false"))
            asked["similar"] = value == "true"
        elif name == "trash":
            _choose(asked, issues, name, value, ("true", "false"))
            asked["trash"] = value == "true"
        elif name in _POSITIONS:
            asked["position"], asked["cursor"] = name, value
        else:
            issues.append(issue(MESSAGES, "request-parameter-unknown", f"/{name}", None, name=name))
    if issues:
        raise QueryInvalid(tuple(issues))
    return PageRequest(**asked)


def read_revision(query: bytes) -> int | None:
    """Return the revision a DELETE names, None when it names none; raises QueryInvalid."""
    for name, value in pairs_of(query):
        if name != "revision":
            raise QueryInvalid((issue(MESSAGES, "request-parameter-unknown", f"/{name}", None, name=name),))
        if not (value.isascii() and value.isdigit() and len(value) < 10 and int(value) > 0):
            raise QueryInvalid((wrong(name, _REVISION),))
        return int(value)
    return None


def read_key(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """Return the idempotency key of a request, None without one; raises RequestInvalid where it is too long to be kept."""
    for name, value in headers:
        if name == b"idempotency-key" and value:
            if len(value) > LONGEST_KEY:
                place = "header:Idempotency-Key"
                raise RequestInvalid(
                    (issue(REQUEST_MESSAGES, "request-value-too-long", place, None, name="Idempotency-Key", limit=LONGEST_KEY),)
                )
            return value.decode("latin-1")
    return None


def pairs_of(query: bytes) -> list[tuple[str, str]]:
    """Return the parameters of an address in their order; raises QueryInvalid where they are no UTF-8."""
    if not query:
        return []
    try:
        return parse_qsl(query.decode("ascii"), keep_blank_values=True, errors="strict")
    except ValueError:
        raise QueryInvalid((wrong("query", {"zh-CN": "应为 UTF-8", "en": "UTF-8"}),)) from None


def read_confirmation(headers: Iterable[tuple[bytes, bytes]]) -> bool:
    """Return whether a request says that what rules warn of is confirmed."""
    return (b"x-confirm-warnings", b"true") in headers


def _choose(asked: dict[str, Any], issues: list[Issue], name: str, value: str, words: tuple[str, ...]) -> None:
    if value in words:
        asked[name] = value
    else:
        listed = ", ".join(words)
        issues.append(wrong(name, {"zh-CN": f"应为 {listed} 之一", "en": f"one of {listed}"}))


def wrong(name: str, wanted: Mapping[str, str]) -> Issue:
    """Return the issue with a parameter that is not what is wanted."""
    return issue(MESSAGES, "request-parameter-invalid", f"/{name}", None, name=name, wanted=wanted)
