"""Writes the OpenAPI document of the platform's endpoints to standard output: `python -m dougong.api.openapi > openapi.json`."""

import sys

import orjson

from dougong.api.platform_app import build_platform_app


def main() -> None:
    """Write the document; it needs neither a server nor a database, and is the same at every run."""
    document = build_platform_app().openapi()
    sys.stdout.buffer.write(orjson.dumps(document, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE))


if __name__ == "__main__":
    main()
