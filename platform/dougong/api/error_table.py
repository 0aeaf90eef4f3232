"""Every error code there is, with its words: classes and message tables in, one table out; what `/problems/` shows."""

import html
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from dougong.api.messages import MESSAGES as REQUEST_MESSAGES
from dougong.errors import PlatformError
from dougong.model.messages import MESSAGES as MODEL_MESSAGES
from dougong.packages.messages import MESSAGES as PACKAGE_MESSAGES
from dougong.people.messages import MESSAGES as PEOPLE_MESSAGES
from dougong.permissions.messages import MESSAGES as POLICY_MESSAGES
from dougong.publishing.messages import MESSAGES as PUBLISHING_MESSAGES
from dougong.sheets.messages import MESSAGES as SHEET_MESSAGES
from dougong.store.messages import MESSAGES as STORE_MESSAGES
from dougong.workdays.messages import MESSAGES as CALENDAR_MESSAGES
from engines.entity.messages import MESSAGES as ENTITY_MESSAGES
from engines.expression.messages import MESSAGES as EXPRESSION_MESSAGES
from engines.values.messages import MESSAGES as VALUE_MESSAGES

_TABLES = (
    VALUE_MESSAGES, EXPRESSION_MESSAGES, ENTITY_MESSAGES, MODEL_MESSAGES, PUBLISHING_MESSAGES, STORE_MESSAGES, REQUEST_MESSAGES,
    CALENDAR_MESSAGES, SHEET_MESSAGES, PACKAGE_MESSAGES, PEOPLE_MESSAGES, POLICY_MESSAGES,
)  # fmt: skip

_WORDS = {
    "zh-CN": {"status": "HTTP 状态", "all": "全部错误代码", "of": "出现在 errors[] 中"},
    "en": {"status": "HTTP status", "all": "All error codes", "of": "occurs in errors[]"},
}


@dataclass(frozen=True, slots=True)
class ErrorRow:
    """One code. status: of the answer, None when the code only occurs among the `errors` of another. sentence: with `{parts}`."""

    code: str
    title: Mapping[str, str]
    status: int | None
    sentence: Mapping[str, str]


def error_table() -> Mapping[str, ErrorRow]:
    """Return every code by its name: what stops a request first, then what may be wrong inside one."""
    rows = {kind.code: ErrorRow(kind.code, kind.title, kind.status, kind.sentence or kind.title) for kind in _kinds(PlatformError)}
    for table in _TABLES:
        for code, text in table.items():
            rows.setdefault(code, ErrorRow(code, text, None, text))
    return dict(sorted(rows.items()))


def problem_page(code: str, language: str) -> str | None:
    """Return the small page that explains one code in `zh-CN` or `en`, None if there is no such code."""
    row = error_table().get(code)
    if row is None:
        return None
    words = _WORDS[language]
    status = words["of"] if row.status is None else f"{words['status']} {row.status}"
    return _page(
        language,
        row.title[language] if row.status else code,
        f"<p><code>{code}</code> · {status}</p><p>{html.escape(row.sentence[language])}</p>"
        f'<p><a href="/problems/">{words["all"]}</a></p>',
    )


def problems_page(language: str) -> str:
    """Return the page that lists all codes."""
    rows = "".join(
        f'<tr><td><a href="/problems/{row.code}"><code>{row.code}</code></a></td><td>{row.status or ""}</td>'
        f"<td>{html.escape(row.title[language])}</td></tr>"
        for row in error_table().values()
    )
    return _page(language, _WORDS[language]["all"], f"<table>{rows}</table>")


def _kinds(parent: type[PlatformError]) -> Iterator[type[PlatformError]]:
    for kind in parent.__subclasses__():
        if hasattr(kind, "code"):
            yield kind
        yield from _kinds(kind)


def _page(language: str, title: str, content: str) -> str:
    title = html.escape(title)
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        f'<meta name="viewport" content="width=device-width, initial-scale=1"><title>{title}</title>'
        "<style>body{font:16px/1.6 system-ui,sans-serif;max-width:52rem;margin:3rem auto;padding:0 1rem;color:#1f1f1f}"
        "table{border-collapse:collapse}td{padding:.25rem .75rem;border-top:1px solid #ddd;vertical-align:top}</style></head>"
        f"<body><main><h1>{title}</h1>{content}</main></body></html>"
    )
