"""What a table of each kind says indirectly: coordinates from pairs, the type of an event, how a survey was made."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import Final, cast

import polars as pl

from pipelines.places.datums import Datum, to_wgs84
from pipelines.reading import wording
from pipelines.reading.answers import question_text
from pipelines.reading.body import Body, Problem
from pipelines.reading.headings import category_of, event_type_of
from pipelines.reading.periods import read_period
from pipelines.reading.roles import Role
from pipelines.reading.words import plain

Completed = tuple[pl.DataFrame, list[Problem]]

OVERALL: Final = "总体"
OTHER: Final = {"costs": "其他", "income": "其他收入"}

_COMPANY: Final = r"[由将为]?([㐀-鿿（）()·A-Za-z]{2,24}?(?:物业|管理|服务)[㐀-鿿（）()]{0,12}?公司)"
_PAIR: Final = r"(-?\d+(?:\.\d+)?)\D+?(-?\d+(?:\.\d+)?)\D*$"
_PER_HOUSEHOLD: Final = "fee_yuan_per_household_month"


def _estates(body: Body, frame: pl.DataFrame, roles: Sequence[Role]) -> Completed:
    by_field = {role.field: role for role in roles}
    problems: list[Problem] = []
    if "community" not in by_field:
        frame = frame.with_columns(body.communities().alias("community"))
    if "lonlat" in by_field:
        pair = frame["lonlat"].str.extract_groups(_PAIR)
        first = pair.struct.field("1").cast(pl.Float64, strict=False)
        second = pair.struct.field("2").cast(pl.Float64, strict=False)
        swapped = (first.abs() < second.abs()).fill_null(value=False)
        frame = frame.with_columns(
            second.zip_with(swapped, first).alias("lon"), first.zip_with(swapped, second).alias("lat")
        )
        problems.append(Problem(frame["lonlat"].is_not_null() & first.is_null(), by_field["lonlat"], "lon"))
    datum = next((role.datum for role in roles if role.field in ("lon", "lat", "lonlat") and role.datum), None)
    if datum and {"lon", "lat"} <= set(frame.columns):
        east, north = (frame[name].cast(pl.Float64).to_numpy() for name in ("lon", "lat"))
        lon, lat = to_wgs84(east, north, cast("Datum", datum))
        frame = frame.with_columns(pl.Series("lon", lon).fill_nan(None), pl.Series("lat", lat).fill_nan(None))
    if "contract_span" in by_field:
        frame = frame.with_columns(*_span(frame["contract_span"], frame.columns))
    fee = by_field.get("fee_yuan_per_m2_month")
    if fee is not None:
        ranges = body.columns[fee.key].extra.get("ranges")
        for place in ranges.arg_true().to_list() if ranges is not None else []:
            text = body.raw(place, fee)
            body.tell("unmapped_column", body.index[place] + 1, fee, fee.field, text, wording.fee_range(text))
        frame = frame.rename({f"{fee.field}.{_PER_HOUSEHOLD}": _PER_HOUSEHOLD}, strict=False)
    return frame, problems


def _span(spans: pl.Series, present: Sequence[str]) -> list[pl.Series]:
    """First and last day of texts such as `2022.1.1-2025.12.31` or `2022年1月1日至2025年12月31日`."""
    found = [read_period(text) if text else None for text in spans]
    columns = []
    if "takeover_date" not in present:
        columns.append(pl.Series("takeover_date", [p.start if p else None for p in found], dtype=pl.Date))
    if "contract_end" not in present:
        columns.append(pl.Series("contract_end", [p.end if p else None for p in found], dtype=pl.Date))
    return columns


def _surveys(body: Body, frame: pl.DataFrame, roles: Sequence[Role]) -> Completed:
    del roles
    if "question" in frame.columns:
        texts = {text: question_text(text) for text in frame["question"].drop_nulls().unique().to_list()}
        frame = frame.with_columns(pl.col("question").replace(texts).fill_null(OVERALL))
    else:
        frame = frame.with_columns(pl.lit(OVERALL).alias("question"))
    return survey_manner(body, frame), []


def survey_manner(body: Body, frame: pl.DataFrame) -> pl.DataFrame:
    """How a survey was made and by whom, from the titles where no column says so."""
    given = {"mode": body.context.mode(), "conducted_by": body.context.conducted_by()}
    missing = [pl.lit(word, dtype=pl.String).alias(name) for name, word in given.items() if name not in frame.columns]
    return frame.with_columns(*missing)


def _inspections(body: Body, frame: pl.DataFrame, roles: Sequence[Role]) -> Completed:
    del body, roles
    names = set(frame.columns)
    if "estate" in names:
        frame = frame.with_columns(pl.col("estate").alias("subject"), pl.lit("estate").alias("subject_kind"))
    elif "subject" in names:
        looks = pl.col("subject").str.contains(r"公司|企业|物业|集团|服务中心")
        frame = frame.with_columns(pl.when(looks).then(pl.lit("company")).otherwise(None).alias("subject_kind"))
    if "deduction" in names and "score" not in names and "max_score" in names:
        lost = pl.col("deduction").abs().fill_null(0)
        frame = frame.with_columns((pl.col("max_score") - lost).alias("score"))
    if "criterion" not in names:
        frame = frame.with_columns(pl.lit("总分").alias("criterion"))
    return frame, []


def _events(body: Body, frame: pl.DataFrame, roles: Sequence[Role]) -> Completed:
    del body, roles
    names = set(frame.columns)
    words = frame["event_type"] if "event_type" in names else frame["note"]
    types = {text: event_type_of(text) for text in words.drop_nulls().unique().to_list()}
    frame = frame.with_columns(words.alias("type_words"), words.replace(types).alias("event_type"))
    note = pl.coalesce("note", "type_words") if "note" in names else pl.col("type_words")
    frame = frame.with_columns(note.alias("note"))
    moved = pl.col("event_type").is_in(["company_in", "company_out"])
    if "company" not in names:
        frame = frame.with_columns(pl.when(moved).then(pl.col("note").str.extract(_COMPANY, 1)).alias("company"))
    if "value" not in names:
        amount = pl.col("note").str.extract_all(r"\d+(?:\.\d+)?\s*元").list.last().str.extract(r"(\d+(?:\.\d+)?)", 1)
        changed = pl.col("event_type") == "fee_changed"
        frame = frame.with_columns(pl.when(changed).then(amount.cast(pl.Float64, strict=False)).alias("value"))
    return frame, []


def _money(body: Body, frame: pl.DataFrame, roles: Sequence[Role]) -> Completed:
    """Maps the words of a category column to ours. What is none of ours keeps its words in `item`, and so do several
    words of one category, so that they stay apart."""
    other = OTHER[body.kind]
    named = any(role.field == "category" for role in roles)
    if not named and "category" in frame.columns:
        return frame, []
    if not named and "item" not in frame.columns:
        return frame.with_columns(pl.lit(other).alias("category")), []
    column = "category" if named else "item"
    texts = frame[column].drop_nulls().unique().to_list()
    known = {text: category_of(text, body.kind) for text in texts}
    mapped = pl.col(column).replace_strict(
        {t: c or other for t, c in known.items()}, default=None, return_dtype=pl.String
    )
    if not named:
        return frame.with_columns(mapped.fill_null(other).alias("category")), []
    spellings: dict[str, set[str]] = {}
    for text, category in known.items():
        spellings.setdefault(category or other, set()).add(plain(text))
    kept = {t: plain(t) for t, c in known.items() if c is None or (len(spellings[c]) > 1 and plain(t) != c)}
    if kept:
        words = pl.col("category").replace_strict(kept, default=None, return_dtype=pl.String)
        item = pl.coalesce("item", words) if "item" in frame.columns else words
        frame = frame.with_columns(item.alias("item"))
    return frame.with_columns(mapped.alias("category")), []


COMPLETE: Final[dict[str, Callable[[Body, pl.DataFrame, Sequence[Role]], Completed]]] = {
    "estates": _estates,
    "surveys": _surveys,
    "inspections": _inspections,
    "events": _events,
    "costs": _money,
    "income": _money,
}
"""Kind → how its frame is completed."""


def lists_households(body: Body) -> bool:
    """Whether a table of fees lists households: a column of rooms or names was dropped from it."""
    if body.kind != "fees":
        return False
    profile = body.table.profile
    if profile and profile.add_up:
        return True
    return any(
        role.field == "personal" and re.search(r"房|室|门牌|户号|户主|业主|姓名|住户", role.heading)
        for role in body.table.roles
    )
