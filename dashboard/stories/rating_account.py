"""One subject's account on the page 评星: its star, every point that led to it, and what would raise it."""

from __future__ import annotations

from dataclasses import dataclass

from dashboard import numbers
from dashboard.charts.stars import Rungs
from dashboard.published import Published
from dashboard.stories.rating_board import SURE, movement, notes, star_word
from dashboard.stories.rating_source import Source
from dashboard.theme import Mark
from dashboard.words import say
from pipelines.analysis.rating.accounts import Line
from pipelines.analysis.rating.results import Rated
from pipelines.words import Language

BEST = 4
"""So many single steps are shown on the board; the whole account shows all."""


@dataclass(frozen=True)
class Bar:
    """A dimension's points: in words, as a share of what it could give, and how wide it is among the dimensions."""

    name: str
    points: str
    most: str
    share: float
    width: float
    note: str


@dataclass(frozen=True)
class Point:
    """One criterion of the account, as people read it. `status`: scored, missing, left_out, not_yet, unjudged."""

    dimension: str
    name: str
    value: str
    sample: str
    ladder: str
    points: str
    most: str
    weight: str
    share: float
    status: str
    note: str
    source: str


@dataclass(frozen=True)
class Case:
    """A veto, bonus or deduction that counted: what, its effect, on what evidence, when, by whom."""

    what: str
    effect: str
    evidence: str
    when: str
    decider: str


@dataclass(frozen=True)
class AccountStory:
    """The account. `stars` None: `reason` says why. `sure`: how sure the star is, in a sentence."""

    subject: str
    stars: int | None
    star_word: str
    facts: str
    score_line: str
    sure: str
    is_unsure: bool
    rungs: Rungs | None
    bars: tuple[Bar, ...]
    points: tuple[Point, ...]
    cases: tuple[Case, ...]
    steps_line: str
    more_line: str
    steps: tuple[str, ...]
    more_steps: tuple[str, ...]
    hangs_on: tuple[str, ...]
    notes: tuple[str, ...]
    reason: str
    mark: Mark
    moved: str
    uncontested: str
    findings: tuple[tuple[str, str], ...] = ()


def account(published: Published, found: Source, one: Rated, lang: Language) -> AccountStory:
    """The account of one subject of a rating."""
    told = one.account
    reason = "" if told.no_star_reason is None else _word(told.no_star_reason, lang)
    mark, moved = movement(found, one, lang)
    steps = [_word(each, lang) for each in one.improvements if each.reaches] or [
        _word(each, lang) for each in one.improvements
    ]
    given = one.chances.by_star.get(told.stars or 0, 0.0) if one.chances is not None else None
    return AccountStory(
        subject=told.subject,
        stars=told.stars,
        star_word=star_word(found, told.stars, lang),
        facts=_facts(published, found, told.subject, lang),
        score_line=_score_line(found, one, lang),
        sure="" if given is None or told.stars is None else _sure(found, one, given, lang),
        is_unsure=given is not None and given < SURE,
        rungs=_rungs(found, one, lang),
        bars=_bars(found, one, lang),
        points=tuple(_point(published, found, told.peer_group, line, lang) for line in told.lines),
        cases=_cases(found, one, lang),
        steps_line=_steps_line(found, one, lang),
        more_line=_steps_line(found, one, lang, whole=True),
        steps=tuple(steps[:BEST]),
        more_steps=tuple(_word(each, lang) for each in one.improvements),
        hangs_on=_hangs_on(found, one, lang),
        notes=tuple(notes(found, one, lang)),
        reason=reason,
        mark=mark,
        moved=moved,
        uncontested=_uncontested(found, one, lang),
        findings=_findings(published, found, told.subject, lang),
    )


def _findings(published: Published, found: Source, subject: str, lang: Language) -> tuple[tuple[str, str], ...]:
    """What was sent of its estates for the period and refused: where, and what is wrong."""
    evidence = next(one for one in found.evidence if one.subject == subject)
    rows = published.rows(
        "rating_findings", names=[subject, *evidence.estates], start=found.period.start, end=found.period.end
    )
    return tuple(
        (" ".join(one for one in (row["source_file"], row["source_sheet"], row["source_cell"]) if one),
         row[f"reason_{lang}"])
        for row in rows.to_dicts()
    )  # fmt: skip


def _word(told: object, lang: Language) -> str:
    return str(getattr(told, lang))


