"""The steps that a round may take, and why not: each is written with who and when, or refused in words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Final

from pipelines.analysis.rating.rubric import By
from pipelines.calendar import is_working
from pipelines.metrics.periods import Period
from pipelines.rating.rounds.codes import hashed, new_code
from pipelines.rating.rounds.shape import Remedy, Round, Scorer, Stage, folded
from pipelines.rating.rounds.steps import (
    RefusedError,
    masked,
    read_steps,
    round_folder,
    round_ids,
    write_step,
    write_whole,
)
from pipelines.rating.rubric_files import RubricFile
from pipelines.street import Notice

RUBRIC: Final = "rubric.toml"
NOTICE_DAYS: Final = (5, 7)
STAGE_WORDS: Final[Mapping[Stage, tuple[str, str]]] = {
    "opened": ("开启", "opened"),
    "preview": ("预览", "preview"),
    "scoring": ("评分", "scoring"),
    "draft": ("拟定", "draft"),
    "notice": ("公示", "public notice"),
    "objections": ("异议处理", "objections"),
    "published": ("公布", "published"),
}


@dataclass(frozen=True)
class Who:
    """Who takes a step, and when (local time)."""

    by: str
    now: datetime


def rounds(inbox: Path) -> tuple[Round, ...]:
    """All rounds, the latest period first, of one period the one opened last."""
    found = [one for name in round_ids(inbox) if (one := read_round(inbox, name)) is not None]
    return tuple(sorted(found, key=lambda one: (one.period.end, one.steps[0].at), reverse=True))


def read_round(inbox: Path, name: str) -> Round | None:
    """A round as it stands, None where there is none of this name. Raises RefusedError: no name of a round."""
    return folded(name, read_steps(round_folder(inbox, name)))


def open_round(
    inbox: Path,
    name: str,
    rubric: RubricFile,
    period: Period,
    by: By,
    panel: Sequence[Scorer],
    subjects: Sequence[str],
    who: Who,
) -> Round:
    """Opens a round. The rubric is copied into it. Raises RefusedError, OSError."""
    folder = round_folder(inbox, name)
    if read_steps(folder):
        raise RefusedError(
            f"轮次“{name}”已经开启过，请另取编号。", f'There is a round "{name}" already; take another name.'
        )
    names = [one.name for one in panel]
    twice = sorted({one for one in names if names.count(one) > 1})
    if twice:
        listed = "、".join(twice)
        raise RefusedError(f"评委重复：{listed}。每人只列一次。", f"Listed twice on the panel: {', '.join(twice)}.")
    if not subjects:
        raise RefusedError("本期没有可参评的对象。", "Nobody can be rated in this period.")
    told = {
        "by": by,
        "start": period.start.isoformat(),
        "end": period.end.isoformat(),
        "rubric": rubric.rubric.id,
        "rubric_version": rubric.rubric.version,
        "rubric_sha256": rubric.sha256,
        "panel": [
            {"name": one.name, "affiliation": masked(one.affiliation), "interest": one.interest} for one in panel
        ],
        "subjects": list(subjects),
    }
    write_whole(folder / RUBRIC, rubric.raw)
    write_step(folder, 1, "opened", told, by=who.by, now=who.now)
    return _again(inbox, name)


def preview(inbox: Path, current: Round, who: Who) -> Round:
    """Lets the rated see their data and provisional result."""
    _need(current, ("opened",), "preview")
    return _step(inbox, current, "preview", {}, who)


def start_scoring(inbox: Path, current: Round, who: Who) -> Round:
    """Opens the scoring for the panel."""
    _need(current, ("preview",), "scoring")
    if not current.panel:
        raise RefusedError("本轮没有评委，可直接拟定结果。", "There is no panel; go on to the draft.")
    return _step(inbox, current, "scoring", {}, who)


def issue_codes(inbox: Path, current: Round, handed_in: Mapping[str, str], who: Who) -> tuple[Round, dict[str, str]]:
    """New one-time codes for all who have not handed in; earlier ones lapse. They are told once and kept nowhere."""
    _need(current, ("preview", "scoring"), "scoring")
    codes = {one.name: new_code() for one in current.panel if one.name not in handed_in}
    if not codes:
        raise RefusedError("评委都已交表，不用再发评分码。", "All have handed in; no code is needed.")
    kept = {"codes": {name: hashed(code) for name, code in codes.items()}}
    return _step(inbox, current, "codes", kept, who), codes


def draft(inbox: Path, current: Round, evidence: str, handed_in: Mapping[str, str], without: str, who: Who) -> Round:
    """Closes the scoring: from now on the results rest on this evidence (by its hash). `without`: why sheets lack."""
    missing = may_draft(current, handed_in, without)
    told = {"evidence": evidence, "without": masked(without) if missing else "", "missing": missing}
    return _step(inbox, current, "draft", told, who)


def may_draft(current: Round, handed_in: Mapping[str, str], without: str) -> list[str]:
    """Who has not handed in. Raises RefusedError where the scoring can't be closed."""
    _need(current, ("scoring",) if current.panel else ("preview",), "draft")
    missing = [one.name for one in current.panel if one.name not in handed_in]
    if missing and not masked(without):
        raise RefusedError(
            f"还有 {len(missing)} 名评委没有交表：{'、'.join(missing)}。请催收；确需结束评分的，写明原因。",
            f"{len(missing)} scorers have not handed in: {', '.join(missing)}. To close all the same, say why.",
        )
    return missing


