"""Endpoints that look through whole apps: words in, the records they mean out, of one app or of all the user knows."""

from collections.abc import Sequence
from typing import Annotated

from fastapi import APIRouter, Query
from pydantic import BaseModel, Field

from dougong.api.asked import AskedAddress, AskedHouse, AskedSession, known_app, knows
from dougong.api.sensitive import Reader, note_titles
from dougong.api.shapes import Label, label
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.read_hits import MOST_HITS, Hit, search_app

routes = APIRouter()

AskedText = Annotated[str, Query(max_length=200, description="What somebody typed; letters may be pinyin.")]


class HitEntry(BaseModel):
    """A record that was found."""

    app: str
    entity: str
    label: Label = Field(description="What the entity is called.")
    id: str
    title: str | None
    piece: str | None = Field(description="The text around the words, where the title has none of them and they are no pinyin.")


class SearchAnswer(BaseModel):
    """The records that words mean, best first. similar: they have the words but for a letter."""

    hits: list[HitEntry]
    similar: bool


@routes.get("/api/apps/{app}/search", operation_id="search_app")
async def search(app: str, text: AskedText, session: AskedSession, house: AskedHouse, address: AskedAddress) -> SearchAnswer:
    """Return the records of an app that words mean, as far as the user may read them: titles that are them, begin with them, have them, then others."""
    found, is_similar = await search_app(house.site, await known_app(house.site, session.actor, app), session.actor, text)
    await _note(house.site, session.actor, address, found)
    return SearchAnswer(hits=[_entry(hit) for hit in found], similar=is_similar)


@routes.get("/api/search", operation_id="search_apps")
async def search_all(text: AskedText, session: AskedSession, house: AskedHouse, address: AskedAddress) -> SearchAnswer:
    """Return the records of all apps the user knows that words mean, best first; what is spelt a little differently only where nothing else is."""
    models = [model for model in await house.site.apps() if knows(house.site, model, session.actor)]
    answers = [await search_app(house.site, model, session.actor, text) for model in models]
    is_similar = all(near for hits, near in answers if hits) and any(hits for hits, _ in answers)
    found = sorted((hit for hits, near in answers if near == is_similar for hit in hits), key=lambda hit: hit.rank)[:MOST_HITS]
    await _note(house.site, session.actor, address, found)
    return SearchAnswer(hits=[_entry(hit) for hit in found], similar=is_similar)


async def _note(site: Site, actor: Actor, address: str, found: Sequence[Hit]) -> None:
    """Write down which records were found by a title that is sensitive; other sensitive fields are not looked through."""
    ids: dict[tuple[str, str], list[str]] = {}
    for hit in found:
        ids.setdefault((hit.app, hit.entity.key), []).append(hit.id)
    for (app, entity), of in ids.items():
        await note_titles(Reader(site, actor, app, entity, address), "search", of)


def _entry(hit: Hit) -> HitEntry:
    return HitEntry(app=hit.app, entity=hit.entity.key, label=label(hit.entity.name), id=hit.id, title=hit.title, piece=hit.piece)
