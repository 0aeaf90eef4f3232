"""The file of decision tables in, its tables as parts of an app document and its questions as formulas out."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from engines import expression
from tests.workshop import Document, element, entity, options

FILE = Path(expression.__file__).with_name("vectors") / "decisions.json"
GIVEN: Document = json.loads(FILE.read_text("utf-8"))
TABLES: dict[str, Document] = GIVEN["tables"]
CHOICES = ("a", "b", "c")


@dataclass(frozen=True)
class Asked:
    """A formula that asks a table, and what it gives: another formula, a list of texts or the code of an error."""

    text: str
    gives: str | None
    listed: list[str] | None
    fails: str | None


def questions() -> list[Asked]:
    """Return all questions of the file."""
    found = []
    for line in GIVEN["questions"]:
        table, output = line["ask"].split(".")
        text = f"DECIDE({', '.join([f'@{table}', output, *line['inputs']])})"
        found.append(Asked(text, line.get("give"), line.get("list"), line.get("fail")))
    return found


def table_entities() -> list[Document]:
    """Return the tables as entities of an app."""
    return [table_entity(key, table["fields"], table["decision"]) for key, table in TABLES.items()]


def table_entity(key: str, fields: dict[str, str], decision: Document, **others: Any) -> Document:  # noqa: ANN401
    """Return a decision table as an entity; every row has a name."""
    made = [element(name, kind, **({"options": options(*CHOICES)} if kind == "choices" else {"scale": 6} if kind == "number" else {}))
            for name, kind in fields.items()]  # fmt: skip
    return entity(key, "name", element("name", "text"), *made, kind="decision", decision=decision, **others)
