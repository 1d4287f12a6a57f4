"""The public edition: which estates' figures it keeps back, and charts and footnotes without them."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from dashboard.charts.dots import DotPlot, Strip
from dashboard.charts.fields import FunnelChart, Quadrants
from dashboard.charts.kinds import Chart
from dashboard.charts.run import RunChart, Trends
from dashboard.charts.street import StreetMap
from dashboard.charts.times import Ageing, CategoryBars, Expenses, Promise
from dashboard.published import Published
from dashboard.stories.atoms import Figure
from dashboard.stories.suppression import LEAST, Sum, kept_back
from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value
from pipelines.words import Language

STREET = ("street", "")


def hidden_estates(published: Published, metric_id: str, period: Period) -> frozenset[str]:
    """The estates whose figures a public edition keeps back for a metric and a period: small samples, and as many
    others as it takes that no sum over the street or a community gives them away."""
    return published.made(("kept back", metric_id, period), lambda: _hidden(published, metric_id, period))


def sample_of(metric: Metric, value: Value, households: int | None) -> float:
    """On how many answers or tickets a figure rests; an amount of money on how many households."""
    if value.reason in ("not_reported", "unmanaged") or value.n is None:
        return 0.0
    counted = metric.sources == ("surveys",) or "tickets" in metric.sources
    return float(value.n) if counted else float(households or LEAST)


def _hidden(published: Published, metric_id: str, period: Period) -> frozenset[str]:
    metric = published.metric(metric_id)
    places = published.desk.places
    names = tuple(places["estate"].to_list())
    if not names:
        return frozenset()
    values = published.values(Question(period, "estate", names, (metric_id,), verdicts=False))
    households = dict(places.select("estate", "households").iter_rows())
    samples: dict[tuple[str, str], float] = {
        ("estate", one.subject): sample_of(metric, one, households.get(one.subject)) for one in values
    }
    sums = []
    for community, members in _members(published).items():
        parts = tuple(("estate", one) for one in members)
        samples["community", community] = sum(samples[one] for one in parts)
        sums.append(Sum(("community", community), parts))
    everyone = tuple(("estate", one) for one in names)
    samples[STREET] = sum(samples[one] for one in everyone)
    sums.append(Sum(STREET, everyone))
    return frozenset(name for level, name in kept_back(samples, sums) if level == "estate")


def _members(published: Published) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for estate, community in published.desk.places.select("estate", "community").iter_rows():
        if community:
            found.setdefault(str(community), []).append(str(estate))
    return found


def steps_are_public(published: Published, metric_id: str, estate: str, periods: Iterable[Period]) -> bool:
    """Whether a run chart of an estate shows nothing that a public edition keeps back."""
    return all(estate not in hidden_estates(published, metric_id, one) for one in periods)


def public_figure(figure: Figure, hidden: frozenset[str], lang: Language) -> Figure | None:
    """The figure without what is kept back; None for kinds that show single tickets or promises."""
    chart = _public(figure.chart, hidden, say("report.kept_back", lang, least=LEAST))
    return None if chart is None else replace(figure, chart=chart)


def _public(chart: Chart, hidden: frozenset[str], reason: str) -> Chart | None:
    match chart:
        case DotPlot():
            rows = [replace(one, beside=()) for one in chart.rows]
            kept = [one for one in rows if one.subject not in hidden]
            gone = [
                replace(one, value=None, text="—", low=None, high=None, sample="", mark="none", cautioned=False,
                        reason=reason, word="", hint="")
                for one in rows
                if one.subject in hidden
            ]  # fmt: skip
            return replace(chart, rows=(*kept, *gone), beside=())
        case FunnelChart() | Quadrants():
            return replace(chart, spots=tuple(one for one in chart.spots if one.subject not in hidden))
        case StreetMap():
            return replace(
                chart,
                places=tuple(
                    replace(one, value=None, text="—", state="few", word=reason, step=None, mark="none")
                    if one.subject in hidden
                    else one
                    for one in chart.places
                ),
            )
        case Strip():
            return replace(chart, dots=tuple(one for one in chart.dots if one.subject not in hidden))
        case Trends():
            kept_charts = tuple(one for one in chart.charts if one.name not in hidden)
            return replace(chart, charts=kept_charts) if len(kept_charts) == len(chart.charts) else None
        case Ageing() | Promise() | CategoryBars():
            return None
        case RunChart() | Expenses():
            return chart
        case _:
            return chart
