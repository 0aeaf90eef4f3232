"""The exits of records: for each endpoint that the platform makes for entities, how somebody asks there for all they can get."""

from __future__ import annotations

from collections.abc import AsyncIterator, Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from dougong.leaks.visit import Reply, Visit, literal
from engines.entity.entity import FILES, Field

Ask = Callable[[Visit], AsyncIterator[Reply]]


@dataclass(frozen=True)
class Exit:
    """One endpoint. ask: what is asked there. tells: whether whoever may see a value gets it there: each one, some, some where there are such fields, or none ever.

    writes: whether it changes records.
    """

    ask: Ask
    tells: Literal["each", "some", "files", "computed", "none"] = "some"
    writes: bool = False


async def _page(visit: Visit) -> AsyncIterator[Reply]:
    yield await visit.ask("GET", visit.path, limit="200", total="exact")
    yield await visit.ask("GET", visit.path, limit="200", trash="true")
    yield await visit.ask("GET", visit.path, search="mk", limit="200")
    for one in visit.some((one for one in visit.of.fields.values() if one.kind.is_ordered), 4):
        yield await visit.ask("GET", visit.path, sort=f"-{one.key}", fields="id", limit="1")
    for one in visit.of.fields.values():
        if one.to is not None:
            target = visit.stage.world.home(visit.of.full_key).entity(one.to)
            paths = [f"{one.key}.{far.key}" for far in target.fields.values() if far.lines is None]
            known = await _taken(visit, paths)
            yield await visit.ask("GET", visit.path, fields=",".join(known or paths), limit="200")
            yield await visit.ask("GET", visit.path, sort=(known or paths)[0], fields="id", limit="1")
        if one.lines is not None:
            yield await visit.ask("GET", f"{visit.path}.{one.key}", limit="200", total="exact")
    for record in visit.some(list(visit.records.values())[:4], 2):
        title = record.get(visit.of.title)
        if isinstance(title, str) and len(title) > 5:
            yield await visit.ask("GET", visit.path, search=title[:-1], limit="200")


async def _taken(visit: Visit, paths: list[str]) -> list[str]:
    """Return those of some paths that a list does not refuse to show."""
    refused = (await visit.ask("GET", visit.path, fields=",".join(paths), limit="1")).json
    named = {item.get("message", "") for item in refused.get("errors", ())}
    return [path for path in paths if not any(path in words for words in named)]


async def _one(visit: Visit) -> AsyncIterator[Reply]:
    for record_id in list(visit.records):
        yield await visit.ask("GET", f"{visit.path}/{record_id}")
    for record_id in visit.some(visit.records, 3):
        yield await visit.ask("GET", f"{visit.path}/{record_id}", revision="1")
        yield await visit.ask("GET", f"{visit.path}/{record_id}", at="2101-01-01T00:00:00Z")


async def _history(visit: Visit) -> AsyncIterator[Reply]:
    for record_id in visit.some(visit.records, 4):
        yield await visit.ask("GET", f"{visit.path}/{record_id}/history", limit="100")
    for record_id in visit.some(list(visit.records)[:2], 1):
        for key in visit.some(visit.of.fields, 6):
            yield await visit.ask("GET", f"{visit.path}/{record_id}/history", field=key)


async def _explain(visit: Visit) -> AsyncIterator[Reply]:
    for record_id in visit.some(visit.records, 2):
        for one in visit.of.fields.values():
            if one.formula is not None or one.lines is None and record_id == next(iter(visit.records)):
                yield await visit.ask("GET", f"{visit.path}/{record_id}/explain/{one.key}")


async def _reveal(visit: Visit) -> AsyncIterator[Reply]:
    for record_id in list(visit.records):
        for one in visit.of.fields.values():
            if one.kind.key == "secret":
                yield await visit.ask("POST", f"{visit.path}/{record_id}/reveal/{one.key}", {})


