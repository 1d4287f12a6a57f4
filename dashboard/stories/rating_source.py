"""Where the page 评星 has its stars from: a round as it stands, a sealed one, or a provisional rating."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from dashboard.published import Published
from dashboard.selection import Selection
from pipelines.analysis.rating.evidence import Evidence
from pipelines.analysis.rating.results import Rating
from pipelines.analysis.rating.rubric import By
from pipelines.analysis.rating.scoring import AS_PUBLISHED, Trial
from pipelines.metrics.periods import Period, PeriodError, read_period
from pipelines.rating.asking import NotRatedError, chosen_rubric
from pipelines.rating.evidence import Given, gather
from pipelines.rating.rating import SEED, rated, with_thresholds
from pipelines.rating.rounds import moves, secretary
from pipelines.rating.rounds.recusal import contested
from pipelines.rating.rounds.results import without
from pipelines.rating.rounds.sealed import HOME, Past, open_past, past_rounds
from pipelines.rating.rounds.secretary import Office, Papers
from pipelines.rating.rounds.shape import Round
from pipelines.rating.rounds.steps import FOLDER, SHEETS, RefusedError
from pipelines.rating.rubric_files import RubricFile
from pipelines.sealing import SealBrokenError, records_folder
from pipelines.words import Language

WEIGHT, THRESHOLD = "w", "t"


@dataclass(frozen=True)
class Before:
    """The round before: its stars by subject, its period, and whether it was only worked out for comparison."""

    stars: Mapping[str, int | None]
    period: Period
    is_provisional: bool


@dataclass(frozen=True)
class Source:
    """What is shown. `papers` None: no round is open, the rating is provisional. `fault`: what is wrong, in words.

    `uncontested`: the rating without scorers who have an interest, None where there is none of them or none to tell.
    """

    by: By
    period: Period
    rubric: RubricFile
    rating: Rating
    evidence: tuple[Evidence, ...]
    papers: Papers | None
    past: Past | None
    before: Before | None
    contested: tuple[str, ...]
    uncontested: Rating | None
    known: tuple[Round, ...]
    stamp: tuple[object, ...]
    fault: str = ""
    is_trial: bool = False

    @property
    def round(self) -> Round | None:
        """The round that is shown."""
        return self.papers.round if self.papers is not None else None


@dataclass(frozen=True)
class _Based:
    """What the rating is made of."""

    rubric: RubricFile
    period: Period
    evidence: tuple[Evidence, ...]


def office_of(published: Published, inbox: Path) -> Office:
    """The secretary's office over a version."""
    return Office(published.desk, inbox, records_folder())


def source(published: Published, selection: Selection, inbox: Path) -> Source:
    """What the page shows in a view: the round of its name, else the latest of its kind, else a provisional rating."""
    by: By = "estate" if selection.by == "estate" else "company"
    office = office_of(published, inbox)
    known = moves.rounds(inbox)
    shown, fault = _chosen(inbox, selection, known, by)
    if shown is not None:
        by = shown.by
    with published.lock:
        if shown is None:
            found, wrong = _provisional(published, office, selection, by)
            papers, past = None, None
            stamp: tuple[object, ...] = ("provisional", by, found.period, found.rubric.sha256, office.entry_files)
            fault = fault or wrong
        else:
            stamp = _stamp(office, shown)
            papers = published.made(("rating papers", *stamp), lambda: secretary.papers(office, shown))
            past, wrong = _sealed(office, papers, selection.lang)
            fault = fault or wrong
            evidence = past.evidence if past else published.made(
                ("rating evidence", *stamp), lambda: secretary.evidence_now(office, papers)
            )  # fmt: skip
            found = _Based(papers.rubric, shown.period, tuple(evidence))
        rating, is_trial, wrong = _rating(published, found, by, stamp, selection)
        apart = contested(shown.panel) if shown else ()
        closed = papers is not None and papers.round.evidence != "" and bool(apart)
        uncontested = (
            published.made(("rating uncontested", *stamp),
                           lambda: without(found.rubric, papers.round, found.evidence, apart))
            if closed and papers is not None else None
        )  # fmt: skip
        before = published.made(
            ("rating before", by, found.period, found.rubric.sha256, _sealed_names(office), office.entry_files),
            lambda: _before(published, office, found, by),
        )
    return Source(
        by=by,
        period=found.period,
        rubric=found.rubric,
        rating=rating,
        evidence=found.evidence,
        papers=papers,
        past=past,
        before=before,
        contested=apart,
        uncontested=uncontested,
        known=known,
        stamp=(*stamp, selection.trial, fault or wrong),
        fault=fault or wrong,
        is_trial=is_trial,
    )


def half_year(day: date) -> Period:
    """The latest half-year that is over on a day."""
    return read_period(f"{day.year}H1") if day.month > 6 else read_period(f"{day.year - 1}H2")


def read_trial(text: str, rating_rubric: RubricFile) -> tuple[dict[str, float], dict[int, float]]:
    """Weights by dimension and thresholds by star from ``w.residents:35,t.5:92``; what fits nothing is passed by."""
    weights: dict[str, float] = {}
    thresholds: dict[int, float] = {}
    names = {one.id for one in rating_rubric.rubric.dimensions}
    for one in text.split(","):
        key, _, number = one.partition(":")
        kind, _, name = key.partition(".")
        try:
            value = float(number)
        except ValueError:
            continue
        if kind == WEIGHT and name in names and 0 <= value <= 100:
            weights[name] = value
        elif kind == THRESHOLD and name in {"1", "2", "3", "4", "5"} and 0 <= value <= 200:
            thresholds[int(name)] = value
    return weights, thresholds


