"""What a file is: its first and last bytes and its name in, its type out; refuses what is disguised or could run.

A name is a claim that the content must bear out. `SIGNATURES` says how contents begin, `CLAIMS` what each extension may be.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import puremagic

from dougong.files.errors import FileDisguised, FileRefused
from dougong.files.names import extension_of

HEAD_BYTES = 65_536
TAIL_BYTES = 66_000
TEXT, BINARY, PROGRAM, PAGE, DRAWING = "text/plain", "application/octet-stream", "program", "text/html", "image/svg+xml"
ZIP, OLE, XML = "application/zip", "application/x-ole-storage", "application/xml"

SIGNATURES: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"), (0, b"\xff\xd8\xff", "image/jpeg"), (0, b"GIF87a", "image/gif"), (0, b"GIF89a", "image/gif"),
    (0, b"BM", "image/bmp"), (0, b"II*\x00", "image/tiff"), (0, b"MM\x00*", "image/tiff"), (8, b"WEBP", "image/webp"),
    (4, b"ftypheic", "image/heic"), (4, b"ftypheix", "image/heic"), (4, b"ftypmif1", "image/heic"), (4, b"ftypavif", "image/avif"),
    (0, b"%PDF-", "application/pdf"), (0, b"PK\x03\x04", ZIP), (0, b"PK\x05\x06", ZIP), (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", OLE),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"), (0, b"Rar!\x1a\x07", "application/vnd.rar"), (0, b"\x1f\x8b", "application/gzip"),
    (0, b"ID3", "audio/mpeg"), (0, b"\xff\xfb", "audio/mpeg"), (0, b"OggS", "audio/ogg"), (8, b"WAVE", "audio/wav"), (4, b"ftypM4A", "audio/mp4"),
    (4, b"ftypqt", "video/quicktime"), (4, b"ftyp", "video/mp4"), (0, b"\x1a\x45\xdf\xa3", "video/webm"), (8, b"AVI ", "video/x-msvideo"),
    (0, b"MZ", PROGRAM), (0, b"\x7fELF", PROGRAM), (0, b"\xcf\xfa\xed\xfe", PROGRAM), (0, b"\xce\xfa\xed\xfe", PROGRAM),
    (0, b"\xfe\xed\xfa\xce", PROGRAM), (0, b"\xfe\xed\xfa\xcf", PROGRAM), (0, b"\xca\xfe\xba\xbe", PROGRAM), (0, b"#!", PROGRAM),
    (0, b"\x4c\x00\x00\x00\x01\x14\x02\x00", PROGRAM), (0, b"\x00asm", PROGRAM),
)  # fmt: skip
"""At which byte a content of a type has which bytes; the first that fits."""

_WORDS = frozenset({b"BM", b"MZ", b"ID3", b"OggS"})
"""Beginnings that a text may have as well."""

PICTURES = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp", "image/bmp", "image/tiff"})
"""Types of pictures that are opened: their size is checked and a small one is made."""
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""Types a browser may show itself instead of keeping them."""

