"""Policies as they are written and records as they are in, whether somebody may see a value out: slow, and told without the compiler of permissions.

This is what the audit holds every exit against, so it shares nothing with what makes the queries. It goes by one record and one policy at a
time. Only what conditions of policies come to is asked of the database, by somebody who sees everything.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal
from uuid import UUID

import orjson

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.definition_policy import PolicyDefinition
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.page_request import PageRequest
from dougong.store.read import read_page
from engines.entity.entity import SYSTEM_TYPES, Entity, Field

Answer = Literal["yes", "no", "either"]
"""Whether somebody may see a value; `either` where more than policies decides it, so that nothing is said of it."""
Record = Mapping[str, Any]

LEVELS = ("hidden", "masked", "read", "write")
COMES_WITH = {"create": {"import"}, "read": {"export", "print"}, "update": {"bulk", "transition"}, "delete": {"restore", "bulk"}}


@dataclass(frozen=True)
class Person:
    """Somebody whose requests are looked at: what they are called, who they are, their roles and their department."""

    name: str
    id: str
    roles: frozenset[str]
    department: str | None


@dataclass(frozen=True, order=True)
class Place:
    """Where a value stands: entity by its full key, the record, and the field, of rows as `lines.price`; is_past: it stood there before."""

    entity: str
    id: str
    path: str
    is_past: bool = False


@dataclass(repr=False)
class World:
    """Everything there is. records: by full key of the entity and id. above, leaders: of each department the one above it and who leads it.

    shared: ids of records by who they are shared with. trash: ids of records in the trash. known, answers: what was found out already.
    """

    site: Site
    model: AppModel
    organization: AppModel
    records: dict[str, dict[str, Record]] = field(default_factory=dict)
    departments: dict[str, str | None] = field(default_factory=dict)
    above: dict[str, str | None] = field(default_factory=dict)
    leaders: dict[str, str | None] = field(default_factory=dict)
    shared: set[tuple[str, str]] = field(default_factory=set)
    trash: set[str] = field(default_factory=set)
    known: dict[tuple[object, ...], set[str]] = field(default_factory=dict)
    answers: dict[tuple[str, Place], Answer] = field(default_factory=dict)

    def home(self, full_key: str) -> AppModel:
        """Return the app of an entity."""
        return self.organization if full_key.partition(".")[0] == ORGANIZATION else self.model

    def entity(self, full_key: str) -> Entity:
        """Return an entity by its full key."""
        app, _, key = full_key.partition(".")
        return self.home(f"{app}.").entities[key]

    def policies(self, person: Person, full_key: str) -> Iterator[PolicyDefinition]:
        """Give the policies of somebody's roles for an entity."""
        app, _, key = full_key.partition(".")
        for policy in self.home(full_key).definition.policies:
            role = policy.role if "." in policy.role else f"{app}.{policy.role}"
            if policy.entity == key and role in person.roles:
                yield policy

    async def meeting(self, person: Person, full_key: str, condition: str) -> set[str]:
        """Return the ids of records for which a condition holds for somebody, whatever they may see."""
        key = (person.id, full_key, condition)
        if key not in self.known:
            actor = Actor(UUID(person.id), person.name, "en", person.roles, is_system=True)
            found: set[str] = set()
            for trash in (False, True):
                request = PageRequest(filter=condition, fields=("id",), limit=200, trash=trash)
                page = orjson.loads(await read_page(self.site, self.home(full_key), actor, full_key.partition(".")[2], request))
                assert page.get("next") is None, "more records than one page holds"
                found |= {record["id"] for record in page["records"]}
            self.known[key] = found
        return self.known[key]

    def whose(self, full_key: str, record: Record, path: str) -> str | None:
        """Return the user or department that a path from a record leads to."""
        first, _, rest = path.partition(".")
        value = record.get(first)
        if not rest or value is None:
            return value
        to = SYSTEM_TYPES[first].of if first in SYSTEM_TYPES else None
        target = to.name if to is not None else self.entity(full_key).fields[first].to
        assert target is not None
        after = target if "." in target else f"{full_key.partition('.')[0]}.{target}"
        return self.whose(after, self.records[after][value], rest)

    def is_mine(self, person: Person, policy: PolicyDefinition, full_key: str, record: Record) -> bool:
        """Whether a record is of those that the word for rows of a policy means."""
        if policy.rows == "all":
            return True
        if policy.rows == "shared":
            return (record["id"], person.id) in self.shared
        owner = self.whose(full_key, record, policy.owner)
        if owner is None:
            return False
        if policy.rows == "own":
            return owner == person.id
        department = owner if owner in self.above else self.departments.get(owner)
        chain = list(self.up(department))
        if policy.rows == "department":
            return department is not None and department == person.department
        if policy.rows == "department_below":
            return person.department is not None and person.department in chain
        assert policy.rows == "reports"
        return any(self.leaders[one] == person.id for one in chain)

    def up(self, department: str | None) -> Iterator[str]:
        """Give a department and those above it."""
        while department is not None:
            yield department
            department = self.above[department]

    async def holds(self, person: Person, policy: PolicyDefinition, full_key: str, record: Record) -> bool:
        """Whether a policy is for a record."""
        if not self.is_mine(person, policy, full_key, record):
            return False
        return policy.where is None or record["id"] in await self.meeting(person, full_key, policy.where)

    async def may(self, person: Person, action: str, full_key: str, record: Record) -> bool:
        """Whether somebody may do something with a record."""
        granted = False
        for policy in self.policies(person, full_key):
            if not _does(policy, action) or not await self.holds(person, policy, full_key, record):
                continue
            if policy.deny and not policy.levels:
                return False
            granted = granted or not policy.deny
        if granted and record["id"] in self.trash and action == "read":
            return await self.may(person, "delete", full_key, record)
        return granted

    async def level(self, person: Person, full_key: str, record: Record, path: str) -> str:
        """Return the most that policies let somebody do with a field of a record they may read."""
        best, least = "hidden", "write"
        for policy in self.policies(person, full_key):
            if not policy.deny and not _does(policy, "read") or not await self.holds(person, policy, full_key, record):
                continue
            one = next((one for one in policy.levels if one.key == path), None)
            is_met = one is not None and (one.when is None or record["id"] in await self.meeting(person, full_key, one.when))
            if policy.deny:
                least = min(least, one.level, key=LEVELS.index) if one is not None and is_met else least
            else:
                best = max(best, one.level if one is not None and is_met else policy.others, key=LEVELS.index)
        return min(best, least, key=LEVELS.index)

    async def sees(self, person: Person, place: Place) -> Answer:
        """Return whether somebody may see a value."""
        known = self.answers.get((person.id, place))
        if known is None:
            known = self.answers[person.id, place] = await self._sees(person, place)
        return known

    async def _sees(self, person: Person, place: Place) -> Answer:
        if place.entity == f"{ORGANIZATION}.user" and place.id == person.id:
            return "either"  # everybody is told who they are, whatever policies say
        record = self.records[place.entity][place.id]
        if not await self.may(person, "read", place.entity, record):
            return "no"
        found = await self.sees_field(person, place.entity, record, place.path)
        if place.id in self.trash and found == "yes":
            return "either"
        if place.is_past and found != "no":
            every = [await self.sees_field(person, place.entity, one, place.path) for one in self.records[place.entity].values() if await self.may(person, "read", place.entity, one)]
            return "yes" if set(every) == {"yes"} else "either"
        return found

    async def sees_field(self, person: Person, full_key: str, record: Record, path: str) -> Answer:
        """Return whether somebody may see a field of a record they may read; of what is computed, whether they may see all it reads."""
        entity, (lines, _, key) = self.entity(full_key), path.rpartition(".")
        own = self.home(full_key).entities[f"{entity.key}.{lines}"].fields[key] if lines else entity.fields[key]
        if lines and LEVELS.index(await self.level(person, full_key, record, lines)) < LEVELS.index("read"):
            return "no"
        if LEVELS.index(await self.level(person, full_key, record, path)) < LEVELS.index("read"):
            return "no"
        if own.formula is not None and not own.discloses:
            return await self._inputs(person, full_key, record, lines, own)
        if own.any_of and any(p.levels for p in self.policies(person, full_key)):
            return "either"
        return "yes"

    async def _inputs(self, person: Person, full_key: str, record: Record, lines: str, own: Field) -> Answer:
        assert own.formula is not None
        answers: list[Answer] = []
        for names in own.formula.reads:
            answers.append(await self._read(person, full_key, record, lines, names, not own.is_virtual))
        return "no" if "no" in answers else "either" if "either" in answers else "yes"

    async def _read(self, person: Person, full_key: str, record: Record, lines: str, names: tuple[str, ...], is_kept: bool) -> Answer:
        """Return whether somebody may see what a path of a formula reads. is_kept: what it comes to is, for whoever looks at it."""
        entity = self.entity(full_key)
        of = self.home(full_key).entities[f"{entity.key}.{lines}"] if lines else entity
        if names[0] in SYSTEM_TYPES and len(names) == 1:
            return "yes"
        if lines and names[0] == "parent":
            return await self._read(person, full_key, record, "", names[1:], is_kept)
        if names[0].startswith("@"):
            return await self._of_others(person, full_key, names[0][1:], is_kept)
        own = of.fields.get(names[0])
        if own is None:
            return await self._of_others(person, full_key, of.inverses[names[0]].source, is_kept) if names[0] in of.inverses else "either"
        path = f"{lines}.{names[0]}" if lines else names[0]
        here = await self.sees_field(person, full_key, record, path)
        if here != "yes" or len(names) == 1:
            return here
        if own.lines is not None:
            return await self._read(person, full_key, record, own.key, names[1:], is_kept)
        return await self._of_others(person, full_key, own.to or own.links or "", is_kept)

    async def _of_others(self, person: Person, full_key: str, target: str, is_kept: bool) -> Answer:
        """Return whether somebody may see what is computed from other records: not where it is kept and some of them are not for them."""
        there = target if "." in target and target.partition(".")[0] in (ORGANIZATION, self.model.app) else f"{full_key.partition('.')[0]}.{target}"
        others = self.records.get(there, {})
        if is_kept and not all([await self.may(person, "read", there, one) for one in others.values() if one["id"] not in self.trash]):
            return "no"
        return "either"  # else it depends on the records, and on whether it is computed anew for whoever looks


def _does(policy: PolicyDefinition, action: str) -> bool:
    """Whether a policy is about an action: one it names, or one that comes with it and is not left out."""
    left = {"bulk"} if policy.deny else set()  # both changing and deleting bring it: to deny one of them leaves it to the other
    whole = set(policy.actions).union(*(COMES_WITH.get(one, set()) - left for one in policy.actions))
    return action in whole and action not in policy.without