async def _groups(visit: Visit) -> AsyncIterator[Reply]:
    fields = [one for one in visit.of.fields.values() if one.lines is None and one.target != FILES]
    sums = [one.key for one in fields if "SUM" in one.kind.aggregates]
    yield await visit.ask("GET", f"{visit.path}/groups", by="id", measures="COUNT()")
    for one in visit.some(fields, 8):
        yield await visit.ask("GET", f"{visit.path}/groups", by=one.key, measures="COUNT()", limit="200")
    for key in visit.some(sums, 4):
        yield await visit.ask("GET", f"{visit.path}/groups", by="created_by", measures=f"SUM({key}),MAX({key})")


async def _facets(visit: Visit) -> AsyncIterator[Reply]:
    for one in visit.some(visit.of.fields.values(), 6):
        yield await visit.ask("GET", f"{visit.path}/facets", fields=one.key, limit="100")


async def _decide(visit: Visit) -> AsyncIterator[Reply]:
    table = visit.of.decision
    if table is None:
        yield await visit.ask("POST", f"{visit.path}/decide", {"inputs": {}})
        return
    for record in list(visit.records.values()):
        given = {one.key: record.get(one.fields[0]) for one in table.inputs}
        yield await visit.ask("POST", f"{visit.path}/decide", {"inputs": {key: value for key, value in given.items() if value is not None}})


async def _open(visit: Visit) -> AsyncIterator[Reply]:
    yield await visit.ask("POST", f"{visit.path}/transitions", {"ids": list(visit.records)[:50]})
    yield await visit.ask("POST", f"{visit.path}/transitions", {"filter": "TRUE"})


async def _export(visit: Visit) -> AsyncIterator[Reply]:
    for form in visit.some(("xlsx", "csv"), 1):
        yield await visit.ask("GET", f"{visit.path}/export", format=form)
    yield await visit.ask("GET", f"{visit.path}/export", format="csv", fields=",".join(visit.of.fields))


async def _template(visit: Visit) -> AsyncIterator[Reply]:
    yield await visit.ask("GET", f"{visit.path}/template")


async def _preview(visit: Visit) -> AsyncIterator[Reply]:
    yield await visit.ask("POST", f"{visit.path}/preview", {})
    values = await visit.likely()
    yield await visit.ask("POST", f"{visit.path}/preview", values)
    for record_id, record in visit.some(visit.records.items(), 3):
        yield await visit.ask("POST", f"{visit.path}/preview", {"id": record_id, "revision": record["revision"]})
    for one in visit.of.fields.values():
        if one.to is not None and one.is_writable:
            for target in visit.some(visit.stage.world.records.get(visit.of.everywhere(one.to) if "." in visit.of.everywhere(one.to) else f"{visit.of.app}.{one.to}", ()), 2):
                yield await visit.ask("POST", f"{visit.path}/preview", {**values, one.key: target})


async def _create(visit: Visit) -> AsyncIterator[Reply]:
    yield await visit.ask("POST", visit.path, {})
    values = await visit.likely()
    key = {"idempotency-key": f"{visit.person.name}-{visit.of.key}"}
    for _ in range(2):
        yield await visit.ask("POST", visit.path, values, {**key, "x-confirm-warnings": "true"})
    for one in visit.of.fields.values():
        if one.key in values and isinstance(values[one.key], str) and one.kind.key == "text":
            for record in list(visit.records.values())[:2]:
                yield await visit.ask("POST", visit.path, {**values, one.key: record.get(one.key)})


async def _patch(visit: Visit) -> AsyncIterator[Reply]:
    values = {key: value for key, value in list((await visit.likely()).items()) if isinstance(value, str)}
    values = dict(list(values.items())[:3])
    for record_id, record in visit.some(visit.records.items(), 4):
        yield await visit.ask("PATCH", f"{visit.path}/{record_id}", {})
        for key, value in values.items():
            stale = {key: value, "revision": max(1, record["revision"] - 1)}
            yield await visit.ask("PATCH", f"{visit.path}/{record_id}", stale)