def _facts(published: Published, found: Source, subject: str, lang: Language) -> str:
    evidence = next(one for one in found.evidence if one.subject == subject)
    size = numbers.households(round(evidence.size), lang) if evidence.size is not None else ""
    if found.by == "company":
        names = evidence.estates
        listed = ("、" if lang == "zh" else ", ").join(names[:4])
        key = "rating.runs" if len(names) <= 4 else "rating.runs_more"
        return say(key, lang, names=listed, count=len(names), size=size)
    rows = published.desk.places.select("estate", "community").iter_rows()
    community = next((where for name, where in rows if name == subject), None)
    return say("rating.stands", lang, community=community or numbers.NONE, size=size)


def _score_line(found: Source, one: Rated, lang: Language) -> str:
    told, digits = one.account, found.rating.rubric.decimals
    if told.score is None or told.stars is None:
        return ""
    if told.to_next is None:
        key = "rating.score_capped" if told.caps else "rating.score_top"
        return say(key, lang, score=numbers.number(told.score, digits))
    above = [item for item in found.rating.rubric.thresholds if item.stars > told.stars]
    nearest = min(above, key=lambda item: item.at)
    return say("rating.score_next", lang, score=numbers.number(told.score, digits), star=_word(nearest, lang),
               at=f"{nearest.at:g}")  # fmt: skip


def _sure(found: Source, one: Rated, given: float, lang: Language) -> str:
    drawn = one.chances.by_star if one.chances is not None else {}
    shares = {star: share for star, share in drawn.items() if star != one.account.stars and round(share * 100) > 0}
    others = sorted(shares.items(), key=lambda pair: -pair[1])
    share = ">99%" if round(given * 100) >= 100 else f"{given * 100:.0f}%"
    star = star_word(found, one.account.stars, lang)
    told = ("、" if lang == "zh" else ", ").join(
        say("rating.sure_other", lang, star=star_word(found, other or None, lang), share=f"{part * 100:.0f}%")
        for other, part in others
    )
    text = say("rating.sure_others" if others else "rating.sure", lang, star=star, share=share, others=told)
    return text[:1].upper() + text[1:]


def _rungs(found: Source, one: Rated, lang: Language) -> Rungs | None:
    told = one.account
    if told.score is None or told.stars is None:
        return None
    reach = 22.0
    steps = tuple(
        (item.at, f"{_word(item, lang)} {item.at:g}")
        for item in sorted(found.rating.rubric.thresholds, key=lambda item: item.at)
        if abs(item.at - told.score) <= reach
    )
    text = numbers.number(told.score, found.rating.rubric.decimals)
    low, high = (None, None) if one.chances is None else (one.chances.low, one.chances.high)
    return Rungs(told.score, text, low, high, steps, say("rating.rungs_label", lang, score=text))


def _bars(found: Source, one: Rated, lang: Language) -> tuple[Bar, ...]:
    made = []
    lines = one.account.lines
    most = max((sum(line.weight for line in lines if line.dimension == each.id)
                for each in found.rating.rubric.dimensions), default=0.0)  # fmt: skip
    for each in found.rating.rubric.dimensions:
        own = [line for line in lines if line.dimension == each.id]
        weight, added = sum(line.weight for line in own), sum(line.added for line in own)
        notes_here = [f"{_word(line, lang)} {_short(line, lang)}" for line in own]
        made.append(
            Bar(
                name=_word(each, lang),
                points=numbers.number(added, 1) if weight else numbers.NONE,
                most=f"{round(weight, 1):g}" if weight else "",
                share=added / weight if weight else 0.0,
                width=weight / most if most else 0.0,
                note=("，" if lang == "zh" else ", ").join(notes_here[:2]),
            )
        )
    return tuple(made)


def _short(line: Line, lang: Language) -> str:
    if line.status in {"left_out", "unjudged"}:
        return say("rating.few_short" if line.status == "left_out" else "rating.unjudged_short", lang)
    if line.value is None or line.status in {"missing", "unjudged"}:
        return line.missing_zh if lang == "zh" else line.missing_en
    return shown(line, line.value, lang)


def shown(line: Line, value: float, lang: Language) -> str:
    """A criterion's value with its unit."""
    if line.unit == "percent":
        return f"{value * 100:.1f}%"
    if line.unit == "hours":
        return numbers.hours(value, lang)
    if line.unit == "yuan_per_m2_month":
        return say("rating.yuan", lang, value=numbers.number(value, 2))
    return numbers.number(value, 1)


