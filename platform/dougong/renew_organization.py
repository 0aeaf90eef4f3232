"""A site whose organization is of an older release in, the same with the organization that comes with this one out, at the start of the server.

What the customer changed stays, of conflicts the customer's side too. While somebody has an unpublished draft of the organization, or where
the outcome does not resolve, the site goes on with what it has: the log says so, and the upgrade waits in the library as every other.
"""

import structlog

from dougong.database.pool import connect
from dougong.errors import PlatformError
from dougong.model.app_model import ORGANIZATION
from dougong.packages.installed import is_newer, read_installed, version_of
from dougong.packages.library import read_package
from dougong.packages.upgrade import Upgrade, plan_upgrade
from dougong.permissions.actor import SYSTEM
from dougong.publishing.publish import Published, Wanted, publish_what
from dougong.registry.draft_kept import MadeOf
from dougong.registry.draft_packages import read_packages
from dougong.registry.drafts import hold_draft, read_draft
from dougong.sites import Site
from dougong.store.save import Executor

_LOCK = 0x72656E6577  # "renew"


async def renew_organization(site: Site, dsn: str) -> None:
    """Upgrade the organization to the version that is shipped; one query where it has it. Of several processes one does it."""
    if not await _is_older(site):
        return
    connection = await connect(dsn)  # not from the pool: it is held while the steps below use the pool
    try:
        await connection.execute("SELECT pg_advisory_lock($1)", _LOCK)
        if await _is_older(site):
            await _renew(site)
    finally:
        await connection.close()


async def _is_older(site: Site) -> bool:
    installed = (await read_installed(site.pool, ORGANIZATION)).get(ORGANIZATION)
    return installed is not None and is_newer(read_package(ORGANIZATION), installed)


async def _renew(site: Site) -> None:
    log = structlog.get_logger("dougong.renew_organization")
    shipped = read_package(ORGANIZATION)
    try:
        draft, model = await read_draft(site, ORGANIZATION), await site.app(ORGANIZATION)
        if draft.document != model.document or await read_packages(site.pool, ORGANIZATION):
            log.warning("organization.waits", version=version_of(shipped), reason="there is an unpublished draft of the organization")
            return
        upgrade = await plan_upgrade(site, ORGANIZATION, shipped, None, {}, "ours")
        if upgrade.plan.model is None:
            log.warning("organization.waits", version=version_of(shipped), reason="; ".join(f"{one.pointer}: {one.message['en']}" for one in upgrade.plan.issues))
            return
        await _publish(site, upgrade, draft.revision)
    except PlatformError as trouble:
        log.warning("organization.waits", version=version_of(shipped), reason=str(trouble))
    else:
        log.info("organization.renewed", version=version_of(shipped))


async def _publish(site: Site, upgrade: Upgrade, revision: int) -> Published:
    async def merged(executor: Executor) -> Wanted:
        if executor is not site.pool:
            await hold_draft(executor, ORGANIZATION, revision)
        return Wanted(upgrade.merge.document, MadeOf(revision), packages=upgrade.after)

    return await publish_what(site, SYSTEM.id, ORGANIZATION, merged, "")
