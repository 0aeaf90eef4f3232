"""The table of field kinds: one row says what a kind of field holds, how it is stored, filtered, summed up and shown."""

from collections.abc import Mapping

from engines.entity.field_kind import COUNTED, TEXT_COLUMN, TEXTUAL, FieldKind, kind
from engines.entity.kinds_bag import BAG_KINDS
from engines.entity.kinds_choice import CHOICE_KINDS
from engines.entity.kinds_link import LINK_KINDS
from engines.entity.kinds_number import NUMBER_KINDS
from engines.entity.kinds_text import TEXT_KINDS
from engines.entity.kinds_time import TIME_KINDS
from engines.values.value_types import TEXT

_OTHERS = (
    kind("lines", ("明细", "Lines"), ("记录自己的明细行。", "Rows the record owns."), None, None, (), ()),
    kind("sequence", ("编号", "Sequence"), ("系统自动生成的编号，可能跳号，不会重号。", "A number the platform gives; it may skip, never repeat."),
         TEXT, TEXT_COLUMN, TEXTUAL, COUNTED, False),
)  # fmt: skip

FIELD_KINDS: Mapping[str, FieldKind] = {
    row.key: row for row in (*TEXT_KINDS, *NUMBER_KINDS, *TIME_KINDS, *CHOICE_KINDS, *LINK_KINDS, *_OTHERS, *BAG_KINDS)
}
"""Every kind by its key."""