_OFFICE = "application/vnd.openxmlformats-officedocument."
CLAIMS: Mapping[str, tuple[str, tuple[str, ...]]] = {
    **{ext: ("image/jpeg", ("image/jpeg",)) for ext in (".jpg", ".jpeg", ".jfif")},
    **{f".{name}": (f"image/{name}", (f"image/{name}",)) for name in ("png", "gif", "webp", "bmp", "avif")},
    **{ext: ("image/tiff", ("image/tiff",)) for ext in (".tif", ".tiff")},
    **{ext: ("image/heic", ("image/heic",)) for ext in (".heic", ".heif")},
    ".svg": (DRAWING, (DRAWING,)),
    ".pdf": ("application/pdf", ("application/pdf",)),
    ".zip": (ZIP, (ZIP,)),
    ".docx": (f"{_OFFICE}wordprocessingml.document", (ZIP,)), ".xlsx": (f"{_OFFICE}spreadsheetml.sheet", (ZIP,)),
    ".pptx": (f"{_OFFICE}presentationml.presentation", (ZIP,)), ".odt": ("application/vnd.oasis.opendocument.text", (ZIP,)),
    ".ods": ("application/vnd.oasis.opendocument.spreadsheet", (ZIP,)), ".odp": ("application/vnd.oasis.opendocument.presentation", (ZIP,)),
    ".doc": ("application/msword", (OLE, "text/rtf")), ".xls": ("application/vnd.ms-excel", (OLE,)),
    ".ppt": ("application/vnd.ms-powerpoint", (OLE,)), ".msg": ("application/vnd.ms-outlook", (OLE,)), ".wps": ("application/vnd.ms-works", (OLE,)),
    ".rtf": ("text/rtf", ("text/rtf",)),
    ".7z": ("application/x-7z-compressed", ("application/x-7z-compressed",)), ".rar": ("application/vnd.rar", ("application/vnd.rar",)),
    ".gz": ("application/gzip", ("application/gzip",)), ".tgz": ("application/gzip", ("application/gzip",)),
    ".mp3": ("audio/mpeg", ("audio/mpeg",)), ".ogg": ("audio/ogg", ("audio/ogg",)), ".wav": ("audio/wav", ("audio/wav",)),
    ".m4a": ("audio/mp4", ("audio/mp4", "video/mp4")), ".mp4": ("video/mp4", ("video/mp4",)), ".mov": ("video/quicktime", ("video/quicktime", "video/mp4")),
    ".webm": ("video/webm", ("video/webm",)), ".avi": ("video/x-msvideo", ("video/x-msvideo",)),
    **{ext: (kind, (TEXT,)) for ext, kind in ((".txt", TEXT), (".csv", "text/csv"), (".tsv", "text/tab-separated-values"), (".md", "text/markdown"),
                                              (".log", TEXT), (".json", "application/json"), (".eml", "message/rfc822"))},
    ".xml": (XML, (XML, TEXT)), ".html": (PAGE, (PAGE,)), ".htm": (PAGE, (PAGE,)),
}  # fmt: skip
"""What a file with an extension is called, and what its content may be found to be."""

RUNS = frozenset(re.findall(r"\S+", """
    .exe .dll .com .scr .pif .msi .msp .bat .cmd .ps1 .psm1 .vbs .vbe .js .jse .wsf .wsh .hta .lnk .jar .app .sh .cpl .reg .apk .dmg .pkg .deb .rpm .chm .scf
"""))  # fmt: skip
"""Extensions of what runs when it is opened."""

_PAGE = re.compile(rb"<(?:!doctype\s+html|html|head|body|script|iframe)[\s>/]", re.IGNORECASE)
_INSIDE = re.compile(rb"<(?:!doctype\s+html|html|script|iframe|\?php)[\s>]|<svg[\s>]", re.IGNORECASE)
_SVG = re.compile(rb"<svg[\s>]", re.IGNORECASE)
_ACTIVE = re.compile(
    rb"<(?:script|foreignobject|iframe|embed|object|handler|animate|set)[\s>/]|\son[a-z]+\s*=|javascript:|<!entity|data:text|(?:href|src)\s*=\s*[\"']?\s*(?!#)(?!data:image)[a-z/]",
    re.IGNORECASE,
)
_NAMES: Mapping[str, Mapping[str, str]] = {
    PROGRAM: {"zh-CN": "程序", "en": "a program"},
    PAGE: {"zh-CN": "网页", "en": "a web page"},
    DRAWING: {"zh-CN": "带有脚本或外部链接的 SVG 图形", "en": "an SVG drawing with scripts or links in it"},
    TEXT: {"zh-CN": "文本", "en": "text"},
    BINARY: {"zh-CN": "未知的二进制数据", "en": "unknown binary data"},
    "mixed": {"zh-CN": "另一种文件藏于其中", "en": "one kind of file with another inside"},
}


