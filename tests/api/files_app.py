"""An app whose records hold files, a site that keeps them in a folder of its own, and contents of every sort, for tests of files."""

from __future__ import annotations

import io
import zipfile
import zlib
from typing import Any

import httpx
from PIL import Image

from tests.api.browser import Browser
from tests.workshop import ALL, Document, Shop, element, entity, label, package

APP = "/api/apps/papers/records"
PDF = b"%PDF-1.7\n1 0 obj\n<<>>\nendobj\ntrailer\n<<>>\n%%EOF\n"


def papers() -> Document:
    """Return an app of folders with files; a clerk sees only those they made."""
    folder = entity(
        "folder", "name",
        element("name", "text", required=True),
        element("files", "attachments", max_count=3),
        element("offers", "attachments", types=[".pdf", "image/*"], max_size=1),
        element("photos", "images", max_count=2),
        element("signed", "signature"),
        element("count", "number", scale=0, formula="COUNT(files)"),
        element("pages", "lines", fields=[element("name", "text"), element("scans", "attachments")]),
    )  # fmt: skip
    document = package("papers", folder)
    document["roles"].append({"key": "clerk", "name": label("clerk")})
    document["policies"].append({"key": "clerk_folder", "role": "clerk", "entity": "folder", "actions": ALL, "rows": "own"})
    return document


async def upload(browser: Browser, name: str, content: bytes, kind: str = "application/octet-stream") -> httpx.Response:
    """Upload a file as a page would."""
    headers = {"x-csrf-token": browser.csrf_token}
    return await browser.client.post("/api/files", files={"file": (name, content, kind)}, headers=headers)


async def kept(browser: Browser, name: str, content: bytes) -> dict[str, Any]:
    """Return what is told of a file that was uploaded."""
    answer = await upload(browser, name, content)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def make_clerks(shop: Shop, *names: str) -> None:
    """Give people the role of a clerk."""
    asked = httpx.QueryParams(filter='key = "papers.clerk"')
    role = (await shop.admin.get(f"/api/apps/organization/records/role?{asked}")).json()["records"][0]["id"]
    for name in names:
        path = f"/api/apps/organization/records/user/{shop.tickets[name].user_id}"
        user = (await shop.admin.get(path)).json()
        rows = [*({"id": row["id"]} for row in user["roles"]), {"role": role}]
        assert (await shop.admin.ask("PATCH", path, {"roles": rows})).status_code == 200


def picture(kind: str = "PNG", size: tuple[int, int] = (40, 20), **how: Any) -> bytes:  # noqa: ANN401 – as Pillow takes it
    """Return a picture, red on its left half, blue on its right."""
    made = Image.new("RGB", size, "red")
    made.paste("blue", (size[0] // 2, 0, *size))
    out = io.BytesIO()
    made.save(out, kind, **how)
    return out.getvalue()


def sideways_photo() -> bytes:
    """Return a photograph that lies on its side and knows where it was taken."""
    exif = Image.Exif()
    exif[0x0112] = 6
    exif.get_ifd(0x8825)[1] = "N"
    exif.get_ifd(0x8825)[2] = (31.0, 14.0, 0.0)
    return picture("JPEG", (400, 200), exif=exif)


def archive(name: str = "a.txt", content: bytes = b"x") -> bytes:
    """Return a zip archive of one file."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as made:
        made.writestr(name, content)
    return out.getvalue()


def bomb() -> bytes:
    """Return a picture of few bytes that would fill gigabytes: 60,000 by 60,000 pixels by its head."""
    content = bytearray(picture("PNG", (1, 1)))
    content[16:24] = (60_000).to_bytes(4, "big") * 2
    content[29:33] = zlib.crc32(content[12:29]).to_bytes(4, "big")
    return bytes(content)
