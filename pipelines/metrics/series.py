"""The series that verdicts are read from: a metric week by week, month by month or quarter by quarter, by subject.

Counting a series takes longer than counting one period, and is the same for every period of a version: what was counted
is kept beside the connection.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Final

import polars as pl

from pipelines.metrics import cadence, counting, judging, stored
from pipelines.metrics.catalogue import Metric
from pipelines.metrics.desk import Desk
from pipelines.metrics.judging import Judgement, Point, Wave
from pipelines.metrics.periods import Period, Step, steps
from pipelines.metrics.question import Question

MONEY: Final = frozenset({"fees", "costs"})
REPORTED: Final = MONEY | {"inspections"}
"""What every estate is expected to report, month by month; tickets come or don't."""
BETWEEN: Final = "\x1f"
MATERIAL: Final = 0.05
"""From this share on, prepayments mixed into what was received make a basis of their own, and missing estates a gap."""
MIXED: Final = (
    pl.col("mixed").fill_null(0.0) > MATERIAL * pl.max_horizontal("numerator", "denominator").fill_null(0.0)
).alias("is_mixed")
"""Whether prepayments are a part of the figure that matters (rows of COUNTED_SCHEMA)."""
LATELY: Final = 6
"""An estate that reported in one of so many months before is expected to report (sheets come up to half-yearly)."""


@dataclass(frozen=True)
class Series:
    """The points of a metric: step → subject → points in time. `thin`: few estates of a subject reported all along;
    `behind`: the last step lacks estates that reported lately; `steady`: of how many estates the points are, for
    subjects of which others reported too."""

    points: Mapping[Step, Mapping[str, Sequence[Point]]]
    steps: Mapping[Step, Sequence[Period]]
    thin: frozenset[str] = frozenset()
    behind: frozenset[str] = frozenset()
    steady: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True)
class Panel:
    """The rows (as COUNTED_SCHEMA with subject and estate, or pooled) of the estates that reported in every step in
    which their subject has any; the subjects where few did; how many did, for subjects of which others reported too."""

    rows: pl.DataFrame
    thin: frozenset[str]
    steady: Mapping[str, int]


@dataclass(frozen=True)
class Stepped:
    """What was counted for a series: the figures of every step and subject, and the rows where the estates matter."""

    pool: pl.DataFrame
    owned: pl.DataFrame | None


def judged(desk: Desk, question: Question, metric: Metric, basis: str, subjects: Sequence[str]) -> dict[str, Judgement]:
    """The judgement on each subject at the end of the question's period."""
    as_of = question.as_of or desk.as_of
    period = Period(question.period.start, max(question.period.start, min(question.period.end, as_of)))
    if "wave" in metric.natural:
        waves = _waves(desk, question.by)
        return {one: judging.judge_waves(waves.get(one, ()), period, metric.direction) for one in subjects}
    if not charted(metric, question.by, basis):
        return dict.fromkeys(subjects, Judgement(None))
    series = series_of(desk, question, metric, basis, as_of, period.end)
    return {one: _judge(desk, question, metric, series, period, one) for one in subjects}


def charted(metric: Metric, by: str, basis: str) -> bool:
    """Whether the verdict is read from steps in time. A running total follows itself, so its months are no points of a
    chart; a street is its own expectation; surveys are compared wave by wave."""
    return (
        "wave" not in metric.natural and basis != "year_to_date" and not (metric.kind == "expected" and by == "street")
    )


def walk_of(desk: Desk, metric: Metric, as_of: date) -> Mapping[Step, Sequence[Period]]:
    """The whole steps of the metric's series, from the first day that anything is known of."""

    def walked() -> Mapping[Step, Sequence[Period]]:
        return {step: steps(step, desk.first_day, as_of) for step in metric.natural if step != "wave"}

    return desk.remembered(("walk", metric.natural, as_of), walked)


def stepped(desk: Desk, question: Question, metric: Metric, basis: str, as_of: date) -> Stepped:
    """The figures of all steps and subjects of the question's level."""

    def made() -> Stepped:
        if is_stored(desk, question, metric, basis, as_of):
            kept = stored.rows(desk, metric.id, question.by, basis) if by_estate(metric) else None
            return Stepped(stored.steps(desk, metric.id, question.by, basis), kept)
        rows = rows_of(desk, question, metric, basis, as_of)
        owned = counting.with_subject(desk, rows, question.by)
        return Stepped(pooled(metric, owned, rows), owned if by_estate(metric) else None)

    return desk.remembered(("stepped", metric.id, question.by, basis, question.with_excluded, as_of), made)


def is_stored(desk: Desk, question: Question, metric: Metric, basis: str, as_of: date) -> bool:
    """Whether the series was counted at load."""
    usual = as_of == desk.as_of and not question.with_excluded
    return usual and stored.has(desk, metric.id, question.by, basis, rows=by_estate(metric))


def by_estate(metric: Metric) -> bool:
    """Whether the estates' rows are needed beside the figures: to compare the same estates, or to name their tiers."""
    return metric.additive and (metric.tiered or bool(REPORTED & set(metric.sources)))


