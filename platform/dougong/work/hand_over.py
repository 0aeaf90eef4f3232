"""Handing over: whose work and to whom in, ordinary updates through the write path out, one change set for each entity, undone as any other.

Places are found in the models of all apps: every field, list or field of rows that points to a user and that people may write. Who hands over
needs the rights for what changes, as for any update; what rules, states, periods or rights refuse stays, and is told with the reason.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Literal
from uuid import UUID

import orjson

from dougong.errors import PlatformError
from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.permissions.access import access_for
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.errors import QueryInvalid, RecordNotFound
from dougong.store.ids import new_id
from dougong.store.page_request import PageRequest
from dougong.store.read import read_page, read_record
from dougong.work.perform_bulk import Bulk, perform_bulk
from dougong.work.request import Change, Request, Update
from engines.entity.entity import Entity
from engines.values.issue import Issue

USERS = f"{ORGANIZATION}.user"
CHANNEL = "hand_over"
CHUNK = 1_000
"""Records that change in one transaction."""
MOST_LEFT = 200
"""Records of an entity that are told with the reason why they stay."""

Kind = Literal["reference", "list", "row"]


@dataclass(frozen=True, slots=True)
class Place:
    """Where records of an entity point to a user: a field, a list of users, or a field of rows (`rows` names their field)."""

    app: str
    entity: str
    field: str
    kind: Kind
    rows: str = ""

    @property
    def key(self) -> str:
        """What it is called among all places: `crm.order.owner`, `crm.order.lines.owner`."""
        return ".".join(part for part in (self.app, self.entity, self.rows, self.field) if part)

    def condition(self, user_id: UUID) -> str:
        """Return the expression that holds for records which point to a user here."""
        if self.kind == "reference":
            return f'{self.field} = "{user_id}"'
        return f'CONTAINS({self.rows}.{self.field}, "{user_id}")' if self.kind == "row" else f'CONTAINS({self.field}, "{user_id}")'


@dataclass(frozen=True, slots=True)
class Found:
    """A place and how many records are to be handed over there. count: None where the actor may not see or change them."""

    place: Place
    count: int | None


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is to be handed over. open_only: of entities with states, records that can still move. filters: conditions by `app.entity`, besides."""

    user_id: UUID
    open_only: bool = True
    filters: Mapping[str, str] | None = None


@dataclass(frozen=True, slots=True)
class Left:
    """A record that stays as it is, and why."""

    id: UUID
    title: str
    issues: tuple[Issue, ...]


@dataclass(frozen=True, slots=True)
class Handed:
    """What became of an entity. change_set: None where nothing changed. left: the first of `left_count`."""

    app: str
    entity: str
    changed: int
    change_set: UUID | None
    left: tuple[Left, ...]
    left_count: int


async def read_places(site: Site) -> tuple[Place, ...]:
    """Return every place of every app, in the order of apps, entities and fields."""
    return tuple(place for model in await site.apps() for place in places_in(model))


def places_in(model: AppModel) -> Iterator[Place]:
    """Give the places of one app; fields that are computed or that nobody may send point by themselves."""
    for entity in model.entities.values():
        if entity.parent is not None or entity.kind == "ledger":
            continue
        for field in entity.fields.values():
            if field.lines is not None:
                yield from (Place(model.app, entity.key, key, "row", field.key) for key in _of_users(model.entities[field.lines]))
            elif field.is_writable and _is_user(entity, field.to):
                yield Place(model.app, entity.key, field.key, "reference")
            elif field.is_writable and _is_user(entity, field.links):
                yield Place(model.app, entity.key, field.key, "list")


def _of_users(rows: Entity) -> Iterator[str]:
    return (field.key for field in rows.fields.values() if field.is_writable and _is_user(rows, field.to))


def _is_user(entity: Entity, target: str | None) -> bool:
    return target is not None and entity.everywhere(target) == USERS


def filter_of(entity: Entity, places: Iterable[Place], wanted: Wanted) -> str:
    """Return the expression for records to hand over: they point to the user, can still move, and fit the condition that was given."""
    parts = ["(" + " OR ".join(place.condition(wanted.user_id) for place in places) + ")"]
    if wanted.open_only and entity.states is not None:
        going = sorted({state for one in entity.states.transitions.values() for state in one.sources})
        parts.append("(" + " OR ".join(f'{entity.states.key} = "{state}"' for state in going) + ")" if going else "FALSE")
    given = (wanted.filters or {}).get(f"{entity.app}.{entity.key}", "")
    return " AND ".join([*parts, *([f"({given})"] if given.strip() else [])])


