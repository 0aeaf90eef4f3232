"""A package and the versions there are of others in, the version of each it is composed of out; says who requires what."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from dougong.model.app_model import ORGANIZATION
from dougong.packages.errors import PackageInvalid
from dougong.packages.messages import MESSAGES
from engines.values.issue import Issue, issue

Document = Mapping[str, Any]
Versions = Callable[[str], Sequence[Document]]
"""Gives every version there is of a package by its key."""
Chosen = dict[str, Document]

MOST_PACKAGES = 100
_MOST_WALKS = 20
_BOUND = re.compile(r"\s*(>=|<=|==|<|>)?\s*([0-9]{1,6}(?:\.[0-9]{1,6}){0,2})\s*")


def choose(document: Document, versions: Versions) -> Chosen:
    """Return the newest version of each required package that meets everybody who requires it, by key; those they need themselves first.

    Raises PackageInvalid: what is missing or of other versions, what no version meets, circles, ranges nobody can read.
    """
    limits: Mapping[str, Mapping[str, str]] = {}
    for _ in range(_MOST_WALKS):
        walk = _Walk(versions, limits)
        walk.requirements_of(document, ())
        if walk.issues:
            raise PackageInvalid(tuple(walk.issues))
        narrowed = [name for name, found in walk.chosen.items() if not _meets(found, walk.wanted[name].values())]
        if not narrowed:
            return walk.chosen
        # What was chosen before all who require it were known is chosen again.
        limits = {**limits, **{name: walk.wanted[name] for name in narrowed}}
    raise PackageInvalid(tuple(walk.conflict(name) for name in narrowed))


class _Walk:
    """One walk over all that is required. limits: ranges known before it. wanted: who requires what, by package; places: where."""

    def __init__(self, versions: Versions, limits: Mapping[str, Mapping[str, str]]) -> None:
        self.versions = versions
        self.limits = limits
        self.wanted: dict[str, dict[str, str]] = {}
        self.places: dict[str, str] = {}
        self.chosen: Chosen = {}
        self.lost: set[str] = set()
        self.issues: list[Issue] = []

    def requirements_of(self, document: Document, trail: tuple[str, ...]) -> None:
        """Choose what a document requires, and what that requires; trail: who led here."""
        key = str(document["key"])
        if len(self.chosen) > MOST_PACKAGES or len(trail) > MOST_PACKAGES:
            self.issues = [issue(MESSAGES, "package-requires-many", "/requires", None, limit=MOST_PACKAGES)]
            return
        for place in document.get("requires", []):
            name, version = place["package"], place["version"]
            first = trail[1] if len(trail) > 1 else key if trail else name
            if name in (*trail, key):
                circle = " → ".join((*(*trail, key)[(*trail, key).index(name) :], name))
                self.issues.append(issue(MESSAGES, "package-requires-cycle", f"/requires/{first}", None, cycle=circle))
                continue
            self.wanted.setdefault(name, {})[key] = version
            self.places.setdefault(name, f"/requires/{first}")
            found = self._version(name, version, key, f"/requires/{first}")
            if found is None or name == ORGANIZATION or name in self.chosen:
                continue
            self.requirements_of(found, (*trail, key))
            self.chosen[name] = found

    def conflict(self, name: str) -> Issue:
        """Return the issue of a package of which no version meets all who require it."""
        wanted = "; ".join(f"{who}: {version or '*'}" for who, version in self.wanted[name].items())
        return issue(MESSAGES, "package-requires-conflict", self.places[name], None, name=name, by=wanted, there=_told(_newest_first(self.versions(name))))

    def _version(self, name: str, version: str, by: str, at: str) -> Document | None:
        if not is_range(version):
            self.issues.append(issue(MESSAGES, "package-requires-range", f"{at}/version", None, version=version))
            return None
        if name in self.chosen or name in self.lost:
            return self.chosen.get(name)
        there = _newest_first(self.versions(name))
        others = {who: wanted for who, wanted in self.limits.get(name, {}).items() if who != by}
        for one in there:
            if _meets(one, [version, *others.values()]):
                return one
        self.lost.add(name)
        if others and any(_meets(one, [version]) for one in there):
            self.wanted[name] = {**others, by: version}
            self.issues.append(self.conflict(name))
        else:
            told = {"version": version or "*", "by": by, "there": _told(there)}
            self.issues.append(issue(MESSAGES, "package-requires-missing", at, None, name=name, **told))
        return None


def _version_of(document: Document) -> str:
    return str(document.get("version", "1.0.0"))


def _newest_first(there: Iterable[Document]) -> list[Document]:
    return sorted(there, key=lambda one: numbers(_version_of(one)), reverse=True)


def _told(there: Iterable[Document]) -> str:
    return ", ".join(_version_of(one) for one in there) or "–"


def _meets(document: Document, wanted: Iterable[str]) -> bool:
    return all(satisfies(_version_of(document), one) for one in wanted)


def is_range(wanted: str) -> bool:
    """Whether a required version can be read: bounds such as `>=1.0`, with commas between them, or nothing.

    >>> is_range(">=1.0,<2"), is_range(""), is_range("newest")
    (True, True, False)
    """
    return all(_BOUND.fullmatch(part) for part in filter(None, wanted.split(",")))


def satisfies(version: str, wanted: str) -> bool:
    """Whether a version meets a requirement such as `>=1.0,<2`; an empty one is always met.

    >>> satisfies("1.4.0", ">=1.0,<2"), satisfies("2.0.0", ">=1.0,<2")
    (True, False)
    """
    for part in filter(None, wanted.split(",")):
        match = _BOUND.fullmatch(part)
        if match is None:
            return False
        ours, theirs = numbers(version), numbers(match[2])
        holds = {">=": ours >= theirs, "<=": ours <= theirs, "<": ours < theirs, ">": ours > theirs}
        if not holds.get(match[1] or "==", ours == theirs):
            return False
    return True


def numbers(version: str) -> tuple[int, ...]:
    """Return a version as numbers that can be compared.

    >>> numbers("1.10") > numbers("1.9.9")
    True
    """
    parts = [int(part) for part in version.split(".")[:3] if part.isascii() and part.isdigit() and len(part) <= 6]
    return (*parts, 0, 0, 0)[:3]
