"""What a row of the table of field kinds says, and the lists that rows share."""

from collections.abc import Mapping
from dataclasses import dataclass

from engines.values.value_types import ValueType

ORDERED = ("=", "<>", "<", "<=", ">", ">=", "BETWEEN", "ISBLANK")
TEXTUAL = ("=", "<>", "CONTAINS", "STARTSWITH", "ENDSWITH", "ISBLANK")
MEMBERSHIP = ("=", "<>", "IN", "ISBLANK")
SEARCHED = ("CONTAINS", "ISBLANK")
HOLDS = ("CONTAINS", "ISBLANK")

SUMS = ("SUM", "AVERAGE", "MIN", "MAX", "COUNT")
ENDS = ("MIN", "MAX", "COUNT")
COUNTED = ("COUNT",)

TEXT_COLUMN = 'text COLLATE "C"'
TEXTS_COLUMN = 'text[] COLLATE "C"'


@dataclass(frozen=True, slots=True)
class FieldKind:
    """How fields of one kind behave.

    value_type: what a value is in expressions; None where it depends on the field (reference, lines).
    column_type: SQL type of the column; None when the field has no column of its own.
    operators: what lists offer to filter by. aggregates: functions offered for columns of it.
    is_input: people may write it. component: the browser's registry key.
    is_list: its values are lists, kept in a table of links. to: the entity it points to, where the field does not say it.
    is_any: its values name the entity beside the id, in a column of its own; the field says which entities there are.
    read_by: who may read it in expressions: `all`, only the `filters` of lists, which see it as a text, or `none`.
    """

    key: str
    name: Mapping[str, str]
    doc: Mapping[str, str]
    value_type: ValueType | None
    column_type: str | None
    operators: tuple[str, ...]
    aggregates: tuple[str, ...]
    is_input: bool
    component: str
    is_list: bool = False
    to: str | None = None
    read_by: str = "all"
    is_any: bool = False

    @property
    def is_ordered(self) -> bool:
        """Whether values have an order to sort by and to keep an index of."""
        is_list = self.value_type is not None and self.value_type.of is not None
        return self.column_type is not None and self.read_by == "all" and not is_list and not self.is_any


def kind(
    key: str,
    names: tuple[str, str],
    doc: tuple[str, str],
    value_type: ValueType | None,
    column_type: str | None,
    operators: tuple[str, ...],
    aggregates: tuple[str, ...] = COUNTED,
    is_input: bool = True,
    is_list: bool = False,
    to: str | None = None,
    read_by: str = "all",
    is_any: bool = False,
) -> FieldKind:
    """Return a row; names and doc in Chinese and English."""
    named, told = ({"zh-CN": zh, "en": en} for zh, en in (names, doc))
    return FieldKind(key, named, told, value_type, column_type, operators, aggregates, is_input, key, is_list, to, read_by, is_any)
