"""Answers `lianping rate` on rounds: its sheets, its result, a past round under another rubric, a seal's check."""

from __future__ import annotations

import json
from dataclasses import dataclass, replace
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING

from pipelines.analysis.rating.evidence import Evidence
from pipelines.analysis.rating.results import Rating
from pipelines.analysis.rating.rubric import Rubric
from pipelines.metrics.desk import Desk, OldWarehouseError, open_desk
from pipelines.rating.asking import NotRatedError, chosen_rubric
from pipelines.rating.evidence import Given, gather
from pipelines.rating.printing import as_csv, as_json, as_table
from pipelines.rating.rating import SEED, rated
from pipelines.rating.rounds import moves, secretary
from pipelines.rating.rounds.moves import Who
from pipelines.rating.rounds.results import round_rating
from pipelines.rating.rounds.sealed import HOME, OtherResultsError, Past, open_past, verify
from pipelines.rating.rounds.secretary import Office, Papers
from pipelines.rating.rounds.shape import Round
from pipelines.rating.rounds.steps import RefusedError
from pipelines.rating.rubric_files import RubricError, RubricFile
from pipelines.sealing import SealBrokenError
from pipelines.words import Language, say

if TYPE_CHECKING:
    from pipelines.warehouse import Connection


@dataclass(frozen=True)
class AskedRound:
    """The options as they were typed. `rubric` makes a trial of it; `sheets` is where sheets are written."""

    round: str
    inbox: Path
    records: Path
    rubric: str | None = None
    trial: bool = False
    sheets: Path | None = None
    by: str = ""


def checked(folder: Path, form: str, lang: Language) -> str:
    """What is said of a sealed folder whose seal holds and whose results come out the same. Raises NotRatedError."""
    try:
        past = verify(folder)
    except SealBrokenError as fault:
        zh = f"封存已被改动：{fault.name}/{fault.file} 与封存时不符（内容改过、缺失，或是后来加的）。"
        en = f"The seal is broken: {fault.name}/{fault.file} is not what was sealed (changed, missing, or added)."
        raise NotRatedError(zh, en) from fault
    except OtherResultsError as fault:
        told = "\n".join(fault.differences)
        zh, en = f"文件未改动，但重算结果不同：\n{told}", f"The files are as sealed, but the results differ:\n{told}"
        raise NotRatedError(zh, en) from fault
    except (RubricError, ValueError, OSError) as fault:
        raise NotRatedError(f"“{folder}”不是封存的评定轮次。", f'"{folder}" is no sealed round.') from fault
    if form == "json":
        rubric = past.rubric
        return json.dumps(
            {"round": past.name, "holds": True, "same_results": True, "rubric": rubric.rubric.id,
             "sha256": rubric.sha256, "subjects": len(past.evidence)}, ensure_ascii=False,
        )  # fmt: skip
    return (
        f"{past.name}：封存完好，{len(past.evidence)} 个对象重算结果与封存一致。"
        if lang == "zh"
        else f"{past.name}: the seal holds, and the results of {len(past.evidence)} subjects come out the same."
    )


def answer(connection: Connection, given: AskedRound, form: str, lang: Language) -> str:
    """What is printed: the codes of the sheets written, the round's result, or that of a trial. Raises NotRatedError.

    The connection is closed.
    """
    try:
        desk = open_desk(connection)
        return _answer(desk, given, form, lang)
    except OldWarehouseError as fault:
        raise NotRatedError(say("warehouse_old", "zh"), say("warehouse_old", "en")) from fault
    except RefusedError as fault:
        raise NotRatedError(fault.zh, fault.en) from fault
    except SealBrokenError as fault:
        raise NotRatedError(f"封存已被改动：{fault.name}/{fault.file}", f"{fault}") from fault
    finally:
        connection.close()


