"""The data of each picture as a grid for a workbook: headings, units, real numbers, and reasons where there is none."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final, Literal, TypeAlias

from dashboard.charts.dots import DotPlot, Strip
from dashboard.charts.fields import FunnelChart, Quadrants
from dashboard.charts.kinds import Chart
from dashboard.charts.run import RunChart, Step, Trends
from dashboard.charts.stars import StarBoard
from dashboard.charts.street import StreetMap
from dashboard.charts.times import Ageing, CategoryBars, Expenses, Promise, Squares, Timeline
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.words import Language

Content: TypeAlias = str | float | int | date | None
Kind = Literal["text", "number", "percent", "whole", "date"]
DAY: Final = "date"


@dataclass(frozen=True)
class Heading:
    """A column: its heading, its unit, what its cells hold, and how many decimals they show."""

    text: str
    unit: str = ""
    kind: Kind = "number"
    decimals: int = 1


@dataclass(frozen=True)
class Grid:
    """A table of plain values. Percentages are fractions, shown as percent; None is an empty cell."""

    columns: tuple[Heading, ...]
    rows: tuple[tuple[Content, ...], ...]

    def place(self, heading: str) -> int:
        """Which column bears a heading. Raises ValueError where none does."""
        return [one.text for one in self.columns].index(heading)


def grid(chart: Chart, lang: Language) -> Grid:
    """The picture's data."""

    def word(key: str) -> str:
        return say(f"picture.{key}", lang)

    def mark(kind: Mark | None) -> str:
        return word(f"mark_{kind}") if kind else ""

    columns: tuple[Heading, ...]
    match chart:
        case DotPlot():
            return _dots(chart, lang)
        case Strip():
            rows: list[tuple[Content, ...]] = [(one.name, one.value) for one in chart.dots]
            rows += [(chart.own_text, chart.own)] if chart.own is not None else []
            rows += [(chart.median_word, chart.median)] if chart.median is not None else []
            return Grid((Heading(word("estate"), kind="text"), Heading(word("value"))), tuple(rows))
        case FunnelChart():
            named = (
                Heading(word("estate"), kind="text"),
                Heading(chart.x_word, kind="whole"),
                _unit(chart.y_word, chart.unit),
            )
            return Grid(
                (*named, Heading(word("verdict"), kind="text")),
                tuple((one.name, one.x, _read(one.y, chart.unit), mark(one.mark)) for one in chart.spots),
            )
        case Quadrants():
            columns = (Heading(word("estate"), kind="text"), Heading(chart.x_word, decimals=2), Heading(chart.y_word))
            return Grid(columns, tuple((one.name, one.x, one.y) for one in chart.spots))
        case RunChart():
            return _run(chart, lang)
        case Trends():
            return _trends(chart, lang)
        case StreetMap():
            columns = (
                Heading(word("estate"), kind="text"), Heading(word("community"), kind="text"),
                Heading(word("household_count"), kind="whole"), _unit(chart.name, chart.unit),
                Heading(word("verdict"), kind="text"), Heading(word("reason"), kind="text"),
            )  # fmt: skip
            return Grid(
                columns,
                tuple(
                    (one.name, one.community, one.households, _read(one.value, chart.unit), mark(one.mark),
                     "" if one.state == "value" else one.word)
                    for one in sorted(chart.places, key=lambda place: (place.value is None, -(place.value or 0.0)))
                ),
            )  # fmt: skip
        case StarBoard():
            heads = chart.heads
            columns = (
                Heading(heads[0], kind="text"), Heading(heads[1], kind="whole"), Heading(heads[1], kind="text"),
                Heading(heads[2]), *(Heading(one, kind="percent", decimals=0) for one in chart.star_words),
                Heading(heads[3], kind="text"), Heading(heads[4], kind="text"), Heading(heads[5], kind="text"),
            )  # fmt: skip
            return Grid(
                columns,
                tuple(
                    (one.subject, one.stars, one.star_word, one.value,
                     *((each.share for each in one.chances) if one.chances else [None] * len(chart.star_words)),
                     one.moved, one.to_next, one.note)
                    for one in chart.rows
                ),
            )  # fmt: skip
        case Timeline():
            columns = (
                Heading(word("who"), kind="text"),
                Heading(word("from_day"), kind=DAY), Heading(word("to_day"), kind=DAY),
                Heading(word("days"), kind="whole"),
            )  # fmt: skip
            return Grid(
                columns, tuple((one.word, one.start, one.end, (one.end - one.start).days + 1) for one in chart.spells)
            )
        case Ageing():
            columns = (
                Heading(word("ticket"), kind="text"), Heading(word("days"), chart.unit_word),
                Heading(word("over"), kind="text"),
            )  # fmt: skip
            return Grid(
                columns,
                tuple(
                    (one.ticket if one.ticket != "None" else "", one.days, word("yes") if one.is_over else "")
                    for one in chart.tickets
                ),
            )
        case CategoryBars():
            whole: list[Heading] = [Heading(one, kind="whole") for one in (*chart.words, word("overdue"))]
            return Grid(
                (Heading(word("category"), kind="text"), *whole),
                tuple((one.name, one.closed, one.open, one.overdue) for one in chart.rows),
            )
        case Expenses():
            columns = (
                Heading(word("category"), kind="text"), Heading(word("amount"), decimals=0),
                Heading(word("share"), kind="percent"), Heading(chart.unit_words[1], decimals=2),
                Heading(chart.unit_words[2], decimals=0), Heading(word("labour"), kind="text"),
            )  # fmt: skip
            return Grid(
                columns,
                tuple(
                    (one.name, one.amount, one.share, _digits(one.per_m2), _digits(one.per_household),
                     word("yes") if one.is_labour else "")
                    for one in chart.rows
                ),
            )  # fmt: skip
        case Promise():
            return Grid(
                (Heading(say("slides.event", lang), kind="text"), Heading(say("slides.day", lang), kind=DAY)),
                (
                    (say("slides.promised", lang), chart.raised),
                    *(
                        (say(f"slides.due_{'again' if at else 'first'}", lang), one)
                        for at, one in enumerate(chart.dues)
                    ),
                ),
            )
        case Squares():
            told = {one: say(f"slides.squares_{one}", lang) for one in ("reported", "missing", "unmanaged")}
            return Grid(
                (Heading(word("estate"), kind="text"), Heading(word("verdict"), kind="text")),
                tuple((name, told[state]) for name, state in chart.estates),
            )


