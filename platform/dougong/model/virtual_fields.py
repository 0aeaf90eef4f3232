"""Entities in; an issue for everything that would have to know a field that is computed only when it is read, out."""

from collections.abc import Iterator, Mapping

from dougong.model.messages import MESSAGES
from dougong.model.paths import Paths
from engines.entity.entity import Entity, Formula
from engines.values.issue import Issue, issue


def virtual_reads(paths: Paths, entities: Mapping[str, Entity]) -> Iterator[Issue]:
    """Give an issue for each stored formula, default and rule that reads such a field; filters and other such fields may."""
    for entity in entities.values():
        for at, formula in _formulas(entity):
            for path in sorted(formula.reads):
                if _reads(paths, entity, entities, path):
                    yield issue(MESSAGES, "definition-virtual-read", at, None, path=".".join(path))


def _formulas(entity: Entity) -> Iterator[tuple[str, Formula]]:
    for field in entity.fields.values():
        at = f"{entity.pointer}/fields/{field.key}"
        if field.formula is not None and not field.is_virtual:
            yield f"{at}/formula", field.formula
        if field.default is not None:
            yield f"{at}/default", field.default
    for rule in entity.rules:
        yield f"/entities/{entity.key}/rules/{rule.key}/check", rule.check


def _reads(paths: Paths, entity: Entity, entities: Mapping[str, Entity], path: tuple[str, ...]) -> bool:
    for step in paths.steps(entity, path):
        source = entities.get(step.source)
        if source is not None and any(key in source.fields and source.fields[key].is_virtual for key in step.fields):
            return True
    return False
