"""Parts of the bulletin: estates against their peers, against their own past, and the cases that stand out."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from dashboard import numbers
from dashboard.charts.run import RunChart, Stretch
from dashboard.published import HEADLINES, Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Cell, Column, Figure, Table
from dashboard.stories.compare import Compare, compare
from dashboard.stories.compare_peers import Standing, standings
from dashboard.stories.compare_view import view_of
from dashboard.stories.editions import hidden_estates, public_figure, steps_are_public
from dashboard.stories.report import Block, Edition, Grid, Heading, Paragraph, Picture, Points
from dashboard.stories.report_tables import amount_cell, coded, footnote, registered
from dashboard.stories.runs import run_chart_of
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.judging import Point
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question
from pipelines.words import Language

CASES = 2
"""So many cases of each kind."""
CHARTED = ("collection_rate", "closure_median_hours", "cost_per_m2_month")
DOTTED = ("satisfaction_rate", "closure_median_hours")
"""Metrics whose comparison is drawn, with intervals, in the annex."""


@dataclass(frozen=True)
class Move:
    """An estate whose metric went beyond its own normal variation in the period. `text` is the finding, `story` sets it
    against the mean and the normal range."""

    estate: str
    metric: str
    mark: Mark
    text: str
    story: str
    figure: Figure
    weight: float


def standing(published: Published, period: Period, lang: Language, edition: Edition) -> list[Block]:
    """Who differs clearly from the peers, in sentences and a table."""
    blocks: list[Block] = [Heading(say("documents.bulletin_peers", lang), 2)]
    rows = []
    for metric_id in HEADLINES:
        view = Selection(lang=lang, metric=metric_id, period=numbers.code(period))
        found = standings(published, view_of(published, view))
        gone = hidden_estates(published, metric_id, period) if edition == "public" else frozenset()
        shown = [one for one in found if one.mark in ("better", "worse") and one.subject not in gone]
        rows += [_against(published, metric_id, one, lang) for one in sorted(shown, key=_by_mark)]
    for metric_id in DOTTED:
        story = _compared(published, metric_id, period, lang)
        if edition == "internal" and story is not None:
            blocks.append(Paragraph(story.title.rstrip("。.") + ("。" if lang == "zh" else ".")))
    if rows:
        heads = ("estate_head", "metric", "value_now", "peers_median", "peers_verdict")
        columns = tuple(
            Column(say(f"documents.{key}", lang), is_number=key in ("value_now", "peers_median")) for key in heads
        )
        title = say("documents.peers_title", lang, period=numbers.period(period, lang))
        table = Table("peers", title, columns, tuple(rows), say("documents.peers_note", lang))
        blocks.append(
            Grid(table, footnote(published, HEADLINES, period, lang), ("text",) * 5,
                 widths=(1.6, 1.4, 1.2, 1.2, 1.4))
        )  # fmt: skip
    return blocks


def peer_pictures(published: Published, period: Period, lang: Language, edition: Edition) -> list[Picture]:
    """Every estate against its peers, one picture for each metric that has intervals."""
    found = []
    for metric_id in DOTTED:
        story = _compared(published, metric_id, period, lang)
        if story is None:
            continue
        figure: Figure | None = coded(registered(published, story.dots), published.metric(metric_id), period)
        if edition == "public" and figure is not None:
            figure = public_figure(figure, hidden_estates(published, metric_id, period), lang)
        found += [Picture(figure)] if figure is not None else []
    return found


def _compared(published: Published, metric_id: str, period: Period, lang: Language) -> Compare | None:
    """The comparison of a metric as its page tells it; None where no estate can be compared."""
    view = Selection(lang=lang, metric=metric_id, period=numbers.code(period))
    if not any(one.is_ranked for one in standings(published, view_of(published, view))):
        return None
    return published.made(("compare", view), lambda: compare(published, view))


def _by_mark(one: Standing) -> tuple[bool, str]:
    return one.mark == "better", one.subject


def _against(published: Published, metric_id: str, one: Standing, lang: Language) -> tuple[Cell, ...]:
    metric = published.metric(metric_id)
    return (
        Cell(one.subject),
        Cell(metric.zh if lang == "zh" else metric.en),
        amount_cell(metric, one.value.value, lang),
        amount_cell(metric, one.median, lang),
        Cell(say(f"documents.mark_{one.mark}", lang)),
    )


def moves(published: Published, period: Period, lang: Language, edition: Edition) -> list[Move]:
    """What went beyond its own normal variation: the verdict is on the last step within the period."""
    found = []
    until = min(period.end, published.as_of)
    for metric_id in CHARTED:
        metric = published.metric(metric_id)
        judged = published.series(metric_id, Question(Period(published.desk.first_day, until), "estate"))
        for estate, judgement in judged.items():
            if judgement.code not in {"improving", "worsening"} or not judgement.series:
                continue
            known = [one for one in judgement.series if one.value is not None]
            if not known or known[-1].period.end < period.start:
                continue
            if edition == "public" and not steps_are_public(
                published, metric_id, estate, [one.period for one in known]
            ):
                continue
            name = metric.zh if lang == "zh" else metric.en
            chart = run_chart_of(published, metric, judgement, lang, subject=estate, name=name)
            if chart is None or chart.mark not in ("better", "worse"):
                continue
            last = known[-1]
            text = say(
                "documents.move", lang, metric=name, value=numbers.amount(metric, last.value, lang),
                when=numbers.period(last.period, lang), verdict=chart.verdict,
            )  # fmt: skip
            lead = say("report.lead", lang, subject=estate)
            note = footnote(published, (metric_id,), last.period, lang, subject=estate)
            figure = Figure(f"estate-{metric_id}", lead + text, name, chart, note, lead + text)
            weight = _distance(chart.stretches, last.value, metric)
            found.append(Move(estate, metric_id, chart.mark, text, _story(metric, chart, last, lang), figure, weight))
    return sorted(found, key=lambda one: (one.mark == "better", -one.weight, one.estate))


def _story(metric: Metric, chart: RunChart, last: Point, lang: Language) -> str:
    """The last value beside the mean and the limits that it was judged by."""
    if not chart.stretches or last.value is None:
        return ""
    stretch = chart.stretches[-1]
    unit = "%" if metric.unit == "percent" else f" {numbers.unit(metric, lang)}"
    mean, lower, upper = (numbers.number(one, metric.decimals) for one in (stretch.mean, stretch.lower, stretch.upper))
    return say(
        "documents.case", lang, metric=metric.zh if lang == "zh" else metric.en,
        when=numbers.period(last.period, lang), value=f"{numbers.figure(metric, last.value)}{unit}",
        mean=f"{mean}{unit}", lower=lower, upper=f"{upper}{unit}",
    )  # fmt: skip


def _distance(stretches: Sequence[Stretch], value: float | None, metric: Metric) -> float:
    """How far the last value lies from the mean, in widths of the band."""
    if not stretches or value is None:
        return 0.0
    last = stretches[-1]
    return abs(numbers.scaled(metric, value) - last.mean) / max(last.upper - last.lower, 1e-9)


def moved(moves: Sequence[Move], lang: Language) -> list[Block]:
    """Who went beyond its own normal variation, one sentence each."""
    blocks: list[Block] = [Heading(say("documents.bulletin_moves", lang), 2)]
    if not moves:
        return [*blocks, Paragraph(say("documents.bulletin_moves_none", lang))]
    stop = "。" if lang == "zh" else "."
    leads = tuple(say("report.lead", lang, subject=one.estate) for one in moves)
    counts = {mark: sum(one.mark == mark for one in moves) for mark in ("worse", "better")}
    parts = say("report.comma", lang).join(
        say(f"findings.{mark}", lang, count=count) for mark, count in counts.items() if count
    )
    said = say("findings.moves", lang, count=len(moves), parts=parts)
    return [*blocks, Points(tuple(one.text + stop for one in moves), leads, finding=said)]


def cases(moves: Sequence[Move], lang: Language) -> list[Block]:
    """The clearest changes with their run charts: the better ones first."""
    if not moves:
        return [Paragraph(say("documents.bulletin_cases_none", lang))]
    blocks: list[Block] = []
    for mark, key in (("better", "good"), ("worse", "bad")):
        chosen = _first([one for one in moves if one.mark == mark])
        if not chosen:
            continue
        blocks.append(Heading(say(f"documents.bulletin_cases_{key}", lang), 2))
        for one in chosen:
            blocks.append(Paragraph(one.story, lead=say("report.lead", lang, subject=one.estate)))
            blocks.append(Picture(one.figure))
    return blocks


def _first(moves: Iterable[Move]) -> list[Move]:
    """The clearest, of each estate one."""
    found: dict[str, Move] = {}
    for one in sorted(moves, key=lambda move: -move.weight):
        found.setdefault(one.estate, one)
    return list(found.values())[:CASES]
