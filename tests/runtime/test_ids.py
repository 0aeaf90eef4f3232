"""Ids of records: many at once."""

from __future__ import annotations

from dougong.store.ids import new_ids


def test_ids_of_one_moment_are_in_order() -> None:
    ids = new_ids(20_000)
    assert ids == sorted(ids) and len(set(ids)) == len(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}
