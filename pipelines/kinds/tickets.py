"""投诉工单: one row is one complaint or request."""

from __future__ import annotations

from pipelines.kinds.fields import Field, Kind

FIELDS = (
    Field("estate", "estate", "小区", "estate"),
    Field("ticket_id", "text", "工单编号", "ticket number"),
    Field("opened_at", "time", "受理时间", "time opened", happened=True),
    Field("dispatched_at", "time", "派单时间", "time dispatched", happened=True),
    Field("responded_at", "time", "响应时间", "time of response", happened=True),
    Field("due_at", "time", "办结期限", "due time"),
    Field("closed_at", "time", "办结时间", "time closed", happened=True),
    Field("category", "text", "诉求类别", "category"),
    Field("channel", "text", "受理渠道", "channel"),
    Field("summary", "text", "诉求内容", "summary"),
    Field("resolved", "flag", "是否解决", "resolved"),
    Field("satisfied", "flag", "是否满意", "satisfied"),
    Field("reopened", "flag", "是否重办", "reopened"),
    Field("excluded_reason", "text", "剔除原因", "reason for exclusion"),
)

KIND = Kind(
    name="tickets",
    zh="投诉工单",
    en="tickets",
    fields=FIELDS,
    key=("estate", "ticket_id"),
    required=("estate", "opened_at"),
    measures=("ticket_id", "opened_at", "dispatched_at", "responded_at", "closed_at", "category", "summary"),
    has_period=False,
)
