"""What the comparison is asked: metric and basis, period, estates; and what else may be chosen in their place."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final

from dashboard import numbers
from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Link
from dashboard.words import say
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.periods import Period, read_period
from pipelines.words import Language

UNGROUPED: Final = "ungrouped"
"""The English name of the estates that belong to no peer group: they have no peers."""
COMPANY: Final = "company"
"""The basis of what is reviewed of companies: no estate has it."""
MONTHS_BACK: Final = 18
WEEKS_BACK: Final = 12
_MONTHS: Final = {"quarter": 3, "month": 1, "half": 6, "year": 12}


@dataclass(frozen=True)
class Option:
    """One thing to choose: its word, where it leads, whether it is what is shown now."""

    text: str
    link: Link
    is_chosen: bool


@dataclass(frozen=True)
class Choice:
    """A control: its label and its options in groups, each with a heading (empty: no heading)."""

    label: str
    groups: tuple[tuple[str, tuple[Option, ...]], ...]


@dataclass(frozen=True)
class View:
    """What is compared. `peers` is a peer group, empty for all estates. `basis` None: the metric's own first."""

    metric: Metric
    basis: str | None
    period: Period
    peers: str
    lang: Language
    is_projected: bool = False

    @property
    def name(self) -> str:
        """The metric's name."""
        return self.metric.zh if self.lang == "zh" else self.metric.en

    @property
    def is_week(self) -> bool:
        """Whether a single week is shown: nothing but tickets is known of one."""
        return (self.period.end - self.period.start).days < 27


def view_of(published: Published, selection: Selection) -> View:
    """The view that an address asks for, its gaps filled: satisfaction, the latest complete quarter, all estates; on
    the projector the largest peer group."""
    metric = published.metric(selection.metric or "satisfaction_rate")
    period = read_period(selection.period) if selection.period else latest(published, metric)
    is_projected = selection.show == "projector"
    peers = selection.peers or (largest_group(published) if is_projected else "")
    basis = selection.basis if selection.basis in metric.bases else None
    return View(metric, basis, period, peers, selection.lang, is_projected)


def choices(published: Published, view: View) -> tuple[Choice, ...]:
    """The three controls: metric (with its bases), period, estates."""
    return (_metrics(published, view), _periods(published, view), _ranges(published, view))


def group_name(published: Published, group: str, lang: Language) -> str:
    """A peer group as it is called."""
    places = published.desk.places
    found = dict(places.select("peer_group", "peer_group_en").unique().iter_rows())
    return (found.get(group) or group) if lang == "en" else group


def largest_group(published: Published) -> str:
    """The peer group of most estates, empty where there is none."""
    groups = [
        (-count, group)
        for group, name, count in published.desk.places.group_by("peer_group", "peer_group_en").len().iter_rows()
        if group is not None and name != UNGROUPED
    ]
    return str(min(groups)[1]) if groups else ""


def periods_of(published: Published, metric: Metric) -> dict[str, list[Period]]:
    """The natural periods with data of a metric, the latest first: quarters, months, half-years, years, weeks."""

    def made() -> dict[str, list[Period]]:
        rows = published.rows("compare_days").iter_rows()
        months = sorted({month for source, month in rows if source in metric.sources and month <= published.as_of})
        found = {
            kind: sorted({_whole(month, size) for month in months}, reverse=True) for kind, size in _MONTHS.items()
        }
        found["month"] = found["month"][:MONTHS_BACK]
        if "week" in metric.natural:
            found["week"] = _weeks(months, published.as_of)
        return found

    return published.made(("compare periods", metric.id), made)


def latest(published: Published, metric: Metric) -> Period:
    """The latest complete quarter with data, else month, else the latest quarter there is, else that of the data."""
    found = periods_of(published, metric)
    for kind in ("quarter", "month"):
        for one in found[kind]:
            if one.end <= published.as_of:
                return one
    return found["quarter"][0] if found["quarter"] else _whole(published.as_of.replace(day=1), 3)


def _whole(month: date, size: int) -> Period:
    first = (month.month - 1) // size * size
    after = month.year * 12 + first + size
    return Period(date(month.year, first + 1, 1), date(after // 12, after % 12 + 1, 1) - timedelta(days=1))


def _weeks(months: Iterable[date], as_of: date) -> list[Period]:
    if not months:
        return []
    monday = as_of - timedelta(days=as_of.weekday() + (0 if as_of.weekday() == 6 else 7))
    first = min(months)
    starts = [monday - timedelta(weeks=back) for back in range(WEEKS_BACK)]
    return [Period(one, one + timedelta(days=6)) for one in starts if one >= first]


def _metrics(published: Published, view: View) -> Choice:
    options: list[Option] = []
    for one in published.desk.metrics.values():
        name = one.zh if view.lang == "zh" else one.en
        for basis in one.bases:
            if basis == COMPANY:
                continue
            is_first = basis == one.bases[0]
            word = published.words("basis", basis, view.lang)
            text = name if len(one.bases) == 1 else say("compare.with_basis", view.lang, name=name, basis=word)
            chosen = one.id == view.metric.id and basis == (view.basis or one.bases[0])
            changes = {"metric": one.id, "basis": "" if is_first else basis}
            options.append(Option(text, Link("compare", changes), chosen))
    return Choice(say("compare.metric", view.lang), (("", tuple(options)),))


def _periods(published: Published, view: View) -> Choice:
    known = periods_of(published, view.metric)
    groups: list[tuple[str, tuple[Option, ...]]] = []
    if not any(view.period in one for one in known.values()):
        groups.append(("", (_period(published, view, view.period),)))
    for kind, periods in known.items():
        if periods:
            heading = say(f"compare.kind_{kind}", view.lang)
            groups.append((heading, tuple(_period(published, view, one) for one in periods)))
    return Choice(say("compare.period", view.lang), tuple(groups))


def _period(published: Published, view: View, one: Period) -> Option:
    text = numbers.period(one, view.lang)
    if one.end > published.as_of:
        text = say("compare.unfinished", view.lang, period=text)
    return Option(text, Link("compare", {"period": numbers.code(one)}), one == view.period)


def _ranges(published: Published, view: View) -> Choice:
    options = [Option(say("compare.all", view.lang), Link("compare", {"peers": ""}), not view.peers)]
    options += [
        Option(group_name(published, one, view.lang), Link("compare", {"peers": one}), one == view.peers)
        for one in published.desk.subjects("peer_group")
    ]
    return Choice(say("compare.range", view.lang), (("", tuple(options)),))
