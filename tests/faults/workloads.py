"""What clients do while things are killed: a table of workloads, each with the entities it needs and one write of it.

A part of the product adds its words here: its entities, and a function that writes once and keeps what was acknowledged.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass

from dougong.sheets.write_chunk import CHUNK
from tests.faults.memory import Writer
from tests.workshop import Document, element, entity, package

APP = "faults"
COUNTERS = 3
PAIR = 5


@dataclass(frozen=True, slots=True)
class Workload:
    """One kind of write. weight: how often beside the others. entities: what it needs in the app. prepare: what must be there first."""

    weight: int
    entities: Sequence[Document]
    write: Callable[[Writer], Awaitable[None]]
    prepare: Callable[[Writer], Awaitable[None]] | None = None


def _orders() -> Sequence[Document]:
    lines = element("lines", "lines", fields=[
        element("item", "text", required=True), element("quantity", "number", required=True), element("price", "money", default="2"),
        element("amount", "money", formula="quantity * price"),
    ])  # fmt: skip
    return [entity(
        "order", "number", element("number", "sequence", pattern="F-{000000}", mode="gapless"), element("remark", "text", indexed=True),
        element("rows", "number", scale=0), lines, element("total", "money", formula="SUM(lines.amount)"),
    )]  # fmt: skip


async def _order(writer: Writer) -> None:
    """Make an order with one to five lines, or change or delete one that was made."""
    made = writer.memory.written.get("order", [])
    choice = writer.chance.random()
    if choice < 0.6 or not made:
        rows = writer.chance.randint(1, 5)
        body = {"rows": rows, "lines": [{"item": f"i{n}", "quantity": n + 1} for n in range(rows)]}
        answer = await writer.write("POST", "order", body)
        assert answer.status_code in (200, 201), answer.text
        writer.memory.keep("order", answer.json())
        return
    order = writer.chance.choice(made)
    if choice < 0.9:
        rows = writer.chance.randint(1, 5)
        lines = [{"item": f"c{n}", "quantity": n + 2} for n in range(rows)]
        answer = await writer.write("PATCH", f"order/{order['id']}", {"rows": rows, "lines": lines})
        assert answer.status_code in (200, 404, 409), answer.text
        if answer.status_code == 200:
            writer.memory.keep("order change", answer.json())
        return
    answer = await writer.write("DELETE", f"order/{order['id']}")
    assert answer.status_code in (204, 404), answer.text
    if answer.status_code == 204:
        writer.memory.deleted.add(order["id"])


async def _prepare_counters(writer: Writer) -> None:
    for number in range(COUNTERS):
        answer = await writer.write("POST", "counter", {"name": f"c{number}", "n": 0})
        writer.memory.keep("counter", answer.json())


async def _count(writer: Writer) -> None:
    """Read a counter and write it one higher, unless somebody else has counted meanwhile: then read it again."""
    counter = writer.chance.choice(writer.memory.written["counter"])
    while True:
        now = (await writer.read(f"records/counter/{counter['id']}")).json()
        answer = await writer.write("PATCH", f"counter/{now['id']}", {"revision": now["revision"], "n": int(now["n"]) + 1})
        assert answer.status_code in (200, 409), answer.text
        if answer.status_code == 200:
            writer.memory.counted[counter["id"]] += 1
            return


async def _together(writer: Writer) -> None:
    """Make several records in one request: all of them or none."""
    mark = f"m{writer.chance.getrandbits(64):x}"
    changes = [{"action": "create", "values": {"mark": mark}} for _ in range(PAIR)]
    answer = await writer.write("POST", "together/bulk", {"mode": "all", "changes": changes})
    assert answer.status_code == 200, answer.text
    writer.memory.keep("together", {"mark": mark, "ids": [result["id"] for result in answer.json()["results"]]})


def _stock() -> Sequence[Document]:
    stock = entity(
        "stock", "place", element("place", "text", unique=True), element("on_hand", "number", scale=0), element("taken", "number", scale=0, default="0"),
        guards=[{"key": "there", "check": "on_hand >= taken", "message": {"en": "Not enough"}}],
    )  # fmt: skip
    move = entity(
        "move", "place", element("place", "text"), element("quantity", "number", scale=0), kind="ledger",
        projections=[{"key": "balance", "entity": "stock", "by": {"place": "place"}, "add": {"on_hand": "quantity"}, "guard": "on_hand >= 0"}],
    )  # fmt: skip
    return [stock, move]


async def _move(writer: Writer) -> None:
    """Enter a move of stock, take of what is there, or take an entry back; what is short or taken back already is refused."""
    places = [f"p{number}" for number in range(COUNTERS)]
    choice = writer.chance.random()
    made = writer.memory.written.get("move", [])
    if choice < 0.5 or not made:
        body = {"place": writer.chance.choice(places), "quantity": writer.chance.choice([5, 3, -1, -2])}
        answer = await writer.write("POST", "move", body)
        assert answer.status_code in (200, 201, 409), answer.text
        if answer.status_code != 409:
            writer.memory.keep("move", answer.json())
        return
    if choice < 0.9:
        taken = writer.chance.sample(places, 2)
        answer = await writer.write("POST", "stock/guarded", {"rows": [{"key": {"place": place}, "add": {"taken": 1}} for place in taken]})
        assert answer.status_code in (200, 409, 422), answer.text  # 422 where nothing has come to a place yet
        if answer.status_code == 200:
            writer.memory.keep("taken", {"places": taken})
        return
    answer = await writer.write("POST", f"move/{writer.chance.choice(made)['id']}/reverse", {})
    assert answer.status_code in (200, 201, 409, 422), answer.text
    if answer.status_code in (200, 201):
        writer.memory.keep("move", answer.json())


async def _import(writer: Writer) -> None:
    """Bring a file of rows, or take one that was brought a step further; nobody waits for the jobs that read, check and write it."""
    memory = writer.memory
    if not memory.waiting or writer.chance.random() < 0.2:
        mark, rows = f"f{writer.chance.getrandbits(64):x}", CHUNK + 500 if writer.chance.random() < 0.4 else 50
        text = "mark,n\n" + "".join(f"{mark},{n}\n" for n in range(rows))
        answer = await writer.tell(f"imports?name={mark}.csv&entity=parcel", text.encode())
        assert answer.status_code == 202, answer.text
        memory.imports[answer.json()["id"]] = mark, rows
        memory.waiting.add(answer.json()["id"])
        return
    chosen = writer.chance.choice(sorted(memory.waiting))
    now = (await writer.read(f"imports/{chosen}")).json()
    if now["refusal"] is not None or now["state"] not in ("reading", "mapping", "checking", "checked"):
        memory.waiting.discard(chosen)  # PostgreSQL has lost what was read of it, or another client has had it written
        return
    step = {"mapping": "check", "checked": "run"}.get(now["state"])
    if step is not None:
        answer = await writer.tell(f"imports/{chosen}/{step}")
        assert answer.status_code in (202, 409), answer.text  # 409 where another client was first, or this one whose answer was lost


WORKLOADS: Mapping[str, Workload] = {
    "orders": Workload(5, _orders(), _order),
    "counters": Workload(
        3, [entity("counter", "name", element("name", "text"), element("n", "number", scale=0))], _count, _prepare_counters
    ),
    "stock": Workload(3, _stock(), _move),
    "together": Workload(2, [entity("together", "mark", element("mark", "text", indexed=True))], _together),
    "imports": Workload(4, [entity(
        "parcel", "number", element("number", "sequence", pattern="P-{000000}", mode="gapless"), element("mark", "text", indexed=True),
        element("n", "number", scale=0), element("twice", "number", scale=0, formula="n * 2"),
    )], _import),
}
"""Every workload by name."""


def document() -> Document:
    """Return the app with the entities of all workloads."""
    return package(APP, *(part for workload in WORKLOADS.values() for part in workload.entities))


async def write_once(writer: Writer) -> None:
    """Write once, by chance and weight."""
    (chosen,) = writer.chance.choices(list(WORKLOADS.values()), [workload.weight for workload in WORKLOADS.values()])
    await chosen.write(writer)


async def prepare(writer: Writer) -> None:
    """Write what the workloads need first."""
    for workload in WORKLOADS.values():
        if workload.prepare is not None:
            await workload.prepare(writer)
