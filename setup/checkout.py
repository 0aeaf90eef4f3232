"""Tell the environment where this checkout lies in relative paths: an environment in, plain letters in its `_dougong.pth` afterwards.

Python reads such a file in the encoding of the locale and does not start at all where the path has letters that one does not know.
"""

import os
import sys
from pathlib import Path


def main() -> None:
    """Rewrite the file in the environment named by the first argument."""
    for path in Path(sys.argv[1]).absolute().glob("lib/python*/site-packages/_dougong.pth"):
        folders = path.read_text(encoding="utf-8").splitlines()
        path.write_text("".join(f"{os.path.relpath(path.parent / folder, path.parent)}\n" for folder in folders), encoding="utf-8")


if __name__ == "__main__":
    main()
