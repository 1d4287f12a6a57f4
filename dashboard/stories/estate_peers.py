"""Where an estate stands among its peers: all of them as dots, their median, and what the test says."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import numbers
from dashboard.charts.dots import Strip, StripDot
from dashboard.published import Published
from dashboard.stories.compare_peers import Standing, standings
from dashboard.stories.compare_view import View
from dashboard.stories.estate_names import named
from dashboard.stories.headline import Headline
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.periods import Period
from pipelines.words import Language


@dataclass(frozen=True)
class Among:
    """The strip (None where there is nothing to compare with) and what may be said of it."""

    strip: Strip | None
    words: str


def among_peers(published: Published, estate: str, one: Headline, lang: Language) -> Among:
    """An estate's headline figure among the same figures of its peers, by the test of the comparison."""
    metric = published.metric(one.metric)
    found = standings_in(published, metric, one.period)
    own = next((each for each in found if each.subject == estate), None)
    if own is None or one.value.value is None or own.group is None:
        return Among(None, say("estate.peer_none", lang) if one.value.value is not None else "")
    peers = [each for each in found if each.group == own.group and each.is_ranked and each.subject != estate]
    if not peers:
        return Among(None, say("estate.peer_none", lang))
    if own.refused:
        return Among(_strip(metric, own, peers, lang, is_own=False), say(f"estate.peer_unlike_{own.refused}", lang))
    return Among(_strip(metric, own, peers, lang, is_own=True), _said(metric, own, lang))


def standings_in(published: Published, metric: Metric, period: Period) -> tuple[Standing, ...]:
    """All estates beside their peers in a period, as the comparison puts them."""
    return published.made(
        ("standings", metric.id, period), lambda: standings(published, View(metric, None, period, "", "zh"))
    )


def marks_in(published: Published, metric: Metric, period: Period) -> dict[str, Mark]:
    """Estate → its mark against its peers in a period."""
    return {one.subject: one.mark for one in standings_in(published, metric, period)}


def _said(metric: Metric, own: Standing, lang: Language) -> str:
    if own.is_cautioned:
        return say("estate.peer_caution", lang)
    if metric.interval == "none":
        return say("estate.peer_untested", lang)
    return say(f"estate.peer_{own.mark}" if own.mark in {"better", "worse", "same"} else "estate.peer_caution", lang)


def _strip(metric: Metric, own: Standing, peers: list[Standing], lang: Language, *, is_own: bool) -> Strip:
    def read(value: float | None) -> float:
        return numbers.scaled(metric, value or 0.0)

    def said(each: Standing) -> str:
        name = each.subject
        return say("estate.apart_part", lang, name=name, amount=numbers.amount(metric, each.value.value, lang))

    known = [each.value.value or 0.0 for each in (*peers, *((own,) if is_own else ()))]
    median = own.median
    return Strip(
        dots=tuple(StripDot(each.subject, each.subject, read(each.value.value), said(each)) for each in peers),
        median=None if median is None else read(median),
        median_word="" if median is None else say("estate.peer_median", lang, value=numbers.figure(metric, median)),
        own=read(own.value.value) if is_own else None,
        own_text=said(own),
        mark=own.mark if own.mark != "none" and metric.interval != "none" else "caution",
        low_word=numbers.figure(metric, min(known)),
        high_word=numbers.figure(metric, max(known)),
    )


def group_words(published: Published, estate: str, lang: Language) -> tuple[str, int]:
    """An estate's peer group in words, and how many estates it holds; empty and 0 without one."""
    places = published.desk.places
    own = dict(places.select("estate", "peer_group").iter_rows())
    group = own.get(estate)
    if group is None:
        return "", 0
    return named(group, lang), sum(each == group for each in own.values())
