"""The table of typing rules: of calls whose row alone cannot say what they take and return."""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from engines.expression.rule import Rule
from engines.expression.rules_china import CHINA_RULES
from engines.expression.rules_choice import CHOICE_RULES
from engines.expression.rules_date import DATE_RULES
from engines.expression.rules_decide import DECIDE_RULES
from engines.expression.rules_finance import FINANCE_RULES
from engines.expression.rules_list import LIST_RULES
from engines.expression.rules_list_make import MAKE_RULES
from engines.expression.rules_list_pick import PICK_RULES
from engines.expression.rules_moment import MOMENT_RULES
from engines.expression.rules_operator import OPERATOR_RULES
from engines.expression.rules_people import PEOPLE_RULES
from engines.expression.rules_text import TEXT_RULES
from engines.expression.rules_workday import WORKDAY_RULES

RULES: Mapping[str, Rule] = MappingProxyType({
    **OPERATOR_RULES, **CHOICE_RULES, **LIST_RULES, **MAKE_RULES, **PICK_RULES, **DATE_RULES, **MOMENT_RULES, **WORKDAY_RULES, **TEXT_RULES, **FINANCE_RULES,
    **CHINA_RULES, **PEOPLE_RULES, **DECIDE_RULES,
})  # fmt: skip
