"""Takes message templates and parts, gives an `Issue`: what is wrong with what someone wrote; never raises for it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

Messages = Mapping[str, Mapping[str, str]]


@dataclass(frozen=True, slots=True)
class Fix:
    """What would put an issue right: the text to write in the place of a span."""

    span: tuple[int, int]
    insert: str


@dataclass(frozen=True, slots=True)
class Issue:
    """One thing that is wrong with what an author or a user wrote.

    message: the sentence in each language, "zh-CN" and "en".
    pointer: where in the document or record ("/entities/sales_order/fields/total/formula").
    span: first and last-plus-one character (code points) inside an expression text.
    fixes: changes of that text that would put it right, the likeliest first.
    """

    code: str
    message: Mapping[str, str]
    pointer: str = ""
    span: tuple[int, int] | None = None
    fixes: tuple[Fix, ...] = ()

    def at(self, pointer: str) -> Issue:
        """Return this issue as found at another pointer."""
        return replace(self, pointer=pointer)


Issues = tuple[Issue, ...]


def pointer_to(parts: Iterable[str | int]) -> str:
    """Return the JSON pointer of a place by the keys and positions that lead to it. Source: RFC 6901.

    >>> pointer_to(["lines", 2, "a/b"])
    '/lines/2/a~1b'
    """
    return "".join("/" + str(part).replace("~", "~0").replace("/", "~1") for part in parts)


def issue(messages: Messages, code: str, pointer: str = "", span: tuple[int, int] | None = None, **parts: object) -> Issue:
    """Return the issue of a code, its templates `{name}` filled with the parts.

    A part that is itself a mapping of languages gives each sentence its own words.

    >>> issue({"record-too-long": {"zh-CN": "最多 {most} 个字", "en": "At most {most} characters"}},
    ...       "record-too-long", "/name", most=5).message["en"]
    'At most 5 characters'
    """
    message = {
        language: template.format(
            **{key: part[language] if isinstance(part, Mapping) else part for key, part in parts.items()}
        )
        for language, template in messages[code].items()
    }
    return Issue(code, message, pointer, span)
