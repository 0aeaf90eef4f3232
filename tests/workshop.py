"""A small app for tests, and a site it is installed on: its document out, and people signed in who may do different things.

The app has every kind of field. Its people: `manager` installed it and may do everything with its records, `worker` and
`other` keep their own orders and notes, `reader` sees orders, `guest` may do nothing in it.
"""

from __future__ import annotations

import contextlib
import io
import json
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from dataclasses import dataclass, field
from typing import Any
from uuid import UUID

import asyncpg
import httpx

from dougong.logs import configure_logs
from dougong.people.sessions import start_session
from dougong.settings import read_settings
from tests.api.browser import Browser, open_browser

Document = dict[str, Any]
PEOPLE = ("manager", "worker", "other", "reader", "guest")
RECORDS = "/api/apps/workshop/records"
ALL = ["create", "read", "update", "delete"]


def label(text: str) -> Mapping[str, str]:
    """Return a label in both languages."""
    return {"zh-CN": f"{text}（中）", "en": text}


def element(key: str, kind: str, **others: object) -> Document:
    """Return a field; `copy_from` and `min_` stand for words Python keeps for itself."""
    named = {name.removesuffix("_from").rstrip("_"): value for name, value in others.items()}
    return {"key": key, "kind": kind, "name": label(key), **named}


def entity(key: str, title: str, *fields: Document, **others: object) -> Document:
    """Return an entity."""
    return {"key": key, "name": label(key), "title": title, "fields": list(fields), **others}


def package(key: str, *entities: Document, **others: object) -> Document:
    """Return a package whose installer may do everything with its records, and design and publish it."""
    policies = [
        {"key": f"manager_{e['key']}", "role": "manager", "entity": e["key"], "actions": ALL, "rows": "all"}
        for e in entities
        if "key" in e
    ]
    return {
        "format": "dougong.app/1", "key": key, "version": "1.0.0", "name": label(key), "description": label(f"{key} app"),
        "icon": "shop", "languages": ["zh-CN", "en"], "requires": [{"package": "organization", "version": ">=1.0,<2"}],
        "entities": list(entities), "forms": [], "views": [], "menus": [],
        "roles": [{"key": "manager", "name": label("Manager"), "installer": True, "may": ["design", "publish"]}],
        "policies": policies, "seed": [], "demo": [], **others,
    }  # fmt: skip


def options(*keys: str) -> list[Document]:
    """Return the options of a choice."""
    return [{"key": key, "name": label(key)} for key in keys]


