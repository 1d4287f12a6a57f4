"""The tables of documents: the main figures of a street, every estate's four figures, and each metric in detail."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime, time, timedelta

from dashboard import numbers
from dashboard.charts.dots import DotPlot
from dashboard.published import HEADLINES, Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Cell, Column, Figure, Footnote, Table
from dashboard.stories.compare_peers import sorted_standings, standings
from dashboard.stories.compare_view import View, view_of
from dashboard.stories.editions import hidden_estates
from dashboard.stories.estate_names import named
from dashboard.stories.headline import reason_words
from dashboard.stories.meeting import street_of
from dashboard.stories.peers_marks import cautioned
from dashboard.stories.report import Edition, Format, Grid, Rule
from dashboard.stories.sentences import Told
from dashboard.stories.suppression import LEAST, Sum, kept_back
from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question
from pipelines.tracing.codes import code_of
from pipelines.words import Language

DETAILED = {
    "satisfaction_rate": ("satisfied", "answers", "whole"),
    "collection_rate": ("received", "due", "two"),
    "cost_per_m2_month": ("spent", "area_months", "two"),
    "closure_on_time_rate": ("in_time", "tickets_known", "whole"),
}
"""Metrics that are one amount ÷ another: the words of the two columns, and their format."""


INTERVAL = 4
"""The column of the intervals in a detailed table."""
TRACED = frozenset({*HEADLINES, "closure_on_time_rate", "overdue_tickets", "break_even_ratio"})


def footnote(
    published: Published,
    metric_ids: Sequence[str],
    period: Period,
    lang: Language,
    *,
    by: str = "estate",
    subject: str = "",
) -> Footnote:
    """What stands below a table or picture of these metrics; its codes lead to the figures of the subject, or of all
    of its level."""
    metrics = [published.metric(one) for one in metric_ids]
    kinds = sorted({kind for one in metrics for kind in one.sources})
    files = published.rows("metric_files", kinds=kinds, first=period.start, last=period.end)["files"][0]
    definition = ""
    if len(metrics) == 1:
        definition = metrics[0].definition_zh if lang == "zh" else metrics[0].definition_en
    return Footnote(
        definition=definition,
        sample="",
        period=numbers.period(period, lang),
        as_of=numbers.day(published.as_of, lang, year=True),
        source=say("meeting.figure_source", lang, count=files),
        version=published.version,
        code=say("report.and", lang).join(
            code_of(one.id, period, by, subject, one.bases[0]) for one in metrics if one.id in TRACED
        ),
    )


def coded(figure: Figure, metric: Metric, period: Period, by: str = "estate", subject: str = "") -> Figure:
    """A picture of a page with the code that leads to its figures, for the subject or for all of the level."""
    code = code_of(metric.id, period, by, subject, metric.bases[0])
    return replace(figure, footnote=replace(figure.footnote, code=code))


def registered(published: Published, figure: Figure) -> Figure:
    """A comparison without the empty rows of names that no register lists: a document claims nothing of them."""
    if not isinstance(figure.chart, DotPlot):
        return figure
    unknown = frozenset(published.desk.unregistered)
    rows = tuple(one for one in figure.chart.rows if one.value is not None or one.subject not in unknown)
    return replace(figure, chart=replace(figure.chart, rows=rows))


def amount_cell(metric: Metric, value: float | None, lang: Language, *, after: str = "") -> Cell:
    """A metric's value with its unit; behind it the number that is read (percent as a fraction, long hours as days)."""
    text = numbers.amount(metric, value, lang)
    return Cell(text + after, _read(metric, value))


def _read(metric: Metric, value: float | None) -> float | None:
    if value is None:
        return None
    if metric.unit == "hours" and value > numbers.LONG_HOURS:
        return value / 24
    return value