def rows_of(desk: Desk, question: Question, metric: Metric, basis: str, as_of: date) -> pl.DataFrame:
    """The rows of `counting.counted` for all steps of the metric's series."""

    def made() -> pl.DataFrame:
        walk = walk_of(desk, metric, as_of)
        asked = {one: one.end if metric.kind == "stock" else as_of for each in walk.values() for one in each}
        return counting.counted(desk, metric, list(asked.items()), basis, with_excluded=question.with_excluded)

    # Rows a ticket are many times those a step and estate: they are not kept.
    key = ("rows", metric.id, basis, question.with_excluded, as_of)
    return desk.remembered(key, made) if metric.additive else made()


def series_of(desk: Desk, question: Question, metric: Metric, basis: str, as_of: date, until: date) -> Series:
    """The points of all subjects of the question's level, of whole steps that end by `until`."""
    key = ("series", metric.id, question.by, basis, question.with_excluded, as_of)
    walk = walk_of(desk, metric, as_of)
    all_steps = stepped(desk, question, metric, basis, as_of)

    # Reviews of companies know no estate.
    reported = bool(REPORTED & set(metric.sources)) and basis != "company"

    def whole() -> Series:
        points = desk.remembered(("points", *key), lambda: _points(all_steps.pool, walk))
        return Series(points, walk, behind=late())

    def steady() -> Series:
        if is_stored(desk, question, metric, basis, as_of):
            like = (question.by, metric.natural, metric.kind, metric.interval, until)
            panels = desk.remembered(("panels", *like), lambda: _panels(desk, question.by, metric, until))
            kept = panels[metric.id, basis]
            pool = kept.rows
        else:
            assert all_steps.owned is not None  # noqa: S101 - additive, for the type checker
            kept = panel(all_steps.owned.filter(pl.col("period_end") <= until), walk[metric.natural[-1]])
            pool = counting.pooled(metric, kept.rows)
        return Series(_points(pool, walk), walk, kept.thin, late(), kept.steady)

    def late() -> frozenset[str]:
        # Accounts run from month to month; a month without an inspection is not a late one.
        if all_steps.owned is None or not MONEY & set(metric.sources):
            return frozenset()
        return behind(all_steps.owned, [one for one in walk[metric.natural[-1]] if one.end <= until], desk.changes)

    if not (metric.additive and reported):
        return desk.remembered(key, whole)
    return desk.remembered((*key, until), whole if question.by == "estate" else steady)


def panel(rows: pl.DataFrame, walk: Sequence[Period]) -> Panel:
    """The same estates throughout, so that a series doesn't move with who reported."""
    days = pl.LazyFrame({"period_start": [one.start for one in walk], "period_end": [one.end for one in walk]})
    inside = rows.lazy().join(days.cast(pl.Date), on=["period_start", "period_end"], how="semi")
    told = inside.group_by("subject", "estate").agg(told=pl.col("period_end").n_unique(), last=pl.max("period_end"))
    all_steps = inside.group_by("subject").agg(steps=pl.col("period_end").n_unique(), end=pl.max("period_end"))
    known = told.join(all_steps, on="subject").collect()
    is_steady, is_late = pl.col("told") == pl.col("steps"), pl.col("last") == pl.col("end")
    share = known.lazy().group_by("subject").agg(steady=is_steady.sum(), lately=is_late.sum())
    fewer = share.filter(pl.col("steady") < pl.col("lately")).collect()
    thin = fewer.filter(pl.col("steady") * 2 < pl.col("lately"))["subject"].to_list()
    kept = rows.join(known.filter(is_steady), on=["subject", "estate"], how="semi")
    return Panel(kept, frozenset(thin), dict(fewer.select("subject", "steady").iter_rows()))


def _panels(desk: Desk, by: str, metric: Metric, until: date) -> dict[tuple[object, ...], Panel]:
    """By metric and basis the panel, pooled, of all metrics like this one: ten small questions to polars take ten times
    as long as one."""
    like = (metric.natural, metric.kind, metric.interval)
    alike = {one.id for one in desk.metrics.values() if (one.natural, one.kind, one.interval) == like}
    rows = stored.all_rows(desk, by).lazy().filter(pl.col("metric").is_in(alike), pl.col("period_end") <= until)
    named = pl.concat_str("metric", "basis", "subject", separator=BETWEEN)
    kept = panel(rows.with_columns(subject=named).collect(), walk_of(desk, metric, desk.as_of)[metric.natural[-1]])
    parts = pl.col("subject").str.splitn(BETWEEN, 3).struct
    told = parts[0].alias("metric"), parts[1].alias("basis"), parts[2].alias("subject")
    pools = counting.pooled(metric, kept.rows).with_columns(told).partition_by("metric", "basis", as_dict=True)
    none = counting.COUNTED_SCHEMA.to_frame()
    thin: dict[tuple[object, ...], set[str]] = {}
    steady: dict[tuple[object, ...], dict[str, int]] = {}
    for one, count in kept.steady.items():
        name, basis, subject = one.split(BETWEEN, 2)
        steady.setdefault((name, basis), {})[subject] = count
        if one in kept.thin:
            thin.setdefault((name, basis), set()).add(subject)
    keys = ((one.id, basis) for one in desk.metrics.values() if one.id in alike for basis in one.bases)
    return {key: Panel(pools.get(key, none), frozenset(thin.get(key, ())), steady.get(key, {})) for key in keys}