def workshop() -> Document:
    """Return the app: makers and things, orders with lines, private notes, a diary nobody else may see, and gauges to list."""
    maker = entity(
        "maker", "name",
        element("name", "text", required=True, max_length=40, unique=True),
        element("city", "text", indexed=True),
        element("active", "boolean", default="TRUE"),
        element("contact", "text"),
        element("rate", "number", scale=4),
        element("limit", "money", min_="0"),
    )  # fmt: skip
    thing = entity(
        "thing", "name",
        element("name", "text", required=True),
        element("price", "money", min_="0"),
        element("active", "boolean", default="TRUE"),
    )  # fmt: skip
    note = entity("note", "name", element("name", "text", required=True))
    diary = entity("diary", "name", element("name", "text", required=True))
    gauge = entity(
        "gauge", "name",
        element("name", "text"), element("words", "text", indexed=True), element("n", "number", scale=5),
        element("d", "date"), element("t", "datetime"), element("b", "boolean"), element("c", "choice", options=options("x", "y", "z")),
        element("maker", "reference", to="maker"),
    )  # fmt: skip
    lines = element("lines", "lines", fields=[
        element("thing", "reference", to="thing", required=True, where="active"),
        element("quantity", "number", scale=3, required=True, min_="0.001", max_="1000000", default="1"),
        element("price", "money", copy_from="thing.price"),
        element("amount", "money", formula="ROUND(quantity * price, 2)"),
        element("note", "text", max_length=20),
    ])  # fmt: skip
    order = entity(
        "order", "number",
        element("number", "sequence", pattern="W-{yyyyMMdd}-{0000}"),
        element("maker", "reference", to="maker", required=True, where="active"),
        element("on", "date", default="TODAY()"),
        element("at", "datetime"),
        element("state", "choice", options=options("draft", "done"), default='"draft"'),
        element("urgent", "boolean"),
        element("remark", "long_text", max_length=100),
        element("contact", "text", copy_from="maker.contact"),
        element("rate", "number", scale=4, copy_from="maker.rate", read_only=True),
        element("reviewer", "reference", to="organization.user", default="CURRENTUSER()"),
        element("memo", "reference", to="note"),
        lines,
        element("total", "money", formula="SUM(lines.amount)"),
        element("third", "number", scale=20, formula="1 / 3"),
        element("average", "number", scale=4, formula="total / COUNT(lines)"),
        rules=[
            {"key": "not_forbidden", "check": 'remark <> "forbidden"', "at": "remark", "message": label("That word is forbidden")},
            {"key": "within_limit", "check": "ISBLANK(maker.limit) OR total <= maker.limit", "at": "total",
             "message": label("Above the limit")},
        ],
    )  # fmt: skip
    document = package("workshop", maker, thing, note, diary, order, gauge)
    document["roles"] += [{"key": key, "name": label(key)} for key in ("worker", "reader")]
    document["policies"] += [
        {"key": f"{role}_{kind}", "role": role, "entity": kind, "actions": actions, "rows": rows}
        for role, kind, actions, rows in (
            ("worker", "maker", ["read"], "all"), ("worker", "thing", ["read"], "all"), ("worker", "note", ALL, "own"),
            ("worker", "order", ALL, "own"), ("reader", "order", ["read"], "all"),
        )
    ]  # fmt: skip
    document["policies"].append(
        {"key": "worker_maker_own", "role": "worker", "entity": "maker", "actions": ["update"], "rows": "own"}
    )
    return document


def without(document: Document, kind: str, key: str) -> Document:
    """Return a copy of a document without a field of an entity."""
    changed = deepcopy(document)
    found = next(e for e in changed["entities"] if e.get("key") == kind)
    found["fields"] = [f for f in found["fields"] if f["key"] != key]
    return changed


def with_fields(document: Document, kind: str, *fields: Document) -> Document:
    """Return a copy of a document in which an entity has these fields, in the place of those with the same keys."""
    keys = {f["key"] for f in fields}
    changed = deepcopy(document)
    found = next(e for e in changed["entities"] if e.get("key") == kind)
    found["fields"] = [*(f for f in found["fields"] if f["key"] not in keys), *fields]
    return changed


@dataclass(frozen=True)
class Ticket:
    """What a browser needs to be somebody who is signed in."""

    user_id: str
    token: str
    csrf_token: str


@dataclass(frozen=True)
class Template:
    """A database with the workshop and its people, for copying, and their sessions, which hold in every copy."""

    dsn: str
    tickets: Mapping[str, Ticket]


