"""What would raise a star most cheaply: for each criterion, how far it must improve, alone, to reach the next star."""

from __future__ import annotations

import math
from collections.abc import Mapping
from typing import Final

import numpy as np

from pipelines.analysis.rating.accounts import Account, Line
from pipelines.analysis.rating.evidence import Evidence
from pipelines.analysis.rating.ladders import Ladder, points_at
from pipelines.analysis.rating.results import Improvement
from pipelines.analysis.rating.rubric import Criterion, Rubric
from pipelines.analysis.rating.scoring import worst_filled

_STEPS: Final[Mapping[str, float]] = {"percent": 0.03, "hours": 6.0, "count": 1.0}
_FINENESS: Final[Mapping[str, int]] = {"percent": 3, "hours": 1, "count": 0}
_UNITS: Final[Mapping[str, tuple[str, str]]] = {
    "percent": ("个百分点", "percentage points"),
    "hours": ("小时", "hours"),
    "yuan_per_m2_month": ("元", "yuan"),
    "count": ("件", "tickets"),
    "per_100_households_month": ("件", "tickets"),
}


def improvements(rubric: Rubric, evidence: Evidence, account: Account) -> tuple[Improvement, ...]:
    """Each single improvement, those that reach the next star first, the smallest way up the ladder first.

    Empty where there is no score, or nothing above. A cap stays a cap: `reaches` speaks of the score's own star.
    """
    if account.raw_score is None:
        return ()
    higher = [one for one in rubric.thresholds if one.stars > (account.stars_by_score or 0)]
    if not higher:
        return ()
    goal = min(higher, key=lambda one: one.at)
    need = goal.at - 0.5 / 10**rubric.decimals - account.raw_score
    found = [
        (cost, one)
        for criterion, line in zip(rubric.criteria, account.lines, strict=True)
        if line.counted and (made := _improvement(criterion, line, evidence, need, (goal.zh, goal.en))) is not None
        for cost, one in [made]
    ]
    return tuple(one for _, one in sorted(found, key=lambda pair: (not pair[1].reaches, pair[0], -pair[1].gain)))


def _improvement(
    criterion: Criterion, line: Line, evidence: Evidence, need: float, goal: tuple[str, str]
) -> tuple[float, Improvement] | None:
    rate = line.weight / line.max_points
    if line.status == "missing":
        return 0.0, _submission(line, (line.max_points - line.points) * rate, need, goal)
    datum = evidence.data[criterion.id]
    if datum.value is None or not math.isfinite(datum.value):
        return None
    ladder = criterion.ladder_for(evidence.peer_group)
    times, plus, share = worst_filled(criterion, datum, evidence.peer_group)
    reach = _best(criterion, ladder, times, plus)
    top = float(points_at(ladder, reach * times + plus)) * share
    whole = (top - line.points) * rate
    if whole <= 1e-9 or times <= 0:
        return None
    reaches = whole >= need
    wanted = (line.points + need / rate) / share if reaches else top / share
    raw = (_where(ladder, wanted) - plus) / times
    to = _outwards(raw, datum.value, criterion.unit, reach)
    gain = (float(points_at(ladder, to * times + plus)) * share - line.points) * rate
    change = abs(to - datum.value)
    per = _STEPS.get(criterion.unit, 0.1)
    moved = datum.value + (per if ladder.rising else -per)
    per_gain = (float(points_at(ladder, moved * times + plus)) * share - line.points) * rate
    steady = abs(per_gain) > 1e-9 and ladder.shape == "linear"
    words = _sentences(line, ladder, change, gain, goal if reaches else None, (per, per_gain) if steady else None)
    one = Improvement(
        criterion=line.id,
        change=change,
        to=to,
        gain=gain,
        reaches=reaches,
        per=per if steady else None,
        per_gain=per_gain if steady else None,
        submit=False,
        zh=words[0],
        en=words[1],
    )
    room = abs(reach - datum.value)
    return (change / room if room else 0.0), one


def _submission(line: Line, gain: float, need: float, goal: tuple[str, str]) -> Improvement:
    reaches = gain >= need
    zh = f"补报{line.zh}，最多加 {_shown(gain)} 分" + (f"，可到{goal[0]}" if reaches else "")
    en = f"submit {line.en}: at most {_shown(gain)} points" + (f", enough for {goal[1]}" if reaches else "")
    return Improvement(line.id, None, None, gain, reaches, None, None, submit=True, zh=zh, en=en)


def _best(criterion: Criterion, ladder: Ladder, times: float, plus: float) -> float:
    """The nearest value that gives all that can be had; a share ends at 0 and 1."""
    raw = (_where(ladder, ladder.most) - plus) / times if times else 0.0
    return float(np.clip(raw, 0.0, 1.0)) if criterion.unit == "percent" else raw


def _where(ladder: Ladder, points: float) -> float:
    """The nearest value on the ladder, coming from the bad end, that gives so many points."""
    at, given = np.asarray(ladder.at), np.asarray(ladder.points)
    if not ladder.rising:
        at, given = at[::-1], given[::-1]
    place = int(np.argmax(given >= points - 1e-9))
    if ladder.shape == "steps" or place == 0:
        return float(at[place])
    low, high = given[place - 1], given[place]
    return float(at[place - 1] + (at[place] - at[place - 1]) * min(1.0, max(0.0, (points - low) / (high - low))))


def _outwards(raw: float, value: float, unit: str, reach: float) -> float:
    """The target, its distance rounded away from the value so that what is printed is enough, never beyond the best."""
    if not math.isfinite(raw):
        return reach
    scale = 10.0 ** _FINENESS.get(unit, 2)
    distance = math.ceil(abs(raw - value) * scale - 1e-9) / scale
    if raw >= value:
        return min(value + distance, max(reach, raw))
    return max(value - distance, min(reach, raw))


def _sentences(
    line: Line,
    ladder: Ladder,
    change: float,
    gain: float,
    goal: tuple[str, str] | None,
    per: tuple[float, float] | None,
) -> tuple[str, str]:
    unit = _UNITS.get(line.unit, ("", ""))
    zh = f"{line.zh}{'提高' if ladder.rising else '降低'} {_amount(change, line.unit)} {unit[0]}".rstrip()
    en = f"{line.en} {'up' if ladder.rising else 'down'} by {_amount(change, line.unit)} {unit[1]}".rstrip()
    zh += f"，加 {_shown(gain)} 分" + (f"，可到{goal[0]}" if goal else "")
    en += f": {_shown(gain)} points more" + (f", enough for {goal[1]}" if goal else "")
    if per is not None:
        step = f"{per[0] * 100:g}" if line.unit == "percent" else f"{per[0]:g}"
        zh += f"（每{'提高' if ladder.rising else '降低'} {step} {unit[0]}约加 {_shown(per[1])} 分）"
        en += f" (about {_shown(per[1])} for every {step} {unit[1]})".replace(" )", ")")
    return zh, en


def _amount(change: float, unit: str) -> str:
    return f"{change * 100:.1f}" if unit == "percent" else f"{change:.{_FINENESS.get(unit, 2)}f}"


def _shown(points: float) -> str:
    return f"{points:.1f}" if points >= 0.05 else f"{points:.2f}"
