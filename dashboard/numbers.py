"""Writes numbers, changes, intervals, money, dates and periods as people read them: one way in cells, sentences, axes.

A minus is U+2212, ranges an en dash, dates an em dash between; what is not known is a dash, never 0 and never blank.
"""

from __future__ import annotations

from calendar import month_abbr, monthrange
from datetime import date, datetime
from typing import Final

from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.periods import Period
from pipelines.metrics.values import Value
from pipelines.words import Language

MINUS: Final = "\u2212"
NONE: Final = "—"
LONG_HOURS: Final = 72.0
LARGE_MONEY: Final = 10_000.0
_NUMERALS: Final = "一二三四"


def number(value: float | None, decimals: int = 0, *, signed: bool = False) -> str:
    """A plain number with thousands apart; a dash for None. With `signed` a plus stands before what is above zero."""
    if value is None:
        return NONE
    text = f"{abs(value):,.{decimals}f}"
    is_zero = not text.strip("0.,")
    if value < 0 and not is_zero:
        return MINUS + text
    return ("+" if signed and not is_zero else "") + text


def scaled(metric: Metric, value: float) -> float:
    """The value as people read it: rates in percent."""
    return value * 100 if metric.unit == "percent" else value


def figure(metric: Metric, value: float | None) -> str:
    """The digits of a metric's value, without its unit."""
    return NONE if value is None else number(scaled(metric, value), metric.decimals)


def unit(metric: Metric, lang: Language) -> str:
    """The unit as it stands behind the digits."""
    return say(f"numbers.{metric.unit}", lang)


def with_unit(digits: str, word: str) -> str:
    """Digits and their unit: 82.8%, 43.5 小时, 0.97 元/㎡･月; a currency's sign stands first: −¥0.02/m²･month."""
    if word == "%":
        return f"{digits}%"
    if not word.startswith("¥"):
        return f"{digits} {word}"
    sign = digits[0] if digits[0] in "+−" else ""
    return f"{sign}¥{digits.removeprefix(sign)}{word.removeprefix('¥')}"


def amount(metric: Metric, value: float | None, lang: Language) -> str:
    """A metric's value with its unit: 82.8%, 43.5 小时, 41 天 (over 72 hours), 0.97 元/㎡･月, ¥0.97/m²･month."""
    if value is None:
        return NONE
    if metric.unit == "percent":
        return f"{figure(metric, value)}%"
    if metric.unit == "hours" and value > LONG_HOURS:
        return f"{number(value / 24, 1 if value < 240 else 0)} {say('numbers.days', lang)}"
    return with_unit(figure(metric, value), unit(metric, lang))


def brief(metric: Metric, value: float | None, lang: Language) -> str:
    """As `amount`, without the unit where it is neither percent nor days: 82.8%, 43.5, 41 天, 0.97."""
    is_plain = metric.unit != "percent" and not (metric.unit == "hours" and (value or 0.0) > LONG_HOURS)
    return figure(metric, value) if is_plain else amount(metric, value, lang)


def change(metric: Metric, value: float | None, lang: Language) -> str:
    """A difference of two values of a metric: +1.6 百分点, −7.5 小时."""
    if value is None:
        return NONE
    word = say("numbers.points", lang) if metric.unit == "percent" else unit(metric, lang)
    return with_unit(number(scaled(metric, value), metric.decimals, signed=True), word)


def interval(metric: Metric, low: float | None, high: float | None, lang: Language) -> str:
    """The interval in words, without the unit; empty where there is none."""
    if low is None or high is None:
        return ""
    return say("numbers.interval", lang, low=figure(metric, low), high=figure(metric, high))


def bare_interval(metric: Metric, low: float | None, high: float | None) -> str:
    """The ends of an interval for a column that names it: 81.5–83.9; a dash where there is none."""
    return NONE if low is None or high is None else f"{figure(metric, low)}–{figure(metric, high)}"


def hours(value: float | None, lang: Language) -> str:
    """Hours, over 72 as days: 43.5 小时, 41 天."""
    if value is None:
        return NONE
    if value > LONG_HOURS:
        return f"{number(value / 24, 1 if value < 240 else 0)} {say('numbers.days', lang)}"
    return f"{number(value, 1)} {say('numbers.hours', lang)}"