async def _move(visit: Visit) -> AsyncIterator[Reply]:
    for record_id in visit.some(visit.records, 4):
        for key in () if visit.of.states is None else visit.of.states.transitions:
            for values in (dict(list((await visit.likely()).items())[:2]), {}):
                yield await visit.ask("POST", f"{visit.path}/{record_id}/transitions/{key}", values)


async def _guarded(visit: Visit) -> AsyncIterator[Reply]:
    numbers = [one.key for one in visit.of.fields.values() if one.is_writable and one.kind.key in ("number", "money", "quantity")]
    for record_id in visit.some(visit.records, 2):
        for key in numbers[:3]:
            yield await visit.ask("POST", f"{visit.path}/guarded", {"rows": [{"id": record_id, "add": {key: "0"}}]})
            yield await visit.ask("POST", f"{visit.path}/guarded", {"rows": [{"id": record_id, "add": {key: "-1"}}], "guard": f"{key} > 999999999", "mode": "granted"})


async def _reverse(visit: Visit) -> AsyncIterator[Reply]:
    if visit.of.kind == "ledger":
        for record_id in list(visit.records)[:4]:
            yield await visit.ask("POST", f"{visit.path}/{record_id}/reverse", {})


async def _bulk(visit: Visit) -> AsyncIterator[Reply]:
    changes = [{"action": "update", "id": record_id, "values": {}} for record_id in visit.records]
    for form in ("records", "ids"):
        yield await visit.ask("POST", f"{visit.path}/bulk", {"changes": changes, "mode": "each", "return": form})
    for change in changes[:4]:
        yield await visit.ask("POST", f"{visit.path}/bulk", {"changes": [change], "return": "records"})
    yield await visit.ask("POST", f"{visit.path}/bulk", {"filter": "TRUE", "action": "update", "values": {}, "return": "records", "mode": "each"})


async def _upsert(visit: Visit) -> AsyncIterator[Reply]:
    for record_id in visit.some(visit.records, 3):
        yield await visit.ask("POST", f"{visit.path}/upsert", {"by": ["id"], "values": {"id": record_id}})
    for one in visit.of.unique:
        for record in visit.some(list(visit.records.values())[:4], 2):
            if all("." not in key and isinstance(record.get(key), str) for key in one.fields):
                yield await visit.ask("POST", f"{visit.path}/upsert", {"by": list(one.fields), "values": {key: record[key] for key in one.fields}})


async def _delete(visit: Visit) -> AsyncIterator[Reply]:
    for record_id in visit.some(visit.records, 3):
        yield await visit.ask("DELETE", f"{visit.path}/{record_id}", revision="999")
    for record_id in list(visit.records)[:2]:
        yield await visit.ask("DELETE", f"{visit.path}/{record_id}")
        yield await visit.ask("GET", f"{visit.path}/{record_id}/history")


async def _shares(visit: Visit) -> AsyncIterator[Reply]:
    for record_id in visit.some(visit.records, 3):
        yield await visit.ask("GET", f"{visit.path}/{record_id}/shares")


async def _share(visit: Visit) -> AsyncIterator[Reply]:
    for record_id in list(visit.records)[:2]:
        reply = await visit.ask("POST", f"{visit.path}/{record_id}/shares", {"to_role": "organization.nobody"})
        yield reply
        yield await visit.ask("DELETE", f"{visit.path}/{record_id}/shares/{record_id}")


async def _restore(visit: Visit) -> AsyncIterator[Reply]:
    for record_id in list(visit.records):
        if record_id in visit.stage.world.trash:
            yield await visit.ask("POST", f"{visit.path}/{record_id}/restore")


