"""The paths of expressions, taken apart: an entity and a path in, each step with what it reads and the way back from there out."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Literal

from dougong.model.app_model import ORGANIZATION, AppModel
from engines.entity.entity import FILES, SYSTEM_TYPES, Entity
from engines.entity.files import FILE_ENTITY
from engines.entity.graph import Hop, Way
from engines.values.value_types import name_among

USERS = ("created_by", "updated_by")


@dataclass(frozen=True, slots=True)
class PathStep:
    """One key of a path.

    kind: what is behind it: one other record (`reference`), the owner of a row, the records of a list it keeps
    (`list`), those that are its rows or point to it (`members`), or a value.
    source, fields: whose change matters, and of which of its fields; no fields where only the records count.
    way: from a record of the source back to where the path begins. end: the entity behind it, while further keys follow.
    is_known: False for a step that nobody can follow back.
    """

    key: str
    kind: Literal["reference", "owner", "list", "members", "value"]
    source: str
    fields: frozenset[str]
    way: Way
    end: str | None = None
    is_known: bool = True


class Paths:
    """Where the paths of one app lead: over its own entities and those of the organization."""

    def __init__(self, app: str, entities: Mapping[str, Entity], organization: AppModel | None) -> None:
        """Look into entities as they are when a path is asked for."""
        self._app = app
        self._entities = entities
        self._organization = organization

    def entity(self, key: str) -> Entity | None:
        """Return an entity by its key in this app, or as `organization.…`; that of files is the platform's."""
        if key == FILES:
            return FILE_ENTITY
        if self._organization is not None and key.startswith(f"{ORGANIZATION}."):
            return self._organization.entities.get(key.removeprefix(f"{ORGANIZATION}."))
        return self._entities.get(key.removeprefix(f"{self._app}."))

    def name(self, entity: Entity) -> str:
        """Return the key by which this app finds an entity."""
        if entity is FILE_ENTITY:
            return FILES
        return entity.key if entity.app == self._app else entity.everywhere(entity.key)

    def steps(self, entity: Entity, path: tuple[str, ...]) -> Iterator[PathStep]:
        """Give the steps of a path from an entity on, up to the first that leads nowhere."""
        way: Way = ()
        keys = iter(enumerate(path, 1))
        for place, key in keys:
            field = entity.fields.get(key)
            if field is not None and field.any_of and place < len(path):
                here, (_, name) = self.name(entity), next(keys)
                yield PathStep(key, "value", here, frozenset({key}), way)
                chosen = next((one for one in field.any_of if name_among(one) == name), None)
                reached = None if chosen is None or place + 1 == len(path) else self.entity(entity.everywhere(chosen))
                if reached is None:
                    yield PathStep(name, "value", here, frozenset({key}), way)
                    return
                # No index leads back over all the entities that may be pointed to, so that nothing can be kept of what is behind.
                yield PathStep(name, "reference", here, frozenset({key}), way, self.name(reached), is_known=False)
                entity = reached
                continue
            step, following, way = self._step(entity, key, way, place < len(path))
            yield step
            if following is None:
                return
            entity = following

    def _step(self, entity: Entity, key: str, way: Way, goes_on: bool) -> tuple[PathStep, Entity | None, Way]:
        """Return a step, the entity behind it, and the way back from there."""
        here, field = self.name(entity), entity.fields.get(key)
        if field is not None and field.lines is not None:
            rows = self._known(entity, field.lines)
            back = Hop("owner", self.name(rows), here)
            return PathStep(key, "members", back.start, frozenset(), (back, *way), back.start), rows, (back, *way)
        if field is not None and field.links is not None:
            linked = self._known(entity, field.links)
            back = Hop("listing", self.name(linked), here, key)
            return PathStep(key, "list", here, frozenset({key}), way, back.start), linked, (back, *way)
        if field is None and key in entity.inverses:
            inverse = entity.inverses[key]
            pointing = self._known(entity, inverse.source)
            back = Hop("target", self.name(pointing), here, inverse.field)
            return PathStep(key, "members", back.start, frozenset({inverse.field}), (back, *way), back.start), pointing, (back, *way)
        if field is None and key == "parent" and entity.parent is not None:
            owner = self._known(entity, entity.parent)
            back = Hop("rows", self.name(owner), here)
            return PathStep(key, "owner", here, frozenset(), way, back.start), owner, (back, *way)
        if field is None and key == "id":
            return PathStep(key, "value", here, frozenset(), way), entity, way
        to = field.to if field is not None else f"{ORGANIZATION}.user" if key in USERS else None
        following = None if to is None or not goes_on else self.entity(entity.everywhere(to))
        is_known = (field is not None or (key in SYSTEM_TYPES and entity.parent is None)) and (following is not None or not goes_on)
        if following is None:
            return PathStep(key, "value", here, frozenset({key}), way, is_known=is_known), None, way
        back = Hop("pointing", self.name(following), here, key)
        return PathStep(key, "reference", here, frozenset({key}), way, back.start), following, (back, *way)

    def _known(self, entity: Entity, key: str) -> Entity:
        found = self.entity(entity.everywhere(key))
        assert found is not None
        return found
