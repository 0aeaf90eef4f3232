"""Files as fields point to them: an entity of the platform's own, and what a field says about the files it takes."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from engines.entity.entity import FILES, PLATFORM, Entity, Field
from engines.entity.field_kinds import FIELD_KINDS
from engines.entity.messages import MESSAGES
from engines.values.decimals import number_text
from engines.values.issue import Issue, issue

_NAMES: Mapping[str, tuple[str, str, str]] = {
    "name": ("text", "文件名", "Name"),
    "type": ("text", "类型", "Type"),
    "size": ("number", "大小（字节）", "Size in bytes"),
    "width": ("number", "宽度（像素）", "Width in pixels"),
    "height": ("number", "高度（像素）", "Height in pixels"),
}


def _field(key: str, kind: str, zh: str, en: str) -> Field:
    found = FIELD_KINDS[kind]
    assert found.value_type is not None
    return Field(key, found, {"zh-CN": zh, "en": en}, found.value_type, column=key, is_read_only=True)


FILE_ENTITY = Entity(
    PLATFORM,
    FILES.partition(".")[2],
    {"zh-CN": "文件", "en": "File"},
    "name",
    {key: _field(key, *words) for key, words in _NAMES.items()},
)
"""What expressions may read of a file, and where it is kept."""


FILE_FACTS = ("name", "size", "type")
"""What is read of a file to judge it."""


def file_issues(field: Field, pointer: str, facts: Mapping[str, Any] | None) -> Iterator[Issue]:
    """Give what is wrong with a file that is put into a field; facts: None where there is no such file to use."""
    limits = field.files
    assert limits is not None
    if facts is None:
        yield issue(MESSAGES, "record-file-missing", pointer, None, name=field.name)
        return
    if not takes_type(limits.types, facts["type"], facts["name"]):
        yield issue(MESSAGES, "record-file-type", pointer, None, name=field.name, file=facts["name"], types=", ".join(limits.types))
    if limits.max_size is not None and facts["size"] > limits.max_size:
        limit = number_text(Decimal(limits.max_size) / 1_000_000)
        yield issue(MESSAGES, "record-file-too-large", pointer, None, name=field.name, file=facts["name"], limit=limit)


def takes_type(types: tuple[str, ...], kind: str, name: str) -> bool:
    """Whether one of the types a field takes is that of a file: `image/*`, `application/pdf` or `.pdf`; without any, all are.

    >>> takes_type(("image/*", ".pdf"), "application/pdf", "Offer.PDF"), takes_type((".pdf",), "text/plain", "offer.txt")
    (True, False)
    """
    return not types or any(_takes(wanted, kind, name.lower()) for wanted in types)


def _takes(wanted: str, kind: str, name: str) -> bool:
    if wanted.startswith("."):
        return name.endswith(wanted)
    return kind.startswith(wanted[:-1]) if wanted.endswith("/*") else kind == wanted
