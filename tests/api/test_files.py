"""Files: uploaded, held by records, read by those who may read a record that holds them, refused where they are not what they say."""

from __future__ import annotations

import asyncio
import io
from collections.abc import AsyncIterator
from pathlib import Path
from typing import Any
from uuid import uuid4

import pytest
from PIL import Image

from tests.api.browser import open_browser, problem_of
from tests.api.files_app import APP, PDF, archive, bomb, kept, make_clerks, papers, picture, sideways_photo, upload
from tests.refusal import refused
from tests.workshop import Shop, Template, open_shop


@pytest.fixture(scope="module")
async def office(shop_dsn: str, template: Template, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Shop]:
    folder = tmp_path_factory.mktemp("data")
    async with open_shop(shop_dsn, template, DOUGONG_DATA_DIR=str(folder), DOUGONG_FILE_LIMIT_MB="3") as shop:
        installed = await shop.install(papers())
        assert installed.status_code == 201, installed.text
        await make_clerks(shop, "worker", "other")
        yield shop


async def create(shop: Shop, who: str = "admin", **values: object) -> dict[str, Any]:
    """Return a new folder."""
    answer = await getattr(shop, who).post(f"{APP}/folder", {"name": "folder", **values})
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def test_a_record_holds_files_in_their_order(office: Shop) -> None:
    first, second = await kept(office.admin, "报价 单.pdf", PDF), await kept(office.admin, "a.png", picture())
    assert (first["name"], first["type"], first["size"]) == ("报价 单.pdf", "application/pdf", len(PDF))
    assert (second["type"], second["width"], second["height"]) == ("image/png", 40, 20)
    saved = await create(office, files=[second["id"], first["id"]], photos=[second["id"]], pages=[{"scans": [first["id"]]}])
    assert (saved["files"], saved["count"]) == ([second["id"], first["id"]], "2")
    read = (await office.admin.get(f"{APP}/folder/{saved['id']}")).json()
    assert read["files__files"] == [second, first]
    assert read["pages"][0]["scans__files"] == [first]
    listed = (await office.admin.get(f'{APP}/folder?filter=CONTAINS(files.name, "报价 单.pdf")')).json()["records"]
    assert [row["id"] for row in listed] == [saved["id"]]
    emptied = await office.admin.ask("PATCH", f"{APP}/folder/{saved['id']}", {"files": None})
    assert (emptied.json()["files"], emptied.json()["count"]) == ([], "0")


async def test_content_is_answered_whole_and_in_parts(office: Shop) -> None:
    content = bytes(range(256)) * 3000
    file = await kept(office.admin, "data.bin", content)
    path = f"/api/files/{file['id']}/data.bin"
    whole = await office.admin.get(path)
    assert whole.content == content
    assert whole.headers["content-disposition"] == "attachment; filename*=UTF-8''data.bin"
    assert whole.headers["x-content-type-options"] == "nosniff" and "default-src 'none'" in whole.headers["content-security-policy"]
    part = await office.admin.get(path, range="bytes=300-309")
    assert (part.status_code, part.content, part.headers["content-range"]) == (206, content[300:310], f"bytes 300-309/{len(content)}")
    last = await office.admin.get(path, range="bytes=-5")
    assert (last.status_code, last.content) == (206, content[-5:])
    beyond = await office.admin.get(path, range=f"bytes={len(content)}-")
    assert (beyond.status_code, beyond.headers["content-range"]) == (416, f"bytes */{len(content)}")
    known = await office.admin.get(path, if_none_match=whole.headers["etag"])
    assert (known.status_code, known.content) == (304, b"")
    empty = await kept(office.admin, "empty.txt", b"")
    assert (await office.admin.get(f"/api/files/{empty['id']}/x")).content == b""