def _answer(desk: Desk, given: AskedRound, form: str, lang: Language) -> str:
    office = Office(desk, given.inbox, given.records)
    sealed = given.records / HOME / given.round
    if sealed.is_dir():
        return _of_past(desk, open_past(sealed, desk.metrics), given, form, lang)
    current = moves.read_round(given.inbox, given.round)
    if current is None:
        known = [one.id for one in moves.rounds(given.inbox)]
        zh, en = "、".join(known) or "无", ", ".join(known) or "none"
        raise NotRatedError(
            f"没有轮次“{given.round}”。现有：{zh}", f'There is no round "{given.round}". There are: {en}'
        )
    if given.sheets is not None:
        return _sheets(office, current, given.sheets, given.by, lang)
    papers = secretary.papers(office, current)
    evidence = secretary.evidence_now(office, papers)
    if given.rubric is None:
        return _told(round_rating(papers.rubric, current, evidence), form, lang, trial=False)
    _need_trial(given)
    rubric = chosen_rubric(given.rubric, desk.metrics)
    found = trial(office.desk, papers.rubric.rubric, rubric, current, evidence, _given(office, papers))
    return _told(found, form, lang, trial=True)


def _of_past(desk: Desk, past: Past, given: AskedRound, form: str, lang: Language) -> str:
    if given.rubric is None:
        return past.results.decode() if form == "json" else _told(past.rating(), form, lang, trial=False)
    _need_trial(given)
    rubric = chosen_rubric(given.rubric, desk.metrics)
    return _told(trial(desk, past.rubric.rubric, rubric, past, past.evidence, Given()), form, lang, trial=True)


def trial(
    desk: Desk, own: Rubric, other: RubricFile, done: Round | Past, evidence: tuple[Evidence, ...], given: Given
) -> Rating:
    """A round under another rubric. Criteria of the same source keep the round's own data; others are read anew."""
    kept = {one.subject: one for one in evidence}
    anew = gather(desk, other.rubric, done.period, done.by, given=given, subjects=sorted(kept))
    same = {
        one.id: before.id
        for one in other.rubric.criteria
        for before in own.criteria
        if (one.source, one.unit) == (before.source, before.unit)
    }
    mixed = [
        replace(
            one,
            data={**one.data, **{to: kept[one.subject].data[was] for to, was in same.items()
                                 if was in kept[one.subject].data}},
            entries=kept[one.subject].entries,
        )
        for one in anew
    ]  # fmt: skip
    return rated(other.rubric, other.sha256, done.period, done.by, mixed, seed=SEED)


def _given(office: Office, papers: Papers) -> Given:
    is_scored = bool(papers.round.panel) and bool(papers.round.evidence)
    scores = papers.came.scores if is_scored else ()
    return Given(office.entries, scores, papers.recused, sheets_only=bool(papers.round.panel))


def _need_trial(given: AskedRound) -> None:
    if not given.trial:
        raise NotRatedError(
            "轮次的细则在开启时已定。要换细则试算，请加 --trial；试算不作评定依据。",
            "A round's rubric was fixed at its opening. To try another one, add --trial; a trial decides nothing.",
        )


def _sheets(office: Office, current: Round, place: Path, by: str, lang: Language) -> str:
    _, codes = secretary.hand_out(office, current, place, Who(by or "lianping rate --sheets", datetime.now()))
    head = (
        f"评分表已写到 {place}。评分码只显示这一次，以前发的作废："
        if lang == "zh"
        else f"The sheets are in {place}. The codes are shown this once; earlier ones lapse:"
    )
    return "\n".join([head, *(f"{name}\t{code}" for name, code in codes.items())])


def _told(rating: Rating, form: str, lang: Language, *, trial: bool) -> str:
    if form == "json":
        text = as_json(rating)
        return text.replace("{", '{"trial": true, ', 1) if trial else text
    if form == "csv":
        return as_csv(rating)
    head = ("试算，不作评定依据\n" if lang == "zh" else "A trial: it decides nothing\n") if trial else ""
    return head + as_table(rating, lang)