RECORD_EXITS: Mapping[tuple[str, str], Exit] = {
    ("GET", "set"): Exit(_page),
    ("GET", "one"): Exit(_one, "each"),
    ("GET", "one/history"): Exit(_history),
    ("GET", "one/explain/<part>"): Exit(_explain, "computed"),
    ("POST", "one/reveal/<part>"): Exit(_reveal, "none"),
    ("GET", "one/shares"): Exit(_shares, "none"),
    ("POST", "one/shares"): Exit(_share, "none"),
    ("DELETE", "one/shares/<part>"): Exit(_share, "none"),
    ("GET", "set/groups"): Exit(_groups),
    ("GET", "set/facets"): Exit(_facets, "none"),
    ("POST", "set/decide"): Exit(_decide, "none"),
    ("POST", "set/transitions"): Exit(_open, "none"),
    ("GET", "set/export"): Exit(_export),
    ("GET", "set/template"): Exit(_template, "none"),
    ("POST", "set/preview"): Exit(_preview),
    ("PATCH", "one"): Exit(_patch, writes=True),
    ("POST", "one/transitions/<part>"): Exit(_move, "none", writes=True),
    ("POST", "set/guarded"): Exit(_guarded, "none", writes=True),
    ("POST", "set/bulk"): Exit(_bulk, writes=True),
    ("POST", "set/upsert"): Exit(_upsert, "none", writes=True),
    ("POST", "set"): Exit(_create, writes=True),
    ("POST", "one/reverse"): Exit(_reverse, "none", writes=True),
    ("DELETE", "one"): Exit(_delete, "none", writes=True),
    ("POST", "one/restore"): Exit(_restore, "none", writes=True),
}
"""Every endpoint of records, in the order in which they are asked: those that change nothing first."""


async def oracles(visit: Visit) -> AsyncIterator[tuple[str, bool]]:
    """Give what was asked to find out a value without being told it, and whether it told.

    A filter, a sort order or words that a hidden value meets must come to the same as those it does not meet.
    """
    world, full_key = visit.stage.world, visit.of.full_key
    seen = [record_id async for record_id in visit.visible()]
    counted = await visit.ask("GET", visit.path, limit="200", total="exact")
    if counted.status == 200:
        told = {record["id"] for record in counted.json["records"]}
        yield f"{counted.asked} lists {sorted(told ^ set(seen))[:2]}", told != set(seen) or counted.json["total"] != len(seen)
        groups = await visit.ask("GET", f"{visit.path}/groups", by="created_by", measures="COUNT()")
        yield f"{groups.asked} {groups.body[:300]!r} of {len(seen)}", groups.status == 200 and f'"{len(seen)}"'.encode() not in groups.body and f":{len(seen)}".encode() not in groups.body
    for one in visit.of.fields.values():
        if one.lines is not None or one.target is not None or one.any_of or one.options or one.kind.read_by == "none":
            continue
        for record_id, record in list(visit.records.items()):
            value = record.get(one.key)
            if value is None or isinstance(value, bool | dict | list) or one.kind.key in ("datetime", "time") or record_id in world.trash:
                continue
            answer = "no" if record_id not in seen else await world.sees_field(visit.person, full_key, record, one.key)
            if answer == "no":
                async for found in _asked_for(visit, one.key, value):
                    yield found
                break
        async for found in _guessed(visit, seen, one):
            yield found
    hidden = next((record for record_id, record in visit.records.items() if record_id not in seen and record_id not in world.trash), None)
    if hidden is not None:
        for text in (f'id = "{hidden["id"]}"', f"COUNT(@{visit.of.key}) = {len(visit.records)}"):
            reply = await visit.ask("GET", visit.path, filter=text, total="exact")
            yield reply.asked, reply.status == 200 and reply.json["total"] > 0 and len(seen) != len(visit.records)


