"""The weekly meeting: the street in one line, the four figures, and what is new since the last meeting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from dashboard import numbers
from dashboard.published import HEADLINES, Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Figure, Footnote
from dashboard.stories.headline import Headline, headline
from dashboard.stories.news.choosing import signals
from dashboard.stories.news.shape import Signal, Since
from dashboard.words import say
from pipelines.entries.actions import Action
from pipelines.words import Language


@dataclass(frozen=True)
class Meeting:
    """What was shown. `day` is the meeting's, `last_day` that of the one before."""

    street: str
    day: date
    last_day: date
    heading: str
    when: str
    scope: str
    as_of: str
    headlines: tuple[Headline, ...]
    signals: tuple[Signal, ...]
    news_heading: str
    news_note: str
    figures: tuple[Figure, ...]


def meeting_days(published: Published) -> tuple[date, date]:
    """The meeting that the data are for (the first meeting day after the data's last day), and the one before."""
    settings = dict(published.rows("street_settings").iter_rows())
    weekday = int(settings.get("meeting_weekday") or 1)
    day = published.as_of + timedelta(days=1)
    while day.isoweekday() != weekday:
        day += timedelta(days=1)
    return day, day - timedelta(days=7)


def street_of(published: Published) -> str:
    """The street's name."""
    return str(next(iter(published.desk.subjects("street")), ""))


def report(published: Published, selection: Selection, actions: Sequence[Action] = ()) -> Meeting:
    """The meeting as it is told in the selection's language; `actions` are the agreed actions as they stand now."""
    lang = selection.lang
    street, (day, last_day) = street_of(published), meeting_days(published)
    told = tuple(headline(published, one, "street", street, lang) for one in HEADLINES)
    found = signals(Since(published, lang, published.as_of, last_day - timedelta(days=1), actions))
    heading = "news_heading" if len(found) > 1 else "news_one" if found else "news_none"
    as_of = numbers.day(published.as_of, lang)
    return Meeting(
        street=street,
        day=day,
        last_day=last_day,
        heading=say("meeting.heading", lang, street=street),
        when=numbers.day(day, lang, year=True),
        scope=_scope(published, lang, last_day),
        as_of=say("meeting.as_of", lang, as_of=as_of),
        headlines=told,
        signals=found,
        news_heading=say(f"meeting.{heading}", lang, count=len(found)),
        news_note=""
        if found
        else say("meeting.news_next", lang, day=numbers.day(published.as_of + timedelta(days=7), lang)),
        figures=tuple(_figure(published, street, one, lang) for one in told if one.chart is not None),
    )


def _scope(published: Published, lang: Language, last_day: date) -> str:
    places = published.desk.places
    return say(
        "meeting.scope",
        lang,
        communities=places["community"].n_unique(),
        estates=places.height,
        households=numbers.households(int(places["households"].fill_null(0).sum()), lang, running=True),
        companies=published.rows("meeting_companies", as_of=published.as_of)["companies"][0],
        as_of=numbers.day(published.as_of, lang),
        last=numbers.day(last_day, lang),
    )


def _figure(published: Published, street: str, told: Headline, lang: Language) -> Figure:
    assert told.chart is not None  # noqa: S101 - the caller's filter, for the type checker
    metric = published.metric(told.metric)
    figure = numbers.with_unit(told.digits, told.unit)
    sources = published.rows("metric_files", kinds=list(metric.sources), first=told.period.start, last=told.period.end)
    return Figure(
        id=f"meeting-{told.metric}",
        title=say("meeting.figure_title", lang, street=street, metric=told.name, value=figure, verdict=told.verdict),
        subtitle=say("meeting.figure_subtitle", lang, metric=told.name, when=told.when),
        chart=told.chart,
        footnote=Footnote(
            definition=metric.definition_zh if lang == "zh" else metric.definition_en,
            sample=say("headline.between", lang).join(told.sure),
            period=numbers.span(told.period, lang),
            as_of=numbers.day(published.as_of, lang, year=True),
            source=say("meeting.figure_source", lang, count=sources["files"][0]),
            version=published.version,
            code=f"meeting-{told.metric}-{numbers.code(told.period)}",
        ),
    )
