"""A document as it was stored once in, the document in the present format out: every document that is read comes through here.

What was stored stays as it is. A document of a format this release does not know comes out unchanged: resolving it says so.
"""

import orjson

from dougong.model.format_upgrades import Document, upgrade
from engines.values.issue import Issue


def stored_document(text: str | bytes) -> Document:
    """Return a stored document in the present format.

    >>> stored_document('{"format": "dougong.app/9999"}')
    {'format': 'dougong.app/9999'}
    """
    return present_document(orjson.loads(text))


def present_document(document: Document) -> Document:
    """Return a document that was stored within something else, as `stored_document` does."""
    present = upgrade(document)
    return document if isinstance(present, Issue) else present
