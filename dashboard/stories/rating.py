"""The page 评星: its heading as a finding, the board, who is picked, the maps, and what belongs to the round."""

from __future__ import annotations

import os
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

from dashboard import numbers
from dashboard.charts.stars import StarBoard
from dashboard.published import Published
from dashboard.selection import Selection
from dashboard.stories.atoms import Control, Figure, Footnote
from dashboard.stories.rating_account import AccountStory, account
from dashboard.stories.rating_board import board, counts, ranked
from dashboard.stories.rating_map import StarMaps, for_paper, star_maps
from dashboard.stories.rating_round import RoundStory, round_story
from dashboard.stories.rating_source import Source, office_of, read_trial, source
from dashboard.words import say
from pipelines.words import Language


@dataclass(frozen=True)
class Slider:
    """A weight or threshold that can be moved in a trial. `own`: what the rubric says."""

    name: str
    label: str
    value: float
    own: float
    low: float
    high: float
    step: float


@dataclass(frozen=True)
class RatingPage:
    """The page. `picked`: the account beside the board; `fault`: what is wrong with round, seal or rubric, in words."""

    title: str
    scope: str
    is_provisional: bool
    is_trial: bool
    controls: tuple[Control, ...]
    board: StarBoard
    board_title: str
    board_note: str
    picked: AccountStory | None
    maps: StarMaps
    map_title: str
    before_title: str
    round: RoundStory | None
    sliders: tuple[Slider, ...]
    subjects: tuple[str, ...]
    rubric_line: str
    source_line: str
    fault: str
    figures: tuple[Figure, ...]


def report(published: Published, selection: Selection, inbox: Path, today: date) -> RatingPage:
    """The page in a view. `today` is the day of the clock, for a notice."""
    return told(published, selection, source(published, selection, inbox), inbox, today)


def told(published: Published, selection: Selection, found: Source, inbox: Path, today: date) -> RatingPage:
    """The page of a source."""
    lang = selection.lang
    order = ranked(found)
    by_name = {one.account.subject: one for one in order}
    picked = by_name.get(selection.subject) or by_name.get(selection.picked) or by_name.get(_telling(found))
    name = picked.account.subject if picked else ""
    shown = board(found, name, lang)
    maps = star_maps(published, found, name, lang)
    story = round_story(office_of(published, inbox), found, today, lang)
    title = _title(found, lang)
    when = numbers.period(found.period, lang)
    before = found.before
    return RatingPage(
        title=title,
        scope=_scope(found, lang),
        is_provisional=found.papers is None,
        is_trial=found.is_trial,
        controls=_controls(found, lang),
        board=shown,
        board_title=say(f"rating.board_{found.by}", lang, count=len(order)),
        board_note=say("rating.board_note", lang, draws=numbers.number(found.rating.draws)),
        picked=account(published, found, picked, lang) if picked else None,
        maps=maps,
        map_title=say(f"rating.map_{found.by}", lang),
        before_title=""
        if before is None
        else say("rating.before_provisional" if before.is_provisional else "rating.before", lang,
                 period=numbers.period(before.period, lang)),
        round=story,
        sliders=_sliders(selection, found, lang),
        subjects=tuple(sorted(by_name)),
        rubric_line=say("rating.rubric_line", lang, name=_named(found, lang), version=found.rubric.rubric.version,
                        sha=found.rubric.sha256[:12]),
        source_line=_told_source(found, lang),
        fault=found.fault,
        figures=_figures(published, found, shown, maps, title, when, lang),
    )  # fmt: skip


def figures(published: Published, selection: Selection) -> tuple[Figure, ...]:
    """The pictures of the page, for the gallery; rounds are looked for where the page looks for them."""
    inbox = Path(os.environ.get("LIANPING_RAW", "data/raw"))
    return report(published, selection, inbox, datetime.now().date()).figures


def _telling(found: Source) -> str:
    """Whom the account beside the board tells of at first: who is nearest below a higher star."""
    near = [(one.account.to_next, one.account.subject) for one in found.rating.subjects
            if one.account.to_next is not None and one.account.stars is not None]  # fmt: skip
    return min(near)[1] if near else next((one.account.subject for one in ranked(found)), "")


