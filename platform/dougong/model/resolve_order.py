"""Stage of resolve: entities with formulas in, the order to compute them in out; formulas that go in a circle are Issues."""

from dataclasses import replace
from graphlib import CycleError, TopologicalSorter

from dougong.model.messages import MESSAGES
from dougong.model.resolve_fields import Entities
from engines.entity.entity import Entity, Field
from engines.values.issue import Issue, issue


def resolve_order(entities: Entities) -> tuple[Entities, list[Issue]]:
    """Return the entities with `computed` filled, and an issue for every circle, shown field by field."""
    issues: list[Issue] = []
    for entity in [e for e in entities.values() if e.parent is None]:
        fields = {f.key: f for f in entity.fields.values()}
        for line in entity.line_fields:
            assert line.lines is not None
            fields |= {f"{line.key}.{f.key}": f for f in entities[line.lines].fields.values()}
        reads = {path: _reads(path, field, fields) for path, field in fields.items() if field.formula is not None and not field.is_virtual}
        at = f"/entities/{entity.key}"
        issues += _sequences(at, entity, reads, fields)
        try:
            order = [path for path in TopologicalSorter(reads).static_order() if path in reads]
        except CycleError as error:
            circle = error.args[1]
            issues.append(
                issue(MESSAGES, "definition-formula-cycle", f"{at}/fields/{circle[0]}", None, cycle=" → ".join(circle))
            )
            continue
        entities[entity.key] = replace(entity, computed=tuple(order))
    return entities, issues


def _reads(path: str, field: Field, fields: dict[str, Field]) -> set[str]:
    """Return the fields of the record and its rows that a formula reads, by their path from the record."""
    formula = field.formula
    assert formula is not None
    prefix = path.rpartition(".")[0]
    reads: set[str] = set()
    for names in formula.reads:
        if names[0] == "parent":
            names = names[1:]
        elif prefix:
            names = (prefix, *names)
        full = ".".join(names)
        reads |= {full} if full in fields else set()
        if fields.get(full) is not None and fields[full].lines is not None:
            reads.discard(full)
    return reads


def _sequences(at: str, entity: Entity, reads: dict[str, set[str]], fields: dict[str, Field]) -> list[Issue]:
    return [
        issue(
            MESSAGES,
            "definition-formula-sequence",
            f"{at}/fields/{path.replace('.', '/fields/')}/formula",
            None,
            path=read,
        )
        for path, found in reads.items()
        for read in sorted(found)
        if fields[read].pattern is not None
    ]
