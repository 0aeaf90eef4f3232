"""Words somebody types in; the records of a whole app that they mean, best first, through one SELECT that the actor's policies have joined."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import orjson

from dougong.model.app_model import AppModel
from dougong.permissions.access import access_for
from dougong.permissions.actor import Actor
from dougong.sites import Site
from dougong.store.read import actor_context, moment, sources
from dougong.store.statement import Statement, compile_statement
from engines.dataset.hits import EACH, hits_sql, titles_like
from engines.dataset.search import Search, folded, search_for, search_near, words_of
from engines.entity.entity import Entity

MOST_HITS = 30
_AROUND = 24
"""So many characters are shown on either side of the words that were found."""


@dataclass(frozen=True, slots=True)
class Hit:
    """A record that was found. title: what people call it; piece: the text around the words where its title has none of them, or None."""

    app: str
    entity: Entity
    id: str
    title: str | None
    piece: str | None
    rank: int


async def search_app(site: Site, model: AppModel, actor: Actor, text: str) -> tuple[list[Hit], bool]:
    """Return up to 30 records, at most 5 of an entity, and whether they have the words but for a letter only.

    Nothing is found by an empty text, nor in entities without texts to look through or of which the actor may read nothing.
    """
    for is_near, words in ((False, search_for(text)), (True, search_near(text))):
        hits = [] if words is None else await _hits(site, model, actor, text, words)
        if hits:
            return hits, is_near
    return [], False


async def _hits(site: Site, model: AppModel, actor: Actor, text: str, words: Search) -> list[Hit]:
    shape = (model, "hits", actor.rights)
    statement: Statement | None = site.compiled.get(shape)
    if statement is None:
        asked = [(entity, condition and condition.tree) for entity, condition in _searched(site, model, actor)]
        if not asked:
            return []
        statement = compile_statement(hits_sql(asked, sources(site, model, actor), actor_context(site, model, actor)))
        site.keep(shape, statement)
    titles = titles_like(text)
    values = {**moment(site, actor), **words.bound, **titles.bound}
    found: list[Mapping[str, Any]] = orjson.loads(await site.pool.fetchval(statement.sql, *statement.arguments(values)))
    place = {key: n for n, key in enumerate(model.entities)}
    best: dict[str, Hit] = {}
    counts: dict[str, int] = {}
    for row in sorted(found, key=lambda row: (row["rank"], place[row["entity"]])):
        if row["id"] not in best and counts.get(row["entity"], 0) < EACH:
            counts[row["entity"]] = counts.get(row["entity"], 0) + 1
            piece = _piece(words_of(text), row["title"] or "", row["texts"])
            best[row["id"]] = Hit(model.app, model.entities[row["entity"]], row["id"], row["title"], piece, row["rank"])
    return list(best.values())[:MOST_HITS]


def _searched(site: Site, model: AppModel, actor: Actor) -> list[tuple[Entity, Any]]:
    """Return the entities that have texts to look through, with the condition on the rows the actor may read."""
    accesses = [access_for(site, model, actor, key) for key, entity in model.entities.items() if entity.parent is None]
    return [(access.seen, access.rows["read"]) for access in accesses if access.allows("read") and access.seen.search_fields]


def _piece(words: Sequence[str], title: str, texts: Sequence[str | None]) -> str | None:
    """Return the text around the first word that stands in another text than the title; of what is found by pinyin there is none."""
    if any(word in folded(title) for word in words):
        return None
    for text in texts:
        plain = folded(text or "")
        places = [place for word in words if (place := plain.find(word)) >= 0]
        if text is not None and places and len(plain) == len(text):
            first, last = max(0, min(places) - _AROUND), min(places) + 2 * _AROUND
            cut = " ".join(text[first:last].split())
            return f"{'…' if first else ''}{cut}{'…' if last < len(text) else ''}"
    return None
