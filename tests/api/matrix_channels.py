"""The channels of the channel × rule matrix: for each a way to bring values to a record, and the cells that cannot be."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, field

import orjson

from tests.api.matrix_rules import THING, Rule
from tests.workshop import Document, Shop

Found = list[tuple[str, str]]
"""Codes and pointers of what was told; none where the change was made."""
Send = Callable[[], Awaitable[Found]]


SHUT: Mapping[str, object] = {"active": False, "first": "2010-01-01", "last": "2010-12-31"}
"""A period nobody may book in any more."""


@dataclass
class Laboratory:
    """An installed app of the matrix, with what its rules need of other records."""

    shop: Shop
    document: Document
    ids: dict[str, str] = field(default_factory=dict)
    made: int = 0

    @property
    def path(self) -> str:
        """Return the path of the things."""
        return f"/api/apps/{self.document['key']}/records/thing"

    async def open(self) -> None:
        """Make the records that things point to and clash with."""
        base = f"/api/apps/{self.document['key']}/records/base"
        for name, values in (("busy", {"active": True}), ("idle", {"active": False}), ("small", {"active": True, "most": "3"}), ("shut", SHUT)):
            self.ids[f"@{name}"] = await self._made(base, {"name": name, **values})
        taken = {"code": "taken", "badge": "taken", "lane": "taken", "remark": "once", "rows": [{"item": "i", "serial": "taken"}]}
        await self._made(self.path, {**THING, **taken})

    async def _made(self, path: str, values: Document) -> str:
        answer = await self.shop.admin.post(path, values)
        assert answer.status_code == 201, answer.text
        return str(answer.json()["id"])

    def broken(self, rule: Rule) -> Document:
        """Return the values that break a rule."""
        return {key: self.ids.get(value, value) if isinstance(value, str) else value for key, value in rule.values.items()}

    def fresh(self) -> Document:
        """Return the values of a thing that breaks no rule, with a code of its own."""
        self.made += 1
        return {**THING, "code": f"c{self.made}"}

    async def thing(self, rule: Rule) -> Document:
        """Return a saved thing that breaks no rule, in the state a rule is about."""
        answer = await self.shop.admin.post(self.path, self.fresh() | ({} if rule.state == "open" else {"state": rule.state}))
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def ask(self, method: str, path: str, body: object) -> Found:
        """Send a request and return what was told."""
        answer = await self.shop.admin.ask(method, path, body)
        if answer.status_code >= 400:
            assert answer.status_code in (409, 422), answer.text
            return [(item["code"], item.get("pointer", "")) for item in answer.json()["errors"]]
        results = answer.json().get("results", ())
        return [(item["code"], item["pointer"]) for result in results for item in result.get("errors", ())]


async def create(lab: Laboratory, rule: Rule) -> Send:
    return lambda: lab.ask("POST", lab.path, {**lab.fresh(), **lab.broken(rule)})


async def update(lab: Laboratory, rule: Rule) -> Send:
    thing = await lab.thing(rule)
    return lambda: lab.ask("PATCH", f"{lab.path}/{thing['id']}", lab.broken(rule))


async def bulk_create(lab: Laboratory, rule: Rule) -> Send:
    changes = [{"action": "create", "values": lab.fresh()}, {"action": "create", "values": {**lab.fresh(), **lab.broken(rule)}}]
    return lambda: lab.ask("POST", f"{lab.path}/bulk", {"changes": changes})


async def bulk_update(lab: Laboratory, rule: Rule) -> Send:
    thing = await lab.thing(rule)
    changes = [{"action": "update", "id": thing["id"], "values": lab.broken(rule)}, {"action": "create", "values": lab.fresh()}]
    return lambda: lab.ask("POST", f"{lab.path}/bulk", {"changes": changes})


async def bulk_each(lab: Laboratory, rule: Rule) -> Send:
    thing = await lab.thing(rule)
    changes = [{"action": "update", "id": thing["id"], "values": lab.broken(rule)}]
    return lambda: lab.ask("POST", f"{lab.path}/bulk", {"changes": changes, "mode": "each"})


async def upsert_create(lab: Laboratory, rule: Rule) -> Send:
    values = {**lab.fresh(), "id": lab.ids["@new"], **lab.broken(rule)} if "@new" in lab.ids else {**lab.fresh(), **lab.broken(rule)}
    return lambda: lab.ask("POST", f"{lab.path}/upsert", {"by": ["code"], "values": values})


async def upsert_update(lab: Laboratory, rule: Rule) -> Send:
    thing = await lab.thing(rule)
    return lambda: lab.ask("POST", f"{lab.path}/upsert", {"by": ["id"], "values": {"id": thing["id"], **lab.broken(rule)}})


async def move(lab: Laboratory, rule: Rule) -> Send:
    thing = await lab.thing(rule)
    key = "lock" if rule.state == "shut" else "touch"
    return lambda: lab.ask("POST", f"{lab.path}/{thing['id']}/transitions/{key}", lab.broken(rule))


async def guarded(lab: Laboratory, rule: Rule) -> Send:
    thing = await lab.thing(rule)
    return lambda: lab.ask("POST", f"{lab.path}/guarded", {"rows": [{"id": thing["id"], "set": lab.broken(rule)}]})


async def install(lab: Laboratory, rule: Rule) -> Send:
    """Bring the thing as a record of a package, beside those it clashes with and points to."""
    lab.made += 1
    bases = [
        {"key": name, "entity": "base", "values": values}
        for name, values in (("idle", {"active": False}), ("small", {"active": True, "most": "3"}), ("shut", SHUT))
    ]
    taken = {"code": "taken", "badge": "taken", "lane": "taken", "remark": "once", "rows": [{"item": "i", "serial": "taken"}]}
    broken = {key: value.removeprefix("@") if isinstance(value, str) else value for key, value in rule.values.items()}
    things = [{"key": "taken", "entity": "thing", "values": {**THING, **taken}}, {"key": "new", "entity": "thing", "values": {**lab.fresh(), **broken}}]
    document = {**lab.document, "key": f"{lab.document['key']}_{lab.made}", "seed": [*bases, *things]}
    return lambda: lab.ask("POST", "/api/apps", {"package": document, "demo": False})


async def restore(lab: Laboratory, rule: Rule) -> Send:
    """Bring back a thing that breaks the rule since it went to the trash: as if the rule had come meanwhile."""
    thing = await lab.thing(rule)
    gone = await lab.shop.admin.ask("DELETE", f"{lab.path}/{thing['id']}")
    assert gone.status_code == 204, gone.text
    schema = f"app_{lab.document['key']}"
    values = {key: value for key, value in lab.broken(rule).items() if key != "rows"}
    await _overwrite(lab, f"{schema}.thing", thing["id"], values)
    for row, given in zip(thing["rows"], lab.broken(rule).get("rows", ()), strict=False):
        await _overwrite(lab, f"{schema}.thing__rows", row["id"], given)
    return lambda: lab.ask("POST", f"{lab.path}/{thing['id']}/restore", None)


async def _overwrite(lab: Laboratory, table: str, record_id: str, values: Document) -> None:
    """Write values past everything that holds rules, the database's own constraint of what must have a value too."""
    held = await lab.shop.database.fetch(
        "SELECT conname FROM pg_constraint WHERE conrelid = $1::text::regclass AND conname LIKE 'required%'", table
    )
    for row in held:
        await lab.shop.database.execute(f'ALTER TABLE {table} DROP CONSTRAINT "{row["conname"]}"')
    for key in values:
        await lab.shop.database.execute(
            f'UPDATE {table} SET "{key}" = (json_populate_record(NULL::{table}, $1::json))."{key}" WHERE id = $2', orjson.dumps(values).decode(), record_id,
        )  # fmt: skip