def main_figures(published: Published, street: str, found: Sequence[Told], period: Period, lang: Language) -> Grid:
    """Table: each metric of the street with its interval, changes, coverage and verdict."""
    rows = []
    for one in found:
        value = one.value
        between = numbers.bare_interval(one.metric, value.low, value.high) if value.low != value.high else numbers.NONE
        rows.append(
            (
                Cell(one.name),
                amount_cell(one.metric, value.value, lang),
                Cell(between),
                _change(one, one.since, lang),
                _change(one, one.since_year, lang),
                Cell(value.coverage),
                Cell(one.verdict if one.is_known else one.reason, mark=one.mark if one.is_known else None),
            )
        )
    heads = ("metric", "value_now", "interval", "since", "since_year", "coverage_head", "verdict")
    columns = tuple(
        Column(say(f"documents.{key}", lang), is_number=key not in ("metric", "verdict", "coverage_head"))
        for key in heads
    )
    title = say("documents.main_title", lang, street=street, period=numbers.period(period, lang))
    note = say("documents.main_note", lang)
    table = Table("main", title, columns, tuple(rows), note)
    return Grid(
        table,
        footnote(published, [one.metric.id for one in found], period, lang, by="street", subject=street),
        ("text",) * 7,
        widths=(1.5, 1.25, 1.15, 1.25, 1.25, 0.9, 2.0),
    )


def _change(one: Told, by: float | None, lang: Language) -> Cell:
    """A change; its unit is that of the value beside it, for a rate percentage points."""
    if by is None:
        return Cell(numbers.NONE)
    scaled = numbers.scaled(one.metric, by)
    if one.metric.unit == "percent":
        return Cell(numbers.change(one.metric, by, lang), scaled)
    return Cell(numbers.number(scaled, one.metric.decimals, signed=True), scaled)


def all_estates(published: Published, period: Period, lang: Language, edition: Edition) -> Grid:
    """Table: every estate of the register with its four figures; what a public edition keeps back as ※."""
    names = tuple(published.desk.places["estate"].to_list())
    households = dict(published.desk.places.select("estate", "households").iter_rows())
    held = {
        metric: {
            one.subject: one for one in published.values(Question(period, "estate", names, (metric,), verdicts=False))
        }
        for metric in HEADLINES
    }
    gone = {one: hidden_estates(published, one, period) if edition == "public" else frozenset() for one in HEADLINES}
    rows = []
    reasons: dict[str, str] = {}
    for name in sorted(names, key=lambda one: (-(households.get(one) or 0), one)):
        cells = [Cell(name), Cell(numbers.number(households.get(name)), households.get(name))]
        for metric_id in HEADLINES:
            metric, value = published.metric(metric_id), held[metric_id][name]
            if name in gone[metric_id]:
                cells.append(Cell(say("report.kept_back_mark", lang)))
            elif value.value is None:
                cells.append(Cell(numbers.NONE))
                reasons.setdefault(value.reason or "", published.words("reason", value.reason or "not_reported", lang))
            else:
                after = " △" if cautioned(value) else ""
                cells.append(Cell(numbers.figure(metric, value.value) + after, value.value))
        rows.append(tuple(cells))
    metrics = [published.metric(one) for one in HEADLINES]
    columns = (
        Column(say("documents.estate_head", lang)),
        Column(say("documents.households", lang), say("documents.households_unit", lang), is_number=True),
        *(Column(one.zh if lang == "zh" else one.en, numbers.unit(one, lang), is_number=True) for one in metrics),
    )
    title = say("documents.estates_title", lang, period=numbers.period(period, lang))
    note = say("documents.estates_note", lang)
    if reasons:
        note += say("documents.none_note", lang, reasons=say("report.and", lang).join(reasons.values()))
    note += _public_note(edition, lang)
    formats: tuple[Format, ...] = ("text", "whole", *(_format(one) for one in metrics))
    return Grid(
        Table("estates", title, columns, tuple(rows), note),
        footnote(published, HEADLINES, period, lang),
        formats,
        widths=(1.8, 0.9, 1.0, 1.0, 1.3, 1.3),
    )


