"""满意度调查: one row is one survey wave of an estate on one question, as counts."""

from __future__ import annotations

from pipelines.kinds.fields import PERIOD, Field, Kind

FIELDS = (
    Field("estate", "estate", "小区", "estate"),
    *PERIOD,
    Field("question", "text", "评价内容", "question"),
    Field("issued", "count", "发放份数", "questionnaires issued"),
    Field("responses", "tally", "有效份数", "responses"),
    Field("very_satisfied", "tally", "非常满意", "very satisfied"),
    Field("satisfied", "tally", "满意", "satisfied"),
    Field("neutral", "tally", "一般", "neutral"),
    Field("dissatisfied", "tally", "不满意", "dissatisfied"),
    Field("very_dissatisfied", "tally", "非常不满意", "very dissatisfied"),
    Field("satisfied_total", "tally", "满意合计", "satisfied in total"),
    Field("reported_rate", "rate", "满意率", "reported rate"),
    Field("mode", "text", "调查方式", "mode"),
    Field("conducted_by", "text", "执行方", "conducted by"),
)

KIND = Kind(
    name="surveys",
    zh="满意度调查",
    en="satisfaction surveys",
    fields=FIELDS,
    key=("estate", "period_start", "period_end", "question"),
    required=("estate",),
    measures=(
        "responses",
        "very_satisfied",
        "satisfied",
        "neutral",
        "dissatisfied",
        "very_dissatisfied",
        "satisfied_total",
        "reported_rate",
    ),
    has_period=True,
)
