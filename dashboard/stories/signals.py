"""What is new since the last meeting, most urgent first: each a sentence to read aloud, its evidence and a link."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from typing import Final

from dashboard import numbers
from dashboard.charts.kinds import Chart
from dashboard.charts.times import Ageing, OpenTicket, Promise, Spell, Squares, Timeline
from dashboard.published import Published
from dashboard.stories.atoms import Link
from dashboard.stories.estate_names import named
from dashboard.stories.estate_peers import marks_in
from dashboard.stories.headline import headline, wave_values
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.analysis.intervals import difference_of_shares
from pipelines.entries.actions import Action
from pipelines.metrics.judging import Judgement
from pipelines.metrics.periods import Period
from pipelines.metrics.question import Question
from pipelines.words import Language

ORDER: Final = ("worse", "overdue", "unmanaged", "promise", "refused", "contract", "missing", "check", "better")
MOST: Final = 7
A_KIND: Final = 2
"""At first at most so many of a kind; what room is left is filled by rank."""
SURE: Final = 0.998
"""36 comparisons at 95 % cry wolf about twice: a sentence for the meeting needs 99.8 %, or a second test that says the
same (clearly below its peers as well as clearly lower than before)."""
CONTRACT_DAYS: Final = (90, 60, 30, 7)
"""A contract is news when it first comes this near to its end."""
CHARTED: Final = ("collection_rate", "closure_median_hours", "cost_per_m2_month")


@dataclass(frozen=True)
class Signal:
    """`estate` (or who it is about) stands before the sentence and is a link; `weight` ranks within a kind."""

    kind: str
    mark: Mark
    word: str
    about: str
    sentence: str
    link: Link
    why: Link
    chart: Chart | None
    weight: float = field(default=0.0, compare=False)


@dataclass(frozen=True)
class Since:
    """What is asked about: the data's last day, and the last day that the meeting before knew of."""

    published: Published
    lang: Language
    as_of: date
    before: date
    actions: Sequence[Action]


def signals(since: Since) -> tuple[Signal, ...]:
    """At most seven, by kind and weight; of each kind two at first."""
    found = [
        *_changes(since), *_overdue(since), *_unmanaged(since), *_promises(since), *_contracts(since),
        *_missing(since), *_refused(since), *_checks(since),
    ]  # fmt: skip
    ranked = sorted(found, key=lambda one: (ORDER.index(one.kind), -one.weight))
    counts: dict[str, int] = defaultdict(int)
    first: list[Signal] = []
    for one in ranked:
        counts[one.kind] += 1
        if counts[one.kind] <= A_KIND:
            first.append(one)
    rest = [one for one in ranked if one not in first]
    chosen = (first + rest)[:MOST] if len(first) < MOST else first[:MOST]
    return tuple(sorted(chosen, key=lambda one: (ORDER.index(one.kind), -one.weight)))


def _changes(since: Since) -> Iterator[Signal]:
    yield from _waves(since)
    for metric_id in CHARTED:
        metric = since.published.metric(metric_id)
        period = Period(since.published.desk.first_day, since.as_of)
        judged = since.published.series(metric_id, Question(period, "estate"))
        for estate, judgement in judged.items():
            if judgement.code not in {"improving", "worsening"} or not _is_new(judgement, since.before):
                continue
            if judgement.chart is None or judgement.chart.reason not in {"outside", "shift"}:
                continue
            told = headline(since.published, metric_id, "estate", estate, since.lang, since.as_of)
            if told.mark not in {"better", "worse"} or told.chart is None:
                continue
            if judgement.chart.reason == "shift" and len(judgement.chart.points) > 8 and metric.natural[0] != "week":
                continue
            reason = told.verdict.split("：" if since.lang == "zh" else ": ", 1)[-1]
            yield _signal(
                since,
                "worse" if told.mark == "worse" else "better",
                told.mark,
                estate,
                say(
                    "meeting.run_signal",
                    since.lang,
                    metric=told.name,
                    value=numbers.amount(metric, told.value.value, since.lang),
                    when=told.when,
                    reason=reason,
                ),
                told.chart,
                weight=_severity(judgement),
            )


