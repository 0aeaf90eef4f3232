"""HTML somebody wrote in, HTML that is safe to show anywhere out, or its words as plain text."""

import re
from html import unescape

import nh3

TAGS = frozenset(
    (
        "p", "br", "h1", "h2", "h3", "h4", "strong", "b", "em", "i", "u", "s", "code", "pre", "blockquote", "ul", "ol", "li", "a", "hr",
        "table", "thead", "tbody", "tr", "th", "td", "sub", "sup",
    )
)  # fmt: skip
_ATTRIBUTES = {"a": {"href"}, "th": {"colspan", "rowspan"}, "td": {"colspan", "rowspan"}, "ol": {"start"}}
_SCHEMES = {"http", "https", "mailto", "tel"}
_BREAK = re.compile(r"<(?:br|hr|/p|/h[1-4]|/li|/tr|/pre|/blockquote)\b[^>]*>")
_CELL = re.compile(r"</t[hd]>")
_TAG = re.compile(r"<[^>]*>")
_SPACE = re.compile(r"[ \t\xa0]+")
_EMPTY = re.compile(r"[ \t\r\n\xa0\u200b\ufeff]*")


def clean_html(html: str) -> str | None:
    """Return HTML with nothing in it but text, its form and links to the web; None when it shows nothing.

    >>> clean_html('<p onclick="x()">Hi <script>alert(1)</script><a href="javascript:x">a</a></p>')
    '<p>Hi <a rel="noopener noreferrer">a</a></p>'
    >>> clean_html("<p> <br></p>") is None
    True
    """
    safe = nh3.clean(html, tags=set(TAGS), attributes=_ATTRIBUTES, url_schemes=_SCHEMES, link_rel="noopener noreferrer").strip()
    return None if "<hr" not in safe and _EMPTY.fullmatch(text_of_html(safe)) else safe


def text_of_html(html: str) -> str:
    """Return the words of HTML that has been cleaned, a line for each paragraph.

    >>> text_of_html("<p>1 &lt; 2</p><ul><li>one</li><li>two</li></ul>")
    '1 < 2\\none\\ntwo'
    """
    broken = _CELL.sub("\t", _BREAK.sub("\n", html.replace("\n", " ")))
    lines = [_SPACE.sub(" ", line).strip() for line in unescape(_TAG.sub("", broken)).split("\n")]
    return "\n".join(lines).strip("\n")


def html_of_text(text: str) -> str:
    """Return plain text as HTML, a paragraph for each line.

    >>> html_of_text("a < b\\nc")
    '<p>a &lt; b</p><p>c</p>'
    """
    return "".join(f"<p>{_escaped(line)}</p>" for line in text.splitlines())


def is_html(text: str) -> bool:
    """Tell whether a text is meant as HTML: one of the known tags is in it.

    >>> is_html("<p>a</p>"), is_html("a < b > c")
    (True, False)
    """
    return any(tag in TAGS for tag in re.findall(r"</?([a-z][a-z0-9]*)\b[^>]*>", text[:20_000]))


def _escaped(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
