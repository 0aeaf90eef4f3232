"""The library over HTTP: packages people upload beside those that come with Dougong, with files, looked into, installed, taken out again."""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import AsyncExitStack, ExitStack
from hashlib import sha256
from tempfile import TemporaryDirectory
from typing import Any

import httpx
import pytest

from dougong.packages.library import shipped_packages
from dougong.packages.package_file import Package, content_hash, package_bytes, package_text
from tests.api.browser import Browser, problem_of
from tests.api.conftest import NewDatabase
from tests.api.files_app import PDF
from tests.refusal import refused
from tests.runtime.test_package_files import HOSTILE
from tests.workshop import Document, Shop, Template, element, entity, open_shop, package

pytestmark = pytest.mark.anyio

STREAM = {"content_type": "application/octet-stream"}
LIBRARY = "/api/library"


@pytest.fixture(scope="module")
def places(new_database: NewDatabase, template: Template) -> Iterator[list[tuple[str, str]]]:
    """Return the databases of two sites, each with a folder for its files."""
    with ExitStack() as stack:
        yield [
            (stack.enter_context(new_database(template.dsn)), stack.enter_context(TemporaryDirectory(prefix="dougong-"))) for _ in range(2)
        ]


@pytest.fixture(scope="module")
async def shops(places: list[tuple[str, str]], template: Template) -> AsyncIterator[tuple[Shop, Shop]]:
    """Return the two sites, whose packages may have 2 MB."""
    async with AsyncExitStack() as stack:
        first, second = [
            await stack.enter_async_context(open_shop(dsn, template, DOUGONG_PACKAGE_MB="2", DOUGONG_DATA_DIR=folder)) for dsn, folder in places
        ]
        yield first, second


@pytest.fixture
def shop(shops: tuple[Shop, Shop]) -> Shop:
    """Return the first of them."""
    return shops[0]


def stamps(version: str = "1.0.0", *fields: Document, **others: Any) -> Document:  # noqa: ANN401 – any JSON
    """Return a package of one entity."""
    stamp = entity("stamp", "name", element("name", "text", required=True), *fields)
    return package("stamps", stamp) | {"version": version} | others


async def upload(browser: Browser, sent: Document | bytes) -> httpx.Response:
    """Upload a package."""
    body = sent if isinstance(sent, bytes) else package_text(sent).encode()
    return await browser.ask("POST", LIBRARY, body, **STREAM)


async def kept(shop: Shop, sent: Document | bytes) -> dict[str, Any]:
    """Return what is told of a package that was uploaded."""
    answer = await upload(shop.admin, sent)
    assert answer.status_code == 201, answer.text
    return dict(answer.json())


async def listed(shop: Shop) -> Mapping[str, dict[str, Any]]:
    """Return the packages of the library by key."""
    return {one["key"]: one for one in (await shop.admin.get(LIBRARY)).json()["packages"]}


