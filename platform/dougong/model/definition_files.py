"""How fields that hold files are written in an app document, as pydantic types; and what they say of the files, as a value."""

from typing import Annotated, Literal

from pydantic import Field, StringConstraints

from dougong.model.definition_element import FieldBase
from engines.entity.entity import FileLimits

MEGABYTE = 1_000_000

FileType = Annotated[str, StringConstraints(pattern=r"^(\.[a-z0-9]{1,10}|[a-z]+/(\*|[a-z0-9.+-]{1,80}))$")]
"""A type of files: `.pdf`, `application/pdf` or `image/*`."""


class AttachmentsField(FieldBase):
    """Uploaded files."""

    kind: Literal["attachments"]
    types: Annotated[list[FileType], Field(max_length=50)] | None = None
    max_size: Annotated[int, Field(ge=1, le=10_000)] | None = None
    max_count: Annotated[int, Field(ge=1, le=100)] = 20


class ImagesField(FieldBase):
    """Uploaded pictures."""

    kind: Literal["images"]
    max_size: Annotated[int, Field(ge=1, le=10_000)] | None = None
    max_count: Annotated[int, Field(ge=1, le=100)] = 20


class SignatureField(FieldBase):
    """A signature drawn by hand."""

    kind: Literal["signature"]


FilesField = AttachmentsField | ImagesField | SignatureField
"""Fields that hold files."""


def file_limits(definition: object) -> FileLimits | None:
    """Return which files a field takes, None for a field that holds none."""
    match definition:
        case AttachmentsField(types=types, max_size=size, max_count=count):
            return FileLimits(tuple(types or ()), None if size is None else size * MEGABYTE, count)
        case ImagesField(max_size=size, max_count=count):
            return FileLimits(("image/*",), None if size is None else size * MEGABYTE, count)
        case SignatureField():
            return FileLimits(("image/png",), MEGABYTE, 1)
        case _:
            return None
