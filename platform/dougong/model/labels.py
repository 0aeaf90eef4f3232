"""A label as an author wrote it in, the same in every language of the platform out."""

from collections.abc import Mapping
from typing import get_args

from dougong.model.definition_element import Language

_LANGUAGES: tuple[Language, ...] = get_args(Language)


def labels(text: Mapping[Language, str]) -> Mapping[str, str]:
    """Return a label in every language of the platform; a language the author left out shows another one's.

    >>> labels({"en": "Order"})["zh-CN"]
    'Order'
    """
    known = [label for label in text.values() if label]
    return {language: text.get(language) or (known or [""])[0] for language in _LANGUAGES}
