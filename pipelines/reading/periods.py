"""Finds which months a row, a heading, a title, a sheet or a file speaks of."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import groupby
from typing import Final

import polars as pl

from pipelines.reading.dates import MONTH_NAME, MONTHS
from pipelines.reading.period_shapes import SHAPES, Part, part_of
from pipelines.reading.words import is_blank, plain

__all__ = ["Part", "Period", "PeriodColumn", "find_part", "join", "period_token", "read_period", "read_periods"]


@dataclass(frozen=True)
class Period:
    """A closed range of days."""

    start: date
    end: date


@dataclass(frozen=True)
class PeriodColumn:
    """Periods, as two series of Date, null where empty or `bad`."""

    start: pl.Series
    end: pl.Series
    bad: pl.Series


_WHOLE: Final = tuple((kind, re.compile(shape)) for kind, shape in SHAPES)
_INSIDE: Final = tuple((kind, re.compile(rf"(?<![0-9]){shape}")) for kind, shape in SHAPES)
_FILED: Final = re.compile(
    r"(?:填报|填表|制表|填写|填制|评审|评分|打分|上报|报送|打印|导出|编制|审核|提交"
    r"|更新|录入|生成|报表|印发|发文)(?:日期|时间)\s?:?\s?$"
    r"|(?<![计核查属告])日期\s?:\s?$"
)
_TRIMMED: Final = re.compile(r"^[\s(\['\"“]+|[\s)\]\"”。;,]+$")
_CELL: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ t][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?")
_BARE_MONTHS: Final = re.compile(r"(1[0-2]|0?[1-9])(?:\.0+)?(?:\s?[-~—–至到]\s?(1[0-2]|0?[1-9]))?")
_SERIAL: Final = re.compile(r"([0-9]{5})(?:\.0+)?")
_FIRST_SERIAL, _LAST_SERIAL = 36526, 60000


def period_token(text: str) -> Part | None:
    """What the whole text says of a period, or None: `1月`, `一季度`, `2025年3月`, `Q2`, `全年`, a real date.

    A bare small number is none. A day written as text (`2025年3月15日`) gives its year, weakly; the first of a month
    gives that month.
    """
    word = _trimmed(text)
    if not word or len(word) > 40 or re.fullmatch(r"[01]?[0-9]{1,3}", word):
        return None
    if match := _CELL.fullmatch(word):
        return _month_of(date_or_none(*match.groups()))
    if re.fullmatch(MONTH_NAME, word):
        return Part(None, (MONTHS[word[:3]], MONTHS[word[:3]]))
    for kind, shape in _WHOLE:
        if match := shape.fullmatch(word):
            part = part_of(kind, match)
            day = _day_of(match) if kind == "day" else None
            return _month_of(day) if day is not None and day.day == 1 else part
    return None


def find_part(text: str) -> Part | None:
    """What a title, the name of a sheet or of a file says of a period, or None.

    The first period with months wins, else the first year, else the year of a full date (`weak`). Dates on which a
    paper was filled in (`填报日期：…`) say nothing, nor do days (3月5日), durations (3个月), buildings and ordinals.
    """
    word = _spaceless(text)
    found: list[Part] = []
    taken: list[tuple[int, int]] = []
    for kind, shape in _INSIDE:
        for match in shape.finditer(word):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            filed = kind in {"day", "month"} and _FILED.search(word[: match.start()])
            if not filed and (part := part_of(kind, match)) is not None:
                found.append(part)
    timed = next((p for p in found if p.months or p.week or p.days), None)
    year = _first_year(found)
    if timed is not None and timed.year is None and year is not None:
        return Part(year.year, timed.months, None, timed.week, timed.days, weak=year.weak)
    return timed or year


def read_period(text: str, year: int | None = None) -> Period | None:
    """The period that the whole text is, or None; `year` completes one that names none.

    A day means its month, as does an Excel serial of five digits; with a `year`, a bare 1 … 12 is a month.
    """
    word = _trimmed(text)
    if (match := _SERIAL.fullmatch(word)) and _FIRST_SERIAL <= int(match[1]) <= _LAST_SERIAL:
        return join([_month_of(date(1899, 12, 30) + timedelta(days=int(match[1])))])
    if year is not None and (match := _BARE_MONTHS.fullmatch(word)):
        first, last = int(match[1]), int(match[2] or match[1])
        return _months(year, first, year, last) if first <= last else None
    part = period_token(word)
    if part is not None and part.weak:
        days = (_day_of(match) for kind, shape in _WHOLE if kind == "day" and (match := shape.fullmatch(word)))
        return join([_month_of(next(days, None))])
    return None if part is None else join([part, Part(year)])


def read_periods(cells: pl.Series, year: int | None) -> PeriodColumn:
    """A column of periods; `year` completes those that name none.

    A cell `2025.1` beside `2025.9` or `2025.11` is October, whose nought a number cell has lost.
    """
    cells = _with_octobers(cells)
    texts = cells.drop_nulls().unique().to_list()
    periods = [None if is_blank(text) else read_period(text, year) for text in texts]
    looked_up = pl.DataFrame(
        {
            "c": texts,
            "start": [p and p.start for p in periods],
            "end": [p and p.end for p in periods],
            "bad": [p is None and not is_blank(text) for p, text in zip(periods, texts, strict=True)],
        },
        schema={"c": pl.String, "start": pl.Date, "end": pl.Date, "bad": pl.Boolean},
    )
    both = cells.to_frame("c").join(looked_up, on="c", how="left", maintain_order="left")
    return PeriodColumn(both["start"], both["end"], both["bad"].fill_null(value=False))


def join(parts: Sequence[Part | None]) -> Period | None:
    """One period from parts, nearest first: months of the nearest that has any, year of the nearest that has one.

    A year that is only weak makes no period without months. Where the year comes from a range over two years, it is
    the one in which the months fall in the range.
    """
    known = [part for part in parts if part is not None]
    timed = next((p for p in known if p.months or p.week or p.days), None)
    if timed is None:
        whole = _first_year(known)
        if whole is None or whole.year is None or whole.weak:
            return None
        return _months(whole.year, 1, whole.end_year or whole.year, 12)
    if timed.days is not None:
        return Period(*timed.days)
    # The year that a part weakly gives itself yields to a sure one further off.
    source = timed if timed.year is not None and not timed.weak else _first_year(known)
    year = None if source is None else timed.year if source is timed else _year_within(source, timed)
    if year is None:
        return None
    if timed.week is not None:
        return _week(year, timed.week)
    return None if timed.months is None else _months(year, timed.months[0], timed.end_year or year, timed.months[1])


def _first_year(parts: Sequence[Part]) -> Part | None:
    """The first part with a sure year, else the first with any."""
    with_year = [p for p in parts if p.year is not None]
    return next((p for p in with_year if not p.weak), with_year[0] if with_year else None)


def _year_within(source: Part, timed: Part) -> int | None:
    """The one year in which the months of `timed` fall in the period of `source`."""
    if source.end_year is None or source.year is None:
        return source.year
    first, last = source.months or (1, 12)
    outer = _months(source.year, first, source.end_year, last)
    fitting = [
        year
        for year in range(source.year, source.end_year + 1)
        if timed.months is not None
        and (inner := _months(year, timed.months[0], year, timed.months[1])) is not None
        and outer is not None
        and outer.start <= inner.start
        and inner.end <= outer.end
    ]
    return fitting[0] if len(fitting) == 1 else None


def _trimmed(text: str) -> str:
    return _TRIMMED.sub("", _spaceless(text))


def _spaceless(text: str) -> str:
    """Lower case, with only those spaces that stand between two Latin letters or digits."""
    return re.sub(r" (?![0-9a-z])|(?<![0-9a-z]) ", "", plain(text).lower())


def date_or_none(year: str, month: str, day: str) -> date | None:
    """The day that three strings of digits are, or None."""
    try:
        return date(int(year), int(month), int(day))
    except ValueError:
        return None


def _day_of(match: re.Match[str]) -> date | None:
    year = match["y"] if len(match["y"]) == 4 else f"20{match['y']}"
    return date_or_none(year, match["m"], match["d"])


def _month_of(day: date | None) -> Part | None:
    return None if day is None else Part(day.year, (day.month, day.month))


def _months(year: int, first: int, end_year: int, last: int) -> Period | None:
    if not (1 <= year <= end_year <= 9999):
        return None
    return Period(date(year, first, 1), date(end_year, last, monthrange(end_year, last)[1]))


def _week(year: int, week: int) -> Period | None:
    try:
        monday = date.fromisocalendar(year, week, 1)
        return Period(monday, monday + timedelta(days=6))
    except (ValueError, OverflowError):
        return None


def _with_octobers(cells: pl.Series) -> pl.Series:
    """The cells with each `2025.1` that stands for October as `2025.10`.

    It does where the cell before or after is `2025.9` or `2025.11` and neither is `2025.2`.
    """
    short = cells.filter(cells.str.contains(r"^20[0-9]{2}\.1$"))
    if short.is_empty() or not cells.str.contains(r"^20[0-9]{2}\.(?:9|11)$").any():
        return cells
    runs = [(text, len(list(group))) for text, group in groupby(cells.to_list())]
    written: list[str | None] = []
    for i, (text, times) in enumerate(runs):
        beside = {other for other, _ in runs[max(0, i - 1) : i + 2]} if text in set(short) else set[str | None]()
        year = str(text)[:5]
        october = beside & {f"{year}9", f"{year}11"} and f"{year}2" not in beside
        written += [f"{text}0" if october else text] * times
    return pl.Series(cells.name, written, dtype=pl.String)
