"""The comparison: who is ranked with whom, which mark is given, what is refused, and what the page then says."""

from __future__ import annotations

import re
from statistics import median

import pytest

from dashboard.charts.dots import DotPlot, DotRow
from dashboard.charts.fields import FunnelChart, Quadrants
from dashboard.charts.run import Trends
from dashboard.drawings.drawing import draw
from dashboard.published import HEADLINES, Published
from dashboard.screen.printing import page_html
from dashboard.selection import Selection
from dashboard.stories.atoms import Figure, Link
from dashboard.stories.compare import Compare, compare, table_rows
from dashboard.stories.compare_peers import sorted_standings, standings
from dashboard.stories.compare_view import latest, periods_of, view_of
from pipelines.analysis import funnel
from pipelines.metrics.periods import read_period
from pipelines.metrics.question import Question

LANGUAGES = ("zh", "en")


def _dots(page: Compare) -> DotPlot:
    assert isinstance(page.dots.chart, DotPlot)
    return page.dots.chart


def _chart(figure: Figure | None) -> object:
    assert figure is not None
    return figure.chart


def _at(**words: str) -> Selection:
    return Selection(**{"period": "2025Q2", **words})  # type: ignore[arg-type]


def _html(page: Compare, selection: Selection) -> str:
    return page_html(
        "compare.html", selection, pages=[], here="compare", here_word="", other_lang="en", street="", news=[],
        report=page, is_open=False,
    )  # fmt: skip


@pytest.mark.parametrize("lang", LANGUAGES)
def test_every_metric_tells_a_page_in_which_each_estate_keeps_its_row(demo: Published, lang: str) -> None:
    everybody = sorted(demo.desk.subjects("estate"))
    for name in demo.desk.metrics:
        selection = _at(metric=name, lang=lang)
        page = compare(demo, selection)
        rows = _dots(page).rows
        assert sorted(one.subject for one in rows) == everybody, name
        assert all(one.reason for one in rows if one.value is None), name
        assert all(one.mark != "none" for one in rows if one.value is not None), name
        assert [one.value is None for one in rows] == sorted(one.value is None for one in rows), name
        assert page.figures[0].id == "compare-dots"
        assert "None" not in _html(page, selection), name


def test_a_mark_says_that_the_interval_leaves_out_the_median_of_the_estates_own_peers(demo: Published) -> None:
    period = read_period("2025Q2")
    values = demo.values(Question(period, "estate", metrics=("satisfaction_rate",)))
    group = dict(demo.desk.places.select("estate", "peer_group").iter_rows())
    medians = {
        name: median([one.value for one in values if one.value is not None and group.get(one.subject) == name])
        for name in {group.get(one.subject) for one in values if one.value is not None}
    }
    rows = {one.subject: one for one in _dots(compare(demo, _at())).rows}
    judged = 0
    for one in values:
        if one.value is None or {"few", "self_selected", "self_reported", "mode_unknown"} & set(one.caveats):
            continue
        middle = medians[group[one.subject]]
        assert one.low is not None
        assert one.high is not None
        expected = "better" if one.low > middle else "worse" if one.high < middle else "same"
        assert rows[one.subject].mark == expected, one.subject
        assert rows[one.subject].peer_median == pytest.approx(middle * 100)
        judged += 1
    assert judged > 20


def test_the_finding_counts_the_marks_that_are_drawn(demo: Published) -> None:
    page = compare(demo, _at())
    marks = [one.mark for one in _dots(page).rows]
    counts = {kind: marks.count(kind) for kind in ("better", "same", "worse")}
    numbers = [int(one) for one in re.findall(r"\d+", page.title)]
    assert numbers == [sum(counts.values()), counts["same"], counts["better"], counts["worse"]]


def test_money_has_no_interval_so_no_estate_is_called_better_or_worse(demo: Published) -> None:
    for name in ("collection_rate", "cost_per_m2_month", "break_even_ratio"):
        rows = [one for one in _dots(compare(demo, _at(metric=name))).rows if one.value is not None]
        assert rows
        assert {one.mark for one in rows} <= {"same", "caution"}, name
        assert all(one.low is None for one in rows), name


def test_values_of_another_basis_or_age_stand_below_and_are_named_as_refused(demo: Published) -> None:
    page = compare(demo, _at(metric="collection_rate"))
    view = view_of(demo, _at(metric="collection_rate"))
    found = standings(demo, view)
    aside = {one.subject for one in found if one.refused}
    assert {one.refused for one in found} == {"", "basis", "age"}
    assert all(row.value is None and row.reason for row in _dots(page).rows if row.subject in aside)
    ranked = [one.value for one in found if one.is_ranked]
    assert len({one.basis for one in ranked}) == 1
    first = next(one.subject for one in found if one.refused == "basis")
    assert any(first in one.text for one in page.refusals)
    assert all(one.link == Link("definitions", {"metric": "collection_rate"}) for one in page.refusals)


