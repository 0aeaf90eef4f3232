"""Bodies that are too large, too deep, not JSON or not what was asked for: refused early, with a code and a place."""

from collections.abc import AsyncIterator

import pytest
from starlette.types import ASGIApp, Message

from dougong.api.body import DEPTH_LIMIT, parse_json
from dougong.api.records import RECORD_LIMIT_BYTES
from tests.api.browser import Browser, problem_of

pytestmark = pytest.mark.anyio

ORDERS = "/api/apps/trading_starter/records/sales_order"
DRAFT = "/api/apps/trading_starter/draft"
MEGABYTE = 1_000_000


LIMITS = {"/api/session": MEGABYTE, "/api/keys": MEGABYTE, "/api/apps": 20_000_000, ORDERS: RECORD_LIMIT_BYTES}


async def test_sixty_megabytes_are_refused(app: ASGIApp, admin: Browser) -> None:
    cookie = "; ".join(f"{name}={value}" for name, value in admin.client.cookies.items())
    headers = {"cookie": cookie, "x-csrf-token": admin.csrf_token}
    for path, limit in LIMITS.items():
        by_length = await call(app, "POST", path, {**headers, "content-length": str(60 * MEGABYTE)}, chunks=10_000)
        assert (by_length.status, by_length.chunks_taken) == (413, 0)
        on_the_way = await call(app, "POST", path, {**headers, "transfer-encoding": "chunked"}, chunks=10_000)
        assert on_the_way.status == 413
        assert on_the_way.chunks_taken * CHUNK <= limit + CHUNK


async def test_only_the_signed_in_may_send_whole_documents(app: ASGIApp) -> None:
    sent = await call(app, "POST", "/api/apps", {"transfer-encoding": "chunked"}, chunks=10_000)
    assert sent.status == 413
    assert sent.chunks_taken * CHUNK <= MEGABYTE + CHUNK


async def test_large_document_reaches_its_endpoint(admin: Browser) -> None:
    answer = await admin.ask("PUT", DRAFT, {"revision": 0, "document": {"note": "x" * 2 * MEGABYTE}})
    assert answer.status_code == 200, answer.text[:500]


async def test_deep_json(admin: Browser) -> None:
    for depth in (DEPTH_LIMIT + 10, 900, 100_000):
        body = b'{"revision":0,"document":{"a":' + b"[" * depth + b"]" * depth + b"}}"
        problem_of(await admin.ask("PUT", DRAFT, body), 400, "request-too-deep")
        problem_of(await admin.post("/api/apps/trading_starter/expressions/check", body), 400, "request-too-deep")


async def test_deep_json_for_a_record(admin: Browser) -> None:
    body = b'{"remark":' + b"[" * 100_000 + b"]" * 100_000 + b"}"
    answer = await admin.post(ORDERS, body)
    assert answer.status_code in (400, 422), answer.text
    assert answer.headers["content-type"] == "application/problem+json"


async def test_not_json(browser: Browser) -> None:
    for body, code in (
        (b'{"email":', "request-not-json"),
        (b"\xff\xfe", "request-not-json"),
        (b'{"email": NaN}', "request-not-json"),
        (b'{"email": "\\ud800"}', "request-not-json"),
        (b'{"email": "a\\u0000@x", "password": ""}', "request-text-invalid"),
    ):
        problem_of(await browser.post("/api/session", body), 400, code)


async def test_not_json_says_where(browser: Browser) -> None:
    problem = problem_of(await browser.post("/api/session", b'{\n"email": x}', accept_language="zh"), 400, "request-not-json")
    assert "第 2 行" in problem["detail"]


async def test_wrong_values_name_their_place(browser: Browser) -> None:
    answer = await browser.post("/api/session", {"email": 5, "pasword": "x"}, accept_language="zh-CN")
    problem = problem_of(answer, 422, "request-invalid")
    assert {(item["pointer"], item["code"], item["detail"]) for item in problem["errors"]} == {
        ("/email", "request-value-wrong-type", "“email”的类型不对。"),
        ("/password", "request-value-missing", "缺少“password”。"),
        ("/pasword", "request-value-unknown", "没有“pasword”这一项。"),
    }


async def test_a_key_of_any_kind_names_its_place(browser: Browser) -> None:
    """Also one that is no name: the place of what is wrong is what was sent, whatever the server calls its types."""
    sent = {"email": "a@example.com", "password": "x" * 12, "e-mail": 1, "a/b~c": 2, "dict[str,any]": 3, "0": 4}
    problem = problem_of(await browser.post("/api/session", sent), 422, "request-invalid")
    found = {(item["pointer"], item["field"], item["code"]) for item in problem["errors"]}
    unknown = "request-value-unknown"
    assert found == {
        ("/e-mail", "e-mail", unknown), ("/a~1b~0c", "a/b~c", unknown), ("/dict[str,any]", "dict[str,any]", unknown), ("/0", "[0]", unknown),
    }  # fmt: skip


@pytest.mark.parametrize("package", [5, None, [], "../organization", ""])
async def test_what_is_no_package_is_told_once_at_its_place(admin: Browser, package: object) -> None:
    problem = problem_of(await admin.post("/api/apps", {"package": package}), 422, "request-invalid")
    assert [(item["pointer"], item["code"]) for item in problem["errors"]] == [("/package", "request-value-invalid")]


async def test_forms_of_other_sites_cannot_sign_anybody_in(browser: Browser) -> None:
    body = b'{"email": "admin@example.com", "password": "correct horse battery"}'
    for kind in ("text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x"):
        problem_of(await browser.post("/api/session", body, content_type=kind), 422, "request-invalid")


async def test_revision_out_of_range(admin: Browser) -> None:
    for revision in (-1, 2**31, 10**30, "x", None, 1.5):
        answer = await admin.ask("PUT", DRAFT, {"revision": revision, "document": {}})
        problem = problem_of(answer, 422, "request-invalid")
        assert problem["errors"][0]["pointer"] == "/revision"


def test_depth_is_counted_in_levels() -> None:
    assert parse_json(b"[" * DEPTH_LIMIT + b"1" + b"]" * DEPTH_LIMIT)


CHUNK = 65_536


class Sent:
    """What came of a request that was sent piece by piece."""

    def __init__(self) -> None:
        """Begin with nothing."""
        self.status = 0
        self.chunks_taken = 0


async def call(app: ASGIApp, method: str, path: str, headers: dict[str, str], chunks: int) -> Sent:
    """Send a body in chunks straight to the application, and count how many it took before it answered."""
    sent = Sent()

    async def pieces() -> AsyncIterator[Message]:
        for number in range(chunks):
            sent.chunks_taken += 1
            yield {"type": "http.request", "body": b" " * CHUNK, "more_body": number < chunks - 1}

    stream = pieces()

    async def receive() -> Message:
        return await anext(stream)

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            sent.status = message["status"]

    raw = [(name.encode(), value.encode()) for name, value in headers.items()]
    scope = {
        "type": "http",
        "asgi": {"version": "3.0"},
        "http_version": "1.1",
        "method": method,
        "scheme": "http",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": [(b"content-type", b"application/json"), *raw],
        "client": ("203.0.113.9", 1),
        "server": ("dougong.test", 80),
    }
    await app(scope, receive, send)
    return sent
