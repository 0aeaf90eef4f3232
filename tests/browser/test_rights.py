"""People with fewer rights in the designer and the library: what they may not do is not offered, and the page says what it would take."""

from __future__ import annotations

import contextlib
import os
import re
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from copy import deepcopy
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import DESK, PHONE, Server, Visit, _watched
from tests.browser.journey import assert_accessible, call, expect_errors, picture
from tests.warm import run

ROOT = Path(__file__).parents[2]
KEY = "rights_shown"
APP = f"/api/apps/{KEY}"
As = Callable[..., AbstractContextManager[Page]]
PEOPLE = {"designing": f"{KEY}.designer", "working": f"{KEY}.worker", "installing": "organization.x_installer"}
"""Somebody who may design and not publish, somebody who may do neither, somebody who may install and not design; with their role."""


@pytest.fixture(scope="module")
def people(server: Server, browser: Browser, signed_in: Any) -> None:  # noqa: ANN401
    """Install an app of two versions with a draft, and make the people."""
    with browser.new_context(base_url=server.address, storage_state=signed_in) as context:
        page = context.new_page()
        name = {"zh-CN": "卡片", "en": "Cards"}
        roles = [
            {"key": key, "name": {"zh-CN": key, "en": key}, "installer": key == "chief", "may": may}
            for key, may in (("chief", ["design", "publish"]), ("designer", ["design"]), ("worker", []))
        ]
        fields = [
            {"key": "name", "kind": "text", "name": {"zh-CN": "名称", "en": "Name"}},
            {"key": "shelf", "kind": "text", "name": {"zh-CN": "货位", "en": "Shelf"}},
        ]
        nodes = [{"key": "basic", "kind": "section", "name": name, "nodes": [{"key": "name", "kind": "input", "field": "name"}]}]
        document: dict[str, Any] = {
            "format": "dougong.app/1", "key": KEY, "version": "1.0.0", "name": name, "requires": [{"package": "organization", "version": ">=1.0,<2"}],
            "entities": [{"key": "card", "name": name, "title": "name", "fields": fields}], "roles": roles,
            "forms": [{"key": "card", "entity": "card", "name": name, "nodes": nodes}],
            "policies": [{"key": f"{one['key']}_card", "role": one["key"], "entity": "card", "actions": ["read"]} for one in roles],
        }  # fmt: skip
        call(page, "POST", "/api/apps", {"package": document})
        second = deepcopy(document)
        del second["entities"][0]["fields"][1]
        kept(page, APP, second)
        third = {**second, "icon": "hammer"}
        keep(page, APP, third)
        organization = call(page, "GET", "/api/apps/organization/export")
        organization["roles"].append({"key": "x_installer", "name": {"zh-CN": "安装员", "en": "Installer"}, "may": ["install"]})
        kept(page, "/api/apps/organization", organization)
        ids = {row["key"]: row["id"] for row in call(page, "GET", "/api/apps/organization/records/role?limit=200")["records"]}
        for person, role in PEOPLE.items():
            given = [{"role": ids[key]} for key in (role, "organization.member")]
            call(page, "POST", "/api/apps/organization/records/user", {"name": person, "email": f"{person}@example.com", "roles": given})
        newer = {**document, "version": "2.0.0"}
        call(page, "POST", "/api/library", newer)


def keep(page: Page, app: str, document: dict[str, Any]) -> int:
    revision = call(page, "GET", f"{app}/draft")["revision"]
    return int(call(page, "PUT", f"{app}/draft", {"revision": revision, "document": document})["revision"])


def kept(page: Page, app: str, document: dict[str, Any]) -> None:
    """Publish a document as the next version."""
    call(page, "POST", f"{app}/versions", {"revision": keep(page, app, document), "note": ""})


@pytest.fixture
def as_(server: Server, browser: Browser, people: None) -> As:
    """Return what opens a page of one of the people: `as_("designing", language="en", is_phone=True)`."""

    @contextlib.contextmanager
    def open_page(person: str, language: str = "zh-CN", is_phone: bool = False) -> Iterator[Page]:
        printed = run("user", "link", f"{person}@example.com", environment=os.environ | {"DATABASE_URL": server.database}).stdout
        with browser.new_context(base_url=server.address, locale=language, reduced_motion="reduce", **(PHONE if is_phone else DESK)) as context:
            token = urlsplit(printed.strip()).fragment
            assert context.request.post("/api/links/use", data={"token": token, "password": "correct horse battery"}).ok
            for page in _watched(context):
                if is_phone:
                    page.set_viewport_size({"width": 390, "height": 800})
                call(page, "PATCH", "/api/session", {"language": language})
                yield page

    return open_page


