"""Packages as files: read from JSON and archives, refused with a place where they are not what they should be, written always the same."""

from __future__ import annotations

import io
import json
import stat
import zipfile
from collections.abc import Callable
from hashlib import sha256
from pathlib import Path

import pytest

from dougong.errors import PlatformError
from dougong.packages.errors import PackageFileNotFound, PackageInvalid, PackageTooLarge
from dougong.packages.package_file import (
    Package,
    content_hash,
    package_bytes,
    package_text,
    read_package_bytes,
    read_package_file,
)
from tests.workshop import Document, element, entity, package

PAPER = b"%PDF-1.7\n%%EOF\n"
HASH = sha256(PAPER).hexdigest()


def with_paper(**values: object) -> Document:
    """Return a package whose record holds a file."""
    document = package("papers", entity("folder", "name", element("name", "text"), element("files", "attachments")))
    document["seed"] = [{"key": "a", "entity": "folder", "values": {"name": "A", "files": [{"file": HASH, "name": "paper.pdf"}], **values}}]
    return document


def archive(*entries: tuple[str | zipfile.ZipInfo, bytes], compression: int = zipfile.ZIP_DEFLATED) -> bytes:
    """Return a zip archive."""
    made = io.BytesIO()
    with zipfile.ZipFile(made, "w", compression) as written:
        for name, content in entries:
            written.writestr(name, content)
    return made.getvalue()


def text(document: Document) -> bytes:
    """Return a document as a file."""
    return package_text(document).encode()


def link(name: str) -> zipfile.ZipInfo:
    """Return an entry that is a symbolic link."""
    made = zipfile.ZipInfo(name)
    made.create_system, made.external_attr = 3, (stat.S_IFLNK | 0o777) << 16
    return made


def lying() -> bytes:
    """Return an archive in which an entry says it is smaller than it is."""
    whole = archive(("package.json", b" " * 3_000_000))
    return whole.replace((3_000_000).to_bytes(4, "little"), (10).to_bytes(4, "little"))


GOOD = ("package.json", text(with_paper()))


def named_anew(name: bytes) -> bytes:
    """Return an archive of a document and a file whose name is given in bytes, as packers of other times wrote them."""
    return archive(GOOD, ("files/" + "X" * len(name), b"x")).replace(b"X" * len(name), name)


DEEP = b'{"key": "x",\n "entities": ' + b"[" * 10_000 + b"]" * 10_000 + b"}"
HOSTILE: list[tuple[str, bytes, str, str]] = [
    ("not JSON", b'{"key": "x"', "package-not-json", ""),
    ("nothing", b"", "package-not-json", ""),
    ("NaN", b'{"key": NaN}', "package-not-json", ""),
    ("infinite", b'{"key": 1e999}', "package-not-json", ""),
    ("not UTF-8", b'{"key": "\xff"}', "package-not-json", ""),
    ("half a character", b'{"key": "\\ud800"}', "package-not-json", ""),
    ("a list", b"[]", "package-not-object", ""),
    ("10,000 deep", DEEP, "package-too-deep", ""),
    ("500 deep", b'{"a":' * 500 + b"1" + b"}" * 500, "package-too-deep", ""),
    ("only open brackets", b"[" * 1_000_000, "package-too-deep", ""),
    ("a property twice", b'{"key": "x", "entities": [{"key": "a", "fields": [{"key": "n", "kind": "text", "kind": "date"}]}]}',
     "package-property-twice", "/entities/a/fields/n/kind"),
    ("the key twice", b'{"key": "x", "key": "y"}', "package-property-twice", "/key"),
    ("a number that is not exact", b'{"seed": [{"key": "s", "values": {"n": 12345678901234567890}}]}', "package-number-inexact", "/seed/s/values/n"),
    ("a fraction that is not exact", b'{"n": 0.12345678901234567890}', "package-number-inexact", "/n"),
    ("no archive", b"PK\x03\x04 and nothing more", "package-zip-broken", ""),
    ("half an archive", archive(GOOD)[:-40], "package-zip-broken", ""),
    ("without a document", archive((f"files/{HASH}", PAPER)), "package-zip-document", ""),
    ("out of the folder", archive(GOOD, ("../../etc/passwd", b"x")), "package-zip-name", "/..~1..~1etc~1passwd"),
    ("from the root", archive(GOOD, ("/etc/passwd", b"x")), "package-zip-name", "/~1etc~1passwd"),
    ("of another system", archive(GOOD, ("C:\\windows\\x", b"x")), "package-zip-name", "/C:\\windows\\x"),
    ("out of the files", archive(GOOD, (f"files/../{HASH}", PAPER)), "package-zip-name", f"/files~1..~1{HASH}"),
    ("an unknown file", archive(GOOD, ("setup.py", b"x")), "package-zip-name", "/setup.py"),
    ("a link", archive((link("package.json"), b"/etc/passwd")), "package-zip-link", "/package.json"),
    ("a link among files", archive(GOOD, (link(f"files/{HASH}"), b"/etc/passwd")), "package-zip-link", f"/files~1{HASH}"),
    ("a bomb", archive(("package.json", b" " * 30_000_000)), "package-zip-size", "/package.json"),
    ("many large files", archive(*((f"files/{n:064x}", bytes(900_000)) for n in range(4))), "package-zip-size", f"/files~1{2:064x}"),
    ("a lie about a size", lying(), "package-zip-broken", "/package.json"),
    ("a wrong checksum", archive(GOOD, compression=zipfile.ZIP_STORED).replace(b'"papers"', b'"taxes_"', 1), "package-zip-broken", "/package.json"),
    ("a name of another time", named_anew("é.txt".encode("cp437")), "package-zip-name", "/files~1é.txt"),
    ("a name that is not said to be UTF-8", named_anew("包.t".encode()), "package-zip-name", f"/files~1{'包.t'.encode().decode('cp437')}"),
    ("a name in UTF-8", archive(GOOD, ("包.txt", b"x")), "package-zip-name", "/包.txt"),
    ("a document of another case", archive(("PACKAGE.JSON", GOOD[1])), "package-zip-name", "/PACKAGE.JSON"),
    ("another content", archive(GOOD, (f"files/{HASH}", b"other")), "package-file-hash", f"/files~1{HASH}"),
    ("a file too few", archive(GOOD), "package-file-missing", "/seed/a/values/files/0"),
    ("a file too many", archive(GOOD, (f"files/{HASH}", PAPER), (f"files/{sha256(b'').hexdigest()}", b"")), "package-file-unused",
     f"/files/{sha256(b'').hexdigest()}"),
]  # fmt: skip


