"""A document as JSON values in, the typed AppDefinition or Issues out, with pointers that go by key."""

from collections.abc import Mapping, Sequence
from typing import Any

from pydantic import ValidationError

from dougong.model.definition import AppDefinition
from dougong.model.messages import MESSAGES
from dougong.model.property_words import words_of
from dougong.model.shape_reasons import reason_of
from engines.values.issue import Issue, issue

_CODES = {
    "extra_forbidden": "definition-property-unknown",
    "missing": "definition-property-missing",
    "union_tag_invalid": "definition-kind-unknown",
    "union_tag_not_found": "definition-property-missing",
}


def parse_definition(document: object, kind: type[AppDefinition] = AppDefinition) -> AppDefinition | tuple[Issue, ...]:
    """Return the definition, or an issue for everything whose shape is wrong; kind: a package may hold more than an app."""
    try:
        return kind.model_validate(document)
    except ValidationError as error:
        return tuple(_issue(document, item["type"], item["loc"], item.get("ctx") or {}) for item in error.errors())


def _issue(document: object, kind: str, loc: Sequence[int | str], ctx: Mapping[str, Any]) -> Issue:
    name = str(loc[-1]) if loc else ""
    if kind == "union_tag_invalid":
        name = str(ctx.get("tag", ""))
    elif kind == "union_tag_not_found":
        name = str(ctx.get("discriminator", "kind")).strip("'")
    pointer = pointer_of(document, loc)
    if kind in _CODES:
        return issue(MESSAGES, _CODES[kind], pointer, None, name=name)
    written = pointer.rpartition("/")[2]
    return issue(MESSAGES, "definition-shape", pointer, None, name=words_of(written), reason=reason_of(kind, ctx))


def pointer_of(document: object, loc: Sequence[int | str]) -> str:
    """Return where a validation error lies, elements of lists named by their key; tags of unions are no place.

    >>> pointer_of({"fields": [{"key": "a", "scale": 1}]}, ("fields", 0, "number", "scale"))
    '/fields/a/scale'
    """
    parts, here = [], document
    for index, part in enumerate(loc):
        if isinstance(part, int):
            here = here[part] if isinstance(here, list) and part < len(here) else None
            key = here.get("key", here.get("extend")) if isinstance(here, dict) else None
            parts.append(key if isinstance(key, str) else str(part))
        elif isinstance(here, dict) and part in here:
            here = here[part]
            parts.append(part)
        elif index == len(loc) - 1:
            parts.append(part)
    return "".join(f"/{part}" for part in parts)
