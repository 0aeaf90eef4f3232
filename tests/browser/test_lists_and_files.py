"""Lists of people and records, files, pictures and signatures, in a real browser: filled, saved, shown, filtered, taken out."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, StorageState, expect

from tests.api.files_app import PDF
from tests.api.files_app import picture as picture_of
from tests.browser.conftest import Server, Visit
from tests.browser.journey import assert_accessible, call, expect_errors, picture
from tests.workshop import Document, element, entity, package

APP = "/apps/cases"
NEW = f"{APP}/records/case/new?view=cases"


def cases() -> Document:
    """Return an app of cases with tags, people, files, pictures and a signature, and steps with files of their own."""
    words = {"name": ("名称", "Name"), "tags": ("标签", "Tags"), "owner": ("负责人", "Owner"), "team": ("团队", "Team"), "units": ("部门", "Departments"),
             "files": ("附件", "Files"), "photos": ("照片", "Photos"), "signed": ("签字", "Signed"), "steps": ("步骤", "Steps"), "proof": ("凭证", "Proof"),
             "about": ("相关", "About"), "source": ("来源", "Source")}

    def named(field: Document) -> Document:
        zh, en = words[field["key"]]
        inside = {"fields": [named(one) for one in field["fields"]]} if "fields" in field else {}
        return {**field, "name": {"zh-CN": zh, "en": en}, **inside}

    tag = entity("tag", "name", named(element("name", "text", required=True)))
    case = entity("case", "name", *(named(one) for one in (
        element("name", "text", required=True), element("owner", "member", default="CURRENTUSER()"), element("tags", "references", to="tag", required=True),
        element("team", "members"), element("units", "departments"),
        element("about", "any_reference", to=["tag", "organization.user"]), element("files", "attachments", types=[".pdf", ".txt"], max_count=2),
        element("photos", "images", max_count=3), element("signed", "signature"),
        element("steps", "lines", fields=[element("name", "text"), element("proof", "attachments"), element("source", "any_reference", to=["tag"])]),
    )))  # fmt: skip
    tag["name"] = {"zh-CN": "标签", "en": "Tag"}
    case["name"] = {"zh-CN": "案件", "en": "Case"}
    columns = [{"key": key} for key in ("name", "owner", "about", "tags", "team", "photos", "files")]
    views = [{"key": "cases", "kind": "list", "entity": "case", "name": {"zh-CN": "案件", "en": "Cases"}, "columns": columns}]
    menus = [{"key": "main", "name": {"zh-CN": "案件", "en": "Cases"}, "items": [{"key": "cases", "view": "cases"}]}]
    return package("cases", tag, case, views=views, menus=menus)


@pytest.fixture(scope="module")
def tags(server: Server, signed_in: StorageState, browser: Browser) -> list[str]:
    """Install the app; return the ids of its tags."""
    with browser.new_context(base_url=server.address, storage_state=signed_in) as context:
        page = context.new_page()
        call(page, "POST", "/api/apps", {"package": cases(), "demo": False})
        for name in ("张三丰", "Ann Lee"):
            call(page, "POST", "/api/apps/organization/records/user", {"name": name, "email": f"{len(name)}@cases.example.com"})
        return [call(page, "POST", "/api/apps/cases/records/tag", {"name": name})["id"] for name in ("加急", "退货", "质量")]


def choose(page: Page, name: str, *titles: str) -> None:
    """Choose records in a list, by typing and Enter, without the mouse."""
    box = page.get_by_role("combobox", name=name, exact=True)
    box.focus()
    for place, title in enumerate(titles):
        page.keyboard.type(title)
        option = page.get_by_role("listbox").get_by_role("option", name=re.compile(re.escape(title)))
        expect(option.first).to_be_visible()
        expect(page.locator(".ant-select-item-option-active", has_text=title)).to_be_visible()  # which Enter takes: the mark follows the list
        page.keyboard.press("Enter")
        expect(page.get_by_role("list", name=re.compile(name)).get_by_role("listitem")).to_have_count(place + 1)


def choose_any(page: Page, name: str, kind: str, title: str, of: str = "的记录种类") -> None:
    """Choose a kind of record, then one of it, without the mouse."""
    kinds = page.get_by_role("combobox", name=f"{name}{of}" if of.startswith("的") else f"{of} {name}")
    box = page.get_by_role("combobox", name=name, exact=True)
    if kinds.locator("option:checked").inner_text() == kind:
        box.focus()
    else:
        kinds.select_option(label=kind)
    expect(box).to_be_focused()
    page.keyboard.type(title)
    expect(page.get_by_role("listbox").get_by_role("option", name=title)).to_be_visible()
    page.keyboard.press("Enter")
    expect(box).to_have_value(title)


def upload(page: Page, name: str, *files: dict[str, Any], sign: str = "：") -> None:
    """Give files to a field as the dialog of the system would."""
    with page.expect_file_chooser() as chosen:
        page.get_by_role("button", name=re.compile(f"^{name}{sign}")).click()
    chosen.value.set_files(list(files))  # type: ignore[arg-type]


def file(name: str, content: bytes) -> dict[str, Any]:
    """Return a file to be given."""
    return {"name": name, "mimeType": "application/octet-stream", "buffer": content}


def test_a_case_is_filled_saved_and_read(admin_page: Page, tags: list[str]) -> None:
    page = admin_page
    page.goto(NEW)
    page.get_by_label("名称").first.fill("一号案件")
    expect(page.get_by_role("combobox", name="负责人")).not_to_have_value("")
    choose(page, "标签", "退货", "加急")
    choose(page, "团队", "张三丰", "Ann")
    choose_any(page, "相关", "标签", "质量")
    choose_any(page, "相关", "用户", "张三丰")
    page.get_by_role("button", name="添加一行").click()
    source = page.locator("[data-cell$='.source']")
    source.locator("input").last.click()
    page.keyboard.type("退货")
    page.get_by_role("listbox").get_by_role("option", name="退货").click()
    upload(page, "附件", file("报价.pdf", PDF), file("说明.txt", "说明".encode()))
    expect(page.get_by_role("link", name="说明.txt")).to_be_visible()
    upload(page, "照片", file("现场.png", picture_of(size=(600, 300))))
    expect(page.get_by_role("link", name="现场.png")).to_be_visible()
    page.get_by_role("button", name="签字：签名").click()
    pad = page.get_by_role("img", name="在此手写")
    place = pad.bounding_box()
    assert place is not None
    page.mouse.move(place["x"] + 40, place["y"] + 120)
    page.mouse.down()
    for step in range(12):
        page.mouse.move(place["x"] + 40 + step * 20, place["y"] + 100 + (step % 3) * 20)
    page.mouse.up()
    picture(page, "lists-pad-zh")
    page.get_by_role("button", name="完成").click()
    expect(page.get_by_role("img", name="签字：已签")).to_be_visible()
    assert_accessible(page)
    picture(page, "lists-form-zh")
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("button", name="编辑")).to_be_visible()
    expect(page.get_by_role("link", name="报价.pdf")).to_be_visible()
    expect(page.get_by_role("link", name="张三丰", exact=True)).to_have_attribute("href", re.compile("^/apps/organization/records/user/"))
    expect(page.get_by_role("link", name="退货", exact=True)).to_have_attribute("href", f"/apps/cases/records/tag/{tags[1]}")
    saved = call(page, "GET", "/api/apps/cases/records/case")["records"][0]
    assert (saved["tags__title"], saved["team__title"]) == (["退货", "加急"], ["张三丰", "Ann Lee"])
    assert (saved["about"]["entity"], saved["about__title"]) == ("organization.user", "张三丰")
    assert [one["name"] for one in saved["photos__files"]] == ["现场.png"], saved
    assert [one["type"] for one in (*saved["files__files"], *saved["photos__files"], *saved["signed__files"])] == [
        "application/pdf", "text/plain", "image/png", "image/png",
    ]  # fmt: skip
    page.reload()
    expect(page.get_by_role("img", name="现场.png")).to_be_visible()
    picture(page, "lists-detail-zh")
    assert_accessible(page)
    page.get_by_role("button", name="编辑").click()
    page.get_by_role("button", name="移除退货").click()
    page.get_by_role("button", name="移除说明.txt").click()
    page.get_by_role("button", name="移除现场.png").click()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.get_by_role("button", name="编辑")).to_be_visible()
    changed = call(page, "GET", "/api/apps/cases/records/case")["records"][0]
    assert (changed["tags__title"], [one["name"] for one in changed["files__files"]]) == (["加急"], ["报价.pdf"])
    page.get_by_role("button", name="修改历史").click()
    taken_out = page.get_by_role("region", name="修改历史").get_by_role("listitem").first.locator("del")
    with page.expect_download() as downloaded:
        taken_out.get_by_role("link", name="说明.txt").click()
    assert downloaded.value.path().read_text(encoding="utf-8") == "说明"
    expect(taken_out.get_by_role("link", name="现场.png")).to_be_visible()
    page.wait_for_function("[...document.querySelectorAll('del img')].every((one) => one.complete && one.naturalWidth > 0)")
    picture(page, "lists-history-zh")


def test_what_is_refused_is_said_beside_the_file(admin_page: Page, tags: list[str]) -> None:
    page = admin_page
    expect_errors(page, "422")
    page.goto(NEW)
    page.get_by_label("名称").first.fill("拒绝")
    upload(page, "附件", file("a.docx", b"x"))
    expect(page.get_by_role("alert")).to_have_text("只接受 .pdf, .txt")
    upload(page, "附件", file("a.pdf", b"MZ\x90\x00" + bytes(50)))
    expect(page.get_by_role("alert")).to_contain_text("不接受文件“a.pdf”")
    upload(page, "附件", file("1.txt", b"1"), file("2.txt", b"2"), file("3.txt", b"3"))
    expect(page.get_by_role("alert")).to_have_text("最多 2 个文件")
    expect(page.get_by_role("link", name="2.txt")).to_be_visible()
    page.get_by_role("button", name="保存", exact=True).click()
    expect(page.locator("[data-field=tags]").get_by_text("必填")).to_be_visible()


def test_pictures_are_dropped_and_pasted(admin_page: Page, tags: list[str], tmp_path: Path) -> None:
    page = admin_page
    page.goto(NEW)
    page.get_by_label("名称").first.fill("拖放")
    content = list(picture_of())
    for event, holder in (("drop", "dataTransfer"), ("paste", "clipboardData")):
        page.locator("[data-field=photos] .files-box").evaluate(
            """(box, [event, holder, bytes]) => {
                const given = new DataTransfer();
                given.items.add(new File([new Uint8Array(bytes)], `${event}.png`, { type: 'image/png' }));
                const kind = event === 'drop' ? DragEvent : ClipboardEvent;
                box.dispatchEvent(new kind(event, { bubbles: true, cancelable: true, [holder]: given }));
            }""",
            [event, holder, content],
        )
        expect(page.get_by_role("link", name=f"{event}.png")).to_be_visible()
    page.get_by_role("link", name="drop.png").click()
    expect(page.get_by_role("dialog", name="drop.png").get_by_role("img", name="drop.png")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("dialog")).to_have_count(0)


def test_a_phone_and_a_list_show_them_in_english_too(visit: Visit, tags: list[str]) -> None:
    with visit(is_phone=True) as page:
        call(page, "PATCH", "/api/session", {"language": "en"})
        page.set_viewport_size({"width": 390, "height": 844})
        page.goto(NEW)
        page.get_by_label("Name").first.fill("From a phone")
        choose(page, "Tags", "质量")
        choose_any(page, "About", "Tag", "质量", "Kind of record for")
        upload(page, "Photos", file("a.png", picture_of()), sign=": ")
        expect(page.get_by_role("link", name="a.png")).to_be_visible()
        box = page.get_by_role("combobox", name="About", exact=True).bounding_box()
        assert box is not None and box["width"] > 150
        picture(page, "lists-form-phone-en")
        assert page.evaluate("document.documentElement.scrollWidth") <= 390
        page.get_by_role("button", name="Save", exact=True).click()
        expect(page.get_by_role("button", name="Edit")).to_be_visible()
        picture(page, "lists-detail-phone-en")
    with visit() as page:
        page.goto(f"{APP}/views/cases?f=tags:in:{tags[2]}")
        expect(page.get_by_text("Tags is one of 质量")).to_be_visible()
        expect(page.get_by_role("grid").get_by_role("row")).to_have_count(2)
        expect(page.get_by_role("grid").get_by_role("img", name="a.png")).to_be_visible()
        picture(page, "lists-list-en")
        page.get_by_role("button", name=re.compile("^Filter")).click()
        drawer = page.get_by_role("dialog", name="Filter")
        drawer.get_by_role("button", name="Add condition").click()
        drawer.get_by_label("Field").last.select_option(label="About")
        drawer.get_by_label("Operator").last.select_option(label="is of entity")
        drawer.get_by_role("checkbox", name="Tag").check()
        picture(page, "lists-filter-any-en")
        drawer.get_by_role("button", name="Apply").click()
        expect(page.get_by_text("About is of entity Tag")).to_be_visible()
        expect(page.get_by_role("grid").get_by_role("row")).to_have_count(2)
        page.goto(f"{APP}/views/cases?f=about:in:tag/{tags[2]}")
        expect(page.get_by_text("About is one of 质量")).to_be_visible()
        expect(page.get_by_role("grid").get_by_role("link", name="质量", exact=True)).to_be_visible()
        call(page, "PATCH", "/api/session", {"language": "zh-CN"})
