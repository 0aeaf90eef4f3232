"""The columns of a file: a list or an entity and a language in, for each column its header and how its values are written out."""

from collections.abc import Callable, Iterable, Mapping
from functools import partial
from typing import Any

from dougong.model.app_model import AppModel
from dougong.sheets.plan import importable
from engines.dataset.paths import Path
from engines.dataset.query import Query
from engines.entity.entity import Entity, Field
from engines.entity.field_text import option_path
from engines.values.value_types import name_among

Column = dict[str, Any]

JOINT = " / "
"""Between the label of a reference or of rows and the label of a field beyond it."""

REQUIRED = "*"
"""What follows the header of a column that must be filled."""

YES_NO: Mapping[str, Mapping[str, str]] = {"zh-CN": {"true": "是", "false": "否"}, "en": {"true": "Yes", "false": "No"}}

SYSTEM_LABELS: Mapping[str, Mapping[str, str]] = {
    "id": {"zh-CN": "标识", "en": "Id"},
    "revision": {"zh-CN": "版本", "en": "Revision"},
    "entity": {"zh-CN": "实体", "en": "Entity"},
    "created_at": {"zh-CN": "创建时间", "en": "Created at"},
    "created_by": {"zh-CN": "创建人", "en": "Created by"},
    "updated_at": {"zh-CN": "修改时间", "en": "Changed at"},
    "updated_by": {"zh-CN": "修改人", "en": "Changed by"},
    "parent": {"zh-CN": "所属记录", "en": "Belongs to"},
}


def list_columns(model: AppModel, query: Query, asked: Iterable[str], language: str, zone: str) -> list[Column]:
    """Return the columns of a list: those asked for, else every field it shows."""
    asked_keys = set(asked)
    paths = [path for path in query.fields if path.field is not None or path.key in asked_keys]
    return [_column(model, query.entity, path, language, zone) for path in paths]


def template_columns(model: AppModel, entity: Entity, language: str, zone: str) -> list[Column]:
    """Return the columns of an empty file to fill: every field people may write, those of the rows after them."""
    columns: list[Column] = []
    for key, (field, lines) in importable(model, entity).items():
        before = "" if lines is None else label_of(lines.name, language) + JOINT
        label = before + label_of(field.name, language) + (REQUIRED if field.is_required else "")
        column = {"key": key, "header": label, **_form(model, field, language, zone)}
        if "labels" in column and not field.any_of:
            column["offer"] = list(column["labels"].values())
        columns.append(column)
    return columns


def label_of(name: Mapping[str, str], language: str) -> str:
    """Return a label in a language, in any other where it has none in this."""
    return name.get(language) or next(iter(name.values()), "")


def _column(model: AppModel, entity: Entity, path: Path, language: str, zone: str) -> Column:
    labels: list[str] = []
    owner: Entity | None = entity
    among: tuple[str, ...] = ()
    for name in path.names:
        if among:
            owner = next((model.entity(entity.everywhere(one)) for one in among if name_among(one) == name), None)
            labels.append(label_of(SYSTEM_LABELS["entity"] if owner is None else owner.name, language))
            among = ()
            continue
        field = owner.fields.get(name) if owner is not None else None
        labels.append(label_of(field.name if field is not None else SYSTEM_LABELS[name], language))
        among = () if field is None else field.any_of
        target = field.to if field is not None else "organization.user" if name in ("created_by", "updated_by") else None
        owner = model.entity(owner.everywhere(target)) if owner is not None and target is not None else None
    form = _form(model, path.field, language, zone) if path.field is not None else _system_form(path, zone)
    return {"key": path.key, "header": JOINT.join(labels), **form}


def _system_form(path: Path, zone: str) -> Column:
    name = path.names[-1]
    if name in ("created_at", "updated_at"):
        return {"form": "datetime", "zone": zone}
    if name == "revision":
        return {"form": "number"}
    return {"form": "title" if path.to is not None else "text"}


def _form(model: AppModel, field: Field, language: str, zone: str) -> Column:
    made = FORMS.get(field.kind.key)
    if made is not None:
        return made(field, language, zone)
    if field.any_of:
        return {"form": "any", "labels": {key: label_of(model.entity(key).name, language) for key in field.any_of}}
    if field.to is not None:
        return {"form": "title"}
    if field.files is not None:
        return {"form": "files"}
    if field.links is not None:
        return {"form": "titles"}
    if field.options:
        return _choice(field, language, zone)
    return {"form": {"number": "number", "bool": "boolean", "date": "date"}.get(field.value_type.name, "text"), **_booleans(field, language)}


def _booleans(field: Field, language: str) -> Column:
    return {"labels": dict(YES_NO.get(language, YES_NO["en"]))} if field.value_type.name == "bool" else {}


def _choice(field: Field, language: str, zone: str) -> Column:
    return {"form": "choice", "labels": {option.key: label_of(option.name, language) for option in field.options}}


def _number(field: Field, language: str, zone: str) -> Column:
    decimals = "" if not field.scale else "." + "0" * min(field.scale, 15)
    return {"form": "number", "pattern": f"#,##0{decimals}" if field.kind.key == "money" else ""}


def _written(kind: str, field: Field, language: str, zone: str) -> Column:
    """Return the form of a kind that people write otherwise than JSON does."""
    return {"form": kind}


FORMS: Mapping[str, Callable[[Field, str, str], Column]] = {
    "number": _number,
    "money": _number,
    "percent": lambda field, language, zone: {"form": "number", "pattern": "0.00%"},
    "datetime": lambda field, language, zone: {"form": "datetime", "zone": zone},
    "choice": _choice,
    "tree_choice": lambda field, language, zone: {"form": "choice", "labels": {o.key: option_path(field, o, language) for o in field.options}},
    **{kind: partial(_written, kind) for kind in ("rich_text", "address", "location", "duration", "secret")},
}
"""How values of a kind are written; the other kinds follow their value type."""
