"""An app with one entity, `card`, as tests of publishing use it: documents and values in, answers that must be good ones out."""

from __future__ import annotations

from typing import Any

from tests.workshop import Document, Shop, element, entity, package


async def installed(shop: Shop, key: str, *fields: Document, **others: object) -> Document:
    """Return the document of a new app with one entity, `card`, whose title is `name`."""
    document = package(key, entity("card", "name", element("name", "text"), *fields, **others))
    answer = await shop.install(document)
    assert answer.status_code == 201, answer.text
    return document


async def published(shop: Shop, document: Document) -> int:
    """Publish a document and return the version."""
    answer = await shop.publish(document)
    assert answer.status_code == 201, answer.text
    return int(answer.json()["version"])


async def create(shop: Shop, document: Document, **values: object) -> dict[str, Any]:
    """Return a new card of an app."""
    answer = await shop.admin.post(cards(document), values)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def read(shop: Shop, document: Document, card: dict[str, Any]) -> dict[str, Any]:
    """Return a card as it is now."""
    answer = await shop.admin.get(f"{cards(document)}/{card['id']}")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def change(shop: Shop, document: Document, card: dict[str, Any], **values: object) -> dict[str, Any]:
    """Return a card after a change."""
    answer = await shop.admin.ask("PATCH", f"{cards(document)}/{card['id']}", values)
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


async def changes_of(shop: Shop, document: Document) -> dict[str, Any]:
    """Keep a document as the draft of its app and return what publishing it would do."""
    draft = f"/api/apps/{document['key']}/draft"
    revision = (await shop.admin.get(draft)).json()["revision"]
    assert (await shop.admin.ask("PUT", draft, {"revision": revision, "document": document})).status_code == 200
    answer = await shop.admin.get(f"{draft}/changes")
    assert answer.status_code == 200, answer.text
    return dict(answer.json())


def cards(document: Document) -> str:
    """Return the address of the cards of an app."""
    return f"/api/apps/{document['key']}/records/card"


async def columns(shop: Shop, document: Document) -> dict[str, str]:
    """Return the type of each column of the cards' table but for the platform's own."""
    rows = await shop.database.fetch(
        """SELECT attname, format_type(atttypid, atttypmod) AS type FROM pg_attribute
           WHERE attrelid = format('app_%s.card', $1::text)::regclass AND attnum > 7""",
        document["key"],
    )
    return {row["attname"]: row["type"] for row in rows}