async def test_only_pictures_are_shown_by_the_browser_itself(office: Shop) -> None:
    for name, content, how in (
        ("a.png", picture(), "inline"), ("a.pdf", PDF, "attachment"), ("a.html", b"<!doctype html><p>x", "attachment"),
        ("a.svg", b'<svg xmlns="http://www.w3.org/2000/svg"><rect/></svg>', "attachment"),
    ):  # fmt: skip
        file = await kept(office.admin, name, content)
        answer = await office.admin.get(f"/api/files/{file['id']}/{name}")
        assert answer.headers["content-disposition"].startswith(how)
        assert not answer.headers["content-type"].startswith("text/") and "svg" not in answer.headers["content-type"]
        saved = await office.admin.get(f"/api/files/{file['id']}/{name}?save=true")
        assert saved.headers["content-disposition"].startswith("attachment")


async def test_small_pictures_stand_upright_and_keep_no_place(office: Shop) -> None:
    file = await kept(office.admin, "photo.jpg", sideways_photo())
    assert (file["width"], file["height"]) == (200, 400)
    answer = await office.admin.get(f"/api/files/{file['id']}/photo.jpg?small=true")
    assert answer.headers["content-type"] == "image/webp"
    small = Image.open(io.BytesIO(answer.content))
    assert small.size == (160, 320) and not small.getexif()
    red, green, blue = small.convert("RGB").tobytes()[80 * 3 : 80 * 3 + 3]
    assert red > 200 and green < 100 and blue < 100
    document = await kept(office.admin, "a.pdf", PDF)
    problem_of(await office.admin.get(f"/api/files/{document['id']}/a.pdf?small=true"), 404, "file-not-found")


async def test_who_may_read_a_file_is_who_may_read_a_record_that_holds_it(office: Shop) -> None:
    file = await kept(office.worker, "mine.pdf", PDF)
    path = f"/api/files/{file['id']}/mine.pdf"
    assert (await office.worker.get(path)).status_code == 200
    for who in (office.other, office.admin, office.guest):
        problem_of(await who.get(path), 404, "file-not-found")
    saved = await create(office, "worker", files=[file["id"]])
    assert (await office.worker.get(path)).status_code == 200
    assert (await office.admin.get(path)).status_code == 200
    for who in (office.other, office.guest):
        problem_of(await who.get(path), 404, "file-not-found")
    rows = await create(office, "other", pages=[{"scans": [(await kept(office.other, "row.pdf", PDF))["id"]]}])
    row_path = f"/api/files/{rows['pages'][0]['scans'][0]}/row.pdf"
    assert [(await who.get(row_path)).status_code for who in (office.other, office.admin, office.worker)] == [200, 200, 404]
    moved = await create(office, "admin", files=[file["id"]])
    gone = await office.worker.ask("DELETE", f"{APP}/folder/{saved['id']}")
    assert gone.status_code == 204 and moved["files"] == [file["id"]]
    problem_of(await office.worker.get(path), 404, "file-not-found")
    problem_of(await office.admin.get(f"/api/files/{uuid4()}/x"), 404, "file-not-found")
    problem_of(await open_browser(office.app).get(path), 401, "access-not-signed-in")


