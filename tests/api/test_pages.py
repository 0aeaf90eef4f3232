"""The built web pages: the start page for every address of the browser's router, hashed files for ever, compressed copies."""

import gzip
from pathlib import Path

import httpx
import pytest
from starlette.types import ASGIApp, Receive, Scope, Send

from dougong.api.web_files import WebFiles, send_web_file
from tests.api.browser import Browser

pytestmark = pytest.mark.anyio

PAGE = "<!doctype html><title>Dougong</title>" + " " * 2000
SCRIPT = "console.log('斗拱')"


@pytest.fixture
def pages(tmp_path: Path) -> httpx.AsyncClient:
    """Return a client of a small build."""
    (tmp_path / "assets").mkdir()
    (tmp_path / ".vite").mkdir()
    (tmp_path / ".vite" / "manifest.json").write_text("{}")
    (tmp_path / "index.html").write_text(PAGE)
    (tmp_path / "index.html.gz").write_bytes(gzip.compress(PAGE.encode()))
    (tmp_path / "index.html.br").write_bytes(b"what brotli made")
    (tmp_path / "assets" / "main-abc123.js").write_text(SCRIPT, encoding="utf-8")
    web = WebFiles(tmp_path)

    async def app(scope: Scope, receive: Receive, send: Send) -> None:
        await send_web_file(web, scope, receive, send)

    serve: ASGIApp = app
    return httpx.AsyncClient(transport=httpx.ASGITransport(serve), base_url="http://dougong.test")


async def test_start_page_for_every_address_of_the_router(pages: httpx.AsyncClient) -> None:
    for path in ("/", "/sign-in", "/apps/trading_starter/views/sales_orders", "/link", "/..%2f..%2fetc%2fpasswd"):
        answer = await pages.get(path, headers={"accept-encoding": "identity"})
        assert answer.status_code == 200
        assert answer.text == PAGE
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["cache-control"] == "no-cache"
        assert answer.headers["x-content-type-options"] == "nosniff"
        policy = answer.headers["content-security-policy"]
        assert "default-src 'self'" in policy
        assert "style-src 'self' 'unsafe-inline'" in policy
        assert "frame-ancestors 'none'" in policy
        assert "script-src 'self'" in policy


async def test_hashed_files_are_kept_for_ever(pages: httpx.AsyncClient) -> None:
    answer = await pages.get("/assets/main-abc123.js")
    assert answer.text == SCRIPT
    assert answer.headers["content-type"] == "text/javascript; charset=utf-8"
    assert answer.headers["cache-control"] == "public, max-age=31536000, immutable"


@pytest.mark.parametrize(
    ("accepted", "encoding"),
    [("gzip, br", "br"), ("gzip", "gzip"), ("br;q=0, gzip;q=0.5", "gzip"), ("identity", None), ("zstd", None)],
)
async def test_compressed_copies(pages: httpx.AsyncClient, accepted: str, encoding: str | None) -> None:
    async with pages.stream("GET", "/", headers={"accept-encoding": accepted}) as answer:
        sent = b"".join([part async for part in answer.aiter_raw()])
    assert answer.headers.get("content-encoding") == encoding
    assert answer.headers["vary"] == "accept-encoding"
    assert {"br": b"what brotli made", None: PAGE.encode()}.get(encoding, sent) == sent
    assert encoding != "gzip" or gzip.decompress(sent).decode() == PAGE


async def test_a_page_that_is_known_is_not_sent_again(pages: httpx.AsyncClient) -> None:
    first = await pages.get("/")
    again = await pages.get("/", headers={"if-none-match": first.headers["etag"]})
    assert again.status_code == 304
    assert again.content == b""
    head = await pages.head("/")
    assert head.status_code == 200 and head.content == b"" and int(head.headers["content-length"]) > 0


async def test_pages_built_anew_are_served(pages: httpx.AsyncClient, tmp_path: Path) -> None:
    (tmp_path / "assets" / "main-abc123.js").unlink()
    (tmp_path / "assets" / "main-def456.js").write_text("new")
    for name in ("index.html.gz", "index.html.br"):
        (tmp_path / name).unlink()
    (tmp_path / "index.html").write_text("<!doctype html>new")
    assert (await pages.get("/")).text == "<!doctype html>new"
    assert (await pages.get("/assets/main-def456.js")).text == "new"


@pytest.mark.parametrize(
    "path", ["/assets/gone.js", "/favicon.ico", "/.vite/manifest.json", "/../pyproject.toml", "/assets/"]
)
async def test_nothing_else_is_served(pages: httpx.AsyncClient, path: str) -> None:
    with pytest.raises(Exception, match="404"):
        await pages.get(path)


async def test_schema_of_app_documents(browser: Browser) -> None:
    answer = await browser.get("/schemas/app.json")
    assert answer.headers["content-type"] == "application/schema+json"
    assert answer.json()["properties"]["format"]["const"] == "dougong.app/1"


async def test_health(browser: Browser) -> None:
    assert (await browser.get("/api/health")).json() == {"status": "ok"}
