"""The shape of the source tree: floors, names, lengths, opening sentences, no cycles, and what must not be named in any file."""

from __future__ import annotations

import ast
import json
import os
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from importlib.metadata import packages_distributions
from pathlib import Path

import grimp
import pytest

ROOT = Path(__file__).resolve().parents[1]
WEB = ROOT / "web_designer" / "src"
LEFT_OUT = {".git", ".venv", "node_modules", "dist", "var", "__pycache__", "_shipped"}
LENGTH_LIMIT = 400
GENERATED = {"schema.d.ts"}
WORDS_FOR_ANYTHING = {"utils", "util", "common", "helpers", "helper", "base", "manager", "service", "misc", "lib"}
# Spelt in halves, so that this file does not name them.
REGISTRIES = tuple("".join(halves) for halves in (
    ("pypi", ".org"), ("pypi", ".python.org"), ("files.python", "hosted.org"), ("registry.npm", "js.org"), ("registry.yarn", "pkg.com"),
    ("npm", "mirror.com"), ("tuna.", "tsinghua"), ("mirrors.", "aliyun"), ("mirrors.", "ustc"), ("registry.npm", ".taobao"),
))


@cache
def files(*suffixes: str) -> tuple[Path, ...]:
    """Return the files of the checkout that people write, those with the given suffixes only if any is given."""
    found: list[Path] = []
    for folder, folders, names in os.walk(ROOT):
        folders[:] = [name for name in folders if name not in LEFT_OUT and not name.endswith(("_cache", ".egg-info"))]
        found += [Path(folder, name) for name in names if not suffixes or name.endswith(suffixes)]
    return tuple(sorted(found))


def named(paths: Iterator[Path]) -> list[str]:
    """Return paths as people read them."""
    return [str(path.relative_to(ROOT)) for path in paths]


def test_floors_hold() -> None:
    environment = {**os.environ, "PYTHONPATH": os.pathsep.join([str(ROOT), str(ROOT / "platform")])}
    command = [str(Path(sys.executable).with_name("lint-imports")), "--no-logo", "--no-cache"]
    answer = subprocess.run(command, cwd=ROOT, env=environment, check=False, capture_output=True, text=True)
    assert answer.returncode == 0, answer.stdout + answer.stderr


def test_every_floor_is_named() -> None:
    """A new part of the platform or of the engines gets its place in the contract."""
    text = (ROOT / "pyproject.toml").read_text()
    for root, package in ((ROOT / "engines", "engines"), (ROOT / "platform" / "dougong", "dougong")):
        parts = {path.stem for path in root.iterdir() if path.name not in LEFT_OUT and not path.name.startswith("_")
                 and (path.suffix == ".py" or (path / "__init__.py").exists())}
        assert {part for part in parts if f"{package}.{part}" not in text} == set()


def test_platform_stays_a_source_root() -> None:
    assert {path.name for path in (ROOT / "platform").iterdir()} - {"__pycache__"} == {"dougong", "README.md"}


def test_tests_are_no_packages() -> None:
    assert not named(path for path in files("__init__.py") if path.is_relative_to(ROOT / "tests"))


def test_every_module_says_what_it_is_for() -> None:
    silent = [path for path in files(".py") if not ast.get_docstring(ast.parse(path.read_text(encoding="utf-8")))]
    assert not named(iter(silent))


def test_packages_hold_a_docstring_only() -> None:
    full = [path for path in files("__init__.py") if len(ast.parse(path.read_text(encoding="utf-8")).body) != 1]
    assert not named(iter(full))


def test_every_web_module_begins_with_what_it_is_for() -> None:
    silent = [path for path in files(".ts", ".tsx") if path.name not in GENERATED
              and not path.read_text(encoding="utf-8").lstrip().startswith(("/**", "/*", "//"))]
    assert not named(iter(silent))


def test_files_are_short() -> None:
    lengths = {path: path.read_text(encoding="utf-8").count("\n") for path in files(".py", ".ts", ".tsx")}
    assert not named(path for path, length in lengths.items() if length > LENGTH_LIMIT and path.name not in GENERATED)


