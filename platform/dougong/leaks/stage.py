"""An app document and an empty database in, a running site out whose records hold nothing but marks, with people for every role."""

from __future__ import annotations

import asyncio
import contextlib
import io
import random
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import Any
from uuid import UUID

import orjson
from starlette.types import ASGIApp

from dougong.api.dispatch import build_dispatch
from dougong.api.house import House
from dougong.api.web_files import WebFiles
from dougong.app import job_handlers
from dougong.errors import PlatformError
from dougong.files.contents import Contents
from dougong.files.keep import keep_file
from dougong.first_start import ADMINISTRATOR, first_start
from dougong.jobs.worker import work_for_ever
from dougong.leaks.door import Door
from dougong.leaks.fill import Json, Marks, candidates
from dougong.leaks.rights import Person, World
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.open_site import open_site
from dougong.packages.install import install
from dougong.people.passwords import Passwords
from dougong.people.persons import find_role, read_actor
from dougong.people.sessions import Sessions, start_session
from dougong.permissions.actor import SYSTEM, Actor
from dougong.settings import Settings
from dougong.shipped import web
from dougong.sites import Site
from dougong.store.errors import RecordInvalid
from dougong.store.ids import new_id
from dougong.store.page_request import PageRequest
from dougong.store.read import read_page, read_record
from dougong.work.perform import perform
from dougong.work.request import Create, Delete, Move, Request, Update
from engines.entity.entity import FILES, Entity

TRIES = 40
"""How often other values are tried for a record that a rule refuses."""
MOST_OWNERS = 9
TRANSITIONS = 4


class NotFilled(Exception):
    """No record of an entity could be made that its rules let through."""


@dataclass(repr=False)
class Stage:
    """The running site. people: those whose requests are looked at; others own records besides. sent: what each has
    sent in sheets, which they know then. doors: where each asks, signed in.

    entities: of the app, those that own records. files: name and content of each, by id. is_sample: whether of what is alike a part will do.
    """

    world: World
    app: str
    people: list[Person]
    others: list[Person]
    doors: dict[str, Door]
    marks: Marks
    files: dict[str, tuple[str, bytes]] = field(default_factory=dict)
    spare: list[str] = field(default_factory=list)
    sent: dict[str, set[str]] = field(default_factory=dict)
    is_sample: bool = False

    @property
    def site(self) -> Site:
        """The site everything is in."""
        return self.world.site

    @property
    def model(self) -> AppModel:
        """The app that is looked at."""
        return self.world.model

    @property
    def entities(self) -> list[Entity]:
        """The entities whose records people ask for."""
        return [entity for entity in self.model.entities.values() if entity.parent is None]

    async def look_again(self) -> None:
        """Read all records anew, as after a change."""
        self.world.known.clear()
        self.world.answers.clear()
        for model in {id(one): one for one in (self.world.organization, self.model)}.values():
            for entity in model.entities.values():
                if entity.parent is None:
                    self.world.records[entity.full_key] = await _read_all(self.site, model, entity, self.world.trash)
        users, departments = (self.world.records[f"{ORGANIZATION}.{key}"] for key in ("user", "department"))
        self.world.departments = {key: user["department"] for key, user in users.items()}
        self.world.above = {key: one["parent_department"] for key, one in departments.items()}
        self.world.leaders = {key: one["manager"] for key, one in departments.items()}


@asynccontextmanager
async def open_stage(settings: Settings, package: Mapping[str, Any], per_entity: int = MOST_OWNERS) -> AsyncIterator[Stage]:
    """Give the stage of an app for as long as the block lasts. settings: of an empty database. per_entity: how many records each gets."""
    async with AsyncExitStack() as stack:
        opened = await stack.enter_async_context(open_site(replace(settings, starter="")))
        site, passwords = opened.site, Passwords()
        stack.callback(passwords.close)
        with contextlib.redirect_stdout(io.StringIO()):
            await first_start(site, passwords, opened.dsn)
        contents = Contents(settings)
        application = build_dispatch(House(site, Sessions(site), passwords, contents), WebFiles(web()))
        worker = asyncio.create_task(work_for_ever(opened.dsn, site.pool, job_handlers(site, opened.dsn)))
        stack.push_async_callback(_end, worker)
        app = str(package["key"])
        if app != ORGANIZATION:
            administrator = await read_actor(site, ADMINISTRATOR)
            assert administrator is not None
            await install(site, administrator, package, False, contents)
        stage = await _with_people(site, app, application)
        await _fill(stage, contents, per_entity)
        await stage.look_again()
        yield stage