async def test_a_file_that_only_history_names_is_read_by_who_may_read_that_history(office: Shop) -> None:
    made, changed, in_made, in_changed, in_gone = [
        (await kept(office.worker, f"{name}.pdf", PDF))["id"] for name in ("made", "changed", "in made", "in changed", "in gone")
    ]
    saved = await create(office, "worker", files=[made], pages=[{"scans": [in_made]}, {"scans": []}])
    path = f"{APP}/folder/{saved['id']}"
    first, second = ({"id": row["id"]} for row in saved["pages"])
    for step in (
        {"files": [changed], "pages": [{**first, "scans": []}, {**second, "scans": [in_changed]}, {"scans": [in_gone]}]},
        {"files": [], "pages": [first, {**second, "scans": []}]},
    ):
        assert (await office.worker.ask("PATCH", path, step)).status_code == 200
    past = f"?record=papers/folder/{saved['id']}"
    stranger = await create(office, "worker", name=made)
    for file in (made, changed, in_made, in_changed, in_gone):
        address = f"/api/files/{file}/x.pdf"
        for who in (office.worker, office.admin):
            answer = await who.get(f"{address}{past}")
            assert (answer.status_code, answer.content) == (200, PDF)
        problem_of(await office.admin.get(address), 404, "file-not-found")
        for who in (office.other, office.guest):
            problem_of(await who.get(f"{address}{past}"), 404, "file-not-found")
        for record in (stranger["id"], uuid4(), "x", ""):
            problem_of(await office.admin.get(f"{address}?record=papers/folder/{record}"), 404, "file-not-found")
    for record in (f"papers/folder.pages/{first['id']}", f"papers/none/{saved['id']}", f"none/folder/{saved['id']}", "folder"):
        problem_of(await office.admin.get(f"/api/files/{made}/x.pdf?record={record}"), 404, "file-not-found")
    theirs = await kept(office.other, "theirs.pdf", PDF)
    await create(office, "other", files=[theirs["id"]])
    assert (await office.worker.ask("PATCH", path, {"name": theirs["id"]})).status_code == 200
    problem_of(await office.worker.get(f"/api/files/{theirs['id']}/x.pdf{past}"), 404, "file-not-found")
    again = await office.admin.ask("PATCH", path, {"files": [made, changed], "pages": [{**first, "scans": [in_changed]}, {"scans": [in_gone]}]})
    assert (again.status_code, again.json()["files"]) == (200, [made, changed])
    emptied = await office.admin.post(f"{APP}/folder/bulk", {"changes": [{"action": "update", "id": saved["id"], "values": {"files": [], "pages": []}}]})
    undone = await office.admin.post(f"/api/apps/papers/change-sets/{emptied.json()['change_set']}/undo", {"changed_since": "refuse"})
    assert (undone.json()["undone"], undone.json()["left"]) == (1, []), undone.text
    assert (await office.admin.get(path)).json()["files"] == [made, changed]
    assert (await office.admin.ask("PATCH", path, {"files": [], "pages": []})).status_code == 200
    places = ("record-file-missing", "/files/0")
    for body in ({"name": "x", "files": [made]}, {"files": [made]}):
        at, how = (f"{APP}/folder", "POST") if "name" in body else (f"{APP}/folder/{stranger['id']}", "PATCH")
        await refused(office, office.admin, how, at, body, 422, "record-invalid", places)
    assert (await office.worker.ask("DELETE", path)).status_code == 204
    assert (await office.worker.get(f"/api/files/{made}/x.pdf{past}")).status_code == 200


async def test_history_and_the_record_as_it_was_tell_of_files_and_where_they_are(office: Shop) -> None:
    old, shown = await kept(office.worker, "报价 #1.pdf", PDF), await kept(office.worker, "now.png", picture(size=(9, 8)))
    saved = await create(office, "worker", files=[old["id"]], pages=[{"scans": [old["id"]]}])
    path = f"{APP}/folder/{saved['id']}"
    assert (await office.worker.ask("PATCH", path, {"files": [shown["id"]], "pages": []})).status_code == 200
    changes = (await office.worker.get(f"{path}/history")).json()["changes"]
    told = next(one for one in changes[0]["fields"] if one["field"] == "files")
    row = changes[0]["rows"][0]["fields"][0]
    past = f"?record=papers/folder/{saved['id']}"
    was = {**old, "address": f"/api/files/{old['id']}/%E6%8A%A5%E4%BB%B7%20%231.pdf{past}"}
    is_now = {**shown, "address": f"/api/files/{shown['id']}/now.png{past}"}
    assert (told["from__files"], told["to__files"], row["from__files"], row["to__files"]) == ([was], [is_now], [was], [])
    then = (await office.worker.get(f"{path}?revision=1")).json()
    assert (then["files"], then["files__files"], then["pages"][0]["scans__files"]) == ([old["id"]], [was], [was])
    for file, content in ((was, PDF), (is_now, picture(size=(9, 8)))):
        assert (await office.worker.get(file["address"])).content == content
    assert (await office.worker.get(f"{is_now['address']}&small=true")).headers["content-type"] == "image/webp"


