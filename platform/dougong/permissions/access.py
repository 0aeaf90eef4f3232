"""Actor, entity and the policies of its app in, Access out: which actions, on which rows, with which fields, as typed trees."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from dougong.model.app_model import AppModel
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActionDenied
from dougong.permissions.eyes import Eyes
from dougong.sites import Site
from engines.entity.entity import Entity, Formula
from engines.entity.input_schema import InputSchema

MOST_EYES = 256
"""Sets of roles, and public links, of which what they come to is kept; beyond that the oldest is dropped, and made anew when it is asked for."""


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """What an actor may do with the records of an entity.

    entity: with everything it has. seen: as the actor sees it: what they may not read is not there, what they may not write is read-only.
    rows: for each allowed action the condition its rows must meet, None for all rows; an absent action is not allowed.
    writes: for `create` and `update` the fields that may be written in some records only, by key, of rows as `lines.price`, with the
    condition on the record. inputs: what may be sent. is_whole: nothing of a record they may read is hidden from them.
    """

    entity: Entity
    seen: Entity
    rows: Mapping[str, Formula | None]
    writes: Mapping[str, Mapping[str, Formula]]
    inputs: InputSchema | None
    is_whole: bool

    def allows(self, action: str) -> bool:
        """Whether the action is allowed on some rows at least."""
        return action in self.rows


def eyes_of(site: Site, model: AppModel, actor: Actor) -> Eyes:
    """Return what an actor may do in an app; computed once per roles and version."""
    cache_key = (model, actor.rights)
    found = site.accesses.get(cache_key)
    if found is None:
        organization = None if model.organization is None else eyes_of(site, model.organization, actor)
        while len(site.accesses) >= MOST_EYES:
            site.accesses.pop(next(iter(site.accesses)))
        found = site.accesses[cache_key] = Eyes(model, actor, organization)
    assert isinstance(found, Eyes)
    return found


def access_for(site: Site, model: AppModel, actor: Actor, entity_key: str) -> Access:
    """Return what an actor may do with an entity of the app or the organization; computed once per roles and version."""
    eyes = eyes_of(site, model, actor)
    found = eyes.kept.get(entity_key)
    if found is None:
        found = eyes.kept[entity_key] = _access(eyes, entity_key)
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
    return Access(entity, own.entity(entity), own.rows(entity), own.writes(entity), own.inputs(entity), own.is_whole(entity))
