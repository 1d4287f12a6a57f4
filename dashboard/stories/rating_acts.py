"""Takes down what is done on the page 评星: each step of the round, scores, objections; or says why it can't be."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories.rating_source import Source, office_of, rubric_in_force
from dashboard.words import say
from pipelines.analysis.rating.evidence import Entry
from pipelines.analysis.rating.rubric import By
from pipelines.metrics.periods import PeriodError, read_period
from pipelines.rating.asking import NotRatedError, chosen_rubric
from pipelines.rating.entered import FOLDER, NotEnteredError, write_entry
from pipelines.rating.rounds import codes, moves, secretary
from pipelines.rating.rounds.moves import Who
from pipelines.rating.rounds.received import file_in
from pipelines.rating.rounds.secretary import Office, Papers
from pipelines.rating.rounds.shape import Remedy, Round
from pipelines.rating.rounds.sheets import write_sheet
from pipelines.rating.rounds.steps import RefusedError
from pipelines.rating.rubric_files import RubricError, presets
from pipelines.words import Language

Act = Mapping[str, str]


@dataclass(frozen=True)
class Done:
    """What was done, of which round; codes to be printed (name, code), shown this once."""

    text: str
    round: str = ""
    by: str = ""
    slips: tuple[tuple[str, str], ...] = ()


class RefusedActError(ValueError):
    """What was clicked or typed can't be done; the text says why."""


def rubric_choices(published: Published, office: Office, lang: Language) -> tuple[tuple[str, str], ...]:
    """The rubrics to choose from for a new round: the one in force first."""
    rubric, _ = rubric_in_force(published, office, lang)
    name = rubric.rubric.zh if lang == "zh" else rubric.rubric.en
    first = (office.rubric_named, say("rating.f_rubric_force", lang, name=name))
    return (first, *((one, one) for one in presets()))


def acted(published: Published, selection: Selection, inbox: Path, act: Act, now: datetime) -> Done:
    """Does what the form of this name asks. Raises RefusedActError."""
    lang = selection.lang
    kind, _, number = str(act["act"]).removeprefix("rating-").partition(":")
    with published.lock:
        try:
            office = office_of(published, inbox)
            who = Who(str(act.get("by", "")), now)
            if kind == "open":
                current = _opened(published, office, act, who)
                return Done(_done("opened", lang), current.id, current.by if current.by == "estate" else "")
            papers = secretary.papers(office, _shown(inbox, selection, lang))
            if kind == "entry":
                _entered(office, papers, act, who, lang)
                return Done(say("rating.done", lang, what=say("rating.entered", lang)), papers.round.id)
            current, slips = _step(office, papers, kind, number, act, who)
        except (RefusedError, NotRatedError, RubricError, NotEnteredError) as fault:
            raise RefusedActError(fault.zh if lang == "zh" else fault.en) from fault
        except PeriodError as fault:
            raise RefusedActError(say("page.wrong_period", lang, given=fault.text)) from fault
        except OSError as fault:
            raise RefusedActError(say("rating.unwritable", lang, folder=fault.filename or inbox)) from fault
    return Done(_done(current.steps[-1].kind, lang), current.id, current.by if current.by == "estate" else "", slips)


def entering(found: Source, act: Act, lang: Language) -> tuple[str, str]:
    """Name and code of a scorer who may fill in the sheet. Raises RefusedActError."""
    name, code = str(act.get("name", "")), str(act.get("code", ""))
    if found.papers is None or not codes.fits(code, found.papers.round.codes.get(name, "")):
        raise RefusedActError(say("rating.score_wrong", lang))
    return name, code


def scored(
    published: Published,
    found: Source,
    inbox: Path,
    name: str,
    code: str,
    act: Act,
    now: datetime,
    lang: Language,
) -> str:
    """Hands in a scorer's sheet and says so. Raises RefusedActError."""
    if found.papers is None:
        raise RefusedActError(say("rating.score_closed", lang))
    with published.lock:
        office = office_of(published, inbox)
        current = moves.read_round(inbox, found.papers.round.id)
        if current is None or current.stage != "scoring":
            raise RefusedActError(say("rating.score_closed", lang))
        papers = secretary.papers(office, current)
    if not codes.fits(code, current.codes.get(name, "")) or name in papers.came.handed_in:
        raise RefusedActError(say("rating.score_wrong", lang))
    mine, scores = set(papers.scorable(name)), []
    for place, subject in enumerate(current.subjects):
        for column, one in enumerate(papers.asked):
            if subject not in mine:
                continue
            given = str(act.get(f"s-{place}-{column}", "")).strip()
            value = _score(given, one.most)
            if value is None:
                told = {"subject": subject, "criterion": one.criterion, "given": given, "most": f"{one.most:g}"}
                raise RefusedActError(say("rating.score_bad", lang, **told))
            scores.append((subject, one, value))
    try:
        write_sheet(papers.folder, current, name, code, scores, now=now)
    except OSError as fault:
        raise RefusedActError(say("rating.unwritable", lang, folder=papers.folder)) from fault
    return say("rating.score_done", lang, name=name)


def sheets_out(
    published: Published, inbox: Path, round_id: str, slips: Sequence[tuple[str, str]], lang: Language
) -> tuple[str, str, bytes]:
    """The workbooks to be filled in, one for each scorer with a code, as a .zip: name, media type, bytes.

    Raises RefusedActError where there is no such round.
    """
    with published.lock:
        office = office_of(published, inbox)
        current = moves.read_round(inbox, round_id)
        if current is None:
            raise RefusedActError(say("rating.score_closed", lang))
        books = secretary.workbooks(secretary.papers(office, current), current, dict(slips))
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as archive:
        for name, content in books.items():
            archive.writestr(name, content)
    return say("rating.sheets_file", lang, id=round_id), "application/zip", packed.getvalue()


