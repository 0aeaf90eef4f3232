"""What a sheet seems to be: its first rows in, the row of its headers and the fields its columns lead to out; people look it over."""

import unicodedata
from collections.abc import Mapping, Sequence
from difflib import SequenceMatcher
from typing import Any

from dougong.model.app_model import AppModel
from dougong.model.keys import sounds_of
from dougong.sheets.cells import cell_text
from dougong.sheets.columns import JOINT, REQUIRED
from dougong.sheets.plan import importable, must_be_filled
from engines.entity.entity import Entity, Field

LIKE = 0.82
"""How alike two labels must be, from 0 to 1, where nothing else tells."""

Row = Sequence[Any]


def guess_header(rows: Sequence[tuple[int, Row]]) -> int:
    """Return the number of the row with the headers, 0 where there seems to be none.

    >>> guess_header([(1, ["Goods 2026"]), (3, ["code", "price"]), (4, ["A", 1.5])])
    3
    """
    widest = max((_filled(row) for _, row in rows), default=0)
    for number, row in rows[:20]:
        texts = sum(isinstance(cell, str) for cell in row)
        if _filled(row) >= max(1, widest * 0.6) and texts == _filled(row):
            return number
    return 0


def guess_columns(model: AppModel, entity: Entity, headers: Sequence[str]) -> Mapping[int, str]:
    """Return the fields that columns lead to, by the position of the column; a field has one column at most."""
    known = importable(model, entity)
    names = {key: _names(key, field, lines) for key, (field, lines) in known.items()}
    found: dict[int, str] = {}
    for fits in (_is_same, _sounds_same, _is_like):
        for column, header in enumerate(headers):
            wanted = _plain(header)
            if column in found or not wanted:
                continue
            key = next((key for key in known if key not in found.values() and any(fits(wanted, name) for name in names[key])), None)
            if key is not None:
                found[column] = key
    return found


def guess_entity(model: AppModel, keys: Sequence[str], headers: Sequence[str]) -> str | None:
    """Return the entity most of the headers belong to; the one with fewer fields of two that fit alike."""
    scores = {key: _score(model, model.entities[key], headers) for key in keys}
    best = max(scores, key=lambda key: scores[key], default=None)
    return best if best is not None and scores[best] > (0, 0) else None


def guess_by(entity: Entity, fields: Sequence[str]) -> list[str]:
    """Return the fields that tell records apart: those of a unique constraint that all have a column."""
    unique = next((u for u in entity.unique if all(key in fields for key in u.fields)), None)
    if unique is not None:
        return list(unique.fields)
    return [entity.title] if entity.title in fields and any("." in key for key in fields) else []


def headers_of(row: Row, width: int) -> list[str]:
    """Return the headers of a row as texts, one for each column; blank ones and those that come twice stay as they are."""
    return [" ".join(cell_text(row[at]).split()) if at < len(row) else "" for at in range(width)]


def _score(model: AppModel, entity: Entity, headers: Sequence[str]) -> tuple[int, int]:
    found = set(guess_columns(model, entity, headers).values())
    lacking = sum(1 for field in entity.fields.values() if must_be_filled(field) and field.key not in found)
    return (len(found) - lacking, -len(entity.fields)) if found else (0, 0)


def _filled(row: Row) -> int:
    return sum(cell is not None for cell in row)


def _plain(text: str) -> str:
    return "".join(unicodedata.normalize("NFKC", text).casefold().replace(REQUIRED, "").split())


def _names(key: str, field: Field, lines: Field | None) -> list[str]:
    own = [field.key, *field.name.values()]
    if lines is None:
        return [_plain(name) for name in own]
    before = [lines.key, *lines.name.values()]
    joined = [f"{a}{joint}{b}" for a in before for b in own for joint in (JOINT, ".", "")]
    return [_plain(name) for name in (*joined, *own, key)]


def _is_same(wanted: str, name: str) -> bool:
    return wanted == name


def _sounds_same(wanted: str, name: str) -> bool:
    return not name.isascii() and len(wanted) > 1 and wanted in sounds_of(name) or wanted.replace("_", "") == name.replace("_", "")


def _is_like(wanted: str, name: str) -> bool:
    if len(wanted) > 1 and len(name) > 1 and (wanted in name or name in wanted) and min(len(wanted), len(name)) * 2 >= max(len(wanted), len(name)):
        return True
    return SequenceMatcher(None, wanted, name).ratio() >= LIKE
