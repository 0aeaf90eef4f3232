"""See to the browser the tests drive: Chromium and a Chinese font there afterwards, or one line saying what is missing."""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
from pathlib import Path

BROWSERS = ("chromium", "chromium-browser", "google-chrome")
FONT_FOLDERS = (Path("/usr/share/fonts"), Path("/usr/local/share/fonts"), Path.home() / ".fonts", Path.home() / ".local/share/fonts")
CHINESE_FONTS = ("*CJK*", "*SourceHan*", "wqy-*", "*WenQuanYi*", "uming*", "ukai*")


def main() -> None:
    """Install what is missing if we may, else say it."""
    said = ""
    if missing() and os.geteuid() == 0 and shutil.which("apt-get"):
        print(f"-- installing {' '.join(missing())}", flush=True)
        environment = {**os.environ, "DEBIAN_FRONTEND": "noninteractive"}
        for arguments in (["update"], ["install", "--yes", "--no-install-recommends", *missing()]):
            answer = subprocess.run(["apt-get", "-qq", *arguments], env=environment, stdin=subprocess.DEVNULL,
                                    capture_output=True, text=True, check=False)
            said += answer.stderr if answer.returncode else ""
    if missing():
        sys.exit(f"{said}The browser tests need {' and '.join(missing())}: as root, run apt-get install {' '.join(missing())}.")


def missing() -> list[str]:
    """Return the Debian packages that are not there."""
    has_browser = any(shutil.which(name) for name in BROWSERS)
    has_font = any(next(folder.rglob(name), None) for folder in FONT_FOLDERS if folder.is_dir() for name in CHINESE_FONTS)
    return [name for name, is_there in (("chromium", has_browser), ("fonts-noto-cjk", has_font)) if not is_there]


if __name__ == "__main__":
    main()