@dataclass(frozen=True, slots=True)
class Sample:
    """The beginning and the end of a file, and for a drawing or a picture all of it."""

    name: str
    head: bytes
    tail: bytes


def type_of(sample: Sample) -> str:
    """Return the type of a file; raises FileRefused, FileDisguised."""
    found = content_type(sample.head)
    extension = extension_of(sample.name)
    if found == PROGRAM or extension in RUNS:
        raise FileRefused(name=sample.name, found=_NAMES[PROGRAM])
    _refuse_mixed(sample, found)
    if found == DRAWING and _ACTIVE.search(sample.head):
        raise FileRefused(name=sample.name, found=_NAMES[DRAWING])
    claim = CLAIMS.get(extension)
    if claim is None:
        return _other(sample, found)
    kind, fitting = claim
    if found not in fitting and not (found == BINARY and not sample.head):
        raise FileDisguised(name=sample.name, found=_NAMES.get(found, found))
    return kind if found in (ZIP, OLE, TEXT, XML) or kind in ("audio/mp4", "video/quicktime") else found


def content_type(head: bytes) -> str:
    """Return what a content begins like.

    >>> content_type(b"%PDF-1.7"), content_type("größe".encode()), content_type(b"  <HTML>"), content_type(bytes(8))
    ('application/pdf', 'text/plain', 'text/html', 'application/octet-stream')
    """
    for at, signature, kind in SIGNATURES:
        is_there = head[at : at + len(signature)] == signature and (at != 8 or head[:4] == b"RIFF")
        if is_there and not (signature in _WORDS and _is_text(head)):
            return kind
    if head.startswith(b"{\\rtf"):
        return "text/rtf"
    if not head or not _is_text(head):
        return BINARY
    if _SVG.search(head) and not _PAGE.match(head.lstrip()):
        return DRAWING
    if _PAGE.search(head):
        return PAGE
    return XML if head.lstrip(b"\xef\xbb\xbf \r\n\t").startswith(b"<?xml") else TEXT


def _is_text(head: bytes) -> bool:
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return True
    if b"\x00" in head:
        return False
    for encoding in ("utf-8", "gb18030"):
        try:
            head.decode(encoding)
        except UnicodeDecodeError as error:
            # A character may be cut in two where the sample ends.
            if error.start >= len(head) - 4 and len(head) >= HEAD_BYTES:
                return True
        else:
            return True
    return False


def _refuse_mixed(sample: Sample, found: str) -> None:
    """Refuse a file that is one kind at its beginning and another further on, which some program would open as that."""
    if found not in (ZIP, OLE) and b"PK\x05\x06" in sample.tail and found != "application/x-7z-compressed":
        raise FileDisguised(name=sample.name, found=_NAMES["mixed"])
    if found != "application/pdf" and found not in (TEXT, PAGE, XML) and b"%PDF-" in sample.head[:1024]:
        raise FileDisguised(name=sample.name, found=_NAMES["mixed"])
    if found.startswith("image/") and found != DRAWING and (_INSIDE.search(sample.head) or _INSIDE.search(sample.tail)):
        raise FileDisguised(name=sample.name, found=_NAMES["mixed"])


def _other(sample: Sample, found: str) -> str:
    """Return the type of a file whose extension says nothing; a page under any other name is one in disguise."""
    if found == PAGE and extension_of(sample.name):
        raise FileDisguised(name=sample.name, found=_NAMES[PAGE])
    if found != BINARY or not sample.head:
        return found
    try:
        guessed = puremagic.from_string(sample.head, mime=True)
    except (puremagic.PureError, ValueError):
        return BINARY
    return guessed if re.fullmatch(r"(application|audio|video|image|font)/[a-z0-9.+-]+", guessed or "") and guessed not in INLINE else BINARY
