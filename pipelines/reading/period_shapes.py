"""The shapes in which people write a period, or half of one, and what each of them says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Final

from pipelines.reading.dates import MONTH_NAME, MONTHS, full_year
from pipelines.reading.words import chinese_number


@dataclass(frozen=True)
class Part:
    """What a text says of a period, which may be half of it: `3月` has no year, `2024年` no months.

    `months` are the first and last month, `end_year` the year of the last if it is another one (2024年12月—2025年2月),
    `week` a week of the ISO calendar, `days` exact days. `weak` marks a year that only a full date gave, such as the
    day on which a file was exported: it helps out, and is never a period by itself.
    """

    year: int | None = None
    months: tuple[int, int] | None = None
    end_year: int | None = None
    week: int | None = None
    days: tuple[date, date] | None = None
    weak: bool = False


_TO: Final = r"\s?(?:-|~|〜|—|–|─|至|到|、)+\s?"
_Y4: Final = r"(?:19|20)[0-9]{2}"
_Y2: Final = r"[0-9]{2}(?=年)"
_YHAN: Final = r"(?:一九|二[〇零○])[〇零○一二三四五六七八九]{2}"
_N: Final = r"(?:[0-9]{1,2}|[一二三四五六七八九十]{1,2})"
_M: Final = r"(?:1[0-2]|0?[1-9])"
_Q: Final = r"[1-4一二三四]"
_END: Final = r"(?![0-9])"
_WORD: Final = r"(?![0-9a-z])"
_START: Final = r"(?<![0-9a-z])"
_SEP: Final = r"[-/.]"
_YEARED: Final = rf"(?:(?P<y>{_Y4}|{_YHAN}|{_Y2})(?:年度?|[-/._ ])?\s?)"
_CLOCK: Final = r"(?:[ t][0-9]{1,2}:[0-9]{2}(?::[0-9]{2}(?:\.[0-9]+)?)?)?"

_FROM_DAY: Final = rf"(?P<y>{_Y4})[-/.年](?P<m>{_M})[-/.月](?P<d>[0-9]{{1,2}})日?"
_TO_DAY: Final = rf"(?:(?P<y2>{_Y4})[-/.年])?(?P<m2>{_M})[-/.月](?P<d2>[0-9]{{1,2}})日?{_END}"

SHAPES: Final[tuple[tuple[str, str], ...]] = (
    # Exact days, and what only looks like months.
    ("days", _FROM_DAY + _TO + _TO_DAY),
    (
        "days",
        rf"(?P<y>{_Y4})(?P<m>[01][0-9])(?P<d>[0-3][0-9]){_TO}(?P<y2>{_Y4})(?P<m2>[01][0-9])(?P<d2>[0-3][0-9]){_END}",
    ),
    ("day", rf"(?P<y>{_Y4}|{_Y2})[-/.年](?P<m>{_M})[-/.月](?P<d>[0-9]{{1,2}})日?{_END}{_CLOCK}"),
    ("day", rf"(?P<y>{_Y4})(?P<m>[01][0-9])(?P<d>[0-3][0-9]){_END}"),
    ("none", rf"{_N}月{_N}[日号]"),
    ("none", r"(?:近|前|共|每)?[0-9一二三四五六七八九十两]{1,3}个月"),
    # Several months.
    (
        "months",
        rf"(?P<y>{_Y4}|{_Y2})[-/.年](?P<m>{_N})(?:月份?)?{_TO}(?P<y2>{_Y4}|{_Y2})[-/.年](?P<m2>{_N})(?:月份?)?{_END}",
    ),
    ("months", rf"(?P<y>{_Y4})(?P<m>0[1-9]|1[0-2]){_TO}(?:(?P<y2>{_Y4}))?(?P<m2>0[1-9]|1[0-2]){_END}"),
    ("months", rf"{_YEARED}(?P<m>{_N})(?:月份?)?{_TO}(?:同年)?(?P<m2>{_N})月份?"),
    ("months", rf"(?P<y>{_Y4})[年/.](?P<m>{_M}){_TO}(?P<m2>{_M}){_END}(?!\s?[号栋幢楼单])"),
    ("months", rf"(?<![0-9])(?P<m>{_N})(?:月份?)?{_TO}(?P<m2>{_N})月份?"),
    # Quarters, halves, weeks.
    ("quarters", rf"{_YEARED}?第?(?P<q>{_Q})(?:季度?)?{_TO}第?(?P<q2>{_Q})季度"),
    ("quarters", rf"{_YEARED}?前(?P<first>[二三两23])(?:个)?季度"),
    ("quarter", rf"{_YEARED}?(?:第(?P<q>{_Q})季(?!节)度?|(?P<q2>{_Q})季度)"),
    ("quarter", rf"(?P<y>{_Y4})年?[-/_ ]?q(?P<q>[1-4]){_WORD}"),
    ("quarter", rf"{_START}q(?P<q>[1-4])(?:[-/ .'_]*(?P<y>{_Y4}))?{_WORD}"),
    ("half", rf"{_YEARED}?(?P<h>上|下)半年度?"),
    ("half", rf"(?P<y>{_Y4})年?[-/_ ]?h(?P<h>[12]){_WORD}"),
    ("half", rf"{_START}h(?P<h>[12]){_WORD}"),
    ("week", rf"{_YEARED}?(?<!月)第(?P<w>[0-9]{{1,2}}|[一二三四五六七八九十]{{1,3}})周(?!岁|年)"),
    ("week", rf"(?P<y>{_Y4})年?[-/_ ]?w(?P<w>[0-9]{{1,2}}){_WORD}"),
    # One month.
    ("month", rf"(?P<y>{_Y4}|{_YHAN}|{_Y2})年\s?(?P<m>{_N})月份?"),
    ("month", rf"(?P<y>{_Y4})[-/._ ](?P<m>{_M})(?:月份?)?{_END}(?!{_SEP}[0-9]|\s?[号栋幢楼单])"),
    ("month", rf"(?P<y>{_Y4})(?P<m>0[1-9]|1[0-2]){_END}"),
    ("english", rf"(?<![a-z])(?P<name>{MONTH_NAME})\.?[-/ ,']*(?P<y>{_Y4}|[0-9]{{2}}){_WORD}"),
    ("english", rf"(?P<y>{_Y4})[-/ ](?P<name>{MONTH_NAME})(?![a-z])"),
    # Years.
    ("years", rf"(?P<y>{_Y4})年?度?{_TO}(?P<y2>{_Y4})(?:年度?)?{_END}"),
    ("whole", rf"{_YEARED}?全年度?"),
    # 五月花 and 八月桂 are names.
    ("month", rf"(?<![0-9第])(?P<m>{_N})月份?(?![花季桂湾])"),
    ("year", rf"(?P<y>{_Y4}|{_YHAN}|[0-9]{{2}}(?=年度))年度?(?!前|以前|之前|建|竣工|代|交付|入住)"),
    ("year", rf"(?<![0-9.\-/])(?P<y>20[0-9]{{2}}){_END}(?!{_SEP}[0-9]|\s?[号户元栋幢室件份人次条%㎡]|m2|平)"),
)
"""Kinds of period and how they are written, after NFKC and in lower case; the more special ones first."""


def part_of(kind: str, match: re.Match[str]) -> Part | None:
    """What a match of a shape says; None if it is no period after all (a 13th month, a duration)."""
    groups = match.groupdict()
    year, end_year = _year(groups.get("y")), _year(groups.get("y2"))
    if kind in {"day", "days"}:
        return _days(groups, year, end_year)
    if kind in {"month", "months"}:
        return _months(year, _number(groups["m"]), end_year, _number(groups.get("m2") or groups["m"]))
    if kind in {"quarter", "quarters"}:
        if groups.get("first"):
            return Part(year, (1, 6 if groups["first"] in "二两2" else 9))
        first, last = _number(groups.get("q") or groups.get("q2")), _number(groups.get("q2") or groups.get("q"))
        return Part(year, (3 * first - 2, 3 * last)) if first <= last else None
    if kind == "half":
        return Part(year, (7, 12) if groups["h"] in "下2" else (1, 6))
    if kind == "week":
        week = _number(groups["w"])
        return Part(year, week=week) if 1 <= week <= 53 else None
    if kind == "english":
        month = MONTHS[groups["name"][:3]]
        return Part(year, (month, month))
    if kind == "whole":
        return Part(year, (1, 12))
    if kind == "years":
        return Part(year, None, end_year) if year and end_year and year < end_year else None
    return Part(year) if kind == "year" else None


def _months(year: int | None, first: int, end_year: int | None, last: int) -> Part | None:
    if not (1 <= first <= 12 and 1 <= last <= 12):
        return None
    if year is None or end_year is None or end_year == year:
        return Part(year, (first, last)) if first <= last else None
    return Part(year, (first, last), end_year) if year < end_year else None


def _days(groups: dict[str, str | None], year: int | None, end_year: int | None) -> Part | None:
    try:
        start = date(year or 0, int(groups["m"] or 0), int(groups["d"] or 0))
        if "d2" not in groups:
            return Part(year, weak=True)
        end = date(end_year or start.year, int(groups["m2"] or 0), int(groups["d2"] or 0))
    except ValueError:
        return None
    return Part(year, days=(start, end)) if start <= end else None


def _number(digits: str | None) -> int:
    return int(digits) if digits and digits.isascii() else int(chinese_number(digits or "") or 0)


def _year(digits: str | None) -> int | None:
    if not digits:
        return None
    return full_year(digits) if digits.isascii() else _number(digits)
