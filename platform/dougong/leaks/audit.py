"""A stage in, what was told to whom that may not know it out: everybody at every exit, held against policies as they are written."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Collection, Mapping
from dataclasses import dataclass, field, replace

from dougong.leaks.exits import RECORD_EXITS, Exit, oracles
from dougong.leaks.exits_platform import PLATFORM_EXITS
from dougong.leaks.needles import Needles, add
from dougong.leaks.past import add_past
from dougong.leaks.rights import Person, Place
from dougong.leaks.stage import Stage
from dougong.leaks.visit import Reply, Visit
from engines.entity.entity import Entity

OF_THE_UNKNOWN = ("GET set", "GET one", "GET one/history", "GET set/export", "POST set/preview", "POST set/upsert")
"""Where somebody is sent with an entity of which no policy of theirs says anything: everything is refused before it is looked at."""


@dataclass(frozen=True)
class Leak:
    """What somebody was told. asked: by what request. what: the value and where it stands, or how it was found out."""

    person: str
    exit: str
    asked: str
    what: str

    def __str__(self) -> str:
        """Return it in one line."""
        return f"{self.person} · {self.exit} · {self.asked} · {self.what}"


@dataclass
class Report:
    """What an audit found. leaks: what nobody should have been told. unproven: what nobody was told though they may know it, so that
    its silence proves nothing. requests: how many answers were looked at. failed: requests that the server failed at.
    """

    leaks: list[Leak] = field(default_factory=list)
    unproven: list[str] = field(default_factory=list)
    failed: list[str] = field(default_factory=list)
    requests: int = 0
    hidden: int = 0
    shown: dict[str, set[tuple[str, str]]] = field(default_factory=dict)

    @property
    def is_clean(self) -> bool:
        """Whether nothing is wrong."""
        return not (self.leaks or self.unproven or self.failed)


ORACLE = "oracle"
"""The name under which it is tried what can be found out."""
AT_ONCE = 4
"""How many people look around at the same time, while nobody changes anything."""
_ROWS: Mapping[str, Exit] = {
    **{f"{method} {shape}": one for (method, shape), one in RECORD_EXITS.items()},
    **{f"{method} {path}": one for (method, path), one in PLATFORM_EXITS.items() if isinstance(one, Exit)},
}
_OF_RECORDS = frozenset(f"{method} {shape}" for method, shape in RECORD_EXITS)
PARTS: Mapping[str, frozenset[str]] = {
    "records": frozenset(name for name, one in _ROWS.items() if name in _OF_RECORDS and not one.writes),
    "platform": frozenset(name for name, one in _ROWS.items() if name not in _OF_RECORDS and not one.writes),
    "what can be found out": frozenset([ORACLE]),
    "changes": frozenset(name for name, one in _ROWS.items() if one.writes),
}
"""All exits, in parts that can be looked at one after the other; those that change something come last."""


async def audit(stage: Stage, people: Collection[str] = (), exits: Collection[str] = ()) -> Report:
    """Send everybody to every exit. people, exits: only these, by name; all where there are none."""
    report, needles = Report(), _Needles(stage)
    rows = {name: one for name, one in _ROWS.items() if not exits or name in exits}
    chosen = [person for person in stage.people if not people or person.name in people]
    known = await needles.get()
    blind = {person.id: await _blind(stage, person, known) for person in chosen}
    gate = asyncio.Semaphore(AT_ONCE)

    async def look(number: int, person: Person) -> None:
        async with gate:
            await _visit(report, needles, Visit(stage, person, None, number), {name: one for name, one in rows.items() if not one.writes})
            if not exits or ORACLE in exits:
                for entity in stage.entities:
                    if entity.full_key in blind[person.id]:
                        await _find_out(report, Visit(stage, person, entity, number))

    await asyncio.gather(*(look(number, person) for number, person in enumerate(chosen)))
    await _prove(report, needles, stage, chosen, rows)
    for number, person in enumerate(chosen):
        if blind[person.id]:  # from whoever may see everything nothing can leak: they are there to show what is told at all
            await _visit(report, needles, Visit(stage, person, None, number), {name: one for name, one in rows.items() if one.writes})
    report.leaks.sort(key=str)
    return report


async def _visit(report: Report, needles: _Needles, visit: Visit, rows: Mapping[str, Exit]) -> None:
    """Send somebody to some exits, to those of records with every entity."""
    for number, (name, one) in enumerate(rows.items()):
        if name not in _OF_RECORDS:
            await _go(report, needles, replace(visit, turn=visit.turn + number), name, one)
    for place, entity in enumerate(visit.stage.entities):
        is_unknown = not any(visit.stage.world.policies(visit.person, entity.full_key))
        for number, (name, one) in enumerate(rows.items()):
            if name in _OF_RECORDS and (not is_unknown or name in OF_THE_UNKNOWN):
                await _go(report, needles, replace(visit, entity=entity, turn=visit.turn + place + number), name, one)


async def _find_out(report: Report, visit: Visit) -> None:
    async for asked, is_told in oracles(visit):
        report.requests += 1
        if is_told:
            report.leaks.append(Leak(visit.person.name, ORACLE, asked, "the answer depends on what is hidden"))


async def _blind(stage: Stage, person: Person, needles: Needles) -> set[str]:
    """Return the entities of which something is hidden from somebody."""
    found: set[str] = set()
    for places in needles.values():
        for place in places:
            if place.entity not in found and not place.is_past and place.id not in stage.world.trash and await stage.world.sees(person, place) == "no":
                found.add(place.entity)
    return found & {entity.full_key for entity in stage.entities}


class _Needles:
    """The values of all records there are and were."""

    def __init__(self, stage: Stage) -> None:
        self.stage = stage
        self.known: Needles = {}

    async def get(self) -> Needles:
        """Return where each value stands or stood."""
        if not self.known:
            add(self.known, self.stage.world, self.stage.files)
            await self._past()
        return self.known

    async def again(self) -> None:
        """Look at everything anew, as records have changed; what stood somewhere before counts on."""
        before = {token: {replace(place, is_past=True) for place in places} for token, places in self.known.items()}
        await self.stage.look_again()
        self.known = {}
        await self.get()
        for token, places in before.items():
            self.known[token] = self.known.get(token, set()) | {p for p in places if replace(p, is_past=False) not in self.known.get(token, set())}

    async def _past(self) -> None:
        """Add what history tells of values that stand there no more."""
        await add_past(self.known, self.stage)


async def _go(report: Report, needles: _Needles, visit: Visit, name: str, exit_: Exit) -> None:
    replies = [reply async for reply in exit_.ask(visit)]
    if exit_.writes and any(reply.status < 300 for reply in replies):
        await needles.again()
    known = await needles.get()
    for reply in replies:
        report.requests += 1
        if reply.status >= 500:
            report.failed.append(f"{visit.person.name} {reply.asked}: {reply.status} {reply.body[:200]!r}")
        async for token, places in _hidden(visit, known, reply, report, name):
            where = ", ".join(f"{place.entity}/{place.path}{' (before)' if place.is_past else ''} of {place.id}" for place in sorted(places)[:2])
            report.leaks.append(Leak(visit.person.name, name, f"{reply.asked} → {reply.status}", f"{token}: {where}"))


async def _hidden(visit: Visit, known: Needles, reply: Reply, report: Report, name: str) -> AsyncIterator[tuple[str, set[Place]]]:
    """Give the values an answer tells that whoever asked may not see, and note what it told them rightly."""
    for token in sorted(reply.told & known.keys()):
        answers = {place: await visit.stage.world.sees(visit.person, place) for place in known[token] if place.id in visit.stage.world.records[place.entity]}
        if answers and set(answers.values()) == {"no"}:
            yield token, set(answers)
        report.shown.setdefault(name, set()).update((place.entity, place.path) for place, answer in answers.items() if answer == "yes")


async def _prove(report: Report, needles: _Needles, stage: Stage, people: Collection[Person], rows: Mapping[str, Exit]) -> None:
    """See that what is hidden from somebody was told to somebody else: what is never told proves nothing by its absence."""
    wanted: set[tuple[str, str]] = set()
    kept = {entity.full_key for entity in stage.entities}
    for places in (await needles.get()).values():
        for place in places:
            if place.entity in kept and not place.is_past and place.id not in stage.world.trash and (place.entity, place.path) not in wanted:
                answers = {await stage.world.sees(person, place) for person in people}
                if {"yes", "no"} <= answers:
                    wanted.add((place.entity, place.path))
    report.hidden = len(wanted)
    for name, exit_ in rows.items():
        if exit_.writes or exit_.tells == "none" or not _has(stage, exit_.tells):
            continue
        missing = wanted - report.shown.get(name, set())
        if exit_.tells == "each":
            report.unproven += [f"{name}: {entity}/{path}" for entity, path in sorted(missing) if not _is_apart(stage, entity, path)]
        elif wanted and not report.shown.get(name):
            report.unproven.append(f"{name}: nothing at all")


def _has(stage: Stage, tells: str) -> bool:
    """Whether the app has what an exit tells of: files in records, computed fields."""
    fields = [one for entity in stage.model.entities.values() for one in entity.fields.values()]
    return {"files": len(stage.files) > len(stage.spare), "computed": any(one.formula is not None for one in fields)}.get(tells, True)


def _is_apart(stage: Stage, full_key: str, path: str) -> bool:
    """Whether a field is told by an exit of its own: secrets are, and what files hold."""
    entity: Entity = stage.world.entity(full_key)
    lines, _, key = path.rpartition(".")
    one = (stage.model.entities[f"{entity.key}.{lines}"] if lines else entity).fields[key]
    return one.kind.key == "secret" or one.target is not None
