"""Reads the scoring sheets that came back in a round. Whatever does not count is a finding, never silent."""

from __future__ import annotations

import math
import re
import secrets
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Final

from pipelines.findings import address
from pipelines.rating.inspected import Sheet
from pipelines.rating.rounds import codes
from pipelines.rating.rounds.shape import Round
from pipelines.rating.rounds.sheets import CODE, HEADINGS, ROUND, SCORER, Asked
from pipelines.rating.rounds.steps import SHEETS, RefusedError, write_whole
from pipelines.reading.opening import open_workbook
from pipelines.reading.sheets import Unreadable

_LINE: Final = re.compile(rf"\s*({ROUND}|{SCORER}|{CODE})\s*[：:]\s*(.*?)\s*$")
_NEEDED: Final = (HEADINGS[0], HEADINGS[2], HEADINGS[3])
SUFFIXES: Final = (".xlsx", ".xls", ".ods", ".csv")
"""What a scoring sheet may come as."""


@dataclass(frozen=True)
class SheetFault:
    """What is wrong with a sheet: its file and cell, a code, what was found and what to do."""

    file: str
    place: str
    code: str
    zh: str
    en: str


@dataclass(frozen=True)
class Received:
    """What came back. `handed_in`: scorer → file. `files`: what was read, by name, as it came."""

    scores: tuple[Sheet, ...]
    handed_in: Mapping[str, str]
    faults: tuple[SheetFault, ...]
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class _Row:
    place: str
    subject: str
    criterion: str
    score: str
    most: str


@dataclass(frozen=True)
class _Paper:
    """A file as it is written: the lines above, and the rows."""

    told: Mapping[str, str]
    rows: tuple[_Row, ...]


@dataclass(frozen=True)
class _Ballot:
    """What one scorer was asked for: the maximum of each criterion, for whom, and who is not theirs to score."""

    scorer: str
    most: Mapping[str, float]
    subjects: Sequence[str]
    recused: Mapping[str, frozenset[str]]

    def may_not_score(self, subject: str) -> bool:
        """Whether the scorer has an interest in a subject."""
        return self.scorer in self.recused.get(subject, frozenset())


def received(
    folder: Path,
    current: Round,
    wanted: Sequence[Asked],
    subjects: Sequence[str],
    recused: Mapping[str, frozenset[str]],
) -> Received:
    """All sheets of a round's folder, the earliest first; the first valid one of each scorer counts."""
    scores: list[Sheet] = []
    handed_in: dict[str, str] = {}
    faults: list[SheetFault] = []
    files: dict[str, bytes] = {}
    paths = [one for one in (folder / SHEETS).glob("*") if one.is_file() and not one.name.startswith((".", "~$"))]
    for path in sorted(paths, key=lambda one: (one.stat().st_mtime_ns, one.name)):
        files[path.name] = path.read_bytes()
        try:
            paper = _read(path)
        except Unreadable as fault:
            faults.append(SheetFault(path.name, "", "unreadable", fault.zh, fault.en))
            continue
        refusal = _refusal(paper, current, handed_in)
        if refusal is not None:
            faults.append(SheetFault(path.name, "", *refusal))
            continue
        scorer = paper.told[SCORER]
        handed_in[scorer] = path.name
        ballot = _Ballot(scorer, {one.criterion: one.most for one in wanted}, subjects, recused)
        found, wrong = _scores(path.name, paper, ballot)
        scores += found
        faults += wrong
    return Received(tuple(scores), handed_in, tuple(faults), files)


def file_in(
    folder: Path, current: Round, handed_in: Mapping[str, str], name: str, content: bytes, *, now: datetime
) -> str:
    """Puts a filled-in workbook that came by other ways with the round's sheets; gives the scorer's name.

    `handed_in`: scorer → file of those that count. Raises RefusedError where it would not count, OSError.
    """
    suffix = Path(name).suffix.lower()
    if suffix not in SUFFIXES:
        raise RefusedError(
            f"“{name}”不是评分表：只收 {'、'.join(SUFFIXES)}。",
            f'"{name}" is no scoring sheet: only {", ".join(SUFFIXES)} are taken.',
        )
    came = write_whole(folder / SHEETS / f".{now:%Y%m%dT%H%M%S.%f}-{secrets.token_hex(4)}{suffix}", content)
    try:
        paper = _read(came)
        refusal = _refusal(paper, current, handed_in)
        if refusal is not None:
            raise RefusedError(f"“{name}”：{refusal[1]}", f'"{name}": {refusal[2]}')
        came.rename(came.with_name(came.name[1:]))
    except Unreadable as fault:
        raise RefusedError(f"“{name}”：{fault.zh}", f'"{name}": {fault.en}') from fault
    finally:
        came.unlink(missing_ok=True)
    return paper.told[SCORER]


def _read(path: Path) -> _Paper:
    told: dict[str, str] = {}
    rows: list[_Row] = []
    for sheet in open_workbook(path).sheets:
        heads: dict[str, int] = {}
        for number, cells in enumerate(sheet.cells.iter_rows()):
            texts = [str(one).strip() if one is not None else "" for one in cells]
            if set(_NEEDED) <= set(texts):
                heads = {name: texts.index(name) for name in HEADINGS if name in texts}
            elif heads:
                if any(texts[heads[one]] for one in _NEEDED if heads[one] < len(texts)):
                    rows.append(_row(texts, heads, number))
            else:
                told |= {match[1]: match[2] for one in texts if (match := _LINE.match(one))}
    return _Paper(told, tuple(rows))