def detail(published: Published, metric_id: str, period: Period, lang: Language, edition: Edition) -> Grid | None:
    """Table: a metric of every estate as one amount ÷ another with their totals, ranked where it may be; None where
    nobody reported. Places in the ranking are of the estates that may be ranked together."""
    metric = published.metric(metric_id)
    over, under, kind = DETAILED[metric_id]
    names = tuple(published.desk.places["estate"].to_list())
    values = published.values(Question(period, "estate", names, (metric_id,), verdicts=False))
    if all(one.value is None for one in values):
        return None
    gone = hidden_estates(published, metric_id, period) if edition == "public" else frozenset()
    view = view_of(published, Selection(lang=lang, period=numbers.code(period), metric=metric_id))
    places, order = _ranking(published, view, metric, is_public=edition == "public")
    refused = {
        one.subject: say(f"documents.refused_{one.refused}", lang)
        for one in standings(published, view)
        if one.refused and places
    }
    fmt: Format = "whole" if kind == "whole" else "two"
    rows = []
    by_name = {one.subject: one for one in values}
    for name in [one for one in order if one in by_name] + sorted(set(by_name) - set(order)):
        one = by_name[name]
        if name in gone:
            mark = say("report.kept_back_mark", lang)
            rows.append((Cell(name), Cell(mark), Cell(mark), Cell(mark), Cell(mark), Cell(mark)))
            continue
        reason = "" if one.value is not None else reason_words(published, one, lang)
        is_few = one.reason == "too_few"
        rows.append(
            (
                Cell(name),
                Cell(numbers.NONE) if one.value is None and not is_few else _amount(one.numerator, fmt),
                Cell(numbers.NONE) if one.value is None and not is_few else _amount(one.denominator, fmt),
                Cell(numbers.figure(metric, one.value) + (" △" if cautioned(one) else ""), one.value),
                Cell(numbers.bare_interval(metric, one.low, one.high) if one.low != one.high else numbers.NONE),
                Cell(reason or (str(places[name]) if name in places else refused.get(name, numbers.NONE)), None),
            )
        )  # fmt: skip
    street = published.values(Question(period, "street", metrics=(metric_id,), verdicts=False))
    whole = street[0] if street else None
    if whole is not None and whole.value is not None:
        rows.append(
            (
                Cell(say("report.total", lang)), _amount(whole.numerator, fmt), _amount(whole.denominator, fmt),
                Cell(numbers.figure(metric, whole.value), whole.value),
                Cell(
                    numbers.bare_interval(metric, whole.low, whole.high) if whole.low != whole.high else numbers.NONE
                ),
                Cell(whole.coverage),
            )
        )  # fmt: skip
    name = metric.zh if lang == "zh" else metric.en
    columns = (
        Column(say("documents.estate_head", lang)),
        Column(say(f"documents.{over}", lang), say(f"documents.{over}_unit", lang), is_number=True),
        Column(say(f"documents.{under}", lang), say(f"documents.{under}_unit", lang), is_number=True),
        Column(name, numbers.unit(metric, lang), is_number=True),
        Column(say("documents.interval", lang), "", is_number=True),
        Column(say("documents.place_or_reason", lang) if places else say("documents.remark", lang)),
    )
    title = say("documents.detail_title", lang, name=name, period=numbers.period(period, lang))
    note = say("documents.places_note", lang) if places else say("documents.not_ranked", lang)
    note += _public_note(edition, lang)
    # A metric without intervals has no column of them.
    shown = [place for place in range(len(columns)) if place != INTERVAL or metric.interval != "none"]
    formats: tuple[Format, ...] = ("text", fmt, fmt, _format(metric), "text", "text")
    return Grid(
        Table(
            f"detail-{metric_id}",
            title,
            tuple(columns[place] for place in shown),
            tuple(tuple(row[place] for place in shown) for row in rows),
            note,
        ),
        footnote(published, (metric_id,), period, lang),
        tuple(formats[place] for place in shown),
        (Rule(1, "sum"), Rule(2, "sum"), Rule(3, "ratio", over=1, under=2)),
        has_total=whole is not None and whole.value is not None,
        widths=tuple((1.6, 1.2, 1.2, 0.9, 1.1, 1.7)[place] for place in shown),
    )


def _ranking(published: Published, view: View, metric: Metric, *, is_public: bool) -> tuple[dict[str, int], list[str]]:
    """Places from the best on (none for costs of several tiers, and none in public), and the order of the rows."""
    found = sorted_standings(view, standings(published, view))
    order = [one.subject for one in found]
    if is_public:
        # The order alone would tell where a figure that is kept back lies.
        return {}, sorted(order)
    ranked = [one for one in found if one.is_ranked and not one.is_cautioned]
    if metric.tiered or metric.direction == "neither":
        return {}, order
    return {one.subject: place for place, one in enumerate(ranked, 1)}, order


