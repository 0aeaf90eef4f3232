"""Every format of app documents that ever was: its stored sample installs, and what the program exports then is in the present format."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import orjson
import pytest

from dougong.model import format_upgrades
from dougong.model.definition import FORMAT
from dougong.model.format_upgrades import UPGRADES, upgrade
from dougong.packages.package_file import package_text
from engines.values.issue import Issue
from tests.workshop import Shop

pytestmark = pytest.mark.anyio

SAMPLES = sorted((Path(__file__).resolve().parents[1] / "formats").glob("dougong.app-*.json"))


def test_there_is_a_sample_of_every_format_and_a_step_from_each_to_the_next() -> None:
    present = int(FORMAT.rpartition("/")[2])
    assert [int(re.findall(r"\d+", sample.name)[0]) for sample in SAMPLES] == list(range(1, present + 1))
    assert list(UPGRADES) == list(range(1, present))


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: str(sample.name))
async def test_a_sample_installs(shop: Shop, sample: Path) -> None:
    document = orjson.loads(sample.read_bytes())
    installed = await shop.install(document, demo=True)
    assert installed.status_code == 201, installed.text
    exported = (await shop.admin.get("/api/apps/sample/export")).json()
    present = upgrade(document)
    assert not isinstance(present, Issue)
    assert package_text(exported) == package_text(present)
    (order,) = (await shop.admin.get("/api/apps/sample/records/order?fields=maker,total")).json()["records"]
    assert (order["maker__title"], order["total"]) == ("Oak", "5")


def test_a_document_goes_through_every_format_between(monkeypatch: pytest.MonkeyPatch) -> None:
    """As it will be when there are three formats: each step sees what the one before it made."""

    def second(document: Any) -> Any:  # noqa: ANN401 – any document
        return {**document, "trail": [document["format"]]}

    def third(document: Any) -> Any:  # noqa: ANN401
        return {**document, "trail": [*document["trail"], document["format"]]}

    monkeypatch.setattr(format_upgrades, "UPGRADES", {1: second, 2: third})
    monkeypatch.setattr(format_upgrades, "FORMAT", "dougong.app/3")
    assert upgrade({"format": "dougong.app/1"}) == {"format": "dougong.app/3", "trail": ["dougong.app/1", "dougong.app/2"]}
    assert upgrade({"format": "dougong.app/3"}) == {"format": "dougong.app/3"}
    newer = upgrade({"format": "dougong.app/4"})
    assert isinstance(newer, Issue)
    assert newer.code == "definition-format-newer"
