"""The tables of the code in, the reference pages under `docs/` out, in English and Chinese; with `--check` it writes nothing.

    python -m setup.write_reference            writes docs/en/reference and docs/zh-CN/reference
    python -m setup.write_reference --check    says which pages differ from the tables, and fails if any does
"""

import re
import sys
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from dougong.audit.deeds import DEEDS
from dougong.model.definition_element import VERSION_PATTERN, FieldBase
from dougong.model.definition_package import PackageDefinition
from dougong.settings import SETTINGS
from engines.entity.field_kinds import FIELD_KINDS
from engines.expression.functions import ALIASES, GROUPS
from engines.expression.help import GROUP_NAMES, OPERATOR_SPELLINGS, spelling_of
from engines.values.value_types import type_text
from setup.reference_calls import API_INTRODUCTION, COMMANDS, ENDPOINTS, LIST_PARAMETERS, RECORD_CALLS
from setup.reference_tables import all_errors, commands, endpoints
from setup.reference_texts import COMMON, FIELD, KIND_PROPERTIES, SECTIONS

ROOT = Path(__file__).resolve().parents[1]
LANGUAGES = ("en", "zh-CN")

KEY_PATTERN = "^[a-z](_?[a-z0-9])*$"
NAMED_PATTERNS = {
    KEY_PATTERN: ("key", "标识"),
    "^([a-z](_?[a-z0-9])*\\.)?[a-z](_?[a-z0-9])*$": ("entity key", "实体标识"),
    "^[a-z](_?[a-z0-9])*(\\.[a-z](_?[a-z0-9])*)?$": ("field, or field of rows as `lines.item`", "字段，或明细的字段（如 `lines.item`）"),
    "^-?\\d{1,38}(\\.\\d{1,20})?$": ("number as text", "数字文本"),
    VERSION_PATTERN: ("version", "版本"),
}


def pages() -> dict[str, str]:
    """Return every reference page, by its path below `docs/`."""
    return {path: page(path) for path in page_paths()}


def page_paths() -> list[str]:
    """Return the path of every reference page, below `docs/`."""
    return [f"{language}/reference/{name}.md" for language in LANGUAGES for name in PAGES]


def page(path: str) -> str:
    """Return one reference page."""
    language, _, file = path.split("/")
    return NOTE + PAGES[file.removesuffix(".md")](language).rstrip() + "\n"


NOTE = "<!-- Written from the code by `python -m setup.write_reference`; do not edit. -->\n\n"


def app_document(language: str) -> str:
    """Return the page of the app document: every class, property, type and default."""
    schema = PackageDefinition.model_json_schema(by_alias=True)
    classes: Mapping[str, Any] = {**schema["$defs"], "AppDefinition": schema}
    say = _chooser(language)
    out = [say("# The app document", "# 应用文档"), say(
        "An app is one JSON document in the format `dougong.app/1`. The elements of a list are told apart by their `key`, never by "
        "their place, and issues point at them by key: `/entities/sales_order/fields/total/formula`. A running server offers the JSON "
        "Schema at `/schemas/app.json`. Numbers are written as text (`\"12.5\"`), labels as an object with one text per language.",
        "一个应用就是一份 JSON 文档，格式为 `dougong.app/1`。列表中的元素以 `key`（标识）区分，而不是位置；问题也按标识定位："
        "`/entities/sales_order/fields/total/formula`。运行中的服务器在 `/schemas/app.json` 提供 JSON Schema。数字写成文本（`\"12.5\"`），"
        "名称等标签写成对象，每种语言一个文本。")]
    out += [say("Every element has:", "每个元素都有："), _property_table(schema["$defs"]["RuleDefinition"], dict(COMMON), say, ("key", "locked"))]
    for name, heading, introduction, texts in SECTIONS:
        out += [f"## {say(*heading)}"] + ([say(*introduction)] if introduction[0] else [])
        out.append(_property_table(classes[name], {**COMMON, **texts}, say))
        if name == "EntityExtension":
            out += [say("## Field", "## 字段"), say("What fields of every kind may say:", "各种字段共有的属性：")]
            out.append(_property_table(_field_schema(schema), {**COMMON, **FIELD}, say))
            out += [say("What fields of one kind may say besides:", "各种字段特有的属性："), _kind_table(classes, say)]
            out.append(say("Kinds are described in [field kinds](field-kinds.md).", "字段种类见[字段种类](field-kinds.md)。"))
    return "\n\n".join(out)


