"""An entity in, what people call its fields and options out: for completing expressions, and for labels written in them."""

from collections.abc import Mapping

from engines.entity.entity import SYSTEM_TYPES, Entity
from engines.expression.scope import Words

SYSTEM_LABELS: Mapping[str, Mapping[str, str]] = {
    "id": {"zh-CN": "记录", "en": "This record"},
    "revision": {"zh-CN": "修订号", "en": "Revision"},
    "created_at": {"zh-CN": "创建时间", "en": "Created at"},
    "created_by": {"zh-CN": "创建人", "en": "Created by"},
    "updated_at": {"zh-CN": "修改时间", "en": "Updated at"},
    "updated_by": {"zh-CN": "修改人", "en": "Updated by"},
}


def field_words(entity: Entity) -> Mapping[str, Words]:
    """Return the words of every field an expression may read, by key; those of the platform's own fields last."""
    own = {
        field.key: Words(
            field.name,
            {option.key: option.name for option in field.options},
            {} if field.help is None else field.help,
        )
        for field in entity.fields.values()
    }
    own |= {inverse.key: Words(inverse.name) for inverse in entity.inverses.values()}
    system = {key: Words(SYSTEM_LABELS[key], is_system=True) for key in SYSTEM_TYPES if key not in own}
    return {**own, **system}
