"""See to the browser the tests drive: Chromium and a Chinese font there afterwards, or one line saying what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
OFFERED = ("chromium-headless-shell", "chromium")
"""Packages with a browser; the first is the same engine without windows, which spends less, and is not in every distribution."""
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts", Path.home() / ".local/share/fonts")
CHINESE_FONTS = ("*CJK*", "*SourceHan*", "wqy-*", "*WenQuanYi*", "uming*", "ukai*")


def main() -> None:
    """Install what is missing if we may, else say it."""
    said = ""
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        said = _apt("update")
        for package in OFFERED:
            if missing(package):
                print(f"-- installing {' '.join(missing(package))}", flush=True)
                said += _apt("install", "--yes", "--no-install-recommends", *missing(package))
    if missing():
        names = missing(OFFERED[-1])
        sys.exit(f"{said}The browser tests need {' and '.join(names)}: as root, run apt-get install {' '.join(names)}.")


def _apt(*arguments: str) -> str:
    """Return what apt-get complains of."""
    environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
    answer = subprocess.run(["apt-get", "-qq", *arguments], env=environment, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False)
    return answer.stderr if answer.returncode else ""


def missing(browser: str = OFFERED[0]) -> list[str]:
    """Return the Debian packages that are not there, any browser in place of the one that is named."""
    has_browser = any(shutil.which(name) for name in BROWSERS)
    has_font = any(next(folder.rglob(name), None) for folder in FONT_FOLDERS if folder.is_dir() for name in CHINESE_FONTS)
    return [name for name, is_there in ((browser, has_browser), ("fonts-noto-cjk", has_font)) if not is_there]


if __name__ == "__main__":
    main()
