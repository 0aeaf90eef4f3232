"""Takes the name of a file of `data/`, gives the JSON in it, read when it is first asked for."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).with_name("data")


@cache
def read_data(name: str) -> Any:  # noqa: ANN401 (JSON; each file says what it holds)
    """Return the content of `data/<name>.json`; each holds `about`, what it means, and `source`, where it comes from."""
    return json.loads((FOLDER / f"{name}.json").read_text("utf-8"))