def test_names_say_something() -> None:
    code = files(".py", ".ts", ".tsx")
    parts = {part: path for path in code for part in path.relative_to(ROOT).with_suffix("").parts}
    words = {word: path for part, path in parts.items() for word in re.split(r"[_.-]|(?<=[a-z])(?=[A-Z])", part)}
    assert not named(words[word] for word in words if word.lower() in WORDS_FOR_ANYTHING)


def test_no_module_needs_itself() -> None:
    graph = grimp.build_graph("dougong", "engines", exclude_type_checking_imports=True, cache_dir=None)
    assert not circle({module: graph.find_modules_directly_imported_by(module) for module in graph.modules})


def test_no_web_module_needs_itself() -> None:
    modules = {path for path in files(".ts", ".tsx") if path.is_relative_to(WEB)}
    assert modules
    assert not circle({str(path): {str(other) for other in imported(path, modules)} for path in modules})


def imported(path: Path, modules: set[Path]) -> Iterator[Path]:
    """Return the modules a web module needs when it runs: `import type` is gone by then, `import()` comes later."""
    text = path.read_text(encoding="utf-8")
    for name in re.findall(r"^(?:import|export)\s+(?!type\b)(?:[^'\";]*?\sfrom\s+)?['\"]([^'\"]+)['\"]", text, re.MULTILINE):
        start = WEB / name[2:] if name.startswith("@/") else path.parent / name if name.startswith(".") else None
        if start is not None:
            plain = Path(os.path.normpath(start))
            choices = (plain, plain.with_name(f"{plain.name}.ts"), plain.with_name(f"{plain.name}.tsx"),
                       plain / "index.ts", plain / "index.tsx")
            yield from (choice for choice in choices if choice in modules)


def circle(needs: Mapping[str, set[str]]) -> list[str]:
    """Return modules that need each other in a ring, empty if there are none."""
    left = {module: set(others) & set(needs) for module, others in needs.items()}
    while free := {module for module, others in left.items() if not others & set(left)}:
        left = {module: others for module, others in left.items() if module not in free}
    if not left:
        return []
    ring = [min(left)]
    while ring.count(ring[-1]) == 1:
        ring.append(min(left[ring[-1]] & set(left)))
    return ring[ring.index(ring[-1]):]


def test_a_ring_is_found() -> None:
    assert circle({"a": {"b"}, "b": {"c"}, "c": {"b"}, "d": set()}) == ["b", "c", "b"]
    assert circle({"a": {"b"}, "b": {"c"}, "c": set()}) == []


def test_no_package_registry_is_named() -> None:
    found = []
    for path in files():
        text = path.read_bytes().decode("utf-8", errors="ignore").lower()
        found += [f"{path.relative_to(ROOT)}: {host}" for host in REGISTRIES if host in text]
    assert not found


def pins(name: str) -> dict[str, list[str]]:
    """Return the hashes of each pinned requirement of a lock file by its line, markers included."""
    text = (ROOT / "requirements" / name).read_text().replace("\\\n", " ")
    lines = [line for line in text.splitlines() if line and not line.lstrip().startswith("#")]
    return {line.split("--hash=")[0].strip(): re.findall(r"--hash=(\S+)", line) for line in lines}


@pytest.mark.parametrize("name", ["run.txt", "dev.txt", "ldap.txt"])
def test_python_packages_are_pinned_with_hashes(name: str) -> None:
    pinned = pins(name)
    assert pinned
    for requirement, hashes in pinned.items():
        assert re.match(r"[a-z0-9._-]+==[^=,<>]+(\s*;.*)?$", requirement), requirement
        assert hashes, requirement


def test_tests_run_on_the_packages_that_run() -> None:
    running = {line.split(";")[0].strip() for line in pins("run.txt")}
    testing = {line.split(";")[0].strip() for line in pins("dev.txt")}
    assert running <= testing