def _chosen(inbox: Path, selection: Selection, known: tuple[Round, ...], by: By) -> tuple[Round | None, str]:
    if selection.round:
        try:
            found = moves.read_round(inbox, selection.round)
        except RefusedError as fault:
            return None, fault.zh if selection.lang == "zh" else fault.en
        if found is not None:
            return found, ""
        given = selection.round
        return None, f"没有轮次“{given}”。" if selection.lang == "zh" else f'There is no round "{given}".'
    if selection.period:
        return None, ""
    return next((one for one in known if one.by == by), None), ""


def _provisional(published: Published, office: Office, selection: Selection, by: By) -> tuple[_Based, str]:
    rubric, wrong = rubric_in_force(published, office, selection.lang)
    try:
        period = read_period(selection.period) if selection.period else half_year(published.as_of)
    except PeriodError:
        period = half_year(published.as_of)
    return _gathered(published, office, rubric, period, by), wrong


def rubric_in_force(published: Published, office: Office, lang: Language) -> tuple[RubricFile, str]:
    """The street's rubric; where it is wrong, that of the last round (or the alliance's), and what is wrong."""
    try:
        return chosen_rubric(office.rubric_named, published.desk.metrics), ""
    except NotRatedError as fault:
        for one in moves.rounds(office.inbox):
            return secretary.papers(office, one).rubric, fault.zh if lang == "zh" else fault.en
        return chosen_rubric(None, published.desk.metrics), fault.zh if lang == "zh" else fault.en


def _gathered(published: Published, office: Office, rubric: RubricFile, period: Period, by: By) -> _Based:
    def made() -> tuple[Evidence, ...]:
        return gather(published.desk, rubric.rubric, period, by, given=Given(office.entries))

    key = ("rating gathered", rubric.sha256, period, by, office.entry_files)
    return _Based(rubric, period, published.made(key, made))


def _rating(
    published: Published, found: _Based, by: By, stamp: tuple[object, ...], selection: Selection
) -> tuple[Rating, bool, str]:
    weights, thresholds = read_trial(selection.trial, found.rubric)
    rubric, trial, wrong = found.rubric.rubric, AS_PUBLISHED, ""
    if weights:
        trial = Trial(weights)
    if thresholds:
        try:
            rubric = with_thresholds(rubric, thresholds)
        except ValueError:
            wrong = "分数线须一星比一星高，没有按所填试算。" if selection.lang == "zh" else "Thresholds must rise."
    if sum(weights.get(one.id, one.weight) for one in rubric.dimensions) <= 0:
        trial, weights = AS_PUBLISHED, {}

    def made() -> Rating:
        return rated(rubric, found.rubric.sha256, found.period, by, found.evidence, seed=SEED, trial=trial)

    rating = published.made(("rating", *stamp, tuple(sorted(weights.items())), tuple(sorted(thresholds.items()))), made)
    return rating, bool(weights or thresholds), wrong


def _sealed(office: Office, papers: Papers, lang: Language) -> tuple[Past | None, str]:
    if papers.round.stage != "published":
        return None, ""
    try:
        return open_past(office.records / HOME / papers.round.folder_name, office.desk.metrics), ""
    except SealBrokenError as fault:
        zh = f"封存的 {fault.name} 已被改动：{fault.file} 与封存时不符。"
        return None, zh if lang == "zh" else f"The sealed round {fault.name} was changed: {fault.file}."


def _before(published: Published, office: Office, found: _Based, by: By) -> Before | None:
    best: Past | None = None
    for folder in past_rounds(office.records):
        try:
            past = open_past(folder, published.desk.metrics)
        except (SealBrokenError, ValueError, KeyError):
            continue
        if (
            past.by == by
            and past.period.end < found.period.start
            and (best is None or past.period.end >= best.period.end)
        ):
            best = past
    if best is not None:
        return Before(best.stars(), best.period, is_provisional=False)
    last = found.period.start - timedelta(days=1)
    days = (found.period.end - found.period.start).days
    period = half_year(found.period.start) if 180 <= days <= 184 else Period(last - timedelta(days=days), last)
    if period.start < published.desk.first_day:
        return None
    based = _gathered(published, office, found.rubric, period, by)
    rating = rated(found.rubric.rubric, found.rubric.sha256, period, by, based.evidence, seed=SEED, draws=10)
    stars = {one.account.subject: one.account.stars for one in rating.subjects}
    return Before(stars, period, is_provisional=True)


def _stamp(office: Office, shown: Round) -> tuple[object, ...]:
    home = office.inbox / FOLDER / shown.id / SHEETS
    papers = tuple(sorted((one.name, one.stat().st_mtime_ns) for one in home.glob("*"))) if home.is_dir() else ()
    entered = office.entry_files if not shown.evidence else ()
    return (str(office.inbox), shown.id, shown.next_number, shown.steps[0].at, shown.steps[-1].at, papers, entered)


def _sealed_names(office: Office) -> tuple[str, ...]:
    return tuple(one.name for one in past_rounds(office.records))