async def _end(task: asyncio.Task[None]) -> None:
    task.cancel()
    await asyncio.wait([task])


async def _with_people(site: Site, app: str, application: ASGIApp) -> Stage:
    """Make departments and people: one for every role, who each lead nothing or the department they are in, and some who own records."""
    marks = Marks()
    organization, model = await site.app(ORGANIZATION), await site.app(app)
    places: dict[str, str] = {}
    for key, above in (("top", None), ("left", "top"), ("low", "left"), ("right", "top")):
        values = {"name": marks.word(), "parent_department": places.get(above or "")}
        places[key] = await _make(site, organization, "department", values, SYSTEM)
    member = await find_role(site, f"{ORGANIZATION}.member")
    policies = model.definition.policies
    keys = sorted({p.role if "." in p.role else f"{app}.{p.role}" for p in policies} | {f"{app}.{key}" for key in model.roles})
    wanted = [(key.partition(".")[2], frozenset({key, f"{ORGANIZATION}.member"}), "left") for key in keys]
    wanted += [("nobody", frozenset(), "left"), ("colleague", frozenset(), "left"), ("below", frozenset(), "low"), ("stranger", frozenset(), "right")]
    people: list[Person] = []
    for name, roles, department in wanted:
        word = marks.word()
        ids = [str(role) for key in sorted(roles) for role in [await find_role(site, key)] if role is not None]
        assert member is not None
        about: dict[str, Any] = {"name": word, "email": f"{word}@example.com", "active": True, "department": places[department], "roles": [{"role": role} for role in ids]}
        people.append(Person(name, await _make(site, organization, "user", about, SYSTEM), roles, places[department]))
    leads = next((p for p in people if any(policy.rows == "reports" and policy.role in {p.name, *p.roles} for policy in policies)), people[0])
    await perform(site, Request(ORGANIZATION, SYSTEM, (Update("department", UUID(places["left"]), orjson.dumps({"manager": leads.id})),), "api"))
    doors = {}
    for person in people:
        doors[person.id] = door = Door(application, await start_session(site.pool, UUID(person.id)))
        door.csrf = orjson.loads((await door.ask("GET", "/api/session")).body)["csrf_token"]
    return Stage(World(site, model, organization), app, people[:-3], people[-3:], doors, marks)


async def _make(site: Site, model: AppModel, entity: str, values: Mapping[str, Any], actor: Actor) -> str:
    record = Create(entity, orjson.dumps(values))
    return str((await perform(site, Request(model.app, actor, (record,), "api", is_confirmed=True))).records[0].id)


async def _fill(stage: Stage, contents: Contents, per_entity: int) -> None:
    if stage.app == ORGANIZATION:
        return
    made: dict[str, list[str]] = {f"{ORGANIZATION}.user": [p.id for p in [*stage.people, *stage.others]], FILES: []}
    made[f"{ORGANIZATION}.department"] = list({p.department: None for p in [*stage.people, *stage.others] if p.department})
    owners = _owners(stage)[: max(per_entity, 2)]
    singles = [entity for entity in stage.entities if entity.kind == "single"]
    for entity in in_order(stage.model):
        for turn in range(len(owners)):
            owner = owners[turn]
            who = Actor(UUID(owner.id), owner.name, "en", is_system=True)
            files = [await _file(stage, contents, owner) for _ in range(3)] if _holds_files(stage.model, entity) else []
            if entity in singles:
                made[entity.key] = [record["id"] for record in await _ids(stage.site, stage.model, entity)]
                values = {key: next(found, None) for key, found in _columns(stage, entity, made, turn, files).items()}
                await _perform(stage, who, Update(entity.key, UUID(made[entity.key][0]), orjson.dumps({k: v for k, v in values.items() if v is not None})))
                break
            record_id = await _try(stage, entity, who, made, turn, files)
            made.setdefault(entity.key, []).append(record_id)
    for entity in in_order(stage.model):
        ids = made.get(entity.key, [])
        await _move_on(stage, entity, ids)
        await _change(stage, entity, ids)
        await _share(stage, entity, ids)
        if entity.kind == "record" and len(ids) > 3:
            await _throw_away(stage, entity, ids[-1])
    holder = Actor(UUID(stage.others[0].id), "", "en", is_system=True)
    stage.spare = [await _file(stage, contents, Person("", str(holder.id), frozenset(), None)) for _ in range(2)]