def categories(published: Published, period: Period, lang: Language, edition: Edition) -> Grid | None:
    """Table: tickets by category, with totals; None without tickets."""
    until = min(period.end, published.as_of)
    moment = datetime.combine(until + timedelta(days=1), time())
    found = published.rows("report_tickets", start=period.start, end=period.end, moment=moment).rows()
    if not found:
        return None
    gone = _hidden_counts(found) if edition == "public" else frozenset()
    mark = say("report.kept_back_mark", lang)
    whole = sum(closed + still for _, closed, still, _ in found)

    def cell(name: str, what: str, count: int) -> Cell:
        return Cell(mark) if (name, what) in gone else Cell(numbers.number(count), count)

    rows = []
    sums = ("", sum(row[1] for row in found), sum(row[2] for row in found), sum(row[3] for row in found))
    for key, closed, still, over in [*((name or "", *rest) for name, *rest in found), ("\0", *sums[1:])]:
        count = closed + still
        is_gone = (key, "all") in gone
        rows.append(
            (
                Cell(say("report.total", lang) if key == "\0" else named(key, lang)),
                cell(key, "all", count),
                Cell(mark) if is_gone else Cell(f"{numbers.number(count / whole * 100, 1)}%", count / whole),
                cell(key, "closed", closed),
                cell(key, "open", still),
                cell(key, "over", over),
            )
        )
    heads = ("category", "opened", "share", "closed", "still_open", "overdue")
    columns = tuple(Column(say(f"documents.{key}", lang), is_number=key != "category") for key in heads)
    title = say("documents.categories_title", lang, period=numbers.period(period, lang))
    # Where most of how the tickets stand is kept back, these columns tell nothing and are left out.
    states = [cell.text for row in rows for cell in row[3:]]
    width = 3 if states.count(mark) * 2 > len(states) else len(columns)
    shown = tuple(row[:width] for row in rows)
    is_marked = any(cell.text == mark for row in shown for cell in row)
    formats: tuple[Format, ...] = ("text", "whole", "percent", "whole", "whole", "whole")
    rules = (Rule(1, "sum"), Rule(2, "of_total", over=1, under=1), *(Rule(place, "sum") for place in (3, 4, 5)))
    return Grid(
        Table("categories", title, columns[:width], shown, _public_note(edition, lang) if is_marked else ""),
        footnote(published, ("closure_median_hours",), period, lang, by="street", subject=street_of(published)),
        formats[:width],
        tuple(one for one in rules if one.column < width),
        has_total=True,
        widths=(1.6, 1, 1, 1, 1, 1)[:width],
    )


def _hidden_counts(found: Sequence[tuple[str, int, int, int]]) -> frozenset[tuple[str, str]]:
    """The cells to keep back of counts by category: all = closed + open, open = over its limit + within it."""
    samples: dict[tuple[str, str], float] = {}
    rows = [(str(name or ""), int(closed), int(still), int(over)) for name, closed, still, over in found]
    total = ("\0", sum(one[1] for one in rows), sum(one[2] for one in rows), sum(one[3] for one in rows))
    sums = []
    for name, closed, still, over in [*rows, total]:
        counts = {"all": closed + still, "closed": closed, "open": still, "over": over, "within": still - over}
        samples |= {(name, what): float(count) for what, count in counts.items()}
        sums.append(Sum((name, "all"), ((name, "closed"), (name, "open"))))
        sums.append(Sum((name, "open"), ((name, "over"), (name, "within"))))
    whats = ("all", "closed", "open", "over", "within")
    sums += [Sum(("\0", what), tuple((name, what) for name, *_ in rows)) for what in whats]
    return kept_back(samples, sums)


def _public_note(edition: Edition, lang: Language) -> str:
    return say("report.kept_back_note", lang, least=LEAST) if edition == "public" else ""


def _amount(value: float | None, fmt: Format) -> Cell:
    return Cell(numbers.number(value, 0 if fmt == "whole" else 2), value)


def _format(metric: Metric) -> Format:
    if metric.unit == "percent":
        return "percent"
    return "two" if metric.decimals == 2 else "one" if metric.decimals == 1 else "whole"
