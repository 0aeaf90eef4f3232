"""The starter as a customer changed it, and its next version, for tests of upgrades; elements of a document by their keys."""

from __future__ import annotations

from copy import deepcopy

from dougong.packages.library import read_package
from tests.workshop import Document, element, label

STARTER = "trading_starter"


def part(document: Document, *keys: str) -> Document:
    """Return an element by list names and keys in turn."""
    found = document
    for name, key in zip(keys[::2], keys[1::2], strict=True):
        found = next(one for one in found[name] if one.get("key") == key)
    return found


def without_part(document: Document, *keys: str) -> None:
    """Take an element out of its list."""
    owner = part(document, *keys[:-2])
    owner[keys[-2]] = [one for one in owner[keys[-2]] if one["key"] != keys[-1]]


def starter() -> Document:
    """Return the starter as it comes with Dougong."""
    return deepcopy(dict(read_package(STARTER)))


def customized(document: Document) -> Document:
    """Return the starter changed: a label, a field and a rule more, a field less, a form in another order."""
    changed = deepcopy(document)
    part(changed, "entities", "partner", "fields", "contact")["name"] = {"zh-CN": "对接人", "en": "Liaison"}
    part(changed, "entities", "partner", "fields", "phone")["name"]["en"] = "Direct line"
    part(changed, "entities", "partner")["fields"].append(element("x_score", "number", scale=0))
    part(changed, "entities", "partner")["rules"].append(
        {"key": "x_score_positive", "check": "ISBLANK(x_score) OR x_score >= 0", "at": "x_score", "message": label("Not below zero")}
    )
    without_part(changed, "entities", "partner", "fields", "bank_account")
    for policy in changed["policies"]:
        if "levels" in policy:
            policy["levels"] = [level for level in policy["levels"] if level["key"] != "bank_account"]
    for form in changed["forms"]:
        for section in form["nodes"]:
            if form["entity"] == "partner":
                section["nodes"] = [node for node in section["nodes"] if node["field"] != "bank_account"]
    basic = part(changed, "forms", "partner", "nodes", "basic")
    basic["nodes"] = [*reversed(basic["nodes"]), {"key": "x_score", "kind": "input", "field": "x_score"}]
    return changed


def next_version(document: Document, version: str = "2.0.0") -> Document:
    """Return the starter's next version: labels, a field with its input, a rule, a field less; one label the customer changed too."""
    changed = deepcopy(document)
    changed["version"] = version
    part(changed, "entities", "partner", "fields", "phone")["name"]["en"] = "Telephone"
    part(changed, "entities", "partner", "fields", "contact")["max_length"] = 77
    part(changed, "entities", "item", "fields", "spec")["name"]["en"] = "Specification (long)"
    part(changed, "entities", "partner")["fields"].insert(1, element("website", "url"))
    basic = part(changed, "forms", "partner", "nodes", "basic")["nodes"]
    basic.insert(2, {"key": "website", "kind": "input", "field": "website"})
    return changed
