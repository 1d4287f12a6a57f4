"""Finds which months a row, a heading, a title, a sheet or a file speaks of."""

from __future__ import annotations

import re
from calendar import monthrange
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Final

import polars as pl

from pipelines.reading.dates import MONTH_NAME, MONTHS, full_year
from pipelines.reading.words import chinese_number, is_blank, plain


@dataclass(frozen=True)
class Period:
    """A closed range of days."""

    start: date
    end: date


@dataclass(frozen=True)
class Part:
    """What a text says of a period, which may be half of it: `3月` has no year, `2024年` no months.

    `months` are the first and last month, `end_year` the year of the last if it is another one (2024年12月—2025年2月),
    `week` a week of the ISO calendar, `days` exact days. `weak` marks a year that only a full date gave, such as the day
    on which a file was exported: it helps out, and is never a period by itself.
    """

    year: int | None = None
    months: tuple[int, int] | None = None
    end_year: int | None = None
    week: int | None = None
    days: tuple[date, date] | None = None
    weak: bool = False


@dataclass(frozen=True)
class PeriodColumn:
    """Periods, as two series of Date, null where empty or `bad`."""

    start: pl.Series
    end: pl.Series
    bad: pl.Series


_N: Final = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})"
_Q: Final = r"[1-4一二三四]"
_TO: Final = r"\s?(?:-|~|〜|—|–|─|－|至|到|、|~)+\s?"
_YEAR: Final = r"(?:(?:19|20)[0-9]{2}|(?:一九|二[〇零○])[〇零○一二三四五六七八九]{2})"
_Y4: Final = r"(?:19|20)[0-9]{2}"
_M2: Final = r"(?:1[0-2]|0?[1-9])"
_ENDS: Final = r"(?![0-9])"

