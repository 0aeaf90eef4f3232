"""An installed app in, its package document out, as text that is the same at every export."""

from collections.abc import Mapping
from typing import Any

import orjson

from dougong.registry.versions import read_active
from dougong.sites import AppNotFound, Site


async def export(site: Site, app: str) -> Mapping[str, Any]:
    """Return the active version of an app as a package that stands alone; raises AppNotFound."""
    active = await read_active(site.pool, app)
    if not active.number:
        raise AppNotFound(app=app)
    return active.document


def package_text(document: Mapping[str, Any]) -> str:
    """Return a document as the text of a package file: two blanks of indent, UTF-8, elements in their order."""
    return orjson.dumps(dict(document), option=orjson.OPT_INDENT_2).decode() + "\n"
