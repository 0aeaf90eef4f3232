"""A model that was just published in; the one record of each entity that has one, made of its defaults where it is missing, out."""

from dougong.model.app_model import AppModel
from dougong.model.messages import MESSAGES
from dougong.permissions.actor import SYSTEM
from dougong.registry.errors import DefinitionInvalid
from dougong.sites import Site
from dougong.store.errors import RecordInvalid
from dougong.store.ids import single_id
from dougong.store.names import table_name
from dougong.store.save import Executor
from dougong.work.perform import perform_in
from dougong.work.request import Create, Request
from engines.entity.entity import Entity
from engines.values.issue import Issue, issue


async def keep_singles(executor: Executor, site: Site, model: AppModel) -> None:
    """Make the records that are missing; raises DefinitionInvalid where there are several, or the defaults break a rule."""
    for entity in model.entities.values():
        if entity.kind == "single":
            count = (await executor.fetch(f"SELECT count(*) AS n FROM {table_name(entity)} WHERE deleted_at IS NULL"))[0]["n"]
            if count > 1:
                raise DefinitionInvalid((issue(MESSAGES, "definition-single-many", f"{entity.pointer}/kind", None, count=count),))
            if not count:
                await _make(executor, site, model, entity)


async def _make(executor: Executor, site: Site, model: AppModel, entity: Entity) -> None:
    create = Create(entity.key, {}, single_id(entity.app, entity.key))
    try:
        await perform_in(executor, site, model, Request(model.app, SYSTEM, (create,), "publish", is_confirmed=True))
    except RecordInvalid as refusal:
        raise DefinitionInvalid(tuple(_told(entity, found) for found in refusal.issues)) from refusal


def _told(entity: Entity, found: Issue) -> Issue:
    words = {f"reason_{language[:2]}": text for language, text in found.message.items()}
    return issue(MESSAGES, "definition-single-broken", f"{entity.pointer}/kind", None, **words)
