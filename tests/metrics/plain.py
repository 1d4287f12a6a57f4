"""The metrics of a street worked out again in plain Python, by day and by ticket, from the contract's tables.

It shares nothing with the program: no frame, no SQL, no statistics of it. It knows only streets whose sheets do not
overlap, as the demo's do not.
"""

from __future__ import annotations

import math
import tomllib
from calendar import monthrange
from collections import defaultdict
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

Row = dict[str, Any]
DAY = timedelta(days=1)
Z = 1.959963984540054
SELF_SELECTED = ("二维码", "微信", "网络", "线上", "12345")


def day_of(text: str | None) -> date | None:
    return date.fromisoformat(text[:10]) if text else None


def time_of(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def days(start: date, end: date) -> Iterable[date]:
    while start <= end:
        yield start
        start += DAY


def month_days(day: date) -> int:
    return monthrange(day.year, day.month)[1]


@dataclass
class Sums:
    numerator: float = 0.0
    denominator: float = 0.0
    n: float = 0.0
    doubt: float = 0.0
    of_all: float = 0.0
    times: list[tuple[float, bool, str]] = field(default_factory=list)
    estates: set[str] = field(default_factory=set)
    seen: bool = False


class Street:
    def __init__(self, tables: dict[str, list[Row]], settings: Path) -> None:
        self.tables = tables
        self.estates = {row["estate"]: row for row in tables["estates"]}
        told = tomllib.loads(settings.read_text(encoding="utf-8"))
        self.name = told["street"]["name"]
        self.limits = {key: self.hours(text) for key, text in told["tickets"]["limits"].items()}
        self.spells: dict[str, list[tuple[date, date, str | None, str | None, date | None]]] = defaultdict(list)
        for row in tables["episodes"]:
            start, end = day_of(row["service_start"]) or date.min, day_of(row["service_end"]) or date.max
            charging = day_of(row["charging_start"])
            self.spells[row["estate"]].append((start, end, row["company"], row["governance_mode"], charging))
        self.as_of = self.latest()
        self.after = datetime.combine(self.as_of + DAY, datetime.min.time())
        self.tickets = [self.ticket(row) for row in tables["tickets"] if not row["excluded_reason"]]
        self.heard = {
            (self.estates[row["estate"]]["community"], row["opened_at"][:7])
            for row in tables["tickets"]
            if row["estate"] in self.estates
        }

    @staticmethod
    def hours(text: str) -> float:
        return float(text.removesuffix("小时")) if text.endswith("小时") else 24 * float(text.removesuffix("天"))

    def latest(self) -> date:
        named = {
            "tickets": ("opened_at", "dispatched_at", "responded_at", "closed_at"),
            **dict.fromkeys(("fees", "costs", "income", "surveys", "inspections"), ("period_end",)),
            "events": ("event_date",),
            "actions": ("raised_on", "done_on"),
        }
        found = [day_of(row[name]) for table, names in named.items() for row in self.tables[table] for name in names]
        return max(one for one in found if one)

    def who(self, estate: str, day: date) -> tuple[str | None, str | None, bool]:
        """Company, mode, and whether service was free on a day."""
        for start, end, company, mode, charging in self.spells.get(estate, ()):
            if start <= day <= end:
                return company, mode, bool(company and charging and start > date.min and day < charging)
        return None, None, False

    def subject(self, by: str, estate: str | None, company: str | None, mode: str | None) -> str | None:
        if by == "estate":
            return estate
        if by == "company":
            return company
        if by == "governance_mode":
            return mode
        facts = self.estates.get(estate or "")
        if facts is None:
            return None
        if by == "street":
            return str(facts["street"] or self.name)
        return str(facts["service_tier"] or "未分组") if by == "peer_group" else facts["community"]

    def ticket(self, row: Row) -> Row:
        opened, closed, due = time_of(row["opened_at"]), time_of(row["closed_at"]), time_of(row["due_at"])
        assert opened
        if due is None:
            due = opened + timedelta(hours=self.limits[row["category"]])
        elif due.time() == datetime.min.time():
            due += DAY
        company, mode, _ = self.who(row["estate"], opened.date())
        return {**row, "opened": opened, "closed": closed, "due": due, "company": company, "mode": mode}

    # one function a metric: (by, start, end) → subject → sums

    def _by_day(self, by: str, rows: list[Row], start: date, end: date, add: Callable[..., None]) -> dict[str, Sums]:
        found: dict[str, Sums] = defaultdict(Sums)
        for row in rows:
            first, last = day_of(row["period_start"]), day_of(row["period_end"])
            assert first
            assert last
            share = 1 / ((last - first).days + 1)
            for day in days(max(first, start), min(last, end)):
                company, mode, free = self.who(row["estate"], day)
                subject = self.subject(by, row["estate"], company, mode)
                if subject is not None:
                    add(found, subject, row, share, free, day)
        return {subject: sums for subject, sums in found.items() if sums.seen}

    def collection(self, by: str, start: date, end: date, basis: str = "current") -> dict[str, Sums]:
        def add(found: dict[str, Sums], subject: str, row: Row, share: float, free: bool, day: date) -> None:
            if free or row["received_yuan"] is None:
                return
            sums = found[subject]
            sums.numerator += row["received_yuan"] * share
            waived = (row["waived_yuan"] or 0) if basis == "current_net" else 0
            sums.denominator += (row["receivable_yuan"] - waived) * share
            sums.estates.add(row["estate"])
            sums.seen = True

        begin = date(end.year, 1, 1) if basis == "year_to_date" else start
        return self._by_day(by, self.tables["fees"], begin, end, add)

    def collection_households(self, by: str, start: date, end: date) -> dict[str, Sums]:
        def add(found: dict[str, Sums], subject: str, row: Row, share: float, free: bool, day: date) -> None:
            if free or row["households_due"] is None or row["households_paid"] is None:
                return
            sums = found[subject]
            sums.numerator += row["households_paid"] * share
            sums.denominator += row["households_due"] * share
            sums.estates.add(row["estate"])
            sums.seen = True

        return self._by_day(by, self.tables["fees"], start, end, add)

    def fee_income(self, by: str, start: date, end: date) -> dict[str, Sums]:
        billed: set[tuple[str, str, date]] = set()

        def add(found: dict[str, Sums], subject: str, row: Row, share: float, free: bool, day: date) -> None:
            area = self.estates.get(row["estate"], {}).get("floor_area_m2")
            if free or row["received_yuan"] is None or not area:
                return
            sums = found[subject]
            sums.numerator += (row["received_yuan"] + (row["arrears_recovered_yuan"] or 0)) * share
            if (subject, row["estate"], day) not in billed:
                billed.add((subject, row["estate"], day))
                sums.denominator += area / month_days(day)
            sums.estates.add(row["estate"])
            sums.seen = True

        return self._by_day(by, self.tables["fees"], start, end, add)

    def cost(self, by: str, start: date, end: date) -> dict[str, Sums]:
        spent: set[tuple[str, str, date]] = set()

        def add(found: dict[str, Sums], subject: str, row: Row, share: float, free: bool, day: date) -> None:
            area = self.estates.get(row["estate"], {}).get("floor_area_m2")
            if not area:
                return
            sums = found[subject]
            sums.numerator += row["amount_yuan"] * share
            if (subject, row["estate"], day) not in spent:
                spent.add((subject, row["estate"], day))
                sums.denominator += area / month_days(day)
            sums.estates.add(row["estate"])
            sums.seen = True

        return self._by_day(by, self.tables["costs"], start, end, add)

    def labour(self, by: str, start: date, end: date) -> dict[str, Sums]:
        def add(found: dict[str, Sums], subject: str, row: Row, share: float, free: bool, day: date) -> None:
            sums = found[subject]
            sums.numerator += row["amount_yuan"] * share if row["category"] == "人员费用" else 0
            sums.denominator += row["amount_yuan"] * share
            sums.estates.add(row["estate"])
            sums.seen = True

        return self._by_day(by, self.tables["costs"], start, end, add)

    def break_even(self, by: str, start: date, end: date) -> dict[str, Sums]:
        reported: set[tuple[str, date]] = set()
        spent: set[tuple[str, date]] = set()
        for table, known in (("fees", reported), ("costs", spent)):
            for row in self.tables[table]:
                first, last = day_of(row["period_start"]), day_of(row["period_end"])
                if first and last and row.get("received_yuan", 0) is not None:
                    known.update((row["estate"], day) for day in days(max(first, start), min(last, end)))

        def out(found: dict[str, Sums], subject: str, row: Row, share: float, free: bool, day: date) -> None:
            if free or (row["estate"], day) in reported:
                found[subject].denominator += row["amount_yuan"] * share
                found[subject].estates.add(row["estate"])
                found[subject].seen = True

        def come(found: dict[str, Sums], subject: str, row: Row, share: float, free: bool, day: date) -> None:
            if row["received_yuan"] is not None and (row["estate"], day) in spent:
                found[subject].numerator += (row["received_yuan"] + (row["arrears_recovered_yuan"] or 0)) * share
                found[subject].seen = True

        found = self._by_day(by, self.tables["costs"], start, end, out)
        for subject, sums in self._by_day(by, self.tables["fees"], start, end, come).items():
            if subject in found:
                found[subject].numerator += sums.numerator
        return found

    def satisfaction(self, by: str, start: date, end: date) -> dict[str, Sums]:
        waves: dict[tuple[str, str, str], list[Row]] = defaultdict(list)
        for row in self.tables["surveys"]:
            waves[row["estate"], row["period_start"], row["period_end"]].append(row)
        found: dict[str, Sums] = defaultdict(Sums)
        for (estate, _, last), rows in waves.items():
            ended = day_of(last)
            assert ended
            if not start <= ended <= end:
                continue
            overall = [row for row in rows if row["question"] == "总体"]
            assert overall
            row = overall[0]
            company, mode, _ = self.who(estate, ended)
            subject = self.subject(by, estate, company, mode)
            if subject is None:
                continue
            n, households = row["responses"], (self.estates.get(estate) or {}).get("households")
            chosen = row["mode"] is None or any(word in row["mode"] for word in SELF_SELECTED) or not households
            worth = n if chosen else math.inf if n >= households else n * (households - 1) / (households - n)
            sums = found[subject]
            sums.numerator += row["satisfied_total"]
            sums.denominator += n
            sums.doubt += n * n / worth
            sums.estates.add(estate)
        return found

    def inspected(self, by: str, start: date, end: date) -> dict[str, Sums]:
        found: dict[str, Sums] = defaultdict(Sums)
        for row in self.tables["inspections"]:
            ended = day_of(row["period_end"])
            assert ended
            if row["subject_kind"] != "estate" or not start <= ended <= end or not row["max_score"]:
                continue
            company, mode, _ = self.who(row["subject"], ended)
            if (subject := self.subject(by, row["subject"], company, mode)) is not None:
                found[subject].numerator += row["score"]
                found[subject].denominator += row["max_score"]
                found[subject].estates.add(row["subject"])
        return found

    def opened(self, start: date, end: date) -> list[Row]:
        return [one for one in self.tickets if start <= one["opened"].date() <= min(end, self.as_of)]

    def share_of(
        self, by: str, start: date, end: date, known: Callable[[Row], bool], good: Callable[[Row], bool]
    ) -> dict[str, Sums]:
        found: dict[str, Sums] = defaultdict(Sums)
        for one in self.opened(start, end):
            subject = self.subject(by, one["estate"], one["company"], one["mode"])
            if subject is None:
                continue
            found[subject].of_all += 1
            if known(one):
                found[subject].denominator += 1
                found[subject].numerator += good(one)
        return found

    def closed_by_then(self, one: Row) -> bool:
        return one["closed"] is not None and one["closed"] < self.after

    def times(self, by: str, start: date, end: date) -> dict[str, Sums]:
        found: dict[str, Sums] = defaultdict(Sums)
        for one in self.opened(start, end):
            subject = self.subject(by, one["estate"], one["company"], one["mode"])
            if subject is not None:
                found[subject].times.append((*self.time(one), one["category"]))
        return found

    def time(self, one: Row) -> tuple[float, bool]:
        closed = self.closed_by_then(one)
        return ((one["closed"] if closed else self.after) - one["opened"]).total_seconds() / 3600, closed

    def stock(self, by: str, *, overdue: bool) -> dict[str, Sums]:
        found: dict[str, Sums] = defaultdict(Sums)
        for one in self.tickets:
            subject = self.subject(by, one["estate"], one["company"], one["mode"])
            if subject is not None and one["opened"] < self.after:
                still = not self.closed_by_then(one) and (not overdue or one["due"] <= self.after)
                found[subject].numerator += still
        if by not in ("company", "governance_mode"):
            senders = {community for community, _ in self.heard}
            for estate, facts in self.estates.items():
                if facts["community"] in senders:
                    found[str(self.subject(by, estate, None, None))].numerator += 0
        return found

    def frequency(self, by: str, start: date, end: date) -> dict[str, Sums]:
        found: dict[str, Sums] = defaultdict(Sums)
        for estate, facts in self.estates.items():
            for day in days(start, min(end, self.as_of)):
                company, mode, _ = self.who(estate, day)
                subject = self.subject(by, estate, company, mode)
                if subject is not None and (facts["community"], day.isoformat()[:7]) in self.heard:
                    found[subject].denominator += facts["households"] / month_days(day) / 100
        for one in self.opened(start, end):
            subject = self.subject(by, one["estate"], one["company"], one["mode"])
            if one["estate"] in self.estates and subject is not None:
                found[subject].numerator += 1
        return found


def wilson(good: float, n: float, worth: float) -> tuple[float, float]:
    p = good / n
    if math.isinf(worth):
        return p, p
    centre = (p + Z * Z / (2 * worth)) / (1 + Z * Z / worth)
    half = Z / (1 + Z * Z / worth) * math.sqrt(p * (1 - p) / worth + Z * Z / (4 * worth * worth))
    return max(0.0, centre - half), min(1.0, centre + half)


def kaplan_meier(times: list[tuple[float, bool]]) -> tuple[float | None, float | None, float | None]:
    """Median and bounds (log-log), logarithms added in the order of time as the reference implementation does."""
    at_risk, logs, doubt = len(times), 0.0, 0.0
    median = low = high = None
    for moment in sorted({hours for hours, _ in times}):
        here = [closed for hours, closed in times if hours == moment]
        done = sum(here)
        if done < at_risk:
            logs += math.log(at_risk - done) - math.log(at_risk)
            doubt += done / (at_risk * (at_risk - done))
            alive = math.exp(logs)
        else:
            alive = 0.0
        at_risk -= len(here)
        if 0 < alive < 1:
            reach = Z * math.sqrt(doubt) / math.log(alive)
            lower = math.exp(-math.exp(math.log(-math.log(alive)) - reach))
            upper = math.exp(-math.exp(math.log(-math.log(alive)) + reach))
        else:
            lower = upper = alive
        median = moment if median is None and alive <= 0.5 else median
        low = moment if low is None and lower <= 0.5 else low
        high = moment if high is None and upper <= 0.5 else high
    return median, low, high


def expected(times: list[tuple[float, bool, str]], street: list[tuple[float, bool, str]]) -> float:
    total = 0.0
    for hours, _, category in times:
        own = [(when, closed) for when, closed, what in street if what == category]
        for moment in {when for when, closed in own if closed and when <= hours}:
            done = sum(closed for when, closed in own if when == moment)
            total += done / sum(when >= moment for when, _ in own)
    return total


def poisson(count: float, exposure: float) -> tuple[float, float]:
    def below(k: int, mean: float) -> float:
        return (
            math.fsum(math.exp(i * math.log(mean) - mean - math.lgamma(i + 1)) for i in range(k + 1)) if mean else 1.0
        )

    def root(k: int, wanted: float) -> float:
        low, high = 0.0, k + 10 * math.sqrt(k + 1) + 20
        for _ in range(200):
            middle = (low + high) / 2
            low, high = (middle, high) if below(k, middle) > wanted else (low, middle)
        return (low + high) / 2

    whole = round(count)
    return (root(whole - 1, 0.975) if whole else 0.0) / exposure, root(whole, 0.025) / exposure
