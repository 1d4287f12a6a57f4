"""Reads columns of dates and times as people type them, and finds the date in a line such as 填报日期."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from typing import Final

import polars as pl

from pipelines.reading.parsing import CELL, EMPTY, Column, read_column
from pipelines.reading.words import chinese_number, plain


@dataclass(frozen=True)
class TimeColumn:
    """Moments, as Datetime("us"). `has_time` is False where only a date was given (the moment is then its midnight)."""

    values: pl.Series
    bad: pl.Series
    has_time: pl.Series


_NOT_YET_WORDS: Final = """
未办结 未完成 未办理 未处理 未结 未结案 未解决 办理中 处理中 进行中 正在办理 正在处理 正在进行
在办 待处理 待办理 待办 跟进中 推进中
长期 长期有效 长期坚持 至今 无固定期限 无期限 未收费 暂未收费 尚未收费 未接管 未入驻 未到期 未回访 未开始 未派单 未响应
"""
NOT_YET: Final = frozenset(_NOT_YET_WORDS.split())
"""Words in a date column that say: it hasn't happened. They are no date, and nothing is wrong with them."""

SERIAL_EPOCH: Final = datetime(1899, 12, 30)
_MONTH_NAMES: Final = "jan feb mar apr may jun jul aug sep oct nov dec"
MONTHS: Final = {name: i for i, name in enumerate(_MONTH_NAMES.split(), 1)}
MONTH_NAME: Final = (
    r"jan(?:uary)?|feb(?:ruary)?|mar(?:ch)?|apr(?:il)?|may|june?|july?|aug(?:ust)?|sept?(?:ember)?|oct(?:ober)?"
    r"|nov(?:ember)?|dec(?:ember)?"
)

_HAN_DIGITS: Final = str.maketrans("零〇○一二三四五六七八九", "000123456789")
_HAN_YEAR: Final = re.compile(r"[零〇○一二三四五六七八九]{4}(?=年)|[零〇○一二三四五六七八九]{2}(?=年)")
_HAN_NUMBER: Final = re.compile(r"[一二三四五六七八九十廿卅两]{1,3}(?=[月日号时点分秒])")
_SEP: Final = r"[-/.年、。,_\\–—−]"
_SEP_MONTH: Final = r"[-/.月、。,_\\–—−]"
_YMD: Final = re.compile(rf"([0-9]{{4}}|[0-9]{{2}}){_SEP}([0-9]{{1,2}}){_SEP_MONTH}([0-9]{{1,2}})(?:[日号]|(?![0-9]))")
_YM: Final = re.compile(r"([0-9]{4}|[0-9]{2}(?=年))(?:[-/.年、_]([0-9]{1,2})月?份?|年([0-9]{1,2})月份?)(?![0-9])")
_MD: Final = re.compile(r"([0-9]{1,2})(?:月|[-/.])([0-9]{1,2})(?:[日号]|(?![0-9]))")
_DMY: Final = re.compile(r"([0-9]{1,2})([-/.])([0-9]{1,2})\2([0-9]{4})(?![0-9])")
_DIGITS: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})(?![0-9])")
_STAMP: Final = re.compile(r"([0-9]{4})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})([0-9]{2})?")
_SERIAL: Final = re.compile(r"([2-7][0-9]{4})(\.[0-9]+)?")
_ENGLISH: Final = (
    re.compile(rf"([0-9]{{1,2}})(?:st|nd|rd|th)?[- ,.]*({MONTH_NAME})[- ,.]*([0-9]{{4}}|[0-9]{{2}})(?![0-9])"),
    re.compile(rf"({MONTH_NAME})[- .]*([0-9]{{1,2}})(?:st|nd|rd|th)?[ ,.]+([0-9]{{4}})(?![0-9])"),
)
_BEFORE: Final = re.compile(r"^(?:'|自|从|于|约|至|截至|截止|截止到|到|预计|计划)+(?=['0-9零〇○一二三四五六七八九十])")
_WEEKDAY: Final = re.compile(
    r"[ ,]*\(?(?:(?:星期|周|礼拜)[一二三四五六日天]"
    r"|(?:mon|tues?|wed(?:nes)?|thur?s?|fri|sat(?:ur)?|sun)(?:day)?\b)\)?[ ,]*"
)
_AFTER: Final = re.compile(r"(?:\([^()0-9?]*\)|之前|以前|前|起|开始|止|截止|上午|下午|当日|当天)*[。;,. ]*")
_DOUBT: Final = re.compile(r"[?？]|待|疑|暂|拟|预")
_CLOCK: Final = re.compile(
    r"[t ,]*(?P<half>上午|下午|中午|晚上|晚|傍晚|凌晨|早上|早|夜间|am|pm|a\.m\.|p\.m\.)?[ ]*(?P<h>[0-9]{1,2})"
    r"(?:[ ]*:[ ]*(?P<m>[0-9]{1,2})(?:[ ]*:[ ]*(?P<s>[0-9]{1,2})(?P<f>[.,][0-9]{1,9})?)?"
    r"|[时点](?:(?P<m2>[0-9]{1,2})(?:分(?:(?P<s2>[0-9]{1,2})秒?)?)?|(?P<half_hour>半)|整|钟)?)"
    r"[ ]*(?P<half2>am|pm|a\.m\.|p\.m\.)?[ ]*(?:z|[+-][0-9]{2}:?[0-9]{2})?(?:许|左右|前|之前|以前)?"
)


