"""What the secretary of a round does: opens it, hands out sheets, drafts, decides objections, publishes."""

from __future__ import annotations

import re
import shutil
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from pipelines.analysis.rating.evidence import Entry, Evidence
from pipelines.analysis.rating.rubric import By
from pipelines.metrics.desk import Desk
from pipelines.metrics.fetching import fetched
from pipelines.metrics.periods import Period
from pipelines.rating.asking import in_force
from pipelines.rating.entered import FOLDER as ENTRIES
from pipelines.rating.entered import read_entries
from pipelines.rating.rounds import moves
from pipelines.rating.rounds.moves import RUBRIC, Who
from pipelines.rating.rounds.received import Received, received
from pipelines.rating.rounds.recusal import contested, recused, scorer_of
from pipelines.rating.rounds.results import keep_evidence, kept_evidence, of_subject, round_evidence, struck
from pipelines.rating.rounds.sealed import seal_round
from pipelines.rating.rounds.shape import Remedy, Round, Scorer
from pipelines.rating.rounds.sheets import Asked, asked, workbook, workbook_name
from pipelines.rating.rounds.steps import RefusedError, round_folder
from pipelines.rating.rubric_files import RubricFile, read_rubric
from pipelines.rating.tenure import tenures
from pipelines.settings import load_settings
from pipelines.street import Notice


@dataclass(frozen=True)
class Office:
    """Where a round's papers are: the warehouse at hand, the submissions, the records."""

    desk: Desk
    inbox: Path
    records: Path

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The vetoes, bonuses, deductions and facts entered by hand."""
        return read_entries(self.records / ENTRIES.name)[0]

    @property
    def notices(self) -> Mapping[int, Notice]:
        """The notices on holidays of the street's settings."""
        return load_settings(self.inbox).calendar

    @property
    def entry_files(self) -> tuple[str, ...]:
        """The files of what was entered by hand, by name: they change when anything is entered."""
        home = self.records / ENTRIES.name
        return tuple(sorted(one.name for one in home.glob("*.csv"))) if home.is_dir() else ()

    @property
    def rubric_named(self) -> str:
        """The rubric in force: a file beside the street's settings, or the name of one that comes with the program."""
        return in_force(self.inbox)

    @property
    def version(self) -> str:
        """The version of the warehouse at hand."""
        rows = fetched(self.desk.connection, "SELECT value FROM meta WHERE key = 'version'")
        return str(rows.item())


@dataclass(frozen=True)
class Papers:
    """A round with what belongs to it: its own rubric, what is scored, who may not score whom, what came back."""

    round: Round
    folder: Path
    rubric: RubricFile
    asked: tuple[Asked, ...]
    recused: Mapping[str, frozenset[str]]
    came: Received

    def scorable(self, scorer: str) -> tuple[str, ...]:
        """The subjects that a scorer may score."""
        return tuple(one for one in self.round.subjects if scorer not in self.recused.get(one, frozenset()))


def papers(office: Office, current: Round) -> Papers:
    """The papers of a round, sheets read anew. Raises RubricError, OSError."""
    folder = round_folder(office.inbox, current.id)
    rubric = read_rubric(folder / RUBRIC, office.desk.metrics, f"{current.id}/{RUBRIC}")
    wanted = asked(rubric.rubric)
    apart = recused(office.desk, current.panel, current.period, current.by)
    came = received(folder, current, wanted, current.subjects, apart)
    return Papers(current, folder, rubric, wanted, apart, came)


def panel_of(desk: Desk, text: str) -> tuple[Scorer, ...]:
    """The panel from lines such as ``王某，柳岸社区``: a name, then who sends them. Raises RefusedError."""
    found = []
    for line in (one.strip() for one in re.split(r"[\n;；]", text)):
        if not line:
            continue
        name, _, affiliation = (one.strip() for one in re.sub(r"[，,、\t]+", "\t", line, count=1).partition("\t"))
        if not name or not affiliation:
            raise RefusedError(
                f"“{line}”缺单位。每行一名评委：姓名，单位。",
                f'"{line}": on each line give a name, a comma, who sends them.',
            )
        found.append(scorer_of(desk, name, affiliation))
    return tuple(found)