async def undo(lab: Laboratory, rule: Rule) -> Send:
    """Undo a change by which a thing ceased to break the rule: as if the rule had come after it."""
    thing = await lab.thing(rule)
    changed = await lab.shop.admin.ask("PATCH", f"{lab.path}/{thing['id']}", {"remark": "z"} if rule.state == "open" else {"state": rule.state})
    assert changed.status_code == 200, changed.text
    broken = lab.broken(rule)
    changes: Document = {key: [value, changed.json()[key]] for key, value in broken.items() if key != "rows"}
    rows = {row["id"]: {key: [value, row[key]] for key, value in given.items() if value != row[key]}
            for row, given in zip(thing["rows"], broken.get("rows", ()), strict=False)}  # fmt: skip
    if "rows" in broken:
        changes["rows"] = {key: fields for key, fields in rows.items() if fields}
    history = await lab.shop.database.fetchrow(
        "UPDATE dougong.history SET changes = $1::json WHERE record_id = $2 AND revision = $3 RETURNING change_set",
        orjson.dumps(changes).decode(), thing["id"], changed.json()["revision"],
    )  # fmt: skip
    assert history is not None

    async def send() -> Found:
        answer = await lab.shop.admin.post(f"/api/apps/{lab.document['key']}/change-sets/{history['change_set']}/undo", {})
        assert answer.status_code == 200, answer.text
        return [(item["code"], item.get("pointer", "")) for left in answer.json()["left"] for item in left["errors"]]

    return send


