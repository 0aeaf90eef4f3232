"""What the draft of an app upgrades to: packages by key, kept as long as the draft is, and gone with it."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

import orjson

from dougong.model.stored_document import stored_document
from dougong.registry.draft_log import read_undone
from dougong.store.save import Executor

Document = Mapping[str, Any]


async def keep_packages(executor: Executor, app: str, documents: Mapping[str, Document], gesture: UUID) -> None:
    """Keep the packages an app is made of once its draft is published; gesture: what brought them in, which may be undone."""
    await executor.fetch("DELETE FROM dougong.draft_package WHERE app = $1", app)
    await executor.fetch(
        "INSERT INTO dougong.draft_package (app, gesture, package, document) SELECT $1, $2, * FROM unnest($3::text[], $4::json[])",
        app, gesture, list(documents), [orjson.dumps(dict(document)).decode() for document in documents.values()],
    )  # fmt: skip


async def read_packages(executor: Executor, app: str) -> Mapping[str, Document]:
    """Return the packages the draft of an app upgrades to, none where it upgrades nothing."""
    query = "SELECT package, document::text, gesture FROM dougong.draft_package WHERE app = $1 ORDER BY package"
    rows = await executor.fetch(query, app)
    undone = await read_undone(executor, app) if rows else frozenset()
    return {package: stored_document(document) for package, document, gesture in rows if gesture not in undone}


async def packages_published(executor: Executor, app: str, document: Document) -> Mapping[str, Document]:
    """Return the packages the draft upgrades to if this document is the draft; asked before it is published."""
    found = await read_packages(executor, app)
    if not found:
        return {}
    rows = await executor.fetch("SELECT definition::text FROM dougong.draft WHERE app = $1", app)
    return found if rows and stored_document(rows[0][0]) == document else {}
