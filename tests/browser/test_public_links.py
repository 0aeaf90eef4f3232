"""Public links in the browser: a form is opened and filled in on a phone without an account, a record is shared and read with a password."""

from __future__ import annotations

import re
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import assert_accessible, call, copied_by_hand, expect_errors, pick, picture

RECORDS = "/api/apps/visits/records"


def name(zh: str, en: str) -> dict[str, str]:
    return {"zh-CN": zh, "en": en}


def document() -> dict[str, Any]:
    """Return an app of visits: with a room to choose, guests as rows, and a note that is in no form."""
    field: dict[str, tuple[str, dict[str, str], dict[str, Any]]] = {
        "name": ("text", name("姓名", "Name"), {"required": True}), "day": ("date", name("日期", "Day"), {}), "room": ("reference", name("会议室", "Room"), {"to": "room"}),
        "persons": ("number", name("人数", "Persons"), {"scale": 0}), "inside": ("text", name("内部备注", "Inside"), {}),
        "guests": ("lines", name("同行人", "Guests"), {"fields": [{"key": "guest", "kind": "text", "name": name("同行人姓名", "Guest"), "required": True}]}),
    }  # fmt: skip
    fields = [{"key": key, "kind": kind, "name": said, **more} for key, (kind, said, more) in field.items()]
    inputs = [{"key": key, "kind": "input", "field": key, "span": 2 if key == "guests" else 1} for key in field if key != "inside"]
    actions = ["create", "read", "update", "delete", "share"]
    return {
        "format": "dougong.app/1", "key": "visits", "version": "1.0.0", "name": name("来访", "Visits"), "languages": ["zh-CN", "en"],
        "requires": [{"package": "organization", "version": ">=1.0,<2"}],
        "entities": [
            {"key": "room", "name": name("会议室", "Room"), "title": "name", "fields": [{"key": "name", "kind": "text", "name": name("名称", "Name"), "required": True}]},
            {"key": "visit", "name": name("来访登记", "Visit"), "title": "name", "fields": fields},
        ],
        "forms": [{"key": "visit", "entity": "visit", "name": name("来访登记表", "Visit request"), "nodes": [{"key": "all", "kind": "section", "columns": 2, "nodes": inputs}]}],
        "views": [{"key": "visits", "kind": "list", "entity": "visit", "form": "visit", "name": name("来访登记", "Visits"), "columns": [{"key": "name"}, {"key": "room"}]}],
        "menus": [{"key": "all", "name": name("来访", "Visits"), "items": [{"key": "visits", "view": "visits"}]}],
        "roles": [{"key": "chief", "name": name("管理员", "Chief"), "installer": True, "may": ["design", "publish"]}],
        "policies": [{"key": key, "role": "chief", "entity": key, "actions": actions, "rows": "all"} for key in ("room", "visit")],
    }  # fmt: skip


@pytest.fixture(scope="module")
def visits(visit_once: Page) -> None:
    """Install the app of visits."""
    call(visit_once, "POST", "/api/apps", {"package": document()})
    call(visit_once, "POST", f"{RECORDS}/room", {"name": "三楼会议室"})


@pytest.fixture(scope="module")
def visit_once(server: Any, browser: Any, signed_in: Any) -> Any:  # noqa: ANN401
    """Give a page of the administrator for what is made once."""
    with browser.new_context(base_url=server.address, storage_state=signed_in) as context:
        yield context.new_page()


def address_made(page: Page) -> str:
    """Return the address that is shown once a link is made."""
    box = page.get_by_label("地址", exact=True)
    expect(box).to_have_value(re.compile("/open#"))
    return box.input_value()


