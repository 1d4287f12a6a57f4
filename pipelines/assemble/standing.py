"""Keeps, when records are made one, which cell of which sheet and file told each of their fields."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

import polars as pl

from pipelines.assemble.stacking import Stack
from pipelines.source_columns import word_from, words_of

CELLS: Final = "source_columns"
_STANDS_FOR: Final[Mapping[str, tuple[str, ...]]] = {
    "satisfied_total": ("satisfied_total", "very_satisfied", "satisfied", "reported_rate", "answer"),
    "responses": ("responses", "answer"),
    "score": ("score", "deduction"),
    "lon": ("lon", "lonlat"),
    "lat": ("lat", "lonlat"),
    "fee_yuan_per_household_month": ("fee_yuan_per_household_month", "fee_yuan_per_m2_month"),
    "contract_end": ("contract_end", "contract_span"),
    "takeover_date": ("takeover_date", "contract_span"),
}
"""Field → the words that may stand for it."""


def with_stands(stacked: Stack, frame: pl.DataFrame) -> pl.DataFrame:
    """The records with `source_columns`: their own, else what their layout says."""
    texts = pl.Series([one.stands for one in stacked.layouts], dtype=pl.String)
    if frame.is_empty() or texts.is_empty():
        return frame
    return frame.with_columns(pl.coalesce("source_columns", pl.lit(texts).gather(pl.col("_layout"))))


def completed(record: Mapping[str, object], others: Mapping[str, Mapping[str, object]]) -> str:
    """The `source_columns` of a record of which some fields were told by others (field → the record that told it).

    The records have `source_file`, `source_sheet`, `source_row` and `source_columns`.
    """
    words = words_of(str(record["source_columns"] or ""))
    for field, other in others.items():
        told = words_of(str(other["source_columns"] or ""))
        same_file = other["source_file"] == record["source_file"]
        same_sheet = same_file and other["source_sheet"] == record["source_sheet"]
        for name in _read_from(field, told):
            words[name] = word_from(
                told[name],
                int(str(other["source_row"])),
                "" if same_sheet else str(other["source_sheet"]),
                "" if same_file else str(other["source_file"]),
            )
    return " ".join(words.values())


def _read_from(field: str, told: Mapping[str, str]) -> list[str]:
    names = [name for name in _STANDS_FOR.get(field, (field,)) if name in told]
    return names[:1]