def filed_in(
    published: Published, inbox: Path, round_id: str, files: Sequence[tuple[str, bytes]], now: datetime, lang: Language
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """Takes filled-in scoring sheets (name, bytes) into a round; what was taken and what was refused, in words.

    Raises RefusedActError where the round is not being scored, or its folder cannot be written.
    """
    taken: list[str] = []
    refused: list[str] = []
    with published.lock:
        office = office_of(published, inbox)
        current = moves.read_round(inbox, round_id)
        if current is None or current.stage != "scoring":
            raise RefusedActError(say("rating.score_closed", lang))
        for name, content in files:
            papers = secretary.papers(office, current)
            try:
                scorer = file_in(papers.folder, current, papers.came.handed_in, name, content, now=now)
            except RefusedError as fault:
                refused.append(fault.zh if lang == "zh" else fault.en)
            except OSError as fault:
                raise RefusedActError(say("rating.unwritable", lang, folder=papers.folder)) from fault
            else:
                taken.append(say("rating.filed", lang, file=name, name=scorer))
    return tuple(taken), tuple(refused)


def items_to_enter(papers: Papers, lang: Language) -> tuple[tuple[str, str], ...]:
    """What can be entered by hand under a round's rubric: vetoes, bonuses, deductions (id, words)."""
    rubric = papers.rubric.rubric
    found = [(one.id, say("rating.kind_veto", lang), one.zh if lang == "zh" else one.en) for one in rubric.vetoes]
    found += [
        (one.id, say(f"rating.kind_{one.kind}", lang), one.zh if lang == "zh" else one.en) for one in rubric.items
    ]
    return tuple((name, f"{kind}：{text}" if lang == "zh" else f"{kind}: {text}") for name, kind, text in found)


def _entered(office: Office, papers: Papers, act: Act, who: Who, lang: Language) -> None:
    subject, item = str(act.get("subject", "")), str(act.get("item", ""))
    if subject not in papers.round.subjects or item not in dict(items_to_enter(papers, lang)):
        raise RefusedActError(say("rating.no_round", lang))
    given = str(act.get("times", "1"))
    try:
        times = float(given)
    except ValueError as fault:
        raise RefusedActError(say("rating.bad_number", lang, given=given)) from fault
    day = _day(str(act.get("on", "")), lang)
    expires = _day(str(act["expires"]), lang) if act.get("expires") else None
    entry = Entry(subject, item, day, str(act.get("evidence", "")), str(act.get("decider", "")), times, expires)
    write_entry(office.records / FOLDER.name, entry, by=who.by, now=who.now)


def _day(text: str, lang: Language) -> date:
    try:
        return date.fromisoformat(text.strip())
    except ValueError as fault:
        raise RefusedActError(say("rating.bad_day", lang, given=text)) from fault


def _opened(published: Published, office: Office, act: Act, who: Who) -> Round:
    by: By = "estate" if act.get("level") == "estate" else "company"
    rubric = chosen_rubric(str(act.get("rubric", "")) or None, published.desk.metrics)
    period = read_period(str(act.get("period", "")))
    return secretary.open_round(office, str(act.get("id", "")), rubric, period, by, str(act.get("panel", "")), who)


def _shown(inbox: Path, selection: Selection, lang: Language) -> Round:
    by = "estate" if selection.by == "estate" else "company"
    current = (
        moves.read_round(inbox, selection.round)
        if selection.round
        else next((one for one in moves.rounds(inbox) if one.by == by), None)
    )
    if current is None:
        raise RefusedActError(say("rating.no_round", lang))
    return current


def _step(
    office: Office, papers: Papers, kind: str, number: str, act: Act, who: Who
) -> tuple[Round, tuple[tuple[str, str], ...]]:
    current, inbox = papers.round, office.inbox
    plain: dict[str, Callable[[], Round]] = {
        "preview": lambda: moves.preview(inbox, current, who),
        "scoring": lambda: moves.start_scoring(inbox, current, who),
        "draft": lambda: secretary.draft(office, papers, str(act.get("without", "")), who),
        "notice": lambda: moves.start_notice(inbox, current, int(act.get("days", "7")), who, office.notices),
        "object": lambda: moves.object_to(inbox, current, str(act.get("subject", "")), str(act.get("text", "")), who),
        "decide": lambda: _decided(office, papers, number, act, who),
        "end_notice": lambda: moves.end_notice(inbox, current, who),
        "publish": lambda: secretary.publish(office, papers, who)[0],
        "revise": lambda: secretary.revise(office, papers, str(act.get("reason", "")), who),
    }
    if kind == "codes":
        current, issued = moves.issue_codes(inbox, current, papers.came.handed_in, who)
        return current, tuple(issued.items())
    return plain[kind](), ()


def _decided(office: Office, papers: Papers, number: str, act: Act, who: Who) -> Round:
    remedies: dict[str, Remedy] = {"strike": "strike", "data": "data"}
    return secretary.decide(
        office, papers, int(number), who, upheld=act.get("upheld") == "yes", reason=str(act.get("reason", "")),
        remedy=remedies.get(str(act.get("remedy", "")), "none"), scorer=str(act.get("scorer", "")),
    )  # fmt: skip


def _score(given: str, most: float) -> float | None:
    try:
        value = float(given)
    except ValueError:
        return None
    return value if 0 <= value <= most else None


def _done(kind: str, lang: Language) -> str:
    return say("rating.done", lang, what=say(f"rating.step_{kind}", lang))
