"""A code of stage `record` in, the error that makes pydantic refuse a value with it out."""

from typing import LiteralString

from pydantic_core import PydanticCustomError


def refused(code: LiteralString, **parts: object) -> PydanticCustomError:
    """Return what to raise where a value is not right; the parts fill the message of the code beside the field's name."""
    return PydanticCustomError(code, code, dict(parts))