def test_what_runs_imports_only_what_running_installs() -> None:
    installed = {re.sub(r"[-_.]+", "-", line.partition("==")[0]).lower() for line in pins("run.txt")}
    brings = packages_distributions()
    foreign = set()
    for path in files(".py"):
        if path.is_relative_to(ROOT / "platform") or path.is_relative_to(ROOT / "engines"):
            foreign |= {(name, str(path.relative_to(ROOT))) for name in imported_packages(path)}
    assert foreign
    foreign -= {("bonsai", "platform/dougong/people/ldap_child.py")}  # of requirements/ldap.txt: without it the directory says what is missing
    assert not {(name, path) for name, path in foreign
                if not {re.sub(r"[-_.]+", "-", brought).lower() for brought in brings.get(name, [])} & installed}


def imported_packages(path: Path) -> set[str]:
    """Return the packages from elsewhere that a module imports, wherever in it."""
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name.partition(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module and not node.level:
            names.add(node.module.partition(".")[0])
    return names - sys.stdlib_module_names - {"dougong", "engines"}


def test_one_place_calls_other_servers() -> None:
    """What speaks HTTP outwards is guarded in `outgoing`; a second place would be a way around it."""
    speaks = re.compile(r"^\s*(?:from|import)\s+(?:httpx|httpcore|requests|aiohttp|urllib3|urllib\.request|http\.client|authlib\.integrations)\b", re.MULTILINE)
    product = [path for path in files(".py") if path.is_relative_to(ROOT / "platform") or path.is_relative_to(ROOT / "engines")]
    speaking = {path.relative_to(ROOT).as_posix() for path in product if speaks.search(path.read_text(encoding="utf-8"))}
    assert speaking == {"platform/dougong/outgoing/fetch.py"}


def test_web_packages_are_pinned_with_hashes() -> None:
    lock = json.loads((ROOT / "web_designer" / "package-lock.json").read_text())
    packages = {name: entry for name, entry in lock["packages"].items() if name and not entry.get("link")}
    assert packages
    assert not [name for name, entry in packages.items() if not entry.get("integrity")]
    wanted = json.loads((ROOT / "web_designer" / "package.json").read_text())
    loose = {name: version for kind in ("dependencies", "devDependencies") for name, version in wanted.get(kind, {}).items()
             if not version[:1].isdigit()}
    assert not loose


def test_stored_documents_are_read_through_one_function() -> None:
    """A document of a former format is put into the present one wherever it is read; only these look into one in SQL, at names that stay."""
    in_sql = {"packages/planted.py", "packages/uploads.py"}
    reading = re.compile(r"\b(?:definition|document|packages)::text")
    found = 0
    for module in sorted((ROOT / "platform" / "dougong").rglob("*.py")):
        text = module.read_text()
        name = module.relative_to(ROOT / "platform" / "dougong").as_posix()
        if re.search(r"\b(?:definition|document)\s*->", text):
            assert name in in_sql, f"{name} looks into a stored document in SQL"
        if not reading.search(text) or "SELECT" not in text:
            continue
        found += 1
        assert "stored_document" in text, f"{name} reads documents past model.stored_document"
        loaded = {ast.unparse(call.args[0]) for call in ast.walk(ast.parse(text)) if isinstance(call, ast.Call) and ast.unparse(call.func) == "orjson.loads"}
        past = {one for one in loaded if re.search(r"definition|document", one)}
        assert not past, f"{name} reads documents past model.stored_document: {past}"
    assert found > 4


def test_migrations_come_one_after_the_other() -> None:
    """Two that were numbered alike at the same time would leave a database without one head."""
    texts = {path.name: path.read_text(encoding="utf-8") for path in files(".py") if path.parent == ROOT / "migrations" / "versions"}
    numbers = {name: re.findall(r'^(?:down_)?revision = (?:"(\d+)"|None)$', text, re.MULTILINE) for name, text in texts.items()}
    expected = {name: [f"{place + 1:04}", f"{place:04}" if place else ""] for place, name in enumerate(sorted(texts))}
    assert numbers == expected
    assert all(name.startswith(f"{revision}_") for name, (revision, _) in numbers.items())