def behind(rows: pl.DataFrame, walk: Sequence[Period], changes: Mapping[str, Sequence[date]]) -> frozenset[str]:
    """The subjects of whose denominator more than a twentieth belongs to estates that reported lately, but not in the
    last step of the walk. One whose company, mode or charging changed since may rightly have nothing to report."""
    if len(walk) < 2:
        return frozenset()
    last = walk[-1]
    told = set(rows.filter(pl.col("period_end") == last.end, pl.col("period_start") == last.start)["estate"])
    months = {(one.start, one.end) for one in walk[-1 - LATELY : -1]}
    wanted = rows.lazy().filter(pl.col("period_end") < last.end, pl.col("period_end") >= min(end for _, end in months))
    sizes: dict[tuple[str, str], tuple[date, float]] = {}
    columns = wanted.select("subject", "estate", "period_start", "period_end", pl.col("denominator").cast(pl.Float64))
    for subject, estate, start, end, size in columns.sort("period_end").collect().iter_rows():
        if (start, end) in months and size:
            sizes[subject, estate] = (start, size)
    total: dict[str, float] = {}
    missing: dict[str, float] = {}
    for (subject, estate), (start, size) in sizes.items():
        excused = any(start < day <= last.end for day in changes.get(estate, ()))
        if estate not in told and excused:
            continue
        total[subject] = total.get(subject, 0.0) + size
        missing[subject] = missing.get(subject, 0.0) + (size if estate not in told else 0.0)
    return frozenset(subject for subject, size in missing.items() if size > MATERIAL * total[subject])


def _waves(desk: Desk, by: str) -> dict[str, list[Wave]]:
    """The waves with answers of each subject, by the end of the wave."""
    wanted = pl.col("subject", "estate", "period_end", "satisfied", "responses", "effective", "mode", "conducted_by")
    answered = counting.with_subject(desk, desk.waves, by).lazy().filter(pl.col("responses") > 0)
    # What is too small to be shown is not judged either: a verdict would tell what is hidden.
    shown = pl.col("responses").sum().over("subject", "period_end") >= desk.suppress_below
    answered = answered.filter(shown)
    rows = answered.filter(pl.col("satisfied").is_not_null()).select(wanted).sort("period_end").collect()
    waves: dict[str, list[Wave]] = {}
    for subject, estate, end, satisfied, responses, effective, mode, conducted_by in rows.iter_rows():
        worth = math.inf if effective is None else effective
        waves.setdefault(subject, []).append(Wave(estate, end, satisfied, responses, worth, (mode, conducted_by)))
    return waves


def pooled(metric: Metric, owned: pl.DataFrame, rows: pl.DataFrame) -> pl.DataFrame:
    """The figures of the subjects in `owned`, as COUNTED_SCHEMA; `rows` are those of the whole street."""
    return counting.against_street(owned, rows) if metric.kind == "expected" else counting.pooled(metric, owned)


def _points(pool: pl.DataFrame, walk: Mapping[Step, Sequence[Period]]) -> dict[Step, dict[str, list[Point]]]:
    places = {(one.start, one.end): (step, place, one) for step, each in walk.items() for place, one in enumerate(each)}
    empty = {step: [Point(one, None, 0.0) for one in each] for step, each in walk.items()}
    points: dict[Step, dict[str, list[Point]]] = {step: {} for step in walk}
    wanted = pool.select(
        "subject", "period_start", "period_end", "value", pl.col("cases").fill_null(0.0), "age", MIXED, "of_all",
        pl.col("caveats").list.contains("prorated"),
    )  # fmt: skip
    cut: dict[tuple[Step, str], set[Period]] = {}
    for subject, start, end, value, cases, age, mixed, of_all, prorated in wanted.iter_rows():
        step, place, period = places[start, end]
        if subject not in points[step]:
            points[step][subject] = list(empty[step])
        points[step][subject][place] = Point(period, value, cases, age, mixed, of_all)
        if prorated:
            cut.setdefault((step, subject), set()).add(Period(start, end))
    for (step, subject), periods in cut.items():
        points[step][subject] = cadence.once_a_bill(points[step][subject], periods)
    return points


def _judge(desk: Desk, question: Question, metric: Metric, series: Series, period: Period, subject: str) -> Judgement:
    if subject in series.thin:
        return Judgement(None, ("membership_changed",))
    walks = []
    for step, each in series.steps.items():
        whole = sum(one.end <= period.end for one in each)
        walks.append(series.points[step].get(subject, [])[:whole])
    points = judging.finest(metric, walks, desk.suppress_below)
    changes = desk.changes.get(subject, ()) if question.by == "estate" else ()
    judgement = replace(judging.judge(metric, points, changes, period), panel=series.steady.get(subject))
    if subject in series.behind and judgement.code is not None:
        return replace(judgement, code=None, caveats=(*judgement.caveats, "provisional"), chart=None)
    return judgement