def test_costs_are_ranked_within_their_tier_only(demo: Published) -> None:
    rows = [one for one in _dots(compare(demo, _at(metric="cost_per_m2_month"))).rows if one.value is not None]
    tiers = dict(demo.desk.places.select("estate", "service_tier").iter_rows())
    groups = list(dict.fromkeys(one.group for one in rows))
    assert len(groups) == len({tiers[one.subject] for one in rows}) > 1
    for group in groups:
        those = [one for one in rows if one.group == group]
        assert len({tiers[one.subject] for one in those}) == 1
        assert [one.value for one in those] == sorted(one.value or 0.0 for one in those)
        assert len({one.peer_median for one in those}) == 1


def test_the_best_stand_first_whether_high_or_low_is_good(demo: Published) -> None:
    for name, reverse in (("satisfaction_rate", True), ("closure_median_hours", False)):
        known = [one.value for one in _dots(compare(demo, _at(metric=name))).rows if one.value is not None]
        assert known == sorted(known, reverse=reverse), name
    view = view_of(demo, _at())
    assert [one.subject for one in sorted_standings(view, standings(demo, view))] == [
        one.subject for one in _dots(compare(demo, _at())).rows
    ]


def test_an_estate_without_peers_is_not_judged(demo: Published) -> None:
    view = view_of(demo, _at(metric="closure_median_hours"))
    alone = [one for one in standings(demo, view) if one.group is None and one.is_ranked]
    assert alone
    assert {one.mark for one in alone} == {"caution"}


def test_an_interval_that_is_open_above_is_drawn_to_the_end_of_the_axis() -> None:
    row = DotRow("a", "a", "1", 50.0, "50.0", 40.0, None, "30", 30.0, "worse", False, "")
    html = str(draw(_plot(row), "zh", _href))
    assert 'x1="40.0%" x2="100.0%"' in html


def test_an_empty_street_has_a_page_too(demo: Published) -> None:
    selection = _at(peers="没有这一组")
    page = compare(demo, selection)
    assert _dots(page).rows == ()
    assert page.figures == (page.dots,)
    assert _html(page, selection)


def test_the_funnel_holds_the_limits_of_the_pipelines_and_marks_only_what_lies_beyond_998(demo: Published) -> None:
    page = compare(demo, _at())
    chart = _chart(page.funnel)
    assert isinstance(chart, FunnelChart)
    import polars as pl

    values = [
        one
        for one in demo.values(Question(read_period("2025Q2"), "estate", metrics=("satisfaction_rate",)))
        if one.value is not None
    ]
    frame = pl.DataFrame(
        {
            "estate": [one.subject for one in values],
            "cases": [min(one.numerator or 0.0, one.denominator or 0.0) for one in values],
            "of": [one.denominator or 0.0 for one in values],
        }
    )
    wanted = funnel.proportions(frame, "cases", "of")
    flagged = {name for name, flag in wanted.frame.select("estate", "flag").iter_rows() if str(flag).endswith("998")}
    assert {one.subject for one in chart.spots if one.mark in ("better", "worse")} <= flagged
    assert chart.centre == pytest.approx(wanted.centre * 100)
    largest = wanted.frame.sort("of").tail(1)
    assert chart.limits[-1].low998 == pytest.approx(largest["low_998"][0] * 100)
    assert chart.limits[-1].high95 == pytest.approx(largest["high_95"][0] * 100)


def test_metrics_that_are_no_shares_have_no_funnel(demo: Published) -> None:
    for name in ("closure_median_hours", "cost_per_m2_month", "open_tickets"):
        assert compare(demo, _at(metric=name)).funnel is None, name


def test_the_quadrants_are_of_one_peer_group_and_tier_named_with_its_count(demo: Published) -> None:
    for peers in ("", *demo.desk.subjects("peer_group")):
        page = compare(demo, _at(peers=peers))
        if page.quadrants is None:
            assert page.no_field
            continue
        chart = page.quadrants.chart
        assert isinstance(chart, Quadrants)
        places = {name: (group, tier) for name, group, tier in
                  demo.desk.places.select("estate", "peer_group", "service_tier").iter_rows()}  # fmt: skip
        assert len({places[one.subject] for one in chart.spots}) == 1
        assert str(len(chart.spots)) in page.quadrants.title
        assert chart.x_median == pytest.approx(median([one.x for one in chart.spots]))


