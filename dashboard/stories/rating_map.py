"""The map of stars of the page 评星: each estate with its own stars, or with those of the company that runs it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from dashboard.charts.street import Place, Rung, StreetMap
from dashboard.published import Published
from dashboard.stories.atoms import Link
from dashboard.stories.map_ground import ground
from dashboard.stories.rating_board import ALL_STARS, star_word
from dashboard.stories.rating_source import Source
from dashboard.words import say
from pipelines.words import Language

STEPS: dict[int, int] = {1: 0, 2: 0, 3: 1, 4: 2, 5: 3}
"""One and two stars share the palest step of the ramp; the number in the circle tells them apart."""

PAPER_RADIUS = 24.0
"""On paper the number stands in the circle."""


@dataclass(frozen=True)
class Key:
    """A line of the legend: what the circle holds, its step (None: none), its words."""

    text: str
    step: int | None
    state: str
    word: str


@dataclass(frozen=True)
class StarMaps:
    """This round's map, that of the round before (None: there is none), the legend, and where circles lead."""

    now: StreetMap
    before: StreetMap | None
    keys: tuple[Key, ...]
    links: dict[str, Link]


def star_maps(published: Published, found: Source, picked: str, lang: Language) -> StarMaps:
    """The maps of a rating."""
    stars = {one.account.subject: one.account.stars for one in found.rating.subjects}
    now = _map(published, found, stars, picked, lang)
    before = _map(published, found, found.before.stars, picked, lang) if found.before is not None else None
    keys = [
        Key(str(one), STEPS[one], "value", say("rating.key_count", lang, star=star_word(found, one, lang), count=count))
        for one in reversed(ALL_STARS)
        if (count := sum(place.text == str(one) for place in now.places))
    ]
    for state in ("missing", "unmanaged"):
        count = sum(place.state == state for place in now.places)
        if count:
            keys.append(Key("", None, state, say("rating.key_" + state, lang, count=count)))
    led = {one.subject: _leads_to(published, found, one.subject) for one in now.places}
    return StarMaps(now, before, tuple(keys), {name: Link("rating", {"picked": to}) for name, to in led.items() if to})


def _map(
    published: Published, found: Source, stars: Mapping[str, int | None], picked: str, lang: Language
) -> StreetMap:
    where = ground(published)
    states = dict(published.rows("rating_states", day=found.period.end).iter_rows())
    places = []
    for row in published.rows("map_estates").iter_rows(named=True):
        name = row["estate"]
        if name not in where.places:
            continue
        subject = _leads_to(published, found, name)
        given = stars.get(subject) if subject else None
        is_unmanaged = states.get(name) == "unmanaged"
        word = star_word(found, given, lang)
        if given is None and (is_unmanaged or not subject):
            word = say("rating.unmanaged" if is_unmanaged else "rating.no_company", lang)
        x, y = where.places[name]
        places.append(
            Place(
                subject=name, name=name, community=row["community"] or "", x=x, y=y, radius=11.0,
                households=row["households"],
                state="value" if given is not None else "unmanaged" if is_unmanaged else "missing",
                value=None if given is None else float(given), text="" if given is None else str(given), word=word,
                step=None if given is None else STEPS[given], mark="none", is_named=False,
            )
        )  # fmt: skip
    chosen = picked if found.by == "estate" else ""
    between = "、" if lang == "zh" else ", "
    rungs = tuple(
        Rung(
            between.join(star_word(found, one, lang) for one in given),
            sum(place.value in given for place in places),
        )
        for given in ((1, 2), (3,), (4,), (5,))
    )
    others = (say("rating.no_star", lang),)
    title = say("rating.map", lang)
    return StreetMap(where.areas, tuple(places), rungs, where.is_tiled, chosen, title, "", (), others, is_stars=True)


def for_paper(chart: StreetMap) -> StreetMap:
    """The map with names, as it stands in a report."""
    return replace(chart, places=tuple(replace(one, is_named=True, radius=PAPER_RADIUS) for one in chart.places))


def _leads_to(published: Published, found: Source, estate: str) -> str:
    """The subject whose star an estate wears: itself, or the company that ran it last."""
    if found.by == "estate":
        return estate
    companies = published.made(("rating map companies", *found.stamp), lambda: _companies(found))
    return companies.get(estate, "")


def _companies(found: Source) -> dict[str, str]:
    """By estate the company that ran it; where several did, the one with the longer service."""
    ran: dict[str, tuple[int, str]] = {}
    for one in found.evidence:
        for estate in one.estates:
            ran[estate] = max(ran.get(estate, (-1, "")), (one.service_days or 0, one.subject))
    return {estate: company for estate, (_, company) in ran.items()}
