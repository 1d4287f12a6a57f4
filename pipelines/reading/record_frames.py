"""Lays the values of some columns side by side as records of their kind, and says where each field stands."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import polars as pl

from pipelines.kinds.fields import POLARS_TYPE
from pipelines.reading.answers import question_text
from pipelines.reading.body import Body
from pipelines.reading.roles import Role
from pipelines.reading.standing import standing
from pipelines.staged import Layout

_EXTRAS: Final[dict[str, dict[str, pl.DataType | type[pl.DataType]]]] = {
    "estates": {"fee_yuan_per_household_month": pl.Float64},
    "events": {"type_words": pl.String},
}
_STANDS_FOR: Final = (
    ("period", "period_start"), ("period", "period_end"), ("period_from", "period_start"), ("period_to", "period_end"),
    ("period_from", "period_end"), ("reported_rate", "satisfied_total"), ("deduction", "score"), ("lonlat", "lon"),
    ("lonlat", "lat"), ("contract_span", "contract_end"), ("contract_span", "takeover_date"),
)  # fmt: skip
"""Columns that a field is read from without being its own: where a finding about the field points."""


def frame_of(body: Body, roles: Sequence[Role], sample: Role | None) -> pl.DataFrame:
    """The values of the columns, one row a data row, with what the heading of `sample` and a profile add to each."""
    columns: dict[str, pl.Series] = {}
    for role in roles:
        values = body.columns[role.key]
        name = role.field or ""
        known = columns.get(name)
        columns[name] = values.values if known is None else known.zip_with(known.is_not_null(), values.values)
        for extra, series in values.extra.items():
            columns[f"{name}.{extra}"] = series
    frame = pl.DataFrame({"source_row": body.index + 1, **columns})
    given = [pl.lit(value).alias(name) for name, value in _constants(body, sample).items() if name not in frame.columns]
    frame = frame.with_columns(pl.lit(body.sheet).alias("source_sheet"), *given)
    profile = body.table.profile
    if profile:
        frame = frame.with_columns(
            pl.col(name).fill_null(pl.lit(value)) for name, value in profile.defaults.items() if name in frame.columns
        )
    return frame


def _constants(body: Body, sample: Role | None) -> dict[str, Any]:
    found: dict[str, Any] = {}
    if sample is not None:
        found = {
            name: getattr(sample, name) for name in ("category", "item", "criterion", "scorer") if getattr(sample, name)
        }
        if sample.question:
            found["question"] = question_text(sample.question)
        if sample.maximum and body.kind == "inspections":
            found["max_score"] = sample.maximum
    profile = body.table.profile
    if profile:
        found |= {name: value for name, value in profile.constants.items() if name != "period"}
        if profile.question:
            found.setdefault("question", profile.question)
    return found


def shaped(body: Body, frame: pl.DataFrame) -> pl.DataFrame:
    """The columns of the kind in their order and types, and what traces a record."""
    wanted = {one.name: POLARS_TYPE[one.type] for one in body.spec.fields} | _EXTRAS.get(body.kind, {})
    columns = [
        (pl.col(name) if name in frame.columns else pl.lit(None)).cast(dtype, strict=False).alias(name)
        for name, dtype in wanted.items()
    ]
    return frame.select(*columns, "source_sheet", "source_row", "layout")


def layout_of(body: Body, roles: Sequence[Role]) -> Layout:
    """Where the fields of records with these roles stand."""
    columns = {role.field: role.column for role in reversed(roles) if role.field}
    for source, name in _STANDS_FOR:
        if source in columns:
            columns.setdefault(name, columns[source])
    if body.kind == "inspections" and "estate" in columns:
        columns.setdefault("subject", columns["estate"])
    stands = standing(body, roles)
    return Layout(body.sheet, body.kind, columns, body.context.texts, body.table.block.left, stands)
