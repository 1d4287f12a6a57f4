"""The page 地图: what stands where, whom a test sets apart, and the card of the estate that was clicked."""

from __future__ import annotations

from dataclasses import dataclass, replace
from math import sqrt
from typing import Any, Final

from dashboard import numbers
from dashboard.charts.street import Place, Rung, State, StreetMap
from dashboard.published import HEADLINES, Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Control, Figure, Link
from dashboard.stories.compare_dots import mark_words
from dashboard.stories.compare_notes import footnotes
from dashboard.stories.compare_peers import Standing, standings
from dashboard.stories.compare_view import View, group_name, periods_of, view_of
from dashboard.stories.map_ground import Ground, ground
from dashboard.stories.map_rungs import rung_of, rungs, thresholds
from dashboard.stories.peers_marks import mark_of
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.metrics.question import Question

RADIUS: Final = 0.5
LEAST_RADIUS: Final = 6.5
MANY: Final = 60
"""With more estates than this only the largest, the flagged and the chosen are named, and circles shrink."""
NAMED: Final = 20
SIZES: Final = (100, 1000, 3000)
STATES: Final[dict[str, State]] = {"too_few": "few", "unmanaged": "unmanaged"}
WORDED: Final = frozenset({"unmanaged", "free_service", "no_tickets"})


@dataclass(frozen=True)
class CardRow:
    """One of the four metrics of the clicked estate against its peers."""

    name: str
    text: str
    peers: str
    mark: Mark
    word: str


@dataclass(frozen=True)
class Card:
    """The clicked estate."""

    estate: str
    facts: str
    rows: tuple[CardRow, ...]
    link: Link


@dataclass(frozen=True)
class Community:
    """A community's value with its interval, as people read them, its mark against the street, who reported."""

    name: str
    text: str
    value: float | None
    low: float | None
    high: float | None
    mark: Mark
    reported: str
    reason: str


@dataclass(frozen=True)
class MapPage:
    """The page. `states`: how many estates are shown without a value, by state."""

    title: str
    scope: str
    test: str
    controls: tuple[Control, ...]
    chart: StreetMap
    states: tuple[tuple[State, str, int], ...]
    marks: tuple[tuple[Mark, str], ...]
    card: Card | None
    communities: tuple[Community, ...]
    street: float | None
    street_text: str
    has_interval: bool
    notes: tuple[str, ...]
    figure: Figure
    figures: tuple[Figure, ...]


def report(published: Published, selection: Selection) -> MapPage:
    """The page in a view."""
    view = view_of(published, replace(selection, show=""))
    lang = view.lang
    found = standings(published, view)
    about = {one["estate"]: one for one in published.rows("map_estates").iter_rows(named=True)}
    where = ground(published)
    chart = _chart(view, found, about, where, selection.estate)
    title = _title(view, found, about, chart)
    known = sum(one.state == "value" for one in chart.places)
    when = numbers.period(view.period, lang)
    scope = say("map.scope", lang, name=view.name, period=when, reported=known, estates=len(chart.places))
    scope += say("map.scope_tiles", lang) if where.is_tiled else ""
    better, worse = mark_words(view)
    there = {one.mark for one in chart.places}
    marks: tuple[tuple[Mark, str], ...] = (("better", better), ("worse", worse))
    communities, street = _communities(published, view)
    figure = Figure("map", title, say("compare.subtitle", lang, name=view.name, period=when), chart,
                    footnotes(published, view, found)("map"), say("map.label", lang, title=title))  # fmt: skip
    return MapPage(
        title=title,
        scope=scope,
        test=say("map.no_test" if view.metric.interval == "none" else "map.test", lang),
        controls=_controls(published, view),
        chart=chart,
        states=tuple(
            (state, say(f"map.{state}", lang), count)
            for state in ("missing", "few", "unmanaged")
            if (count := sum(one.state == state for one in chart.places))
        ),
        marks=tuple(one for one in marks if one[0] in there),
        card=_card(published, view, selection.estate, about),
        communities=communities,
        street=street,
        street_text=numbers.amount(view.metric, _street_value(published, view), lang),
        has_interval=view.metric.interval != "none",
        notes=_notes(where, lang),
        figure=figure,
        figures=(figure,),
    )


