"""The types of the web client are those of the server: its copy of the OpenAPI document is the one the server writes."""

from __future__ import annotations

import json
from pathlib import Path

from dougong.api.platform_app import build_platform_app

COPY = Path(__file__).parents[2] / "web_designer" / "openapi.json"


def test_the_clients_copy_is_the_servers_document() -> None:
    """On a difference: `python -m dougong.api.openapi > web_designer/openapi.json`, then `npm run schema` in web_designer."""
    assert json.loads(COPY.read_text(encoding="utf-8")) == build_platform_app().openapi()
