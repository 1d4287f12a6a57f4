"""大事记: one row is something that changed an estate."""

from __future__ import annotations

from pipelines.kinds.fields import Field, Kind

FIELDS = (
    Field("estate", "estate", "小区", "estate"),
    Field("event_date", "date", "日期", "date", happened=True),
    Field("event_type", "text", "事项类型", "type of event"),
    Field("company", "text", "物业企业", "company"),
    Field("value", "number", "数值", "value"),
    Field("note", "text", "说明", "note"),
)

KIND = Kind(
    name="events",
    zh="大事记",
    en="events",
    fields=FIELDS,
    key=("estate", "event_date", "event_type"),
    required=("estate", "event_date", "event_type"),
    measures=("event_date", "event_type", "note"),
    has_period=False,
)
