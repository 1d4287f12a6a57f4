"""Reads years of construction, from 2009年建成 to 80年代."""

from __future__ import annotations

import re
from datetime import datetime
from typing import Final

import polars as pl

from pipelines.reading.parsing import CELL, Column, read_column
from pipelines.reading.quantities import serial
from pipelines.reading.words import chinese_number, compact

_YEAR: Final = re.compile(r"(?<![0-9])([12][0-9]{3})(?![0-9])")
_DECADE: Final = re.compile(r"(?:20世纪|上世纪|19)?([5-9]0|[五六七八九]十)年代.{0,4}")


def read_years(cells: pl.Series) -> Column:
    """Years, as Int64: `2009年建成`, `1986`, `98年` (1998), `80年代` (1980), `2005-2008` (the first), `2009.5`."""
    fast = (
        pl.when(CELL.str.contains(r"^(1[89]|20)[0-9]{2}年?$")).then(CELL.str.slice(0, 4)).cast(pl.Int64, strict=False)
    )
    return read_column(cells, fast, _year, pl.Int64())


def _year(text: str) -> int | None:
    shown = serial(text)
    if shown is not None:
        # A year shown as a date falls in 1905; a real date gives its year.
        return int(shown) if 1900 <= shown <= 2100 else int(text.strip()[:4])
    word = compact(text)
    if "?" in word:
        return None
    word = re.sub(
        r"[零〇○一二三四五六七八九]{4}(?=年)", lambda m: "".join(f"{chinese_number(c) or 0:.0f}" for c in m[0]), word
    )
    if match := _DECADE.fullmatch(word):
        tens = match[1] if match[1].isdigit() else f"{chinese_number(match[1]) or 0:.0f}"
        return 1900 + int(tens)
    if match := re.fullmatch(r"((?:19|20)[0-9]0)(?:s|年代.{0,4})", word):
        return int(match[1])
    if match := _YEAR.search(word):
        return int(match[1])
    if match := re.fullmatch(r"((?:19|20)[0-9]{2})(?:0[1-9]|1[0-2])(?:[0-3][0-9])?", word):
        return int(match[1])
    if match := re.match(r"([0-9]{2})年", word):
        return int(match[1]) + (1900 if int(match[1]) >= 50 else 2000)
    if re.fullmatch(r"[2-5][0-9]{4}(?:\.0)?", word):
        return datetime.fromordinal(datetime(1899, 12, 30).toordinal() + int(float(word))).year
    return None