def _title(found: Source, lang: Language) -> str:
    when = numbers.period(found.period, lang)
    current = found.round
    best = say(f"rating.best_{found.by}", lang, count=counts(found).best)
    if current is None:
        return say("rating.title_provisional", lang, period=when, best=best)
    if current.stage == "notice":
        return say("rating.title_notice", lang, period=when, until=numbers.day(current.notice_until, lang))
    if current.stage == "published":
        return say("rating.title_published", lang, period=when, best=best)
    return say(f"rating.title_{current.stage}", lang, period=when)


def _scope(found: Source, lang: Language) -> str:
    number = counts(found)
    key = f"rating.scope_{found.by}" if number.none else f"rating.scope_{found.by}_all"
    parts = [say(key, lang, starred=number.starred, none=number.none)]
    if number.unmanaged:
        parts.append(say("rating.scope_unmanaged", lang, count=number.unmanaged))
    current = found.round
    if current is None:
        parts.append(say("rating.scope_provisional", lang))
    elif current.stage in {"opened", "preview", "scoring"}:
        parts.append(say("rating.scope_blind" if current.panel else "rating.scope_unscored", lang))
    elif current.objections:
        parts.append(say("rating.scope_objections", lang, count=len(current.objections), open=len(current.undecided)))
    if current is not None and current.revision > 1:
        parts.append(say("rating.scope_revision", lang, number=current.revision, reason=current.revision_reason))
    return "".join(parts) if lang == "zh" else " ".join(parts)


def _named(found: Source, lang: Language) -> str:
    return found.rubric.rubric.zh if lang == "zh" else found.rubric.rubric.en


def _told_source(found: Source, lang: Language) -> str:
    rubric = found.rubric.rubric
    told_zh, told_en = (rubric.source_zh, rubric.unknown_zh), (rubric.source_en, rubric.unknown_en)
    return "".join(told_zh) if lang == "zh" else " ".join(told_en)


def _controls(found: Source, lang: Language) -> tuple[Control, ...]:
    kinds = (("", say("rating.companies", lang)), ("estate", say("rating.estates", lang)))
    made = [Control("by", say("rating.by", lang), "estate" if found.by == "estate" else "", kinds)]
    rounds = [one for one in found.known if one.by == found.by]
    if rounds:
        options = [(one.id, one.id) for one in rounds]
        chosen = found.round.id if found.round is not None else ""
        made.append(Control("round", say("rating.round", lang), chosen, tuple(options)))
    return tuple(made)


def _sliders(selection: Selection, found: Source, lang: Language) -> tuple[Slider, ...]:
    weights, thresholds = read_trial(selection.trial, found.rubric)
    rubric = found.rubric.rubric
    made = [
        Slider(f"w.{one.id}", say("rating.weight_of", lang, name=one.zh if lang == "zh" else one.en),
               weights.get(one.id, one.weight), one.weight, 0, 60, 1)
        for one in rubric.dimensions
    ]  # fmt: skip
    for item in sorted(rubric.thresholds, key=lambda one: -one.stars):
        low, high = max(item.at - 12, 0), item.at + 12
        name = say("rating.threshold_of", lang, star=item.zh if lang == "zh" else item.en)
        made.append(Slider(f"t.{item.stars}", name, thresholds.get(item.stars, item.at), item.at, low, high, 0.5))
    return tuple(made)


def _figures(
    published: Published, found: Source, shown: StarBoard, maps: StarMaps, title: str, when: str, lang: Language
) -> tuple[Figure, ...]:
    number = counts(found)
    kind = say(f"rating.kind_{found.by}", lang)

    def note(code: str) -> Footnote:
        return Footnote(
            definition=say("rating.definition", lang, name=_named(found, lang), version=found.rubric.rubric.version),
            sample=say("rating.sample", lang, starred=number.starred, of=len(found.rating.subjects)),
            period=when,
            as_of=numbers.day(published.as_of, lang, year=True),
            source=found.past.name if found.past else found.round.id if found.round else say("rating.no_round", lang),
            version=published.version,
            code=code,
        )

    head = f"{say('rating.trial', lang)}{'：' if lang == 'zh' else ': '}{title}" if found.is_trial else title
    return (
        Figure("rating-board", head, say("rating.subtitle", lang, kind=kind, period=when), shown, note("rating-board"),
               say("rating.board_label", lang, title=title)),
        Figure("rating-map", head, say("rating.map_subtitle", lang, kind=kind, period=when), for_paper(maps.now),
               note("rating-map"), say("rating.map_label", lang, title=title)),
    )  # fmt: skip