def field_kinds(language: str) -> str:
    """Return the page of the field kinds."""
    say = _chooser(language)
    head = say(("kind", "name", "what it holds", "column", "filters", "aggregates"), ("种类", "名称", "说明", "列类型", "筛选", "汇总"))
    rows = [(f"`{row.key}`", row.name[language], row.doc[language], f"`{row.column_type}`" if row.column_type else "–",
             _codes(row.operators), _codes(row.aggregates)) for row in FIELD_KINDS.values()]
    return "\n\n".join([
        say("# Field kinds", "# 字段种类"),
        say("Any kind that holds a value may be computed: give it a `formula`. Properties are listed in [the app document](app-document.md).",
            "任何存放值的字段都可以是计算字段：给它一个 `formula`。各属性见[应用文档](app-document.md)。"),
        _table(head, rows)])


def settings(language: str) -> str:
    """Return the page of the settings."""
    say = _chooser(language)
    rows = [(f"`{row.variable}`", f"`{row.default}`" if row.default else "–", row.doc[language]) for row in SETTINGS]
    return "\n\n".join([
        say("# Settings", "# 设置"),
        say("Settings are environment variables, read once at the start. An empty one counts as absent; wrong ones are all reported together.",
            "设置都是环境变量，启动时读取一次。空值视为没有设置；有误的会一次全部列出。"),
        _table(say(("variable", "default", "meaning"), ("变量", "默认值", "含义")), rows)])


def functions(language: str) -> str:
    """Return the page of the expression language's operators and functions."""
    say = _chooser(language)
    out = [say("# Operators and functions", "# 运算符与函数"), say(
        "What the words mean: `[x]` may be left out, `…` may be repeated. The examples are checked in Python, in SQL and in the browser. "
        "How expressions are put together is told in [write an expression](../how-to/write-an-expression.md).",
        "写法：`[x]` 可以省略，`…` 可以重复。例子在 Python、SQL 和浏览器中都经过检验。表达式的写法见[编写表达式](../how-to/write-an-expression.md)。")]
    head = say(("written", "answer", "meaning", "errors", "examples"), ("写法", "结果", "含义", "错误", "例子"))
    for group, names in GROUP_NAMES.items():
        rows = [(f"`{spelling_of(row)}`", type_text(row.returns), row.doc[language], _codes(row.fails), "<br>".join(
            f"`{expression}` → `{answer}`" for expression, answer in row.examples)) for row in GROUPS[group]]
        out += [f"## {say(*names)}", _table(head, rows)]
    others = [(f"`{alias}`", f"`{OPERATOR_SPELLINGS.get(name, name)}`") for alias, name in ALIASES.items()]
    out += [say("## Other spellings", "## 其他写法"), _table(say(("written", "means"), ("写法", "等同于")), others)]
    return "\n\n".join(out)


def deeds(language: str) -> str:
    """Return the page of the deeds the audit log keeps."""
    say = _chooser(language)
    rows = [(f"`{key}`", deed.name[language], deed.sentence[language]) for key, deed in DEEDS.items()]
    return "\n\n".join([
        say("# Deeds of the audit log", "# 审计日志的行为"),
        say("What [the audit log](../how-to/keep-the-audit-log.md) keeps. Braces name what stands in a row or in its details.",
            "[审计日志](../how-to/keep-the-audit-log.md)记录的行为。花括号中是该行或其明细中的内容。"),
        _table(say(("deed", "name", "sentence"), ("行为", "名称", "句子")), rows)])


