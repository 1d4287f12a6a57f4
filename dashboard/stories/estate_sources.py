"""Where figures come from: the files, sheets and rows that each was made of, and what those rows say."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

from dashboard import numbers
from dashboard.published import Published
from dashboard.stories.estate_names import named
from dashboard.stories.headline import Headline
from dashboard.words import say
from pipelines.metrics.periods import Period
from pipelines.words import Language

QUERIES = {
    "satisfaction_rate": "estate_source_surveys",
    "collection_rate": "estate_source_fees",
    "closure_median_hours": "estate_source_tickets",
    "cost_per_m2_month": "estate_source_costs",
}


@dataclass(frozen=True)
class Row:
    """One row of a submission, and what it says."""

    row: str
    text: str


@dataclass(frozen=True)
class Place:
    """Rows of one sheet: in words (第5—16行), and one by one."""

    file: str
    sheet: str
    rows: str
    told: tuple[Row, ...]


@dataclass(frozen=True)
class Source:
    """A figure and the places that it was made of; without places `none` says why."""

    metric: str
    figure: str
    places: tuple[Place, ...]
    none: str

    @property
    def files(self) -> tuple[str, ...]:
        """The files' names, each once."""
        return tuple(dict.fromkeys(one.file for one in self.places))


def source_of(published: Published, estate: str, one: Headline, lang: Language) -> Source:
    """The places that a headline figure of an estate was made of."""
    metric = published.metric(one.metric)
    if one.value.value is None:
        figure = say("estate.source_none", lang, name=one.name, period=one.when)
    else:
        amount = numbers.amount(metric, one.value.value, lang)
        figure = say("estate.source", lang, name=one.name, period=one.when, amount=amount)
    start, end = one.period.start, one.period.end
    rows = published.rows(QUERIES[one.metric], estate=estate, start=start, end=end).rows()
    grouped: dict[tuple[str, str], list[tuple[int, date, date | None, str, float | None, float | None]]] = {}
    for file, sheet, *rest in rows:
        grouped.setdefault((file, sheet or ""), []).append(tuple(rest))
    places = tuple(
        Place(
            file=file,
            sheet=sheet or say("estate.no_sheet", lang),
            rows=rows_in_words((each[0] for each in found), lang),
            told=tuple(
                Row(say("estate.row", lang, row=each[0]), _told(one.metric, *each[1:], lang=lang)) for each in found
            ),
        )
        for (file, sheet), found in grouped.items()
    )
    return Source(one.metric, figure, places, "" if places else one.reason or say("estate.no_rows", lang))


def rows_in_words(rows: Iterable[int], lang: Language) -> str:
    """Rows with those that follow each other joined: 第5—16、20行; rows 5–16, 20."""
    runs: list[list[int]] = []
    for row in sorted(set(rows)):
        if runs and row == runs[-1][1] + 1:
            runs[-1][1] = row
        else:
            runs.append([row, row])
    dash, comma = ("—", "、") if lang == "zh" else ("–", ", ")
    parts = [str(first) if first == last else f"{first}{dash}{last}" for first, last in runs]
    return say(
        "estate.rows" if len(parts) > 1 or dash in parts[0] else "estate.row",
        lang,
        rows=comma.join(parts),
        row=parts[0],
    )


def _told(
    metric: str, start: date, end: date | None, label: str, first: float | None, second: float | None, lang: Language
) -> str:
    if metric == "closure_median_hours":
        key = "told_ticket" if end else "told_open"
        opened, closed = numbers.day(start, lang, year=True), numbers.day(end, lang, year=True)
        return say(f"estate.{key}", lang, label=label, opened=opened, closed=closed)
    period = numbers.period(Period(start, end or start), lang)
    if metric == "satisfaction_rate":
        return say("estate.told_survey", lang, period=period, label=label or "", count=numbers.number(first))
    if metric == "collection_rate":
        parts = [period, *([label] if label else [])]
        due, received = numbers.number(first, 2), numbers.number(second, 2)
        return say("estate.told_fee", lang, period=say("estate.comma", lang).join(parts), due=due, received=received)
    return say("estate.told_cost", lang, period=period, label=named(label, lang), amount=numbers.number(first, 2))
