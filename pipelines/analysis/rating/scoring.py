"""Gives one subject its score and star by a rubric, with every point explained. Nobody else's data enter."""

from __future__ import annotations

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date
from typing import Final

from pipelines.analysis.rating import capping
from pipelines.analysis.rating.accounts import Account, ItemLine, Line, Reason, Status
from pipelines.analysis.rating.evidence import Datum, Evidence, Score
from pipelines.analysis.rating.ladders import points_at, rung_at
from pipelines.analysis.rating.rounding import half_up
from pipelines.analysis.rating.rubric import Criterion, Item, Rubric

_NOTHING: Final = Datum(None, absence="not_submitted")
_WORDS: Final[Mapping[str, tuple[str, str]]] = {
    "missing": ("未报送，计 0 分", "not submitted: 0 points"),
    "too_few": (
        "样本 {n:g}，不足 {least:g}，不计并重新分配权重",
        "sample {n:g}, below {least:g}: left out, re-weighted",
    ),
    "too_few_missing": (
        "样本 {n:g}，不足 {least:g}，且有应报未报，计 0 分",
        "sample {n:g}, below {least:g}, and some was not submitted: 0 points",
    ),
    "not_yet": ("首轮只公布、不计分", "shown, not counted in its first round"),
    "not_applicable": ("不适用，不计", "does not apply: left out"),
    "force_majeure": ("不可抗力期间，不计", "within the days of force majeure: left out"),
    "part": ("{share:.0%} 已报，未报部分按最差计", "{share:.0%} reported; the rest counts as worst"),
}


@dataclass(frozen=True)
class Trial:
    """What is tried out instead of the rubric's own: dimension weights, criteria left out."""

    weights: Mapping[str, float]
    without: frozenset[str] = frozenset()


AS_PUBLISHED: Final = Trial({})


def score(rubric: Rubric, evidence: Evidence, start: date, end: date, trial: Trial = AS_PUBLISHED) -> Account:
    """The account of one subject for the period from `start` to `end` (days, both included)."""
    lines = _lines(rubric, evidence, start, trial)
    items = _items(rubric, evidence, start, end)
    judged = _judged(rubric, lines, trial)
    reason = _unratable(rubric, evidence, lines, judged)
    if reason is not None and reason.code != "service":
        return Account(
            evidence.subject, evidence.by, evidence.peer_group, None, None, None, None, None, None, (), reason, lines,
            items, judged,
        )  # fmt: skip
    raw = max(0.0, rubric.base + sum(one.added for one in lines) + sum(one.points for one in items))
    rounded = float(half_up(raw, rubric.decimals))
    by_score = max(star_of(rubric, rounded), least_star(rubric, items))
    caps = capping.caps(rubric, evidence.entries, lines, start, end)
    stars = min([by_score, *(one.at for one in caps)])
    if reason is None and stars == 0:
        reason = _below(rubric, by_score, caps[0].zh if caps else "", caps[0].en if caps else "")
    above = [one.at for one in rubric.thresholds if one.stars > by_score]
    own = [one.at for one in rubric.thresholds if one.stars == by_score]
    return Account(
        subject=evidence.subject,
        by=evidence.by,
        peer_group=evidence.peer_group,
        stars=None if reason is not None else stars,
        stars_by_score=by_score,
        score=rounded,
        raw_score=raw,
        to_next=round(min(above) - rounded, 9) if above and stars == by_score else None,
        to_previous=round(rounded - own[0], 9) if own and rounded >= own[0] and stars == by_score else None,
        caps=caps,
        no_star_reason=reason,
        lines=lines,
        items=items,
        judged=judged,
    )


def star_of(rubric: Rubric, rounded: float) -> int:
    """The star of a rounded score: at or above a threshold is the higher star; 0 below the lowest."""
    return max((one.stars for one in rubric.thresholds if rounded >= one.at), default=0)


def least_star(rubric: Rubric, items: Sequence[ItemLine]) -> int:
    """The star below which nobody without a deduction falls; 0 where the rubric knows none."""
    return 0 if any(one.points < 0 for one in items) else rubric.least_if_clean


def worst_filled(criterion: Criterion, datum: Datum, peer_group: str | None) -> tuple[float, float, float]:
    """How estates that did not report count as worst: (times, plus) on the value; where the unit has no worst value,
    the factor on the points instead."""
    reached = datum.reached if criterion.partial == "worst" else 1.0
    if criterion.unit != "percent":
        return 1.0, 0.0, reached
    return reached, 0.0 if criterion.ladder_for(peer_group).rising else 1 - reached, 1.0


def _lines(rubric: Rubric, evidence: Evidence, start: date, trial: Trial) -> tuple[Line, ...]:
    factors = {
        one.id: trial.weights.get(one.id, one.weight) / one.weight if one.weight else 0.0 for one in rubric.dimensions
    }
    drafts = [
        (
            _line(one, evidence.data.get(one.id, _NOTHING), evidence.peer_group, start),
            one.points * factors[one.dimension],
        )
        for one in rubric.criteria
    ]
    counted = sum(
        weight for line, weight in drafts if line.status in ("scored", "missing") and line.id not in trial.without
    )
    return tuple(
        replace(
            line,
            weight=weight * rubric.total / counted
            if line.status in ("scored", "missing") and line.id not in trial.without
            else 0.0,
        )
        for line, weight in drafts
    )


