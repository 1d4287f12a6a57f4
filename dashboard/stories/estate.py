"""The page of one estate: what it is, who ran it when, its four figures, its money, tickets, surveys and sources."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Any

from dashboard import numbers
from dashboard.charts.kinds import Chart
from dashboard.published import HEADLINES, Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Figure, Footnote
from dashboard.stories.estate_agreed import Agreed, agreed_of
from dashboard.stories.estate_money import Money, money_of
from dashboard.stories.estate_names import named
from dashboard.stories.estate_peers import Among, among_peers, group_words
from dashboard.stories.estate_sources import Source, source_of
from dashboard.stories.estate_surveys import Surveys, surveys_of
from dashboard.stories.estate_tickets import Tickets, tickets_of
from dashboard.stories.estate_time import company_now, timeline_of
from dashboard.stories.headline import Headline, before, headline, quarter_of
from dashboard.words import say
from pipelines.entries.actions import Action
from pipelines.metrics.periods import Period, read_period
from pipelines.words import Language

LARGE_AREA = 10_000.0


@dataclass(frozen=True)
class Four:
    """A headline figure, its place among the peers, its picture for download, and where it comes from."""

    headline: Headline
    among: Among
    figure: Figure | None
    source: Source


@dataclass(frozen=True)
class EstateStory:
    """All that the page says. `choices`: communities with their estates. `facts` is what the estate is, `keeper` who
    runs it. `timeline` None where nobody reported it."""

    name: str
    choices: tuple[tuple[str, tuple[str, ...]], ...]
    facts: str
    keeper: str
    timeline: Figure | None
    fours: tuple[Four, ...]
    money: Money
    expenses: Figure | None
    tickets: Tickets
    bars: Figure | None
    ageing: Figure | None
    agreed: Agreed
    surveys: Surveys
    figures: tuple[Figure, ...]


def estate_story(published: Published, selection: Selection, standing: Sequence[Action] | None = None) -> EstateStory:
    """The story of the estate that the view asks for, else of the first of the register. `standing`: all actions."""
    lang = selection.lang
    choices = _choices(published, lang)
    name = selection.estate or next((one for _, names in choices for one in names), "")
    about = next(iter(published.rows("estate_about", estate=name).to_dicts()), {})
    wanted = read_period(selection.period) if selection.period else None
    until = wanted.end if wanted else None
    fours = tuple(
        published.made(("four", name, metric, until, lang), partial(_four, published, name, metric, until, lang))
        for metric in HEADLINES
    )
    sources = {one.headline.metric: one.source for one in fours}
    money = money_of(published, name, wanted, about.get("floor_area_m2"), about.get("households"), lang)
    period = wanted or _quarter(published.as_of)
    tickets = tickets_of(published, name, period, lang)
    timeline = timeline_of(published, name, about.get("contract_end"), lang)

    def figure(what: str, title: str, chart: Chart | None, metric: str, days: Period) -> Figure | None:
        if chart is None:
            return None
        note = _footnote(published, f"estate-{what}", metric, days, "", sources.get(metric), lang)
        return Figure(f"estate-{what}", f"{say('report.lead', lang, subject=name)}{title}", name, chart, note, title)

    pictures = {
        "timeline": _timeline_figure(published, name, timeline, lang) if timeline.spells else None,
        "expenses": figure("expenses", money.title, money.chart, "cost_per_m2_month", money.period),
        "tickets": figure("tickets", tickets.title, tickets.bars, "closure_median_hours", period),
        "ageing": figure("ageing", tickets.still_open, tickets.ageing, "closure_median_hours", period),
    }
    known = (pictures["timeline"], *(one.figure for one in fours), *list(pictures.values())[1:])
    return EstateStory(
        name=name,
        choices=choices,
        facts=_facts(published, name, about, lang),
        keeper=_keeper(published, name, lang),
        timeline=pictures["timeline"],
        fours=fours,
        money=money,
        expenses=pictures["expenses"],
        tickets=tickets,
        bars=pictures["tickets"],
        ageing=pictures["ageing"],
        agreed=agreed_of(published, name, lang, standing),
        surveys=surveys_of(published, name, lang),
        figures=tuple(one for one in known if one is not None),
    )


def _four(published: Published, estate: str, metric: str, until: date | None, lang: Language) -> Four:
    one = headline(published, metric, "estate", estate, lang, until)
    source = source_of(published, estate, one, lang)
    picture = None
    if one.chart is not None:
        amount = numbers.amount(published.metric(metric), one.value.value, lang)
        title = say("estate.finding_none" if one.reason else "estate.finding", lang, name=one.name, amount=amount,
                    verdict=one.verdict, reason=one.reason)  # fmt: skip
        sample = say("estate.comma", lang).join(one.sure)
        note = _footnote(published, f"estate-{metric}", metric, one.period, sample, source, lang)
        subtitle = say("estate.comma", lang).join((one.name, one.when))
        picture = Figure(
            f"estate-{metric}", f"{say('report.lead', lang, subject=estate)}{title}", subtitle, one.chart, note, title
        )
    return Four(one, among_peers(published, estate, one, lang), picture, source)


def _footnote(
    published: Published, code: str, metric_id: str, period: Period, sample: str, source: Source | None, lang: Language
) -> Footnote:
    metric = published.metric(metric_id)
    files = source.files if source else ()
    more = len(files) - 1
    return Footnote(
        definition=metric.definition_zh if lang == "zh" else metric.definition_en,
        sample=sample,
        period=numbers.period(period, lang),
        as_of=numbers.day(published.as_of, lang, year=True),
        source=""
        if not files
        else files[0]
        if not more
        else say("estate.files_many", lang, first=files[0], count=len(files), more=more),
        version=published.version,
        code=code,
    )


def _timeline_figure(published: Published, estate: str, timeline: Any, lang: Language) -> Figure:
    first, last = timeline.spells[0].start, timeline.today
    title = say("estate.timeline", lang, estate=estate)
    days = say("estate.timeline_sub", lang, first=numbers.day(first, lang, year=True),
               last=numbers.day(last, lang, year=True))  # fmt: skip
    note = Footnote("", "", days, numbers.day(last, lang, year=True), "", published.version, "estate-timeline")
    return Figure("estate-timeline", title, days, timeline, note, "; ".join(timeline.notes))


def _choices(published: Published, lang: Language) -> tuple[tuple[str, tuple[str, ...]], ...]:
    found: dict[str, list[str]] = {}
    for community, estate in published.rows("estate_choices").iter_rows():
        found.setdefault(community or say("estate.unregistered", lang), []).append(estate)
    return tuple((community, tuple(estates)) for community, estates in found.items())


def _facts(published: Published, name: str, about: dict[str, Any], lang: Language) -> str:
    if not about:
        return say("estate.in_no_register", lang)
    group, count = group_words(published, name, lang)
    area = about["floor_area_m2"]
    parts = [
        about["community"],
        named(about["housing_type"], lang) if about["housing_type"] else None,
        say("estate.built", lang, year=about["built_year"]) if about["built_year"] else None,
        numbers.households(about["households"], lang) if about["households"] else None,
        _area(area, lang) if area else None,
        say("estate.tier", lang, tier=named(about["service_tier"], lang)) if about["service_tier"] else None,
        say("estate.fee", lang, fee=numbers.number(about["fee_yuan_per_m2_month"], 2))
        if about["fee_yuan_per_m2_month"]
        else None,
        say("estate.peers", lang, group=group, count=count - 1) if count > 1 else None,
        say("estate.host", lang, estate=about["host_estate"]) if about["host_estate"] else None,
    ]
    return say("estate.comma", lang).join(str(one) for one in parts if one)


def _area(area: float, lang: Language) -> str:
    if area < LARGE_AREA:
        return say("estate.area", lang, area=numbers.number(area))
    large = numbers.number(area / (1e4 if lang == "zh" else 1e3), 2 if lang == "zh" else 1)
    return say("estate.area_large", lang, area=large)


def _keeper(published: Published, name: str, lang: Language) -> str:
    company, state = company_now(published, name)
    if state == "unmanaged":
        return say("estate.run_by_nobody", lang)
    if not company:
        return say("estate.run_by_unknown", lang)
    return say("estate.run_by_free" if state == "free_service" else "estate.run_by", lang, company=company)


def _quarter(day: date) -> Period:
    """The latest whole quarter."""
    now = quarter_of(day)
    return now if now.end <= day else before(now)