_YEARED: Final = rf"(?P<y>{_YEAR}|[0-9]{{2}}(?=年))(?:年度?|[-/._ ])?\s?"
_SHAPES: Final[tuple[tuple[str, str], ...]] = (
    # exact days
    (
        "days",
        rf"(?P<y>{_Y4})[-/.年](?P<m>{_M2})[-/.月](?P<d>[0-9]{{1,2}})日?{_TO}(?:(?P<y2>{_Y4})[-/.年])?(?P<m2>{_M2})[-/.月](?P<d2>[0-9]{{1,2}})日?{_ENDS}",
    ),
    (
        "days",
        rf"(?P<y>{_Y4})(?P<m>[01][0-9])(?P<d>[0-3][0-9]){_TO}(?P<y2>{_Y4})(?P<m2>[01][0-9])(?P<d2>[0-3][0-9]){_ENDS}",
    ),
    (
        "day",
        rf"(?P<y>{_Y4}|[0-9]{{2}}(?=年))(?:(?P<m>[01][0-9])(?P<d>[0-3][0-9])|[-/.年](?P<ma>{_M2})[-/.月](?P<da>[0-9]{{1,2}})日?){_ENDS}(?: [0-9]{{1,2}}:[0-9]{{2}}(?::[0-9]{{2}}(?:\.[0-9]+)?)?)?",
    ),
    ("none", rf"{_N}月{_N}[日号]|(?:近|前|共|每)?[0-9一二三四五六七八九十两]{{1,3}}个月"),
    # months across years and within one
    (
        "months",
        rf"(?P<y>{_Y4}|[0-9]{{2}}(?=年))(?:年|[-/.])(?P<m>{_N})月?份?{_TO}(?P<y2>{_Y4}|[0-9]{{2}}(?=年))(?:年|[-/.])(?P<m2>{_N})(?:月份?)?{_ENDS}",
    ),
    ("months", rf"(?P<y>{_Y4})(?P<m>0[1-9]|1[0-2]){_TO}(?:(?P<y2>{_Y4}))?(?P<m2>0[1-9]|1[0-2]){_ENDS}"),
    ("months", rf"(?:{_YEARED})(?P<m>{_N})(?:月份?)?{_TO}(?:同年)?(?P<m2>{_N})月份?"),
    ("months", rf"(?P<y>{_Y4})(?:年|[/.])(?P<m>{_M2}){_TO}(?P<m2>{_M2}){_ENDS}"),
    ("months", rf"(?<![0-9])(?P<m>{_N})(?:月份?)?{_TO}(?P<m2>{_N})月份?"),
    # quarters, halves, weeks
    ("quarters", rf"(?:{_YEARED})?第?(?P<q>{_Q})(?:季度?)?{_TO}第?(?P<q2>{_Q})季度"),
    ("quarters", rf"(?:{_YEARED})?前(?P<first>[二三两23])季度"),
    ("quarter", rf"(?:{_YEARED})?(?:第(?P<q>{_Q})季(?!节)度?|(?P<qa>{_Q})季度)"),
    ("quarter", rf"(?:{_YEARED})?(?<![a-zA-Z0-9])[-/]?q(?P<q>[1-4])(?![0-9a-zA-Z])"),
    ("quarter", rf"(?P<y>{_Y4})[-/ ]?q(?P<q>[1-4])(?![0-9a-zA-Z])"),
    ("quarter", rf"(?<![a-zA-Z0-9])q(?P<q>[1-4])[-/ .']?(?P<y>{_Y4})(?![0-9a-zA-Z])"),
    ("half", rf"(?:{_YEARED})?(?P<h>上|下)半年度?"),
    ("half", rf"(?P<y>{_Y4})[-/ ]?h(?P<h>[12])(?![0-9a-zA-Z])|(?<![a-zA-Z0-9])h(?P<ha>[12])(?![0-9a-zA-Z])"),
    ("week", rf"(?:{_YEARED})?第?(?P<w>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})周(?!岁|年)"),
    ("week", rf"(?P<y>{_Y4})[-/ ]?w(?P<w>[0-9]{{1,2}})(?![0-9])"),
    # one month
    ("month", rf"(?P<y>{_YEAR}|[0-9]{{2}}(?=年))年\s?(?P<m>{_N})月份?"),
    ("month", rf"(?P<y>{_Y4})[-/._ ](?P<m>{_M2})月?份?{_ENDS}(?![-/.][0-9])"),
    ("month", rf"(?<![0-9])(?P<y>{_Y4})(?P<m>0[1-9]|1[0-2]){_ENDS}"),
    ("english", rf"(?<![a-z])(?P<mn>{MONTH_NAME})\.?[-/ ,']*(?P<y>{_Y4}|[0-9]{{2}})(?![0-9a-z])"),
    ("english", rf"(?P<y>{_Y4})[-/ ](?P<mn>{MONTH_NAME})(?![a-z])"),
    # years
    ("years", rf"(?P<y>{_Y4})年?度?{_TO}(?P<y2>{_Y4})(?:年度?)?{_ENDS}"),
    ("whole", rf"(?:{_YEARED})?(?:全年|年度?全年)度?"),
    ("month", rf"(?<![0-9第])(?P<m>{_N})月份?(?![花季桂])"),
    ("year", rf"(?P<y>{_YEAR}|[0-9]{{2}}(?=年度))年度?(?!前|以前|建成|竣工|代)"),
    ("year", rf"(?<![0-9.\-/])(?P<y>20[0-9]{{2}}){_ENDS}(?![-/.][0-9]|\s?[号户元栋幢室件份人次条%㎡]|m2|平)"),
)
_WHOLE: Final = tuple((kind, re.compile(shape)) for kind, shape in _SHAPES)
_INSIDE: Final = tuple(
    (kind, re.compile(shape if shape.startswith("(?<!") else rf"(?<![0-9]){shape}")) for kind, shape in _SHAPES
)
_FILED: Final = re.compile(
    r"(?:填报|填表|制表|填写|填制|评审|评分|打分|上报|报送|打印|导出|编制|审核|提交|更新|录入|生成|报表|印发|发文)(?:日期|时间)\s?:?\s?$|(?<![计核查属告])日期\s?:\s?$"
)


def _number(digits: str) -> int:
    value = int(digits) if digits.isascii() else int(chinese_number(digits) or 0)
    return value


def _year_of(digits: str | None) -> int | None:
    if not digits:
        return None
    if not digits.isascii():
        return int(chinese_number(digits) or 0)
    return full_year(digits)


