"""What endpoints of the past are told in their address: an instant or a revision, a cursor and a field, out; the wrong is refused."""

from collections.abc import Mapping
from datetime import datetime

from dougong.api.record_query import pairs_of, wrong
from dougong.store.as_of import Then
from dougong.store.errors import QueryInvalid
from dougong.store.messages import MESSAGES
from engines.values.issue import Issue, issue

MOST_CHANGES = 200
_REVISION: Mapping[str, str] = {"zh-CN": "应为正整数", "en": "a whole number from 1"}
_INSTANT: Mapping[str, str] = {
    "zh-CN": "应为带时区的时间，如 2026-11-26T08:00:00Z",
    "en": "an instant with its zone, such as 2026-11-26T08:00:00Z",
}
_LIMIT: Mapping[str, str] = {"zh-CN": f"应为 1 到 {MOST_CHANGES} 的整数", "en": f"a whole number from 1 to {MOST_CHANGES}"}


def read_then(query: bytes) -> Then | None:
    """Return which state of a record is asked for, None for the present one; raises QueryInvalid."""
    then: Then | None = None
    issues: list[Issue] = []
    for name, value in pairs_of(query):
        if name == "at":
            at = _instant(value)
            then = Then(at=at)
            issues += [] if at is not None else [wrong(name, _INSTANT)]
        elif name == "revision":
            number = _whole(value, 2**31 - 1)
            then = Then(revision=number)
            issues += [] if number is not None else [wrong(name, _REVISION)]
        else:
            issues.append(issue(MESSAGES, "request-parameter-unknown", f"/{name}", None, name=name))
    if issues:
        raise QueryInvalid(tuple(issues))
    return then


def read_history_request(query: bytes) -> tuple[int | None, str | None, int]:
    """Return the cursor, the field and how many changes are asked for; raises QueryInvalid.

    >>> read_history_request(b"before=12&field=total")
    (12, 'total', 50)
    """
    before: int | None = None
    field: str | None = None
    limit: int | None = 50
    issues: list[Issue] = []
    for name, value in pairs_of(query):
        if name == "before":
            before = _whole(value, 2**63 - 1)
            issues += [] if before is not None else [wrong(name, _REVISION)]
        elif name == "limit":
            limit = _whole(value, MOST_CHANGES)
            issues += [] if limit is not None else [wrong(name, _LIMIT)]
        elif name == "field":
            field = value
        else:
            issues.append(issue(MESSAGES, "request-parameter-unknown", f"/{name}", None, name=name))
    if issues or limit is None:
        raise QueryInvalid(tuple(issues))
    return before, field, limit


def _whole(text: str, most: int) -> int | None:
    return int(text) if text.isascii() and text.isdigit() and len(text) < 20 and 1 <= int(text) <= most else None


def _instant(text: str) -> datetime | None:
    try:
        # A plus sign that was not escaped arrives as a blank.
        found = datetime.fromisoformat(text.replace(" ", "+"))
    except ValueError:
        return None
    return found if found.tzinfo is not None else None
