"""An installed app in, its package document out."""

from collections.abc import Mapping
from typing import Any

from dougong.registry.versions import read_active
from dougong.sites import AppNotFound, Site


async def export(site: Site, app: str) -> Mapping[str, Any]:
    """Return the active version of an app as a package that stands alone; raises AppNotFound."""
    active = await read_active(site.pool, app)
    if not active.number:
        raise AppNotFound(app=app)
    return active.document
