"""The packages a version of an app is made of, kept from the version on in which they changed."""

from collections.abc import Mapping
from typing import Any

import orjson

from dougong.model.stored_document import stored_document
from dougong.store.save import Executor

Document = Mapping[str, Any]

_OF_VERSION = """
    SELECT package, document::text FROM dougong.version_package
    WHERE app = $1 AND since = (SELECT max(since) FROM dougong.version_package WHERE app = $1 AND since <= $2) ORDER BY package"""


async def keep_version_packages(executor: Executor, app: str, version: int, documents: Mapping[str, Document]) -> None:
    """Keep what an app is made of from a version on."""
    await executor.fetch(
        "INSERT INTO dougong.version_package (app, since, package, document) SELECT $1, $2, * FROM unnest($3::text[], $4::json[])",
        app, version, list(documents), [orjson.dumps(dict(document)).decode() for document in documents.values()],
    )  # fmt: skip


async def packages_to_restore(executor: Executor, app: str, version: int) -> Mapping[str, Document]:
    """Return the packages of an earlier version by key, none where the app is made of the same ones now."""
    found, now = [
        {package: stored_document(document) for package, document in await executor.fetch(_OF_VERSION, app, number)}
        for number in (version, 2**31 - 1)
    ]
    return {} if found == now else found