def _part(kind: str, match: re.Match[str]) -> Part | None:
    """What a match of a shape says; None if it is no period after all (a 13th month)."""
    groups = match.groupdict()
    year = _year_of(groups.get("y"))
    if kind == "none":
        return None
    if kind in {"day", "days"}:
        return _from_days(kind, groups, year)
    if kind == "english":
        month = MONTHS[groups["mn"][:3]]
        return Part(year, (month, month))
    if kind in {"month", "months"}:
        first = _number(groups["m"])
        last = _number(groups.get("m2") or groups["m"])
        end_year = _year_of(groups.get("y2"))
        if not (1 <= first <= 12 and 1 <= last <= 12):
            return None
        if year is not None and (end_year or year) * 12 + last < year * 12 + first:
            return None
        if end_year is None and last < first:
            return None
        return Part(year, (first, last), end_year if end_year != year else None)
    if kind in {"quarter", "quarters"}:
        first = _number(groups.get("q") or groups.get("qa") or "1")
        last = first
        if groups.get("q2"):
            last = _number(groups["q2"])
        elif groups.get("first"):
            last = 2 if groups["first"] in "二两2" else 3
        return Part(year, (3 * first - 2, 3 * last)) if first <= last else None
    if kind == "half":
        second = (groups.get("h") or groups.get("ha")) in {"下", "2"}
        return Part(year, (7, 12) if second else (1, 6))
    if kind == "week":
        week = _number(groups["w"])
        return Part(year, week=week) if 1 <= week <= 53 else None
    if kind == "whole":
        return Part(year, (1, 12))
    if kind == "years":
        end_year = _year_of(groups["y2"])
        return Part(year, None, end_year) if year and end_year and year < end_year else None
    return Part(year)


def _from_days(kind: str, groups: dict[str, str | None], year: int | None) -> Part | None:
    try:
        if kind == "day":
            date(year or 0, int(groups["m"] or groups["ma"] or 0), int(groups["d"] or groups["da"] or 0))
            return Part(year, weak=True)
        start = date(year or 0, int(groups["m"] or 0), int(groups["d"] or 0))
        end = date(_year_of(groups.get("y2")) or start.year, int(groups["m2"] or 0), int(groups["d2"] or 0))
    except ValueError:
        return None
    return Part(year, days=(start, end)) if start <= end else None


_CELL: Final = re.compile(r"([0-9]{4})-([0-9]{2})-([0-9]{2})[ T][0-9]{2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?")
_TRIMMED: Final = re.compile(r"^[\s(\['\"“]+|[\s)\]\"”。;,]+$")


def period_token(text: str) -> Part | None:
    """What the whole text says of a period, or None: `1月`, `一季度`, `2025年3月`, `Q2`, `全年`, a real date (its month).

    A bare small number is none, and neither is a day written as text (`2025年3月15日`).
    """
    word = _TRIMMED.sub("", plain(text)).lower()
    if not word or len(word) > 40:
        return None
    if match := _CELL.fullmatch(word):
        return _month_of_day(match[1], match[2], match[3])
    if re.fullmatch(MONTH_NAME, word):
        return Part(None, (MONTHS[word[:3]],) * 2)
    if re.fullmatch(r"[0-9]{2,4}", word) and not re.fullmatch(r"20[0-9]{2}", word):
        return None
    for kind, shape in _WHOLE:
        match = shape.fullmatch(word)
        if match is None:
            continue
        part = _part(kind, match)
        if kind == "day":
            return part if part is None or not re.search(r"[-/.年]0?1日?$|01$", word) else _first_of_month(match)
        return part
    return None


def _first_of_month(match: re.Match[str]) -> Part | None:
    groups = match.groupdict()
    return _month_of_day(
        str(_year_of(groups["y"])), groups["m"] or groups["ma"] or "", groups["d"] or groups["da"] or ""
    )


def _month_of_day(year: str, month: str, day: str) -> Part | None:
    try:
        found = date(int(year), int(month), int(day))
    except ValueError:
        return None
    return Part(found.year, (found.month, found.month))


