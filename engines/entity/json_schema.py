"""A JSON Schema somebody wrote into a field and a JSON value in, what is wrong with either out; nothing is fetched from anywhere."""

from collections.abc import Iterator, Mapping
from functools import lru_cache
from typing import Any

import orjson


@lru_cache(maxsize=256)
def _validator(written: bytes) -> Any:  # noqa: ANN401 – the library's own class, made at run time
    # Brought in here: most sites have no field with a schema, and the library takes long to load.
    from jsonschema import Draft202012Validator, validators
    from jsonschema.exceptions import ValidationError
    from referencing import Registry

    from engines.expression.failure import Failure
    from engines.expression.python_regex import matcher, matches

    def pattern(validator: object, wanted: str, instance: object, schema: object) -> Iterator[Any]:
        """Match in linear time, as everywhere else."""
        if isinstance(instance, str):
            try:
                is_right = matches(instance, matcher(wanted))
            except Failure:
                is_right = False
            if not is_right:
                yield ValidationError(f"{instance[:50]!r} does not match {wanted!r}")

    made = validators.extend(Draft202012Validator, {"pattern": pattern})  # type: ignore[no-untyped-call]
    return made(orjson.loads(written), registry=Registry())


def broken_rule(schema: Mapping[str, Any], value: object) -> str | None:
    """Return the first thing about a value that a schema does not allow, None when all is right.

    >>> broken_rule({"type": "object", "required": ["size"]}, {})
    "'size' is a required property"
    """
    validator = _validator(orjson.dumps(schema))
    try:
        error = next(validator.iter_errors(value), None)
    except RecursionError:
        return "recursion"
    if error is None:
        return None
    place = "".join(f"/{part}" for part in error.absolute_path)
    return f"{place + ': ' if place else ''}{error.message}"[:300]


def wrong_schema(schema: Mapping[str, Any]) -> str | None:
    """Return why a schema is none that can be used here, None when it can.

    >>> wrong_schema({"type": "objekt"}) is None, wrong_schema({"$ref": "https://example.com/s"}), wrong_schema({"type": "object"})
    (False, '$ref: https://example.com/s', None)
    """
    from jsonschema import Draft202012Validator
    from jsonschema.exceptions import SchemaError

    for key, value in _parts(schema):
        # Other documents are never fetched; names by pattern would be matched in time that has no limit.
        if key == "patternProperties" or (key in ("$ref", "$dynamicRef") and not str(value).startswith("#")):
            return f"{key}: {value}" if isinstance(value, str) else key
    try:
        Draft202012Validator.check_schema(schema)
    except SchemaError as error:
        return str(error.message)[:300]
    except RecursionError:
        return "recursion"
    return None


def _parts(node: object) -> Iterator[tuple[str, object]]:
    waiting = [node]
    while waiting:
        part = waiting.pop()
        if isinstance(part, Mapping):
            yield from part.items()
            waiting += part.values()
        elif isinstance(part, list):
            waiting += part