async def test_an_uploaded_package_is_shown_installed_and_taken_out(shop: Shop) -> None:
    document = stamps(seed=[{"key": "a", "entity": "stamp", "values": {"name": "Black"}}], icon="mail")
    told = await kept(shop, document)
    assert (told["key"], told["version"], told["source"], told["hash"]) == ("stamps", "1.0.0", "uploaded", content_hash(document))
    assert told["requires"] == [{"package": "organization", "version": ">=1.0,<2"}]
    assert (told["packages"], told["issues"], told["installed"], told["files"]) == ([], [], False, 0)
    parts = {part["part"]: part for part in told["parts"]}
    assert {name: part["count"] for name, part in parts.items()} == {"entities": 1, "roles": 1, "policies": 1, "seed": 1}
    assert parts["entities"]["elements"] == [{"key": "stamp", "name": {"zh-CN": "stamp（中）", "en": "stamp"}}]
    entry = (await listed(shop))["stamps"]
    assert (entry["version"], entry["icon"], entry["installed"], entry["app_version"]) == ("1.0.0", "mail", False, None)
    assert [(one["version"], one["source"], one["uploaded_by"]) for one in entry["versions"]] == [("1.0.0", "uploaded", "管理员")]
    shown = await shop.admin.get(f"{LIBRARY}/stamps?version=1.0.0")
    assert shown.json() == told

    wrong = {"package": "stamps", "hash": "sha256:" + "0" * 64}
    await refused(shop, shop.admin, "POST", "/api/apps", wrong, 422, "package-invalid", ("package-hash-differs", ""), en=told["hash"])
    installed = await shop.admin.post("/api/apps", {"package": "stamps", "hash": told["hash"]})
    assert (installed.status_code, installed.json()) == (201, {"key": "stamps", "version": 1})
    entry = (await listed(shop))["stamps"]
    assert (entry["installed"], entry["app_version"]) == (True, "1.0.0")
    assert (await shop.admin.get("/api/apps/stamps/records/stamp")).json()["records"][0]["name"] == "Black"

    assert (await shop.admin.ask("DELETE", f"{LIBRARY}/stamps/versions/1.0.0")).status_code == 204
    assert "stamps" not in await listed(shop)
    problem_of(await shop.admin.get(f"{LIBRARY}/stamps"), 404, "package-not-found")
    problem_of(await shop.admin.ask("DELETE", f"{LIBRARY}/stamps/versions/1.0.0"), 404, "package-not-found")
    problem_of(await shop.admin.ask("DELETE", f"{LIBRARY}/trading_starter/versions/1.0.0"), 404, "package-not-found")
    assert (await shop.admin.get("/api/apps/stamps/export")).json() == document


async def test_a_newer_version_comes_before_and_an_older_one_can_be_had(shop: Shop) -> None:
    key = "trading_starter"
    older, newer = ({**shipped_packages()[key], "version": version} for version in ("0.9.9", "1.10.0"))
    for one in (newer, older):
        await kept(shop, one)
    entry = (await listed(shop))[key]
    assert [(one["version"], one["source"]) for one in entry["versions"]] == [("1.10.0", "uploaded"), ("1.1.0", "shipped"), ("0.9.9", "uploaded")]
    assert (await shop.admin.get(f"{LIBRARY}/{key}")).json()["version"] == "1.10.0"
    assert (await shop.admin.get(f"{LIBRARY}/{key}?version=1.1.0")).json()["source"] == "shipped"
    assert (await shop.admin.get(f"{LIBRARY}/crm_erp")).json()["packages"] == [{"package": key, "version": "1.10.0"}]
    problem_of(await shop.admin.get(f"{LIBRARY}/{key}?version=7.0.0"), 404, "package-not-found")
    for path in (f"{LIBRARY}/{key}?version=new", f"{LIBRARY}/No Key"):
        problem_of(await shop.admin.get(path), 422, "request-invalid")
    wrong = {"package": key, "version": "3.0.0"}
    await refused(shop, shop.admin, "POST", "/api/apps", wrong, 404, "package-not-found", en="trading_starter 3.0.0")
    installed = await shop.admin.post("/api/apps", {"package": key, "version": "0.9.9"})
    assert installed.status_code == 201, installed.text
    assert (await listed(shop))[key]["app_version"] == "0.9.9"
    for version in ("1.10.0", "0.9.9"):
        assert (await shop.admin.ask("DELETE", f"{LIBRARY}/{key}/versions/{version}")).status_code == 204


