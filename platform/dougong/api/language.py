"""The language of an answer: an Accept-Language header in, `zh-CN` or `en` out; never fails on a malformed header."""

from collections.abc import Iterable

from starlette.types import Scope

LANGUAGES = ("zh-CN", "en")


def language_of(scope: Scope) -> str:
    """Return the language a request asks for."""
    return preferred_language(value.decode("latin-1") for name, value in scope["headers"] if name == b"accept-language")


def preferred_language(headers: Iterable[str]) -> str:
    """Return `zh-CN` when the most wanted language we have is Chinese, else `en`; English when nothing is said.

    Source: RFC 9110, 12.4.2 and 12.5.4: the highest quality wins, the first of equals; quality 0 means "not this one".

    >>> preferred_language(["zh-CN,zh;q=0.9,en;q=0.8"])
    'zh-CN'
    >>> preferred_language(["de, en;q=0.5, zh;q=0.7"])
    'zh-CN'
    >>> preferred_language(["zh;q=0, *"])
    'en'
    """
    qualities: dict[str, float] = {}
    for item in ",".join(headers).split(","):
        tag, _, parameters = item.partition(";")
        language = _ours(tag.strip().lower())
        if language is not None:
            qualities.setdefault(language, _quality(parameters))
    anything = qualities.pop("*", 0.0)
    wanted = {language: qualities.get(language, anything) for language in ("en", "zh-CN")}
    listed = [language for language in qualities if qualities[language] == max(wanted.values())]
    if max(wanted.values()) == 0.0:
        return "en"
    return listed[0] if listed else max(wanted, key=lambda language: wanted[language])


def _ours(tag: str) -> str | None:
    match tag.partition("-")[0]:
        case "zh":
            return "zh-CN"
        case "en":
            return "en"
        case "*":
            return "*"
        case _:
            return None


def _quality(parameters: str) -> float:
    """Return the `q` among the parameters, 1 if there is none, 0 if it cannot be read."""
    for parameter in parameters.split(";"):
        name, _, value = parameter.partition("=")
        if name.strip().lower() == "q":
            try:
                quality = float(value)
            except ValueError:
                return 0.0
            return quality if 0.0 <= quality <= 1.0 else 0.0
    return 1.0