async def test_files_of_others_are_not_put_into_records(office: Shop) -> None:
    file = await kept(office.worker, "theirs.pdf", PDF)
    places = ("record-file-missing", "/files/0")
    await refused(office, office.other, "POST", f"{APP}/folder", {"name": "x", "files": [file["id"]]}, 422, "record-invalid", places)
    await create(office, "worker", files=[file["id"]])
    await refused(office, office.other, "POST", f"{APP}/folder", {"name": "x", "files": [file["id"]]}, 422, "record-invalid", places)
    assert (await create(office, "admin", files=[file["id"]]))["files"] == [file["id"]]


async def test_fields_say_which_files_they_take(office: Shop) -> None:
    async def wrong(place: tuple[str, str], **values: object) -> None:
        await refused(office, office.admin, "POST", f"{APP}/folder", {"name": "x", **values}, 422, "record-invalid", place)

    text = (await kept(office.admin, "a.txt", b"words"))["id"]
    large = (await kept(office.admin, "large.pdf", PDF + bytes(1_000_000)))["id"]
    shown = [(await kept(office.admin, f"{n}.png", picture(size=(10 + n, 10))))["id"] for n in range(4)]
    await wrong(("record-file-type", "/offers/0"), offers=[text])
    await wrong(("record-file-too-large", "/offers/1"), offers=[shown[0], large])
    await wrong(("record-file-type", "/photos/0"), photos=[text])
    await wrong(("record-too-many-links", "/photos"), photos=shown[:3])
    await wrong(("record-too-many-links", "/signed"), signed=shown[:2])
    await wrong(("record-too-many-links", "/files"), files=shown)
    await wrong(("record-file-invalid", "/files/0"), files=["x"])
    await wrong(("record-file-missing", "/pages/0/scans/0"), pages=[{"scans": [str(uuid4())]}])
    assert (await create(office, offers=[shown[0]], signed=[shown[1]], photos=shown[:2]))["signed"] == [shown[1]]


PNG = picture()
DISGUISED = {
    "a program as a picture": ("cat.png", b"MZ\x90\x00" + bytes(200), 422, "file-refused"),
    "a program by its name": ("setup.exe", b"anything", 422, "file-refused"),
    "a program for Linux": ("readme.txt", b"\x7fELF" + bytes(50), 422, "file-refused"),
    "a script": ("run.txt", b"#!/bin/sh\nrm -rf /\n", 422, "file-refused"),
    "a page as a picture": ("cat.png", b"<html><script>alert(1)</script></html>", 422, "file-disguised"),
    "a page as text": ("notes.txt", b"<!DOCTYPE html><html><body></body></html>", 422, "file-disguised"),
    "a page as something unknown": ("notes.xyz", b" <script>alert(1)</script>", 422, "file-disguised"),
    "a picture as another": ("cat.jpg", PNG, 422, "file-disguised"),
    "a picture as a document": ("offer.pdf", PNG, 422, "file-disguised"),
    "an archive as a picture": ("cat.png", archive(), 422, "file-disguised"),
    "a drawing with a script": ("a.svg", b"<svg><script>alert(1)</script></svg>", 422, "file-refused"),
    "a drawing with a script far inside": ("a.svg", b"<svg>" + b" " * 70_000 + b"<script>1</script></svg>", 422, "file-refused"),
    "a drawing that acts": ("a.svg", b'<svg><g onload = "x()"/></svg>', 422, "file-refused"),
    "a drawing with a link": ("a.svg", b'<svg><a xlink:href="https://x.example"/></svg>', 422, "file-refused"),
    "a drawing with an entity": ("a.svg", b'<!DOCTYPE svg [<!ENTITY a "b">]><svg>&a;</svg>', 422, "file-refused"),
    "a picture with an archive behind it": ("cat.png", PNG + archive(), 422, "file-disguised"),
    "a picture with a page in it": ("cat.png", PNG + b"<html ><script >", 422, "file-disguised"),
    "a picture that is a document too": ("cat.gif", b"GIF89a" + b"%PDF-1.4" + bytes(50), 422, "file-disguised"),
    "half a picture": ("cat.png", picture(size=(300, 300))[:200], 422, "file-picture-damaged"),
    "a picture of gigabytes": ("cat.png", bomb(), 422, "file-picture-too-large"),
    "a file that is too large": ("a.bin", bytes(3_100_000), 413, "file-too-large"),
}  # fmt: skip