def _dots(chart: DotPlot, lang: Language) -> Grid:
    def word(key: str) -> str:
        return say(f"picture.{key}", lang)

    decimals = max((_places(one.text) for one in chart.rows), default=1)
    columns = (
        Heading(word("estate"), kind="text"),
        Heading(word("household_count"), kind="whole"),
        *(_unit(text, chart.unit, decimals) for text in (chart.name, word("low"), word("high"))),
        *(_unit(text, chart.unit, decimals) for text in (word("minus"), word("plus"))),
        Heading(chart.headings[2], kind="whole"),
        _unit(word("peer_median"), chart.unit, decimals),
        Heading(word("verdict"), kind="text"),
        Heading(word("reason"), kind="text"),
    )
    words: dict[Mark, str] = dict(zip(("better", "same", "worse", "caution"), chart.legend, strict=True))
    rows = []
    for one in chart.rows:
        minus = None if one.value is None or one.low is None else one.value - one.low
        plus = None if one.value is None or one.high is None else one.high - one.value
        values = [_read(part, chart.unit) for part in (one.value, one.low, one.high, minus, plus)]
        rows.append(
            (one.name, _digits(one.households), *values, _digits(one.sample), _read(one.peer_median, chart.unit),
             words.get(one.mark, ""), one.reason)
        )  # fmt: skip
    return Grid(columns, tuple(rows))


def _run(chart: RunChart, lang: Language) -> Grid:
    def word(key: str) -> str:
        return say(f"picture.{key}", lang)

    columns = [
        Heading(word("step"), kind="text"),
        Heading(word("from_day"), kind=DAY),
        Heading(word("to_day"), kind=DAY),
    ]
    columns += [
        _unit(text, chart.unit, chart.decimals)
        for text in (chart.name, word("mean"), word("lower"), word("upper"), word("low"), word("high"))
    ]
    rows = []
    for place, step in enumerate(chart.steps):
        stretch = next((one for one in chart.stretches if one.first <= place <= one.last), None)
        limits = (stretch.mean, stretch.lower, stretch.upper) if stretch else (None, None, None)
        values = [_read(one, chart.unit) for one in (step.value, *limits, step.low, step.high)]
        rows.append((_step(step), step.start, step.end, *values))
    return Grid(tuple(columns), tuple(rows))


def _trends(chart: Trends, lang: Language) -> Grid:
    steps: dict[tuple[date, date], str] = {}
    for one in chart.charts:
        steps |= {(step.start, step.end): _step(step) for step in one.steps}
    columns = [
        Heading(say(f"picture.{key}", lang), kind="text" if key == "step" else DAY)
        for key in ("step", "from_day", "to_day")
    ]
    columns += [_unit(one.name, one.unit, one.decimals) for one in chart.charts]
    rows: list[tuple[Content, ...]] = []
    for (start, end), label in sorted(steps.items()):
        values = [
            next((_read(step.value, one.unit) for step in one.steps if (step.start, step.end) == (start, end)), None)
            for one in chart.charts
        ]
        rows.append((label, start, end, *values))
    return Grid(tuple(columns), tuple(rows))


def _step(step: Step) -> str:
    return step.label or f"{step.start.isoformat()}–{step.end.isoformat()}"


def _unit(text: str, unit: str, decimals: int = 1) -> Heading:
    return Heading(text, unit, "percent" if unit == "%" else "number", decimals)


def _read(value: float | None, unit: str) -> float | None:
    """The value as a workbook counts: percentages as fractions."""
    return value / 100 if value is not None and unit == "%" else value


def _digits(text: str) -> float | str | None:
    """The number that a text is made of, else the text; a dash is no value."""
    plain = text.replace(",", "").replace("\u2212", "-").strip()
    found = re.fullmatch(r"(-?\d+(?:\.\d+)?)\s*\D*", plain)
    if found:
        return float(found[1])
    return None if plain in {"", "—"} else text


def _places(text: str) -> int:
    found = re.search(r"\.(\d+)", text)
    return len(found[1]) if found else 0


def numeric(sheet: Grid) -> Sequence[int]:
    """The columns of numbers."""
    return [place for place, one in enumerate(sheet.columns) if one.kind in {"number", "percent", "whole"}]
