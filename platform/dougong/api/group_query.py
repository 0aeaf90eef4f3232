"""What calls for groups and facets are told in their address: a GroupRequest or FacetRequest out; the wrong is refused by name."""

from collections.abc import Mapping
from typing import Any

import orjson

from dougong.api.record_query import pairs_of, wrong
from dougong.store.errors import QueryInvalid
from dougong.store.group_request import MOST_ROWS, FacetRequest, GroupRequest
from dougong.store.messages import MESSAGES
from dougong.store.page_request import PageRequest
from engines.values.issue import Issue, issue

MOST_VALUES = 100
_OF_A_LIST = ("filter", "search")
_WHOLE: Mapping[str, str] = {"zh-CN": f"应为 1 到 {MOST_ROWS} 的整数", "en": f"a whole number from 1 to {MOST_ROWS}"}
_OFFSET: Mapping[str, str] = {"zh-CN": "应为非负整数", "en": "a whole number from 0"}
_CHOSEN: Mapping[str, str] = {
    "zh-CN": '应为 JSON，如 {"state": ["draft", null]}',
    "en": 'JSON such as {"state": ["draft", null]}',
}
_SIMILAR: Mapping[str, str] = {"zh-CN": "应为 true, false 之一", "en": "one of true, false"}


def read_group_request(query: bytes) -> GroupRequest:
    """Return which groups are asked for; raises QueryInvalid with an issue for each wrong parameter.

    >>> read_group_request(b"by=customer&measures=SUM(total)").by
    'customer'
    """
    of, asked, issues = _common(query, ("by", "measures", "having", "sort"))
    limit = _whole(asked, "limit", 50, 1, MOST_ROWS, _WHOLE, issues)
    offset = _whole(asked, "offset", 0, 0, 10**9, _OFFSET, issues)
    if issues:
        raise QueryInvalid(tuple(issues))
    texts = {name: asked[name] for name in ("by", "measures", "having", "sort") if name in asked}
    return GroupRequest(of, limit=limit, offset=offset, **texts)


def read_facet_request(query: bytes) -> FacetRequest:
    """Return which facets are asked for; raises QueryInvalid with an issue for each wrong parameter."""
    of, asked, issues = _common(query, ("fields", "chosen"))
    limit = _whole(asked, "limit", 10, 1, MOST_VALUES, _WHOLE, issues)
    chosen = _chosen(asked.get("chosen", "{}"))
    if chosen is None:
        issues.append(wrong("chosen", _CHOSEN))
    if issues:
        raise QueryInvalid(tuple(issues))
    fields = tuple(key.strip() for key in asked.get("fields", "").split(",") if key.strip())
    return FacetRequest(of, fields, chosen, limit)


def _common(query: bytes, texts: tuple[str, ...]) -> tuple[PageRequest, dict[str, str], list[Issue]]:
    issues: list[Issue] = []
    of: dict[str, Any] = {}
    asked: dict[str, str] = {}
    for name, value in pairs_of(query):
        if name in _OF_A_LIST:
            of[name] = value
        elif name == "similar" and value in ("true", "false"):
            of["similar"] = value == "true"
        elif name == "similar":
            issues.append(wrong(name, _SIMILAR))
        elif name in (*texts, "limit", "offset"):
            asked[name] = value
        else:
            issues.append(issue(MESSAGES, "request-parameter-unknown", f"/{name}", None, name=name))
    return PageRequest(**of), asked, issues


def _whole(
    asked: Mapping[str, str], name: str, otherwise: int, least: int, most: int, words: Mapping[str, str], issues: list[Issue]
) -> int:
    value = asked.get(name)
    if value is None:
        return otherwise
    if value.isascii() and value.isdigit() and len(value) < 11 and least <= int(value) <= most:
        return int(value)
    issues.append(wrong(name, words))
    return otherwise


def _chosen(text: str) -> dict[str, list[str | None]] | None:
    """Return the chosen values by field as texts, truth as `true`; None where they are not written so."""
    try:
        given = orjson.loads(text)
    except orjson.JSONDecodeError:
        return None
    if not isinstance(given, dict) or not all(isinstance(values, list) and len(values) <= MOST_VALUES for values in given.values()):
        return None
    if not all(value is None or isinstance(value, str | bool) for values in given.values() for value in values):
        return None
    return {key: [str(v).lower() if isinstance(v, bool) else v for v in values] for key, values in given.items() if values}
