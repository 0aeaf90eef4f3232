"""Ids of records: many at once."""

from __future__ import annotations

from itertools import pairwise

from dougong.store.ids import new_ids


def test_ids_of_one_moment_are_in_order() -> None:
    ids = new_ids(20_000)
    assert ids == sorted(ids) and len(set(ids)) == len(ids)
    assert {(one.version, one.variant) for one in ids} == {(7, "specified in RFC 4122")}


def test_who_knows_one_id_of_a_moment_can_guess_none_beside_it() -> None:
    ids = new_ids(1_000)
    gaps = {after.int - before.int for before, after in pairwise(ids)}
    assert min(gaps) > 10_000 and len(gaps) > 990  # of 2^62 / 1,000 on average