def test_trends_show_six_estates_real_changes_first_then_new_companies(demo: Published) -> None:
    chart = _chart(compare(demo, _at(metric="closure_median_hours")).trends)
    assert isinstance(chart, Trends)
    assert len(chart.charts) == 6
    kinds = [one.mark in ("better", "worse") for one in chart.charts]
    assert kinds == sorted(kinds, reverse=True)
    changed = set(demo.rows("compare_new_companies")["estate"])
    later = [one.name in changed for one, real in zip(chart.charts, kinds, strict=True) if not real]
    assert later == sorted(later, reverse=True)
    drawn = [step.value for one in chart.charts for step in one.steps if step.value is not None]
    assert chart.low <= min(drawn)
    assert chart.high >= max(drawn)


def test_one_peer_group_shows_its_own_estates_only(demo: Published) -> None:
    group = demo.desk.subjects("peer_group")[0]
    members = sorted(demo.desk.places.filter(demo.desk.places["peer_group"] == group)["estate"])
    assert sorted(one.subject for one in _dots(compare(demo, _at(peers=group))).rows) == members


def test_the_projector_shows_the_largest_peer_group(demo: Published) -> None:
    rows = _dots(compare(demo, _at(show="projector"))).rows
    sizes = demo.desk.places.filter(demo.desk.places["peer_group_en"] != "ungrouped").group_by("peer_group").len()
    assert len(rows) == sizes["len"].max()


def test_the_latest_complete_quarter_is_shown_unless_another_period_is_asked_for(demo: Published) -> None:
    metric = demo.metric("collection_rate")
    assert latest(demo, metric) == read_period("2025Q2")
    assert latest(demo, metric).end <= demo.as_of
    assert periods_of(demo, metric)["quarter"][-1] == read_period("2024Q1")
    assert "week" not in periods_of(demo, metric)
    assert all(one.end <= demo.as_of for one in periods_of(demo, demo.metric("closure_median_hours"))["week"])


def test_at_most_four_controls_each_with_what_is_shown_chosen(demo: Published) -> None:
    page = compare(demo, _at(metric="collection_rate", basis="with_arrears"))
    assert len(page.choices) <= 4
    for one in page.choices:
        assert sum(option.is_chosen for _, options in one.groups for option in options) == 1, one.label


def test_a_period_without_data_says_so_and_keeps_the_rows(demo: Published) -> None:
    page = compare(demo, _at(period="1999Q1"))
    assert "1999" in page.title
    assert page.funnel is None
    assert page.trends is None
    assert all(one.value is None for one in _dots(page).rows)
    assert _html(page, _at(period="1999Q1"))


def test_a_week_shows_tickets_and_asks_nothing_else_of_it(demo: Published) -> None:
    week = periods_of(demo, demo.metric("closure_median_hours"))["week"][0]
    year, number, _ = week.start.isocalendar()
    page = compare(demo, _at(metric="closure_on_time_rate", period=f"{year}-W{number:02d}"))
    assert len(_dots(page).beside) == 1
    assert page.quadrants is None


def test_the_table_holds_the_four_figures_of_every_estate_of_the_register(demo: Published) -> None:
    rows = {one.estate: one for one in table_rows(demo, _at())}
    assert sorted(rows) == sorted(demo.desk.places["estate"])
    for value in demo.values(Question(read_period("2025Q2"), "estate", metrics=HEADLINES, verdicts=False)):
        if value.subject not in rows:
            continue
        shown = rows[value.subject].figures[value.metric]
        metric = demo.metric(value.metric)
        if value.value is None or value.basis != metric.bases[0]:
            assert shown is None
        else:
            assert shown == pytest.approx(value.value * (100 if metric.unit == "percent" else 1))


def test_names_from_spreadsheets_are_text_in_the_drawing() -> None:
    row = DotRow("<b>x</b>", "<b>x</b>", "1", 50.0, "50.0", 40.0, 60.0, "30", 55.0, "worse", False, "", hint="<i>")
    html = str(draw(_plot(row), "zh", _href))
    assert "<b>x</b>" not in html
    assert "&lt;b&gt;x" in html
    assert "<path" in html
    assert 'x1="40.0%" x2="60.0%"' in html


def _plot(row: DotRow) -> DotPlot:
    words = ("", "", "", "")
    return DotPlot("m", "%", (row,), 0.0, 100.0, (0.0, 50.0), 50.0, "s", None, "", ("a", "b", "c"), (), words, "o")


def _href(link: Link) -> str:
    return Selection().href(link.page, **link.changes)