@dataclass(frozen=True)
class Channel:
    """One way by which records change.

    begin: makes what is needed and returns what sends the change. not_here: rules it cannot meet, each with the reason.
    told_as: rules it tells by a code of its own.
    """

    begin: Callable[[Laboratory, Rule], Awaitable[Send]]
    not_here: Mapping[str, str] = field(default_factory=dict)
    told_as: Mapping[str, str] = field(default_factory=dict)


_FIRST = "a new record is in the first state"
_NEW = {"no_transition": _FIRST, "state": _FIRST}
_KEPT = dict.fromkeys(("date", "date_in_rows"), "a date that was right when it was entered stays right")
_STAYS = "nothing moves it to another state"
_MEANWHILE = "the record cannot hold the value meanwhile: the index counts rows in the trash"
CHANNELS: Mapping[str, Channel] = {
    "create": Channel(create, _NEW),
    "update": Channel(update),
    "bulk_create": Channel(bulk_create, _NEW),
    "bulk_update": Channel(bulk_update),
    "bulk_each": Channel(bulk_each),
    "upsert_create": Channel(upsert_create, {**_NEW, "unique": "a record that has the value is the one that is changed"}),
    "upsert_update": Channel(upsert_update),
    "move": Channel(move, dict.fromkeys(("transition", "no_transition"), "the transition says where it leads; the state in the values counts for nothing")),
    "guarded": Channel(
        guarded,
        dict.fromkeys(("required_in_rows", "date_in_rows", "unique_in_rows", "unique_of_rows"), "a guarded change carries no rows"),
        {"guard": "record-guard-broken"},
    ),
    "install": Channel(install, {**_NEW, "warning": "who installs a package confirms what its records warn of"}),
    "restore": Channel(restore, {
        **_KEPT, "read_only": "nobody sends it: it comes back as it went", "unique_of_rows": _MEANWHILE, "transition": _STAYS, "no_transition": _STAYS, "state": "restoring changes no value",
        "warning": "what was confirmed when it was saved needs no confirmation to come back",
    }),
    "undo": Channel(undo, {
        "read_only": "nobody sends it: what a transition set returns when the transition is undone",
        "warning": "what was confirmed when it was saved needs no confirmation to come back",
    }),
}  # fmt: skip
"""The ways by which records change, by name."""

KINDS_OF_CHANGE: Mapping[str, tuple[str, ...]] = {
    "Create": ("create", "bulk_create", "install"), "Update": ("update", "bulk_update", "bulk_each"), "Upsert": ("upsert_create", "upsert_update"),
    "Move": ("move",), "GuardedUpdate": ("guarded",), "Restore": ("restore",), "Revert": ("undo",),
    "Delete": (), "Reverse": (),
}  # fmt: skip
"""By which channels each kind of change is met; a deletion carries no values, what may go is held by the tests of
states and trash; a reversal carries those of the entry it takes back, held by the tests of ledgers."""
CALLERS: Mapping[str, str] = {
    "api/records.py": "create, update, bulk, upsert, move, guarded, restore",
    "packages/seeds.py": "install",
    "sheets/write_chunk.py": "imports: creates, updates and upserts, each of its own as in bulk_each; a sheet for all rules in test_matrix_import",
    "work/perform.py": "the write path itself", "work/perform_bulk.py": "the write path of many changes itself",
    "work/undo.py": "undo",
    "work/hand_over.py": "bulk_each, with the Update of each record; tests/api/test_hand_over.py",
    "packages/installer_roles.py": "gives roles to whoever installs: the organization's own records, through the same Update",
    "packages/finish_upgrade.py": "brings seed records to the next version of their package, through the same Create and Update as install",
    "packages/planted.py": "takes seed and demo records out, through the same Delete, and puts them in as install does",
    "packages/uninstall.py": "takes the roles of an app from people: the organization's own records, through the same Update and Delete",
    "registry/draft_commands.py": "carries out gestures on documents of apps, not on records",
    "registry/draft_kept.py": "carries out gestures on documents of apps, not on records",
    "publishing/activation.py": "keeps the roles of an app: the organization's own records, through the same Create and Update",
    "publishing/singles.py": "makes the one record of an entity, through the same Create",
    "api/outside_entry.py": "makes users for whom a provider vouches and gives them its roles, through the same Create and Update",
    "api/public_routes.py": "visitors of a public link send its form, through the same Create; tests/api/test_public_links.py",
    "api/session_routes.py": "people change their own language, through the same Update",
    "leaks/stage.py": "makes the records of a leak audit, in a database of its own, through the same changes as everybody",
    "first_start.py": "makes the first administrator, through the same Create",
}
"""Every module that carries out requests, and which channels those are."""