def _row(texts: list[str], heads: Mapping[str, int], number: int) -> _Row:
    def at(heading: str) -> str:
        return texts[heads[heading]] if heading in heads else ""

    return _Row(
        address(number + 1, heads[HEADINGS[3]]), at(HEADINGS[0]), at(HEADINGS[2]), at(HEADINGS[3]), at(HEADINGS[4])
    )


def _refusal(paper: _Paper, current: Round, handed_in: Mapping[str, str]) -> tuple[str, str, str] | None:
    """Why a whole sheet doesn't count."""
    scorer, given = paper.told.get(SCORER, ""), paper.told.get(ROUND, "")
    if not given or not paper.rows:
        return (
            "no_round",
            "不是评分表：没有“评定轮次”一行或没有评分行。请用本轮发出的评分表填写。",
            "No scoring sheet: the line 评定轮次 or the rows are missing. Use the sheet made for this round.",
        )
    if given != current.id:
        return (
            "other_round",
            f"这是另一轮（{given}）的评分表，本轮是 {current.id}，不计。",
            f"This sheet is of another round ({given}); this one is {current.id}. Not counted.",
        )
    if scorer not in {one.name for one in current.panel}:
        return ("unknown_scorer", f"“{scorer}”不是本轮评委，不计。", f'"{scorer}" is not on the panel. Not counted.')
    if not codes.fits(paper.told.get(CODE, ""), current.codes.get(scorer, "")):
        return (
            "wrong_code",
            f"评委“{scorer}”的评分码不对，不计。请向秘书核对或重新领码。",
            f'The code of "{scorer}" is wrong. Not counted. Ask the secretary for a new one.',
        )
    if scorer in handed_in:
        return (
            "twice",
            f"评委“{scorer}”已交过评分表（{handed_in[scorer]}），评分码只能用一次，这一份不计。",
            f'"{scorer}" has handed in a sheet before ({handed_in[scorer]}); a code counts once. Not counted.',
        )
    return None


def _scores(file: str, paper: _Paper, ballot: _Ballot) -> tuple[list[Sheet], list[SheetFault]]:
    found: list[Sheet] = []
    faults: list[SheetFault] = []
    seen: set[tuple[str, str]] = set()
    for row in paper.rows:
        wrong = _wrong(row, ballot, seen)
        seen.add((row.subject, row.criterion))
        if wrong is None:
            most = ballot.most[row.criterion]
            found.append(Sheet(row.subject, row.criterion, ballot.scorer, float(row.score), most))
        else:
            faults.append(SheetFault(file, row.place, *wrong))
    faults += _left_out(file, ballot, seen)
    return found, faults


def _wrong(row: _Row, ballot: _Ballot, seen: set[tuple[str, str]]) -> tuple[str, str, str] | None:
    """Why a row doesn't count."""
    if row.subject not in ballot.subjects:
        return (
            "unknown_subject",
            f"“{row.subject}”不在本轮参评名单里，不计。",
            f'"{row.subject}" is not rated in this round. Not counted.',
        )
    if ballot.may_not_score(row.subject):
        return (
            "recused",
            f"评委“{ballot.scorer}”与“{row.subject}”有利害关系，应当回避，这一行不计。",
            f'"{ballot.scorer}" has an interest in "{row.subject}" and may not score it. Not counted.',
        )
    if row.criterion not in ballot.most:
        return (
            "unknown_criterion",
            f"没有“{row.criterion}”这个考核项目，应为：{'、'.join(ballot.most)}。",
            f'There is no criterion "{row.criterion}", but: {", ".join(ballot.most)}.',
        )
    if (row.subject, row.criterion) in seen:
        return (
            "row_twice",
            f"“{row.subject}”的“{row.criterion}”打了两次分，只计第一次。",
            f'"{row.subject}" has two scores for "{row.criterion}"; only the first counts.',
        )
    if not row.score:
        return ("no_score", f"“{row.subject}”的“{row.criterion}”没有打分。", f'"{row.subject}" has no score.')
    value = _number(row.score)
    top = ballot.most[row.criterion]
    if value is None or value < 0:
        return (
            "not_a_score",
            f"“{row.score}”不是分数，请填 0 到 {top:g} 的数字。",
            f'"{row.score}" is no score: give a number from 0 to {top:g}.',
        )
    if value > top:
        return (
            "above_most",
            f"得分 {value:g} 超过满分 {top:g}，这一行不计。",
            f"The score {value:g} is above the maximum of {top:g}. Not counted.",
        )
    if row.most and _number(row.most) != top:
        return (
            "other_most",
            f"满分应为 {top:g}，表里写的是 {row.most}，这一行不计。",
            f"The maximum is {top:g}; the sheet says {row.most}. Not counted.",
        )
    return None


def _left_out(file: str, ballot: _Ballot, seen: set[tuple[str, str]]) -> Iterator[SheetFault]:
    for subject in ballot.subjects:
        missing = [one for one in ballot.most if (subject, one) not in seen]
        if missing and not ballot.may_not_score(subject):
            scorer = ballot.scorer
            zh = f"评委“{scorer}”没有给“{subject}”打分（{'、'.join(missing)}）。"
            yield SheetFault(file, "", "no_score", zh, f'"{scorer}" gave "{subject}" no score ({", ".join(missing)}).')


def _number(text: str) -> float | None:
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None
