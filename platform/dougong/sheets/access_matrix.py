"""What each role may do in an app in, the rows and columns of a file of it out: one row for each role, entity and action or field."""

from collections.abc import Iterator, Mapping
from typing import Any

import orjson

from dougong.permissions.matrix import Cell, Matrix
from engines.entity.actions import name_of

Text = Mapping[str, str]

TITLE: Text = {"zh-CN": "角色与权限", "en": "Roles and permissions"}
_HEADERS: Mapping[str, Text] = {
    "role": {"zh-CN": "角色", "en": "Role"},
    "entity": {"zh-CN": "实体", "en": "Entity"},
    "part": {"zh-CN": "操作或字段", "en": "Action or field"},
    "name": {"zh-CN": "名称", "en": "Name"},
    "allowed": {"zh-CN": "权限", "en": "Permission"},
    "but": {"zh-CN": "禁止", "en": "Denied"},
}
_WORDS: Mapping[str, Text] = {
    "all": {"zh-CN": "全部记录", "en": "all records"},
    "hidden": {"zh-CN": "隐藏", "en": "hidden"},
    "masked": {"zh-CN": "部分可见", "en": "shown in part"},
    "read": {"zh-CN": "只读", "en": "read"},
    "write": {"zh-CN": "可写", "en": "write"},
    "some": {"zh-CN": "（部分记录）", "en": " (in some records)"},
}
_BETWEEN: Text = {"zh-CN": "；或 ", "en": "; or "}


def matrix_columns(language: str) -> list[dict[str, Any]]:
    """Return the columns of the file."""
    return [{"key": key, "header": header[language], "form": "text"} for key, header in _HEADERS.items()]


def matrix_rows(matrix: Matrix, language: str) -> list[bytes]:
    """Return the rows of the file, each as JSON."""
    return [orjson.dumps(row) for cell in matrix.cells for row in _rows(matrix, cell, language)]


def _rows(matrix: Matrix, cell: Cell, language: str) -> Iterator[dict[str, str]]:
    who = {"role": _said(matrix.roles[cell.role], language), "entity": _said(matrix.entities[cell.entity], language)}
    for action in cell.actions:
        rows = _BETWEEN[language].join(one[language] for one in action.rows) or _WORDS["all"][language]
        but = _BETWEEN[language].join(one[language] or _WORDS["all"][language] for one in action.but)
        yield {**who, "part": action.action, "name": name_of(action.action)[language], "allowed": rows, "but": but}
    for field in cell.fields:
        level = _WORDS[field.level][language] + (_WORDS["some"][language] if field.in_some else "")
        yield {**who, "part": field.key, "name": _said(field.name, language), "allowed": level, "but": ""}


def _said(name: Text, language: str) -> str:
    return name.get(language) or next(iter(name.values()), "")
