"""The page 对标: every estate beside its peers, in pictures and a table, and what may not be compared and why."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from statistics import median
from typing import Final

from dashboard import numbers
from dashboard.charts.run import Trends
from dashboard.published import HEADLINES, Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Figure, Link
from dashboard.stories.compare_dots import basis_words, dot_plot, mark_words
from dashboard.stories.compare_fields import funnel_chart, quadrants
from dashboard.stories.compare_notes import footnotes
from dashboard.stories.compare_peers import Standing, judgements_of, standings
from dashboard.stories.compare_trends import trends
from dashboard.stories.compare_view import Choice, View, choices, group_name, view_of
from dashboard.words import say
from pipelines.metrics.judging import Judgement
from pipelines.metrics.question import Question
from pipelines.metrics.values import Value

NAMES: Final = 3
"""So many estates are named in a sentence; more are counted."""


@dataclass(frozen=True)
class Refusal:
    """What was not compared and why, with the page that explains it."""

    text: str
    link: Link
    word: str


@dataclass(frozen=True)
class TableRow:
    """An estate in the sortable table: its peer group, households, and the four headline figures by metric."""

    estate: str
    peers: str
    households: int | None
    figures: dict[str, float | None]


@dataclass(frozen=True)
class Compare:
    """The page. `notes` stand by their figure's id, under its picture; `no_field` says why there are no quadrants."""

    title: str
    scope: str
    test: str
    choices: tuple[Choice, ...]
    dots: Figure
    funnel: Figure | None
    quadrants: Figure | None
    trends: Figure | None
    notes: dict[str, str]
    no_field: str
    refusals: tuple[Refusal, ...]
    metrics: tuple[tuple[str, str, str, int], ...]
    figures: tuple[Figure, ...]


def compare(published: Published, selection: Selection) -> Compare:
    """The page in a view."""
    view = view_of(published, selection)
    lang = view.lang
    found = standings(published, view)
    judgements = judgements_of(published, view, found)
    chart = dot_plot(published, view, found)
    title, scope = _title(view, found), _scope(published, view, found)
    when = numbers.period(view.period, lang)
    subtitle = say("compare.subtitle", lang, name=view.name, period=when)
    note = footnotes(published, view, found)
    dots = Figure("compare-dots", title, scope, chart, note("compare-dots"), label=title)
    funnel = field = six = None
    notes: dict[str, str] = {}
    if (
        tunnel := funnel_chart(view, found, "compare.centre_group" if view.peers else "compare.centre_street")
    ) is not None:
        heading = say("compare.funnel_title", lang)
        out = sum(one.mark in ("better", "worse") for one in tunnel.spots)
        notes["compare-funnel"] = say(
            "compare.funnel_note_peers" if view.peers else "compare.funnel_note", lang, count=out
        )
        funnel = Figure(
            "compare-funnel", heading, subtitle, tunnel, note("compare-funnel"), label=notes["compare-funnel"]
        )
    if (four := quadrants(published, view)) is not None:
        heading = say("compare.quadrant_title", lang, group=four.group, count=four.count)
        notes["compare-quadrants"] = say("compare.quadrant_note", lang)
        field = Figure("compare-quadrants", heading, when, four.chart, note("compare-quadrants"), label=heading)
    if (many := trends(published, view, found, judgements)) is not None:
        heading = say("compare.trends_title", lang, count=len(many.charts))
        notes["compare-trends"] = _trend_note(published, view, found, many)
        six = Figure("compare-trends", heading, notes["compare-trends"], many, note("compare-trends"), label=heading)
    no_field = "" if field else say("compare.no_quadrants", lang, period=when)
    return Compare(
        title=title,
        scope=scope,
        test=_test(view, found),
        choices=choices(published, view),
        dots=dots,
        funnel=funnel,
        quadrants=field,
        trends=six,
        notes=notes,
        no_field=no_field,
        refusals=_refusals(published, view, found, judgements),
        metrics=_columns(published, view),
        figures=tuple(one for one in (dots, funnel, field, six) if one is not None),
    )


def table_rows(published: Published, selection: Selection) -> tuple[TableRow, ...]:
    """The four headline figures of the estates in view, as people read them."""
    view = view_of(published, selection)
    about = {
        estate: (group, english, households)
        for estate, group, english, households in published.desk.places.select(
            "estate", "peer_group", "peer_group_en", "households"
        ).iter_rows()
    }
    names = [one for one, (group, _, _) in about.items() if view.peers in ("", group)]
    if not names:
        return ()
    wanted = [name for name in HEADLINES if not view.is_week or name == "closure_median_hours"]
    values = published.values(Question(view.period, "estate", tuple(names), tuple(wanted), verdicts=False))
    figures: dict[str, dict[str, float | None]] = {name: {} for name in names}
    for one in values:
        metric = published.metric(one.metric)
        same = one.value is not None and one.basis == metric.bases[0]
        figures[one.subject][one.metric] = numbers.scaled(metric, one.value or 0.0) if same else None
    return tuple(
        TableRow(name, about[name][1 if view.lang == "en" else 0], about[name][2], figures[name]) for name in names
    )