def money(yuan: float | None, lang: Language) -> str:
    """An amount of yuan: 523.8 万元 (from 1 万元 up), 9,800 元; ¥5.238 m (from a million up), ¥50,400."""
    if yuan is None:
        return NONE
    if abs(yuan) < LARGE_MONEY:
        return say("numbers.money_small", lang, value=number(yuan))
    if lang == "en":
        million = yuan / 1_000_000
        if abs(million) < 1:
            return say("numbers.money_small", lang, value=number(yuan))
        return say("numbers.money_large", lang, value=number(million, 3 if abs(million) < 10 else 1))
    return say("numbers.money_large", lang, value=number(yuan / LARGE_MONEY, 1))


def households(count: int | None, lang: Language, *, running: bool = False) -> str:
    """A number of households: 9,980 户; 3.99 万户 in running text."""
    if count is None:
        return NONE
    if running and lang == "zh" and count >= LARGE_MONEY:
        return say("numbers.households_large", lang, count=number(count / LARGE_MONEY, 2))
    return say("numbers.households", lang, count=number(count))


def day(when: date | None, lang: Language, *, year: bool = False) -> str:
    """A date: 7月19日, 2026年7月19日; 19 Jul 2026."""
    if when is None:
        return NONE
    word = "day_of_year" if year else "day"
    return say(f"numbers.{word}", lang, year=when.year, month=when.month, day=when.day, name=month_abbr[when.month])


def moment(when: datetime, lang: Language) -> str:
    """A day and the time: 7月20日 09:12."""
    return f"{day(when.date(), lang)} {when:%H:%M}"


def period(days: Period, lang: Language) -> str:
    """The name of a period where it has one (2026年二季度, 2026年6月, 2026年第29周), else its days."""
    start, end = days.start, days.end
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1] and start.year == end.year
    year = start.year
    if whole and months == 12:
        return say("numbers.year", lang, year=year)
    if whole and months == 6 and start.month in {1, 7}:
        return say("numbers.half", lang, year=year, word="上下"[start.month // 7], half=start.month // 7 + 1)
    if whole and months == 3 and start.month % 3 == 1:
        place = start.month // 3
        return say("numbers.quarter", lang, year=year, word=_NUMERALS[place], quarter=place + 1)
    if whole and months == 1:
        return say("numbers.month", lang, year=year, month=start.month, name=month_abbr[start.month])
    if (end - start).days == 6 and start.weekday() == 0:
        of_year, week, _ = start.isocalendar()
        return say("numbers.week", lang, year=of_year, week=week)
    return span(days, lang)


def span(days: Period, lang: Language) -> str:
    """The days of a period: 2026年4月1日—6月30日."""
    first = day(days.start, lang, year=lang == "zh" or days.start.year != days.end.year)
    last = day(days.end, lang, year=lang == "en" or days.start.year != days.end.year)
    return say("numbers.span", lang, first=first, last=last)


def code(days: Period) -> str:
    """The period as the command line takes it: 2026, 2026H1, 2026Q2, 2026-06, 2026-W29 or its days."""
    start, end = days.start, days.end
    months = (end.year - start.year) * 12 + end.month - start.month + 1
    whole = start.day == 1 and end.day == monthrange(end.year, end.month)[1] and start.year == end.year
    if whole and months == 12:
        return str(start.year)
    if whole and months == 6 and start.month in {1, 7}:
        return f"{start.year}H{start.month // 7 + 1}"
    if whole and months == 3 and start.month % 3 == 1:
        return f"{start.year}Q{start.month // 3 + 1}"
    if whole and months == 1:
        return f"{start.year}-{start.month:02d}"
    if (end - start).days == 6 and start.weekday() == 0:
        year, week, _ = start.isocalendar()
        return f"{year}-W{week:02d}"
    return f"{start.isoformat()}..{end.isoformat()}"


def period_of(value: Value, lang: Language) -> str:
    """The name of a value's period."""
    return period(Period(value.period_start, value.period_end), lang)
