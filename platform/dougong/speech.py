"""The language in which a command speaks: the environment in, `zh-CN` or `en` out."""

import os


def spoken(asked: str = "") -> str:
    """Return `zh-CN` or `en`: as asked, else as the environment says (LANGUAGE, LC_ALL, LC_MESSAGES, LANG), else English."""
    names = ("LANGUAGE", "LC_ALL", "LC_MESSAGES", "LANG")
    said = asked or next((os.environ[name] for name in names if os.environ.get(name)), "")
    return "zh-CN" if said.lower().startswith("zh") else "en"