@pytest.mark.usefixtures("visits")
def test_a_form_is_opened_and_filled_in_on_a_phone_without_an_account(visit: Visit) -> None:
    with visit() as page:
        page.goto("/apps/visits/views/visits")
        page.get_by_role("link", name="公开链接").click()
        page.get_by_role("combobox", name="填写的内容").select_option("visit")
        page.get_by_role("textbox", name="名称").fill("前台的二维码")
        page.get_by_role("checkbox", name="会议室").check()
        picture(page, "public-link-new")
        assert_accessible(page)
        page.get_by_role("button", name="创建链接").click()
        url = address_made(page)
        expect(page.get_by_text("前台的二维码")).to_be_visible()
        picture(page, "public-link-made")
        page.get_by_role("button", name="复制", exact=True).click()
        again = page.get_by_role("button", name="已复制", exact=True)
        expect(again).to_be_visible()
        assert page.evaluate("navigator.clipboard.readText()") == url
        page.evaluate("navigator.clipboard.writeText('something else')")
        assert copied_by_hand(page, again) == url
        expect(page.get_by_role("button", name="复制", exact=True)).to_be_visible()
        with visit(language="en", is_phone=True, is_signed_in=False) as phone:
            phone.goto(url)
            expect(phone.get_by_role("heading", name="Visit request")).to_be_visible()
            expect(phone.get_by_text("Inside")).to_have_count(0)
            expect(phone.get_by_role("navigation")).to_have_count(0)
            phone.get_by_role("button", name="Send").click()
            expect(phone.get_by_role("alert")).to_be_visible()
            expect(phone.get_by_role("textbox", name="Name")).to_be_focused()
            picture(phone, "public-form-wrong")
            phone.get_by_role("textbox", name="Name").fill("Ann Visitor")
            phone.get_by_role("textbox", name="Persons").fill("2")
            pick(phone, "Room", "三楼会议室")
            phone.get_by_role("button", name=re.compile("Add")).first.click()
            phone.get_by_role("textbox", name=re.compile("Guest")).fill("Bob Guest")
            picture(phone, "public-form")
            assert_accessible(phone)
            phone.get_by_role("button", name="Send").click()
            expect(phone.get_by_role("heading", name="Thank you")).to_be_focused()
            assert_accessible(phone)
            picture(phone, "public-form-thanks")
            phone.get_by_role("button", name="Fill in another").click()
            expect(phone.get_by_role("textbox", name="Name")).to_have_value("")
            assert phone.context.cookies() == []
        page.goto("/apps/visits/views/visits")
        page.get_by_text("Ann Visitor").first.click()
        expect(page.get_by_role("heading", name="Ann Visitor")).to_be_visible()
        expect(page.get_by_text("三楼会议室")).to_be_visible()
        expect(page.get_by_text("Bob Guest")).to_be_visible()
        page.get_by_role("button", name="修改历史").or_(page.get_by_role("button", name="历史")).first.click()
        expect(page.get_by_text("由访客通过其公开链接提交")).to_be_visible()
        picture(page, "public-form-history")


@pytest.mark.usefixtures("visits")
def test_a_record_is_shared_and_read_with_a_password_by_a_public_link(visit: Visit) -> None:
    with visit() as page:
        call_page = page
        page.goto("/")
        department = call(call_page, "POST", "/api/apps/organization/records/department", {"name": "前台"})
        assert department["id"]
        made = call(call_page, "POST", f"{RECORDS}/visit", {"name": "李雷来访", "inside": "only for us", "persons": "3", "guests": [{"guest": "韩梅梅"}]})
        page.goto(f"/apps/visits/records/visit/{made['id']}")
        page.get_by_role("button", name="共享").click()
        dialog = page.get_by_role("dialog")
        expect(dialog.get_by_text("还没有共享给任何人。")).to_be_visible()
        dialog.get_by_role("combobox", name="共享给").first.select_option("to_department")
        box = dialog.get_by_role("combobox", name="共享给").nth(1)
        box.click()
        box.fill("前台")
        page.get_by_role("option", name=re.compile("前台")).first.click()
        dialog.get_by_role("checkbox", name="可以修改").check()
        until = dialog.get_by_label("截止到").first
        until.fill("2031-12-31")
        until.press("Tab")
        picture(page, "share-dialog")
        assert_accessible(page)
        dialog.get_by_role("button", name="共享", exact=True).click()
        expect(dialog.get_by_text("可修改 · 到 2031-12-31 23:59")).to_be_visible()
        expect(dialog.get_by_role("checkbox", name="可以修改")).not_to_be_checked()
        picture(page, "share-dialog-shared")
        dialog.get_by_role("button", name="取消对 前台 的共享").click()
        expect(dialog.get_by_text("还没有共享给任何人。")).to_be_visible()
        dialog.get_by_role("button", name="新建公开链接").click()
        dialog.get_by_label("密码").fill("open sesame")
        picture(page, "share-dialog-link")
        dialog.get_by_role("button", name="创建链接").click()
        url = address_made(page)
        assert_accessible(page)
        with visit(language="en", is_signed_in=False) as guest:
            expect_errors(guest, "401", "404")
            guest.goto(url)
            guest.get_by_label("Password").fill("not the word")
            guest.get_by_role("button", name="Open").click()
            expect(guest.get_by_role("alert")).to_be_visible()
            assert_accessible(guest)
            picture(guest, "public-link-locked")
            guest.get_by_label("Password").fill("open sesame")
            guest.get_by_role("button", name="Open").click()
            expect(guest.get_by_role("heading", name="Visit request 李雷来访")).to_be_visible()
            expect(guest.get_by_text("韩梅梅")).to_be_visible()
            assert "only for us" not in guest.content()
            expect(guest.get_by_role("textbox")).to_have_count(0)
            assert_accessible(guest)
            picture(guest, "public-record")
            page.goto("/public-links")
            page.get_by_role("button", name="收回 李雷来访").click()
            page.get_by_role("button", name="永久收回").click()
            expect(page.get_by_role("button", name="收回 李雷来访")).to_have_count(0)
            assert_accessible(page)
            picture(page, "public-links")
            guest.goto("about:blank")
            guest.goto(url)
            expect(guest.get_by_role("heading", name="The link is not valid")).to_be_visible()


