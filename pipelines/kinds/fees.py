"""收费: one row is what an estate (or building, or unit) owed and paid for a period."""

from __future__ import annotations

from pipelines.kinds.fields import PERIOD, Field, Kind

FIELDS = (
    Field("estate", "estate", "小区", "estate"),
    Field("building", "text", "楼栋", "building"),
    Field("unit", "text", "单元", "unit"),
    *PERIOD,
    Field("receivable_yuan", "money", "应收金额", "receivable"),
    Field("received_yuan", "money", "实收金额", "received"),
    Field("waived_yuan", "money", "减免金额", "waived"),
    Field("prepaid_yuan", "money", "预收金额", "prepaid"),
    Field("opening_arrears_yuan", "money", "期初欠费", "opening arrears"),
    Field("arrears_recovered_yuan", "money", "收回往年欠费", "arrears recovered"),
    Field("households_due", "count", "应缴户数", "households due"),
    Field("households_paid", "count", "实缴户数", "households paid"),
)

KIND = Kind(
    name="fees",
    zh="收费",
    en="fees",
    fields=FIELDS,
    key=("estate", "building", "unit", "period_start", "period_end"),
    required=("estate", "receivable_yuan"),
    measures=(
        "receivable_yuan",
        "received_yuan",
        "waived_yuan",
        "prepaid_yuan",
        "opening_arrears_yuan",
        "arrears_recovered_yuan",
        "households_due",
        "households_paid",
    ),
    has_period=True,
)