async def preview_hand_over(site: Site, actor: Actor, wanted: Wanted) -> list[Found]:
    """Return every place with the number of records there, None where the actor may not change them; raises QueryInvalid for a wrong filter."""
    found = []
    for place in await read_places(site):
        model = await site.app(place.app)
        if not _may(site, model, actor, place.entity):
            found.append(Found(place, None))
            continue
        text = filter_of(model.entities[place.entity], [place], wanted)
        request = PageRequest(filter=text, fields=("id",), limit=1, total="exact")
        try:
            found.append(Found(place, orjson.loads(await read_page(site, model, actor, place.entity, request))["total"]))
        except QueryInvalid:
            if (wanted.filters or {}).get(f"{place.app}.{place.entity}", "").strip():
                raise
            found.append(Found(place, None))  # the actor may not see the field
    return found


async def hand_over(site: Site, actor: Actor, wanted: Wanted, to: UUID, places: Sequence[Place]) -> list[Handed]:
    """Let records at these places point to another user; each entity has a change set of its own."""
    handed = []
    grouped: dict[tuple[str, str], list[Place]] = {}
    for place in places:
        grouped.setdefault((place.app, place.entity), []).append(place)
    for (app, entity), of in grouped.items():
        model = await site.app(app)
        if _may(site, model, actor, entity):
            handed.append(await _hand_over(site, model, actor, model.entities[entity], of, wanted, to))
    return handed


def _may(site: Site, model: AppModel, actor: Actor, entity: str) -> bool:
    access = access_for(site, model, actor, entity)
    return access.allows("read") and access.allows("update")


async def _hand_over(site: Site, model: AppModel, actor: Actor, entity: Entity, places: Sequence[Place], wanted: Wanted, to: UUID) -> Handed:
    ids = await _ids(site, model, actor, entity, filter_of(entity, places, wanted))
    change_set, changed, left_count = new_id(), 0, 0
    left: list[Left] = []
    for first in range(0, len(ids), CHUNK):
        part = ids[first : first + CHUNK]
        titles: dict[UUID, str] = {}
        changes: list[Change] = []
        for record_id in part:
            try:
                record = orjson.loads(await read_record(site, model, actor, entity.key, record_id))
            except RecordNotFound:
                continue  # somebody else was faster
            titles[record_id] = str(record.get(entity.title) or record_id)
            changes.append(Update(entity.key, record_id, _values(record, places, wanted.user_id, to), record["revision"]))
        done: list[Bulk] = []

        def keep(bulk: Bulk, done: list[Bulk] = done) -> bytes:
            done[:] = [bulk]
            return b"{}"

        request = Request(model.app, actor, tuple(changes), CHANNEL, change_set=change_set, is_confirmed=True, is_shown=False)
        refused: Mapping[int, Sequence[Issue]] = {}
        if changes:
            try:
                await perform_bulk(site, request, "each", keep)
                refused = done[0].each.refused
            except PlatformError as whole:
                refused = dict.fromkeys(range(len(changes)), _told(whole))
        changed += len(changes) - len(refused)
        left_count += len(refused)
        for number, issues in refused.items():
            refused_id = changes[number].id
            if len(left) < MOST_LEFT and refused_id is not None:
                left.append(Left(refused_id, titles[refused_id], tuple(issues)))
    return Handed(model.app, entity.key, changed, change_set if changed else None, tuple(left), left_count)


def _told(error: PlatformError) -> Sequence[Issue]:
    return error.issues or (Issue(error.code, {language: error.detail(language) for language in ("zh-CN", "en")}),)


async def _ids(site: Site, model: AppModel, actor: Actor, entity: Entity, text: str) -> list[UUID]:
    ids: list[UUID] = []
    request = PageRequest(filter=text, sort="id", fields=("id",), limit=200)
    while True:
        page = orjson.loads(await read_page(site, model, actor, entity.key, request))
        ids += [UUID(row["id"]) for row in page["records"]]
        if page["next"] is None:
            return ids
        request = PageRequest(filter=text, sort="id", fields=("id",), limit=200, position="after", cursor=orjson.dumps(page["next"]).decode())


def _values(record: Mapping[str, Any], places: Sequence[Place], user_id: UUID, to: UUID) -> dict[str, object]:
    """Return what is sent for a record: the user replaced at each place, in lists where the other is not in already, rows otherwise as they are."""
    old, new = str(user_id), str(to)
    values: dict[str, object] = {}
    rows: dict[str, list[dict[str, object]]] = {}
    for place in places:
        now = record.get(place.rows or place.field)
        if place.kind == "reference" and now == old:
            values[place.field] = new
        elif place.kind == "list" and old in (now or ()):
            values[place.field] = list(dict.fromkeys(new if one == old else one for one in now or ()))
        elif place.kind == "row" and any(row.get(place.field) == old for row in now or ()):
            sent = rows.setdefault(place.rows, [{"id": row["id"]} for row in now or ()])
            for row, change in zip(now or (), sent, strict=True):
                if row.get(place.field) == old:
                    change[place.field] = new
    return {**values, **rows}