def parse_moment(text: str, year: int | None) -> tuple[datetime, bool] | None:
    """The moment that a text is, and whether it has a time of day; None if the whole of it is not one.

    A month alone is its first day. `year` is used where the text has none.
    """
    word = _western(plain(text).lower())
    word = _BEFORE.sub("", word).lstrip("'")
    if match := _SERIAL.fullmatch(word):
        moment = SERIAL_EPOCH + timedelta(seconds=round(float(word) * 86400))
        return moment, moment.time() != time()
    if match := _STAMP.fullmatch(word):
        return _moment(match[1], match[2], match[3], _clock_time(int(match[4]), int(match[5]), int(match[6] or 0)))
    found = _leading_day(word, year)
    if found is None:
        return None
    day, rest = found
    rest = _WEEKDAY.sub(" ", rest, count=1)
    if _DOUBT.search(rest):
        return None
    if _AFTER.fullmatch(rest.strip()):
        return datetime.combine(day, time()), False
    match = _CLOCK.fullmatch(rest.rstrip("。;, "))
    if match is None:
        return None
    clock = _clock(match)
    if clock is None:
        return None
    # A real date cell is written with midnight behind it: that is a date alone.
    bare_midnight = clock == timedelta() and match["s"] is not None and match["half"] is None
    return datetime.combine(day, time()) + clock, not bare_midnight


def _western(word: str) -> str:
    """Chinese numerals of years, months, days and hours as digits, and no space around the marks between them."""
    word = re.sub(r"(?<=[0-9年月日号时点分一-九十]) (?=[年月日号时点分])|(?<=[年月]) (?=[0-9一-九十])", "", word)
    word = re.sub(r"(?<=[0-9]) ?([-/.]) ?(?=[0-9])", r"\1", word)
    if "年" in word:
        word = _HAN_YEAR.sub(lambda match: match[0].translate(_HAN_DIGITS), word)
    return (
        _HAN_NUMBER.sub(lambda match: f"{chinese_number(match[0]) or 0:.0f}", word)
        if re.search(r"[月时点]", word)
        else word
    )


def _leading_day(word: str, year: int | None) -> tuple[date, str] | None:
    """The day that a text starts with, and the rest."""
    for pattern in (_YMD, _DIGITS):
        if match := pattern.match(word):
            return _dated(match[1], match[2], match[3], word[match.end() :])
    if match := _DMY.match(word):
        first, second = int(match[1]), int(match[3])
        if first > 12 or first == second:
            first, second = second, first
        elif second <= 12:
            return None
        return _dated(match[4], str(first), str(second), word[match.end() :])
    for i, pattern in enumerate(_ENGLISH):
        if match := pattern.match(word):
            day, month = (match[1], match[2]) if i == 0 else (match[2], match[1])
            return _dated(match[3], str(MONTHS[month[:3]]), day, word[match.end() :])
    if match := _YM.match(word):
        return _dated(match[1], match[2] or match[3], "1", word[match.end() :])
    if match := re.fullmatch(r"((?:19|20)[0-9]{2})(0[1-9]|1[0-2])", word):
        return _dated(match[1], match[2], "1", "")
    if match := re.fullmatch(r"([0-9]{2})([0-9]{2})([0-9]{2})", word):
        return _dated(match[1], match[2], match[3], "")
    if year is not None and (match := _MD.match(word)):
        return _dated(str(year), match[1], match[2], word[match.end() :])
    return None


def full_year(digits: str) -> int:
    """The year of two or four digits: 25 is 2025, 98 is 1998."""
    number = int(digits)
    return number if len(digits) == 4 else number + (1900 if number >= 70 else 2000)


def _dated(year: str, month: str, day: str, rest: str) -> tuple[date, str] | None:
    try:
        found = date(full_year(year), int(month), int(day))
    except ValueError:
        return None
    return found, rest


def _moment(year: str, month: str, day: str, clock: timedelta | None) -> tuple[datetime, bool] | None:
    found = _dated(year, month, day, "")
    if found is None or clock is None:
        return None
    return datetime.combine(found[0], time()) + clock, True


