"""Finds values that can't be: below zero, beyond the possible, or later than the submission that tells of them."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import polars as pl

from pipelines.assemble.faults import Fault, shown
from pipelines.assemble.stacking import Stack, known_at
from pipelines.kinds import KINDS, Field

LONGITUDE: Final = (73.0, 136.0)
LATITUDE: Final = (16.0, 54.0)
FIRST_YEAR: Final = 1900


def out_of_range(stacked: Stack) -> list[Fault]:
    """The `out_of_range` faults of all records, each at the cell of the value."""
    limits = pl.Series([known_at(one) for one in stacked.submissions], dtype=pl.Datetime("us"))
    faults: list[Fault] = []
    for kind, frame in stacked.frames.items():
        for one in KINDS[kind].fields:
            rule = _rule(one, frame, limits)
            if rule is not None:
                bad = frame.filter(rule).select("_rec", "_file", one.name)
                faults += [_fault(kind, one, *row, limits=limits) for row in bad.iter_rows()]
    return faults


def _rule(one: Field, frame: pl.DataFrame, limits: pl.Series) -> pl.Expr | None:
    """What must not be true of a value of the field; None where nothing can be wrong."""
    value = pl.col(one.name)
    limit = pl.lit(limits).gather(pl.col("_file")) if frame.height else pl.lit(None, dtype=pl.Datetime("us"))
    match one.type:
        case "count" | "tally":
            return value < 0
        case "money" | "area" | "fee":
            return (value < 0) | value.is_infinite() | value.is_nan()
        case "rate":
            return (value < 0) | (value > 1 + 1e-9) | value.is_nan()
        case "year":
            return (value < FIRST_YEAR) | (value > limit.dt.year())
        case "longitude":
            return ~value.is_between(*LONGITUDE)
        case "latitude":
            return ~value.is_between(*LATITUDE)
        case "date" | "time":
            early = value.dt.year() < FIRST_YEAR
            return early | (value.cast(pl.Datetime("us")) > limit) if one.happened else early
        case _:
            return None


def _fault(kind: str, one: Field, record: int, file: int, value: object, *, limits: pl.Series) -> Fault:
    found = (
        f"{value:.4%}".rstrip("0%").rstrip(".") + "%"
        if one.type == "rate" and isinstance(value, float)
        else shown(value)
    )
    unit_zh, unit_en = _UNITS.get(one.type, ("", ""))
    zh, en = _words(one, value, limits[file])
    return Fault(
        kind,
        record,
        "out_of_range",
        f"{one.zh}“{found}{unit_zh}”{zh}。请核对后改为正确的数值，没有的请留空。",
        f"{one.en} “{found}{unit_en}” {en}. Please check and type the right value, or leave it empty.",
        _cells(one.name),
        found,
    )


def _cells(name: str) -> tuple[str, ...]:
    if name in ("satisfied_total", "reported_rate"):
        return (name, "reported_rate", "satisfied_total")
    return ("period_start", "period_end") if name == "period_start" else (name,)


_UNITS: Final = {"money": ("元", " yuan"), "area": ("平方米", " m²"), "fee": ("元/㎡·月", " yuan/m² a month")}


def _words(one: Field, value: object, limit: datetime) -> tuple[str, str]:
    match one.type:
        case "rate":
            return "不在0%到100%之间", "is not between 0 % and 100 %"
        case "longitude":
            return "不在中国境内（东经73到136度）", "is outside China (73 to 136 degrees east)"
        case "latitude":
            return "不在中国境内（北纬16到54度）", "is outside China (16 to 54 degrees north)"
        case "year" if isinstance(value, int) and value >= FIRST_YEAR:
            return f"晚于报送年份{limit.year}年", f"is later than the year of the submission, {limit.year}"
        case "date" | "time" if isinstance(value, date) and value.year >= FIRST_YEAR:
            return f"晚于报送日期{limit:%Y-%m-%d}", f"is later than the submission of {limit:%Y-%m-%d}"
        case "year" | "date" | "time":
            return "早于1900年", "is before 1900"
        case _:
            return "不能为负数", "can't be negative"
