"""Takes a text and the names in it, gives the text as it is stored: keys for labels, ASCII signs; its layout stays as written."""

from __future__ import annotations

import re
from collections.abc import Iterable

from engines.expression.names import Named
from engines.expression.parse import parse
from engines.expression.tokens import read_tokens

_IN_NAME = re.compile(r"\w")


def canonical(text: str, named: Iterable[Named]) -> str:
    """Return a text with the same meaning, whose names are keys and whose signs are ASCII; comments and line ends stay.

    A text that is not finished is left alone.

    >>> canonical("ROUND（数量 * 2，1） // 取整", [Named((6, 8), "quantity", None, "quantity")])
    'ROUND(quantity * 2,1) // 取整'
    """
    if parse(text).issues:
        return text
    changes = {name.span: name.written for name in named}
    for token in read_tokens(text)[0]:
        raw, span = text[token.start : token.end], (token.start, token.end)
        if token.kind == "sign" and raw != token.text:
            changes[span] = token.text
        elif token.kind == "text" and raw[0] in "“”":
            changes[span] = '"' + token.text.replace('"', '""') + '"'
        elif token.kind == "date" and not raw.isascii():
            changes[span] = f"#{token.text}#"
        elif token.kind == "braced" and not (raw[0] + raw[-1]).isascii():
            changes.setdefault(span, "{" + token.text + "}")
    written, end = "", 0
    for (start, stop), replacement in sorted(changes.items()):
        written = _joined(_joined(written, text[end:start]), replacement)
        end = stop
    return _joined(written, text[end:])


def _joined(left: str, right: str) -> str:
    """Put two pieces together, with a space where they would become one name."""
    is_one = left and right and _IN_NAME.fullmatch(left[-1]) and _IN_NAME.fullmatch(right[0])
    return f"{left} {right}" if is_one else left + right