@dataclass
class Shop:
    """A running site with the workshop; `people` are signed in, `database` is for looking at what was written."""

    dsn: str
    app: Any
    database: asyncpg.Connection[asyncpg.Record]
    tickets: Mapping[str, Ticket]
    made: int = 0
    people: dict[str, Browser] = field(default_factory=dict)

    def __getattr__(self, name: str) -> Browser:
        """Return the browser of a person."""
        if name not in PEOPLE and name != "admin":
            raise AttributeError(name)
        if name not in self.people:
            self.people[name] = browser_of(self.app, self.tickets[name])
        return self.people[name]

    async def give(self, who: str, *roles: str, department: str | None = None) -> None:
        """Give somebody just these roles, by their full keys, beside being a member, and a department or none."""
        keys = ["organization.member", *roles]
        ids = [row["id"] for row in await self.database.fetch("SELECT id FROM app_organization.role WHERE key = ANY($1)", keys)]
        body = {"roles": [{"role": str(one)} for one in ids], "department": department}
        answer = await self.admin.ask("PATCH", f"/api/apps/organization/records/user/{self.tickets[who].user_id}", body)
        assert answer.status_code == 200, answer.text

    async def sign_in_again(self, name: str) -> Browser:
        """Return the browser of a person as `people` keep it from now on, with a new session: being made inactive has ended theirs."""
        self.people[name] = browser_of(self.app, await _ticket(self.database, self.app, UUID(self.tickets[name].user_id)))
        return self.people[name]

    async def create(self, kind: str, who: str = "manager", **values: object) -> Document:
        """Return a new record."""
        answer = await getattr(self, who).post(f"{RECORDS}/{kind}", values)
        assert answer.status_code == 201, answer.text
        return dict(answer.json())

    async def order(self, who: str = "manager", **values: object) -> Document:
        """Return a new order of two rows, with a maker and a thing of its own where none are given."""
        if "maker" not in values:
            self.made += 1
            values["maker"] = (await self.create("maker", name=f"maker {self.made}", contact="Ann", rate="0.1234"))["id"]
        if "lines" not in values:
            thing = await self.create("thing", name="bolt", price="2.50")
            values["lines"] = [{"thing": thing["id"], "quantity": "2"}, {"thing": thing["id"], "quantity": "3", "price": "1"}]
        return await self.create("order", who, **values)

    async def install(self, document: Document, **others: object) -> httpx.Response:
        """Install a package as the administrator."""
        answer: httpx.Response = await self.admin.post("/api/apps", {"package": document, "demo": False, **others})
        return answer

    async def publish(self, document: Document, note: str = "") -> httpx.Response:
        """Publish a document as the next version of its app."""
        return await publish(self.admin, document["key"], document, note)

    async def counts(self) -> Mapping[str, int]:
        """Return how many rows every table has that a request may write to."""
        return await counts(self.database)


async def publish(browser: Browser, app: str, document: Document, note: str = "") -> httpx.Response:
    """Keep a document as the draft of an app and publish it."""
    revision = (await browser.get(f"/api/apps/{app}/draft")).json()["revision"]
    kept = await browser.ask("PUT", f"/api/apps/{app}/draft", {"revision": revision, "document": document})
    assert kept.status_code == 200, kept.text
    return await browser.post(f"/api/apps/{app}/versions", {"revision": kept.json()["revision"], "note": note})


async def counts(database: asyncpg.Connection[asyncpg.Record]) -> Mapping[str, int]:
    """Return the number of rows by table, and of the tables, columns and sequences there are.

    Notices leave the outbox while a server runs; a trigger counts those that ever came in.
    """
    tables = await database.fetch(
        r"""SELECT quote_ident(schemaname) || '.' || quote_ident(tablename) AS name FROM pg_tables
            WHERE schemaname ~ '^(app_|seen$|dougong$)' AND tablename NOT IN ('outbox', 'session', 'sign_in_attempt', 'audit_unsealed', 'audit_seal')
            AND tablename !~ '^history_' ORDER BY 1"""
    )
    names = [row["name"] for row in tables]
    query = " UNION ALL ".join(f"SELECT '{name}' AS name, count(*) AS n FROM {name}" for name in names)
    found = {row["name"]: row["n"] for row in await database.fetch(query)}
    found["columns"] = await database.fetchval("SELECT count(*) FROM pg_attribute WHERE attnum > 0 AND NOT attisdropped")
    return found


def browser_of(app: Any, ticket: Ticket) -> Browser:  # noqa: ANN401 – any ASGI application
    """Return the browser of somebody who is signed in."""
    browser = open_browser(app)
    browser.client.cookies.set("dougong_session", ticket.token, domain="dougong.test")
    browser.csrf_token = ticket.csrf_token
    return browser


