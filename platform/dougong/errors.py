"""What stops a request or a command: every such error has a code, a title and an HTTP status; never raised for bugs.

Each part of the platform defines its own subclasses beside the code that raises them; the edge turns them into answers.
What an author or a user got wrong is a value (`Issue`), collected and carried by the error that stops the request.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar

from engines.values.issue import Issues


class PlatformError(Exception):
    """What stops a request: subclasses set the class attributes, instances carry the parts of the sentence.

    code: kebab case, begins with its stage (`record-`, `access-`, `definition-`, …), never reused or renamed.
    title: what kind of thing went wrong, the same for every instance; `zh-CN` and `en`.
    sentence: what went wrong this time, with `{name}` for each part; without it the title says it all.
    """

    code: ClassVar[str]
    title: ClassVar[Mapping[str, str]]
    status: ClassVar[int]
    sentence: ClassVar[Mapping[str, str]] = {}

    def __init__(self, issues: Issues = (), **parts: object) -> None:
        """Keep the issues that stopped the request and the parts of the sentence."""
        super().__init__(issues, parts)
        self.issues = issues
        self.parts = parts

    def detail(self, language: str) -> str:
        """Return what went wrong this time, for people, in `zh-CN` or `en`."""
        texts = self.sentence or self.title
        return texts[language if language in texts else "en"].format(**self.parts)

    @property
    def members(self) -> Mapping[str, object]:
        """Return what the answer holds besides, for programs: members of the problem document that are this kind's own."""
        return {}

    @property
    def notes(self) -> tuple[str, ...]:
        """Return what whoever runs the server should know besides and no one else: notes added where it was raised."""
        return tuple(getattr(self, "__notes__", ()))

    def __str__(self) -> str:
        """Return code and English detail for logs, with one line for each note and each issue."""
        lines = [f"{self.code}: {self.detail('en')}", *(f"  {note}" for note in self.notes)]
        lines += [f"  {found.pointer or '/'}: {found.message['en']} ({found.code})" for found in self.issues]
        return "\n".join(lines)


class RequestMalformed(PlatformError):
    """The request cannot be read at all: not JSON, not UTF-8, a header that makes no sense."""

    code = "request-malformed"
    title = {"zh-CN": "请求无法读取", "en": "The request cannot be read"}
    status = 400


class RequestInvalid(PlatformError):
    """The request can be read, but something in it is wrong; the issues say what and where."""

    code = "request-invalid"
    title = {"zh-CN": "请求内容有误", "en": "Something in the request is wrong"}
    status = 422


class RequestTooLarge(PlatformError):
    """The body has more than `limit_bytes` bytes."""

    code = "request-too-large"
    title = {"zh-CN": "请求过大", "en": "The request is too large"}
    status = 413
    sentence = {
        "zh-CN": "请求正文超过 {limit_bytes} 字节的上限。",
        "en": "The body of the request is larger than {limit_bytes} bytes.",
    }


class AddressUnknown(PlatformError):
    """There is nothing at this address."""

    code = "request-address-unknown"
    title = {"zh-CN": "没有这个地址", "en": "There is nothing at this address"}
    status = 404


class MethodNotAllowed(PlatformError):
    """The address exists but does not take this method; the part `allowed` names those it takes."""

    code = "request-method-not-allowed"
    title = {"zh-CN": "此地址不支持该方法", "en": "The address does not take this method"}
    status = 405


class DatabaseUnavailable(PlatformError):
    """The database cannot be reached or gave no connection in time; the same request may succeed later."""

    code = "database-unavailable"
    title = {"zh-CN": "数据库暂时不可用", "en": "The database is not available at the moment"}
    status = 503


class DatabaseTooSlow(PlatformError):
    """The database took so long for one statement that it was cancelled; nothing of the request was written."""

    code = "database-too-slow"
    title = {"zh-CN": "查询耗时过长", "en": "The query took too long"}
    status = 503
    sentence = {
        "zh-CN": "数据库处理这个请求的时间过长，已取消，没有写入任何东西。请缩小筛选范围，或稍后再试。",
        "en": "The database took too long for this request, so it was cancelled and nothing was written. "
        "Ask for less, or try again later.",
    }


class InternalError(PlatformError):
    """A bug: the answer shows the request id alone, the log has the rest."""

    code = "internal-error"
    title = {"zh-CN": "服务器内部错误", "en": "An internal error"}
    status = 500
    sentence = {
        "zh-CN": "服务器出错了，请把编号 {request_id} 告诉管理员。",
        "en": "The server failed. Please give the id {request_id} to your administrator.",
    }