def _owners(stage: Stage) -> list[Person]:
    """Return who owns the records, those first whom policies tell apart."""
    named = {policy.role.rpartition(".")[2] for policy in stage.model.definition.policies if policy.rows != "all"}
    own = [person for person in stage.people if person.name in named]
    return [*own, *stage.others, *(person for person in stage.people if person.name not in named and person.name != "nobody")]


def in_order(model: AppModel) -> list[Entity]:
    """Return the entities so that those that others must point to come first."""
    found: dict[str, Entity] = {}
    walked: set[str] = set()

    def visit(entity: Entity) -> None:
        if entity.key in walked:
            return
        walked.add(entity.key)
        for each in (entity, *(model.entities[f.lines or ""] for f in entity.line_fields)):
            for one in each.fields.values():
                for key in (one.target or "", *one.any_of):
                    if key in model.entities and key != entity.key:
                        visit(model.entities[key])
        found[entity.key] = entity

    for entity in model.entities.values():
        if entity.parent is None:
            visit(entity)
    return list(found.values())


def _holds_files(model: AppModel, entity: Entity) -> bool:
    return any(f.target == FILES for each in (entity, *(model.entities[f.lines or ""] for f in entity.line_fields)) for f in each.fields.values())


async def _file(stage: Stage, contents: Contents, owner: Person) -> str:
    name, content = f"{stage.marks.word()}.txt", stage.marks.word().encode()
    kept = await keep_file(stage.site, contents, UUID(owner.id), new_id(), name, io.BytesIO(content))
    stage.files[str(kept.id)] = (name, content)
    return str(kept.id)


def _columns(stage: Stage, entity: Entity, made: Mapping[str, Sequence[str]], turn: int, files: Sequence[str]) -> dict[str, Iterator[Json]]:
    found = {}
    for place, one in enumerate(entity.fields.values()):
        if one.is_writable and one.lines is None and not (entity.states is not None and one.key == entity.states.key) and one.key not in entity.projected:
            found[one.key] = candidates(one, stage.marks, turn + place % 2, made, files[place % 3 :])
    return found


async def _try(stage: Stage, entity: Entity, who: Actor, made: Mapping[str, Sequence[str]], turn: int, files: Sequence[str]) -> str:
    """Make a record: where a rule refuses it, other values are tried for what the rule is about."""
    columns = _columns(stage, entity, made, turn, files)
    lines = {f.key: _columns(stage, stage.model.entities[f.lines or ""], made, turn, files) for f in entity.line_fields}
    values: dict[str, Json] = {key: next(found, None) for key, found in columns.items()}
    rows: dict[str, dict[str, Json]] = {name: {key: next(found, None) for key, found in of.items()} for name, of in lines.items()}
    chance = random.Random(turn)
    told = ""
    for _ in range(TRIES):
        sent = {k: v for k, v in values.items() if v is not None} | {name: [{k: v for k, v in row.items() if v is not None}] for name, row in rows.items()}
        try:
            return await _make(stage.site, stage.model, entity.key, sent, who)
        except RecordInvalid as invalid:
            told = "; ".join(f"{one.pointer} {one.message['en']}" for one in invalid.issues)
            for one in invalid.issues:
                steps = [step for step in one.pointer.split("/") if step and not step.isdigit()]
                if steps and steps[0] in lines and (len(steps) == 1 or steps[1] not in lines[steps[0]]):
                    steps = [steps[0], chance.choice(list(lines[steps[0]]))]
                if steps and steps[0] in lines:
                    rows[steps[0]][steps[1]] = next(lines[steps[0]][steps[1]], None)
                elif steps and steps[0] in columns and values[steps[0]] is not None:
                    values[steps[0]] = next(columns[steps[0]], None)
                else:
                    _give_way(columns, values, lines, rows, chance)
        except PlatformError as refused:
            told = str(refused)
            _give_way(columns, values, lines, rows, chance)
    raise NotFilled(f"{entity.full_key}: {told}")