def errors(language: str) -> str:
    """Return the page of the error codes."""
    say = _chooser(language)
    rows = all_errors().values()
    stopping = [(f"`{row.code}`", str(row.status), row.title[language],
                 "–" if row.sentence is row.title else row.sentence[language]) for row in rows if row.status]
    inside = [(f"`{row.code}`", row.sentence[language]) for row in rows if not row.status]
    return "\n\n".join([
        say("# Errors", "# 错误"),
        say(
            "A refused request is answered with `application/problem+json` (RFC 9457): `type` (`/problems/<code>`, a page of the running server), "
            "`title`, `status`, `detail`, `instance` and `code`. Where something in the request is wrong, `errors` lists all of it: each with "
            "`code`, `detail`, `pointer` (`/lines/2/quantity`) and `field` (`lines[2].quantity`), or `parameter` for one of the address. "
            "`Accept-Language` chooses Chinese or English. Codes never change; texts may. Words in braces stand for the names and numbers of the case.",
            "被拒绝的请求以 `application/problem+json`（RFC 9457）回答：`type`（`/problems/<代码>`，运行中的服务器有此页面）、`title`、`status`、"
            "`detail`、`instance` 和 `code`。请求内容有误时，`errors` 一次列出全部问题，每个有 `code`、`detail`、`pointer`（`/lines/2/quantity`）和 "
            "`field`（`lines[2].quantity`），地址参数的问题则为 `parameter`。语言由 `Accept-Language` 决定。代码不会改变，文字可能改变。"
            "花括号中的词代表具体的名称和数字。"),
        say("## What stops a request", "## 使请求中止的错误"),
        _table(say(("code", "HTTP status", "title", "detail"), ("代码", "HTTP 状态", "标题", "说明")), stopping),
        say("## What may be wrong inside a request or a document", "## 请求或文档中的问题"),
        _table(say(("code", "detail"), ("代码", "说明")), inside)])


PLAIN = {"<app>": "The key of the app."}
"""What arguments mean that the command line does not explain."""


def command_line(language: str) -> str:
    """Return the page of the commands."""
    say = _chooser(language)
    out = [say("# Commands", "# 命令"), say(
        "`dougong` lies in `.venv/bin` of the checkout; `dougong --help` lists the commands. Every command reads the [settings](settings.md).",
        "`dougong` 在代码目录的 `.venv/bin` 中，`dougong --help` 列出全部命令。所有命令都读取[设置](settings.md)。")]
    for command in commands():
        words = " ".join(command.words)
        out += [f"## dougong {words}", say(command.help, COMMANDS[words])]
        rows = [(f"`{name}`", say(text or PLAIN[name], COMMANDS[f"{words} {name.split(', ')[0]}"])) for name, text in command.parameters]
        if rows:
            out.append(_table(say(("option", "meaning"), ("选项", "含义")), rows))
    return "\n\n".join(out)


def http_api(language: str) -> str:
    """Return the page of the HTTP API: the platform's endpoints and those of records."""
    say = _chooser(language)
    head = say(("call", "what it does"), ("调用", "作用"))
    own = [(f"`{one.method} {one.path}`", say(one.summary, ENDPOINTS[one.operation])) for one in endpoints()]
    records = [(f"`{call}`", say(*words)) for call, words in RECORD_CALLS.items()]
    parameters = [(f"`{name}`", say(*words)) for name, words in LIST_PARAMETERS.items()]
    return "\n\n".join([
        say("# HTTP API", "# HTTP 接口"),
        *(say(*words) for words in API_INTRODUCTION),
        say("## Records", "## 记录"), _table(head, records),
        say("Parameters of a list:", "列表的参数："), _table(say(("parameter", "meaning"), ("参数", "含义")), parameters),
        say("## The platform", "## 平台"), _table(head, own)])


PAGES: Mapping[str, Callable[[str], str]] = {
    "app-document": app_document,
    "field-kinds": field_kinds,
    "functions": functions,
    "settings": settings,
    "errors": errors,
    "deeds": deeds,
    "cli": command_line,
    "http-api": http_api,
}


def _chooser(language: str) -> Callable[..., Any]:
    return lambda english, chinese: english if language == "en" else chinese


def _field_schema(schema: Mapping[str, Any]) -> Mapping[str, Any]:
    text = schema["$defs"]["TextField"]
    shared = {FieldBase.model_fields[name].alias or name for name in FieldBase.model_fields}
    return {"properties": {k: v for k, v in text["properties"].items() if k in shared}, "required": text.get("required", [])}


