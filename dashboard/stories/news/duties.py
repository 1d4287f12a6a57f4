"""What is past its time: requests past their limit, estates without a company, promises, contracts that end."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from datetime import date, datetime, time, timedelta
from typing import Final

from dashboard import numbers
from dashboard.charts.times import Ageing, OpenTicket, Promise, Spell, Timeline
from dashboard.stories.estate_names import named
from dashboard.stories.news.shape import Signal, Since
from dashboard.words import say

CONTRACT_DAYS: Final = (90, 60, 30, 7)
"""A contract is news when it first comes this near to its end."""


def found(since: Since) -> Iterator[Signal]:
    """What passed its time since the meeting before."""
    yield from _overdue(since)
    yield from _unmanaged(since)
    yield from _promises(since)
    yield from _contracts(since)


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
                    str(one["ticket_id"] or ""),
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
        yield since.signal(
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
        yield since.signal(
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
        if one.done_on is not None or one.due_on is None or not since.before < one.due_on <= since.as_of:
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
        yield since.signal(
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
        yield since.signal(
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
