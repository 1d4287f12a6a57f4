"""What the page 评星 says of a round: its stepper, its clock, what is to be done next, the panel, the objections."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from dashboard import numbers
from dashboard.stories.rating_board import star_word
from dashboard.stories.rating_source import Source
from dashboard.words import say
from pipelines.rating.rounds.moves import STAGE_WORDS, notice_day
from pipelines.rating.rounds.results import spreads
from pipelines.rating.rounds.secretary import Office
from pipelines.rating.rounds.shape import STAGES, Objection
from pipelines.words import Language


@dataclass(frozen=True)
class Stop:
    """A stage on the stepper. `state`: done, now, ahead."""

    word: str
    state: str


@dataclass(frozen=True)
class Member:
    """A scorer: who sends them, whom they may not score, whether they handed in, how far they tell apart."""

    name: str
    affiliation: str
    away: str
    handed_in: str
    spread: str
    is_flat: bool
    is_contested: bool


@dataclass(frozen=True)
class Contest:
    """A subject's star and score with all scorers, and without those who have an interest."""

    subject: str
    star: str
    score: str
    other_star: str
    other_score: str
    differs: bool


@dataclass(frozen=True)
class Entry:
    """An objection as it is shown."""

    number: int
    subject: str
    text: str
    by: str
    decided: str
    is_open: bool


@dataclass(frozen=True)
class RoundStory:
    """The round. `tasks`: what may be done now, by the names of the forms."""

    id: str
    stage: str
    stops: tuple[Stop, ...]
    clock: str
    tasks: tuple[str, ...]
    members: tuple[Member, ...]
    faults: tuple[tuple[str, str], ...]
    contests: tuple[Contest, ...]
    objections: tuple[Entry, ...]
    log: tuple[tuple[str, str, str], ...]
    sealed: str
    missing: tuple[str, ...]


TASKS: dict[str, tuple[str, ...]] = {
    "opened": ("preview",),
    "preview": ("scoring", "codes"),
    "scoring": ("codes", "draft"),
    "draft": ("notice",),
    "notice": ("end_notice",),
    "objections": ("publish",),
    "published": ("revise",),
}


def stops(stage: str, day: tuple[int, int], lang: Language) -> tuple[Stop, ...]:
    """The stages of a round, with the day of the notice."""
    here = STAGES.index(stage) if stage in STAGES else -1
    made = []
    for place, one in enumerate(STAGES):
        word = STAGE_WORDS[one][0 if lang == "zh" else 1]
        if one == "notice" and stage == "notice" and day[1]:
            word = say("rating.notice_day", lang, word=word, day=day[0], days=day[1])
        is_over = place < here or stage == "published"
        made.append(Stop(word, "done" if is_over else "now" if place == here else "ahead"))
    return tuple(made)


def round_story(office: Office, found: Source, today: date, lang: Language) -> RoundStory | None:
    """What is said of the round that is shown; None without one."""
    papers = found.papers
    if papers is None:
        return None
    current = papers.round
    tasks = list(TASKS[current.stage])
    if current.stage == "preview" and not current.panel:
        tasks = ["draft"]
    day = notice_day(current, today, office.notices)
    return RoundStory(
        id=current.id,
        stage=current.stage,
        stops=stops(current.stage, day, lang),
        clock=_clock(found, day, lang),
        tasks=tuple(tasks),
        members=_members(found, lang),
        faults=tuple(
            (f"{one.file} {one.place}".strip(), one.zh if lang == "zh" else one.en) for one in papers.came.faults
        ),
        contests=_contests(found, lang),
        objections=tuple(_objection(one, lang) for one in current.objections),
        log=tuple(
            (numbers.moment(one.at, lang), say(f"rating.step_{one.kind}", lang), one.by) for one in current.steps
        ),
        sealed=current.folder_name,
        missing=tuple(one.name for one in current.panel if one.name not in papers.came.handed_in),
    )


def _clock(found: Source, day: tuple[int, int], lang: Language) -> str:
    current = found.round
    if current is None:
        return ""
    if current.stage == "scoring" and found.papers is not None:
        there, of = len(found.papers.came.handed_in), len(current.panel)
        return say("rating.clock_scoring", lang, count=there, of=of)
    if current.stage == "notice":
        return say("rating.clock_notice", lang, until=numbers.day(current.notice_until, lang), day=day[0], of=day[1])
    if current.stage == "objections":
        return say("rating.clock_objections", lang, count=len(current.undecided))
    return ""


def _members(found: Source, lang: Language) -> tuple[Member, ...]:
    papers = found.papers
    if papers is None:
        return ()
    closed = bool(papers.round.evidence)
    apart = {one.scorer: one for one in spreads(papers.came)} if closed else {}
    made = []
    for one in papers.round.panel:
        away = [
            name for name, scorers in papers.recused.items() if one.name in scorers and name in papers.round.subjects
        ]
        own = apart.get(one.name)
        made.append(
            Member(
                name=one.name,
                affiliation=one.affiliation,
                away=("、" if lang == "zh" else ", ").join(away) or numbers.NONE,
                handed_in=say("rating.handed_in" if one.name in papers.came.handed_in else "rating.not_yet", lang),
                spread=numbers.NONE if own is None else say("rating.spread", lang, own=f"{own.spread * 100:.1f}",
                                                            panel=f"{own.panel * 100:.1f}"),
                is_flat=own is not None and own.is_flat,
                is_contested=one.name in found.contested,
            )
        )  # fmt: skip
    return tuple(made)


def _contests(found: Source, lang: Language) -> tuple[Contest, ...]:
    if found.uncontested is None:
        return ()
    others = {one.account.subject: one.account for one in found.uncontested.subjects}
    digits = found.rating.rubric.decimals
    made = []
    for one in found.rating.subjects:
        own, other = one.account, others[one.account.subject]
        if own.score is None:
            continue
        made.append(
            Contest(own.subject, star_word(found, own.stars, lang), numbers.number(own.score, digits),
                    star_word(found, other.stars, lang), numbers.number(other.score, digits), own.stars != other.stars)
        )  # fmt: skip
    return tuple(sorted(made, key=lambda one: (not one.differs, one.subject)))


def _objection(one: Objection, lang: Language) -> Entry:
    decided = ""
    if one.upheld is not None:
        key = "rating.upheld" if one.upheld else "rating.rejected"
        remedy = say(f"rating.remedy_{one.remedy}", lang, scorer=one.scorer) if one.upheld else ""
        decided = say(key, lang, reason=one.reason, remedy=remedy, by=one.decided_by)
    return Entry(one.number, one.subject, one.text, one.by, decided, one.upheld is None)