async def prepare(dsn: str) -> Template:
    """Fill an empty database: the organization, the workshop, its people with a session each."""
    # The server is brought in where one is started: tests of the engines take documents from here and need none.
    from dougong.app import open_application

    settings = read_settings({"DATABASE_URL": dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_STARTER": "none"})
    database = await asyncpg.connect(dsn)
    try:
        with contextlib.redirect_stdout(io.StringIO()):
            async with open_application(settings) as app:
                admin = await _ticket(database, app, await database.fetchval('SELECT id FROM app_organization."user"'))
                tickets = {"admin": admin}
                browser = browser_of(app, admin)
                answer = await browser.post("/api/apps", {"package": workshop(), "demo": False})
                assert answer.status_code == 201, answer.text
                roles = {row["key"]: str(row["id"]) for row in await database.fetch("SELECT id, key FROM app_organization.role")}
                for name in PEOPLE:
                    role = "worker" if name == "other" else name
                    keys = [key for key in ("organization.member", f"workshop.{role}") if key in roles]
                    person = {"name": name, "email": f"{name}@workshop.example.com", "roles": [{"role": roles[key]} for key in keys]}
                    made = await browser.post("/api/apps/organization/records/user", person)
                    assert made.status_code == 201, made.text
                    tickets[name] = await _ticket(database, app, UUID(made.json()["id"]))
        await database.execute(
            """CREATE SCHEMA seen; CREATE TABLE seen.notice (kind text, payload json);
               CREATE FUNCTION seen.keep() RETURNS trigger LANGUAGE plpgsql AS
                   $$ BEGIN INSERT INTO seen.notice VALUES (NEW.kind, NEW.payload); RETURN NULL; END $$;
               CREATE TRIGGER keep AFTER INSERT ON dougong.outbox FOR EACH ROW EXECUTE FUNCTION seen.keep()"""
        )
    finally:
        await database.close()
    return Template(dsn, tickets)


async def _ticket(database: asyncpg.Connection[asyncpg.Record], app: Any, user_id: UUID) -> Ticket:  # noqa: ANN401
    token = await start_session(database, user_id)
    browser = browser_of(app, Ticket(str(user_id), token, ""))
    answer = await browser.get("/api/session")
    assert answer.status_code == 200, answer.text
    return Ticket(str(user_id), token, answer.json()["csrf_token"])


@asynccontextmanager
async def open_shop(dsn: str, template: Template, **environment: str) -> AsyncIterator[Shop]:
    """Give a running site on a copy of the prepared database."""
    from dougong.app import open_application

    variables = {"DATABASE_URL": dsn, "DOUGONG_POOL_MIN": "0", "DOUGONG_POOL_MAX": "8", "DOUGONG_STARTER": "none"}
    configure_logs("error")
    database = await asyncpg.connect(dsn)
    try:
        async with open_application(read_settings({**variables, **environment})) as app:
            yield Shop(dsn, app, database, template.tickets)
    finally:
        await database.close()


async def fetch_all(
    browser: Browser, path: str, limit: int, backwards: bool = False, **query: str
) -> Sequence[Document]:
    """Return every record of a list, page by page by the cursors of the answers: from the start, or from the end back."""
    found: list[Document] = []
    asked = {**query, "limit": str(limit), **({"at": "end"} if backwards else {})}
    for _ in range(1000):
        answer = await browser.get(f"{path}?{httpx.QueryParams(asked)}")
        assert answer.status_code == 200, answer.text
        page = answer.json()
        found = [*page["records"], *found] if backwards else [*found, *page["records"]]
        cursor = page["previous" if backwards else "next"]
        if cursor is None:
            return found
        position = {"before" if backwards else "after": json.dumps(cursor)}
        asked = {**query, "limit": str(limit), **position}
    raise AssertionError("the cursors never end")
