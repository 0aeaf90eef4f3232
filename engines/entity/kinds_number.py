"""Rows of the table of field kinds whose values are numbers, and yes or no."""

from engines.entity.field_kind import ORDERED, SUMS, kind
from engines.values.value_types import BOOL, NUMBER

NUMBER_KINDS = (
    kind("number", ("数字", "Number"),
         ("精确小数，保存时按 scale 四舍五入。", "An exact decimal, rounded half up to its scale when it is saved."), NUMBER, "numeric", ORDERED, SUMS),
    kind("money", ("金额", "Money"),
         ("金额，默认两位小数；币种固定或取自另一字段。", "An amount of money, two decimals by default; its currency is fixed or held by another field."),
         NUMBER, "numeric", ORDERED, SUMS),
    kind("percent", ("百分比", "Percent"),
         ("存为小数：0.15 显示和填写为 15%。", "Kept as a fraction: 0.15 is shown and typed as 15%."), NUMBER, "numeric", ORDERED, SUMS),
    kind("quantity", ("数量", "Quantity"),
         ("带单位的数字，单位固定或取自另一字段。", "A number with a unit, which is fixed or held by another field."), NUMBER, "numeric", ORDERED, SUMS),
    kind("rating", ("评分", "Rating"), ("1 到 max 的整数，显示为星。", "A whole number from 1 to max, shown as stars."), NUMBER, "numeric", ORDERED, SUMS),
    kind("boolean", ("是/否", "Yes/no"), ("是或否。", "Yes or no."), BOOL, "boolean", ("=", "ISBLANK")),
)  # fmt: skip
"""number, money, percent, quantity, rating, boolean."""
