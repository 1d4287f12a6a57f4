"""The expense sheet of an estate (收支账单): what was spent on what, what came in, and what is kept apart."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard import numbers
from dashboard.charts.times import Expenses, Share
from dashboard.published import Published
from dashboard.stories.estate_names import named
from dashboard.stories.headline import before, quarter_of
from dashboard.words import say
from pipelines.metrics.periods import Period, months_in
from pipelines.metrics.values import Value
from pipelines.words import Language

LABOUR = "人员费用"
LARGE = 10_000.0


@dataclass(frozen=True)
class Money:
    """The sheet of a period. `chart` None where there are no costs; then `reason` says so. `apart`: other income in a
    sentence; `notes`: what must be known when reading."""

    period: Period
    title: str
    chart: Expenses | None
    reason: str
    apart: str
    notes: tuple[str, ...]


def money_of(published: Published, estate: str, wanted: Period | None, area: float | None, households: int | None,
             lang: Language) -> Money:  # fmt: skip
    """The sheet of the period asked for, else of the latest quarter with costs."""
    period = wanted or _latest(published, estate)
    title = say("estate.money_title", lang, period=numbers.period(period, lang))
    span = {"estate": estate, "start": period.start, "end": period.end}
    costs = published.rows("estate_costs", **span).rows()
    apart = _apart(published, span, lang)
    if not costs:
        value = published.value("cost_per_m2_month", period, "estate", estate)
        reason = published.words("reason", value.reason or "not_reported", lang)
        return Money(period, title, None, say("estate.money_none", lang, reason=reason), apart, ())
    total = sum(float(amount) for _, amount in costs)
    per = published.value("cost_per_m2_month", period, "estate", estate)
    months = _months(per.denominator, area, per.n, period)
    is_large = total >= LARGE
    write = _Writer(is_large, area, households, months, lang)
    rows = tuple(
        Share(
            name=named(category, lang),
            amount=float(amount),
            text=write.amount(float(amount)),
            share=float(amount) / total if total else 0.0,
            per_m2=write.per_m2(float(amount)),
            per_household=write.per_household(float(amount)),
            is_labour=category == LABOUR,
        )
        for category, amount in costs
    )
    received, recovered = published.rows("estate_received", **span).row(0)
    even = published.value("break_even_ratio", period, "estate", estate)
    metric = published.metric("break_even_ratio")
    ratio = numbers.amount(metric, even.value, lang) if even.value is not None else numbers.NONE
    totals = (
        (say("estate.total", lang), write.amount(total), "100%", write.per_m2(total), write.per_household(total)),
        (
            say("estate.received", lang),
            write.amount(received), "", write.per_m2(received), write.per_household(received),
        ),
        (
            say("estate.recovered", lang),
            write.amount(recovered), "", write.per_m2(recovered), write.per_household(recovered),
        ),
        (metric.zh if lang == "zh" else metric.en, ratio, "", "", ""),
    )  # fmt: skip
    chart = Expenses(
        rows=rows,
        unit_words=(
            say("estate.money_large" if is_large else "estate.money_small", lang),
            say("estate.per_m2", lang),
            say("estate.per_household", lang),
        ),
        headings=(say("estate.spent", lang), say("estate.share", lang)),
        totals=totals,
    )
    notes = _notes(published, months, period, even, recovered, per.caveats, lang)
    return Money(period, title, chart, "", apart, notes)


@dataclass(frozen=True)
class _Writer:
    """Writes amounts of one sheet: all in the same unit."""

    is_large: bool
    area: float | None
    households: int | None
    months: float
    lang: Language

    def amount(self, yuan: float | None) -> str:
        if yuan is None:
            return numbers.NONE
        if not self.is_large:
            return numbers.number(yuan)
        return numbers.number(yuan / (1e4 if self.lang == "zh" else 1e3), 1)

    def per_m2(self, yuan: float | None) -> str:
        if yuan is None or not self.area or not self.months:
            return numbers.NONE
        return numbers.number(yuan / self.area / self.months, 2)

    def per_household(self, yuan: float | None) -> str:
        if yuan is None or not self.households or not self.months:
            return numbers.NONE
        return numbers.number(yuan / self.households / self.months, 1)


def _months(denominator: float | None, area: float | None, cases: float | None, period: Period) -> float:
    """Months with costs: square metres times months ÷ square metres, as the metric counts them."""
    if denominator and area:
        return denominator / area
    return float(cases or months_in(period))


def _latest(published: Published, estate: str) -> Period:
    """The latest quarter whose three months all have costs, among the last two; else what the last of them has."""
    until = published.as_of
    months: list[date] = published.rows("estate_cost_months", estate=estate, until=until)["month"].to_list()
    if not months:
        now = quarter_of(until)
        return now if now.end <= until else before(now)
    last = quarter_of(months[-1])
    for quarter in (last, before(last)):
        if sum(quarter.holds(one) for one in months) == 3:
            return quarter
    return last


def _apart(published: Published, span: dict[str, object], lang: Language) -> str:
    found = published.rows("estate_income", **span).rows()
    if not found:
        return say("estate.apart_none", lang)
    parts = [
        say("estate.apart_part", lang, name=named(category, lang), amount=numbers.money(float(amount), lang))
        for category, amount in found
    ]
    return say("estate.apart", lang, parts=say("estate.comma", lang).join(parts))


def _notes(
    published: Published, months: float, period: Period, even: Value, recovered: float | None,
    caveats: tuple[str, ...], lang: Language,
) -> tuple[str, ...]:  # fmt: skip
    notes = []
    if round(months) < months_in(period):
        notes.append(say("estate.cost_months", lang, months=round(months), of=months_in(period)))
    if even.value is None:
        reason = published.words("reason", even.reason or "not_reported", lang)
        notes.append(say("estate.even_none", lang, reason=reason))
    elif even.n is not None and even.n < round(months):
        notes.append(say("estate.fee_months", lang, months=round(even.n), of=round(months)))
    if recovered is None:
        notes.append(say("estate.recovered_none", lang))
    if "prorated" in caveats:
        notes.append(published.words("caveat", "prorated", lang))
    return tuple(notes)
