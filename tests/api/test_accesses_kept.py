"""A site that keeps what a few sets of roles come to, and many people: whoever asks, in whatever turn, is answered as where all of it is kept."""

from __future__ import annotations

from collections.abc import AsyncIterator

import pytest

from dougong.api.dispatch import build_dispatch
from dougong.api.house import House
from dougong.api.web_files import WebFiles
from dougong.files.contents import Contents
from dougong.open_site import open_site
from dougong.people.passwords import Passwords
from dougong.people.sessions import Sessions
from dougong.shipped import web
from dougong.sites import Site
from tests.api.browser import Browser
from tests.api.conftest import settings_for
from tests.workshop import PEOPLE, RECORDS, Shop, browser_of

pytestmark = pytest.mark.anyio

KINDS = ("order", "maker", "thing", "note", "diary")
KEPT = 4


@pytest.fixture(scope="module")
async def cramped(shop: Shop) -> AsyncIterator[tuple[Site, dict[str, Browser]]]:
    """Return the same site as a process meets it that keeps next to nothing, and the people's browsers there."""
    settings = settings_for(shop.dsn)
    async with open_site(settings) as opened:
        opened.site.most_accesses = KEPT
        passwords = Passwords()
        house = House(opened.site, Sessions(opened.site), passwords, Contents(settings))
        app = build_dispatch(house, WebFiles(web()))
        yield opened.site, {name: browser_of(app, shop.tickets[name]) for name in PEOPLE}
        passwords.close()


async def test_more_sets_of_roles_than_are_kept_are_answered_rightly(shop: Shop, cramped: tuple[Site, dict[str, Browser]]) -> None:
    site, people = cramped
    order = await shop.order("worker")
    await shop.create("note", "other", name="private")
    paths = [f"{RECORDS}/{kind}" for kind in KINDS] + [f"{RECORDS}/order/{order['id']}", "/api/apps/workshop/model"]
    statuses = set()
    for _ in range(2):
        for path in paths:
            for name, browser in people.items():
                found, known = await browser.get(path), await getattr(shop, name).get(path)
                assert (found.status_code, found.text) == (known.status_code, known.text), (path, name)
                statuses.add(found.status_code)
        assert len(site.accesses) <= KEPT
    assert statuses == {200, 404}


async def test_what_may_be_sent_is_known_whoever_asked_before(shop: Shop, cramped: tuple[Site, dict[str, Browser]]) -> None:
    _, people = cramped
    order = await shop.order("worker")
    for turn in range(3):
        for name, status, refusal in (("worker", 200, 422), ("manager", 200, 422), ("other", 404, 422), ("reader", 403, 403)):
            answer = await people[name].ask("PATCH", f"{RECORDS}/order/{order['id']}", {"remark": f"{name} {turn}"})
            assert answer.status_code == status, (name, answer.text)
            refused = await people[name].ask("PATCH", f"{RECORDS}/order/{order['id']}", {"total": "1"})
            assert refused.status_code == refusal, (name, refused.text)
