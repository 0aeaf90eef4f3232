"""An app as somebody sees it in, whether expressions over its records read only what is there out."""

from collections.abc import Callable

from dougong.model.app_model import AppModel
from engines.entity.entity import ORGANIZATION, SYSTEM_TYPES, Entity, Formula
from engines.values.value_types import name_among

_USERS = ("created_by", "updated_by")


def known_paths(model: AppModel, entity: Entity) -> Callable[[Formula | None], bool]:
    """Return what says whether an expression over a record reads only what is there in an app as somebody sees it."""

    def is_known(formula: Formula | None) -> bool:
        return formula is None or all(is_there(model, entity, path) for path in formula.reads)

    return is_known


def is_there(model: AppModel, entity: Entity, path: tuple[str, ...]) -> bool:
    """Return whether somebody sees every field on a path from an entity on, and in full."""
    here: Entity | None = entity
    keys = iter(path)
    for key in keys:
        if here is None:
            return True
        if key.startswith("@"):
            here = model.entity(key[1:])
            continue
        field, inverse = here.fields.get(key), here.inverses.get(key)
        if field is None and inverse is None and key not in SYSTEM_TYPES and not (key == "parent" and here.parent is not None):
            return False
        if field is not None and field.is_masked:
            return False
        to = None if field is None else field.lines or field.target
        if field is None:
            to = inverse.source if inverse is not None else here.parent if key == "parent" else f"{ORGANIZATION}.user" if key in _USERS else None
        elif field.any_of:
            chosen = next(keys, "")
            to = next((one for one in field.any_of if name_among(one) == chosen), None)
        here = None if to is None else model.entity(here.everywhere(to))
    return True