async def test_a_version_never_changes(shop: Shop) -> None:
    told = await kept(shop, stamps("2.0.0"))
    again = await asyncio.gather(*(upload(shop.admin, dict(reversed(stamps("2.0.0").items()))) for _ in range(3)))
    assert [(one.status_code, one.json()) for one in again] == [(201, told)] * 3
    other = package_text(stamps("2.0.0", element("more", "text"))).encode()
    await refused(shop, shop.admin, "POST", LIBRARY, other, 409, "package-version-taken", en="version 2.0.0 of stamps", **STREAM)
    ours = package_text({**shipped_packages()["crm_erp"], "icon": "shop"}).encode()
    await refused(shop, shop.admin, "POST", LIBRARY, ours, 409, "package-version-taken", **STREAM)
    raced = await asyncio.gather(*(upload(shop.admin, stamps("2.1.0", element(key, "text"))) for key in ("a", "b", "c")))
    assert sorted(one.status_code for one in raced) == [201, 409, 409]


async def test_three_packages_that_require_each_other_are_kept_and_never_installed(shop: Shop) -> None:
    ring = {"ring_a": "ring_b", "ring_b": "ring_c", "ring_c": "ring_a"}
    for key, needed in ring.items():
        told = await kept(shop, {**stamps(), "key": key, "requires": [{"package": needed, "version": ""}]})
    assert [(one["code"], one["pointer"]) for one in told["issues"]] == [("package-requires-cycle", "/requires/ring_a")]
    words = {"zh": "ring_a → ring_b → ring_c → ring_a", "en": "ring_a → ring_b → ring_c → ring_a"}
    place = ("package-requires-cycle", "/requires/ring_b")
    await refused(shop, shop.admin, "POST", "/api/apps", {"package": "ring_a"}, 422, "package-invalid", place, **words)


async def test_what_is_in_the_way_is_told_before_it_is_installed(shop: Shop) -> None:
    needy = {**stamps("3.0.0"), "key": "needy", "requires": [{"package": "not_here_yet", "version": ">=2"}]}
    told = await kept(shop, needy)
    assert [(one["code"], one["pointer"]) for one in told["issues"]] == [("package-requires-missing", "/requires/not_here_yet")]
    assert {part["part"] for part in told["parts"]} == {"entities", "roles", "policies"}
    base = package("not_here_yet", entity("shelf", "name", element("name", "text"))) | {"version": "2.0.0", "roles": [], "policies": []}
    await kept(shop, base)
    told = (await shop.admin.get(f"{LIBRARY}/needy")).json()
    assert (told["issues"], told["packages"]) == ([], [{"package": "not_here_yet", "version": "2.0.0"}])
    assert [one["key"] for one in told["parts"][0]["elements"]] == ["shelf", "stamp"]
    wrong = await kept(shop, {**stamps("1.0.0", element("x", "number", formula="nothing + 1")), "key": "wrong"})
    assert [(one["code"], one["pointer"]) for one in wrong["issues"]] == [("expression-unknown-name", "/entities/stamp/fields/x/formula")]
    problem_of(await shop.admin.post("/api/apps", {"package": "wrong"}), 422, "definition-invalid")


async def test_the_library_is_for_those_who_may_install(shop: Shop) -> None:
    body = package_text(stamps("9.0.0")).encode()
    for who in (shop.manager, shop.guest):
        await refused(shop, who, "POST", LIBRARY, body, 403, "access-act-denied", **STREAM)
        await refused(shop, who, "DELETE", f"{LIBRARY}/stamps/versions/2.0.0", None, 403, "access-act-denied")
        for path in (f"{LIBRARY}/trading_starter", f"{LIBRARY}/trading_starter/file"):
            problem_of(await who.get(path), 403, "access-act-denied")
    problem_of(await shop.worker.get("/api/apps/workshop/package"), 403, "access-act-denied")