@pytest.mark.parametrize("case", DISGUISED)
async def test_what_is_not_what_it_says_is_refused(office: Shop, case: str) -> None:
    name, content, status, code = DISGUISED[case]
    before = await office.counts()
    problem_of(await upload(office.admin, name, content, "image/png"), status, code)
    assert await office.counts() == before


NAMES = {
    "../../etc/passwd": "passwd", "..\\..\\windows\\win.ini": "win.ini", "/etc/shadow.txt": "shadow.txt", "C:\\a.txt": "a.txt",
    "CON": "_CON", "nul.txt": "_nul.txt", "..": "file", " . ": "file", "a\u202etxt.md": "atxt.md", "a\u200f\u2066b.txt": "ab.txt",
    "x" * 300 + ".txt": "x" * 196 + ".txt", "字" * 100 + ".txt": "字" * 65 + ".txt", "a:b*c?.txt": "abc.txt", "报告 2026.txt": "报告 2026.txt",
}  # fmt: skip


@pytest.mark.parametrize("sent", NAMES, ids=[f"name-{n}" for n in range(len(NAMES))])
async def test_names_are_made_harmless(office: Shop, sent: str) -> None:
    file = await kept(office.admin, sent, b"words")
    assert file["name"] == NAMES[sent]
    answer = await office.admin.get(f"/api/files/{file['id']}/anything?save=true")
    assert answer.status_code == 200 and "\n" not in answer.headers["content-disposition"]


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.docx", archive("word/document.xml"), "application/vnd.openxmlformats-officedocument.wordprocessingml.document"),
        ("a.csv", "名称,数量\n螺丝,1\n".encode("gb18030"), "text/csv"),
        ("BMW.txt", b"BMW, price list", "text/plain"),
        ("noname", PDF, "application/pdf"),
        ("a.dwg", b"AC1027\x00\x00\x01", "application/octet-stream"),
        ("a.webp", picture("WEBP"), "image/webp"),
        ("a.svg", b'<?xml version="1.0"?><svg><use href="#a"/></svg>', "image/svg+xml"),
        ("a.html", b"<!doctype html><p>", "text/html"),
        ("a.bmp", picture("BMP"), "image/bmp"),
        ("a.xls", b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(100), "application/vnd.ms-excel"),
    ],
    ids=["docx", "csv in GB18030", "text like a bitmap", "no extension", "drawing", "webp", "svg", "html", "bmp", "xls"],
)
async def test_types_come_of_the_content(office: Shop, name: str, content: bytes, kind: str) -> None:
    file = await kept(office.admin, name, content)
    assert file["type"] == kind or (name == "a.dwg" and "dwg" in file["type"])


async def test_a_form_without_one_file_is_refused(office: Shop) -> None:
    admin = office.admin
    headers = {"x-csrf-token": admin.csrf_token}
    for answer in (
        await admin.client.post("/api/files", files={"other": ("a.txt", b"x")}, headers=headers),
        await admin.client.post("/api/files", data={"file": "x"}, headers=headers),
        await admin.client.post("/api/files", files=[("file", ("a.txt", b"x")), ("file", ("b.txt", b"x"))], headers=headers),
        await admin.client.post("/api/files", content=b"{}", headers={**headers, "content-type": "application/json"}),
        await admin.client.post("/api/files", content=b"--x", headers={**headers, "content-type": "multipart/form-data"}),
    ):
        problem_of(answer, 400, "file-not-sent")
    problem_of(await admin.client.post("/api/files", files={"file": ("a.txt", b"x")}), 403, "access-csrf-refused")


async def test_one_content_is_kept_once(office: Shop, tmp_path: Path) -> None:
    content = b"the same words for everybody"
    ids = [file["id"] for file in await asyncio.gather(*(kept(office.admin, f"{n}.txt", content) for n in range(6)))]
    assert len(set(ids)) == 6
    assert await office.database.fetchval("SELECT count(*) FROM dougong.file_content WHERE size = $1", len(content)) == 1
    for one in ids:
        assert (await office.admin.get(f"/api/files/{one}/x")).content == content
