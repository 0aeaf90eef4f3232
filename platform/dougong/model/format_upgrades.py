"""A document of any format that ever was in, one of the present format or an Issue out; one function a format, kept for ever.

A new format is a row: `UPGRADES[n]` makes format n + 1 out of format n. Every format has a sample in `tests/formats` that must install.
"""

import re
from collections.abc import Callable, Mapping
from typing import Any

from dougong.model.definition import FORMAT
from dougong.model.messages import MESSAGES
from engines.values.issue import Issue, issue

Document = Mapping[str, Any]

UPGRADES: Mapping[int, Callable[[Document], Document]] = {}
"""What makes the next format out of each former one, by its number."""

_FORMAT = re.compile(r"dougong\.app/([1-9][0-9]{0,3})")


def upgrade(document: Document) -> Document | Issue:
    """Return the document in the present format, or what is wrong with the format it says it has.

    A document without a format, or with one that is no text, is returned as it is: its shape is told when it is parsed.
    """
    found = document.get("format")
    if not isinstance(found, str):
        return document
    number = _FORMAT.fullmatch(found)
    if number is None:
        return issue(MESSAGES, "definition-format-unknown", "/format", None, found=found[:80], known=FORMAT)
    at, present = int(number[1]), _present()
    if at > present:
        return issue(MESSAGES, "definition-format-newer", "/format", None, found=found, known=FORMAT)
    for step in range(at, present):
        document = {**UPGRADES[step](document), "format": f"dougong.app/{step + 1}"}
    return document


def _present() -> int:
    return int(FORMAT.rpartition("/")[2])
