"""What each community was to send by when, and whether it came: received, late, missing or not yet due."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Final

import polars as pl

from pipelines.metrics.fetching import fetched

if TYPE_CHECKING:
    from pipelines.street import Due, Settings
    from pipelines.warehouse import Connection

EXPECTED: Final = pl.Schema(
    {
        "community": pl.String,
        "kind": pl.String,
        "every": pl.String,
        "period_start": pl.Date,
        "period_end": pl.Date,
        "due_on": pl.Date,
        "received_on": pl.Date,
        "covered_to": pl.Date,
        "status": pl.String,
    }
)
"""One row: a period of a kind that a community was to send. `received_on`: when the last of the period came, null if it
hasn't. `covered_to`: for fees, costs and income up to which day the rows reach without a gap from the period's start,
null where there are none. `status`: received, late, missing or not_due."""
SETTINGS: Final = pl.Schema({"key": pl.String, "value": pl.String})
"""What a street decided that screens need: name, name_en, alliance, alliance_en, meeting_weekday (1 is Monday)."""
SPANS: Final = frozenset({"fees", "costs", "income"})
"""Kinds whose rows cover periods day by day; of others a row only tells that something was sent."""
_MONTHS: Final = {"month": 1, "quarter": 3, "half_year": 6, "year": 12}
_DAY: Final = timedelta(days=1)


@dataclass(frozen=True)
class _Sent:
    """Rows of one file, from one day to another. Registers know no days."""

    first: date | None
    last: date | None
    received: date


def settings_table(connection: Connection, settings: Settings) -> pl.DataFrame:
    """What the street decided, as `SETTINGS`; a street without a name has that of the registers, if it is but one."""
    street = settings.street
    named = [str(one) for (one,) in connection.execute("SELECT DISTINCT street FROM estates").fetchall() if one]
    rows = {
        "name": street.name or (named[0] if len(named) == 1 else ""),
        "name_en": street.name_en,
        "alliance": street.alliance,
        "alliance_en": street.alliance_en,
        "meeting_weekday": str(settings.meeting_weekday),
    }
    return pl.DataFrame(list(rows.items()), schema=SETTINGS, orient="row")


def expected_table(connection: Connection, settings: Settings) -> pl.DataFrame:
    """All that was expected of each community up to the as-of date, as `EXPECTED`. Needs mart_as_of and mart_brought.

    Periods that ended by the as-of date are listed, from the first one of which the community sent that kind (where it
    never did: from the street's first month). Missing is what had not come on the last day on which anything came.
    What others sent about a community (a hotline, a company) counts only where it never sent that kind itself.
    """
    as_of, first_month = connection.execute("SELECT as_of, first_month FROM mart_as_of").fetchall()[0]
    brought = fetched(
        connection,
        """
        SELECT DISTINCT kind, community, first_day, last_day, received_on, coalesce(sender = community, true) AS is_own
        FROM mart_brought
        WHERE community IS NOT NULL
        """,
    )
    told_until = max([as_of, *(one for one in brought["received_on"] if one is not None)])
    communities = sorted({*brought["community"].to_list(), *settings.expected} - {"*"})
    rows: list[tuple[object, ...]] = []
    for community in communities:
        kinds = {*settings.expected.get(community, {}), *settings.expected.get("*", {})}
        for kind in sorted(kinds):
            due = settings.due(community, kind)
            if due is not None:
                sent = _sent(brought.filter(community=community, kind=kind))
                began = min((one.first for one in sent if one.first), default=first_month)
                rows += _rows(community, kind, due, sent, max(began, first_month), as_of, told_until)
    return pl.DataFrame(rows, schema=EXPECTED, orient="row")


def periods(every: str, first: date, until: date) -> Iterator[tuple[date, date]]:
    """The whole weeks, months, quarters, half years or years, from that of `first` on, that ended by `until`."""
    if every == "week":
        start = first - timedelta(days=first.weekday())
        while start + 6 * _DAY <= until:
            yield start, start + 6 * _DAY
            start += 7 * _DAY
        return
    step = _MONTHS[every]
    month = first.year * 12 + (first.month - 1) // step * step
    while True:
        last = month + step - 1
        end = date(last // 12, last % 12 + 1, monthrange(last // 12, last % 12 + 1)[1])
        if end > until:
            return
        yield date(month // 12, month % 12 + 1, 1), end
        month += step


def _sent(brought: pl.DataFrame) -> list[_Sent]:
    own = brought.filter("is_own")
    used = (own if own.height else brought).drop_nulls("received_on")
    return [_Sent(*row) for row in used.select("first_day", "last_day", "received_on").iter_rows()]


def _rows(
    community: str, kind: str, due: Due, sent: Sequence[_Sent], first: date, as_of: date, told_until: date
) -> Iterator[tuple[object, ...]]:
    for start, end in periods(due.every, first, as_of):
        parts = [one for one in sent if one.first is None or (one.first <= end and (one.last or one.first) >= start)]
        covered = _covered(parts, start, end) if kind in SPANS else None
        days = sorted({one.received for one in parts})
        if kind in SPANS:
            received = next((day for day in days if _covered(_by(parts, day), start, end) == end), None)
        else:
            received = min((one.received for one in parts if _tells_all(one, start, end)), default=None)
        limit = due.by(end)
        if received is not None:
            status = "received" if received <= limit else "late"
        else:
            status = "missing" if limit < told_until else "not_due"
        yield community, kind, due.every, start, end, limit, received, covered, status


def _by(parts: Sequence[_Sent], day: date) -> list[_Sent]:
    return [one for one in parts if one.received <= day]


def _covered(parts: Sequence[_Sent], start: date, end: date) -> date | None:
    """Up to which day of the period the parts reach without a gap."""
    reached = start - _DAY
    for first, last in sorted((one.first, one.last or one.first) for one in parts if one.first):
        if first > reached + _DAY:
            break
        reached = max(reached, last)
    return None if reached < start else min(reached, end)


def _tells_all(one: _Sent, start: date, end: date) -> bool:
    """Whether a file tells of the period's end: it came after it, or has something of its last month."""
    if one.first is None:
        return one.received >= start
    return one.received > end or (one.last or one.first) >= max(
        start, end.replace(day=1) if end - start > 7 * _DAY else start
    )