def _waves(since: Since) -> Iterator[Signal]:
    metric = since.published.metric("satisfaction_rate")
    values = wave_values(since.published, metric, "estate", since.as_of)
    against: dict[date, dict[str, Mark]] = {}
    verdicts: dict[Period, dict[str, str | None]] = {}
    for estate, waves in values.items():
        known = [one for one in waves if one.value is not None]
        if len(known) < 2 or known[-1].period_end <= since.before:
            continue
        last, earlier = known[-1], known[-2]
        period = Period(last.period_start, last.period_end)
        if period not in verdicts:
            asked = Question(period, "estate", metrics=(metric.id,))
            verdicts[period] = {one.subject: one.verdict for one in since.published.values(asked)}
        if verdicts[period].get(estate) not in {"improving", "worsening"}:
            continue
        told = headline(since.published, metric.id, "estate", estate, since.lang, since.as_of)
        if told.value.verdict not in {"improving", "worsening"} or last.value is None or earlier.value is None:
            continue
        if last.period_end not in against:
            against[last.period_end] = marks_in(since.published, metric, period)
        mark: Mark = "worse" if told.value.verdict == "worsening" else "better"
        is_alike = against[last.period_end].get(estate) == mark
        low, high = difference_of_shares(last.value, last.n or 0, earlier.value, earlier.n or 0, level=SURE)
        if low <= 0 <= high and not is_alike:
            continue
        moved = abs(last.value - earlier.value)
        yield _signal(
            since,
            "worse" if mark == "worse" else "better",
            mark,
            estate,
            say(
                "meeting.wave_down" if last.value < earlier.value else "meeting.wave_up",
                since.lang,
                metric=told.name,
                value=numbers.amount(metric, last.value, since.lang),
                change=numbers.change(metric, moved, since.lang).lstrip("+"),
                peers=say(f"meeting.peers_{mark}", since.lang) if is_alike else "",
            ),
            told.chart,
            weight=10 + moved * 100,
        )


def _overdue(since: Since) -> Iterator[Signal]:
    end = datetime.combine(since.as_of + timedelta(days=1), time())
    before = datetime.combine(since.before + timedelta(days=1), time())
    rows = since.published.rows("meeting_overdue", as_of=end, since=before)
    by_estate: dict[str, list[dict[str, object]]] = defaultdict(list)
    for row in rows.to_dicts():
        by_estate[str(row["estate"])].append(row)
    for estate, tickets in by_estate.items():
        if not any(one["is_new"] for one in tickets):
            continue
        days = [float(str(one["days_open"])) for one in tickets]
        limits = [float(str(one["limit_days"])) for one in tickets]
        counts: dict[str, int] = defaultdict(int)
        for one in tickets:
            if one["category"]:
                counts[str(one["category"])] += 1
        category = max(counts, key=lambda name: (counts[name], name)) if counts else ""
        oldest = numbers.number(max(days))
        same = len(set(limits)) == 1
        ageing = Ageing(
            tickets=tuple(
                OpenTicket(
                    str(one["ticket_id"]),
                    float(str(one["days_open"])),
                    is_over=True,
                    text=say("meeting.days", since.lang, count=numbers.number(float(str(one["days_open"])))),
                )
                for one in tickets
            ),
            limit=limits[0] if same else None,
            limit_word=say("meeting.limit", since.lang, count=numbers.number(limits[0])) if same else "",
            unit_word=say("numbers.days", since.lang),
            last_word=say("meeting.days", since.lang, count=oldest),
        )
        words = ""
        if category and counts[category] > 1:
            words = say(
                "meeting.overdue_category", since.lang, count=counts[category], category=named(category, since.lang)
            )
        yield _signal(
            since,
            "overdue",
            "worse",
            estate,
            say("meeting.overdue", since.lang, count=len(tickets), days=oldest, category=words),
            ageing,
            weight=len(tickets) + max(days) / 100,
        )


def _unmanaged(since: Since) -> Iterator[Signal]:
    for row in since.published.rows("meeting_unmanaged", as_of=since.as_of).to_dicts():
        began: date = row["from_day"]
        if began <= since.before:
            continue
        word = say("meeting.unmanaged_word", since.lang, day=numbers.day(began, since.lang))
        spells: tuple[Spell, ...] = (Spell(began, since.as_of, "unmanaged", word),)
        if row["before_company"]:
            first = max(row["before_from"], began - timedelta(days=365))
            spells = (Spell(first, began - timedelta(days=1), "company", str(row["before_company"])), *spells)
        yield _signal(
            since,
            "unmanaged",
            "worse",
            str(row["estate"]),
            say(
                "meeting.unmanaged_since",
                since.lang,
                since=numbers.day(began, since.lang),
                days=(since.as_of - began).days + 1,
                households=numbers.households(row["households"], since.lang),
            ),
            Timeline(spells, since.as_of, say("meeting.today", since.lang)),
            weight=float(row["households"] or 0),
        )


