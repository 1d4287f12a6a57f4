"""Prints a rating: a table for people, CSV, or the JSON that a sealed round keeps. The same rating, the same bytes."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Mapping
from typing import Final

from pipelines.analysis.rating.accounts import Cap, Line
from pipelines.analysis.rating.results import Improvement, Rated, Rating, Sensitivity
from pipelines.summary import aligned
from pipelines.words import Language

_DIGITS: Final = 10
_COLUMNS: Final = (
    "subject", "by", "peer_group", "stars", "score", "to_next", "to_previous", "probability", "caps", "no_star_reason",
)  # fmt: skip


def as_plain(rating: Rating) -> dict[str, object]:
    """The rating as plain values, as JSON holds them: floats to 10 digits, so that machines agree."""
    return {
        "rubric": {"id": rating.rubric.id, "version": rating.rubric.version, "sha256": rating.sha256},
        "period": f"{rating.start}..{rating.end}",
        "by": rating.by,
        "seed": rating.seed,
        "draws": rating.draws,
        "subjects": [_subject(one, rating) for one in rating.subjects],
    }


def as_json(rating: Rating) -> str:
    """The canonical JSON: keys in a fixed order, Chinese as it is, one line a subject."""
    plain = as_plain(rating)
    subjects = plain.pop("subjects")
    head = json.dumps(plain, ensure_ascii=False, allow_nan=False)[:-1]
    told = (
        (json.dumps(one, ensure_ascii=False, allow_nan=False) for one in subjects) if isinstance(subjects, list) else ()
    )
    return f'{head}, "subjects": [\n' + ",\n".join(told) + "\n]}\n"


def as_csv(rating: Rating) -> str:
    """One row a subject."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    writer.writerow(_COLUMNS)
    for one in rating.subjects:
        account = one.account
        chance = None if one.chances is None else one.chances.by_star.get(account.stars or 0, 0.0)
        writer.writerow(
            [
                account.subject, account.by, account.peer_group or "", _empty(account.stars), _empty(account.score),
                _empty(account.to_next), _empty(account.to_previous), _empty(_round(chance)),
                ";".join(cap.id for cap in account.caps),
                account.no_star_reason.code if account.no_star_reason else "",
            ]
        )  # fmt: skip
    return text.getvalue()


def as_table(rating: Rating, lang: Language) -> str:
    """The board, best first, for people."""
    zh = lang == "zh"
    title = f"{rating.rubric.zh if zh else rating.rubric.en} {rating.rubric.version}　{rating.start} — {rating.end}"
    heads = ["对象", "评定", "得分", "把握", "距上一星", "先做什么", "说明"] if zh else [
        "subject", "star", "score", "sure", "to next", "cheapest improvement", "notes",
    ]  # fmt: skip
    rows = [_row(one, rating, zh=zh) for one in sorted(rating.subjects, key=_rank)]
    note = (
        f"把握来自抽样误差和评委分歧，{rating.draws} 次模拟（种子 {rating.seed}）。达到或超过分数线取高一星。"
        if zh
        else f"How sure: from sampling error and scorers' disagreement, {rating.draws} draws (seed {rating.seed}). "
        "At or above a threshold is the higher star."
    )
    return "\n".join([title, "", aligned([heads, *rows], len(heads)), "", note]) + "\n"


def _row(one: Rated, rating: Rating, *, zh: bool) -> list[str]:
    account = one.account
    names = rating.rubric.named(account.stars)
    sure = "" if one.chances is None else f"{one.chances.by_star.get(account.stars or 0, 0.0):.0%}"
    first = next((each for each in one.improvements if each.reaches), None)
    notes = [cap.zh if zh else cap.en for cap in account.caps]
    if account.no_star_reason:
        notes = [account.no_star_reason.zh if zh else account.no_star_reason.en]
    told = {line.missing_zh if zh else line.missing_en: line for line in account.lines if line.missing_zh}
    notes += (
        [f"{line.zh if zh else line.en}：{text}" for text, line in told.items()] if account.score is not None else []
    )
    digits = rating.rubric.decimals
    return [
        account.subject,
        names[0] if zh else names[1],
        "—" if account.score is None else f"{account.score:.{digits}f}",
        sure,
        "—" if account.to_next is None else f"{account.to_next:.{digits}f}",
        "" if first is None else (first.zh if zh else first.en),
        ("；" if zh else "; ").join(notes),
    ]


