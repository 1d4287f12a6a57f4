"""议定事项: one row is something that a meeting decided."""

from __future__ import annotations

from pipelines.kinds.fields import Field, Kind

FIELDS = (
    Field("action_id", "text", "事项编号", "action number"),
    Field("estate", "estate", "小区", "estate"),
    Field("action", "text", "议定事项", "action"),
    Field("owner", "text", "责任单位", "owner"),
    Field("raised_on", "date", "提出日期", "date raised"),
    Field("due_on", "date", "完成时限", "due date"),
    Field("done_on", "date", "完成日期", "date done", happened=True),
    Field("status", "text", "状态", "status"),
)

KIND = Kind(
    name="actions",
    zh="议定事项",
    en="actions",
    fields=FIELDS,
    key=("action_id",),
    required=("action",),
    measures=("action", "owner", "raised_on", "due_on", "done_on", "status"),
    has_period=False,
)