@pytest.mark.parametrize(("content", "code", "pointer"), [row[1:] for row in HOSTILE], ids=[row[0] for row in HOSTILE])
def test_what_is_refused_with_its_place(content: bytes, code: str, pointer: str) -> None:
    with pytest.raises(PackageInvalid) as found:
        read_package_bytes(content, 2)
    assert [(one.code, one.pointer) for one in found.value.issues] == [(code, pointer)]
    assert all(one.message["zh-CN"] != one.message["en"] for one in found.value.issues)


def test_an_entry_twice() -> None:
    with pytest.warns(UserWarning, match="Duplicate name"):
        content = archive(GOOD, GOOD)
    with pytest.raises(PackageInvalid) as found:
        read_package_bytes(content, 2)
    assert [(one.code, one.pointer) for one in found.value.issues] == [("package-zip-twice", "/package.json")]


def test_the_place_where_it_becomes_too_deep() -> None:
    with pytest.raises(PackageInvalid) as found:
        read_package_bytes(DEEP, 2)
    assert "line 2, column 113" in found.value.issues[0].message["en"]


def test_what_is_too_large_is_not_read(tmp_path: Path) -> None:
    """A file of 100 MB that takes no room on the disk; nothing reads it, so nothing minds that it is no JSON."""
    large = tmp_path / "large.json"
    with large.open("wb") as file:
        file.truncate(100_000_000)
    tried: list[Callable[[], object]] = [lambda: read_package_file(large, 50), lambda: read_package_bytes(b"[" * 1_000_001, 1)]
    for attempt in tried:
        with pytest.raises(PackageTooLarge) as found:
            attempt()
        assert isinstance(found.value, PlatformError)
    assert "large.json has more than 50 MB" in _detail(lambda: read_package_file(large, 50))


def test_a_document_may_have_less_than_its_files() -> None:
    content = b'{"a": "' + b"x" * 20_000_000 + b'"}'
    for sent in (content, archive(("package.json", content))):
        assert "package.json has more than 20 MB" in _detail(lambda sent=sent: read_package_bytes(sent, 50))  # type: ignore[misc]


def _detail(attempt: Callable[[], object]) -> str:
    with pytest.raises(PackageTooLarge) as found:
        attempt()
    return found.value.detail("en")


def test_more_parts_than_a_document_may_have() -> None:
    """Twenty megabytes of empty objects would take a gigabyte and half a minute to be read."""
    with pytest.raises(PackageInvalid) as found:
        read_package_bytes(b'{"a": [' + b"{}," * 6_600_000 + b"{}]}", 50)
    assert [one.code for one in found.value.issues] == ["package-too-many"]


def test_many_brackets_that_are_not_deep() -> None:
    """Nothing here takes longer than reading does."""
    content = json.dumps({"key": "x", "seed": [[{"a": []}] for _ in range(100_000)]}).encode()
    assert len(read_package_bytes(content, 50).document["seed"]) == 100_000


def test_written_and_read_again_it_is_the_same(tmp_path: Path) -> None:
    found = Package(with_paper(), {HASH: PAPER})
    written = package_bytes(found)
    again = read_package_bytes(written, 1)
    assert (again.document, again.files) == (found.document, found.files)
    assert package_bytes(again) == written
    file = tmp_path / "papers.zip"
    file.write_bytes(written)
    assert package_bytes(read_package_file(file, 1)) == written
    with zipfile.ZipFile(file) as opened:
        opened.extractall(tmp_path / "folder")
        assert {one.date_time for one in opened.infolist()} == {(1980, 1, 1, 0, 0, 0)}
    assert package_bytes(read_package_file(tmp_path / "folder", 1)) == written
    alone = package("papers", entity("folder", "name", element("name", "text")))
    assert package_bytes(Package(alone)) == text(alone)
    assert read_package_bytes(b"\xef\xbb\xbf" + text(alone), 1).document == alone


def test_a_folder_may_lack_a_file(tmp_path: Path) -> None:
    (tmp_path / "package.json").write_bytes(text(with_paper()))
    with pytest.raises(PackageInvalid) as found:
        read_package_file(tmp_path, 1)
    assert [one.code for one in found.value.issues] == ["package-file-missing"]
    (tmp_path / "files").mkdir()
    (tmp_path / "files" / HASH).write_bytes(b"another")
    with pytest.raises(PackageInvalid) as found:
        read_package_file(tmp_path, 1)
    assert [one.code for one in found.value.issues] == ["package-file-hash"]
    with pytest.raises(PackageFileNotFound):
        read_package_file(tmp_path / "nowhere.json", 1)


def test_the_hash_of_a_content_does_not_depend_on_how_it_is_written() -> None:
    document = with_paper()
    turned = dict(reversed(document.items()))
    assert content_hash(document) == content_hash(turned)
    assert content_hash(document) != content_hash(with_paper(name="B"))
    assert content_hash(document).startswith("sha256:")