def open_round(office: Office, name: str, rubric: RubricFile, period: Period, by: By, panel: str, who: Who) -> Round:
    """Opens a round for all who ran anything in the period, or were run by anybody. Raises RefusedError, OSError."""
    known = panel_of(office.desk, panel)
    subjects = [one.subject for one in tenures(office.desk, period, by) if one.state != "unmanaged"]
    if known and not asked(rubric.rubric):
        raise RefusedError(
            "这份细则没有由评委打分的项目，评委名单请留空。",
            "This rubric asks nothing of scorers; leave the panel empty.",
        )
    return moves.open_round(office.inbox, name, rubric, period, by, known, subjects, who)


def hand_out(office: Office, current: Round, place: Path, who: Who) -> tuple[Round, dict[str, str]]:
    """Writes a workbook for each scorer who has not handed in, with a new one-time code in it, and gives the codes."""
    known = papers(office, current)
    current, codes = moves.issue_codes(office.inbox, current, known.came.handed_in, who)
    place.mkdir(parents=True, exist_ok=True)
    for name, content in workbooks(known, current, codes).items():
        (place / name).write_bytes(content)
    return current, codes


def workbooks(known: Papers, current: Round, codes: Mapping[str, str]) -> dict[str, bytes]:
    """By name of the file the sheets of those who have a code."""
    return {
        workbook_name(current, name): workbook(current, known.asked, name, code, known.scorable(name))
        for name, code in codes.items()
    }


def evidence_now(office: Office, known: Papers) -> tuple[Evidence, ...]:
    """The evidence that the round's results rest on: what was kept at the draft; before that the data as they are.

    Scores are left out until the scoring is closed. Raises ValueError where what was kept was changed.
    """
    if known.round.evidence:
        return kept_evidence(known.folder, known.round.evidence)[1]
    blind = Received((), {}, (), {})
    return round_evidence(office.desk, known.rubric.rubric, known.round, blind, office.entries, known.recused)


def draft(office: Office, known: Papers, without: str, who: Who) -> Round:
    """Closes the scoring and keeps the evidence. Raises RefusedError, OSError."""
    moves.may_draft(known.round, known.came.handed_in, without)
    found = round_evidence(office.desk, known.rubric.rubric, known.round, known.came, office.entries, known.recused)
    return moves.draft(office.inbox, known.round, _kept(office, known, found), known.came.handed_in, without, who)


def decide(
    office: Office,
    known: Papers,
    number: int,
    who: Who,
    *,
    upheld: bool,
    reason: str,
    remedy: Remedy = "none",
    scorer: str = "",
) -> Round:
    """Decides an objection; what it changes is worked out from what was kept, for that subject only."""
    current = known.round
    one = next((each for each in current.objections if each.number == number), None)
    evidence = ""
    if one is not None and upheld and remedy != "none" and current.evidence:
        kept = kept_evidence(known.folder, current.evidence)[1]
        if remedy == "strike":
            changed = struck(kept, {one.subject: (scorer,)})
        else:
            anew = round_evidence(
                office.desk, known.rubric.rubric, current, known.came, office.entries, known.recused, (one.subject,)
            )
            changed = of_subject(kept, anew)
        evidence = _kept(office, known, changed)
    return moves.decide(
        office.inbox, current, number, upheld, reason, who, remedy=remedy, scorer=scorer, evidence=evidence
    )


def publish(office: Office, known: Papers, who: Who) -> tuple[Round, Path]:
    """Seals the round and marks it published. Raises RefusedError, ValueError, OSError."""
    moves.may_publish(known.round)
    place = seal_round(
        office.records, known.folder, known.round, known.rubric, known.came, contested(known.round.panel), office.desk,
        who,
    )  # fmt: skip
    try:
        return moves.published(office.inbox, known.round, place.name, who), place
    except (RefusedError, OSError):
        # Somebody was faster, so that nothing was published by this seal.
        shutil.rmtree(place, ignore_errors=True)
        raise


def revise(office: Office, known: Papers, reason: str, who: Who) -> Round:
    """Opens a revision on the data and entries as they are now. Raises RefusedError, OSError."""
    moves.may_revise(known.round, reason)
    found = round_evidence(office.desk, known.rubric.rubric, known.round, known.came, office.entries, known.recused)
    return moves.revise(office.inbox, known.round, reason, _kept(office, known, found), who)


def today() -> date:
    """The day of the clock on the wall: a notice runs on it, whatever day the data are of."""
    return datetime.now().date()


def _kept(office: Office, known: Papers, evidence: Sequence[Evidence]) -> str:
    return keep_evidence(known.folder, evidence, office.version, office.desk.as_of)
