"""What somebody sent for a field that is text of a certain form in, the text as it is kept out; the wrong is refused with its code."""

import re
import unicodedata
from collections.abc import Callable, Mapping
from datetime import time
from urllib.parse import urlsplit

from engines.entity.entity import Field
from engines.entity.markup import clean_html
from engines.entity.refusal import refused
from engines.expression.python_china import is_email

LONGEST_PHONE = 40
LONGEST_EMAIL = 254
LONGEST_URL = 500
LONGEST_BARCODE = 200
MASK = "••••••"
"""What is shown in the place of a secret."""

_PHONE = re.compile(r"\+?[0-9(][0-9 ()\-./]{1,30}(?:(?: ?(?:x|ext\.?|转|#) ?)[0-9]{1,8})?")
_TIME = re.compile(r"([01][0-9]|2[0-3]):([0-5][0-9])(?::([0-5][0-9]))?")
_HOST = re.compile(r"[^\s/?#@:\[\]]+|\[[0-9a-fA-F:.]+\]")

Check = Callable[[Field], Callable[[object], object]]
"""A field in, what checks a value for it out: the value as it is kept, None for a blank; raises what refuses it."""


def plain_text(value: object) -> str:
    """Return a text that can be stored, composed as NFC; raises for anything else."""
    if not isinstance(value, str):
        raise refused("record-text-expected")
    if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
        raise refused("record-text-invalid")
    return value if value.isascii() else unicodedata.normalize("NFC", value)


def _short(value: object, most: int) -> str:
    text = plain_text(value).strip()
    if len(text) > most:
        raise refused("record-text-too-long", limit=most)
    return text


def _phone(field: Field) -> Callable[[object], object]:
    def check(value: object) -> str | None:
        text = unicodedata.normalize("NFKC", _short(value, LONGEST_PHONE))
        if text and (_PHONE.fullmatch(text) is None or sum(character.isdigit() for character in text) < 3):
            raise refused("record-phone-invalid")
        return text or None

    return check


def _email(field: Field) -> Callable[[object], object]:
    def check(value: object) -> str | None:
        text = _short(value, LONGEST_EMAIL)
        if text and not is_email(text):
            raise refused("record-email-invalid")
        return text or None

    return check


def _url(field: Field) -> Callable[[object], object]:
    def check(value: object) -> str | None:
        text = _short(value, LONGEST_URL)
        if text and not is_web_address(text):
            raise refused("record-url-invalid")
        return text or None

    return check


def is_web_address(text: str) -> bool:
    """Tell whether a text is an address of the web: of http or https, with a host, without blanks.

    >>> is_web_address("https://例子.cn/a?b=1#c"), is_web_address("javascript:alert(1)"), is_web_address("http://")
    (True, False, False)
    """
    if re.search(r"[\s\x00-\x1f<>\"]", text):
        return False
    try:
        parts = urlsplit(text)
        host, _ = parts.hostname or "", parts.port
    except ValueError:
        return False
    return parts.scheme in ("http", "https") and _HOST.fullmatch(host if ":" not in host else f"[{host}]") is not None


def _time(field: Field) -> Callable[[object], object]:
    form = "%H:%M:%S" if field.details.get("seconds") else "%H:%M"

    def check(value: object) -> str | None:
        text = plain_text(value).strip()
        if not text:
            return None
        found = _TIME.fullmatch(text)
        if found is None:
            raise refused("record-time-invalid")
        hour, minute, second = (int(part or 0) for part in found.groups())
        return time(hour, minute, second).strftime(form)

    return check


def _barcode(field: Field) -> Callable[[object], object]:
    form = BARCODES[field.details["format"]]

    def check(value: object) -> str | None:
        text = _short(value, LONGEST_BARCODE)
        if text and not form(text):
            raise refused("record-barcode-invalid", format=field.details["format"])
        return text or None

    return check


def _digits_with_check(*lengths: int) -> Callable[[str], bool]:
    def is_right(text: str) -> bool:
        if not (text.isascii() and text.isdigit() and len(text) in lengths):
            return False
        # GS1: weights 3 and 1 by turns from the right, the last digit makes the sum a multiple of ten.
        return sum(int(digit) * (3 if place % 2 else 1) for place, digit in enumerate(reversed(text))) % 10 == 0

    return is_right


def _of(pattern: str) -> Callable[[str], bool]:
    compiled = re.compile(pattern)
    return lambda text: compiled.fullmatch(text) is not None


BARCODES: Mapping[str, Callable[[str], bool]] = {
    "code128": _of(r"[\x20-\x7e]{1,80}"),
    "code39": _of(r"[0-9A-Z \-.$/+%]{1,60}"),
    "ean13": _digits_with_check(13),
    "ean8": _digits_with_check(8),
    "upca": _digits_with_check(12),
    "itf14": _digits_with_check(14),
    "qrcode": _of(r".{1,200}"),
    "datamatrix": _of(r".{1,200}"),
}
"""What a text must be to be written as a bar code, by format."""


def _secret(field: Field) -> Callable[[object], object]:
    most = field.max_length or 0

    def check(value: object) -> str | None:
        text = plain_text(value)
        if len(text) > most:
            raise refused("record-text-too-long", limit=most)
        if text and not text.strip(MASK):
            raise refused("record-secret-mask")
        return text or None

    return check


def _rich_text(field: Field) -> Callable[[object], object]:
    most = field.max_length or 0

    def check(value: object) -> str | None:
        # What is taken out does not count, yet nobody may send books to be cleaned.
        text = plain_text(value)
        cleaned = clean_html(text) if len(text) <= 4 * most else text
        if cleaned is not None and len(cleaned) > most:
            raise refused("record-text-too-long", limit=most)
        return cleaned

    return check


TEXT_CHECKS: Mapping[str, Check] = {
    "phone": _phone, "email": _email, "url": _url, "time": _time, "barcode": _barcode, "secret": _secret, "rich_text": _rich_text,
}  # fmt: skip
"""The checks of these kinds."""
