"""Actor and policies of an entity in, Access out: which actions, on which rows, as typed trees; the default is nothing."""

from collections.abc import Mapping
from dataclasses import dataclass

from dougong.model.app_model import AppModel
from dougong.model.resolve_expressions import formula_of, scope_of
from dougong.permissions.actor import Actor
from dougong.permissions.errors import ActionDenied
from dougong.sites import Site
from engines.entity.entity import FILES, Entity, Formula
from engines.expression.check import text_to_typed

ACTIONS = ("create", "read", "update", "delete")
OWN = "created_by = CURRENTUSER()"
OWN_LINES = "parent.created_by = CURRENTUSER()"


@dataclass(frozen=True, slots=True, eq=False)
class Access:
    """What an actor may do with the records of an entity.

    rows: for each allowed action the condition its rows must meet, None for all rows; an absent action is not allowed.
    """

    entity: Entity
    rows: Mapping[str, Formula | None]

    def allows(self, action: str) -> bool:
        """Whether the action is allowed on some rows at least."""
        return action in self.rows


def access_for(site: Site, model: AppModel, actor: Actor, entity_key: str) -> Access:
    """Return what an actor may do with an entity of the app or the organization; computed once per roles and version."""
    cache_key = (model, actor.is_system, actor.roles, entity_key)
    found = site.accesses.get(cache_key)
    if found is None:
        found = site.accesses[cache_key] = _access(model, actor, entity_key)
    assert isinstance(found, Access)
    return found


def require(access: Access, action: str, actor: Actor) -> None:
    """Raise ActionDenied unless the action is allowed on some rows."""
    if action not in access.rows:
        raise ActionDenied(action, access.entity.name)


def _access(model: AppModel, actor: Actor, entity_key: str) -> Access:
    home = model.home(entity_key)
    entity = model.entity(entity_key)
    if entity_key == FILES:
        # Whoever may read a record may read the files it holds; by themselves they are not to be found.
        return Access(entity, {"read": None})
    if actor.is_system:
        return Access(entity, dict.fromkeys(ACTIONS))
    owner = entity.parent or entity.key
    rows: dict[str, Formula | None] = {}
    for policy in home.policies.get(owner, ()):
        if f"{home.app}.{policy.role}" not in actor.roles:
            continue
        for action in policy.actions:
            if policy.rows == "all":
                rows[action] = None
            elif action not in rows:
                rows[action] = _own(home, entity)
    return Access(entity, rows)


def _own(home: AppModel, entity: Entity) -> Formula:
    text = OWN if entity.parent is None else OWN_LINES
    checked = text_to_typed(text, scope_of(home, entity))
    assert checked.tree is not None, checked.issues
    return formula_of(text, checked.tree)
