"""Every endpoint there is has a row in the tables of exits, so that none is looked away from."""

from __future__ import annotations

from dougong.api.platform_app import build_platform_app
from dougong.api.records import HANDLERS
from dougong.leaks.exits import RECORD_EXITS
from dougong.leaks.exits_platform import PLATFORM_EXITS

METHODS = ("get", "post", "put", "patch", "delete")


def test_no_endpoint_is_left_out() -> None:
    described = build_platform_app().openapi()["paths"]
    there = {(method.upper(), path) for path, operations in described.items() for method in operations if method in METHODS}
    assert there - PLATFORM_EXITS.keys() == set(), "say in exits_platform.py how to ask these, or why they hold nothing of records"
    assert PLATFORM_EXITS.keys() - there == set()
    assert set(HANDLERS) == set(RECORD_EXITS)


def test_each_reason_says_something() -> None:
    assert all(len(row) > 10 for row in PLATFORM_EXITS.values() if isinstance(row, str))