def find_part(text: str) -> Part | None:
    """What a title, the name of a sheet or of a file says of a period, or None.

    The first period with months wins, else the first year, else the year of a full date (`weak`). The dates on which a
    paper was filled in (`填报日期：…`) say nothing, and neither do days (3月5日), durations (3个月), floors and numbers.
    """
    word = plain(text).lower()
    found: list[Part] = []
    taken: list[tuple[int, int]] = []
    for kind, shape in _INSIDE:
        for match in shape.finditer(word):
            if any(match.start() < end and start < match.end() for start, end in taken):
                continue
            taken.append(match.span())
            if _FILED.search(word[: match.start()]) and kind in {"day", "month"}:
                continue
            part = _part(kind, match)
            if part is not None:
                found.append(part)
    if not found:
        return None
    timed = next((p for p in found if p.months or p.week or p.days), None)
    year = next((p for p in found if p.year and not p.weak), None) or next((p for p in found if p.year), None)
    if timed is None:
        return year
    if timed.year is None and year is not None:
        return Part(year.year, timed.months, None, timed.week, timed.days, weak=year.weak)
    return timed


def read_period(text: str, year: int | None = None) -> Period | None:
    """The period that the whole text is, or None; `year` completes one that names none.

    A day means its month, as does an Excel serial of five digits; with a `year`, a bare 1 … 12 is a month.
    """
    word = _TRIMMED.sub("", plain(text)).lower()
    if re.fullmatch(r"[0-9]{5}(?:\.0+)?", word) and 36526 <= float(word) <= 60000:
        day = date(1899, 12, 30) + timedelta(days=int(float(word)))
        return _span(day.year, day.month, day.year, day.month)
    if year is not None and (match := re.fullmatch(rf"({_M2})(?:\.0)?(?:{_TO}({_M2}))?", word)):
        first, last = int(match[1]), int(match[2] or match[1])
        return _span(year, first, year, last) if first <= last else None
    part = period_token(word)
    if part is None:
        return None
    if part.weak:
        return _month_in(word)
    return join([part, Part(year)])


def _month_in(word: str) -> Period | None:
    """The month of a day written as text."""
    for kind, shape in _WHOLE:
        if kind == "day" and (match := shape.fullmatch(word)):
            part = _first_of_month(match)
            return join([part])
    return None


def read_periods(cells: pl.Series, year: int | None) -> PeriodColumn:
    """A column of periods; `year` completes those that name none."""
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
    """One period from parts, nearest first: the months of the nearest that has any, the year of the nearest that has one.

    A year that is only weak never makes a period without months. Where the year comes from a range over two years,
    it is the one in which the months fall in the range.
    """
    known = [part for part in parts if part is not None]
    timed = next((p for p in known if p.months or p.week or p.days), None)
    if timed is None:
        whole = next((p for p in known if p.year is not None and not p.weak), None)
        return None if whole is None or whole.year is None else _span(whole.year, 1, whole.end_year or whole.year, 12)
    if timed.days is not None:
        return Period(*timed.days)
    year = timed.year
    if year is None:
        source = next((p for p in known if p.year is not None and not p.weak), None) or next(
            (p for p in known if p.year), None
        )
        year = None if source is None else _year_within(source, timed)
    if year is None:
        return None
    if timed.week is not None:
        return _week(year, timed.week)
    return None if timed.months is None else _span(year, timed.months[0], timed.end_year or year, timed.months[1])


def _year_within(source: Part, timed: Part) -> int | None:
    if source.end_year is None or source.year is None:
        return source.year
    if timed.months is None:
        return None
    outer = _span(source.year, *(source.months or (1, 12))[:1], source.end_year, (source.months or (1, 12))[1])
    fitting = [
        year
        for year in range(source.year, source.end_year + 1)
        if (inner := _span(year, timed.months[0], year, timed.months[1]))
        and outer
        and outer.start <= inner.start
        and inner.end <= outer.end
    ]
    return fitting[0] if len(fitting) == 1 else None


def _span(year: int, month: int, end_year: int, end_month: int) -> Period | None:
    try:
        return Period(date(year, month, 1), date(end_year, end_month, monthrange(end_year, end_month)[1]))
    except ValueError:
        return None


def _week(year: int, week: int) -> Period | None:
    try:
        monday = datetime.fromisocalendar(year, week, 1).date()
    except ValueError:
        return None
    return Period(monday, monday + timedelta(days=6))