@pytest.mark.parametrize(("content", "code", "pointer"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
async def test_what_is_no_package_is_not_kept(shop: Shop, content: bytes, code: str, pointer: str) -> None:
    await refused(shop, shop.admin, "POST", LIBRARY, content, 422, "package-invalid", (code, pointer), **STREAM)


async def test_what_has_the_wrong_shape_or_is_too_large_is_not_kept(shop: Shop) -> None:
    for change, place in (({"colour": "red"}, ("definition-property-unknown", "/colour")), ({"key": "Not A Key"}, ("definition-shape", "/key"))):
        body = package_text(stamps(**change)).encode()
        await refused(shop, shop.admin, "POST", LIBRARY, body, 422, "definition-invalid", place, **STREAM)
    await refused(shop, shop.admin, "POST", LIBRARY, b"{" + b" " * 2_000_000, 413, "request-too-large", **STREAM)
    pages = stamps("1.0.0", element("pages", "attachments"), seed=[{"key": "a", "entity": "stamp", "values": {
        "name": "A", "pages": [{"file": sha256(b"MZ").hexdigest(), "name": "page.exe"}]}}])  # fmt: skip
    program = package_bytes(Package({**pages, "key": "programs"}, {sha256(b"MZ").hexdigest(): b"MZ"}))
    await refused(shop, shop.admin, "POST", LIBRARY, program, 422, "package-invalid", ("file-refused", "/seed/a/values/pages/0"), **STREAM)


def album(key: str) -> bytes:
    """Return a package whose records hold files, two of them with one content."""
    digest, other = sha256(PDF).hexdigest(), sha256(b"plain").hexdigest()
    document = stamps(
        "1.0.0", element("pages", "attachments"), element("rows", "lines", fields=[element("scans", "attachments")]),
        seed=[{"key": "a", "entity": "stamp", "values": {"name": "A", "pages": [{"file": digest, "name": "a.pdf"}, {"file": other, "name": "note.txt"}],
                                                          "rows": [{"scans": [{"file": digest, "name": "b.pdf"}]}]}}],
        demo=[{"key": "b", "entity": "stamp", "values": {"name": "B", "pages": [{"file": digest, "name": "a.pdf"}]}}],
    )  # fmt: skip
    return package_bytes(Package({**document, "key": key}, {digest: PDF, other: b"plain"}))


async def test_files_of_records_travel_with_the_package(shops: tuple[Shop, Shop]) -> None:
    first, second = shops
    content = album("album")
    told = await kept(first, content)
    assert (told["files"], told["issues"]) == (2, [])
    file = await first.admin.get(f"{LIBRARY}/album/file")
    assert (file.content, file.headers["content-type"]) == (content, "application/zip")
    assert file.headers["content-disposition"] == 'attachment; filename="album-1.0.0.zip"'
    assert (await first.admin.post("/api/apps", {"package": "album", "demo": True})).status_code == 201
    records = {one["name"]: one for one in (await first.admin.get("/api/apps/album/records/stamp?sort=name")).json()["records"]}
    assert [one["name"] for one in records["A"]["pages__files"]] == ["a.pdf", "note.txt"]
    assert (await first.admin.ask("DELETE", f"{LIBRARY}/album/versions/1.0.0")).status_code == 204
    address = f"/api/files/{records['B']['pages'][0]}/a.pdf"
    assert (await first.admin.get(address)).content == PDF
    exported = await first.admin.get("/api/apps/album/package")
    assert exported.content == content
    assert exported.headers["etag"] == f'"{told["hash"]}"'

    await kept(second, exported.content)
    assert (await second.admin.post("/api/apps", {"package": "album", "demo": False})).status_code == 201
    assert (await second.admin.get("/api/apps/album/package")).content == content


async def test_every_package_that_comes_with_dougong_is_the_same_after_a_journey(shops: tuple[Shop, Shop]) -> None:
    """Installed here and exported, installed there from that file and exported again: the same bytes."""
    first, second = shops
    for key in set(shipped_packages()) - {"organization"}:
        if key not in {app["key"] for app in (await first.admin.get("/api/apps")).json()["apps"]}:
            assert (await first.admin.post("/api/apps", {"package": key, "demo": True})).status_code == 201
        exported = await first.admin.get(f"/api/apps/{key}/package")
        assert (await second.install(exported.json(), demo=True)).status_code == 201
        assert (await second.admin.get(f"/api/apps/{key}/package")).content == exported.content