def _give_way(columns: Mapping[str, Iterator[Json]], values: dict[str, Json], lines: Mapping[str, Mapping[str, Iterator[Json]]], rows: dict[str, dict[str, Json]], chance: random.Random) -> None:
    """Try another value for any field, as nothing says for which."""
    wide = [(columns, values), *((lines[name], rows[name]) for name in lines)]
    places = [(found, kept, key) for found, kept in wide for key in kept if kept[key] is not None]
    if places:
        found, kept, key = chance.choice(places)
        kept[key] = next(found[key], None)


async def _perform(stage: Stage, who: Actor, change: Any) -> bool:  # noqa: ANN401 – any change
    try:
        await perform(stage.site, Request(stage.app, who, (change,), "api", is_confirmed=True))
    except PlatformError:
        return False
    return True


async def _move_on(stage: Stage, entity: Entity, ids: Sequence[str]) -> None:
    """Take some records on through their states, each a different number of steps."""
    if entity.states is None:
        return
    for turn, record_id in enumerate(ids):
        for _ in range(turn % TRANSITIONS):
            for key in entity.states.transitions:
                if await _perform(stage, SYSTEM, Move(entity.key, UUID(record_id), key)):
                    break


async def _change(stage: Stage, entity: Entity, ids: Sequence[str]) -> None:
    """Change a text and a number of each record, so that the former values are history."""
    for one in entity.fields.values():
        if one.is_writable and one.kind.key in ("text", "long_text", "money", "number"):
            for turn, record_id in enumerate(ids):
                again = candidates(one, stage.marks, turn, {}, ())
                await _perform(stage, SYSTEM, Update(entity.key, UUID(record_id), orjson.dumps({one.key: next(again, None)})))


async def _share(stage: Stage, entity: Entity, ids: Sequence[str]) -> None:
    """Share one record with everybody whose policy asks for that."""
    named = {p.role.rpartition(".")[2] for p in stage.model.definition.policies if p.rows == "shared" and p.entity == entity.key}
    for person in stage.people:
        if person.name in named and ids:
            await stage.site.pool.execute(
                "INSERT INTO dougong.share (id, app, entity, record_id, to_user, created_by) VALUES ($1, $2, $3, $4, $5, $5)",
                new_id(), stage.app, entity.key, UUID(ids[0]), UUID(person.id),
            )  # fmt: skip
            stage.world.shared.add((ids[0], person.id))


async def _throw_away(stage: Stage, entity: Entity, record_id: str) -> None:
    if await _perform(stage, SYSTEM, Delete(entity.key, UUID(record_id))):
        stage.world.trash.add(record_id)


async def _ids(site: Site, model: AppModel, entity: Entity, trash: bool = False) -> list[dict[str, Any]]:
    request = PageRequest(limit=200, trash=trash)
    found: list[dict[str, Any]] = orjson.loads(await read_page(site, model, SYSTEM, entity.key, request))["records"]
    return found


async def _read_all(site: Site, model: AppModel, entity: Entity, trash: set[str]) -> dict[str, Mapping[str, Any]]:
    """Return the records of an entity with their rows, by id; of those in the trash what lists tell."""
    live = await _ids(site, model, entity)
    found = {one["id"]: orjson.loads(await read_record(site, model, SYSTEM, entity.key, UUID(one["id"]))) for one in live}
    gone = await _ids(site, model, entity, True) if entity.kind == "record" else []
    trash |= {one["id"] for one in gone}
    trash -= found.keys()
    return found | {one["id"]: one for one in gone}