def start_notice(
    inbox: Path, current: Round, days: int, who: Who, notices: Mapping[int, Notice] | None = None
) -> Round:
    """Begins the public notice of 5 to 7 working days, the first of them the next one. Raises RefusedError."""
    _need(current, ("draft",), "notice")
    if not NOTICE_DAYS[0] <= days <= NOTICE_DAYS[1]:
        raise RefusedError("公示期应为 5 至 7 个工作日。", "The notice takes 5 to 7 working days.")
    today = who.now.date()
    until = working_day(today, days, notices or {})
    told = {"from": today.isoformat(), "until": until.isoformat(), "days": days}
    return _step(inbox, current, "notice", told, who)


def object_to(inbox: Path, current: Round, subject: str, text: str, who: Who) -> Round:
    """Takes down an objection, within the days of the notice. `who` objects."""
    _need(current, ("notice",), "objections")
    if current.notice_until is not None and who.now.date() > current.notice_until:
        raise RefusedError(
            f"公示期已于 {current.notice_until} 结束，不再受理异议。", f"The notice ended on {current.notice_until}."
        )
    if subject not in current.subjects:
        raise RefusedError(f"“{subject}”不在本轮参评名单里。", f'"{subject}" is not rated in this round.')
    if not masked(text):
        raise RefusedError("请写明异议的内容和理由。", "Please say what is objected to, and why.")
    return _step(inbox, current, "objected", {"subject": subject, "text": masked(text)}, who)


def decide(
    inbox: Path,
    current: Round,
    number: int,
    upheld: bool,  # noqa: FBT001 - it is the decision
    reason: str,
    who: Who,
    *,
    remedy: Remedy = "none",
    scorer: str = "",
    evidence: str = "",
) -> Round:
    """Decides an objection, with its reason. `evidence`: the evidence from now on, where that is changed by it."""
    _need(current, ("notice", "objections"), "objections")
    one = next((each for each in current.objections if each.number == number), None)
    if one is None:
        raise RefusedError(f"没有第 {number} 号异议。", f"There is no objection {number}.")
    if one.upheld is not None:
        raise RefusedError(f"第 {number} 号异议已有处理决定。", f"Objection {number} has been decided.")
    if not masked(reason):
        raise RefusedError("请写明处理理由。", "Please give the reason of the decision.")
    if upheld and remedy == "strike" and scorer not in {each.name for each in current.panel}:
        raise RefusedError("请选要剔除哪位评委的评分。", "Say whose scores are struck.")
    told = {
        "objection": number,
        "upheld": upheld,
        "reason": masked(reason),
        "remedy": remedy if upheld else "none",
        "scorer": scorer if upheld and remedy == "strike" else "",
        "evidence": evidence or current.evidence,
    }
    return _step(inbox, current, "decided", told, who)


