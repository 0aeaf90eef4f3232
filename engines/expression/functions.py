"""The table of all functions, operators and conversions by name; each row is read by checker, back ends, docs and tests."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engines.expression.function import Function
from engines.expression.rows_china import CHINA_ROWS
from engines.expression.rows_date import DATE_ROWS
from engines.expression.rows_finance import FINANCE_ROWS
from engines.expression.rows_list import LIST_ROWS
from engines.expression.rows_logic import LOGIC_ROWS
from engines.expression.rows_moment import MOMENT_ROWS
from engines.expression.rows_number import NUMBER_ROWS
from engines.expression.rows_operator import CONVERSION_ROWS, OPERATOR_ROWS
from engines.expression.rows_people import PEOPLE_CONVERSION_ROWS, PEOPLE_ROWS
from engines.expression.rows_text import TEXT_ROWS
from engines.expression.rows_workday import CALENDAR_ROWS, WORKDAY_ROWS

GROUPS: Mapping[str, tuple[Function, ...]] = MappingProxyType(
    {
        "operator": OPERATOR_ROWS,
        "logic": LOGIC_ROWS,
        "number": NUMBER_ROWS,
        "finance": FINANCE_ROWS,
        "text": TEXT_ROWS,
        "date": DATE_ROWS + MOMENT_ROWS + WORKDAY_ROWS,
        "list": LIST_ROWS,
        "china": CHINA_ROWS,
        "people": PEOPLE_ROWS,
        "conversion": (*CONVERSION_ROWS, *CALENDAR_ROWS, *PEOPLE_CONVERSION_ROWS),
    }
)

# What the author writes: operators in small letters, functions in capitals.
WRITTEN: Mapping[str, Function] = MappingProxyType(
    {row.name: row for group, rows in GROUPS.items() if group != "conversion" for row in rows}
)

# What stands in typed trees: the same and the conversions the checker writes out.
FUNCTIONS: Mapping[str, Function] = MappingProxyType({row.name: row for rows in GROUPS.values() for row in rows})

# Functions that are another spelling of an operator, for completion and for "did you mean".
ALIASES: Mapping[str, str] = MappingProxyType(
    {"AND": "and", "OR": "or", "NOT": "not", "POWER": "pow", "FILTER": "filter", "MAP": "map", "COALESCE": "IFBLANK"}
)
FUNCTION_NAMES: tuple[str, ...] = tuple(sorted({name for name in WRITTEN if name.isupper()} | set(ALIASES)))
