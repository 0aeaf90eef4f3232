"""People in the browser: the tree of departments with its people, a person with what gives their roles, handing over work, the audit log; on a phone too."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect

from tests.browser.conftest import Visit
from tests.browser.journey import assert_accessible, call, picture

PEOPLE = "/api/apps/organization/records"


def settled(page: Page) -> dict[str, str]:
    """Make two departments with people, once; return ids by name."""
    found = call(page, "GET", f"{PEOPLE}/department?filter=name%20%3D%20%22%E9%94%80%E5%94%AE%E9%83%A8%22&fields=name")["records"]
    users = {one["name"]: one["id"] for one in call(page, "GET", f"{PEOPLE}/user?limit=100&fields=name")["records"]}
    if found:
        return users
    lead = next(iter(sorted(users)))
    top = call(page, "POST", f"{PEOPLE}/department", {"name": "销售部", "manager": users[lead]})
    east = call(page, "POST", f"{PEOPLE}/department", {"name": "华东区", "parent_department": top["id"]})
    role = call(page, "GET", f"{PEOPLE}/role?filter=key%20%3D%20%22organization.auditor%22&fields=name")["records"][0]["id"]
    post = call(page, "POST", f"{PEOPLE}/position", {"name": "客户经理", "roles": [{"role": role}]})
    for name in ("林一", "周二"):
        values = {"name": name, "email": f"p{len(users)}@people.example.com", "department": east["id"], "main_position": post["id"], "mobile": "13800000000"}
        users[name] = call(page, "POST", f"{PEOPLE}/user", values)["id"]
    call(page, "PATCH", f"{PEOPLE}/department/{east['id']}", {"manager": users["林一"]})
    return users


def test_the_tree_shows_its_people_and_a_person_what_gives_their_roles(admin_page: Page) -> None:
    page = admin_page
    settled(page)
    page.goto("/")
    page.get_by_role("button", name=re.compile("的菜单")).click()
    page.get_by_role("menuitem", name="人员").click()
    expect(page.get_by_role("heading", name="人员")).to_be_visible()
    page.get_by_role("button", name="销售部").click()  # with those below it
    expect(page.get_by_role("link", name=re.compile("林一"))).to_be_visible()
    picture(page, "people")
    assert_accessible(page)
    page.get_by_role("searchbox", name="按姓名或邮箱查找").fill("周二")
    expect(page.get_by_role("link", name=re.compile("林一"))).to_have_count(0)
    page.get_by_role("link", name=re.compile("周二")).click()
    expect(page.get_by_role("heading", name="周二")).to_be_visible()
    expect(page.get_by_text("销售部 / 华东区")).to_be_visible()
    expect(page.get_by_role("link", name="岗位：客户经理")).to_be_visible()
    assert_accessible(page)
    picture(page, "person")


def test_work_is_handed_over_after_the_numbers_were_seen(admin_page: Page) -> None:
    page = admin_page
    users = settled(page)
    page.goto(f"/people/{users['林一']}")
    page.get_by_role("button", name="交接工作").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_text("部门 › 负责人")).to_be_visible()
    run = dialog.get_by_role("button", name=re.compile("^交接 1 处$"))
    expect(run).to_be_disabled()
    dialog.get_by_text("只交接其中一部分…").first.click()
    some = dialog.get_by_role("textbox", name="“部门”的条件")
    some.fill('name = "另一个"')
    some.press("Enter")
    expect(dialog.get_by_role("button", name=re.compile("^交接 0 处$"))).to_be_disabled()
    picture(page, "hand-over-filter")
    some.fill("")
    some.press("Enter")
    dialog.get_by_role("searchbox", name="交给").fill("周二")
    dialog.get_by_role("radio", name=re.compile("周二")).check()
    picture(page, "hand-over")
    assert_accessible(page)
    run.click()
    expect(dialog.get_by_text("已交接 1 条。")).to_be_visible()
    east = call(page, "GET", f"{PEOPLE}/department?filter=name%20%3D%20%22%E5%8D%8E%E4%B8%9C%E5%8C%BA%22&fields=manager")["records"][0]
    assert east["manager"] == users["周二"]


def test_the_audit_log_is_filtered_exported_and_found_whole(admin_page: Page) -> None:
    page = admin_page
    settled(page)
    page.goto("/")
    page.get_by_role("button", name=re.compile("的菜单")).click()
    page.get_by_role("menuitem", name="审计日志").click()
    expect(page.get_by_role("heading", name="审计日志")).to_be_visible()
    page.get_by_label("行为").select_option("change-organization")
    page.get_by_role("searchbox", name="谁或对象").fill("周二")
    expect(page.get_by_role("link", name=re.compile("周二"))).to_have_count(1)
    page.locator("summary", has_text="核对日志是否完整").click()
    page.get_by_role("button", name="核对日志是否完整").click()
    expect(page.get_by_text("日志完整。请把这个封签保存在别处：")).to_be_visible()
    picture(page, "audit")
    assert_accessible(page)
    with page.expect_download() as download:
        page.get_by_role("link", name="CSV").click()
    assert download.value.path().read_text(encoding="utf-8-sig").count("周二") >= 1


def test_pages_of_administration_are_called_what_their_heading_says(admin_page: Page) -> None:
    page = admin_page
    for path, heading in (("/people", "人员"), ("/audit", "审计日志"), ("/providers", "单点登录"), ("/public-links", "公开链接"), ("/invitations", "邀请与邮件")):
        page.goto(path)
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        expect(page).to_have_title(heading)


def test_it_fits_on_a_phone_in_english(visit: Visit) -> None:
    with visit(language="en", is_phone=True) as page:
        page.set_viewport_size({"width": 390, "height": 844})
        call(page, "PATCH", "/api/session", {"language": "en"})
        try:
            users = settled(page)
            for path, heading in (("/people", "People"), (f"/people/{users['周二']}", "周二"), ("/audit", "Audit log")):
                page.goto(path)
                expect(page.get_by_role("heading", name=heading, exact=True)).to_be_visible()
                expect(page.get_by_role("status")).to_have_count(0)
                assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), path
                assert_accessible(page)
                picture(page, f"phone-en-{heading}")
        finally:
            call(page, "PATCH", "/api/session", {"language": "zh-CN"})