def _promises(since: Since) -> Iterator[Signal]:
    for one in since.actions:
        if one.done_on is not None or one.due_on is None or not since.before <= one.due_on <= since.as_of:
            continue
        late = (since.as_of - one.due_on).days + 1
        again = say("meeting.promise_again", since.lang, count=len(one.redated)) if one.redated else ""
        raised = one.raised_on or min((*one.redated, one.due_on))
        chart = Promise(
            raised=raised,
            dues=(*one.redated, one.due_on),
            today=since.as_of + timedelta(days=1),
            is_over=True,
            first_word=numbers.day(raised, since.lang),
            due_word=numbers.day(one.due_on, since.lang),
        )
        yield _signal(
            since,
            "promise",
            "worse",
            one.estate or "",
            say(
                "meeting.promise",
                since.lang,
                action=one.action,
                due=numbers.day(one.due_on, since.lang),
                days=late,
                owner=one.owner or numbers.NONE,
                again=again,
            ),
            chart,
            weight=late + 10 * len(one.redated),
        )


def _contracts(since: Since) -> Iterator[Signal]:
    for row in since.published.rows("meeting_contracts", as_of=since.as_of, days=max(CONTRACT_DAYS)).to_dicts():
        end: date = row["contract_end"]
        left, left_before = (end - since.as_of).days, (end - since.before).days
        if not any(left <= one < left_before for one in CONTRACT_DAYS):
            continue
        start = max(row["takeover_date"] or since.as_of - timedelta(days=365), since.as_of - timedelta(days=365))
        spells = (
            Spell(start, since.as_of, "company", str(row["company"])),
            Spell(since.as_of + timedelta(days=1), end, "unknown", numbers.day(end, since.lang)),
        )
        yield _signal(
            since,
            "contract",
            "same",
            str(row["estate"]),
            say(
                "meeting.contract",
                since.lang,
                company=row["company"],
                end=numbers.day(end, since.lang, year=end.year != since.as_of.year),
                days=left,
            ),
            Timeline(spells, since.as_of, say("meeting.today", since.lang)),
            weight=-left,
        )


def _missing(since: Since) -> Iterator[Signal]:
    late = since.published.rows("meeting_late", since=since.before).to_dicts()
    for row in late:
        kind = say(f"meeting.kind_name_{row['kind']}", since.lang)
        period = numbers.period(Period(row["period_start"], row["period_end"]), since.lang)
        names = [str(one) for one in row["estates"]]
        sentence = say(
            "meeting.missing_community",
            since.lang,
            period=period,
            kind=kind,
            due=numbers.day(row["due_on"], since.lang),
            count=len(names),
        )
        told = [(str(one), "reported") for one in since.published.desk.subjects("estate") if one not in names]
        squares = Squares(
            tuple((name, "reported") for name, _ in told) + tuple((name, "missing") for name in names),
            (
                say("meeting.missing_words_have", since.lang, count=len(told)),
                say("meeting.missing_words_not", since.lang, count=len(names)),
            ),
        )
        link = Link("compare", {"metric": "collection_rate"}) if row["kind"] == "fees" else Link("compare")
        yield Signal(
            "missing", "same", say("meeting.kind_missing", since.lang), str(row["community"]), sentence, link, link,
            squares, weight=len(names),
        )  # fmt: skip


def _refused(since: Since) -> Iterator[Signal]:
    for row in since.published.rows("meeting_refused", since=datetime.combine(since.before, time())).to_dicts():
        word = "refused_file" if row["status"] == "rejected" else "refused_rows"
        file = str(row["source_file"]).rsplit("/", 1)[-1]
        sentence = say(f"meeting.{word}", since.lang, file=file, count=row["rows_quarantined"])
        yield Signal(
            "refused", "same", say("meeting.kind_refused", since.lang), str(row["sender"]) or file, sentence,
            Link("definitions"), Link("definitions"), None, weight=float(row["rows_quarantined"] or 0),
        )  # fmt: skip


def _checks(since: Since) -> Iterator[Signal]:
    for row in since.published.rows("meeting_checks", since=since.before, as_of=since.as_of).to_dicts():
        text = str(row["zh" if since.lang == "zh" else "en"])
        subject = str(row["subject"])
        for lead in (f"{subject} ", f"{subject}：", f"{subject}: ", f"{subject}, "):
            text = text.removeprefix(lead)
        yield _signal(since, "check", "same", subject, text, None)


def _signal(
    since: Since, kind: str, mark: Mark, estate: str, sentence: str, chart: Chart | None, *, weight: float = 0.0
) -> Signal:
    link = Link("estate", {"estate": estate}) if estate else Link("")
    return Signal(kind, mark, say(f"meeting.kind_{kind}", since.lang), estate, sentence, link, link, chart, weight)


def _is_new(judgement: Judgement, before: date) -> bool:
    return bool(judgement.series) and judgement.series[-1].period.end > before


def _severity(judgement: Judgement) -> float:
    """How far beyond its limits the last point is, in widths of the band."""
    chart, last = judgement.chart, judgement.series[-1].value
    if chart is None or chart.limits is None or last is None:
        return 0.0
    width = max(chart.limits.upper - chart.limits.lower, 1e-9)
    return abs(last - chart.limits.mean) / width
