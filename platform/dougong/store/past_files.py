"""Ids of files that the past of a record names in; what is known of each out, with the address at which that past lets it be read."""

from collections.abc import Collection, Mapping
from typing import Any
from urllib.parse import quote
from uuid import UUID

from dougong.sites import Site

Facts = Mapping[str, Mapping[str, Any]]
"""By id as text: `id`, `name`, `type`, `size`, `width`, `height` and `address`."""

_FACTS = "SELECT id, name, type, size::bigint, width::integer, height::integer FROM dougong.file WHERE id = ANY($1::uuid[])"


async def read_file_facts(site: Site, ids: Collection[str], record: tuple[str, str, UUID]) -> Facts:
    """Return what is known of files that the history of a record names; record: app, entity, id. What is removed is not among them."""
    if not ids:
        return {}
    of = quote("/".join(str(part) for part in record), safe="/")
    rows = await site.pool.fetch(_FACTS, [UUID(one) for one in sorted(ids)])
    return {
        str(row["id"]): {**row, "id": str(row["id"]), "address": f"/api/files/{row['id']}/{quote(row['name'], safe='')}?record={of}"}
        for row in rows
    }


def facts_of(files: Facts, value: object) -> list[Mapping[str, Any]]:
    """Return what is known of the files of a list, in its order."""
    return [files[one] for one in value if one in files] if isinstance(value, list) else []
