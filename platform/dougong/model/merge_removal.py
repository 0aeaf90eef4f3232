"""An app's document in and what is left once a package of it is gone; merged, with everything that stays in use for somebody to decide, out."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from dougong.model.app_model import AppModel
from dougong.model.merge import Document, Merge, Rule, Side, merge, resolve_conflicts
from dougong.model.place_words import place_words
from dougong.model.provenance import elements
from dougong.model.used_by import Use, index_uses, used_by

_RECORDS = ("/seed", "/demo")
"""Users that are records of packages, of which it is told apart what becomes."""


@dataclass(frozen=True, slots=True)
class MergedRemoval:
    """A merge that takes elements away. used: by what stays, for every element there is to decide about, by its pointer."""

    merge: Merge
    used: Mapping[str, tuple[Use, ...]]


def merge_removal(
    base: Document, ours: Document, theirs: Document, organization: AppModel | None, choices: Mapping[str, Side], rule: Rule | None
) -> MergedRemoval:
    """Return the merge in which an element that is used by what stays leaves only where that is chosen.

    A choice may also keep an element that nothing uses. What is kept may use something else, which is to be decided about then.
    """
    found = resolve_conflicts(merge(base, ours, theirs), choices, rule)
    tops = leaving(found)
    uses = index_uses(ours, organization)
    entities = {one["key"] for one in base["entities"]} - {one["key"] for one in theirs["entities"]}
    granted = {f"/policies/{one['key']}": f"/entities/{one['entity']}" for one in ours["policies"] if one["entity"] in entities}

    def users_of(pointer: str) -> tuple[Use, ...]:
        """Return what uses an element; an entity that is kept uses its policies, without which nobody may see it."""
        found = [use for use in used_by(ours, uses, pointer) if use.pointer not in _RECORDS and granted.get(_top(use.pointer)) != pointer]
        own = granted.get(pointer)
        return (*found, *([Use(own, place_words(ours, own))] if own else []))

    users = {top: users_of(top) for top in tops}
    asked = {top for top in tops if top in choices}
    while True:
        gone = _gone_of(leaving(found))
        asked |= {top for top in tops if any(not gone(use.pointer) for use in users[top])}
        if asked <= found.held:
            break
        found = resolve_conflicts(merge(base, ours, theirs, asked), choices, rule)
    decided = {at: users_of(at) for at, conflict in found.conflicts.items() if conflict.cause in ("removed", "used")}
    return MergedRemoval(found, {at: tuple(use for use in there if not gone(use.pointer)) for at, there in decided.items()})


def leaving(found: Merge) -> tuple[str, ...]:
    """Return the elements of the app that the merged document has no more, without those inside others of them."""
    there = {identity for _, identity, _, _ in elements(found.document)}
    tops: list[str] = []
    for pointer, identity, _, _ in elements(found.ours):
        if identity not in there and not (tops and pointer.startswith(f"{tops[-1]}/")):
            tops.append(pointer)
    return tuple(tops)


def _top(pointer: str) -> str:
    """Return the pointer of the element of the app that a place lies in.

    >>> _top("/policies/seller/entity")
    '/policies/seller'
    """
    return "/".join(pointer.split("/")[:3])


def _gone_of(tops: tuple[str, ...]) -> Callable[[str], bool]:
    places = frozenset(tops)

    def is_gone(pointer: str) -> bool:
        parts = pointer.split("/")
        return any("/".join(parts[:length]) in places for length in range(2, len(parts) + 1))

    return is_gone