def _chart(view: View, found: tuple[Standing, ...], about: dict[str, Any], where: Ground, selected: str) -> StreetMap:
    metric, lang = view.metric, view.lang
    shown = [one for one in found if one.subject in where.places]
    values = [numbers.scaled(metric, one.value.value or 0.0) for one in shown if one.is_ranked]
    cuts = thresholds(values) if values else (0.0, 0.0, 0.0)
    shrink = min(1.0, sqrt(MANY / len(shown))) if shown else 1.0
    sized = sorted(shown, key=lambda one: -(one.households or 0))
    named = {one.subject for one in (sized if len(shown) <= MANY else sized[:NAMED])}
    named |= {one.subject for one in shown if one.mark in {"better", "worse"} or one.subject == selected}
    decimals = 0 if metric.unit in {"percent", "hours"} else metric.decimals
    places = []
    for one in sized:
        value = numbers.scaled(metric, one.value.value or 0.0) if one.is_ranked else None
        state, word = _state(one, view)
        x, y = where.places[one.subject]
        text = "" if value is None else numbers.number(value, decimals) + ("△" if one.is_cautioned else "")
        radius = max(RADIUS * sqrt(one.households or 0), LEAST_RADIUS) * shrink
        places.append(
            Place(one.subject, one.subject, str(about[one.subject]["community"] or ""), x, y, max(radius, 4.0),
                  one.households, state, value, text, word, None if value is None else rung_of(value, cuts, metric),
                  one.mark, one.subject in named)
        )  # fmt: skip
    steps = rungs(values, cuts, metric, lang) if values else tuple(Rung("—", 0) for _ in range(4))
    sizes = tuple(
        (count, max(RADIUS * sqrt(count), LEAST_RADIUS) * shrink, numbers.households(count, lang)) for count in SIZES
    )
    unit = numbers.unit(metric, lang)
    return StreetMap(where.areas, tuple(places), steps, where.is_tiled, selected, view.name, unit, sizes, ())


def _state(one: Standing, view: View) -> tuple[State, str]:
    reason = one.value.reason
    if one.is_ranked:
        return "value", ""
    if one.refused:
        return "missing", say("map.refused", view.lang)
    state = STATES.get(reason or "", "missing")
    key = (
        state
        if state != "missing"
        else reason
        if reason in WORDED
        else "missing"
        if reason == "not_reported"
        else "none_other"
    )
    return state, say(f"map.{key}", view.lang)


def _title(view: View, found: tuple[Standing, ...], about: dict[str, Any], chart: StreetMap) -> str:
    lang, name = view.lang, view.name
    ranked = [one for one in found if one.is_ranked and one.subject in about]
    if not ranked:
        return say("map.title_none", lang, name=name, period=numbers.period(view.period, lang))

    def groups(names: list[str]) -> int:
        return len({about[one]["community"] for one in names})

    if view.metric.interval == "none":
        values = [one.value.value or 0.0 for one in ranked]
        low, high = (numbers.amount(view.metric, one, lang) for one in (min(values), max(values)))
        palest = [one.subject for one in chart.places if one.step == 0]
        return say("map.title_plain", lang, name=name, count=len(ranked), low=low, high=high, worst=len(palest),
                   groups=groups(palest))  # fmt: skip
    better, worse = (word[:1].lower() + word[1:] for word in mark_words(view))
    marked = {mark: [one.subject for one in ranked if one.mark == mark] for mark in ("better", "worse")}
    if len(marked["worse"]) == 1:
        estate = marked["worse"][0]
        return say(
            "map.title_worse_one", lang, name=name, word=worse, estate=estate, community=about[estate]["community"]
        )
    if marked["worse"]:
        count = len(marked["worse"])
        return say("map.title_worse", lang, name=name, word=worse, count=count, groups=groups(marked["worse"]))
    if marked["better"]:
        return say("map.title_better", lang, name=name, word=better, other=worse, count=len(marked["better"]),
                   groups=groups(marked["better"]))  # fmt: skip
    judged = sum(one.mark == "same" for one in ranked)
    return say("map.title_same", lang, count=judged, name=name)


