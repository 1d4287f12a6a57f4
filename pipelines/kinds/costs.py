"""支出: one row is spending of an estate in a period on one cost category."""

from __future__ import annotations

from pipelines.kinds.fields import PERIOD, Field, Kind

FIELDS = (
    Field("estate", "estate", "小区", "estate"),
    *PERIOD,
    Field("category", "text", "类别", "category"),
    Field("item", "text", "项目", "item"),
    Field("amount_yuan", "money", "金额", "amount"),
)

KIND = Kind(
    name="costs",
    zh="支出",
    en="costs",
    fields=FIELDS,
    key=("estate", "period_start", "period_end", "category", "item"),
    required=("estate", "category", "amount_yuan"),
    measures=("amount_yuan",),
    has_period=True,
)
