"""The OpenAPI documents: what the browser's types are made from is what the server serves, and what an app says it answers it does."""

import subprocess
import sys
from pathlib import Path
from typing import Any

import jsonschema
import orjson

from dougong.api.platform_app import build_platform_app
from tests.workshop import RECORDS, Shop

ROOT = Path(__file__).parents[2]


def test_document_is_written_without_a_database() -> None:
    written = subprocess.run([sys.executable, "-m", "dougong.api.openapi"], check=True, capture_output=True, cwd=ROOT / "platform", env={"PYTHONPATH": str(ROOT)})  # fmt: skip
    assert orjson.loads(written.stdout) == build_platform_app().openapi()
    kept = (ROOT / "web_designer" / "openapi.json").read_bytes()
    assert kept == written.stdout, "run: python -m dougong.api.openapi > web_designer/openapi.json"


def test_every_operation_has_a_name_of_its_own_and_says_what_it_does() -> None:
    operations = [operation for path in build_platform_app().openapi()["paths"].values() for operation in path.values()]
    names = [operation["operationId"] for operation in operations]
    assert len(names) == len(set(names)) > 20
    assert all(name.replace("_", "").isalpha() and name.islower() for name in names)
    for operation in operations:
        assert operation["description"]
        assert "application/problem+json" in operation["responses"]["4XX"]["content"]


async def test_records_are_answered_as_the_document_of_the_app_says(shop: Shop) -> None:
    document = (await shop.manager.get("/api/apps/workshop/openapi.json")).json()
    made = await shop.order()
    sent = {"maker": made["maker"], "lines": [{"thing": made["lines"][0]["thing"], "quantity": 1.5}]}
    path = f"{RECORDS}/order/{made['id']}"
    held = holder(document)
    held("order.input", sent)
    held("order", made)
    held("order", (await shop.manager.get(path)).json())
    held("order", (await shop.manager.ask("PATCH", path, {"lines": []})).json())
    held("order", (await shop.manager.post(f"{RECORDS}/order/preview", sent)).json())
    for query in ("", "?total=exact&sort=number", "?limit=1&total=estimate", "?at=end"):
        held("order.page", (await shop.manager.get(f"{RECORDS}/order{query}")).json())
    held("problem", (await shop.manager.post(f"{RECORDS}/order", {"colour": 1, "lines": [{"colour": 1}]})).json())
    held("problem", (await shop.manager.get(f"{RECORDS}/order?filter=1%2B")).json())
    one = document["paths"][f"{RECORDS}/order/{{id}}"]
    for operation in (document["paths"][f"{RECORDS}/order"]["post"], one["patch"], one["delete"]):
        assert "Idempotency-Key" in {parameter["name"] for parameter in operation["parameters"]}


def holder(document: dict[str, Any]) -> Any:  # noqa: ANN401
    """Return a function that checks a value against a schema of a document, in which nothing else may be."""
    closed = {"components": {"schemas": close(document["components"]["schemas"])}}

    def check(name: str, value: object) -> None:
        schema = {"$ref": f"#/components/schemas/{name}", **closed}
        jsonschema.Draft202012Validator(schema, format_checker=jsonschema.FormatChecker()).validate(value)

    return check


def close(schema: Any) -> Any:  # noqa: ANN401
    """Return a schema whose objects may have no properties but those it names."""
    if isinstance(schema, list):
        return [close(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    closed = {key: close(part) for key, part in schema.items()}
    return {**closed, "additionalProperties": False} if closed.get("type") == "object" and "properties" in closed else closed
