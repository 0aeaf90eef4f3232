"""The OpenAPI document of the platform: what the browser's types are made from is what the server serves."""

import subprocess
import sys
from pathlib import Path

import orjson

from dougong.api.platform_app import build_platform_app

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