def _clock(match: re.Match[str]) -> timedelta | None:
    half = (match["half"] or match["half2"] or "").replace(".", "")
    hour = int(match["h"])
    minute = 30 if match["half_hour"] else int(match["m"] or match["m2"] or 0)
    if (half in {"下午", "晚上", "晚", "傍晚", "夜间", "pm"} and hour < 12) or (half == "中午" and hour < 3):
        hour += 12
    elif half in {"凌晨", "am", "早上"} and hour == 12:
        hour = 0
    clock = _clock_time(hour, minute, int(match["s"] or match["s2"] or 0))
    if clock is None or not match["f"]:
        return clock
    return clock + timedelta(microseconds=int(f"{match['f'][1:]:0<6}"[:6]))


def _clock_time(hour: int, minute: int, second: int) -> timedelta | None:
    if hour > 24 or minute > 59 or second > 59 or (hour == 24 and (minute or second)):
        return None
    return timedelta(hours=hour, minutes=minute, seconds=second)


_ISO: Final = pl.when(
    CELL.str.contains(r"^(19|20)[0-9]{2}-[01][0-9]-[0-3][0-9]( ([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9])?$")
).then(CELL)
"""A date as a real date cell is written."""

_GROUPS: Final = CELL.str.extract_groups(
    r"^(?<y>(?:19|20)[0-9]{2})[-/.年](?<m>[0-9]{1,2})[-/.月](?<d>[0-9]{1,2})日?"
    r"(?:[ T] ?(?<h>2[0-3]|[01]?[0-9]):(?<n>[0-5][0-9])(?::(?<s>[0-5][0-9]))?)?$"
)
"""The common shapes of a date, with or without a time behind it."""


def _two(name: str) -> pl.Expr:
    return _GROUPS.struct.field(name).fill_null("").str.zfill(2)


_DAY: Final = pl.concat_str(_GROUPS.struct.field("y"), pl.lit("-"), _two("m"), pl.lit("-"), _two("d"))
_TIME: Final = pl.concat_str(pl.lit(" "), _two("h"), pl.lit(":"), _two("n"), pl.lit(":"), _two("s"))


def read_dates(cells: pl.Series, year: int | None) -> Column:
    """Days, as Date. `year` completes `3月1日`. A month alone is its first day; a year alone and 2025-02-30 are bad."""

    def parse(text: str) -> object | None:
        if plain(text) in NOT_YET:
            return EMPTY
        found = parse_moment(text, year)
        return None if found is None else found[0].date()

    iso = _ISO.str.slice(0, 10).str.to_date("%Y-%m-%d", strict=False)
    return read_column(cells, iso, parse, pl.Date(), second=_DAY.str.to_date("%Y-%m-%d", strict=False))


def read_times(cells: pl.Series, year: int | None) -> TimeColumn:
    """Moments, as Datetime("us"), with `has_time`. `year` completes `3月1日 9:05`; a zone (`Z`) is ignored.

    `2025-03-01 00:00:00` is how a date cell is written: a date alone.
    """

    def parse(text: str) -> object | None:
        if plain(text) in NOT_YET:
            return EMPTY
        found = parse_moment(text, year)
        return None if found is None else found[0]

    shape = "%Y-%m-%d %H:%M:%S"
    iso = pl.when(CELL.str.len_chars() == 19).then(_ISO).str.to_datetime(shape, strict=False, time_unit="us")
    second = (_DAY + _TIME).str.to_datetime(shape, strict=False, time_unit="us")
    column = read_column(cells, iso, parse, pl.Datetime("us"), second)
    midnight = (column.values.dt.time() == time()).fill_null(value=False)
    timed = [text for text in cells.filter(midnight).unique().to_list() if _has_time(text, year)]
    has_time = column.values.is_not_null() & (~midnight | cells.is_in(timed))
    return TimeColumn(column.values, column.bad, has_time.fill_null(value=False).alias("has_time"))


def _has_time(text: str, year: int | None) -> bool:
    found = parse_moment(text, year)
    return found is not None and found[1]


_PACKED: Final = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})([01][0-9])([0-3][0-9])(?![0-9])")
_SPELT: Final = re.compile(r"(?<![0-9])((?:19|20)[0-9]{2})[-/.年]([0-9]{1,2})[-/.月]([0-9]{1,2})(?![0-9])")


def find_date(text: str) -> date | None:
    """The first full date inside a text, or None: `填报日期：2025年6月30日` → 2025-06-30."""
    word = _western(plain(text))
    matches = sorted((m for p in (_SPELT, _PACKED) for m in p.finditer(word)), key=lambda m: m.start())
    for match in matches:
        if found := _dated(match[1], match[2], match[3], ""):
            return found[0]
    return None