def _line(criterion: Criterion, datum: Datum, peer_group: str | None, start: date) -> Line:
    status, key = _status(criterion, datum, start)
    ladder = criterion.ladder_for(peer_group)
    points, filled, step = 0.0, None, None
    if datum.value is not None and status in ("scored", "not_yet", "left_out"):
        times, plus, factor = worst_filled(criterion, datum, peer_group)
        filled = datum.value * times + plus
        points, step = float(points_at(ladder, filled)) * factor, rung_at(ladder, filled)
        if status == "scored" and criterion.partial == "worst" and datum.reached < 1:
            key = "part"
    zh, en = _WORDS[key] if key else ("", "")
    told = {"n": datum.n or 0.0, "least": criterion.least, "share": datum.reached}
    return Line(
        id=criterion.id,
        dimension=criterion.dimension,
        zh=criterion.zh,
        en=criterion.en,
        status=status,
        value=datum.value,
        scored_value=filled,
        unit=criterion.unit,
        n=datum.n,
        step=step,
        points=points,
        max_points=criterion.points,
        weight=0.0,
        source=datum.source,
        caveats=datum.caveats,
        missing_zh=zh.format(**told),
        missing_en=en.format(**told),
    )


def _status(criterion: Criterion, datum: Datum, start: date) -> tuple[Status, str]:
    if criterion.counts_from is not None and start < criterion.counts_from:
        return "not_yet", "not_yet"
    if datum.absence in {"force_majeure", "not_applicable"}:
        return "unjudged", str(datum.absence)
    few = datum.absence == "too_few" or (datum.value is not None and datum.n is not None and datum.n < criterion.least)
    if few and datum.n:
        # Whoever keeps answers back must not gain by what is left being too little to judge.
        whole = criterion.partial == "noted" or datum.reached >= 1
        return ("left_out", "too_few") if whole else ("missing", "too_few_missing")
    return ("missing", "missing") if datum.value is None else ("scored", "")


def _judged(rubric: Rubric, lines: tuple[Line, ...], trial: Trial) -> float:
    due = {
        one.id: one.points
        for one, line in zip(rubric.criteria, lines, strict=True)
        if line.status != "not_yet" and one.id not in trial.without
    }
    scored = sum(due[line.id] for line in lines if line.status == "scored" and line.id in due)
    return scored / sum(due.values()) if due else 1.0


def _unratable(rubric: Rubric, evidence: Evidence, lines: tuple[Line, ...], judged: float) -> Reason | None:
    if evidence.state != "managed":
        return Reason("unmanaged", "没有物业服务企业，不参评", "nobody manages it, so nobody is rated")
    if lines and not any(one.status == "scored" for one in lines):
        few = [one for one in lines if one.status == "left_out"]
        if few:
            most = max(one.n or 0.0 for one in few)
            return Reason("too_few", f"样本 {most:g} 份，不足以定星", f"a sample of {most:g} is too small for a star")
        return Reason("no_data", "本期没有数据，不定星", "no data in the period, so no star")
    if judged < rubric.minimum:
        return Reason(
            "too_little",
            f"有数据可评的只占 {judged:.0%}，不到细则要求的 {rubric.minimum:.0%}，不定星",
            f"only {judged:.0%} of the points could be judged on data, below the {rubric.minimum:.0%} that the rubric "
            "asks for, so no star",
        )
    days = evidence.service_days
    if rubric.least_service_days and days is not None and days < rubric.least_service_days:
        return Reason(
            "service",
            f"服务满 {days} 天，不到细则要求的 {rubric.least_service_days} 天，不定星",
            f"served for {days} days, less than the {rubric.least_service_days} that the rubric asks for, so no star",
        )
    return None


def _below(rubric: Rubric, by_score: int, zh: str, en: str) -> Reason:
    if by_score:
        return Reason("veto", f"{zh}，不定星", f"{en}: no star")
    lowest = min((one.at for one in rubric.thresholds), default=0.0)
    return Reason(
        "below_lowest", f"得分不到最低一档 {lowest:g} 分，不定星", f"scored below the lowest threshold, {lowest:g}"
    )


def _items(rubric: Rubric, evidence: Evidence, start: date, end: date) -> tuple[ItemLine, ...]:
    room = {
        "bonus": float("inf") if rubric.bonus_cap is None else rubric.bonus_cap,
        "deduction": float("inf") if rubric.deduction_cap is None else rubric.deduction_cap,
    }
    found: list[ItemLine] = []
    for item in rubric.items:
        entries = [one for one in evidence.entries if one.id == item.id and one.in_force(start, end)]
        if not entries:
            continue
        times = sum(one.times for one in entries)
        points = min(times * item.points, item.cap, room[item.kind])
        room[item.kind] -= points
        found.append(_item(item, times, points, tuple(one.evidence for one in entries)))
    return tuple(found)


def _item(item: Item, times: float, points: float, evidence: tuple[str, ...]) -> ItemLine:
    signed = points if item.kind == "bonus" else -points
    return ItemLine(item.id, item.zh, item.en, times, signed, evidence)


def without_scorers(evidence: Evidence, scorers: Collection[str]) -> Evidence:
    """The evidence as if these had not scored. A criterion that nobody else scored becomes too small a sample."""
    data: dict[str, Datum] = {}
    for name, datum in evidence.data.items():
        left = tuple(one for one in datum.scores if one.scorer not in scorers)
        if len(left) == len(datum.scores):
            data[name] = datum
        else:
            data[name] = rescored(datum, left)
    return replace(evidence, data=data)


def rescored(datum: Datum, scores: tuple[Score, ...]) -> Datum:
    """The datum made of other scores: Σ given ÷ Σ most, `n` scorers; not applicable where there are none left."""
    most = sum(one.most for one in scores)
    if most <= 0:
        return replace(datum, value=None, n=None, absence="not_applicable", scores=())
    value = sum(one.given for one in scores) / most
    return replace(datum, value=value, n=float(len({one.scorer for one in scores})), scores=scores, absence=None)
