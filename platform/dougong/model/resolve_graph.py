"""Stage of resolve: entities with formulas in; which fields are far, and the graph of what follows what, out; circles are Issues."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from graphlib import CycleError, TopologicalSorter
from typing import TypeVar

from dougong.model.additive import additive
from dougong.model.app_model import AppModel
from dougong.model.climbs import climbs_of, watched_in
from dougong.model.messages import MESSAGES
from dougong.model.paths import Paths, PathStep
from dougong.model.resolve_fields import Entities
from dougong.model.virtual_fields import virtual_reads
from engines.entity.entity import FILES, Entity, Field, Rule
from engines.entity.graph import Graph, Hold, Link, Node, Ref, Step, Way
from engines.expression.references import functions_used
from engines.values.issue import Issue, issue

T = TypeVar("T")
Keys = tuple[str, ...]
_OF_WHAT_WAS = frozenset({"OLD", "CHANGED"})


@dataclass(frozen=True, slots=True)
class _Reading:
    """A computed field and the steps of each path it reads."""

    field: Field
    at: str
    paths: Mapping[Keys, tuple[PathStep, ...]]

    @property
    def steps(self) -> Iterator[PathStep]:
        for steps in self.paths.values():
            yield from steps


def resolve_graph(app: str, entities: Entities, organization: AppModel | None) -> tuple[Graph, list[Issue]]:
    """Put the entities in their place anew with their far fields marked, and return the graph, or what is wrong."""
    paths = Paths(app, entities, organization)
    readings = {
        (entity.key, field.key): _reading(paths, entity, field)
        for entity in entities.values()
        for field in entity.fields.values()
        if field.formula is not None and not field.is_virtual
    }
    issues = [*_unknown(readings.values()), *virtual_reads(paths, entities)]
    reads = {node: {(s.source, key) for s in reading.steps for key in s.fields} & readings.keys() for node, reading in readings.items()}
    try:
        levels = list(_levels(reads))
    except CycleError as error:
        circle = [".".join(node) for node in error.args[1]]
        at = readings[error.args[1][0]].at
        return Graph(), [*issues, issue(MESSAGES, "definition-formula-cycle", at, None, cycle=" → ".join(circle))]
    far = _far(readings, reads, levels)
    for key, entity in entities.items():
        marked = {name: replace(field, is_far=(key, name) in far) for name, field in entity.fields.items()}
        entities[key] = replace(entity, fields=marked)
    for key, entity in entities.items():
        rules, found = _late(entity, entities)
        issues += found
        entities[key] = replace(entity, rules=rules)
    return _graph(readings, levels, far, entities), issues


def _reading(paths: Paths, entity: Entity, field: Field) -> _Reading:
    assert field.formula is not None
    at = f"{entity.pointer}/fields/{field.key}"
    return _Reading(field, at, {path: tuple(paths.steps(entity, path)) for path in sorted(field.formula.reads)})


def _unknown(readings: Iterable[_Reading]) -> Iterator[Issue]:
    """Give an issue for each path that nobody could follow back."""
    for reading in readings:
        for path, steps in reading.paths.items():
            if not path[0].startswith("@") and not all(step.is_known for step in steps):
                yield issue(MESSAGES, "definition-formula-unfollowed", f"{reading.at}/formula", None, path=".".join(path))


def _levels(reads: Mapping[Node, set[Node]]) -> Iterator[tuple[Node, ...]]:
    """Give the fields that can be computed together, then those that read them, and so on; raises CycleError."""
    sorter = TopologicalSorter(reads)
    sorter.prepare()
    while sorter.is_active():
        ready = sorter.get_ready()
        yield tuple(sorted(ready))
        sorter.done(*ready)


def _far(readings: Mapping[Node, _Reading], reads: Mapping[Node, set[Node]], levels: Iterable[Iterable[Node]]) -> frozenset[Node]:
    """Return the fields that read another record than their own with its rows, or a field that does."""
    far: set[Node] = set()
    for level in levels:
        for node in level:
            owner = node[0].partition(".")[0]
            leaves = any(step.source.partition(".")[0] != owner or _is_round(step.way) for step in readings[node].steps)
            if leaves or reads[node] & far:
                far.add(node)
    return frozenset(far)


def _is_round(way: Way) -> bool:
    """Whether a way crosses a reference, so that it leads to another record, be it of the same entity."""
    return any(hop.field is not None for hop in way)


def _late(entity: Entity, entities: Entities) -> tuple[tuple[Rule, ...], list[Issue]]:
    """Return the rules with those marked that read far fields; what was before cannot be asked any more when they are judged."""
    rules: list[Rule] = []
    issues: list[Issue] = []
    for rule in entity.rules:
        is_late = any(_reads_far(entity, entities, path) for path in rule.check.reads)
        if is_late:
            at = f"/entities/{entity.key}/rules/{rule.key}/check"
            was = sorted(functions_used(rule.check.tree) & _OF_WHAT_WAS)
            issues += [issue(MESSAGES, "definition-formula-misplaced", at, None, name=name) for name in was]
        rules.append(replace(rule, is_late=is_late))
    return tuple(rules), issues


def _reads_far(entity: Entity, entities: Entities, path: Keys) -> bool:
    """Whether a path of a rule reads a far field of its record or of its rows."""
    field = entity.fields.get(path[0])
    if field is not None and field.lines is not None and len(path) > 1:
        field = entities[field.lines].fields.get(path[1])
    return field is not None and field.is_far


def _graph(readings: Mapping[Node, _Reading], levels: Iterable[tuple[Node, ...]], far: frozenset[Node], entities: Entities) -> Graph:
    steps: list[Step] = []
    order: list[Node] = []
    for level in levels:
        order += level
        by_entity: dict[str, list[str]] = {}
        for entity, field in level:
            if (entity, field) in far:
                by_entity.setdefault(entity, []).append(field)
        steps += [Step(entity, tuple(fields)) for entity, fields in by_entity.items()]
    links = _links(readings, [node for node in order if node in far])
    maintained = {entity for entity, _ in far} | {hop.end for link in links for hop in link.way if hop.is_held}
    holds = _holds((readings[node] for node in order if node in far), maintained)
    by_source = _by_entity((link.source, link) for link in links)
    sums = {node: additive(entities[node[0]], readings[node].field, entities) for node in order if node in far}
    return Graph(
        tuple(order), tuple(steps), by_source, _by_entity((h.entity, h) for h in holds),
        {node: inverse for node, inverse in sums.items() if inverse is not None}, climbs_of(by_source),
        watched_in(by_source, entities), watched_in(by_source, entities, frozenset({"pointing", "listing"})),
    )


def _links(readings: Mapping[Node, _Reading], far: Iterable[Node]) -> list[Link]:
    found: dict[tuple[str, Way, Node], frozenset[str]] = {}
    for node in far:
        # A record that comes into being has all of its own to be computed.
        found[node[0], (), node] = frozenset()
        for step in readings[node].steps:
            key = step.source, _held(step.way), node
            found[key] = found.get(key, frozenset()) | step.fields
    return [Link(source, fields, way, node) for (source, way, node), fields in found.items()]


def _held(way: Way) -> Way:
    """Return a way on which the records that have a list are held, but for those that are computed: they are anyway."""
    return tuple(replace(hop, is_held=hop.kind in ("target", "owner", "listing") and place + 1 < len(way)) for place, hop in enumerate(way))


def _holds(readings: Iterable[_Reading], maintained: set[str]) -> list[Hold]:
    found: dict[tuple[str, tuple[Ref, ...]], frozenset[str]] = {}
    for reading in readings:
        for steps in reading.paths.values():
            for place, step in enumerate(steps):
                refs = tuple(_refs(steps[place + (step.kind == "members") :], maintained))
                if refs:
                    found[step.source, refs] = found.get((step.source, refs), frozenset()) | step.fields
    return [Hold(entity, fields, refs) for (entity, refs), fields in found.items()]


def _refs(steps: Iterable[PathStep], maintained: set[str]) -> Iterator[Ref]:
    """Give the references that follow each other, as far as more is read behind them."""
    for place, step in enumerate(steps):
        is_way_on = step.kind in ("reference", "owner") or (step.kind == "list" and place == 0)
        if not is_way_on or step.end in (None, FILES):  # nothing changes of a file
            return
        yield Ref(step.key, step.end, step.end not in maintained)


def _by_entity(found: Iterable[tuple[str, T]]) -> Mapping[str, tuple[T, ...]]:
    made: dict[str, list[T]] = {}
    for entity, one in found:
        made.setdefault(entity, []).append(one)
    return {entity: tuple(some) for entity, some in made.items()}
