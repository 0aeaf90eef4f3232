"""The documentation says what the code says: reference pages equal the tables, links lead somewhere, commands and settings exist."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest

from dougong.api.app_openapi import app_openapi
from dougong.model.definition_package import PackageDefinition
from dougong.model.resolve import resolve
from dougong.model.resolve_expressions import scope_of
from dougong.packages.library import read_package
from dougong.settings import SETTINGS
from engines.entity.field_kinds import FIELD_KINDS
from engines.expression.check import text_to_typed
from engines.expression.error_words import ERROR_WORDS
from engines.expression.functions import FUNCTION_NAMES
from setup.reference_calls import LIST_PARAMETERS, RECORD_CALLS
from setup.reference_tables import all_errors, command_paths, message_codes
from setup.reference_texts import SECTIONS
from setup.write_reference import anchor, page, page_paths
from tests.workshop import element, entity, package

ROOT = Path(__file__).resolve().parents[2]
DOCS = ROOT / "docs"
WRITTEN = sorted(
    [*DOCS.rglob("*.md"), *(ROOT / name for name in ("README.md", "engines/README.md", "platform/README.md"))]
    + list((ROOT / "templates_library").glob("*/README.md"))
)
NAMES = [str(path.relative_to(ROOT)) for path in WRITTEN]
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
SHELL = re.compile(r"```(?:bash|sh|console)\n(.*?)```", re.DOTALL)


@pytest.mark.parametrize("name", page_paths())
def test_reference_page_says_what_the_tables_say(name: str) -> None:
    assert (DOCS / name).read_text(encoding="utf-8") == page(name), "run: python -m setup.write_reference"


@pytest.mark.parametrize("name", NAMES)
def test_links_lead_somewhere(name: str) -> None:
    path = ROOT / name
    for target in LINK.findall(_without_code(path.read_text(encoding="utf-8"))):
        if re.match(r"[a-z]+:", target):
            continue
        file, _, heading = unquote(target).partition("#")
        there = (path.parent / file).resolve() if file else path
        assert there.exists(), f"{name}: {target}"
        assert ROOT in (there, *there.parents), f"{name}: {target}"
        if heading:
            assert heading in _anchors(there), f"{name}: {target}"


def test_every_page_is_reached_from_the_index_of_its_language() -> None:
    for language in ("en", "zh-CN"):
        index = DOCS / language / "README.md"
        linked = {(index.parent / link.partition("#")[0]).resolve() for link in LINK.findall(index.read_text(encoding="utf-8"))}
        assert {path.resolve() for path in (DOCS / language).rglob("*.md")} - {index.resolve()} <= linked


def test_both_languages_have_the_same_pages() -> None:
    english, chinese = ({str(p.relative_to(DOCS / lang)) for p in (DOCS / lang).rglob("*.md")} for lang in ("en", "zh-CN"))
    assert english == chinese


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_functions_field_kinds_settings_and_commands_are_documented(language: str) -> None:
    reference = DOCS / language / "reference"
    texts = {path.stem: path.read_text(encoding="utf-8") for path in reference.glob("*.md")}
    assert not [name for name in FUNCTION_NAMES if not re.search(rf"`{name}[(`]", texts["functions"])]
    assert not [kind for kind in FIELD_KINDS if f"| `{kind}` |" not in texts["field-kinds"]]
    assert not [row.variable for row in SETTINGS if f"`{row.variable}`" not in texts["settings"]]
    assert not [path for path in command_paths() if f"\n## dougong {' '.join(path)}\n" not in texts["cli"]]


def test_every_part_of_the_document_has_a_section() -> None:
    parts = PackageDefinition.model_json_schema()["$defs"]
    kinds = {name for name, part in parts.items() if part["properties"].get("kind", {}).get("const") in FIELD_KINDS}
    assert set(parts) - kinds == {name for name, *_ in SECTIONS} - {"AppDefinition"}


def test_every_message_is_in_the_table_of_errors() -> None:
    assert message_codes() <= set(all_errors())


def test_calls_of_records_are_those_of_the_openapi_document() -> None:
    states = {
        "key": "state", "start": "draft", "states": [{"key": "draft"}, {"key": "sent"}],
        "transitions": [{"key": "send", "from": ["draft"], "to": "sent"}],
    }  # fmt: skip
    decision = {"inputs": [{"key": "name", "match": "eq", "field": "name"}], "outputs": ["name"], "policy": "first"}
    calls: set[str] = set()
    for kind in ({"kind": "ledger"}, {"kind": "decision", "decision": decision}):
        model, _ = resolve(package("trading", entity("sales_order", "name", element("name", "text"), states=states, **kind)))
        assert model is not None
        own = app_openapi(model)["paths"]
        calls |= {f"{method.upper()} {_general(path)}" for path, methods in own.items() for method in methods}
    of_secrets = {call for call in RECORD_CALLS if "/reveal/" in call}  # such as a sales order has none of
    assert calls == set(RECORD_CALLS) - of_secrets
    listing = own["/api/apps/trading/records/sales_order"]["get"]["parameters"]
    assert {parameter["name"] for parameter in listing} == set(LIST_PARAMETERS)


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_error_code_is_documented(language: str) -> None:
    page = (DOCS / language / "reference/errors.md").read_text(encoding="utf-8")
    missing = [code for code in all_errors() if f"`{code}`" not in page]
    assert not missing


@pytest.mark.parametrize("language", ["en", "zh-CN"])
def test_every_error_value_is_told_as_the_designer_tells_it(language: str) -> None:
    page = (DOCS / language / "how-to/write-an-expression.md").read_text(encoding="utf-8")
    assert [code for code, words in ERROR_WORDS.items() if f"| `#{code}!` | {words[language]} |" not in page] == []


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("write-an-expression.md")])
def test_examples_of_expressions_are_expressions_over_a_sales_order(name: str) -> None:
    organization, _ = resolve(read_package("organization"))
    model, _ = resolve(read_package("trading_starter"), organization=organization)
    assert model is not None
    written = re.findall(r"```expression\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    assert written
    for line in "".join(written).splitlines():
        where = "sales_order.lines" if "quantity" in line else "sales_order"
        assert text_to_typed(line, scope_of(model, model.entities[where])).issues == (), line


@pytest.mark.parametrize("name", [name for name in NAMES if name.endswith("install-a-package.md")])
def test_the_package_to_copy_is_one(name: str) -> None:
    organization, _ = resolve(read_package("organization"))
    written = re.search(r"```json\n(.*?)```", (ROOT / name).read_text(encoding="utf-8"), re.DOTALL)
    assert written is not None
    assert resolve(json.loads(written[1]), organization=organization)[1] == ()


@pytest.mark.parametrize("name", NAMES)
def test_settings_and_commands_that_are_named_exist(name: str) -> None:
    text = (ROOT / name).read_text(encoding="utf-8")
    known = {row.variable for row in SETTINGS}
    assert set(re.findall(r"\bDOUGONG_[A-Z_]+\b", text)) <= known
    targets = set(re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert set(re.findall(r"`make ([a-z]+)", text)) <= targets
    paths = command_paths()
    for words in _commands(text):
        assert any(words[: len(path)] == path for path in paths), f"{name}: dougong {' '.join(words)}"


@pytest.mark.parametrize("name", [name for name in NAMES if not name.startswith("docs/") or "/explanation/" in name])
def test_files_that_are_named_exist(name: str) -> None:
    path = ROOT / name
    bases = (ROOT, path.parent, ROOT / "platform/dougong", ROOT / "engines")
    for named in re.findall(r"`([\w./*<>-]+(?:/|\.(?:py|md|json|ts|tsx)))`", path.read_text(encoding="utf-8")):
        pattern = re.sub(r"<\w+>", "*", named)
        assert any(_is_there(base, pattern) for base in bases), f"{name}: {named}"


def _is_there(base: Path, pattern: str) -> bool:
    inside = pattern.rstrip("/")
    return any(base.glob(inside)) or ("/" not in inside and any(base.glob(f"*/{inside}")))


def _commands(text: str) -> Iterator[tuple[str, ...]]:
    blocks = SHELL.findall(text) + re.findall(r"`([^`\n]+)`", text)
    for block in blocks:
        for line in block.splitlines():
            found = re.search(r"(?:^|[\s/])dougong ((?:[a-z][a-z-]*)(?: [a-z][a-z-]*)*)", line)
            if found:
                yield tuple(found[1].split())


def _general(path: str) -> str:
    return path.replace("/trading/", "/{app}/").replace("sales_order", "{entity}")


def _anchors(path: Path) -> set[str]:
    return {anchor(line.lstrip("#")) for line in path.read_text(encoding="utf-8").splitlines() if line.startswith("#")}


def _without_code(text: str) -> str:
    return re.sub(r"```.*?```|`[^`\n]*`", "", text, flags=re.DOTALL)