def _kind_table(classes: Mapping[str, Any], say: Callable[..., Any]) -> str:
    shared = set(_field_schema({"$defs": classes})["properties"]) | {"kind"}
    rows = []
    for schema in classes.values():
        kind = schema["properties"].get("kind", {}).get("const")
        if kind in FIELD_KINDS:
            for name, part in schema["properties"].items():
                if name not in shared:
                    rows.append((list(FIELD_KINDS).index(kind), f"`{kind}`", f"`{name}`", _type(part, say), _default(schema, name, say),
                                 say(*(KIND_PROPERTIES.get(f"{kind}.{name}") or KIND_PROPERTIES[name]))))
    head = say(("kind", "property", "type", "default", "meaning"), ("种类", "属性", "类型", "默认值", "含义"))
    return _table(head, [row[1:] for row in sorted(rows, key=lambda row: row[0])])


def _property_table(
    schema: Mapping[str, Any], texts: Mapping[str, tuple[str, str]], say: Callable[..., Any], only: tuple[str, ...] = ()
) -> str:
    shown = only or [name for name in schema["properties"] if name == "name" or texts[name] is not COMMON.get(name)]
    rows = [(f"`{name}`", _type(schema["properties"][name], say), _default(schema, name, say), say(*texts[name])) for name in shown]
    return _table(say(("property", "type", "default", "meaning"), ("属性", "类型", "默认值", "含义")), rows)


def _default(schema: Mapping[str, Any], name: str, say: Callable[..., Any]) -> str:
    if name in schema.get("required", []):
        return str(say("required", "必填"))
    value = schema["properties"][name].get("default")
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, list):
        return ", ".join(f"`{one}`" for one in value) or "–"
    return "–" if value in (None, "") else f"`{value}`"


def _type(part: Mapping[str, Any], say: Callable[..., Any]) -> str:
    if "anyOf" in part:
        return str(say(" or ", " 或 ")).join(_type(one, say) for one in part["anyOf"] if one.get("type") != "null")
    if "$ref" in part:
        return _link(part["$ref"].rsplit("/", 1)[1], say)
    if "oneOf" in part:
        links = dict.fromkeys(_type(one, say) for one in part["oneOf"])
        return str(say(" or ", " 或 ")).join(links)
    if "const" in part or "enum" in part:
        return " ".join(f"`{one}`" for one in part.get("enum", [part.get("const")]))
    kind = part.get("type")
    if kind == "array":
        return str(say("list of ", "列表：")) + _type(part["items"], say)
    if kind == "string":
        named = NAMED_PATTERNS.get(part.get("pattern", ""))
        if named:
            return str(say(*named))
        if part.get("maxLength") == 10_000:
            return str(say("expression", "表达式"))
        limit = part.get("maxLength")
        return str(say("text", "文本")) + (f" ≤ {limit}" if limit else "")
    if kind == "object":
        if "patternProperties" in part:
            return str(say("expressions by key", "按标识的表达式"))
        return str(say("object", "对象") if part.get("additionalProperties") is True else say("label", "标签"))
    if kind == "integer":
        low, high = part.get("minimum"), part.get("maximum")
        return str(say("whole number", "整数")) + (f" {low}–{high}" if low is not None else "")
    return {"boolean": "`true` `false`"}.get(str(kind), str(kind))


def _link(name: str, say: Callable[..., Any]) -> str:
    for known, heading, _, _ in SECTIONS:
        if known == name:
            text = str(say(*heading))
            return f"[{text}](#{anchor(text)})"
    return str(say("[field](#field)", "[字段](#字段)"))


def anchor(heading: str) -> str:
    """Return the address of a heading inside its page, as GitHub makes it."""
    return re.sub(r"[^\w\- ]", "", heading.strip().lower()).replace(" ", "-")


def _codes(words: Iterable[str]) -> str:
    return " ".join(f"`{word}`" for word in words) or "–"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    lines += ["| " + " | ".join(cell.replace("|", "\\|").replace("\n", " ") for cell in row) + " |" for row in rows]
    return "\n".join(lines)


def main(arguments: list[str]) -> int:
    """Write the pages, or with `--check` name those that differ; return the exit code."""
    docs = ROOT / "docs"
    wrong = []
    for name, text in pages().items():
        path = docs / name
        if path.is_file() and path.read_text(encoding="utf-8") == text:
            continue
        wrong.append(name)
        if "--check" not in arguments:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
    print("\n".join(wrong) or "The reference pages say what the code says.")
    return 1 if wrong and "--check" in arguments else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
