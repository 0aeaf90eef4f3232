"""Links of a graph in; which references lead up from the records that are saved, and which fields are followed, out."""

from collections.abc import Iterator, Mapping

from engines.entity.entity import Entity
from engines.entity.graph import Climb, HopKind, Link

Links = Mapping[str, tuple[Link, ...]]


def climbs_of(links: Links) -> Mapping[str, tuple[Climb, ...]]:
    """Return what saving a record of an entity, or of one with rows, locks upwards: only where something is computed downwards too."""
    downwards = {(hop.start, hop.end) for found in links.values() for link in found for hop in link.way if hop.kind in ("pointing", "listing")}
    owners = {source.partition(".")[0] for source in links if not source.startswith("organization.")}
    found = {owner: tuple(_climbs(owner, links)) for owner in owners}
    return {owner: climbs for owner, climbs in found.items() if any(_leads_down(climbs, pair) for pair in downwards)}


def _leads_down(climbs: tuple[Climb, ...], pair: tuple[str, str]) -> bool:
    """Whether something goes from where the climbs lead down to where they begin."""
    return pair[0] in {climb.end for climb in climbs} and pair[1] in {climb.start for climb in climbs}


def _climbs(owner: str, links: Links) -> Iterator[Climb]:
    waiting = [owner, *sorted(source for source in links if source.startswith(f"{owner}."))]
    seen = set(waiting)
    given: set[Climb] = set()
    while waiting:
        start = waiting.pop(0)
        for link in links.get(start, ()):
            hop = link.way[0] if link.way else None
            if hop is None or hop.kind != "target" or hop.field is None:
                continue
            climb = Climb(start, hop.field, hop.end)
            if climb not in given:
                given.add(climb)
                yield climb
            if hop.end not in seen:
                seen.add(hop.end)
                waiting.append(hop.end)


def watched_in(links: Links, entities: Mapping[str, Entity], kinds: frozenset[HopKind] | None = None) -> Mapping[str, frozenset[str]]:
    """Return the fields of each entity that something far follows, and what those of them that are computed read in turn.

    kinds: of the first hop, for what follows in such a way alone.
    """
    found: dict[str, frozenset[str]] = {}
    for key, entity in entities.items():
        if entity.parent is None:
            followed = [link for link in links.get(key, ()) if kinds is None or (link.way and link.way[0].kind in kinds)]
            watched = {name for link in followed for name in link.fields}
            if kinds is None:
                watched |= {field.key for field in entity.line_fields if field.lines in links}
            waiting = list(watched)
            while waiting:
                field = entity.fields.get(waiting.pop())
                for path in field.formula.reads if field is not None and field.formula is not None else ():
                    if path[0] not in watched:
                        watched.add(path[0])
                        waiting.append(path[0])
            found[key] = frozenset(watched)
    return found