TEXTS = {
    "zh-CN": ("将要改变的内容", "您可以设计此应用，但不能发布", "放弃草稿", "恢复到较早的版本需要发布权限", "查看和清除停用的数据需要发布权限"),
    "en": ("What will change", "but not publish it", "Discard the draft", "Going back to an earlier version takes the right", "To see and purge such data takes"),
}


@pytest.mark.parametrize(("language", "is_phone"), [("zh-CN", False), ("en", True)])
def test_who_may_design_but_not_publish(as_: As, language: str, is_phone: bool) -> None:
    changes, why, discard, restore, purge = TEXTS[language]
    with as_("designing", language, is_phone) as page:
        page.goto(f"/design/{KEY}/publish")
        expect(page.get_by_text(re.compile(why))).to_be_visible()
        acts = page.locator(".publish-acts").get_by_role("button")
        expect(acts).to_have_text([re.compile(discard)])
        expect(page.locator("#publish-note, #publish-due")).to_have_count(0)
        fits(page, f"rights-publish-{language}")
        page.goto(f"/design/{KEY}/versions")
        expect(page.get_by_text(re.compile(restore))).to_be_visible()
        expect(page.get_by_text(re.compile(purge))).to_be_visible()
        expect(page.get_by_role("link", name=re.compile(changes))).to_be_visible()
        expect(page.locator(".version-entry")).to_have_count(2)
        expect(page.locator(".version-entry .anticon-undo, .version-acts button", has_text=re.compile("恢复|Go back"))).to_have_count(0)
        fits(page, f"rights-versions-{language}")
        for path in ("upgrade", "problems", "forms/card"):
            page.goto(f"/design/{KEY}/{path}")
            expect(page.get_by_role("link", name=re.compile(changes))).to_be_visible()
        fits(page, f"rights-designer-{language}")


@pytest.mark.parametrize(("language", "is_phone", "why"), [("zh-CN", False, "您不能设计此应用"), ("en", True, "You may not design this app")])
def test_who_may_do_neither(as_: As, language: str, is_phone: bool, why: str) -> None:
    with as_("working", language, is_phone) as page:
        expect_errors(page, "403")
        for path in ("publish", "versions", "upgrade", "problems", "forms/card"):
            page.goto(f"/design/{KEY}/{path}")
            expect(page.get_by_text(why)).to_be_visible()
            expect(page.get_by_role("button", name=re.compile("重试|Try again"))).to_have_count(0)
        fits(page, f"rights-none-{language}")
        page.locator(".state").get_by_role("link").click()
        expect(page).to_have_url(re.compile(f"/apps/{KEY}"))
        expect(page.locator(".side-design")).to_have_count(0)


def test_who_may_install_but_not_design(as_: As) -> None:
    with as_("installing") as page:
        page.goto("/library")
        tile = page.get_by_role("listitem").filter(has_text="卡片")
        expect(tile.get_by_text("可升级到 2.0.0")).to_be_visible()
        expect(tile.get_by_role("link", name="可升级到 2.0.0")).to_have_count(0)
        tile.get_by_role("button").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("升级需要此应用的设计权限")).to_be_visible()
        fits(page, "rights-library")


def test_who_may_do_all_is_offered_all(visit: Visit, people: None) -> None:
    with visit() as page:
        page.goto(f"/design/{KEY}/publish")
        for name in ("发布", "在数据上试发布", "放弃草稿"):
            expect(page.locator(".publish-acts").get_by_role("button", name=name, exact=True)).to_be_enabled()
        page.goto(f"/design/{KEY}/versions")
        expect(page.get_by_role("button", name="恢复到版本 1")).to_be_enabled()
        expect(page.get_by_role("button", name="查看停用的数据")).to_be_enabled()
        page.goto("/library")
        expect(page.get_by_role("listitem").filter(has_text="卡片").get_by_role("link", name="可升级到 2.0.0")).to_be_visible()


def fits(page: Page, name: str) -> None:
    """See that a page is no wider than the screen and accessible, and keep a picture of it."""
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    assert_accessible(page)
    picture(page, name)