def _point(published: Published, found: Source, peers: str | None, line: Line, lang: Language) -> Point:
    dimension = next(each for each in found.rating.rubric.dimensions if each.id == line.dimension)
    note = line.missing_zh if lang == "zh" else line.missing_en
    if note and line.scored_value is not None and line.value is not None and line.scored_value != line.value:
        note += say("rating.counted_as", lang, value=shown(line, line.scored_value, lang))
    caveats = [_caveat(published, one, lang) for one in line.caveats]
    return Point(
        dimension=_word(dimension, lang),
        name=_word(line, lang),
        value=numbers.NONE if line.value is None else shown(line, line.value, lang),
        sample=numbers.NONE if line.n is None else numbers.number(line.n),
        ladder=_ladder(found, peers, line, lang),
        points=numbers.number(line.points, 1) if line.status != "unjudged" else numbers.NONE,
        most=f"{line.max_points:g}",
        weight=f"{round(line.weight, 1):g}" if line.weight else numbers.NONE,
        share=line.points / line.max_points if line.max_points else 0.0,
        status=line.status,
        note=("；" if lang == "zh" else "; ").join([one for one in (note, *caveats) if one]),
        source=line.source,
    )


def _caveat(published: Published, code: str, lang: Language) -> str:
    if code == "one_scorer":
        return say("rating.one_scorer", lang)
    try:
        return published.words("caveat", code, lang)
    except KeyError:
        return code


def _ladder(found: Source, peers: str | None, line: Line, lang: Language) -> str:
    criterion = next(each for each in found.rating.rubric.criteria if each.id == line.id)
    ladder = criterion.ladder_for(peers)
    pairs = [f"{shown(line, at, lang)} → {points:g}" for at, points in zip(ladder.at, ladder.points, strict=True)]
    return ("，" if lang == "zh" else ", ").join(pairs)


def _cases(found: Source, one: Rated, lang: Language) -> tuple[Case, ...]:
    cases = [
        Case(_word(cap, lang), say("rating.capped_at", lang, star=star_word(found, cap.at or None, lang)),
             cap.evidence or numbers.NONE, numbers.day(cap.on, lang, year=True),
             cap.decider or numbers.NONE)
        for cap in one.account.caps
    ]  # fmt: skip
    entries = next(each for each in found.evidence if each.subject == one.account.subject).entries
    for item in one.account.items:
        own = [each for each in entries if each.id == item.id]
        cases.append(
            Case(_word(item, lang), numbers.number(item.points, 1, signed=True),
                 ("；" if lang == "zh" else "; ").join(item.evidence),
                 numbers.day(own[-1].on if own else None, lang, year=True), own[-1].decider if own else numbers.NONE)
        )  # fmt: skip
    return tuple(cases)


def _steps_line(found: Source, one: Rated, lang: Language, *, whole: bool = False) -> str:
    told = one.account
    if told.to_next is None or not one.improvements:
        return ""
    higher = [item for item in found.rating.rubric.thresholds if item.stars > (told.stars or 0)]
    star = _word(min(higher, key=lambda item: item.at), lang)
    key = "rating.steps" if any(each.reaches for each in one.improvements) else "rating.steps_none"
    key = "rating.steps_all" if whole else key
    return say(key, lang, star=star, lack=numbers.number(told.to_next, found.rating.rubric.decimals))


def _hangs_on(found: Source, one: Rated, lang: Language) -> tuple[str, ...]:
    told = one.sensitivity
    if told is None or one.account.stars is None or found.is_trial:
        return ()
    names = {line.id: _word(line, lang) for line in one.account.lines}
    said = [
        say("rating.weights_same", lang) if told.lowest == told.highest
        else say("rating.weights_range", lang, low=star_word(found, told.lowest or None, lang),
                 high=star_word(found, told.highest or None, lang))
    ]  # fmt: skip
    said += [
        say("rating.without", lang, what=names[key], star=star_word(found, star or None, lang))
        for key, star in told.without_criterion.items()
    ]
    said += [
        say("rating.without_scorer", lang, what=key, star=star_word(found, star or None, lang))
        for key, star in told.without_scorer.items()
    ]
    return tuple(said)


def _uncontested(found: Source, one: Rated, lang: Language) -> str:
    if found.uncontested is None or one.account.score is None:
        return ""
    other = next(each.account for each in found.uncontested.subjects if each.account.subject == one.account.subject)
    return say(
        "rating.uncontested",
        lang,
        names=("、" if lang == "zh" else ", ").join(found.contested),
        star=star_word(found, other.stars, lang),
        score=numbers.number(other.score, found.rating.rubric.decimals),
    )
