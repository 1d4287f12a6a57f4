"""Reads longitudes and latitudes."""

from __future__ import annotations

import re
from typing import Final

import polars as pl

from pipelines.reading.parsing import PLAIN, Column, read_column
from pipelines.reading.words import compact

_DMS: Final = re.compile(
    r"(?P<before>[ewns]|[东西]经|[南北]纬|经度|纬度)?:?(?P<sign>[-−])?(?P<d>[0-9]{1,3}(?:\.[0-9]+)?)(?:°|度|d)?"
    r"(?:(?P<m>[0-9]{1,2}(?:\.[0-9]+)?)(?:['′’‘`]|分|m))?(?:(?P<s>[0-9]{1,2}(?:\.[0-9]+)?)(?:[\"”“]|['′’]{2}|秒|s(?![a-z]))?)?(?P<after>[ewns]|[东西]经|[南北]纬)?"
)


def read_degrees(cells: pl.Series) -> Column:
    """Longitudes or latitudes in decimal degrees, as Float64: `117.22°E`, `117°13'14.5"`, `东经117度13分`."""
    return read_column(cells, PLAIN, _degree, pl.Float64())


def _degree(text: str) -> float | None:
    word = compact(text.replace("º", "°").replace("˚", "°")).replace("''", '"').replace("′′", '"')
    if re.fullmatch(r"-?[0-9]{1,15}(?:\.[0-9]+)?", word):
        return float(word)
    match = _DMS.fullmatch(word)
    if match is None:
        return None
    if (match["m"] or match["s"]) and ("°" not in word and "度" not in word and "d" not in word):
        return None
    minutes, seconds = float(match["m"] or 0), float(match["s"] or 0)
    if minutes >= 60 or seconds >= 60 or (match["s"] and not match["m"]):
        return None
    degrees = float(match["d"]) + minutes / 60 + seconds / 3600
    side = f"{match['before'] or ''}{match['after'] or ''}"
    return -degrees if match["sign"] or any(c in side for c in "ws西南") else degrees
