"""An expression over the draft in, the same over what is published out: what has no column yet is a blank there."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from dougong.model.app_model import ORGANIZATION, AppModel
from dougong.model.resolve_expressions import value_types
from engines.entity.entity import SYSTEM_TYPES, Entity
from engines.expression.names import Named
from engines.expression.references import IN_ROWS
from engines.expression.tree import TypedCall, TypedLiteral, TypedPath, TypedTree
from engines.values.value_types import OPTION, ValueType, entities_of, name_among, record_of


@dataclass(frozen=True, slots=True)
class Published:
    """A tree whose unpublished fields are blanks.

    has_lists: whether a list or a whole entity in it is not published; of such a one no query can be asked.
    """

    tree: TypedTree
    has_lists: bool


def published(tree: TypedTree, model: AppModel, entity: Entity) -> Published:
    """Return what a tree typed over a draft of the app says of a record of a published entity."""
    has_lists = False

    def walk(node: TypedTree, rows: tuple[Entity | None, ...]) -> TypedTree:
        nonlocal has_lists
        if isinstance(node, TypedPath):
            start = rows[node.row]
            found = None if start is None else _field(model, start, node.names)
            if found is not None and found.name == node.type.name:
                return replace(node, may_fail=found.fails)
            if node.many or node.type.of is not None:
                has_lists = True
                return node
            return TypedLiteral(None, node.type, node.span)
        if not isinstance(node, TypedCall) or node.name in _OF_WHAT_WAS:
            return node
        if node.name == "user_field":
            path = node.args[1]
            assert isinstance(path, TypedPath)
            user = model.entity(f"{ORGANIZATION}.user")
            return node if _field(model, user, path.names) is not None else TypedLiteral(None, node.type, node.span)
        if node.name == "entity":
            has_lists = has_lists or _entity(model, node.type.of) is None
            return node
        inside = (*rows, _entity(model, node.args[0].type.of or node.args[0].type)) if node.name in IN_ROWS else rows
        args = tuple([walk(arg, inside if place == 1 else rows) for place, arg in enumerate(node.args)])
        # A draft does not know which of its stored formulas can fail.
        fails = node.may_fail or any(arg.may_fail for arg in args[_STOPS.get(node.name, 0) :])
        return replace(node, args=args, may_fail=fails)

    return Published(walk(tree, (entity,)), has_lists)


# How many of the first arguments a call takes up the errors of.
_STOPS = {"IFERROR": 1, "ISERROR": 1}
# Calls that read the record before the change, which Python does without a query: a field that is not there is a blank.
_OF_WHAT_WAS = frozenset({"OLD", "CHANGED"})


def unpublished(names: Sequence[Named], model: AppModel) -> tuple[Named, ...]:
    """Return the names of fields and of whole entities that nothing is kept of yet."""
    found = []
    for name in names:
        owner = _entity(model, record_of(name.key if name.entity is None else name.entity))
        if owner is None or (name.entity is not None and _field(model, owner, (name.key,)) is None):
            found.append(name)
    return tuple(found)


def _field(model: AppModel, entity: Entity, names: tuple[str, ...]) -> ValueType | None:
    """Return the type of what a path leads to, None where there is nothing."""
    kind: ValueType | None = record_of(entity.key)
    owner: Entity | None = entity
    for place, name in enumerate(names):
        among = () if kind is None else entities_of(kind.of or kind)
        if among:
            kind = OPTION if name == "entity" else next((record_of(one) for one in among if name_among(one) == name), None)
            continue
        if place and kind is not None and owner is not None:
            target = (kind.of or kind).entity
            owner = None if target is None else _entity(model, record_of(owner.everywhere(target)))
        if owner is None:
            return None
        kind = record_of(owner.parent) if name == "parent" and owner.parent is not None else value_types(owner).get(name)
        if kind is None or (owner.parent is not None and name in SYSTEM_TYPES and name != "id"):
            return None
    return kind


def _entity(model: AppModel, kind: ValueType | None) -> Entity | None:
    """Return the entity of a type as scopes name it: the organization's may leave out its name among its own."""
    if kind is None or kind.entity is None:
        return None
    organization = model.organization or model
    return model.entities.get(kind.entity) or organization.entities.get(kind.entity.removeprefix(f"{ORGANIZATION}."))