@pytest.mark.usefixtures("visits")
def test_the_links_of_an_app_are_reached_from_its_menu_on_a_phone(visit: Visit) -> None:
    with visit(is_phone=True) as page:
        page.goto("/apps/visits/views/visits")
        page.get_by_role("navigation", name="导航").get_by_role("link", name="菜单").click()
        page.get_by_role("link", name="公开链接").click()
        expect(page.get_by_role("heading", name="公开链接", exact=True)).to_be_visible()
        assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
        page.go_back()
        expect(page.get_by_role("link", name="来访登记")).to_be_visible()
        assert_accessible(page)
        picture(page, "app-menu-phone")


@pytest.mark.usefixtures("visits")
def test_a_visitor_who_comes_too_often_is_told_when_to_come_again(visit: Visit) -> None:
    with visit() as page:
        bounds: tuple[dict[str, str], ...] = ({"name": "a form"}, {"name": "a form with a password", "password": "open sesame"})
        links = [call(page, "POST", "/api/public-links", {"app": "visits", "kind": "fill", "entity": "visit", "form": "visit", **one})["url"] for one in bounds]
    with visit(language="en", is_signed_in=False) as guest:
        expect_errors(guest, "401", "404", "429")

        def ask(url: str, path: str, body: dict[str, str], count: int) -> None:
            for _ in range(count):
                guest.request.post(path, data=body, headers={"X-Link-Token": url.partition("#")[2]})

        guest.goto(links[0])
        guest.get_by_role("textbox", name="Name").fill("Ann Visitor")
        ask(links[0], "/api/public/records", {"name": "many"}, 100)
        guest.get_by_role("button", name="Send").click()
        expect(guest.get_by_role("alert").filter(has_text=re.compile(r"too often. Please try again in \d+ seconds"))).to_be_visible()
        expect(guest.get_by_role("textbox", name="Name")).to_have_value("Ann Visitor")
        assert_accessible(guest)
        picture(guest, "public-form-too-often")
        guest.goto("about:blank")
        guest.goto(links[1])
        ask(links[1], "/api/public/open", {"password": "a guess of many"}, 10)
        guest.get_by_label("Password").fill("open sesame")
        guest.get_by_role("button", name="Open").click()
        expect(guest.get_by_role("alert").filter(has_text=re.compile(r"Please try again in \d+ seconds"))).to_be_visible()
        expect(guest.get_by_label("Password")).to_be_visible()
        picture(guest, "public-link-guessed")
        unknown = f"{links[0].partition('#')[0]}#{'x' * 43}"
        ask(unknown, "/api/public/open", {}, 60)
        guest.goto("about:blank")
        guest.goto(unknown)
        expect(guest.get_by_role("heading", name="Too often")).to_be_visible()
        expect(guest.get_by_text(re.compile(r"try again in \d+ seconds"))).to_be_visible()
        expect(guest.get_by_role("button", name="Try again")).to_be_visible()
        expect(guest.get_by_label("Password")).to_have_count(0)
        assert_accessible(guest)
        picture(guest, "public-link-too-often")
