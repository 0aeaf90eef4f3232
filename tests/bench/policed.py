"""A site with the starter in, somebody who sees and changes only some records and fields of it out: whose requests stand beside the limit's as well."""

from __future__ import annotations

import asyncio
from typing import Any
from uuid import UUID

import asyncpg

from dougong.people.sessions import start_session
from tests.bench.records import STARTER
from tests.bench.servers import Server, SignedIn
from tests.workshop import label

ROLE = "bench_seller"
HIDDEN = frozenset({"phone", "barcode"})
"""Fields that are hidden from them: the limit, which knows no policies, answers with these too."""
_POLICIES: tuple[dict[str, Any], ...] = (
    {"entity": "partner", "actions": ["read"], "where": "is_customer"},
    {"entity": "item", "actions": ["create", "read", "update"], "rows": "own", "levels": [{"key": "barcode", "level": "hidden"}, {"key": "safety_stock", "level": "read", "when": "NOT active"}]},
    {"entity": "sales_order", "actions": ["create", "read", "update"], "rows": "own", "owner": "salesperson",
     "levels": [{"key": "phone", "level": "hidden"}, {"key": "remark", "level": "read", "when": 'state <> "draft"'}]},
)  # fmt: skip


def make_seller(server: Server, session: SignedIn, dsn: str) -> SignedIn:
    """Publish the starter with a role more, whose policies have conditions on rows and on fields, and return somebody who has just that."""
    draft = server.ask("GET", f"/api/apps/{STARTER}/draft", headers=session.headers).json()
    document = draft["document"]
    document["roles"].append({"key": ROLE, "name": label("Seller")})
    document["policies"] += [{"key": f"{ROLE}_{one['entity']}", "role": ROLE, **one} for one in _POLICIES]
    kept = server.ask("PUT", f"/api/apps/{STARTER}/draft", {"revision": draft["revision"], "document": document}, session.headers).json()
    server.ask("POST", f"/api/apps/{STARTER}/versions", {"revision": kept["revision"], "note": ""}, session.headers).json()
    return asyncio.run(_signed_in(server, session, dsn))


async def _signed_in(server: Server, session: SignedIn, dsn: str) -> SignedIn:
    database = await asyncpg.connect(dsn)
    try:
        roles = await database.fetch("SELECT id FROM app_organization.role WHERE key = ANY($1)", ["organization.member", f"{STARTER}.{ROLE}"])
        person = {"name": "Seller", "email": "bench.seller@example.com", "roles": [{"role": str(row["id"])} for row in roles]}
        made = server.ask("POST", "/api/apps/organization/records/user", person, session.headers).json()
        cookie = f"dougong_session={await start_session(database, UUID(made['id']))}"
        token = server.ask("GET", "/api/session", headers={"cookie": cookie}).json()["csrf_token"]
        return SignedIn({"cookie": cookie, "x-csrf-token": token}, made["id"])
    finally:
        await database.close()