def _title(view: View, found: tuple[Standing, ...]) -> str:
    metric, lang = view.metric, view.lang
    ranked = [one for one in found if one.is_ranked]
    when = numbers.period(view.period, lang)
    if not ranked:
        return say("compare.title_none", lang, period=when, name=view.name)
    if metric.interval == "none":
        values = [one.value.value or 0.0 for one in ranked]
        ends = (min(values), median(values), max(values))
        low, middle, high = (numbers.amount(metric, one, lang) for one in ends)
        if len(ranked) == 1:
            return say("compare.title_one", lang, estate=ranked[0].subject, name=view.name, value=low)
        if metric.unit != "percent":
            low, middle = (numbers.figure(metric, one) for one in ends[:2])
        key = "compare.title_stock" if metric.kind == "stock" else "compare.title_plain"
        return say(key, lang, count=len(ranked), name=view.name, low=low, middle=middle, high=high)
    judged = [one for one in ranked if one.mark in ("better", "same", "worse")]
    if not judged:
        return say("compare.title_unjudged", lang, count=len(ranked), name=view.name, period=when)
    counts = {mark: sum(one.mark == mark for one in judged) for mark in ("better", "same", "worse")}
    if counts["same"] == len(judged):
        return say("compare.title_same", lang, count=len(judged), name=view.name)
    better, worse = mark_words(view)
    parts = [
        say("compare.title_part", lang, count=counts[mark], word=_lower(word, lang))
        for mark, word in (("better", _short(better)), ("worse", _short(worse)))
        if counts[mark]
    ]
    told = say("compare.comma", lang).join(parts)
    return say("compare.title_marks", lang, count=len(judged), same=counts["same"], told=told, name=view.name)


def _short(word: str) -> str:
    return word.removesuffix("同类").removesuffix("于").removesuffix(" than peers")


def _lower(word: str, lang: str) -> str:
    return word[:1].lower() + word[1:] if lang == "en" else word


def _scope(published: Published, view: View, found: tuple[Standing, ...]) -> str:
    lang, metric = view.lang, view.metric
    basis = view.basis or metric.bases[0]
    name = view.name
    if len(metric.bases) > 1:
        name = say("compare.with_basis", lang, name=name, basis=published.words("basis", basis, lang))
    head = say("compare.subtitle", lang, name=name, period=numbers.period(view.period, lang))
    told = [say("compare.scope_plain" if metric.interval == "none" else "compare.scope_interval", lang, head=head)]
    registered = set(published.desk.places["estate"])
    reported = [one.value.value is not None for one in found if one.value.subject in registered]
    told.append(say("compare.scope_reported", lang, count=sum(reported), of=len(reported)))
    few = sum(one.value.reason == "too_few" for one in found)
    care = sum(one.is_cautioned and one.is_ranked for one in found)
    aside = sum(bool(one.refused) for one in found)
    told += [say("compare.scope_few", lang, count=few)] if few else []
    told += [say("compare.scope_care", lang, count=care)] if care else []
    told += [say("compare.scope_aside", lang, count=aside)] if aside else []
    if view.period.end > published.as_of:
        told.append(say("compare.scope_unfinished", lang, day=numbers.day(published.as_of, lang)))
    return say("compare.space", lang).join(told)


def _test(view: View, found: tuple[Standing, ...]) -> str:
    if view.metric.interval == "none":
        return say("compare.test_none", view.lang)
    judged = sum(one.mark in ("better", "same", "worse") for one in found)
    chance = max(1, round(judged * 0.05))
    return say("compare.test", view.lang, count=judged, chance=chance) if judged else ""


def _trend_note(published: Published, view: View, found: tuple[Standing, ...], many: Trends) -> str:
    lang, decimals = view.lang, view.metric.decimals
    ends = {"low": numbers.number(many.low, decimals), "high": numbers.number(many.high, decimals)}
    unit = numbers.unit(view.metric, lang)
    whose = next((one.group for one in found if one.group and one.subject == many.charts[0].name), None)
    if many.median is None or whose is None:
        return say("compare.trends_note", lang, unit=unit, **ends)
    whom = group_name(published, whose[0], lang)
    value = numbers.number(many.median, decimals)
    return say("compare.trends_note_median", lang, unit=unit, value=value, whom=whom, **ends)


def _refusals(
    published: Published, view: View, found: tuple[Standing, ...], judgements: Mapping[str, Judgement]
) -> tuple[Refusal, ...]:
    lang, told = view.lang, []
    usual = next((one.value for one in found if one.is_ranked), None)
    for kind in ("basis", "age", "reported_only"):
        those = [one.value for one in found if one.refused == kind]
        if those and usual is not None:
            other = basis_words(published, those[0].basis, view)
            own = basis_words(published, usual.basis, view)
            told.append(say(f"compare.refused_{kind}", lang, names=_names(those, view), other=other, own=own))
    moved = [
        one.value for one in found if one.subject in judgements and "mode_changed" in judgements[one.subject].caveats
    ]
    told += [say("compare.refused_mode", lang, names=_names(moved, view))] if moved else []
    tiers = {one.group[1] for one in found if one.is_ranked and one.group}
    told += [say("compare.refused_tier", lang)] if view.metric.tiered and len(tiers) > 1 else []
    link = Link("definitions", {"metric": view.metric.id})
    return tuple(Refusal(one, link, say("compare.see_definitions", lang)) for one in told)


def _names(values: Iterable[Value], view: View) -> str:
    names = [one.subject for one in values]
    shown = say("compare.and", view.lang).join(names[:NAMES])
    return shown if len(names) <= NAMES else say("compare.more", view.lang, names=shown, count=len(names))


def _columns(published: Published, view: View) -> tuple[tuple[str, str, str, int], ...]:
    """The columns of the table: metric, name, unit, decimals."""
    metrics = [published.metric(name) for name in HEADLINES]
    return tuple(
        (one.id, one.zh if view.lang == "zh" else one.en, numbers.unit(one, view.lang), one.decimals) for one in metrics
    )
