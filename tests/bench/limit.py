"""The limit: what the machine gives a server written by hand for these few tables, one SQL text a request and nothing else.

No sign-in, no permissions, no rules, no history, no outbox, no idempotency. Input is checked by pydantic_core, JSON is made
by PostgreSQL with numbers as text. Run as a process: `python -m tests.bench.limit <dsn> <port> <user id> [own]`.
"""

from __future__ import annotations

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from decimal import Decimal
from typing import TYPE_CHECKING
from uuid import UUID

import asyncpg
import uvicorn
from pydantic_core import SchemaValidator, core_schema
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from tests.bench.limit_sql import CREATE_ITEM, CREATE_ORDER, CREATE_PART, GET, LIST, LIST_WITH_TOTAL, OWN, TAKE_STOCK

if TYPE_CHECKING:
    _Connection = asyncpg.Connection[asyncpg.Record]
else:
    _Connection = asyncpg.Connection


class _Plain(_Connection):
    """A connection that is given back without a reset query."""

    def get_reset_query(self) -> str:
        return ""


def _fields(required: tuple[str, ...], **schemas: core_schema.CoreSchema) -> core_schema.CoreSchema:
    fields = {
        key: core_schema.typed_dict_field(
            schema if key in required else core_schema.nullable_schema(schema), required=key in required
        )
        for key, schema in schemas.items()
    }
    return core_schema.typed_dict_schema(fields, extra_behavior="forbid")


def _text(most: int) -> core_schema.CoreSchema:
    return core_schema.str_schema(max_length=most, strict=True, strip_whitespace=True)


def _choice(*keys: str) -> core_schema.CoreSchema:
    return core_schema.literal_schema(list(keys))


def _number(least: str, most: str) -> core_schema.CoreSchema:
    return core_schema.decimal_schema(ge=Decimal(least), le=Decimal(most))


_money = _number("0", "1e15")
_date = core_schema.date_schema()
_id = core_schema.uuid_schema()
_unit = _text(40)

ITEM = SchemaValidator(_fields(
    ("code", "name", "unit"), code=_text(40), name=_text(120), spec=_text(200), category=_text(40), unit=_unit,
    barcode=_text(40), price=_money, cost_price=_money, safety_stock=_money, active=core_schema.bool_schema(strict=True),
    remark=_text(2000),
))  # fmt: skip
_number_3 = _number("-1e15", "1e15")
PART = SchemaValidator(_fields(
    ("code", "name"), code=_text(40), name=_text(200), spec=_text(200), unit=_text(200), category=_choice("a", "b", "c"), brand=_text(200),
    origin=_text(200), remark=_text(2000), price=_money, cost=_number_3, quantity=_number_3, weight=_number_3, discount=_number_3,
    made_on=_date, due_on=_date, seen_at=core_schema.datetime_schema(tz_constraint="aware"), active=core_schema.bool_schema(strict=True),
))  # fmt: skip
TAKE = SchemaValidator(_fields(("rows",), rows=core_schema.list_schema(
    _fields(("id", "add"), id=_id, add=_fields(("reserved",), reserved=_number("0.001", "1e8"))), min_length=1, max_length=10_000,
)))  # fmt: skip
_line = _fields(
    ("item",), item=_id, spec=_text(200), unit=_unit, quantity=_number("0.001", "1e8"), price=_money,
    discount=_number("0", "100"),
)  # fmt: skip
ORDER = SchemaValidator(_fields(
    ("customer", "lines"), customer=_id, date=_date, delivery_on=_date, salesperson=_id, state=_text(40), payment=_text(40),
    contact=_text(60), phone=_text(40), address=_text(300), remark=_text(2000),
    lines=core_schema.list_schema(_line, min_length=1, max_length=2000),
))  # fmt: skip


def build_limit(dsn: str, user: UUID, is_own: bool) -> Starlette:
    """Return the application; `user` is whom it writes down as the one who made a record. is_own: lists hold only what is theirs."""
    lists = {total: text.replace("{own}", OWN if is_own else "") for total, text in ((True, LIST_WITH_TOTAL), (False, LIST))}
    whose = (user,) if is_own else ()
    pools: list[asyncpg.Pool[asyncpg.Record]] = []

    @asynccontextmanager
    async def lifespan(_app: Starlette) -> AsyncIterator[None]:
        pool = await asyncpg.create_pool(
            dsn, min_size=2, max_size=16, connection_class=_Plain, server_settings={"timezone": "UTC", "jit": "off"}
        )
        pools.append(pool)
        yield
        await pool.close()

    async def empty(_request: Request) -> Response:
        return Response(b"{}", media_type="application/json")

    async def get(request: Request) -> Response:
        found = await pools[0].fetchval(GET, UUID(request.path_params["id"]))
        if found is None:
            return Response(status_code=404)
        return Response(found, media_type="application/json")

    async def page(request: Request) -> Response:
        query = request.query_params
        sql = lists[query.get("total") == "exact"]
        return Response(await pools[0].fetchval(sql, int(query.get("limit", "50")), *whose), media_type="application/json")

    async def create_item(request: Request) -> Response:
        body = await request.body()
        ITEM.validate_json(body)
        made = await pools[0].fetchval(CREATE_ITEM, body.decode(), user)
        return Response(made, 201, media_type="application/json")

    async def create_part(request: Request) -> Response:
        body = await request.body()
        PART.validate_json(body)
        made = await pools[0].fetchval(CREATE_PART, body.decode(), user)
        return Response(made, 201, media_type="application/json")

    async def take(request: Request) -> Response:
        body = await request.body()
        TAKE.validate_json(body)
        made = await pools[0].fetchval(TAKE_STOCK, body.decode(), user)
        return Response(made, 409 if made is None else 200, media_type="application/json")

    async def create_order(request: Request) -> Response:
        body = await request.body()
        ORDER.validate_json(body)
        made = await pools[0].fetchval(CREATE_ORDER, body.decode(), user)
        return Response(made, 201, media_type="application/json")

    return Starlette(
        routes=[
            Route("/empty", empty),
            Route("/sales_order/{id}", get),
            Route("/sales_order", page, methods=["GET"]),
            Route("/item", create_item, methods=["POST"]),
            Route("/part", create_part, methods=["POST"]),
            Route("/stock/guarded", take, methods=["POST"]),
            Route("/sales_order", create_order, methods=["POST"]),
        ],
        lifespan=lifespan,
    )


def main(dsn: str, port: str, user: str, whose: str = "all") -> None:
    """Serve until stopped. whose: `own` where lists hold only what is the user's."""
    uvicorn.run(
        build_limit(dsn, UUID(user), whose == "own"), host="127.0.0.1", port=int(port), loop="uvloop", http="httptools", ws="none",
        access_log=False, log_level="warning", server_header=False,
    )  # fmt: skip


if __name__ == "__main__":
    main(*sys.argv[1:])
