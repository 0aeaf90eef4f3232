"""Random documents and random changes on both sides of a merge: no change is lost, none is made up, and the answer is always the same."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from copy import deepcopy
from random import Random
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from dougong.model.merge import Conflict, Merge, merge, resolve_conflicts

Document = dict[str, Any]
Path = tuple[str, ...]
Fact = tuple[Path, str]
KEYS = "abcdef"


def document(random: Random) -> Document:
    """Return a random document: entities with fields, options, rules and states, forms, views, seed records."""
    return {"key": "app", "name": words(random), "entities": several(random, entity), "forms": several(random, form),
            "views": several(random, view), "seed": several(random, seed)}  # fmt: skip


def several(random: Random, make: Any, keys: str = KEYS) -> list[Document]:  # noqa: ANN401 – a maker of elements
    return [{"key": key, **make(random)} for key in random.sample(keys, random.randint(0, 4))]


def words(random: Random) -> Document:
    return {language: random.choice("xyz") for language in random.sample(["zh-CN", "en"], random.randint(0, 2))}


def entity(random: Random) -> Document:
    found: Document = {"name": words(random), "fields": several(random, field), "search": random.sample(KEYS, 2)}
    if random.random() < 0.5:
        found["states"] = {"key": "state", "start": random.choice(KEYS), "states": several(random, field), "transitions": several(random, field)}
    if random.random() < 0.5:
        found["rules"] = several(random, field)
    return found


def field(random: Random) -> Document:
    found: Document = {"name": words(random), random.choice(["max", "min"]): random.randint(0, 2)}
    if random.random() < 0.3:
        found["options"] = several(random, lambda r: {"name": words(r)})
    return found


def form(random: Random) -> Document:
    inputs = random.sample("klmnop", random.randint(0, 5))
    sections: list[Document] = [{"key": key, "kind": "section", "nodes": []} for key in random.sample("abc", random.randint(1, 3))]
    for key in inputs:
        random.choice(sections)["nodes"].append({"key": key, "kind": "input", "field": random.choice("xyz")})
    return {"name": words(random), "nodes": sections}


def view(random: Random) -> Document:
    return {"columns": several(random, lambda r: {"width": r.randint(1, 3)}), "sort": several(random, lambda r: {})}


def seed(random: Random) -> Document:
    return {"entity": "a", "values": {random.choice("xyz"): random.randint(0, 2)}}


def edited(random: Random, given: Document) -> Document:
    """Return a copy with up to six changes anywhere in it."""
    found = deepcopy(given)
    for _ in range(random.randint(0, 6)):
        change(random, found)
    return found


def change(random: Random, found: Document) -> None:
    """Change one thing: a property, a word, the elements of a list or their order, the section of an input."""
    elements = list(all_elements(found))
    here = random.choice(elements)
    what = random.random()
    if "nodes" in here and here.get("kind") != "section" and here["nodes"] and what < 0.6:
        source, target = random.choice(here["nodes"]), random.choice(here["nodes"])
        if source["nodes"]:
            target["nodes"].insert(0, source["nodes"].pop(random.randrange(len(source["nodes"]))))
        return
    lists = [name for name, value in here.items() if isinstance(value, list) and name != "search"]
    if lists and what < 0.7:
        name = random.choice(lists)
        change_list(random, found, here, name)
    elif what < 0.85:
        here.setdefault("name", {})
        if isinstance(here["name"], dict):
            here["name"][random.choice(["zh-CN", "en"])] = random.choice("xyzw")
    elif "values" in here:
        here["values"][random.choice("xyz")] = random.randint(0, 3)
    elif here.get("key") != "app":
        name = random.choice(["max", "min", "search"])
        here[name] = random.sample(KEYS, 2) if name == "search" else random.randint(0, 3)


def change_list(random: Random, found: Document, here: Document, name: str) -> None:
    elements, kind = here[name], random.random()
    if kind < 0.3 and elements:
        elements.pop(random.randrange(len(elements)))
    elif kind < 0.6:
        random.shuffle(elements)
    else:
        makers = {"entities": entity, "forms": form, "views": view, "seed": seed}
        make = makers.get(name, field)
        if name == "nodes":
            owner = here if here.get("kind") != "section" else next(f for f in found["forms"] if any(here is n for n in f["nodes"]))
            taken = {n["key"] for s in owner["nodes"] for n in (s, *s["nodes"])}
            keys = (set("abc") if owner is here else set("klmnop")) - taken
            made: Document = {"kind": "section", "nodes": []} if owner is here else {"kind": "input", "field": random.choice("xyz")}
        else:
            keys, made = set(KEYS) - {e["key"] for e in elements}, make(random)
        if keys:
            elements.insert(random.randint(0, len(elements)), {"key": random.choice(sorted(keys)), **made})


def all_elements(value: Any) -> Iterator[Document]:  # noqa: ANN401 – any JSON
    if isinstance(value, dict):
        if "key" in value:
            yield value
        for part in value.values():
            yield from all_elements(part)
    elif isinstance(value, list):
        for part in value:
            yield from all_elements(part)


def facts(value: Any, at: Path = (), section: str = "") -> Iterator[tuple[Fact, object]]:  # noqa: ANN401 – any JSON
    """Give everything a document says, each by its place; an input is at home in its form, and its section is said of it."""
    if not isinstance(value, dict):
        yield (at, ""), value
        return
    if section:
        yield ((*at, "in"), ""), section
    if "key" in value:
        yield (at, "there"), True
    for name, part in value.items():
        if isinstance(part, list) and all(isinstance(e, dict) for e in part):
            is_section = name == "nodes" and value.get("kind") == "section"
            home = at[:-1] if is_section else (*at, name)
            for element in part:
                yield from facts(element, (*home, element["key"]), at[-1] if is_section else "")
        else:
            yield from facts(part, (*at, name))


def lists(value: Any, at: Path = ()) -> Iterator[tuple[Path, Sequence[str]]]:  # noqa: ANN401 – any JSON
    """Give the order of every list of elements."""
    for name, part in value.items() if isinstance(value, dict) else ():
        if isinstance(part, list) and part and all(isinstance(e, dict) for e in part):
            yield (*at, name), [e["key"] for e in part]
            for element in part:
                yield from lists(element, (*at, name, element["key"]))
        elif isinstance(part, dict):
            yield from lists(part, (*at, name))


def home(pointer: str) -> Path:
    """Return the place of a conflict as facts have it: inputs without their section."""
    parts = pointer.split("/")[1:]
    if parts[0] == "forms" and parts[2:3] == ["nodes"] and parts[4:5] == ["nodes"] and len(parts) > 5:
        parts = [*parts[:3], *parts[5:]]
    return tuple(parts)


def is_covered(path: Path, conflicts: Sequence[Conflict], sections: Sequence[object]) -> bool:
    """Whether a conflict is about a place, something around it, a part of it, or one of the sections it lay in."""
    for conflict in conflicts:
        at = home(conflict.pointer)
        if conflict.cause == "removed" and at[:1] == ("forms",) and len(at) == 4 and at[:3] == path[:3] and at[3] in sections:
            return True
        if conflict.cause == "removed" and at[:3] == path[:3] and path[3:4] in [(n["in"],) for n in (conflict.ours, conflict.theirs) if n and "in" in n]:
            return True  # a section that is there because what is kept lies in it
        if conflict.cause != "order" and (at == path[: len(at)] or path == at[: len(path)]):
            return True
    return False


def lost(found: Merge, side: Mapping[str, Any]) -> list[object]:
    """Return what one side changed and is neither in the result nor in a conflict."""
    was, now, merged = (dict(facts(value)) for value in (found.base, side, found.document))
    conflicts = list(found.conflicts.values())
    missing: list[object] = []
    for fact in {**was, **now}:
        if was.get(fact) != now.get(fact) and merged.get(fact) != now.get(fact):
            node = (*fact[0][:4], "in")
            sections = [one.get((node, "")) for one in (was, now)]
            if not is_covered(fact[0], conflicts, sections):
                missing.append((fact, was.get(fact), now.get(fact), merged.get(fact)))
    before, after, kept = (dict(lists(value)) for value in (found.base, side, found.document))
    for path in before.keys() & after.keys() & kept.keys():
        order, wanted = ([key for key in one[path] if key in before[path] and key in after[path]] for one in (before, after))
        if order != wanted:
            left = [key for key in kept[path] if key in wanted]
            settled = any(tuple(c.pointer.split("/")[1:]) == path for c in conflicts if c.cause == "order")
            if left != [key for key in wanted if key in left] and not settled:
                missing.append((path, before[path], after[path], kept[path]))
    return missing


@settings(max_examples=400, deadline=None)
@given(st.integers(0, 2**32))
def test_no_change_is_lost(number: int) -> None:
    random = Random(number)
    base = document(random)
    ours, theirs = edited(random, base), edited(random, base)
    before = deepcopy((base, ours, theirs))
    found = merge(base, ours, theirs)
    assert not lost(found, ours)
    assert not lost(found, theirs)
    assert (base, ours, theirs) == before
    assert merge(base, ours, theirs).document == found.document
    for chosen in (found, resolve_conflicts(found, {}, "ours"), resolve_conflicts(found, {}, "theirs"), chosen_at_random(random, found)):
        said, sources = dict(facts(chosen.document)), [dict(facts(value)) for value in (ours, theirs)]
        assert all(any(source.get(fact) == value for source in sources) for fact, value in said.items() if fact[0][-1:] != ("in",))
        for path, order in lists(chosen.document):
            assert len(set(order)) == len(order), path
        for one in chosen.document["forms"]:
            nodes = [n["key"] for s in one["nodes"] for n in (s, *s["nodes"])]
            assert len(set(nodes)) == len(nodes)
    assert resolve_conflicts(found, {}, "ours").document == found.document
    assert not resolve_conflicts(found, {}, "theirs").open


def chosen_at_random(random: Random, found: Merge) -> Merge:
    return resolve_conflicts(found, {pointer: random.choice(("ours", "theirs")) for pointer in found.conflicts})


@settings(max_examples=150, deadline=None)
@given(st.integers(0, 2**32))
def test_a_side_that_changed_nothing_has_no_say(number: int) -> None:
    random = Random(number)
    base = document(random)
    changed = edited(random, base)
    for found in (merge(base, changed, base), merge(base, base, changed), merge(base, changed, changed)):
        assert found.document == changed
        assert not found.conflicts