def _rank(one: Rated) -> tuple[float, float, str]:
    account = one.account
    return (-(account.stars or 0), -(account.score if account.score is not None else -1.0), account.subject)


def _subject(one: Rated, rating: Rating) -> dict[str, object]:
    account = one.account
    reason = account.no_star_reason
    return {
        "subject": account.subject,
        "by": account.by,
        "peer_group": account.peer_group,
        "stars": account.stars,
        "score": _round(account.score),
        "star_probability": _probability(one, rating),
        "to_next": _round(account.to_next),
        "to_previous": _round(account.to_previous),
        "caps": [_cap(cap) for cap in account.caps],
        "no_star_reason": None if reason is None else {"code": reason.code, "zh": reason.zh, "en": reason.en},
        "criteria": [_line(line) for line in account.lines],
        "items": [
            {"id": item.id, "times": _round(item.times), "points": _round(item.points), "evidence": list(item.evidence)}
            for item in account.items
        ],
        "judged": _round(account.judged),
        "improvements": [_improvement(each) for each in one.improvements],
        "sensitivity": None if one.sensitivity is None else _sensitivity(one.sensitivity),
    }


def _probability(one: Rated, rating: Rating) -> Mapping[str, float | None] | None:
    """By star, from the lowest; "0" (none) only where it is possible."""
    if one.chances is None:
        return None
    found = one.chances.by_star
    stars = [star.stars for star in rating.rubric.thresholds]
    return {str(star): _round(found.get(star, 0.0)) for star in [*([0] if found.get(0) else []), *stars]}


def _cap(cap: Cap) -> dict[str, object]:
    return {
        "id": cap.id,
        "at": cap.at,
        "zh": cap.zh,
        "en": cap.en,
        "evidence": cap.evidence,
        "on": cap.on.isoformat() if cap.on else None,
        "decider": cap.decider,
        "expires": cap.expires.isoformat() if cap.expires else None,
    }


def _line(line: Line) -> dict[str, object]:
    return {
        "id": line.id,
        "dimension": line.dimension,
        "status": line.status,
        "value": _round(line.value),
        "scored_value": _round(line.scored_value),
        "unit": line.unit,
        "n": _round(line.n),
        "step": line.step,
        "points": _round(line.points),
        "max_points": _round(line.max_points),
        "weight": _round(line.weight),
        "source": line.source,
        "caveats": list(line.caveats),
        "missing": {"zh": line.missing_zh, "en": line.missing_en} if line.missing_zh else None,
    }


def _improvement(one: Improvement) -> dict[str, object]:
    return {
        "criterion": one.criterion,
        "change": _round(one.change),
        "to": _round(one.to),
        "gain": _round(one.gain),
        "reaches": one.reaches,
        "per": _round(one.per),
        "per_gain": _round(one.per_gain),
        "submit": one.submit,
        "zh": one.zh,
        "en": one.en,
    }


def _sensitivity(one: Sensitivity) -> dict[str, object]:
    return {
        "lowest": one.lowest,
        "highest": one.highest,
        "without_criterion": dict(sorted(one.without_criterion.items())),
        "without_scorer": dict(sorted(one.without_scorer.items())),
    }


def _round(value: float | None) -> float | None:
    """To 10 digits after the point; what is beyond all numbers (a median never reached) as None."""
    return None if value is None or not math.isfinite(value) else round(float(value), _DIGITS) + 0.0


def _empty(value: object) -> object:
    return "" if value is None else value
