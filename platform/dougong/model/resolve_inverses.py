"""Stage of resolve: references with a name for their way back in, that name among what their target knows out."""

from collections.abc import Iterator
from dataclasses import replace

from dougong.model.definition import AppDefinition, EntityDefinition
from dougong.model.definition_fields import LinesField, ReferenceField
from dougong.model.labels import labels
from dougong.model.messages import MESSAGES
from engines.entity.entity import RESERVED_KEYS, Entity, Inverse
from engines.values.issue import Issue, issue

Reference = tuple[str, str, ReferenceField]
"""The key of the entity or of the rows that have it, where it is written, and the field."""


def name_inverses(definition: AppDefinition, entities: dict[str, Entity]) -> list[Issue]:
    """Put every way back into the entity it starts from; what another app points from has no name there."""
    issues: list[Issue] = []
    for source, at, field in _references(definition):
        target = entities.get(field.to)
        if field.inverse is None or target is None:
            continue
        key = field.inverse.key
        if key in RESERVED_KEYS:
            issues.append(issue(MESSAGES, "definition-key-reserved", f"{at}/inverse/key", None, name=key))
        elif key in target.fields or key in target.inverses:
            issues.append(issue(MESSAGES, "definition-key-taken", f"{at}/inverse/key", None, name=key))
        else:
            inverse = Inverse(key, labels(field.inverse.name), source, field.key)
            entities[target.key] = replace(target, inverses={**target.inverses, key: inverse})
    return issues


def _references(definition: AppDefinition) -> Iterator[Reference]:
    for entry in definition.entities:
        if isinstance(entry, EntityDefinition):
            for field in entry.fields:
                at = f"/entities/{entry.key}/fields/{field.key}"
                if isinstance(field, ReferenceField):
                    yield entry.key, at, field
                elif isinstance(field, LinesField):
                    for inner in field.fields:
                        if isinstance(inner, ReferenceField):
                            yield f"{entry.key}.{field.key}", f"{at}/fields/{inner.key}", inner
