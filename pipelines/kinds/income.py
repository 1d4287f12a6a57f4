"""公共收益与其他收入: one row is income of an estate in a period other than property fees."""

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
    name="income",
    zh="公共收益与其他收入",
    en="other income",
    fields=FIELDS,
    key=("estate", "period_start", "period_end", "category", "item"),
    required=("estate", "category", "amount_yuan"),
    measures=("amount_yuan",),
    has_period=True,
)