def end_notice(inbox: Path, current: Round, who: Who) -> Round:
    """Ends the notice when its days are over."""
    _need(current, ("notice",), "objections")
    if current.notice_until is None or who.now.date() <= current.notice_until:
        raise RefusedError(
            f"公示至 {current.notice_until}，未满期，不能结束。", f"The notice lasts until {current.notice_until}."
        )
    return _step(inbox, current, "objections", {}, who)


def may_publish(current: Round) -> None:
    """Raises RefusedError where a round can't be published yet."""
    _need(current, ("objections",), "published")
    if current.undecided:
        listed = "、".join(f"{one.number}" for one in current.undecided)
        raise RefusedError(f"还有异议没有处理：第 {listed} 号。", f"Objections without a decision: {listed}.")


def published(inbox: Path, current: Round, folder: str, who: Who) -> Round:
    """Marks a round as published in a sealed folder."""
    may_publish(current)
    return _step(inbox, current, "published", {"folder": folder, "revision": current.revision}, who)


def revise(inbox: Path, current: Round, reason: str, evidence: str, who: Who) -> Round:
    """Opens a revision of a published round: it goes through notice and objections again, under the next number."""
    may_revise(current, reason)
    return _step(inbox, current, "revised", {"reason": masked(reason), "evidence": evidence}, who)


def may_revise(current: Round, reason: str) -> None:
    """Raises RefusedError where a round can't be revised."""
    _need(current, ("published",), "draft")
    if not masked(reason):
        raise RefusedError("请写明更正的原因。", "Please say why it is corrected.")


def working_day(after: date, days: int, notices: Mapping[int, Notice]) -> date:
    """The so-manieth working day after a day."""
    day, left = after, days
    while left:
        day += timedelta(days=1)
        left -= is_working(day, notices)[0]
    return day


def notice_day(current: Round, today: date, notices: Mapping[int, Notice]) -> tuple[int, int]:
    """Which working day of the notice it is, of how many; 0 before the first."""
    if current.notice_from is None or current.notice_until is None:
        return 0, 0
    all_days = [
        current.notice_from + timedelta(days=one)
        for one in range(1, (current.notice_until - current.notice_from).days + 1)
    ]
    working = [one for one in all_days if is_working(one, notices)[0]]
    return sum(one <= today for one in working), len(working)


def _need(current: Round, stages: tuple[Stage, ...], wanted: str) -> None:
    if current.stage not in stages:
        now_zh, now_en = STAGE_WORDS[current.stage]
        names = [STAGE_WORDS[one] for one in stages]
        zh, en = "、".join(one[0] for one in names), ", ".join(one[1] for one in names)
        to_zh, to_en = STAGE_WORDS[wanted]  # type: ignore[index]
        raise RefusedError(
            f"本轮现在是“{now_zh}”阶段，要在“{zh}”阶段才能办“{to_zh}”。",
            f'The round is at "{now_en}"; "{to_en}" follows on "{en}".',
        )


def _step(inbox: Path, current: Round, kind: str, told: Mapping[str, object], who: Who) -> Round:
    write_step(round_folder(inbox, current.id), current.next_number, kind, told, by=who.by, now=who.now)
    return _again(inbox, current.id)


def _again(inbox: Path, name: str) -> Round:
    found = read_round(inbox, name)
    if found is None:
        raise RefusedError(f"没有轮次“{name}”。", f'There is no round "{name}".')
    return found
