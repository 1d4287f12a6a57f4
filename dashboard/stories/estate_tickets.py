"""The tickets of an estate: by category, by stage, and the age of all that are open."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, time, timedelta

from dashboard import numbers
from dashboard.charts.times import Ageing, CategoryBar, CategoryBars, OpenTicket
from dashboard.published import Published
from dashboard.stories.atoms import Cell, Column, Table
from dashboard.stories.estate_names import named
from dashboard.stories.headline import reason_words
from dashboard.words import say
from pipelines.metrics.periods import Period
from pipelines.words import Language

STAGES = (("dispatch", ""), ("respond", "response_rate"), ("solve", "closure_on_time_rate"))
"""Each stage with the metric that says how many were in time."""


@dataclass(frozen=True)
class Tickets:
    """`bars` None without tickets in the period, then `reason`; `ageing` None without open ones. `still_open`: the
    heading of the ageing."""

    period: Period
    title: str
    bars: CategoryBars | None
    reason: str
    stages: Table | None
    ageing: Ageing | None
    still_open: str


def tickets_of(published: Published, estate: str, period: Period, lang: Language) -> Tickets:
    """The tickets opened in a period, and all that are open at the data's last day."""
    moment = datetime.combine(published.as_of + timedelta(days=1), time())
    rows = published.rows("estate_tickets", estate=estate, start=period.start, end=period.end, moment=moment).rows()
    counts = [CategoryBar(named(name, lang), closed, left, over) for name, closed, left, over in rows]
    total, left = sum(one.closed + one.open for one in counts), sum(one.open for one in counts)
    when = numbers.period(period, lang)
    title = say("estate.tickets_title", lang, period=when, count=numbers.number(total), open=numbers.number(left))
    ageing, still_open = _ageing(published, estate, moment, lang)
    if not counts:
        value = published.value("closure_median_hours", period, "estate", estate)
        reason = reason_words(published, value, lang) if value.value is None else ""
        return Tickets(period, say("estate.tickets_none", lang, period=when), None, reason, None, ageing, still_open)
    bars = CategoryBars(
        tuple(counts),
        (say("estate.closed", lang), say("estate.open", lang)),
        (say("estate.category", lang), say("estate.open", lang), say("estate.overdue", lang)),
    )
    return Tickets(period, title, bars, "", _stages(published, estate, period, lang), ageing, still_open)


def _stages(published: Published, estate: str, period: Period, lang: Language) -> Table:
    found = {
        name: (hours, cases)
        for name, hours, cases in published.rows(
            "estate_stages", estate=estate, start=period.start, end=period.end
        ).iter_rows()
    }
    columns = (
        Column(say("estate.stage", lang)),
        Column(say("estate.median", lang), is_number=True),
        Column(say("estate.cases", lang), is_number=True),
        Column(say("estate.in_time", lang), is_number=True),
    )
    rows = []
    least = published.desk.suppress_below
    for stage, rate in STAGES:
        hours, cases = found.get(stage, (None, 0))
        is_known = hours is not None and cases >= least
        value = published.value(rate, period, "estate", estate) if rate else None
        in_time = numbers.NONE
        if value is not None and value.value is not None:
            in_time = numbers.amount(published.metric(rate), value.value, lang)
        rows.append(
            (
                Cell(say(f"estate.stage_{stage}", lang)),
                Cell(numbers.hours(hours, lang) if is_known else numbers.NONE, hours),
                Cell(numbers.number(cases), float(cases)),
                Cell(in_time, value.value if value else None),
            )
        )
    few = any(0 < int(found.get(stage, (None, 0))[1]) < least for stage, _ in STAGES)
    note = say("estate.stages_note", lang)
    if few:
        note += say("estate.stages_few", lang, least=numbers.number(least))
    return Table("estate-stages", say("estate.stages", lang), columns, tuple(rows), note)


def _ageing(published: Published, estate: str, moment: datetime, lang: Language) -> tuple[Ageing | None, str]:
    rows = published.rows("estate_open", estate=estate, moment=moment).rows()
    if not rows:
        return None, say("estate.none_open", lang)
    tickets = tuple(
        OpenTicket(
            ticket,
            float(days),
            is_over,
            say(
                "estate.open_over" if is_over else "estate.open_one", lang, ticket=ticket,
                category=named(category, lang),
                days=numbers.number(days), opened=numbers.day(opened.date(), lang, year=True),
                due=numbers.day(due.date() if due else None, lang, year=True),
            ),
        )
        for ticket, category, opened, due, days, is_over in rows
    )  # fmt: skip
    allowed = {round((due - opened).total_seconds() / 86400, 1) if due else None for _, _, opened, due, _, _ in rows}
    limit = allowed.pop() if len(allowed) == 1 else None
    over = sum(one.is_over for one in tickets)
    words = say("estate.ageing", lang, count=numbers.number(len(tickets)), over=numbers.number(over))
    return (
        Ageing(
            tickets,
            limit,
            "" if limit is None else say("estate.limit", lang, days=f"{limit:g}"),
            say("numbers.days", lang),
            words,
        ),
        words,
    )