async def _asked_for(visit: Visit, key: str, value: object) -> AsyncIterator[tuple[str, bool]]:
    """Give what filters, sums and changes by filter tell of a value of a record, each with whether they tell whether it is there."""
    text = literal(value)
    nothing = "77777777777" if text[0].isdigit() else "DATE(2099, 1, 1)" if text.startswith("DATE") else '"nothing"'
    pairs = [(f"{key} = {text}", f"{key} = {nothing}")]
    if str(value).startswith("mk"):
        pairs.append((f'CONTAINS({key}, "{str(value)[2:8]}")', f'CONTAINS({key}, "qqqqqq")'))
        # Words of three letters: an index has them as they are, and no text needs to be looked at.
        short = f"{str(value)[2:5]} {str(value)[5:8]}"
        for path, query in ((visit.path, {"total": "exact"}), (f"{visit.path}/groups", {"by": "created_by", "measures": "COUNT()"})):
            one, other = [await visit.ask("GET", path, None, None, search=words, **query) for words in (short, "qqq qqq")]
            yield f"{one.asked}: {one.status} {one.body[:200]!r}", _bare(one) != _bare(other)
        one, other = [await visit.ask("GET", "/api/search", None, None, text=words) for words in (short, "qqq qqq")]
        yield f"{one.asked}: {one.status} {one.body[:200]!r}", _bare(one) != _bare(other)
    elif text[0].isdigit():
        pairs.append((f"{key} < {text} + 0.01 AND {key} > {text} - 0.01", f"{key} < -77777 AND {key} > -77778"))
    for meets, misses in pairs:
        for path, query in ((visit.path, {"total": "exact"}), (f"{visit.path}/groups", {"by": "created_by", "measures": "COUNT()"})):
            one, other = [await visit.ask("GET", path, None, None, filter=words, **query) for words in (meets, misses)]
            yield f"{one.asked}: {one.status} {one.body[:200]!r}", _bare(one) != _bare(other)
    meets, misses = pairs[0]
    one, other = [await visit.ask("POST", f"{visit.path}/transitions", {"filter": words}) for words in (meets, misses)]
    yield f"{one.asked} {meets}", _bare(one) != _bare(other)


async def _guessed(visit: Visit, seen: Collection[str], one: Field) -> AsyncIterator[tuple[str, bool]]:
    """Give what changes of a record tell of a field that it hides: the value that is there must be refused as any other is."""
    if not one.is_writable:
        return
    world, full_key = visit.stage.world, visit.of.full_key
    known = {str(value): value for record in visit.records.values() if isinstance(value := record.get(one.key), str)}
    for record_id in seen:
        record = visit.records[record_id]
        value = record.get(one.key)
        other = next((found for text, found in known.items() if text != value), None)
        if not isinstance(value, str) or other is None or await world.sees_field(visit.person, full_key, record, one.key) != "no":
            continue
        numbers = [two for two in visit.of.fields.values() if two.is_writable and two.kind.key in ("number", "money") and record.get(two.key) is not None]
        free = [two.key for two in numbers if await world.level(visit.person, full_key, record, two.key) == "write"][:1]
        for (method, where, rightly), (_, _, wrongly) in zip(*(list(_changes_by(record, one.key, guess, free)) for guess in (value, other)), strict=True):
            right, wrong = [await visit.ask(method, f"{visit.path}/{where}", body) for body in (rightly, wrongly)]
            yield f"{right.asked} {rightly}: {right.status} {right.body[:200]!r}", _bare(right) != _bare(wrong)
        break


def _changes_by(record: Mapping[str, Any], key: str, guess: str, free: Collection[str]) -> Iterator[tuple[str, str, object]]:
    """Give changes of a record by which a guess at a field could be told from another. free: numbers of it that may be changed."""
    one = record["id"]
    yield "PATCH", one, {key: guess}
    yield "PATCH", one, {key: guess, "revision": max(1, record["revision"] - 1)}
    yield "POST", "preview", {"id": one, key: guess}
    yield "POST", "upsert", {"by": ["id"], "values": {"id": one, key: guess}}
    yield "POST", "guarded", {"rows": [{"id": one, "set": {key: guess}}]}
    for number in free:
        yield "POST", "guarded", {"rows": [{"id": one, "add": {number: "0"}}], "guard": f"{key} = {literal(guess)}"}
        formulas = {number: f"IF({key} = {literal(guess)}, {number}, 1 / 0)"}
        yield "POST", "bulk", {"changes": [{"action": "update", "id": one, "values": {}, "formulas": formulas}]}


def _bare(reply: Reply) -> object:
    """Return what an answer says, of a refusal what it is called."""
    return reply.body if reply.status < 300 else (reply.status, [item.get("code") for item in reply.json.get("errors", ())])