def _controls(published: Published, view: View) -> tuple[Control, ...]:
    lang = view.lang
    metrics = tuple((one.id, one.zh if lang == "zh" else one.en) for one in published.desk.metrics.values())
    known = periods_of(published, view.metric)
    periods = dict.fromkeys(
        [view.period, *(one for kind in ("quarter", "month", "half", "year") for one in known[kind])]
    )
    groups = tuple((one, group_name(published, one, lang)) for one in published.desk.subjects("peer_group"))
    return (
        Control("metric", say("map.metric", lang), view.metric.id, metrics),
        Control("period", say("map.period", lang), numbers.code(view.period),
                tuple((numbers.code(one), numbers.period(one, lang)) for one in periods)),
        Control("peers", say("map.peers", lang), view.peers, (("", say("map.all", lang)), *groups)),
    )  # fmt: skip


def _card(published: Published, view: View, estate: str, about: dict[str, Any]) -> Card | None:
    if estate not in about:
        return None
    lang, facts = view.lang, about[estate]
    rows = []
    for name in HEADLINES:
        metric = published.metric(name)
        one_view = View(metric, view.basis if name == view.metric.id else None, view.period, "", lang)
        found = _standings(published, one_view)
        own = next(one for one in found if one.subject == estate)
        median = say("map.no_peer", lang)
        if own.median is not None:
            median = say("map.peer", lang, value=numbers.amount(metric, own.median, lang))
        if own.value.value is None:
            word = published.words("reason", own.value.reason or "not_reported", lang)
        elif metric.interval == "none":
            word = say("map.untested", lang)
        elif own.mark in {"better", "worse"}:
            word = mark_words(one_view)[0 if own.mark == "better" else 1]
        else:
            word = say("map.same" if own.mark == "same" else "map.cautioned", lang)
        mark: Mark = "none" if metric.interval == "none" or own.value.value is None else own.mark
        rows.append(
            CardRow(
                metric.zh if lang == "zh" else metric.en,
                numbers.amount(metric, own.value.value, lang),
                median,
                mark,
                word,
            )
        )
    parts = (facts["community"], facts["housing_type"], facts["company"] or say("map.no_company", lang))
    known = [str(one) for one in parts if one]
    known += [numbers.households(facts["households"], lang)] if facts["households"] else []
    return Card(estate, say("map.comma", lang).join(known), tuple(rows), Link("estate", {"estate": estate}))


def _standings(published: Published, view: View) -> tuple[Standing, ...]:
    return published.made(("standings", view.metric.id, view.basis, view.period), lambda: standings(published, view))


def _street_value(published: Published, view: View) -> float | None:
    values = published.values(Question(view.period, "street", (), (view.metric.id,), basis=view.basis, verdicts=False))
    return values[0].value if len(values) == 1 else None


def _communities(published: Published, view: View) -> tuple[tuple[Community, ...], float | None]:
    """The communities, the best first, marked where their interval leaves out the street's value."""
    metric, lang = view.metric, view.lang
    street = _street_value(published, view)
    values = published.values(Question(view.period, "community", (), (metric.id,), basis=view.basis, verdicts=False))
    sign = 1.0 if metric.direction == "down" else -1.0
    values.sort(key=lambda one: (one.value is None, sign * (one.value or 0.0), one.subject))

    def read(value: float | None) -> float | None:
        return None if value is None else numbers.scaled(metric, value)

    rows = tuple(
        Community(one.subject, numbers.amount(metric, one.value, lang), read(one.value), read(one.low), read(one.high),
                  mark_of(one, street, metric), one.coverage,
                  published.words("reason", one.reason, lang) if one.reason else "")
        for one in values
    )  # fmt: skip
    return rows, read(street)


def _notes(where: Ground, lang: Any) -> tuple[str, ...]:
    if where.is_tiled:
        return (say("map.tiles_note", lang),)
    told = [say("map.source_note", lang)]
    if where.unplaced:
        names = say("map.and", lang).join(where.unplaced[:6])
        told.append(say("map.unplaced", lang, count=len(where.unplaced), names=names))
    return tuple(told)
