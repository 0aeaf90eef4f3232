"""Actor, entity and the policies of its app in, Access out: which actions, on which rows, with which fields, as typed trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dougong.model.app_model import AppModel
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActionDenied
from dougong.permissions.eyes import Eyes
from dougong.permissions.told import told_by_record
from dougong.sites import Site
from engines.entity.actions import TRANSITION
from engines.entity.entity import Entity, Formula
from engines.entity.input_schema import InputSchema


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """What an actor may do with the records of an entity.

    entity: with everything it has. seen: as the actor sees it: what they may not read is not there, what they may not write is read-only.
    rows: for each allowed action the condition its rows must meet, None for all rows; an absent action is not allowed.
    writes: for `create` and `update` the fields that may be written in some records only, by key, of rows as `lines.price`, with the
    condition on the record. shows: the same for fields that may be read in some records only; in the others they are blank.
    is_whole: nothing of a record they may read is hidden from them. eyes: of who sees the entity's app.
    asked_after: the actions among create, update and transitions whose condition the database is asked for when a record is saved, which makes
    of saving it two statements; asked_writes: the same of fields, of those in `writes`; told_writes: the others of them.
    told: the actions, and fields as `update.price` and `read.price`, whose condition a record's own values tell: no other record and nothing of people is asked for.
    as_read: the actions that are for the very records they may read, where that is not all.
    """

    entity: Entity
    seen: Entity
    rows: Mapping[str, Formula | None]
    writes: Mapping[str, Mapping[str, Formula]]
    shows: Mapping[str, Formula]
    is_whole: bool
    told: frozenset[str]
    eyes: Eyes
    asked_after: frozenset[str]
    asked_writes: Mapping[str, Mapping[str, Formula]]
    told_writes: Mapping[str, Mapping[str, Formula]]
    as_read: frozenset[str]

    @property
    def inputs(self) -> InputSchema | None:
        """What may be sent, which is the most of it, made when it is first asked for: most who read never write."""
        return self.eyes.inputs(self.entity)

    def allows(self, action: str) -> bool:
        """Whether the action is allowed on some rows at least."""
        return action in self.rows


def eyes_of(site: Site, model: AppModel, actor: Actor) -> Eyes:
    """Return what an actor may do in an app; kept for these roles as long as there is room."""
    cache_key = (model, actor.rights)
    found = site.accesses.get(cache_key)
    if found is None:
        organization = None if model.organization is None else eyes_of(site, model.organization, actor)
        found = site.accesses[cache_key] = Eyes(model, actor, organization)
        _drop_oldest(site, found)
    assert isinstance(found, Eyes)
    return found


def access_for(site: Site, model: AppModel, actor: Actor, entity_key: str) -> Access:
    """Return what an actor may do with an entity of the app or the organization; kept for these roles as long as there is room."""
    eyes = eyes_of(site, model, actor)
    found = eyes.kept.get(entity_key)
    if found is None:
        found = eyes.kept[entity_key] = _access(eyes, entity_key)
        _drop_oldest(site, eyes)
    assert isinstance(found, Access)
    return found


def seen_by(site: Site, model: AppModel, actor: Actor) -> AppModel:
    """Return an app as an actor sees it: with the fields they may read, and no others."""
    return eyes_of(site, model, actor).seen


def require(access: Access, action: str, actor: Actor) -> None:
    """Raise ActionDenied unless the action is allowed on some rows."""
    if action not in access.rows:
        raise ActionDenied(action, access.entity.name)


def _access(eyes: Eyes, entity_key: str) -> Access:
    own = eyes.home(entity_key)
    entity = eyes.model.entity(entity_key)
    rows, writes, shows = own.rows(entity), own.writes(entity), own.shows(entity)
    told = frozenset(told_by_record(entity, rows, {**writes, "read": shows}))
    asked_writes, told_writes = (
        {action: of for action, every in writes.items() if (of := {path: one for path, one in every.items() if (f"{action}.{path}" in told) is is_told})}
        for is_told in (False, True)
    )
    after = frozenset(action for action, one in rows.items() if one is not None and action not in told and _is_judged_after(action))
    read = rows.get("read")
    as_read = frozenset(action for action, one in rows.items() if one is not None and read is not None and one.tree == read.tree)
    return Access(entity, own.entity(entity), rows, writes, shows, own.is_whole(entity), told, own, after, asked_writes, told_writes, as_read)


def _is_judged_after(action: str) -> bool:
    return action in ("create", "update") or action.startswith(f"{TRANSITION}.")


def _drop_oldest(site: Site, but: Eyes) -> None:
    """Drop what sets of roles come to, the oldest first, until no more is kept than the site keeps; never the one in use."""
    sizes = {key: 1 + len(eyes.kept) for key, eyes in site.accesses.items() if eyes is not but}
    kept = sum(sizes.values()) + len(but.kept)
    for key, size in sizes.items():
        if kept < site.most_accesses:
            break
        del site.accesses[key]
        kept -= size
