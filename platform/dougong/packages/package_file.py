"""A package as it travels: bytes, a file or a folder in, document and files out; and out again as bytes that are always the same.

It is one JSON document; where its records hold files, a zip archive of `package.json` and `files/<sha256>`.
"""

import hashlib
import io
import re
import stat
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import orjson

from dougong.packages.errors import PackageFileNotFound, PackageInvalid, PackageTooLarge
from dougong.packages.messages import MESSAGES
from dougong.packages.package_json import parse_package
from engines.values.issue import Issue, issue, pointer_to

MEGABYTE = 1_000_000
DOCUMENT = "package.json"
MOST_DOCUMENT_MB = 20
"""The most a document may have, whatever its files may: read, it takes many times as much of memory."""
_FILE = re.compile(r"files/([0-9a-f]{64})")
_HASH = re.compile(r"[0-9a-f]{64}")
_ARCHIVE = b"PK"
_PART_BYTES = 262_144
_MOST_ENTRIES = 10_000


@dataclass(frozen=True, slots=True)
class Package:
    """A document and the files its records hold, by their SHA-256."""

    document: Mapping[str, Any]
    files: Mapping[str, bytes] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file a record of a package holds: its SHA-256, what it is called, and where the document says so."""

    hash: str
    name: str
    pointer: str


def read_package_file(path: Path, limit_mb: int) -> Package:
    """Return the package in a file or in a folder; raises PackageFileNotFound, PackageTooLarge, PackageInvalid."""
    file = path / DOCUMENT if path.is_dir() else path
    if not file.is_file():
        raise PackageFileNotFound(file=str(file))
    if file.stat().st_size > limit_mb * MEGABYTE:
        raise PackageTooLarge(file=file.name, limit_mb=limit_mb)
    found = read_package_bytes(file.read_bytes(), limit_mb)
    if path.is_dir():
        beside = {f.name: f for f in sorted((path / "files").glob("*")) if f.is_file() and not f.is_symlink()}
        if sum(f.stat().st_size for f in beside.values()) > limit_mb * MEGABYTE:
            raise PackageTooLarge(file=f"{path.name}/files", limit_mb=limit_mb)
        found = Package(found.document, {name: f.read_bytes() for name, f in beside.items()})
        _see_hashes({f"files/{name}": (name, content) for name, content in found.files.items()})
    see_files(found.document, found.files)
    return found


def read_package_bytes(content: bytes, limit_mb: int) -> Package:
    """Return the package that bytes hold, JSON or a zip archive; raises PackageTooLarge, PackageInvalid."""
    if len(content) > limit_mb * MEGABYTE:
        raise PackageTooLarge(file=DOCUMENT, limit_mb=limit_mb)
    if not content.startswith(_ARCHIVE):
        return Package(_document(content, limit_mb))
    found = _unpack(content, limit_mb)
    see_files(found.document, found.files)
    return found


def package_text(document: Mapping[str, Any]) -> str:
    """Return a document as the text of a package file: two blanks of indent, UTF-8, elements in their order."""
    return orjson.dumps(dict(document), option=orjson.OPT_INDENT_2).decode() + "\n"


def package_bytes(package: Package) -> bytes:
    """Return a package as a file: JSON alone, or a zip archive where it has files; the same bytes for the same package."""
    text = package_text(package.document).encode()
    if not package.files:
        return text
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", zipfile.ZIP_STORED) as archive:  # packed, it would depend on the library that packs
        for name, content in {DOCUMENT: text, **{f"files/{digest}": package.files[digest] for digest in sorted(package.files)}}.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.create_system, entry.external_attr = 3, 0o644 << 16
            archive.writestr(entry, content)
    return made.getvalue()


def content_hash(document: Mapping[str, Any]) -> str:
    """Return what names the content of a package: SHA-256 of its document, written with sorted properties and no blanks.

    Files count too, for records name them by their own hash.

    >>> content_hash({"a": 1, "b": 2}) == content_hash({"b": 2, "a": 1})
    True
    """
    return "sha256:" + hashlib.sha256(orjson.dumps(dict(document), option=orjson.OPT_SORT_KEYS)).hexdigest()


def see_hash(document: Mapping[str, Any], wanted: str) -> None:
    """See that a document has the content hash somebody was shown, if any; raises PackageInvalid."""
    if wanted and (found := content_hash(document)) != wanted:
        raise PackageInvalid((issue(MESSAGES, "package-hash-differs", "", None, found=found, wanted=wanted),))


def named_files(document: Mapping[str, Any]) -> Iterator[NamedFile]:
    """Give the files that seed and demo records hold: entries `{"file": <sha256>, "name": …}` in their values."""
    for part in ("seed", "demo"):
        records = document.get(part)
        for record in records if isinstance(records, list) else ():
            if isinstance(record, Mapping):
                yield from _named((part, str(record.get("key")), "values"), record.get("values"))


def is_file(value: object) -> bool:
    """Whether a value of a record of a package names a file."""
    return isinstance(value, Mapping) and value.keys() == {"file", "name"} and isinstance(value["file"], str) and _HASH.fullmatch(value["file"]) is not None


def _named(trail: tuple[str | int, ...], value: object) -> Iterator[NamedFile]:
    if is_file(value):
        assert isinstance(value, Mapping)
        yield NamedFile(value["file"], str(value["name"]), pointer_to(trail))
    elif isinstance(value, Mapping):
        for name, part in value.items():
            yield from _named((*trail, name), part)
    elif isinstance(value, list):
        for index, part in enumerate(value):
            yield from _named((*trail, index), part)


def _document(content: bytes, limit_mb: int) -> Mapping[str, Any]:
    most = min(limit_mb, MOST_DOCUMENT_MB)
    if len(content) > most * MEGABYTE:
        raise PackageTooLarge(file=DOCUMENT, limit_mb=most)
    return parse_package(content)


def _unpack(content: bytes, limit_mb: int) -> Package:
    try:
        archive = zipfile.ZipFile(io.BytesIO(content))
    except (zipfile.BadZipFile, ValueError, NotImplementedError, OSError) as error:
        raise PackageInvalid((issue(MESSAGES, "package-zip-broken", "", None, reason=str(error).rstrip(".")),)) from None
    with archive:
        entries = [entry for entry in archive.infolist() if entry.filename != "files/"]
        wrong = tuple(_entries(entries))
        if wrong:
            raise PackageInvalid(wrong)
        parts: dict[str, bytes] = {}
        left = limit_mb * MEGABYTE
        for entry in entries:
            parts[entry.filename] = _unpacked(archive, entry, left, limit_mb)
            left -= len(parts[entry.filename])
    if DOCUMENT not in parts:
        raise PackageInvalid((issue(MESSAGES, "package-zip-document"),))
    files = {name: part for name, part in parts.items() if name != DOCUMENT}
    _see_hashes({name: (name.rpartition("/")[2], part) for name, part in files.items()})
    return Package(_document(parts[DOCUMENT], limit_mb), {name.rpartition("/")[2]: part for name, part in files.items()})


def _entries(entries: list[zipfile.ZipInfo]) -> Iterator[Issue]:
    """Give an issue for every entry of an archive that may not be there."""
    seen: set[str] = set()
    for entry in entries[:_MOST_ENTRIES]:
        name = entry.orig_filename
        if name != DOCUMENT and _FILE.fullmatch(name) is None:
            yield issue(MESSAGES, "package-zip-name", pointer_to([name]), None, name=name[:200])
        elif stat.S_ISLNK(entry.external_attr >> 16):
            yield issue(MESSAGES, "package-zip-link", pointer_to([name]), None, name=name)
        elif name in seen:
            yield issue(MESSAGES, "package-zip-twice", pointer_to([name]), None, name=name)
        seen.add(name)
    if len(entries) > _MOST_ENTRIES:
        yield issue(MESSAGES, "package-zip-broken", "", None, reason=f"{len(entries)} > {_MOST_ENTRIES}")


def _unpacked(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int, limit_mb: int) -> bytes:
    """Return an entry of at most so many bytes, whatever it says of its size."""
    parts: list[bytes] = []
    size = 0
    try:
        with archive.open(entry) as unpacking:
            while part := unpacking.read(_PART_BYTES):
                size += len(part)
                if size > most:
                    too_much = issue(MESSAGES, "package-zip-size", pointer_to([entry.filename]), None, limit_mb=limit_mb, name=entry.filename)
                    raise PackageInvalid((too_much,))
                parts.append(part)
    except (zipfile.BadZipFile, RuntimeError, NotImplementedError, EOFError, OSError, ValueError, zlib.error) as error:
        reason = f"{entry.filename}: {error}".rstrip(".")
        raise PackageInvalid((issue(MESSAGES, "package-zip-broken", pointer_to([entry.filename]), None, reason=reason),)) from None
    return b"".join(parts)


def _see_hashes(files: Mapping[str, tuple[str, bytes]]) -> None:
    wrong = [name for name, (digest, content) in files.items() if hashlib.sha256(content).hexdigest() != digest]
    if wrong:
        raise PackageInvalid(tuple(issue(MESSAGES, "package-file-hash", pointer_to([name]), None, name=name) for name in wrong))


def see_files(document: Mapping[str, Any], files: Mapping[str, object]) -> None:
    """See that the files there are, by their SHA-256, are those the records name; raises PackageInvalid."""
    named = list(named_files(document))
    used = {one.hash for one in named}
    issues = [issue(MESSAGES, "package-file-missing", one.pointer, None, name=one.hash) for one in named if one.hash not in files]
    issues += [issue(MESSAGES, "package-file-unused", f"/files/{one}", None, name=f"files/{one}") for one in files if one not in used]
    if issues:
        raise PackageInvalid(tuple(issues))
