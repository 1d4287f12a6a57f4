"""考核评分: one row is one score of an estate or a company on one criterion by one scorer."""

from __future__ import annotations

from pipelines.kinds.fields import PERIOD, Field, Kind

FIELDS = (
    Field("subject", "estate", "被考核对象", "subject"),
    Field("subject_kind", "text", "对象类型", "kind of subject"),
    *PERIOD,
    Field("criterion", "text", "考核项目", "criterion"),
    Field("score", "number", "得分", "score"),
    Field("max_score", "number", "满分", "maximum score"),
    Field("scorer", "text", "评分人", "scorer"),
)

KIND = Kind(
    name="inspections",
    zh="考核评分",
    en="inspections",
    fields=FIELDS,
    key=("subject", "period_start", "period_end", "criterion", "scorer"),
    required=("subject", "criterion", "score"),
    measures=("score",),
    has_period=True,
)
